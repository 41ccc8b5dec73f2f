//! The metadata that every OSCAL file begins with.

use sekisho_model::catalog::Document;
use time::OffsetDateTime;

use super::super::{ExportRequest, about, publisher, version};
use super::model::{Link, Metadata, Party, Prop, ResponsibleParty, Role, VERSION};
use crate::identity::uuid;
use crate::markup::{one_line, to_markdown, to_markdown_line};

/// Metadata of a file that Sekisho wrote from its own data.
pub(super) fn of_sekisho(title: &str, version: &str, remarks: &str, request: ExportRequest<'_>) -> Metadata {
    let sekisho = party("Sekisho", "");
    Metadata {
        title: to_markdown_line(title),
        last_modified: moment(request.now),
        version: or_unknown(version),
        oscal_version: VERSION,
        props: Prop::of_ours("language", request.lang.tag()).into_iter().collect(),
        links: Vec::new(),
        roles: vec![Role { id: "creator", title: "Creator" }],
        responsible_parties: vec![responsible("creator", &sekisho)],
        parties: vec![sekisho],
        remarks: to_markdown(remarks),
    }
}

/// Metadata of a document's catalog.
pub(super) fn of_document(document: &Document, request: ExportRequest<'_>) -> Metadata {
    let mut metadata = of_sekisho(
        document.title.get(request.lang),
        version(document),
        &format!("{}\n\n{}", document.summary.get(request.lang), about(document, request.lang)),
        request,
    );
    let ours = [
        ("document-id", document.id.as_str()),
        ("document-published", &document.published),
        ("document-licence", &document.licence.original),
        ("document-text", &document.licence.text),
    ];
    metadata.props.extend(ours.into_iter().filter_map(|(name, value)| Prop::of_ours(name, value)));
    if is_web(&document.url) {
        metadata.links.push(Link { href: document.url.clone(), rel: "reference" });
    }
    let by = party(publisher(document, request.lang), &document.publisher.short);
    metadata.roles.push(Role { id: "publisher", title: "Publisher of the original" });
    metadata.responsible_parties.push(responsible("publisher", &by));
    if metadata.parties.iter().all(|party| party.uuid != by.uuid) {
        metadata.parties.push(by);
    }
    metadata
}

/// A moment in UTC as OSCAL wants it.
fn moment(now: OffsetDateTime) -> String {
    now.format(&time::format_description::well_known::Rfc3339).unwrap_or_else(|_| "1970-01-01T00:00:00Z".to_owned())
}

fn party(name: &str, short: &str) -> Party {
    let name = or_unknown(name);
    Party { uuid: uuid(&format!("party:{name}")), kind: "organization", name, short_name: one_line(short) }
}

fn responsible(role: &'static str, party: &Party) -> ResponsibleParty {
    ResponsibleParty { role_id: role, party_uuids: vec![party.uuid.clone()] }
}

/// OSCAL has no empty strings.
fn or_unknown(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() { "unknown".to_owned() } else { text }
}

/// Whether a URL can be a link: of the web, with nothing in it that a URL cannot have.
pub(super) fn is_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}'))
}

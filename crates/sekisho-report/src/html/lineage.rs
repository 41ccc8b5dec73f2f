//! What each document became.

use askama::Template;
use sekisho_model::Lang;
use sekisho_model::catalog::Document;

use super::policy;
use crate::bilingual::Bi;
use crate::messages::{self, navigate as m};
use crate::plain;
use crate::texts::{Texts, label_of, name_of};

const STYLE: &str = include_str!("../../templates/page.css");

/// The documents with what took over from each, as one self-contained page that opens in the language `initial`.
///
/// # Errors
/// Where the template cannot be written out.
pub fn lineage(documents: &[&Document], texts: &dyn Texts, initial: Lang) -> askama::Result<String> {
    let mut documents = documents.to_vec();
    documents.sort_by(|a, b| (&a.published, &a.id).cmp(&(&b.published, &b.id)));
    let lines = documents
        .into_iter()
        .map(|document| LineView {
            name: name_of(document),
            title: Bi::from(&document.title),
            published: &document.published,
            status: label_of(&texts.vocabulary().statuses, document.status),
            edition: document.edition.as_deref(),
            successors: document
                .successors
                .iter()
                .map(|successor| SuccessorView {
                    title: &successor.title,
                    published: successor.published.as_deref(),
                    name: successor.document.as_deref().and_then(|id| texts.document(id)).map(name_of),
                })
                .collect(),
        })
        .collect();
    let page = Page {
        lang: initial.tag(),
        title: m::LINEAGE_TITLE.get(initial).to_owned(),
        languages: Lang::ALL.map(|lang| (lang.tag(), messages::language(lang), lang == initial)),
        policy: policy::of(STYLE, ""),
        style: STYLE,
        lines,
    };
    Ok(plain::visible_lines(&page.render()?).into_owned())
}

#[derive(Template)]
#[template(path = "lineage.html", whitespace = "minimize")]
struct Page<'a> {
    lang: &'static str,
    title: String,
    languages: [(&'static str, &'static str, bool); 2],
    policy: String,
    style: &'static str,
    lines: Vec<LineView<'a>>,
}

struct LineView<'a> {
    name: &'a str,
    title: Bi<'a>,
    published: &'a str,
    status: Bi<'a>,
    edition: Option<&'a str>,
    successors: Vec<SuccessorView<'a>>,
}

struct SuccessorView<'a> {
    title: &'a str,
    published: Option<&'a str>,
    /// The name in the catalog, where it is there.
    name: Option<&'a str>,
}

//! What makers publish, and what other tools found, as people read it.

use sekisho_model::published::{PublishedDocument, PublishedPassage, ToolFinding};

use super::Columns;
use super::cell::{list, maybe, named, number, raw};
use crate::messages::facts as m;
use crate::messages::published as p;

pub(super) fn document(x: &PublishedDocument) -> Columns {
    vec![
        (m::KIND, named(&x.kind, p::document)),
        (p::TITLE, maybe(x.title.as_deref())),
        (p::DATE, maybe(x.date.as_deref())),
        (p::LANGUAGE, maybe(x.language.as_deref())),
        (p::PAGES, number(x.pages.map(u64::from))),
        (p::CHARACTERS, number(Some(x.characters))),
        (p::FILE_DATE, maybe(x.file_date.as_deref())),
    ]
}

pub(super) fn passage(x: &PublishedPassage) -> Columns {
    vec![(p::TOPIC, named(&x.topic, p::topic)), (p::QUOTE, raw(&x.quote)), (p::DOCUMENT, maybe(x.document.as_deref()))]
}

pub(super) fn tool_finding(x: &ToolFinding) -> Columns {
    vec![
        (p::TITLE, raw(&x.title)),
        (p::OUTCOME, named(&x.outcome, p::outcome)),
        (m::SEVERITY, maybe(x.severity.as_deref())),
        (p::LOCATION, maybe(x.location.as_deref())),
        (p::TOOL, raw(&x.tool)),
        (m::RULE, raw(&x.rule)),
        (p::WEAKNESSES, list(&x.weaknesses)),
    ]
}

//! How old everything is that the report rests on.

use super::parts::Context;
use crate::age;
use crate::bilingual::Bi;
use crate::messages::page as m;
use crate::texts::{label_of, name_of};

/// Ages of documents and artefacts.
pub(super) struct Ages<'a> {
    pub(super) rows: Vec<AgeRow<'a>>,
}

/// Something with a date.
pub(super) struct AgeRow<'a> {
    pub(super) what: Bi<'a>,
    pub(super) detail: Option<Bi<'a>>,
    /// None where it has no date.
    pub(super) dated: Option<String>,
    pub(super) age: Option<Bi<'static>>,
}

pub(super) fn view<'a>(context: &Context<'a>) -> Ages<'a> {
    let assessment = context.assessment;
    let now = &assessment.made;
    let mut rows = vec![AgeRow {
        what: m::THIS_ASSESSMENT,
        detail: Some(Bi::same(assessment.tool.as_str())),
        dated: Some(age::minute_of(now)),
        age: None,
    }];
    for artefact in &assessment.artefacts {
        rows.push(AgeRow {
            what: Bi::same(artefact.name.as_str()),
            detail: Some(crate::messages::artefact_kind(artefact.kind)),
            dated: artefact.made.as_deref().map(age::day_of),
            age: artefact.made.as_deref().and_then(|made| age::age(made, now)),
        });
    }
    let statuses = &context.texts.vocabulary().statuses;
    for result in &assessment.documents {
        let document = context.texts.document(&result.id);
        let edition = result.edition.as_deref().map(|edition| format!(" {edition}")).unwrap_or_default();
        let status = document.map(|document| label_of(statuses, document.status));
        rows.push(AgeRow {
            what: Bi::same(format!("{}{edition}", document.map_or(result.id.as_str(), name_of))),
            detail: status,
            dated: Some(result.published.clone()),
            age: age::age(&result.published, now),
        });
    }
    Ages { rows }
}

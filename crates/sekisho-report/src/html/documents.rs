//! Each document, control by control.

use sekisho_model::Lang;
use sekisho_model::assessment::{ControlResult, Counts};
use sekisho_model::catalog::{Basis, Control, Document, Mapping};

use super::parts::{Bar, Chip, Context, anchor};
use crate::bilingual::Bi;
use crate::messages::{self, page as m};
use crate::standing::Standing;
use crate::texts::{group_title, label, label_of, name_of};

/// A document.
pub(super) struct DocumentView<'a> {
    pub(super) anchor: String,
    pub(super) name: &'a str,
    pub(super) title: Bi<'a>,
    /// Name, value and class, in the order in which they are shown.
    pub(super) about: Vec<(Bi<'static>, Bi<'a>, &'static str)>,
    pub(super) successors: Vec<String>,
    pub(super) bar: Bar,
    /// Says how many paraphrases are not verified, where some are not.
    pub(super) unverified: Option<Bi<'static>>,
    pub(super) groups: Vec<Group<'a>>,
}

/// Controls that the document puts together.
pub(super) struct Group<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) title: Bi<'a>,
    pub(super) bar: Bar,
    pub(super) controls: Vec<ControlView<'a>>,
}

/// A control.
pub(super) struct ControlView<'a> {
    pub(super) anchor: String,
    /// The document's own identifier.
    pub(super) id: &'a str,
    pub(super) full_id: String,
    pub(super) title: Bi<'a>,
    pub(super) chip: Chip,
    pub(super) basis: Bi<'static>,
    pub(super) modality: Bi<'static>,
    pub(super) modality_class: &'static str,
    pub(super) kind: Option<Bi<'a>>,
    pub(super) statement: Option<Bi<'a>>,
    pub(super) because: Bi<'a>,
    pub(super) objectives: Vec<Related<'a>>,
    pub(super) complete: bool,
    pub(super) unmapped: Option<Bi<'a>>,
    pub(super) provenance: Option<ProvenanceView<'a>>,
    pub(super) addressees: Vec<Bi<'a>>,
    pub(super) editions: Vec<String>,
    pub(super) change: Option<Bi<'a>>,
    pub(super) superseded_in: Option<&'a str>,
}

/// An objective that a control asks for.
pub(super) struct Related<'a> {
    pub(super) anchor: Option<String>,
    pub(super) id: &'a str,
    pub(super) title: Bi<'a>,
    pub(super) relation: Bi<'static>,
    pub(super) relation_name: &'static str,
    pub(super) chip: Chip,
    pub(super) rationale: Option<Bi<'a>>,
    pub(super) decided_by: Vec<Bi<'a>>,
}

/// How far a paraphrase was checked.
pub(super) struct ProvenanceView<'a> {
    pub(super) label: Bi<'static>,
    pub(super) unverified: bool,
    pub(super) seen_at: Option<&'a str>,
}

pub(super) fn view<'a>(context: &Context<'a>) -> Vec<DocumentView<'a>> {
    let documents = context.assessment.documents.iter();
    documents
        .map(|result| {
            let document = context.texts.document(&result.id);
            let prefix = format!("{}:", result.id);
            let controls = context.assessment.controls.iter().filter(|control| control.id.starts_with(&prefix));
            let controls: Vec<&ControlResult> = controls.collect();
            let unverified = document.map_or(0, |document| {
                document.controls.iter().filter(|c| c.provenance.basis == Basis::Unverified).count()
            });
            DocumentView {
                anchor: anchor("d", &result.id),
                name: document.map_or(result.id.as_str(), name_of),
                title: document.map_or_else(|| Bi::same(result.id.as_str()), |document| Bi::from(&document.title)),
                about: document.map(|document| about(context, document)).unwrap_or_default(),
                successors: document.map(successors).unwrap_or_default(),
                bar: Bar::new(&result.counts),
                unverified: (unverified > 0).then(|| m::unverified(unverified, controls.len())),
                groups: groups(context, document, &controls),
            }
        })
        .collect()
}

/// The documents that do not concern the product: title and reason.
pub(super) fn left_out<'a>(context: &Context<'a>) -> Vec<(Bi<'a>, Bi<'a>)> {
    let left_out = context.assessment.left_out.iter();
    left_out
        .map(|left_out| {
            let document = context.texts.document(&left_out.id);
            let title = document.map_or_else(|| Bi::same(left_out.id.as_str()), |document| Bi::from(&document.title));
            (title, Bi::from(&left_out.because))
        })
        .collect()
}

fn about<'a>(context: &Context<'a>, document: &'a Document) -> Vec<(Bi<'static>, Bi<'a>, &'static str)> {
    let publisher = Bi::made(document.publisher.en.clone(), document.publisher.ja.clone());
    let status = label_of(&context.texts.vocabulary().statuses, document.status);
    let mut about = vec![(m::PUBLISHER, publisher, "double")];
    about.extend(document.edition.as_deref().map(|edition| (m::EDITION, Bi::same(edition), "")));
    about.push((m::PUBLISHED, Bi::same(document.published.as_str()), ""));
    about.push((m::STATUS, status, ""));
    about.push((m::ORIGINAL, Bi::same(document.url.as_str()), "wide"));
    if document.licence.text == "original" {
        about.push((m::STATEMENTS, m::STATEMENTS_AS_IS, "double"));
    }
    match document.only_language {
        Some(Lang::En) => about.push((m::TRANSLATION, m::ONLY_ENGLISH, "double")),
        Some(Lang::Ja) => about.push((m::TRANSLATION, m::ONLY_JAPANESE, "double")),
        None => {}
    }
    about
}

fn successors(document: &Document) -> Vec<String> {
    let successors = document.successors.iter();
    successors
        .map(|successor| match &successor.published {
            Some(published) => format!("{} ({published})", successor.title),
            None => successor.title.clone(),
        })
        .collect()
}

/// A control's result with what the catalog says of it.
type Member<'a> = (&'a ControlResult, Option<&'a Control>);

fn groups<'a>(context: &Context<'a>, document: Option<&'a Document>, results: &[&'a ControlResult]) -> Vec<Group<'a>> {
    let mut groups: Vec<(Option<&'a str>, Vec<Member<'a>>)> = Vec::new();
    for &result in results {
        let id = result.id.split_once(':').map_or(result.id.as_str(), |(_, control)| control);
        let control = document.and_then(|document| document.controls.iter().find(|control| control.id == id));
        let group = control.and_then(|control| control.group.as_deref());
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, members)) => members.push((result, control)),
            None => groups.push((group, vec![(result, control)])),
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(id, members)| {
            let mut counts = Counts::default();
            for (result, _) in &members {
                counts.add(result.verdict, result.basis);
            }
            let title = document.zip(id).and_then(|(document, id)| group_title(document, id));
            Group {
                id,
                title: title.map_or(m::OTHER_CONTROLS, Bi::from),
                bar: Bar::new(&counts),
                controls: members.into_iter().map(|(result, control)| control_view(context, result, control)).collect(),
            }
        })
        .collect()
}

fn control_view<'a>(context: &Context<'a>, result: &'a ControlResult, control: Option<&'a Control>) -> ControlView<'a> {
    let vocabulary = context.texts.vocabulary();
    let id = result.id.split_once(':').map_or(result.id.as_str(), |(_, control)| control);
    let kind = control.map(|control| label_of(&vocabulary.control_kinds, control.kind));
    let objectives = result.objectives.iter().map(|related| {
        let basis = context.objective(&related.objective).map(|objective| objective.basis);
        let basis = basis.unwrap_or(sekisho_model::verdict::Basis::None);
        let mapping: Option<&'a Mapping> =
            control.and_then(|control| control.mappings.iter().find(|m| m.objective == related.objective));
        let link = context.objective_link(&related.objective);
        Related {
            anchor: link.anchor,
            id: &related.objective,
            title: link.title,
            relation: messages::relation(related.relation),
            relation_name: related.relation.name(),
            chip: Chip::standing(Standing::of(related.verdict, basis)),
            rationale: mapping.map(|mapping| Bi::from(&mapping.rationale)),
            decided_by: related
                .decided_by
                .iter()
                .map(|id| context.texts.check(id).map_or_else(|| Bi::same(id.as_str()), |check| Bi::from(&check.title)))
                .collect(),
        }
    });
    ControlView {
        anchor: anchor("c", &result.id),
        id,
        full_id: context.short_id(&result.id),
        title: control.map_or_else(|| Bi::same(id), |control| Bi::from(&control.title)),
        chip: Chip::standing(Standing::of(result.verdict, result.basis)),
        basis: messages::basis(result.basis),
        modality: messages::modality(result.modality),
        modality_class: match result.modality {
            sekisho_model::catalog::Modality::Must => "must",
            sekisho_model::catalog::Modality::Should => "should",
            sekisho_model::catalog::Modality::May => "may",
        },
        kind,
        statement: control.map(|control| Bi::from(&control.statement)),
        because: Bi::from(&result.because),
        objectives: objectives.collect(),
        complete: control.is_some_and(|control| control.complete),
        unmapped: control.and_then(|control| control.unmapped.as_ref()).map(Bi::from),
        provenance: control.map(|control| ProvenanceView {
            label: messages::provenance(control.provenance.basis),
            unverified: control.provenance.basis == Basis::Unverified,
            seen_at: control.provenance.seen_at.as_deref(),
        }),
        addressees: control.map_or_else(Vec::new, |control| {
            control.addressees.iter().map(|role| label(&vocabulary.roles, role)).collect()
        }),
        editions: control.map_or_else(Vec::new, |control| {
            let editions = control.editions.iter();
            editions
                .map(|edition| {
                    let conditions = edition.conditions.join(", ");
                    let conditions = if conditions.is_empty() { conditions } else { format!(" ({conditions})") };
                    format!("{}: {}{conditions}", edition.edition, edition.status)
                })
                .collect()
        }),
        change: control.and_then(|control| control.change.as_ref()).map(Bi::from),
        superseded_in: control.and_then(|control| control.superseded_in.as_deref()),
    }
}

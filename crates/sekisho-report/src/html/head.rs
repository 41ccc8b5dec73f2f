//! The head: what was assessed, when, with what; the numbers that matter; the product as its file describes it.

use sekisho_model::catalog::Term;
use sekisho_model::product::Interface;
use sekisho_model::verdict::{Severity, Verdict};

use super::parts::Context;
use crate::bilingual::Bi;
use crate::messages::{self, known, page as m};
use crate::texts::{label, label_of};
use crate::{age, plain};

/// The head of the page.
pub(super) struct Head<'a> {
    pub(super) product: &'a str,
    /// Name and value, in the order in which they are shown.
    pub(super) about: Vec<(Bi<'static>, Bi<'a>)>,
    pub(super) catalog: &'a str,
    pub(super) tiles: Vec<Tile>,
    pub(super) components: Vec<ComponentView<'a>>,
    pub(super) traits: Vec<TraitView<'a>>,
}

/// A number that matters.
pub(super) struct Tile {
    pub(super) href: &'static str,
    pub(super) class: &'static str,
    pub(super) number: usize,
    pub(super) label: Bi<'static>,
    pub(super) note: Option<Bi<'static>>,
}

/// A part of the product.
pub(super) struct ComponentView<'a> {
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    pub(super) kind: Bi<'a>,
    /// None where the file does not say.
    pub(super) interfaces: Option<Vec<Bi<'a>>>,
}

/// A trait of the product.
pub(super) struct TraitView<'a> {
    pub(super) label: Bi<'a>,
    pub(super) value: Bi<'static>,
    pub(super) because: Bi<'a>,
}

pub(super) fn view<'a>(context: &Context<'a>) -> Head<'a> {
    let assessment = context.assessment;
    let product = &assessment.product;
    let vocabulary = context.texts.vocabulary();
    let mut about = Vec::new();
    let simple = [(m::VENDOR, &product.vendor), (m::MODEL, &product.model), (m::VERSION, &product.version)];
    for (name, value) in simple {
        about.extend(value.as_ref().map(|value| (name, Bi::same(value.as_str()))));
    }
    let lists = [
        (m::ROLES, &product.roles, &vocabulary.roles),
        (m::MARKETS, &product.markets, &vocabulary.markets),
        (m::INDUSTRIES, &product.industries, &vocabulary.industries),
    ];
    for (name, ids, terms) in lists {
        if !ids.is_empty() {
            about.push((name, labels(ids, terms)));
        }
    }
    about.push((m::ASSESSED, Bi::same(age::minute_of(&assessment.made))));
    about.push((m::TOOL, Bi::same(assessment.tool.as_str())));
    Head {
        product: &product.name,
        about,
        catalog: &assessment.catalog,
        tiles: tiles(context),
        components: product
            .components
            .iter()
            .map(|component| ComponentView {
                name: component.name.as_deref().unwrap_or(&component.id),
                id: &component.id,
                kind: label_of(&vocabulary.component_kinds, component.kind),
                interfaces: component.interfaces.as_ref().map(|interfaces| {
                    interfaces.iter().map(|interface| interface_view(interface, &vocabulary.interface_kinds)).collect()
                }),
            })
            .collect(),
        traits: assessment
            .traits
            .iter()
            .map(|state| TraitView {
                label: vocabulary
                    .traits
                    .iter()
                    .find(|term| term.id == state.id.name())
                    .map_or_else(|| Bi::same(state.id.name()), |term| Bi::from(&term.label)),
                value: known(state.value),
                because: Bi::from(&state.because),
            })
            .collect(),
    }
}

fn labels<'a>(ids: &'a [String], terms: &'a [Term]) -> Bi<'a> {
    use sekisho_model::Lang::{En, Ja};
    let labels: Vec<Bi<'a>> = ids.iter().map(|id| label(terms, id)).collect();
    let joined = |lang, by: &str| labels.iter().map(|label| label.get(lang)).collect::<Vec<_>>().join(by);
    Bi::made(joined(En, ", "), joined(Ja, "、"))
}

fn interface_view<'a>(interface: &'a Interface, kinds: &'a [Term]) -> Bi<'a> {
    use sekisho_model::Lang::{En, Ja};
    let kind = label(kinds, &interface.kind);
    let port = interface.port.map(|port| format!(" {port}")).unwrap_or_default();
    Bi::made(format!("{}{port}", plain::visible(kind.get(En))), format!("{}{port}", plain::visible(kind.get(Ja))))
}

fn tiles(context: &Context<'_>) -> Vec<Tile> {
    let assessment = context.assessment;
    let contradictions = assessment.objectives.iter().filter(|o| o.verdict == Verdict::Contradicted).count();
    let mut total = sekisho_model::assessment::Counts::default();
    for control in &assessment.controls {
        total.add(control.verdict, control.basis);
    }
    let by_severity: Vec<(Bi<'static>, usize)> = Severity::ALL
        .into_iter()
        .map(|s| (messages::severity(s), assessment.findings.iter().filter(|f| f.severity == s).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let applicable = total.applicable();
    vec![
        Tile {
            href: "#contradictions",
            class: "contradicted",
            number: contradictions,
            label: m::TILE_CONTRADICTIONS,
            note: Some(m::TILE_CONTRADICTIONS_NOTE),
        },
        Tile {
            href: "#findings",
            class: "not-met",
            number: assessment.findings.len(),
            label: m::TILE_FINDINGS,
            note: (!by_severity.is_empty()).then(|| m::severities(&by_severity)),
        },
        Tile {
            href: "#board",
            class: "not-met",
            number: total.failed() as usize,
            label: m::TILE_FAILING,
            note: Some(m::out_of_and_partly(applicable, total.partly_met)),
        },
        Tile {
            href: "#not-looked-at",
            class: "open",
            number: total.unsettled() as usize,
            label: m::TILE_UNSETTLED,
            note: Some(m::out_of(applicable)),
        },
        Tile {
            href: "#board",
            class: "verified",
            number: total.met() as usize,
            label: m::TILE_MET,
            note: Some(m::seen_and_stated(total.met_verified, total.met_attested)),
        },
    ]
}

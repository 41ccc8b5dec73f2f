//! What was looked at, per component: the collectors' coverage joined with what should have been there to look at.

use std::collections::BTreeMap;

use sekisho_model::Text;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::Fact;
use sekisho_model::product::{Component, ComponentKind, Product};

use crate::assess::Unread;
use crate::{compare, destinations, messages};

/// Whether an aspect was looked at, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Whether everything there is was looked at.
    pub(crate) complete: bool,
    /// Why not.
    pub(crate) reasons: Vec<Text>,
}

/// Coverage by component and aspect. An aspect that is not there does not arise for the component.
pub(crate) type Aspects = BTreeMap<(String, Aspect), Looked>;

/// The kind of artefact in which an aspect is seen; none for comparisons.
pub(crate) fn artefact_of(aspect: Aspect) -> Option<ArtefactKind> {
    ArtefactKind::ALL.into_iter().find(|kind| kind.aspects().contains(&aspect))
}

/// Whether a component should have an artefact of this kind: what runs firmware has an image, what has software of the maker's own has a bill
/// of materials. One that names such an artefact has it in any case.
pub(crate) fn expects(component: &Component, kind: ArtefactKind) -> bool {
    let named = !component.artefacts(kind).is_empty();
    match kind {
        ArtefactKind::Firmware => component.kind.is_hardware() || named,
        ArtefactKind::Sbom => component.kind.is_hardware() || component.kind == ComponentKind::App || named,
        // Whatever has software has components that others find faults in.
        ArtefactKind::Vulnerabilities => {
            expects(component, ArtefactKind::Firmware) || expects(component, ArtefactKind::Sbom)
        }
        // Nobody must record their traffic, publish a MUD file or let themselves be looked at: the aspects arise only where that is declared.
        _ => named,
    }
}

/// What was looked at of `product`.
pub(crate) fn aspects(product: &Product, coverage: &[Coverage], unread: &[Unread], facts: &[Fact]) -> Aspects {
    let mut aspects = Aspects::new();
    for component in &product.components {
        for aspect in Aspect::ALL {
            // What was gathered elsewhere and given as results is looked at though nothing here names it.
            let looked_at = || coverage.iter().any(|c| c.subject == component.id && c.aspect == aspect);
            if let Some(kind) = artefact_of(aspect)
                && (expects(component, kind) || looked_at())
            {
                aspects.insert((component.id.clone(), aspect), looked(component, aspect, kind, coverage, unread));
            }
        }
        comparisons(product, component, facts, &mut aspects);
    }
    aspects
}

fn looked(
    component: &Component,
    aspect: Aspect,
    kind: ArtefactKind,
    coverage: &[Coverage],
    unread: &[Unread],
) -> Looked {
    let own = || coverage.iter().filter(|c| c.subject == component.id && c.aspect == aspect);
    let missing = unread.iter().filter(|u| u.artefact.subject == component.id && u.artefact.kind == kind);
    let mut reasons: Vec<Text> = missing.map(|u| messages::unread(&u.artefact.name, &u.reason)).collect();
    for cover in own().filter(|c| c.extent != Extent::Complete) {
        reasons.extend(cover.gaps.iter().take(3).map(|gap| messages::gap(&cover.artefact, gap)));
        if cover.gaps.is_empty() {
            reasons.push(messages::incomplete(&[aspect], &cover.artefact));
        }
    }
    if own().next().is_none() && reasons.is_empty() {
        reasons.push(messages::no_artefact(kind, &component.id));
    }
    reasons.dedup();
    Looked { complete: reasons.is_empty(), reasons }
}

/// The comparisons are as complete as what they compare.
fn comparisons(product: &Product, component: &Component, facts: &[Fact], aspects: &mut Aspects) {
    let mut join = |aspect, of: &[Aspect], more: Option<Text>| {
        let parts: Option<Vec<&Looked>> = of.iter().map(|a| aspects.get(&(component.id.clone(), *a))).collect();
        if let Some(parts) = parts {
            let mut reasons: Vec<Text> = parts.iter().flat_map(|l| l.reasons.iter().cloned()).collect();
            reasons.extend(more);
            reasons.sort();
            reasons.dedup();
            let complete = reasons.is_empty();
            aspects.insert((component.id.clone(), aspect), Looked { complete, reasons });
        }
    };
    let nothing = (!compare::can_compare(&component.id, facts)).then(|| messages::nothing_to_compare(&component.id));
    join(Aspect::CompareSbomFirmware, &[Aspect::FirmwareComponents, Aspect::SbomComponents], nothing);
    let undeclared = component.interfaces.is_none().then(|| messages::interfaces_not_declared(&component.id));
    join(Aspect::CompareDeclaredServices, &[Aspect::FirmwareServices], undeclared.clone());
    join(Aspect::CompareDeclaredListeners, &[Aspect::NetworkPorts], undeclared);
    let against = destinations::held_against(product, &component.id, facts);
    let nothing = if against.is_empty() {
        Some(messages::destinations_not_declared(&component.id))
    } else {
        destinations::nameless(product, component).map(messages::address_not_declared)
    };
    // A rule of a MUD file that was not read may be the one that names a destination.
    let mud = if component.mud.is_some() {
        &[Aspect::TrafficDestinations, Aspect::MudRules][..]
    } else {
        &[Aspect::TrafficDestinations]
    };
    join(Aspect::CompareDeclaredDestinations, mud, nothing);
}

/// All gaps of one artefact, with the aspects that they leave open.
pub(crate) fn gaps(coverage: &[Coverage]) -> BTreeMap<(String, String), (Vec<Aspect>, Vec<Gap>)> {
    let mut by_artefact: BTreeMap<(String, String), (Vec<Aspect>, Vec<Gap>)> = BTreeMap::new();
    for cover in coverage.iter().filter(|c| c.extent != Extent::Complete) {
        let (aspects, gaps) = by_artefact.entry((cover.subject.clone(), cover.artefact.clone())).or_default();
        aspects.push(cover.aspect);
        gaps.extend(cover.gaps.iter().cloned());
    }
    for (aspects, gaps) in by_artefact.values_mut() {
        aspects.sort();
        aspects.dedup();
        gaps.sort();
        gaps.dedup();
    }
    by_artefact
}

//! What was looked at, per component: the collectors' coverage joined with what should have been there to look at.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Text;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::Fact;
use sekisho_model::product::{Authorized, Component, ComponentKind, Product};

use crate::assess::Unread;
use crate::{
    compare, declared_authentication, declared_cryptography, destinations, listeners, messages, reach, reviews,
};

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
        // The address of a service that nobody may look at only names it, so that traffic with it can be told.
        ArtefactKind::Host => {
            named && (component.kind.is_hardware() || component.most_authorized() > Authorized::Passive)
        }
        // Nobody must record their traffic, publish a MUD file or let themselves be looked at: the aspects arise only where that is declared.
        _ => named,
    }
}

/// What was looked at of `product`.
pub(crate) fn aspects(product: &Product, coverage: &[Coverage], unread: &[Unread], facts: &[Fact]) -> Aspects {
    let mut aspects = Aspects::new();
    for component in &product.components {
        let outside = reach::from_internet(component, facts);
        for aspect in Aspect::ALL {
            // That a service can be reached is what it is for.
            if aspect == Aspect::NetworkReach && !component.kind.is_hardware() {
                continue;
            }
            // What was gathered elsewhere and given as results is looked at though nothing here names it.
            let looked_at = || coverage.iter().any(|c| c.subject == component.id && c.aspect == aspect);
            if let Some(kind) = artefact_of(aspect)
                && (expects(component, kind) || looked_at())
            {
                let own: Vec<&Coverage> =
                    coverage.iter().filter(|c| c.subject == component.id && c.aspect == aspect).collect();
                let looked = looked(component, aspect, kind, &own, &outside, unread);
                aspects.insert((component.id.clone(), aspect), looked);
            }
        }
        if let Some(looked) = aspects.get_mut(&(component.id.clone(), Aspect::NetworkReach)) {
            looked.reasons.extend(reach::undecided(component, facts));
            looked.complete = looked.reasons.is_empty();
        }
        comparisons(product, component, facts, &mut aspects);
    }
    aspects
}

fn looked(
    component: &Component,
    aspect: Aspect,
    kind: ArtefactKind,
    coverage: &[&Coverage],
    outside: &BTreeSet<&str>,
    unread: &[Unread],
) -> Looked {
    // What a look from the Internet tells of a device is its reach, and of its reach only such a look tells.
    let counts = |c: &Coverage| match aspect {
        Aspect::NetworkReach => outside.contains(c.artefact.as_str()),
        aspect => !reach::is_hidden(aspect) || !outside.contains(c.artefact.as_str()),
    };
    let own = || coverage.iter().filter(|c| counts(c));
    let missing = unread.iter().filter(|u| u.artefact.subject == component.id && u.artefact.kind == kind);
    let mut reasons: Vec<Text> = missing.map(|u| messages::unread(&u.artefact.name, &u.reason)).collect();
    for cover in own().filter(|c| c.extent != Extent::Complete) {
        reasons.extend(cover.gaps.iter().take(3).map(|gap| messages::gap(&cover.artefact, gap)));
        if cover.gaps.is_empty() {
            reasons.push(messages::incomplete(&[aspect], &cover.artefact));
        }
    }
    if own().next().is_none() && reasons.is_empty() {
        reasons.push(match aspect {
            Aspect::NetworkReach => messages::not_asked_from_internet(&component.id),
            _ if !coverage.is_empty() => messages::asked_from_internet_only(&component.id),
            _ => messages::no_artefact(kind, &component.id),
        });
    }
    reasons.dedup();
    Looked { complete: reasons.is_empty(), reasons }
}

/// The comparisons are as complete as what they compare.
fn comparisons(product: &Product, component: &Component, facts: &[Fact], aspects: &mut Aspects) {
    let mut join = |aspect, of: &[Aspect], more: Vec<Text>| {
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
    let nothing = nothing.into_iter().collect();
    join(Aspect::CompareSbomFirmware, &[Aspect::FirmwareComponents, Aspect::SbomComponents], nothing);
    let undeclared = component.interfaces.is_none().then(|| messages::interfaces_not_declared(&component.id));
    let undeclared: Vec<Text> = undeclared.into_iter().collect();
    let undecided = listeners::undecided(component, facts);
    join(Aspect::CompareDeclaredServices, &[Aspect::FirmwareServices], undeclared.clone());
    join(Aspect::CompareDeclaredListeners, &[Aspect::NetworkPorts], [undeclared, undecided].concat());
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
    join(Aspect::CompareDeclaredDestinations, mud, nothing.into_iter().collect());
    let authentication = declared_authentication::needs(component);
    if !authentication.is_empty() {
        let open = declared_authentication::open(component, facts);
        join_declared(component, Aspect::CompareDeclaredAuthentication, authentication, open, aspects);
    }
    let cryptography = declared_cryptography::needs(product, component);
    if !cryptography.is_empty() {
        let open = declared_cryptography::open(product, component, facts);
        join_declared(component, Aspect::CompareDeclaredCryptography, &cryptography, open, aspects);
    }
    if !component.reviewed.is_empty() {
        // Either tells; that one of them is there is expected elsewhere.
        let told_by = [Aspect::FirmwareComponents, Aspect::SbomComponents];
        let there = told_by.into_iter().filter(|aspect| aspects.contains_key(&(component.id.clone(), *aspect)));
        let there: Vec<Aspect> = there.collect();
        let open = reviews::open(component, facts);
        join_declared(component, Aspect::CompareReviewedComponents, &there, open, aspects);
    }
}

/// A comparison with a declaration that products may leave out. It arises where something of what it needs is looked at; what is not is missing
/// then, and so is what `open` says.
fn join_declared(component: &Component, aspect: Aspect, of: &[Aspect], open: Vec<Text>, aspects: &mut Aspects) {
    let looked = |of: &Aspect| aspects.get(&(component.id.clone(), *of));
    if of.iter().all(|of| looked(of).is_none()) {
        return;
    }
    let mut reasons = open;
    for of in of {
        match (looked(of), artefact_of(*of)) {
            (Some(looked), _) => reasons.extend(looked.reasons.iter().cloned()),
            (None, Some(kind)) => reasons.push(messages::no_artefact(kind, &component.id)),
            (None, None) => {}
        }
    }
    reasons.sort();
    reasons.dedup();
    aspects.insert((component.id.clone(), aspect), Looked { complete: reasons.is_empty(), reasons });
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

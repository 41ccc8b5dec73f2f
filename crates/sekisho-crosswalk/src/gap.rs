//! What meeting some documents leaves open in another.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sekisho_model::catalog::Relationship;
use sekisho_model::crosswalk::{Covered, Gap, GapControl, Pair};

use crate::crosswalk::related;
use crate::links::{Links, Node};

/// How many of the controls that bear on one are listed.
const LISTED: usize = 5;

/// What is left of `want` when all controls of `have` are met (ids of documents that `links` has).
///
/// A control is covered where one that is met equals or contains it, or where it is all that a set of objectives asks for (`complete`) and each of
/// these is held whole by something that is met. It is covered in part where something that is met shares a part with it, or may.
pub fn gap(links: &Links<'_>, have: &[&str], want: &str) -> Gap {
    let held = held(links, have);
    let controls = links.nodes[links.controls_of(want)].iter().map(|node| control(links, node, have, &held)).collect();
    Gap { have: have.iter().map(|&id| id.to_owned()).collect(), want: want.to_owned(), controls }
}

/// The objectives that follow whole from the documents that are met.
fn held(links: &Links<'_>, have: &[&str]) -> BTreeSet<usize> {
    have.iter()
        .flat_map(|id| &links.nodes[links.controls_of(id)])
        .flat_map(|node| &node.mapped)
        .filter(|mapped| contains(mapped.link.relationship))
        .map(|mapped| mapped.objective)
        .collect()
}

fn contains(relationship: Relationship) -> bool {
    relationship.contains_objective()
}

fn control(links: &Links<'_>, node: &Node<'_>, have: &[&str], held: &BTreeSet<usize>) -> GapControl {
    let mut by: Vec<Pair> = have
        .iter()
        .flat_map(|id| related(links, node, &links.controls_of(id)))
        .map(|(number, found)| {
            // Read from the control that is met.
            let link = found.link.converse();
            let mut via = found.via(links);
            for step in &mut via {
                std::mem::swap(&mut step.from, &mut step.to);
            }
            Pair {
                from: links.nodes[number].id(),
                to: node.id(),
                relationship: link.relationship,
                strength: link.strength,
                via,
            }
        })
        .collect();
    by.sort_by_key(|pair| (Reverse(contains(pair.relationship)), Reverse(pair.strength)));
    let missing: Vec<usize> = node.mapped.iter().map(|m| m.objective).filter(|o| !held.contains(o)).collect();
    let complete = node.control.complete && !node.mapped.is_empty() && missing.is_empty();
    let covered = if have.contains(&node.document.id.as_str()) {
        Covered::Yes
    } else if node.mapped.is_empty() {
        Covered::Unmapped
    } else if complete || by.first().is_some_and(|pair| contains(pair.relationship)) {
        Covered::Yes
    } else if by.is_empty() {
        Covered::No
    } else {
        Covered::Partly
    };
    by.truncate(LISTED);
    let missing = if covered == Covered::Yes { Vec::new() } else { missing };
    GapControl {
        control: node.id(),
        modality: node.control.modality,
        covered,
        by,
        missing: missing.into_iter().map(|o| links.objectives[o].to_owned()).collect(),
    }
}

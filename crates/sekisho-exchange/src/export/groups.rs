//! How the controls of a document hang together: what stands under a group, and what under another control.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Text;
use sekisho_model::catalog::{Control, Document};

/// A place in the order of a document's groups and controls.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry<'a> {
    /// A group, with its id and title.
    Group(&'a str, Option<&'a Text>),
    /// A control.
    Control(&'a Control),
}

/// The groups and controls of a document as a tree.
pub(super) struct Tree<'a> {
    roots: Vec<Entry<'a>>,
    /// Controls under a group, by the group's id.
    in_group: BTreeMap<&'a str, Vec<&'a Control>>,
    /// Controls under a control, by that one's id.
    in_control: BTreeMap<&'a str, Vec<&'a Control>>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let controls: BTreeMap<&str, &Control> = document.controls.iter().map(|c| (c.id.as_str(), c)).collect();
        let mut tree = Self { roots: Vec::new(), in_group: BTreeMap::new(), in_control: BTreeMap::new() };
        for control in &document.controls {
            match control.group.as_deref() {
                None => tree.roots.push(Entry::Control(control)),
                Some(group) if controls.contains_key(group) => {
                    if leads_to_itself(control, &controls) {
                        tree.roots.push(Entry::Control(control));
                    } else {
                        tree.in_control.entry(group).or_default().push(control);
                    }
                }
                Some(group) => {
                    if !tree.in_group.contains_key(group) {
                        tree.roots.push(Entry::Group(group, title(document, group)));
                    }
                    tree.in_group.entry(group).or_default().push(control);
                }
            }
        }
        tree
    }

    /// What stands under nothing, in order.
    pub(super) fn roots(&self) -> &[Entry<'a>] {
        &self.roots
    }

    /// The controls under the group `id`.
    pub(super) fn of_group(&self, id: &str) -> &[&'a Control] {
        self.in_group.get(id).map_or(&[], Vec::as_slice)
    }

    /// The controls under the control `id`.
    pub(super) fn of_control(&self, id: &str) -> &[&'a Control] {
        self.in_control.get(id).map_or(&[], Vec::as_slice)
    }

    /// Everything in order, each with how deep it stands (from 1) and the entry above it.
    pub(super) fn flat(&self) -> Vec<(usize, Option<&'a str>, Entry<'a>)> {
        let mut out = Vec::new();
        for root in &self.roots {
            out.push((1, None, *root));
            match root {
                Entry::Group(id, _) => self.flatten(self.of_group(id), 2, id, &mut out),
                Entry::Control(control) => self.flatten(self.of_control(&control.id), 2, &control.id, &mut out),
            }
        }
        out
    }

    fn flatten(
        &self,
        controls: &[&'a Control],
        depth: usize,
        above: &'a str,
        out: &mut Vec<(usize, Option<&'a str>, Entry<'a>)>,
    ) {
        for control in controls {
            out.push((depth, Some(above), Entry::Control(control)));
            self.flatten(self.of_control(&control.id), depth + 1, &control.id, out);
        }
    }
}

/// Whether a control's groups lead back to it or are too many: then it stands for itself.
fn leads_to_itself(control: &Control, controls: &BTreeMap<&str, &Control>) -> bool {
    const DEEPEST: usize = 16;
    let mut seen = BTreeSet::new();
    let mut next = Some(control);
    while let Some(control) = next {
        if !seen.insert(control.id.as_str()) || seen.len() > DEEPEST {
            return true;
        }
        next = control.group.as_deref().and_then(|group| controls.get(group)).copied();
    }
    false
}

/// The title that the document gives to a group: a concept's or a section's.
fn title<'a>(document: &'a Document, group: &str) -> Option<&'a Text> {
    let concept = document.concepts.iter().find(|concept| concept.id == group).map(|concept| &concept.title);
    concept.or_else(|| document.contents.iter().find(|section| section.no == group).map(|section| &section.title))
}

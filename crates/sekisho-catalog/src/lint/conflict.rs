//! Conflicts: ids once, controls that exist, conditions that compile, texts in both languages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Known, is_kebab, text};
use crate::files::Parts;

pub(super) fn lint(parts: &Parts, known: &Known<'_>, found: &mut Found) {
    let controls: BTreeSet<&str> = known.controls.iter().map(String::as_str).collect();
    let mut ids = BTreeMap::new();
    for file in &parts.conflicts {
        for (i, conflict) in file.value.conflicts.iter().enumerate() {
            let place = |field: &str| file.place(format!("conflicts[{i}].{field}").as_str());
            found.unique("conflict", &conflict.id, &mut ids, place("id"));
            if !file.is_new() {
                continue;
            }
            if !is_kebab(&conflict.id) {
                found.error("bad-id", place("id"), format!("'{}' is not in kebab case", conflict.id));
            }
            for (field, content) in
                [("title", &conflict.title), ("statement", &conflict.statement), ("resolution", &conflict.resolution)]
            {
                text::lint(content, |lang| place(&format!("{field}.{lang}")), found);
            }
            if let Some(condition) = &conflict.applies_when {
                found.condition(condition, &known.traits, place("applies_when").as_ref());
            }
            for (s, side) in conflict.sides.iter().enumerate() {
                text::lint(&side.asks, |lang| place(&format!("sides[{s}].asks.{lang}")), found);
                for (c, control) in side.controls.iter().enumerate() {
                    found.reference("control", control, &controls, || place(&format!("sides[{s}].controls[{c}]")));
                }
            }
        }
    }
}

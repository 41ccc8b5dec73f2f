//! Objectives: finished, conditioned, and asked for by somebody.

use std::collections::BTreeMap;

use sekisho_diag::Problem;

use super::{Found, Known, is_kebab, text};
use crate::files::Parts;

pub(super) fn lint(parts: &Parts, known: &Known<'_>, found: &mut Found) {
    let mut areas = BTreeMap::new();
    let mut ids = BTreeMap::new();
    for file in &parts.objectives {
        found.unique("area", &file.value.area, &mut areas, file.place("area"));
        for (i, objective) in file.value.objectives.iter().enumerate() {
            let place = |field: &str| file.place(format!("objectives[{i}].{field}").as_str());
            found.unique("objective", &objective.id, &mut ids, place("id"));
            if !file.is_new() {
                continue;
            }
            if !is_kebab(&objective.id) || !objective.id.starts_with(&format!("{}-", file.value.area)) {
                let problem = Problem::error("bad-id", format!("'{}' does not fit its area", objective.id));
                found.push(
                    problem.hint(format!("an objective's id is its area and words: {}-…", file.value.area)),
                    place("id"),
                );
            }
            for (field, content) in [
                ("title", &objective.title),
                ("intent", &objective.intent),
                ("met_when", &objective.met_when),
                ("how_to_check", &objective.how_to_check),
                ("question", &objective.question),
                ("advice", &objective.advice),
            ] {
                text::lint(content, |lang| place(&format!("{field}.{lang}")), found);
            }
            found.condition(&objective.applies_when, &known.traits, place("applies_when").as_ref());
            for (t, threat) in objective.threats.iter().enumerate() {
                found.reference("threat", threat, &known.concepts, || place(&format!("threats[{t}]")));
            }
            let mapped = known.mapped.contains(objective.id.as_str());
            match &objective.unmapped {
                None if !mapped => found.push(
                    Problem::error("unmapped-objective", format!("no control maps to '{}'", objective.id))
                        .hint("map a control to it, or say in `unmapped` which documents ask for it"),
                    place("id"),
                ),
                Some(_) if mapped => found.error(
                    "mapped-and-unmapped",
                    place("unmapped"),
                    format!("'{}' is said to have no control, but one maps to it", objective.id),
                ),
                Some(reason) => text::lint(reason, |lang| place(&format!("unmapped.{lang}")), found),
                None => {}
            }
        }
    }
}

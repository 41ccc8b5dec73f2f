//! Goes into a container part by part.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::findings::{EVERYTHING, Findings, Place};
use crate::formats::part::Parts;
use crate::layout::{Role, Walk};
use crate::reason;

impl Walk<'_> {
    /// Looks at each part of the container `name` at byte `at` of `place` as at an image of its own; `name/part@offset` names it.
    pub(crate) fn parts(&self, mut parts: Parts, name: &str, place: &Place, at: u64, depth: usize) -> Findings {
        let mut findings = Findings::default();
        // Making a part may run a decoder.
        while let Some(part) = catch_unwind(AssertUnwindSafe(|| parts.next())).unwrap_or_else(|_| {
            findings.gap(place, at, EVERYTHING, reason::failed(name));
            None
        }) {
            if self.budget.out_of_time() {
                findings.gap(place, at, EVERYTHING, reason::time());
                break;
            }
            let mut inside = place.inside(&format!("{name}/{}", part.name), at, part.offset);
            inside.program |= part.program;
            for gap in part.gaps {
                findings.gap(&inside, 0, EVERYTHING, gap);
            }
            findings.merge(self.data(&part.data, &inside, depth, Role::Image));
        }
        findings
    }
}

//! Goes into a container part by part, and into containers that follow each other in a file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::blob::Blob;
use crate::findings::{EVERYTHING, Findings, Place};
use crate::formats::is_stream;
use crate::formats::part::Parts;
use crate::layout::{Role, Walk};
use crate::reason;
use crate::scan::at_start;

/// Archives that follow each other in one initramfs.
const MAX_FOLLOWING: usize = 64;
/// Fill between them.
const MAX_FILL: usize = 64 << 10;

impl Walk<'_> {
    /// Goes into what follows the container at the beginning of a file: an initramfs is several archives, packed or not, one behind the other
    /// with zeros between (Linux, `Documentation/driver-api/early-userspace/buffer-format.rst`).
    pub(crate) fn following(&self, data: &Blob, from: u64, place: &Place, depth: usize, findings: &mut Findings) {
        let mut at = from;
        for _ in 0..MAX_FOLLOWING {
            let Ok(fill) = data.window(at, MAX_FILL) else { return };
            let Some(zeros) = fill.iter().position(|&b| b != 0) else { return };
            drop(fill);
            at += zeros as u64;
            let rest = data.tail(at);
            let mut formats = at_start(&rest).into_iter().filter(|format| is_stream(*format));
            let opened = formats.find_map(|format| Some((format, self.open(format, &rest, place, at, findings)?)));
            let Some((format, opened)) = opened.filter(|(_, opened)| opened.length > 0) else { return };
            let length = opened.length;
            findings.merge(self.region(format, opened, place, at, depth));
            at = at.saturating_add(length);
        }
    }

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

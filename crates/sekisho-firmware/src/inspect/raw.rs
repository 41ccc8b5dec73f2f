//! Program code without a file system: banners and keys that lie in it in the clear.

use crate::blob::Blob;
use crate::inspect::{Seen, boot_environment, keys, versions};
use crate::limits::Budget;

const WINDOW: usize = 4 << 20;
/// Windows overlap by more than a banner or a PEM key has.
const OVERLAP: usize = 16 << 10;

/// What the strings of `data` show, each with its offset, in order and once.
pub(crate) fn inspect(data: &Blob, budget: &Budget) -> Vec<(u64, Seen)> {
    let mut found: Vec<(u64, Seen)> = Vec::new();
    let mut at = 0_u64;
    while at < data.len() && !budget.out_of_time() {
        let Ok(window) = data.window(at, WINDOW + OVERLAP) else { break };
        let mut here: Vec<(usize, Seen)> = versions::banners(&window);
        here.extend(keys::pem(&window));
        here.extend(boot_environment::in_code(&window));
        here.sort_by_key(|(offset, _)| *offset);
        for (offset, seen) in here {
            // A banner that stands there twice is one component.
            if offset < WINDOW && !found.iter().any(|(_, other)| other.observed == seen.observed) {
                found.push((at + offset as u64, seen));
            }
        }
        at += WINDOW as u64;
    }
    found
}

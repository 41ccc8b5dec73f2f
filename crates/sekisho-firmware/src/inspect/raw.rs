//! Program code without a file system: what lies in it in the clear, by the same inspectors as in files.
//!
//! A string in code has little around it that says what it is. So only what says so itself counts: a banner, a key or certificate in its
//! encoding, an address that is a string of its own, a value with its name before it (`wifi_psk=…`).

use std::collections::BTreeSet;

use time::Date;

use crate::blob::Blob;
use crate::inspect::{Seen, certificates, credentials, endpoints, keys, versions};
use crate::limits::Budget;

const WINDOW: usize = 4 << 20;
/// Windows overlap by more than a banner, a PEM key or a certificate has.
const OVERLAP: usize = 16 << 10;

/// What the strings of some code show.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Each with its offset, in order and once.
    pub(crate) seen: Vec<(u64, Seen)>,
    /// Whether there is more than the limit of facts allows.
    pub(crate) cut: bool,
}

/// Looks through `data`.
pub(crate) fn inspect(data: &Blob, budget: &Budget, today: Date) -> Found {
    let mut found = Found::default();
    let mut known = BTreeSet::new();
    let mut at = 0_u64;
    while at < data.len() && !budget.out_of_time() {
        let Ok(window) = data.window(at, WINDOW + OVERLAP) else { break };
        let mut here: Vec<(usize, Seen)> = versions::banners(&window);
        here.extend(keys::pem(&window));
        here.extend(keys::der_in_code(&window));
        here.extend(certificates::in_code(&window, today));
        here.extend(endpoints::in_code(&window));
        here.extend(credentials_of(&window));
        here.sort_by_key(|(offset, _)| *offset);
        for (offset, seen) in here {
            // A banner that stands there twice is one component.
            if offset >= WINDOW || known.contains(&seen.observed) {
                continue;
            }
            if found.seen.len() >= budget.limits.facts_per_file {
                found.cut = true;
                return found;
            }
            known.insert(seen.observed.clone());
            found.seen.push((at + offset as u64, seen));
        }
        at += WINDOW as u64;
    }
    found
}

/// The shortest name, a sign and the shortest secret; shorter strings are noise.
const MIN_STRING: usize = 8;

/// The credentials in the strings of `code`: runs of printable characters and line ends.
fn credentials_of(code: &[u8]) -> Vec<(usize, Seen)> {
    let printable = |b: &u8| (0x20..0x7f).contains(b) || matches!(b, b'\t' | b'\n' | b'\r');
    let mut found = Vec::new();
    let mut at = 0;
    for run in code.split(|b| !printable(b)) {
        if run.len() >= MIN_STRING
            && memchr::memchr2(b'=', b':', run).is_some()
            && let Ok(text) = std::str::from_utf8(run)
        {
            found.extend(credentials::in_string(text).into_iter().map(|(line, seen)| (at + line, seen)));
        }
        at += run.len() + 1;
    }
    found
}

//! Program code without a file system: what lies in it in the clear, by the same inspectors as in files.
//!
//! A string in code has little around it that says what it is. So only what says so itself counts: a banner, a key or certificate in its
//! encoding, an address that is a string of its own, a value with its name before it (`wifi_psk=…`).

use std::collections::BTreeSet;

use time::Date;

use crate::blob::Blob;
use crate::inspect::{Seen, boot_environment, certificates, credentials, endpoints, keys, mtdparts, versions};
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
        here.extend(mtdparts::of_bytes(&window));
        here.extend(keys::der_in_code(&window));
        here.extend(certificates::in_code(&window, today));
        here.extend(endpoints::in_code(&window));
        here.extend(credentials_of(&window));
        here.extend(boot_environment::in_code(&window));
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

#[cfg(test)]
mod tests {
    use sekisho_model::fact::Observed;

    use super::*;
    use crate::limits::Limits;

    fn names(code: &[u8]) -> Vec<(u64, &'static str)> {
        let found = inspect(&Blob::memory(code.to_vec()), &Budget::new(Limits::default()), Date::MIN);
        assert!(!found.cut);
        found.seen.into_iter().map(|(at, seen)| (at, seen.observed.name())).collect()
    }

    #[test]
    fn what_says_of_itself_what_it_is() {
        // A private key on P-256 in DER (RFC 5915) without its public part; made for this test.
        let key =
            [&[0x30, 0x31, 2, 1, 1, 4, 32][..], &[0x11; 32], &[0xa0, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]]
                .concat();
        let mut code = vec![0x80; 64];
        code.extend(&key);
        code.extend(b"\0wifi_ssid=works\nwifi_psk=Seven-hills-7\n\0https://api.vendor-cloud.net/v1\0");
        let expected = [(64, "private-key"), (64 + 51 + 1 + 16, "credential"), (64 + 51 + 1 + 40, "endpoint")];
        assert_eq!(names(&code), expected);
    }

    #[test]
    fn labels_formats_and_prompts_are_nothing() {
        for text in [
            "Wrong password: try again",
            "password=%s",
            "wifi_psk=",
            "<input name='password' type='password'>",
            "\"password\":\"%s\"",
            "MqttPassword",
            "http://127.0.0.1/",
            "see http://vendor-cloud.net/help",
            "-----BEGIN PRIVATE KEY-----",
            "token: none",
        ] {
            assert!(names(format!("\0{text}\0").as_bytes()).is_empty(), "{text}");
        }
    }

    #[test]
    fn more_than_the_limit_is_said() {
        let many = (0..40).map(|i| format!("a{i}_password=Seven-hills-{i}")).collect::<Vec<_>>().join("\n");
        let budget = Budget::new(Limits { facts_per_file: 10, ..Limits::default() });
        let found = inspect(&Blob::memory(many.into_bytes()), &budget, Date::MIN);
        assert_eq!((found.seen.len(), found.cut), (10, true));
        assert!(found.seen.iter().all(|(_, seen)| matches!(seen.observed, Observed::Credential(_))));
    }
}

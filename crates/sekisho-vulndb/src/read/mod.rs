//! Reads what the sources publish into [`Record`]s. One file per format; each takes the bytes of one document or of one element of a
//! list, and returns what it could read together with notes on what it could not.

pub(crate) mod about;
pub(crate) mod csaf;
pub(crate) mod cve;
pub(crate) mod cyclonedx;
pub(crate) mod detect;
pub(crate) mod epss;
pub(crate) mod kev;
mod lenient;
pub(crate) mod nvd;
pub(crate) mod openvex;
pub(crate) mod osv;
pub(crate) mod split;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::Record;
use crate::status::Sample;

/// What was read from one piece of input, and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) records: Vec<Record>,
    pub(crate) notes: Vec<Note>,
    /// What else was noted, by how often.
    pub(crate) more: BTreeMap<Reason, u64>,
    /// How many records the input itself says that it has.
    pub(crate) announced: Option<u64>,
    /// What the input says of itself, where it is a sample.
    pub(crate) sample: Option<Sample>,
}

/// Something that could not be read, or only in part.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) reason: Reason,
    /// The record, where it is known.
    pub(crate) id: String,
    /// What is wrong in the words of the parser.
    pub(crate) detail: String,
}

impl Parsed {
    /// Notes something about the record `id`.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over texts, errors and arguments of formats alike")]
    pub(crate) fn note(&mut self, reason: Reason, id: &str, detail: impl ToString) {
        // A hostile document can have millions of faults: they are counted, and only the first of them told.
        const TOLD: usize = 64;
        if self.notes.len() < TOLD {
            let id = id.chars().take(MAX_ID).collect();
            self.notes.push(Note { reason, id, detail: detail.to_string() });
        } else {
            *self.more.entry(reason).or_default() += 1;
        }
    }
}

/// Reads one JSON document as `T`, and hands it on to what makes records of it; where it is none, that is noted.
fn json<T: DeserializeOwned>(bytes: &[u8], make: impl FnOnce(T, &mut Parsed)) -> Parsed {
    let mut parsed = Parsed::default();
    match serde_json::from_slice(bytes) {
        Ok(raw) => make(raw, &mut parsed),
        Err(error) => parsed.note(Reason::BadJson, "", error),
    }
    parsed
}

/// The identifier of a document, or the digest of its bytes where it has none.
fn document_id(id: String, bytes: &[u8]) -> String {
    if is_id(&id) { id } else { format!("sha256:{}", hex(&Sha256::digest(bytes))) }
}

/// Bytes of an identifier at most. The longest in real databases have some 60.
const MAX_ID: usize = 256;

/// Whether this can be a record's identifier.
pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && !id.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether this is the identifier of a CVE (`CVE-2024-12345`).
pub(crate) fn is_cve(id: &str) -> bool {
    let digits =
        |text: &str, least: usize| text.len() >= least && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
    id.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

/// Whether this can be a version. Which versions an order can parse is not decided here.
pub(crate) fn is_version(version: &str, limits: &Limits) -> bool {
    !version.trim().is_empty() && version.len() <= limits.text && !version.chars().any(char::is_control)
}

/// A text, cut to what the limits allow.
pub(crate) fn cut(mut text: String, max: usize) -> String {
    if text.len() > max {
        text.truncate(text.floor_char_boundary(max));
        text.push('…');
    }
    text
}

/// The first sentences of a long text, for records without a summary.
pub(crate) fn summary(text: &str) -> String {
    // As long as the longest summaries that people write by hand.
    const LONG: usize = 320;
    let line = text.split_whitespace().take(LONG).collect::<Vec<_>>().join(" ");
    cut(line, LONG)
}

/// Identifiers from a list, without what cannot be one, without repetition and in order: aliases say nothing by their order, and a source
/// that shuffles them has not changed the record.
pub(crate) fn ids(list: Vec<String>, own: &str, limits: &Limits) -> Vec<String> {
    let mut ids: Vec<String> = list.into_iter().filter(|id| is_id(id) && id != own).take(limits.list).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::{Parsed, csaf, cut, cve, is_cve, is_id, osv, summary};
    use crate::import::Reason;
    use crate::limits::Limits;

    #[test]
    fn identifiers_and_texts() {
        assert!(is_cve("CVE-1999-0001") && is_cve("CVE-2026-1234567"));
        for id in ["CVE-99-0001", "CVE-1999-1", "cve-1999-0001", "CVE-1999-00x1", "CVE-1999", ""] {
            assert!(!is_cve(id), "{id}");
        }
        assert!(is_id("GHSA-aaaa-bbbb-cccc") && !is_id("") && !is_id("a b") && !is_id(&"x".repeat(300)));
        assert_eq!(cut("日本語".to_owned(), 4), "日…");
        assert_eq!(summary(" a\n b "), "a b");
    }

    /// The reasons of the notes, and how long the longest of them is.
    fn noted(parsed: &Parsed) -> (Vec<Reason>, usize) {
        let longest = parsed.notes.iter().map(|note| note.detail.len()).max().unwrap_or_default();
        (parsed.notes.iter().map(|note| note.reason).collect(), longest)
    }

    /// A long name in a document of many faults is not told with each of them.
    #[test]
    fn faults_are_told_with_the_beginning_of_a_name() {
        let name = "x".repeat(1 << 20);
        let range = r#"{"type":"WHIM","events":[]}"#;
        let record = format!(
            r#"{{"id":"X-1","modified":"2026-01-01T00:00:00Z","affected":[{{"package":{{"ecosystem":"npm","name":"{name}"}},
            "ranges":[{range},{range}]}}]}}"#
        );
        let (reasons, longest) = noted(&osv::read(record.as_bytes(), &Limits::default()));
        assert_eq!(reasons, [Reason::BadPackage, Reason::BadRange, Reason::BadRange]);
        assert!(longest < 200, "{longest}");
        let record = format!(
            r#"{{"cveMetadata":{{"cveId":"CVE-2026-0001","state":"PUBLISHED"}},"containers":{{"cna":{{"affected":[{{
            "vendor":"x","product":"{name}","versions":[{{"version":""}},{{"version":""}}]}}]}}}}}}"#
        );
        let (reasons, longest) = noted(&cve::read(record.as_bytes(), &Limits::default()));
        assert_eq!(reasons, [Reason::BadRange, Reason::BadRange]);
        assert!(longest < 200, "{longest}");
    }

    /// The products below a version repeat it, and there can be any number of them.
    #[test]
    fn what_a_version_is_repeated_by_has_to_have_room() {
        let document = |products: usize| {
            let product = r#"{"category":"product_name","name":"p","product":{"name":"p","product_id":"P"}}"#;
            let (version, products) = ("9".repeat(4000), vec![product; products].join(","));
            format!(
                r#"{{"document":{{}},"product_tree":{{"branches":[{{"category":"product_version","name":"{version}",
                "branches":[{products}]}}]}},"vulnerabilities":[{{"cve":"CVE-2026-0001"}}]}}"#
            )
        };
        let limits = Limits { document: 1 << 20, ..Limits::default() };
        assert_eq!(noted(&csaf::read(document(200).as_bytes(), &limits)).0, []);
        assert_eq!(noted(&csaf::read(document(400).as_bytes(), &limits)).0, [Reason::TooLarge]);
    }
}

//! What a folder of records says of itself, in a file beside them.
//!
//! ```json
//! {"sekishoDatabase": 1, "sample": {"en": "Made for an example.", "ja": "見本です。"}}
//! ```
//!
//! `sekishoDatabase` is the version of this format. `sample` says that the records are no database to rely on, and why.

use serde::Deserialize;

use super::{Parsed, cut, json};
use crate::import::Reason;
use crate::limits::Limits;
use crate::status::Sample;

/// The key by which such a file is told.
pub(crate) const KEY: &str = "sekishoDatabase";

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "sekishoDatabase")]
    version: u32,
    sample: Option<Sample>,
}

/// Reads such a file.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |Raw { version, sample }, parsed| match version {
        1 => {
            parsed.sample =
                sample.map(|Sample { en, ja }| Sample { en: cut(en, limits.text), ja: cut(ja, limits.text) });
        }
        version => parsed.note(Reason::BadJson, "", format_args!("version {version} of `{KEY}`")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_says_so() {
        let read = |text: &str| read(text.as_bytes(), &Limits::default());
        let sample = read(r#"{"sekishoDatabase": 1, "sample": {"en": "A sample.", "ja": "見本。"}}"#).sample.unwrap();
        assert_eq!((sample.en.as_str(), sample.ja.as_str()), ("A sample.", "見本。"));
        assert_eq!(read(r#"{"sekishoDatabase": 1}"#).sample, None);
        for wrong in [r#"{"sekishoDatabase": 2}"#, r#"{"sekishoDatabase": 1, "sample": true}"#, "{"] {
            let parsed = read(wrong);
            assert_eq!((parsed.sample, parsed.notes.len()), (None, 1), "{wrong}");
        }
    }
}

//! Exploit prediction scores: FIRST's CSV (a comment line with the date, a header, commas) and the form with semicolons and neither.
//!
//! Source: `first.org/epss/data_stats`.

use super::{Parsed, is_cve};
use crate::import::Reason;
use crate::model::{EpssScore, Record};
use crate::moment::Moment;

/// Whether a file that begins so holds scores.
pub(crate) fn is_epss(prefix: &[u8]) -> bool {
    let line = prefix.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let line = line.trim_end_matches('\r');
    line.starts_with("#model_version:") || line == HEADER || fields(line).is_some()
}

/// The line with the names of the columns.
const HEADER: &str = "cve,epss,percentile";

/// The date in the comment line, if `line` is one and has it.
pub(crate) fn date(line: &str) -> Option<Moment> {
    let fields = line.strip_prefix('#')?.split(',');
    fields.filter_map(|field| field.trim().strip_prefix("score_date:")).find_map(Moment::parse)
}

/// Reads whole lines, all with the date that the file's comment says.
pub(crate) fn read(lines: &[u8], as_of: Option<Moment>) -> Parsed {
    let mut parsed = Parsed::default();
    for line in lines.split(|byte| *byte == b'\n') {
        let text = std::str::from_utf8(line).map(|line| line.trim_end_matches('\r'));
        match text {
            Ok(line) if line.is_empty() || line.starts_with('#') || line == HEADER => {}
            Ok(line) => match fields(line) {
                Some((cve, probability, percentile)) => {
                    parsed.records.push(Record::Epss(EpssScore {
                        cve: cve.to_owned(),
                        probability,
                        percentile,
                        as_of,
                    }));
                }
                None => parsed.note(Reason::BadCsv, line.split([',', ';']).next().unwrap_or_default(), "no score"),
            },
            Err(error) => parsed.note(Reason::BadCsv, "", error),
        }
    }
    parsed
}

/// Identifier, probability and percentile of a line.
fn fields(line: &str) -> Option<(&str, f64, f64)> {
    let mut fields = line.split([',', ';']).map(str::trim);
    let (cve, probability, percentile) = (fields.next()?, fields.next()?, fields.next()?);
    let share = |text: &str| text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    (is_cve(cve) && fields.next().is_none()).then_some(())?;
    Some((cve, share(probability)?, share(percentile)?))
}

#[cfg(test)]
mod tests {
    use super::{date, is_epss, read};
    use crate::import::Reason;
    use crate::model::Record;
    use crate::moment::Moment;

    #[test]
    fn both_forms() {
        let comment = "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000";
        assert!(is_epss(comment.as_bytes()) && is_epss(b"CVE-2010-5340;0.008360000;0.547050000\nx"));
        assert!(!is_epss(b"cveID,vendorProject") && !is_epss(b"CVE-2010-5340;2;0.5"));
        assert_eq!(date(comment), Moment::parse("2026-08-16"));
        let parsed = read(b"cve,epss,percentile\nCVE-2010-5340,0.00836,0.54705\r\nCVE-2010-5339;NaN;0.1\n", None);
        let [Record::Epss(score)] = parsed.records.as_slice() else { panic!("{parsed:?}") };
        assert_eq!((score.cve.as_str(), score.probability, score.percentile), ("CVE-2010-5340", 0.00836, 0.54705));
        assert_eq!(parsed.notes.len(), 1);
        assert_eq!(parsed.notes[0].reason, Reason::BadCsv);
    }
}

//! How severe a vulnerability is, by its CVSS vectors.

use std::str::FromStr;

use cvss::Cvss;
use sekisho_model::verdict;
use sekisho_vulndb::Severity;

/// A scored vector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// The version of CVSS: 2.0 as 20, 3.1 as 31.
    pub version: u8,
    /// Score in tenths, 0 to 100.
    pub tenths: u8,
    /// The vector.
    pub vector: String,
}

/// The score of the newest CVSS version among the vectors that can be read, and of several the highest. What has only words for its severity
/// has no score.
pub fn score(severities: &[Severity]) -> Option<Score> {
    severities
        .iter()
        .filter_map(|severity| {
            // Old records put vectors of version 2 in parentheses.
            let vector = severity.value.trim().trim_start_matches('(').trim_end_matches(')');
            let parsed = Cvss::from_str(vector).ok()?;
            let version = match parsed {
                Cvss::CvssV20(_) => 20,
                Cvss::CvssV30(_) => 30,
                Cvss::CvssV31(_) => 31,
                Cvss::CvssV40(_) => 40,
                _ => return None,
            };
            let tenths = (parsed.score() * 10.0).round();
            // Between 0 and 100 by the standard.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to the standard's range"
            )]
            let tenths = if tenths.is_finite() { tenths.clamp(0.0, 100.0) as u8 } else { return None };
            Some(Score { version, tenths, vector: vector.to_owned() })
        })
        .max()
}

impl Score {
    /// The score as it is written: `9.8`.
    pub fn text(&self) -> String {
        format!("{}.{}", self.tenths / 10, self.tenths % 10)
    }

    /// The word for it: of CVSS 3 and 4 as the standards have it (3.1, table 14), of CVSS 2 as the NVD has it, which knows no "critical".
    pub fn severity(&self) -> verdict::Severity {
        match (self.version, self.tenths) {
            (_, 0) => verdict::Severity::Info,
            (_, 1..=39) => verdict::Severity::Low,
            (_, 40..=69) => verdict::Severity::Medium,
            (20, _) | (_, 70..=89) => verdict::Severity::High,
            _ => verdict::Severity::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vectors: &[&str]) -> Option<(String, verdict::Severity)> {
        let severities: Vec<Severity> = vectors
            .iter()
            .map(|vector| Severity { scheme: String::new(), value: (*vector).to_owned(), by: String::new() })
            .collect();
        score(&severities).map(|score| (score.text(), score.severity()))
    }

    /// Published pairs of vector and score: CVE-2014-0160 and CVE-2021-44228 (NVD), and FIRST's examples for CVSS 4.0.
    #[test]
    fn every_version() {
        use verdict::Severity::{Critical, High, Medium};
        for (vector, score, severity) in [
            ("AV:N/AC:L/Au:N/C:P/I:N/A:N", "5.0", Medium),
            ("(AV:N/AC:M/Au:N/C:C/I:C/A:C)", "9.3", High),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "7.5", High),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "10.0", Critical),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8", Critical),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "9.3", Critical),
        ] {
            assert_eq!(of(&[vector]), Some((score.to_owned(), severity)), "{vector}");
        }
    }

    #[test]
    fn the_newest_version_counts_and_words_do_not() {
        let (old, new) = ("AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:N/A:N");
        assert_eq!(of(&[old, new]).unwrap().0, "2.3");
        assert_eq!(of(&["medium", "", "CVSS:9.9/AV:N", "AV:N"]), None);
    }
}

//! The CVSS rating of a vulnerability, by its vector.

use cvss::Cvss;
use sekisho_model::vulnerability::KnownVulnerability;

/// The version of CVSS that a vector is of, by its beginning; those of version 2 have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    V2,
    V30,
    V31,
    V4,
}

/// The scheme of a vector; none where it is no vector.
pub(super) fn scheme(vector: &str) -> Option<Scheme> {
    Some(match vector.split('/').next()? {
        "CVSS:3.0" => Scheme::V30,
        "CVSS:3.1" => Scheme::V31,
        "CVSS:4.0" => Scheme::V4,
        first if first.starts_with("AV:") => Scheme::V2,
        _ => return None,
    })
}

/// A rating whose score is what its vector comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rating {
    pub(super) scheme: Scheme,
    pub(super) vector: String,
    pub(super) score: f64,
    /// By the scale of version 3.
    pub(super) severity: &'static str,
}

/// The rating of a vulnerability, with the score that the vector's base metrics come to. None where vector or score are absent or broken, or
/// where they contradict each other: then it is not to be told which of them is right.
pub(super) fn rating(value: &KnownVulnerability) -> Option<Rating> {
    let vector = value.vector.as_deref()?;
    let stated: f64 = value.score.as_deref()?.parse().ok()?;
    let scheme = scheme(vector)?;
    let parsed: Cvss = vector.parse().ok()?;
    let names: Vec<&str> = parsed.metrics().map(|(metric, _)| metric.name()).collect();
    let base = names.iter().filter(|name| BASE.contains(name)).count();
    let complete = match parsed {
        // What the library gives is the score over all groups, which is the base score only where there are no others.
        Cvss::CvssV20(_) => base == 6 && names.len() == base,
        Cvss::CvssV30(_) | Cvss::CvssV31(_) => base == 8,
        _ => false,
    };
    let score = parsed.score();
    (complete && (score - stated).abs() < 0.05).then(|| Rating {
        scheme,
        vector: parsed.to_string(),
        score,
        severity: parsed.severity().as_str(),
    })
}

/// The metrics of the base groups of versions 2 and 3.
const BASE: [&str; 9] = ["AV", "AC", "Au", "PR", "UI", "S", "C", "I", "A"];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vector: &str, score: &str) -> Option<Rating> {
        rating(&KnownVulnerability {
            vector: Some(vector.into()),
            score: Some(score.into()),
            ..KnownVulnerability::default()
        })
    }

    #[test]
    fn a_score_is_what_its_vector_comes_to() {
        let log4shell = of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "10.0").unwrap();
        assert_eq!((log4shell.severity, log4shell.scheme), ("critical", Scheme::V31));
        assert!((log4shell.score - 10.0).abs() < 1e-9);
        // Temporal metrics leave the base score alone.
        let temporal = of("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P", "9.8").unwrap();
        assert!((temporal.score - 9.8).abs() < 1e-9);
        assert_eq!(of("AV:N/AC:L/Au:N/C:P/I:P/A:P", "7.5").unwrap().scheme, Scheme::V2);
        for (vector, score) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "4.0"),
            ("CVSS:3.1/AV:N/AC:L", "0.0"),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "high"),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "9.3"),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U", "7.5"),
            ("nonsense", "1"),
        ] {
            assert_eq!(of(vector, score), None, "{vector} {score}");
        }
    }
}

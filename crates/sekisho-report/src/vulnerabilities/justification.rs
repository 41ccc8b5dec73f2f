//! The formats' labels for the reason why a product is not affected.

use sekisho_model::Lang;
use sekisho_model::vulnerability::Statement;

use super::attribution;
use crate::messages::vulnerabilities as m;

/// The labels that CSAF (3.2.3.5) and `OpenVEX` share.
const SHARED: [&str; 5] = [
    "component_not_present",
    "inline_mitigations_already_exist",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_not_present",
];

/// The labels of `CycloneDX` 1.6 (`impactAnalysisJustification`).
const CYCLONEDX: [&str; 9] = [
    "code_not_present",
    "code_not_reachable",
    "protected_at_perimeter",
    "protected_at_runtime",
    "protected_by_compiler",
    "protected_by_mitigating_control",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
];

/// The label for CSAF and `OpenVEX`; none where theirs would say more than what was stated. *Inline mitigations already exist* is such a one: it
/// says that nobody can switch them off, which `CycloneDX`'s labels for protection do not.
pub(super) fn shared(label: &str) -> Option<&'static str> {
    let same = SHARED.into_iter().find(|known| *known == label);
    same.or(match label {
        "code_not_present" => Some("vulnerable_code_not_present"),
        "code_not_reachable" => Some("vulnerable_code_not_in_execute_path"),
        _ => None,
    })
}

/// The label for `CycloneDX`; none where no label of its says that or less.
pub(super) fn cyclonedx(label: &str) -> Option<&'static str> {
    let same = CYCLONEDX.into_iter().find(|known| *known == label);
    same.or(match label {
        // A component that is not there brings no code along.
        "component_not_present" | "vulnerable_code_not_present" => Some("code_not_present"),
        "vulnerable_code_not_in_execute_path" => Some("code_not_reachable"),
        "inline_mitigations_already_exist" => Some("protected_by_mitigating_control"),
        _ => None,
    })
}

/// The reason in words, for where no label says it: what was stated, else what its label means, else whose statement it is.
pub(super) fn in_words(statement: &Statement, lang: Lang) -> String {
    if !statement.detail.is_empty() {
        return statement.detail.clone();
    }
    let label = m::justification(&statement.justification);
    let label = label.get(lang);
    if label.is_empty() { attribution(statement, lang) } else { label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_never_gains_strength() {
        for label in SHARED {
            assert_eq!(shared(label), Some(label));
            // Through the other format and back it is the same, or weaker.
            let back = cyclonedx(label).and_then(shared);
            let expected = match label {
                "component_not_present" | "vulnerable_code_not_present" => Some("vulnerable_code_not_present"),
                "vulnerable_code_not_in_execute_path" => Some(label),
                _ => None,
            };
            assert_eq!(back, expected, "{label}");
        }
        assert_eq!((shared("protected_at_perimeter"), shared("our own words"), cyclonedx("")), (None, None, None));
    }
}

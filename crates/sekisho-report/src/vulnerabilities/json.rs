//! A report, or what changed between two, for other programs.

use serde::Serialize;

/// A [`VulnerabilityReport`](sekisho_model::vulnerability::VulnerabilityReport),
/// [`VulnerabilityChanges`](sekisho_model::vulnerability::VulnerabilityChanges) or
/// [`VulnerabilitiesSince`](sekisho_model::vulnerability::VulnerabilitiesSince), indented, with a newline at its end.
pub fn json(value: &impl Serialize) -> String {
    super::printed(value)
}

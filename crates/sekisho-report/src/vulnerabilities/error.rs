//! Why a report cannot be written in a format.

use std::fmt;

/// Why a report cannot be written in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportError {
    /// The report's moment is none, and the format needs one.
    Moment(String),
    /// The format has no document without a statement, and the report has nothing to state.
    NothingToState,
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(text) => write!(f, "the report says that it was made '{text}': expected a moment such as 2026-03-01T09:30:00Z"),
            Self::NothingToState => f.write_str(
                "the report has no vulnerability, and OpenVEX has no document without a statement: CSAF and CycloneDX have one",
            ),
        }
    }
}

impl std::error::Error for ExportError {}

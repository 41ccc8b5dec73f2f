//! What none of the other facts can hold.

use sekisho_model::fact::Observed;
use sekisho_model::published::ToolFinding;

use crate::draft::Draft;

/// How a tool's test ended, as [`ToolFinding::outcome`] calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something is wrong.
    Finding,
    /// It was looked for, and is not so.
    Passed,
    /// Worth knowing.
    Note,
    /// The tool could not tell.
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Passed => "passed",
            Self::Note => "note",
            Self::Failed => "failed",
        }
    }
}

/// A finding while it is put together.
#[derive(Debug, Default)]
pub(crate) struct Finding<'a> {
    pub(crate) rule: &'a str,
    pub(crate) title: &'a str,
    pub(crate) severity: Option<&'a str>,
    pub(crate) location: Option<String>,
    /// Texts in which weaknesses are named: `CWE-79`, `79`, `external/cwe/cwe-079`.
    pub(crate) weaknesses: Vec<&'a str>,
}

impl Finding<'_> {
    /// Makes the fact; `tool` is the tool's plain name.
    pub(crate) fn put(self, tool: &str, outcome: Outcome, line: Option<u32>, draft: &mut Draft) {
        let mut weaknesses: Vec<String> = self.weaknesses.into_iter().flat_map(cwe).collect();
        weaknesses.sort();
        weaknesses.dedup();
        weaknesses.truncate(32);
        let fact = ToolFinding {
            tool: tool.to_owned(),
            rule: draft.short(self.rule),
            title: draft.short(self.title),
            severity: self.severity.map(|severity| draft.short(&severity.to_lowercase())).filter(|s| !s.is_empty()),
            outcome: outcome.word().to_owned(),
            location: self.location.map(|location| draft.short(&location)).filter(|location| !location.is_empty()),
            weaknesses,
        };
        draft.fact(Observed::ToolFinding(fact), line);
    }
}

/// The weaknesses that a text names.
fn cwe(text: &str) -> Vec<String> {
    let written = |digits: &str| {
        let number: u32 = digits.parse().ok()?;
        (number > 0).then(|| format!("CWE-{number}"))
    };
    let lower = text.to_ascii_lowercase();
    let named: Vec<String> = lower
        .split("cwe-")
        .skip(1)
        .take(32)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.get(..end).filter(|digits| digits.len() <= 6).and_then(written)
        })
        .collect();
    if named.is_empty() && !text.is_empty() && text.len() <= 6 { written(text).into_iter().collect() } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaknesses_however_they_are_written() {
        assert_eq!(cwe("CWE-310 CWE-200"), ["CWE-310", "CWE-200"]);
        assert_eq!(cwe("external/cwe/cwe-079"), ["CWE-79"]);
        assert_eq!(cwe("693"), ["CWE-693"]);
        assert!(cwe("-1").is_empty() && cwe("0").is_empty() && cwe("security").is_empty() && cwe("").is_empty());
    }
}

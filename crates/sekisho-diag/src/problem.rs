//! The problem itself.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// Probably a mistake; the input is used all the same.
    Warning,
    /// The input cannot be used as it is.
    Error,
}

/// Where in an input a problem lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A position in a text file.
    Text {
        /// The file as the user named it.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// Characters the mark covers; at least 1.
        length: usize,
    },
    /// A byte position in a binary file.
    Offset {
        /// The file as the user named it.
        file: String,
        /// Bytes from the file's beginning.
        offset: u64,
    },
    /// A file as a whole.
    File {
        /// The file as the user named it.
        file: String,
    },
}

impl Place {
    /// The whole of `file`.
    pub fn file(file: impl Into<String>) -> Self {
        Self::File { file: file.into() }
    }

    /// One character at `line` and `column` (from 1) of `file`.
    pub fn text(file: impl Into<String>, line: usize, column: usize) -> Self {
        Self::Text { file: file.into(), line, column, length: 1 }
    }

    /// Gives the file another name.
    pub fn rename(&mut self, name: &str) {
        match self {
            Self::Text { file, .. } | Self::Offset { file, .. } | Self::File { file } => name.clone_into(file),
        }
    }

    /// The file's name as the user gave it.
    pub fn file_name(&self) -> &str {
        match self {
            Self::Text { file, .. } | Self::Offset { file, .. } | Self::File { file } => file,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { file, line, column, .. } => write!(f, "{file}:{line}:{column}"),
            Self::Offset { file, offset } => write!(f, "{file} at byte {offset} ({offset:#x})"),
            Self::File { file } => f.write_str(file),
        }
    }
}

/// Something wrong with an input, at its place, with a hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable kebab-case code, such as `unknown-field`.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop: what is wrong and what was expected.
    pub message: String,
    /// Where; absent where the problem has no place in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// An error with `code` and `message`, as yet without place and hint.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { code: Cow::Borrowed(code), severity: Severity::Error, message: message.into(), place: None, hint: None }
    }

    /// A warning with `code` and `message`, as yet without place and hint.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// A note with `code` and `message`, as yet without place and hint.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// The same problem at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} [{}]", self.message, self.code)?;
        if let Some(hint) = &self.hint {
            write!(f, " (hint: {hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// All problems of one input, as an error value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|p| p.severity == Severity::Error)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_place_message_code_hint() {
        let problem = Problem::error("unknown-field", "unknown field 'colour'")
            .at(Place::text("product.yaml", 3, 5))
            .hint("did you mean 'color'?");
        assert_eq!(
            problem.to_string(),
            "product.yaml:3:5: unknown field 'colour' [unknown-field] (hint: did you mean 'color'?)"
        );
    }

    #[test]
    fn only_errors_make_an_input_unusable() {
        assert!(!Problems(vec![Problem::warning("w", "w"), Problem::note("n", "n")]).has_errors());
        assert!(Problems(vec![Problem::warning("w", "w"), Problem::error("e", "e")]).has_errors());
    }
}

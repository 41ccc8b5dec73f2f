//! What can be wrong with an expression, and with a fact.

use std::fmt;
use std::ops::Range;

/// A mistake in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// The bytes of the source that are to blame.
    pub span: Range<usize>,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl ExprError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ExprError {}

/// Why a compiled expression has no value: its facts are not of the types that it was compiled for, or its lists are
/// far too long. The operations of the language themselves cannot fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// The bytes of the source that could not be evaluated.
    pub span: Range<usize>,
    /// One sentence without a full stop.
    pub message: String,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}

//! Checks: rules over facts, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::coverage::Aspect;
use crate::verdict::Severity;

/// Checks of one area: `catalog/checks/<area>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    /// The checks.
    pub checks: Vec<Check>,
}

/// A rule over the facts of one name. Its outcome is pass, fail, inconclusive (not everything it needs was looked at) or, for
/// `expect: all`, nothing to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Stable id in kebab case.
    pub id: String,
    /// The objective it bears on.
    pub objective: String,
    /// What it looks for, as a short title.
    pub title: Text,
    /// Name of the facts it looks at.
    pub over: String,
    /// Which of them it is about, over `value`; all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// The condition, over `value`.
    #[serde(rename = "where")]
    pub condition: String,
    /// What it expects of the condition.
    pub expect: Expectation,
    /// What must have been looked at completely before the absence of a fact means anything.
    pub needs: Vec<Aspect>,
    /// What a pass does to the objective.
    pub pass: Effect,
    /// What a failure does to the objective: `refutes` or `nothing`.
    pub fail: Effect,
    /// How bad a failure is.
    pub severity: Severity,
    /// What a failure means, for the finding.
    pub finding: Text,
    /// What to do about it.
    pub advice: Text,
    /// One case for each outcome at least.
    pub tests: CheckTests,
}

/// What a check expects of the facts it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// None of them fulfils the condition; each that does is a failure of its own.
    None,
    /// At least one does.
    Any,
    /// There is one, and all of them do; each that does not is a failure of its own.
    All,
}

/// What an outcome does to the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The objective is not met.
    Refutes,
    /// It speaks for the objective without settling it.
    Supports,
    /// It settles that the objective is met.
    Proves,
    /// Nothing.
    Nothing,
}

/// The tests of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTests {
    /// Cases that pass, with everything looked at.
    pub pass: Vec<CheckTest>,
    /// Cases that fail, with everything looked at.
    pub fail: Vec<CheckTest>,
}

/// A case: values of the facts named in `over`, complete enough to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTest {
    /// What the case is.
    pub name: String,
    /// The facts' values.
    pub facts: Vec<serde_json::Value>,
}

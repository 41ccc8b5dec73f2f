//! Facts about what the maker publishes, and about what other tools found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document that was published: a privacy notice, a manual, a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedDocument {
    /// What it seems to be: `privacy-notice`, `support-period`, `vulnerability-policy`, `manual`, `label`, `declaration-of-conformity`,
    /// `terms`, `unknown`.
    pub kind: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Date that it bears, `YYYY-MM-DD` as far as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Language: `en`, `ja` …; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Characters of text that were read.
    pub characters: u64,
    /// Pages, of a document that has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Day on which the file was last changed, or else made, as its metadata say, `YYYY-MM-DD`. It is the program's that wrote the file, not
    /// the document's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_date: Option<String>,
}

/// A passage of a published document that a person should look at. It supports nothing by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedPassage {
    /// What it is about: `support-period`, `vulnerability-reporting`, `response-time`, `personal-data`, `third-parties`, `retention`, `erasure`,
    /// `consent`, `telemetry`, `updates`, `default-password`, `factory-reset`, `disposal` …
    pub topic: String,
    /// The passage, shortened.
    pub quote: String,
    /// Title of the document that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// Something that another tool found and that none of the other facts can hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolFinding {
    /// The tool, such as `zap`.
    pub tool: String,
    /// Its own name or number for the rule.
    pub rule: String,
    /// What it says.
    pub title: String,
    /// Severity in its own words, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// `finding` (something is wrong), `passed`, `note`, `failed` (the tool could not tell).
    pub outcome: String,
    /// Where: an address, a file and line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Weaknesses (CWE) that it names, as `CWE-79`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Vec<String>,
}

//! What a rule file says: one component, and the signs by which its programs are recognised.
//!
//! The build script reads the files of `components/` into these types, checks them and embeds them; the same types are read back when
//! the first firmware image is looked at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A component and how it is recognised.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Rule {
    /// Name, also that of the file.
    pub(crate) name: String,
    /// `part:vendor:product` of its CPE name in the NVD; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cpe: Option<String>,
    /// SPDX licence expression; left out where it is not the same for all versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) licence: Option<String>,
    /// Who makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) supplier: Option<String>,
    /// Repository at GitHub (`owner/name`) for the package URL; without one the URL is `pkg:generic/NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) github: Option<String>,
    /// What shows its version; each by itself is enough.
    pub(crate) signs: Vec<Sign>,
    /// Files as they could be, and what must be found in them; run as tests.
    #[serde(default, skip_serializing)]
    #[allow(dead_code, reason = "the build script and the tests read them")]
    pub(crate) examples: Vec<Example>,
}

/// One way in which a component shows its version. Exactly one of `string`, `beside`, `alone` and `file-name` says where the version
/// stands; the pattern's first group is the version, unless `version` says otherwise.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Sign {
    /// Bytes that must be there; all signs but those by the file's name have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) literal: Option<String>,
    /// In the printable string around the literal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) string: Option<String>,
    /// In the string just before or after the one with the literal; `plain` for a string that is a version and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<String>,
    /// In any string of the file, if all strings that fit tell the same version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alone: Option<String>,
    /// In the name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file_name: Option<String>,
    /// The version put together from the pattern's groups, such as `1.6.$1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// Versions by what stands in their place, where the program tells a date or number instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) versions: BTreeMap<String, String>,
    /// Beginnings of the names of files that it may be in, or with `$` at the end whole names; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<String>,
    /// Beginning of the name of the shared library that it is: a program linked against that does not contain it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) library: Option<String>,
    /// Further texts of which each must be in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) with: Vec<String>,
    /// Texts of which none may be in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) without: Vec<String>,
    /// Whether it is looked for in raw program code too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) raw: bool,
}

/// Where a version stands, and the pattern that it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// In the string with the literal.
    String(&'a str),
    /// In a neighbour of it.
    Beside(&'a str),
    /// In the only string that fits.
    Alone(&'a str),
    /// In the file's name.
    FileName(&'a str),
}

/// A string that is a version and nothing else.
const PLAIN: &str =
    r"^v?(\d{1,4}(?:\.\d{1,4}){1,3}(?:[a-z]\d?|-?(?:rc|pre|beta|b|alpha)\d*)?)(?:-stable|-git.*|-dirty|-unknown)?$";

impl Sign {
    /// Where the version stands; none where the rule file does not name exactly one place.
    pub(crate) fn place(&self) -> Option<Place<'_>> {
        let beside = self.beside.as_deref().map(|pattern| if pattern == "plain" { PLAIN } else { pattern });
        match (self.string.as_deref(), beside, self.alone.as_deref(), self.file_name.as_deref()) {
            (Some(pattern), None, None, None) => Some(Place::String(pattern)),
            (None, Some(pattern), None, None) => Some(Place::Beside(pattern)),
            (None, None, Some(pattern), None) => Some(Place::Alone(pattern)),
            (None, None, None, Some(pattern)) => Some(Place::FileName(pattern)),
            _ => None,
        }
    }

    /// Whether the sign may be in a file of this name.
    pub(crate) fn is_in(&self, name: &str) -> bool {
        let fits = |pattern: &String| {
            pattern.strip_suffix('$').map_or_else(|| name.starts_with(pattern), |whole| name == whole)
        };
        self.files.is_empty() || self.files.iter().any(fits)
    }
}

impl Place<'_> {
    /// The pattern.
    pub(crate) fn pattern(&self) -> &str {
        match self {
            Self::String(pattern) | Self::Beside(pattern) | Self::Alone(pattern) | Self::FileName(pattern) => pattern,
        }
    }
}

/// A program file of an example.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Example {
    /// Name of the file; `program` where left out.
    #[serde(default)]
    pub(crate) file: Option<String>,
    /// Its strings.
    #[serde(default)]
    pub(crate) strings: Vec<String>,
    /// The version that must be found of the rule's component; left out where nothing may be found.
    #[serde(default)]
    pub(crate) version: Option<String>,
}

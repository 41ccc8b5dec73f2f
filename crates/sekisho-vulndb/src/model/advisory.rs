//! Advisories: OSV, NVD and CVE records in one shape. Versions stay strings; their order is not this crate's matter.

use serde::{Deserialize, Serialize};

use crate::ecosystem::{base, normal_name};
use crate::moment::Moment;
use crate::source::Source;

/// One advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// OSV, NVD or CVE.
    pub source: Source,
    /// The identifier in its source.
    pub id: String,
    /// Other identifiers of the same vulnerability.
    pub aliases: Vec<String>,
    /// The vulnerabilities upstream that a distribution's advisory is about. Not aliases: there can be several.
    pub upstream: Vec<String>,
    /// What has to do with it, and is something else.
    pub related: Vec<String>,
    /// One or a few sentences.
    pub summary: String,
    /// Whether it stands.
    pub state: State,
    /// The source's own word for its state, where it has one: NVD's `Awaiting Analysis`.
    pub status: String,
    /// Whether the source says that it is disputed.
    pub disputed: bool,
    /// When it came out.
    pub published: Option<Moment>,
    /// When it was last changed.
    pub modified: Option<Moment>,
    /// When it was withdrawn, where the source says.
    pub withdrawn: Option<Moment>,
    /// How severe it is, by whom.
    pub severities: Vec<Severity>,
    /// CWE identifiers.
    pub weaknesses: Vec<String>,
    /// Packages of ecosystems that are affected (OSV).
    pub packages: Vec<AffectedPackage>,
    /// Products by vendor and name that are affected (CVE).
    pub products: Vec<AffectedProduct>,
    /// Configurations of CPE names that are affected (NVD, CVE).
    pub configurations: Vec<Configuration>,
    /// Where to read on.
    pub references: Vec<Reference>,
}

/// Whether an advisory stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It stands.
    Published,
    /// Withdrawn by its database (OSV).
    Withdrawn,
    /// Rejected (NVD, CVE).
    Rejected,
}

/// One statement on the severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Severity {
    /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or a word of the source's own (`Ubuntu`; `urgency` of Debian).
    pub scheme: String,
    /// The vector, or the source's own value.
    pub value: String,
    /// Who says so, where the source names them.
    pub by: String,
}

/// A package and which of its versions are affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedPackage {
    /// The package; none where only a repository is named.
    pub package: Option<Package>,
    /// Ranges of versions.
    pub ranges: Vec<Range>,
    /// Versions one by one.
    pub versions: Vec<String>,
    /// Severity for this package.
    pub severities: Vec<Severity>,
    /// Whether something about the versions could not be read: a version that nothing else here covers is then unknown, not unaffected.
    pub incomplete: bool,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its ecosystem as the OSV schema names it, with the release behind a colon (`Debian:11`).
    pub ecosystem: String,
    /// Its name in there.
    pub name: String,
    /// Its package URL, where the record has one.
    pub purl: String,
}

impl Package {
    /// Whether this is the package of that name, in whatever spelling the ecosystem takes for the same. An ecosystem without its release
    /// (`Debian`) is that of every release, one with it (`Debian:11`) of exactly that.
    pub fn is(&self, ecosystem: &str, name: &str) -> bool {
        let own = if base(ecosystem) == ecosystem { base(&self.ecosystem) } else { &self.ecosystem };
        own == ecosystem && normal_name(ecosystem, &self.name) == normal_name(ecosystem, name)
    }
}

/// A range of versions, as events in its ecosystem's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// In what order.
    pub kind: RangeKind,
    /// The repository, for commits.
    pub repo: String,
    /// The events, in the order of the record.
    pub events: Vec<Event>,
}

/// The order in which a range is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RangeKind {
    /// Semantic versioning 2.0.
    Semver,
    /// The ecosystem's own.
    Ecosystem,
    /// Commits of a repository.
    Git,
}

/// Where a range begins or ends (OSV schema, `affected[].ranges[].events`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Affected from here on.
    Introduced(String),
    /// No more from here on.
    Fixed(String),
    /// Affected up to and with this.
    LastAffected(String),
    /// Nothing is said from here on.
    Limit(String),
}

/// A product named by vendor and name (CVE record format 5, `affected`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedProduct {
    /// Its vendor.
    pub vendor: String,
    /// Its name.
    pub product: String,
    /// Where the package is from, and its name there.
    pub collection: String,
    /// The package's name in that collection.
    pub package: String,
    /// CPE names of it.
    pub cpes: Vec<String>,
    /// What holds for versions that none of `versions` covers.
    pub default: ProductStatus,
    /// Versions and ranges.
    pub versions: Vec<ProductVersion>,
    /// Platforms to which this is confined.
    pub platforms: Vec<String>,
    /// As in [`AffectedPackage::incomplete`].
    pub incomplete: bool,
}

/// A version or a range of them, of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductVersion {
    /// The version, or where the range begins.
    pub version: String,
    /// What holds for it.
    pub status: ProductStatus,
    /// The name of the order (`semver`, `custom`, `git` …).
    pub order: String,
    /// Where the range ends.
    pub end: Option<Bound>,
    /// From which version on, within the range, something else holds.
    pub changes: Vec<(String, ProductStatus)>,
}

/// Whether a version is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductStatus {
    /// It is.
    Affected,
    /// It is not.
    Unaffected,
    /// Nothing is known.
    Unknown,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The version.
    pub version: String,
    /// Whether it belongs to the range.
    pub inclusive: bool,
}

/// What must come together for a product to be affected (NVD API 2.0, `configurations`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// How the nodes are joined.
    pub operator: Operator,
    /// Whether the whole is negated.
    pub negate: bool,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// As in [`AffectedPackage::incomplete`].
    pub incomplete: bool,
}

/// A part of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// How the names are joined.
    pub operator: Operator,
    /// Whether the node is negated.
    pub negate: bool,
    /// The names.
    pub matches: Vec<CpeMatch>,
}

/// How parts are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// All of them.
    And,
    /// One of them.
    Or,
}

/// A CPE name with a range of versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpeMatch {
    /// The CPE 2.3 name.
    pub criteria: String,
    /// Whether this is what is vulnerable, or only what it runs on.
    pub vulnerable: bool,
    /// Where the range begins.
    pub start: Option<Bound>,
    /// Where the range ends.
    pub end: Option<Bound>,
}

/// Where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The source's word for what it is: `FIX`, `Patch`.
    pub kind: String,
    /// The address.
    pub url: String,
}

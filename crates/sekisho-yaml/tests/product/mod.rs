//! A product file in small: every shape of type that Sekisho's own files have.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Product {
    #[schemars(length(min = 1))]
    pub(crate) name: String,
    pub(crate) version: String,
    #[schemars(regex(pattern = "^[a-z][a-z0-9-]*$"))]
    pub(crate) id: Option<String>,
    pub(crate) markets: BTreeSet<Market>,
    #[serde(default)]
    pub(crate) interfaces: Vec<Interface>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, Text>,
    #[serde(default)]
    pub(crate) hours: BTreeMap<Day, u8>,
    pub(crate) support: Option<Support>,
    pub(crate) contact: Option<Contact>,
    #[serde(default)]
    pub(crate) evidence: Vec<Evidence>,
    #[serde(default)]
    pub(crate) battery: bool,
    pub(crate) weight: Option<f32>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Market {
    /// The European Union.
    Eu,
    /// Japan.
    Japan,
    /// The United States.
    Us,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Day {
    Monday,
    Sunday,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub(crate) en: String,
    pub(crate) ja: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Interface {
    Network { port: u16, encrypted: Option<bool> },
    Radio { band: f64 },
    Usb,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Support {
    Unlimited,
    Until(String),
    Years { count: u8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Contact {
    Address(String),
    Addresses(Vec<String>),
    Person { name: String, mail: String },
}

/// Where something was seen: a flattened, tagged enum beside ordinary fields.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Evidence {
    pub(crate) title: String,
    #[serde(flatten)]
    pub(crate) source: Source,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "from", content = "at", rename_all = "kebab-case")]
pub(crate) enum Source {
    File(String),
    Page { number: u32 },
    Nowhere,
}

pub(crate) const GOOD: &str = "
name: Lock
version: '2.10'
id: lock-1
markets: [eu, japan]
interfaces:
  - kind: network
    port: 443
  - {kind: radio, band: 2}
  - kind: usb
labels:
  box: {en: Lock, ja: 錠}
hours: {monday: 8}
support:
  years: {count: 5}
contact: [a@example.com]
evidence:
  - {title: a, from: file, at: log.txt}
  - title: b
    from: page
    at: {number: 3}
  - {title: c, from: nowhere}
battery: true
weight: 1
";

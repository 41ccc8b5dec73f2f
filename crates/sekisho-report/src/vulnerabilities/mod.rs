//! A report of known vulnerabilities as a terminal shows it and as other programs read it.
//!
//! - [`table`], [`changes_table`], [`since_table`]: for people;
//! - [`json()`]: the report, or what changed, as it is;
//! - [`cyclonedx()`]: a bill of the components concerned with their vulnerabilities (`CycloneDX` 1.6 VDR);
//! - [`csaf()`]: a CSAF 2.0 document of the profile VEX;
//! - [`openvex()`]: an `OpenVEX` 0.2.0 document.
//!
//! # What is claimed
//!
//! The report says of a component's version whether advisories call it affected. Nobody looked into whether the flaw can be used in the product.
//! The formats have words of different strength for that:
//!
//! | report | `CycloneDX` | CSAF | `OpenVEX` |
//! | --- | --- | --- | --- |
//! | affected, and somebody states that the product is | `exploitable` | `known_affected` | `affected` |
//! | affected | `in_triage`, the version `affected` | `known_affected` | `affected` |
//! | cannot be said | `in_triage`, the version `unknown` | `under_investigation` | `under_investigation` |
//! | not affected, as stated | `not_affected` | `known_not_affected` | `not_affected` |
//! | fixed, as stated | `resolved` | `fixed` | `fixed` |
//!
//! CSAF's *known affected* is said of versions, and its recommended action may be "learning more about the vulnerability"; `CycloneDX`'s
//! *exploitable* is said of the flaw in the product ("may be directly or indirectly exploitable", "after analysis"), which a version alone does
//! not show. A label for a reason goes from one format to another only where the other's says no more; else the reason is given in words.

mod components;
mod csaf;
mod cyclonedx;
mod error;
mod identifiers;
mod json;
mod justification;
mod openvex;
mod publisher;
mod rating;
pub(crate) mod updates;

use std::fmt::Write as _;

use sekisho_model::Lang;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, Statement, VulnerabilityReport};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::messages::vulnerabilities as m;
use crate::plain::is_trick;

pub use crate::terminal::{
    Shown, vulnerabilities as table, vulnerabilities_since as since_table, vulnerability_changes as changes_table,
};
pub use csaf::csaf;
pub use cyclonedx::cyclonedx;
pub use error::ExportError;
pub use json::json;
pub use openvex::openvex;
pub use publisher::{NoUri, Publisher};

/// The moment of a report as the formats write theirs.
fn moment(report: &VulnerabilityReport) -> Result<String, ExportError> {
    let moment = OffsetDateTime::parse(&report.made, &Rfc3339).ok();
    let text = moment.and_then(|moment| moment.format(&Rfc3339).ok());
    text.ok_or_else(|| ExportError::Moment(report.made.clone()))
}

/// A date as the formats write moments; none where it is no date.
fn midnight(day: &str) -> Option<String> {
    Some(format!("{}T00:00:00Z", crate::age::day(day)?))
}

/// An identifier that belongs to this report as a document of this `format` in this language and to no other.
fn identity(report: &VulnerabilityReport, format: &str, lang: Lang) -> Uuid {
    let json = serde_json::to_vec(report).expect("the model's maps have strings as keys");
    let name = [format.as_bytes(), lang.tag().as_bytes(), &Sha256::digest(json)].concat();
    Uuid::new_v5(&Uuid::NAMESPACE_URL, &name)
}

/// A document as text. It says the same with what would trick its readers written as JSON's escapes, which can only stand in strings.
fn printed(document: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(document).expect("the model's maps have strings as keys");
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c != '\n' && is_trick(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    text
}

/// The product's name with its version, preceded by its maker.
fn product_name(report: &VulnerabilityReport) -> String {
    let product = &report.product;
    let parts = [product.vendor.as_deref(), Some(product.name.as_str()), product.version.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "?".to_owned() } else { parts.join(" ") }
}

/// How it was concluded, in lines.
fn reasoning(value: &KnownVulnerability, lang: Lang) -> String {
    let mut lines: Vec<String> = value.because.iter().map(|why| why.get(lang).to_owned()).collect();
    match value.standing {
        Standing::Affected => lines.push(m::BY_VERSION.get(lang).to_owned()),
        Standing::Unknown => lines.push(m::UNSURE_NOTE.get(lang).to_owned()),
        Standing::NotAffected | Standing::Fixed => {}
    }
    lines.join("\n")
}

/// What removes it, in words.
fn action(value: &KnownVulnerability, lang: Lang) -> String {
    match &value.fixed_in {
        Some(fixed) => m::recommendation(&value.component, fixed).get(lang).to_owned(),
        None => m::NO_FIX_KNOWN.get(lang).to_owned(),
    }
}

/// Who stated it, in words.
fn attribution(statement: &Statement, lang: Lang) -> String {
    m::attribution(&statement.by, &statement.document).get(lang).to_owned()
}

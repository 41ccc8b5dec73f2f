//! CISA's catalogue of known exploited vulnerabilities, as JSON and as CSV.
//!
//! Source: `cisa.gov/known-exploited-vulnerabilities-catalog` and its JSON schema.

use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, is_cve, json};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{KevEntry, Record};
use crate::moment::Moment;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    #[serde(default, deserialize_with = "or_default")]
    date_released: String,
    count: Option<u64>,
    vulnerabilities: Vec<serde_json::Value>,
}

/// An entry; the same names are the columns of the CSV file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(rename = "cveID", default, deserialize_with = "or_default")]
    cve: String,
    #[serde(default, deserialize_with = "or_default")]
    vendor_project: String,
    #[serde(default, deserialize_with = "or_default")]
    product: String,
    #[serde(default, deserialize_with = "or_default")]
    vulnerability_name: String,
    #[serde(default, deserialize_with = "or_default")]
    date_added: String,
    #[serde(default, deserialize_with = "or_default")]
    required_action: String,
    #[serde(default, deserialize_with = "or_default")]
    due_date: String,
    #[serde(default, deserialize_with = "or_default")]
    known_ransomware_campaign_use: String,
}

/// Reads the JSON catalogue.
pub(crate) fn read_json(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |catalogue: Catalogue, parsed| {
        parsed.announced = catalogue.count;
        let mut entries = Vec::new();
        for value in catalogue.vulnerabilities {
            match serde_json::from_value::<Raw>(value) {
                Ok(raw) => entries.extend(entry(raw, limits, parsed)),
                Err(error) => parsed.note(Reason::BadJson, "", error),
            }
        }
        finish(parsed, entries, Moment::parse(&catalogue.date_released));
    })
}

/// Reads the CSV form, which does not say its own date.
pub(crate) fn read_csv(bytes: &[u8], limits: &Limits) -> Parsed {
    let mut parsed = Parsed::default();
    let mut entries = Vec::new();
    for row in csv::Reader::from_reader(bytes).deserialize::<Raw>() {
        match row {
            Ok(raw) => entries.extend(entry(raw, limits, &mut parsed)),
            Err(error) => parsed.note(Reason::BadCsv, "", error),
        }
    }
    finish(&mut parsed, entries, None);
    parsed
}

fn entry(raw: Raw, limits: &Limits, parsed: &mut Parsed) -> Option<KevEntry> {
    if !is_cve(&raw.cve) {
        parsed.note(Reason::BadId, &raw.cve, "no CVE identifier");
        return None;
    }
    Some(KevEntry {
        cve: raw.cve,
        vendor: cut(raw.vendor_project, limits.text),
        product: cut(raw.product, limits.text),
        name: cut(raw.vulnerability_name, limits.text),
        action: cut(raw.required_action, limits.text),
        added: Moment::parse(&raw.date_added),
        due: Moment::parse(&raw.due_date),
        ransomware: raw.known_ransomware_campaign_use == "Known",
        as_of: None,
    })
}

/// Dates the entries: by the catalogue's date or, where it has none, by its newest entry, than which it cannot be older.
fn finish(parsed: &mut Parsed, entries: Vec<KevEntry>, as_of: Option<Moment>) {
    let as_of = as_of.or_else(|| entries.iter().filter_map(|entry| entry.added).max());
    parsed.records.extend(entries.into_iter().map(|entry| Record::Kev(Box::new(KevEntry { as_of, ..entry }))));
}

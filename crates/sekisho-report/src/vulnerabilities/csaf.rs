//! A report as a CSAF 2.0 document of the profile VEX.
//!
//! Source: OASIS, *Common Security Advisory Framework Version 2.0* (2022): 3 (schema), 4.5 (profile VEX), 6.1 (mandatory tests).
//!
//! Of the profiles VEX is the one that says how each component of a product stands. A *security advisory* is how a maker tells of a flaw in
//! what they make, which a match of versions is not. A report in which nothing is known is of the profile *CSAF Base*, because VEX has no
//! document without a vulnerability.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Lang;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, VulnerabilityReport};
use serde_json::{Map, Value, json};

use super::components::{Component, concerned};
use super::identifiers::{is_cve, issuer};
use super::rating::{Scheme, rating};
use super::{
    ExportError, Publisher, action, attribution, identity, justification, midnight, moment, printed, product_name,
    reasoning,
};
use crate::messages::vulnerabilities as m;
use crate::plain::grouped;

/// The product's identifier in the document.
const PRODUCT: &str = "CSAFPID-0001";

/// The report as a CSAF 2.0 document. Texts of ours are in `lang`.
///
/// # Errors
/// Where the report does not say when it was made.
pub fn csaf(report: &VulnerabilityReport, publisher: &Publisher, lang: Lang) -> Result<String, ExportError> {
    let concerned = concerned(report, "");
    let mut vulnerabilities: Vec<(&str, Vec<Finding<'_>>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (value, at) in &concerned.findings {
        let place = *places.entry(&value.id).or_insert_with(|| {
            vulnerabilities.push((&value.id, Vec::new()));
            vulnerabilities.len() - 1
        });
        let Some(component) = concerned.components.get(*at) else { continue };
        if let Some((_, findings)) = vulnerabilities.get_mut(place) {
            add(findings, Finding { value, component, product: ids(*at).1 });
        }
    }
    let profile = if vulnerabilities.is_empty() { "csaf_base" } else { "csaf_vex" };
    let mut document = Map::from_iter([
        ("document".to_owned(), head(report, publisher, profile, lang)?),
        ("product_tree".to_owned(), tree(report, &concerned.components, lang)),
    ]);
    if !vulnerabilities.is_empty() {
        let listed = vulnerabilities.iter().map(|(id, findings)| vulnerability(id, findings, lang));
        document.insert("vulnerabilities".into(), listed.collect());
    }
    Ok(printed(&document))
}

/// The identifiers of a component by itself, and as a part of the product.
fn ids(at: usize) -> (String, String) {
    (format!("CSAFPID-1{at:04}"), format!("CSAFPID-2{at:04}"))
}

/// A vulnerability of a component.
struct Finding<'a> {
    value: &'a KnownVulnerability,
    component: &'a Component<'a>,
    /// The identifier of the component as a part of the product.
    product: String,
}

/// Adds a finding. A product has one status only (6.1.6): of two on the same component the worse one stays.
fn add<'a>(findings: &mut Vec<Finding<'a>>, finding: Finding<'a>) {
    let rank = |finding: &Finding<'_>| match finding.value.standing {
        Standing::Affected => 0,
        Standing::Unknown => 1,
        Standing::Fixed => 2,
        Standing::NotAffected => 3,
    };
    match findings.iter_mut().find(|known| known.product == finding.product) {
        Some(known) if rank(&finding) < rank(known) => *known = finding,
        Some(_) => {}
        None => findings.push(finding),
    }
}

/// A text where there has to be one.
fn filled(text: &str) -> &str {
    if text.is_empty() { "?" } else { text }
}

fn note(category: &str, title: &str, text: &str) -> Value {
    json!({ "category": category, "title": title, "text": filled(text) })
}

fn head(report: &VulnerabilityReport, publisher: &Publisher, profile: &str, lang: Lang) -> Result<Value, ExportError> {
    let database = &report.database;
    let imported = database.imported.as_deref().map(crate::age::day_of);
    let basis = m::basis(&grouped(report.components as u64), &database.digest, imported.as_deref());
    let mut notes = vec![note("general", m::N_BASIS.get(lang), basis.get(lang))];
    if profile == "csaf_base" {
        notes.push(note("summary", m::N_BASIS.get(lang), m::NONE_KNOWN.get(lang)));
    }
    notes.extend(database.warnings.iter().map(|warning| note("general", m::N_WARNING.get(lang), warning.get(lang))));
    if !report.not_judged.is_empty() {
        let count = m::not_judged(&grouped(report.not_judged.len() as u64));
        notes.push(note("general", m::N_NOT_JUDGED.get(lang), count.get(lang)));
    }
    let made = moment(report)?;
    let (tool, version) = report.tool.rsplit_once(' ').unwrap_or((&report.tool, "?"));
    let is_vendor = report.product.vendor.as_deref() == Some(publisher.name());
    Ok(json!({
        "category": profile,
        "csaf_version": "2.0",
        "lang": lang.tag(),
        "title": m::title(&product_name(report)).get(lang),
        "notes": notes,
        "publisher": {
            "category": if is_vendor { "vendor" } else { "other" },
            "name": filled(publisher.name()),
            "namespace": publisher.namespace(),
        },
        "tracking": {
            "id": format!("sekisho-{}", identity(report, "csaf", lang)),
            // What is known of vulnerabilities is never final.
            "status": "interim",
            "version": "1",
            "initial_release_date": made,
            "current_release_date": made,
            "revision_history": [{ "number": "1", "date": made, "summary": m::FIRST_VERSION.get(lang) }],
            "generator": { "date": made, "engine": { "name": filled(tool), "version": filled(version) } },
        },
    }))
}

/// The product, the components concerned, and these as parts of the product: what is said of a component is said of it there.
fn tree(report: &VulnerabilityReport, components: &[Component<'_>], lang: Lang) -> Value {
    let whole = product_name(report);
    let product = &report.product;
    let named = json!({ "name": whole, "product_id": PRODUCT });
    let own = branch(filled(&product.name), product.version.as_deref(), &named);
    let vendor = product.vendor.as_deref().filter(|vendor| !vendor.is_empty());
    let mut branches = vec![match vendor {
        Some(vendor) => json!({ "category": "vendor", "name": vendor, "branches": [own] }),
        None => own,
    }];
    let mut relationships = Vec::new();
    for (at, component) in components.iter().enumerate() {
        let (alone, inside) = ids(at);
        let title = component.title();
        let mut named = json!({ "name": title, "product_id": alone });
        let helper: Map<String, Value> = [("purl", component.purl), ("cpe", component.cpe)]
            .into_iter()
            .filter_map(|(key, text)| Some((key.to_owned(), text?.into())))
            .collect();
        if !helper.is_empty() {
            named["product_identification_helper"] = helper.into();
        }
        branches.push(branch(filled(component.name), component.version, &named));
        relationships.push(json!({
            "category": "default_component_of",
            "product_reference": alone,
            "relates_to_product_reference": PRODUCT,
            "full_product_name": { "name": m::part_of(&title, &whole).get(lang), "product_id": inside },
        }));
    }
    let mut tree = Map::from_iter([("branches".to_owned(), branches.into())]);
    if !relationships.is_empty() {
        tree.insert("relationships".into(), relationships.into());
    }
    tree.into()
}

/// A product's name and under it its version, where that can be said apart.
fn branch(name: &str, version: Option<&str>, product: &Value) -> Value {
    match version.filter(|version| is_one_version(version)) {
        Some(version) => {
            let version = json!({ "category": "product_version", "name": version, "product": product });
            json!({ "category": "product_name", "name": name, "branches": [version] })
        }
        None => json!({ "category": "product_name", "name": name, "product": product }),
    }
}

/// Whether a text can be the name of one version: none of the signs and words for ranges may stand in it (6.1.31).
fn is_one_version(text: &str) -> bool {
    const WORDS: [&str; 7] = ["after", "all", "before", "earlier", "later", "prior", "versions"];
    let lower = text.to_lowercase();
    !lower.is_empty() && !lower.contains(['<', '>']) && !WORDS.iter().any(|word| lower.contains(word))
}

fn vulnerability(id: &str, findings: &[Finding<'_>], lang: Lang) -> Value {
    let mut out = Map::new();
    let mut names: BTreeSet<&str> = findings.iter().flat_map(|f| &f.value.aliases).map(String::as_str).collect();
    if is_cve(id) {
        out.insert("cve".into(), id.into());
        names.remove(id);
    } else {
        names.insert(filled(id));
    }
    // Readers take the first of several for its name.
    let own = names.take(id);
    let names: Vec<&str> = own.into_iter().chain(names).filter(|name| !name.is_empty()).collect();
    if !names.is_empty() {
        let listed = names.iter().map(|name| json!({ "system_name": issuer(name).name, "text": name }));
        out.insert("ids".into(), listed.collect());
    }
    let addresses = std::iter::once(&id).chain(&names).collect::<BTreeSet<_>>().into_iter().filter_map(|name| {
        let issuer = issuer(name);
        Some(json!({ "category": "external", "summary": format!("{}: {name}", issuer.name), "url": issuer.address? }))
    });
    let addresses: Vec<Value> = addresses.collect();
    if !addresses.is_empty() {
        out.insert("references".into(), addresses.into());
    }
    if let Some(day) = findings.iter().find_map(|f| f.value.published.as_deref().and_then(midnight)) {
        out.insert("release_date".into(), day.into());
    }
    out.insert("product_status".into(), statuses(findings));
    out.insert("notes".into(), notes(findings, lang).into());
    let lists = [
        ("flags", flags(findings)),
        ("remediations", remediations(findings, lang)),
        ("scores", scores(findings)),
        ("threats", threats(findings, lang)),
    ];
    out.extend(lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(key, list)| (key.to_owned(), list.into())));
    out.into()
}

fn statuses(findings: &[Finding<'_>]) -> Value {
    let mut statuses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for finding in findings {
        let status = match finding.value.standing {
            Standing::Affected => "known_affected",
            Standing::Unknown => "under_investigation",
            Standing::NotAffected => "known_not_affected",
            Standing::Fixed => "fixed",
        };
        statuses.entry(status).or_default().push(&finding.product);
    }
    json!(statuses)
}

fn notes(findings: &[Finding<'_>], lang: Lang) -> Vec<Value> {
    let summary = findings.iter().map(|f| f.value.summary.as_str()).find(|summary| !summary.is_empty());
    let mut notes = vec![note("description", m::N_DESCRIPTION.get(lang), summary.unwrap_or(m::NO_SUMMARY.get(lang)))];
    for Finding { value, component, .. } in findings {
        let title = |about: &str| format!("{about}: {}", component.title());
        let reasoning = reasoning(value, lang);
        if !reasoning.is_empty() {
            notes.push(note("details", &title(m::HOW_CONCLUDED.get(lang)), &reasoning));
        }
        if let Some(statement) = &value.statement {
            notes.push(note("other", &title(m::N_STATED.get(lang)), &attribution(statement, lang)));
        }
        // What the format has no field for, or what does not fit into the field.
        if let (None, Some(vector)) = (rating(value), &value.vector) {
            let text = format!("CVSS {} ({vector})", value.score.as_deref().unwrap_or("?"));
            notes.push(note("other", &title(m::N_RATING.get(lang)), &text));
        }
    }
    let values = || findings.iter().map(|finding| finding.value);
    if let Some(epss) = values().find_map(|value| value.epss.as_deref()) {
        notes.push(note("other", "EPSS", m::probability(epss).get(lang)));
    }
    if values().any(|value| value.disputed) {
        notes.push(note("other", m::DISPUTED.get(lang), m::DISPUTED_NOTE.get(lang)));
    }
    notes
}

/// Products by what is said of them.
type Grouped<'a, T> = BTreeMap<T, Vec<&'a str>>;

fn flags(findings: &[Finding<'_>]) -> Vec<Value> {
    let mut labels: Grouped<'_, &str> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.value.standing == Standing::NotAffected) {
        let label = finding.value.statement.as_ref().and_then(|s| justification::shared(&s.justification));
        if let Some(label) = label {
            labels.entry(label).or_default().push(&finding.product);
        }
    }
    labels.into_iter().map(|(label, products)| json!({ "label": label, "product_ids": products })).collect()
}

fn remediations(findings: &[Finding<'_>], lang: Lang) -> Vec<Value> {
    let mut actions: Grouped<'_, (&str, String)> = BTreeMap::new();
    let open = |finding: &&Finding<'_>| matches!(finding.value.standing, Standing::Affected | Standing::Unknown);
    for finding in findings.iter().filter(open) {
        // "An official fix that is issued by the original author of the affected component" (3.2.3.12.1).
        let category = if finding.value.fixed_in.is_some() { "vendor_fix" } else { "none_available" };
        actions.entry((category, action(finding.value, lang))).or_default().push(&finding.product);
    }
    let actions = actions.into_iter().map(
        |((category, details), products)| json!({ "category": category, "details": details, "product_ids": products }),
    );
    actions.collect()
}

/// The ratings that versions 2 and 3 of CVSS make; the format has no field for others.
fn scores(findings: &[Finding<'_>]) -> Vec<Value> {
    let mut scores: Vec<(Value, Vec<&str>)> = Vec::new();
    // Where it is fixed, a score would say that it is still as severe (6.2.19).
    for finding in findings.iter().filter(|finding| finding.value.standing != Standing::Fixed) {
        let Some(rating) = rating(finding.value) else { continue };
        let version = match rating.scheme {
            Scheme::V2 => "2.0",
            Scheme::V30 => "3.0",
            Scheme::V31 => "3.1",
            Scheme::V4 => continue,
        };
        let mut score = json!({ "version": version, "vectorString": rating.vector, "baseScore": rating.score });
        let key = if rating.scheme == Scheme::V2 { "cvss_v2" } else { "cvss_v3" };
        if key == "cvss_v3" {
            score["baseSeverity"] = rating.severity.to_uppercase().into();
        }
        let score = json!({ key: score });
        match scores.iter_mut().find(|(known, _)| *known == score) {
            Some((_, products)) => products.push(&finding.product),
            None => scores.push((score, vec![&finding.product])),
        }
    }
    let scores = scores.into_iter().map(|(mut score, products)| {
        score["products"] = products.into();
        score
    });
    scores.collect()
}

fn threats(findings: &[Finding<'_>], lang: Lang) -> Vec<Value> {
    let mut threats: Grouped<'_, (&str, String)> = BTreeMap::new();
    for finding in findings {
        let value = finding.value;
        if value.exploited {
            let known = ("exploit_status", m::IN_KEV.get(lang).to_owned());
            threats.entry(known).or_default().push(&finding.product);
        }
        if value.standing == Standing::NotAffected {
            let words = match &value.statement {
                Some(statement) if justification::shared(&statement.justification).is_some() => {
                    statement.detail.clone()
                }
                Some(statement) => justification::in_words(statement, lang),
                None => reasoning(value, lang),
            };
            // There has to be a reason, and where it is a label nothing more.
            if !words.is_empty() || value.statement.is_none() {
                let words = if words.is_empty() { m::IS_NOT_AFFECTED.get(lang).to_owned() } else { words };
                threats.entry(("impact", words)).or_default().push(&finding.product);
            }
        }
    }
    let threats = threats.into_iter().map(
        |((category, details), products)| json!({ "category": category, "details": details, "product_ids": products }),
    );
    threats.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_no_range() {
        assert!(is_one_version("1.1.1n-0+deb11u5") && is_one_version("2.0 beta"));
        for range in ["", "<2", ">= 1", "all", "1.0 and later", "Prior to 2"] {
            assert!(!is_one_version(range), "{range}");
        }
    }
}

//! What other programs read: as it stands, and against the official schemas, which lie outside the repository.

use std::collections::BTreeSet;
use std::fs;

use jsonschema::{Registry, Resource, Validator};
use proptest::prelude::*;
use sekisho_model::Lang;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, Statement, VulnerabilityReport};
use sekisho_report::vulnerabilities::{ExportError, Publisher, csaf, cyclonedx, openvex};
use serde_json::Value;

use super::report::{clean, facts, report};

fn publisher() -> Publisher {
    Publisher::new("Acme PSIRT", "https://psirt.example").unwrap()
}

fn parsed(document: Result<String, ExportError>) -> Value {
    serde_json::from_str(&document.unwrap()).unwrap()
}

#[test]
fn cyclonedx_en() {
    insta::assert_snapshot!(cyclonedx(&report(), Lang::En).unwrap());
}

#[test]
fn csaf_en() {
    insta::assert_snapshot!(csaf(&report(), &publisher(), Lang::En).unwrap());
}

#[test]
fn csaf_ja() {
    insta::assert_snapshot!(csaf(&report(), &Publisher::of(&report()).unwrap(), Lang::Ja).unwrap());
}

#[test]
fn csaf_of_a_product_without_known_vulnerabilities() {
    assert_eq!(Publisher::of(&clean()), None);
    insta::assert_snapshot!(csaf(&clean(), &publisher(), Lang::En).unwrap());
}

#[test]
fn openvex_en() {
    insta::assert_snapshot!(openvex(&report(), &publisher(), Lang::En).unwrap());
}

#[test]
fn what_differs_in_japanese_is_our_own_text() {
    // The identifier of a document is one of its language too.
    let changed = |en: &Value, ja: &Value| {
        let mut paths = Vec::new();
        differences(en, ja, "", &mut paths);
        paths.sort();
        paths.dedup();
        paths
    };
    let of = |lang| parsed(openvex(&report(), &publisher(), lang));
    let expected =
        ["/@id", "/statements/*/action_statement", "/statements/*/impact_statement", "/statements/*/status_notes"];
    assert_eq!(changed(&of(Lang::En), &of(Lang::Ja)), expected);
    let of = |lang| parsed(cyclonedx(&report(), lang));
    let expected = [
        "/metadata/properties/*/value",
        "/serialNumber",
        "/vulnerabilities/*/analysis/detail",
        "/vulnerabilities/*/recommendation",
    ];
    assert_eq!(changed(&of(Lang::En), &of(Lang::Ja)), expected);
}

fn differences(a: &Value, b: &Value, path: &str, paths: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{path}");
            for (key, a) in a {
                differences(a, &b[key], &format!("{path}/{key}"), paths);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            for (a, b) in a.iter().zip(b) {
                differences(a, b, &format!("{path}/*"), paths);
            }
        }
        (a, b) if a != b => paths.push(path.to_owned()),
        _ => {}
    }
}

#[test]
fn the_same_report_gives_the_same_bytes_and_another_one_another_name() {
    let mut other = report();
    other.components += 1;
    for lang in Lang::ALL {
        let all = |report: &VulnerabilityReport| {
            let vex = openvex(report, &publisher(), lang).unwrap();
            [cyclonedx(report, lang).unwrap(), csaf(report, &publisher(), lang).unwrap(), vex]
        };
        assert_eq!(all(&report()), all(&report()));
        let id = |documents: [String; 3]| {
            let [cyclonedx, csaf, openvex] = documents.map(|text| serde_json::from_str::<Value>(&text).unwrap());
            let tracking = &csaf["document"]["tracking"]["id"];
            [cyclonedx["serialNumber"].to_string(), tracking.to_string(), openvex["@id"].to_string()]
        };
        let (ours, others) = (id(all(&report())), id(all(&other)));
        assert!(ours.iter().zip(&others).all(|(a, b)| a != b), "{ours:?}");
    }
}

#[test]
fn nothing_hidden_stands_in_a_document() {
    for text in [
        cyclonedx(&report(), Lang::En),
        csaf(&report(), &publisher(), Lang::En),
        openvex(&report(), &publisher(), Lang::En),
    ] {
        let text = text.unwrap();
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\u{7}']), "{text}");
        // It is said all the same.
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(value.to_string().contains('\u{202e}'));
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    assert_eq!(openvex(&clean(), &publisher(), Lang::En), Err(ExportError::NothingToState));
    let undated = VulnerabilityReport { made: "today".into(), ..report() };
    let expected = Err(ExportError::Moment("today".into()));
    assert_eq!(cyclonedx(&undated, Lang::En), expected);
    assert_eq!(csaf(&undated, &publisher(), Lang::En), expected);
    assert_eq!(openvex(&undated, &publisher(), Lang::En), expected);
    assert!(Publisher::new("Acme", "psirt.example").unwrap_err().to_string().contains("such as https://"));
}

fn schema(path: &str) -> Option<Value> {
    let file = sekisho_test::shared_data(path)?;
    Some(serde_json::from_slice(&fs::read(file).unwrap()).unwrap())
}

fn validator(schema: &Value, others: Vec<(&str, Value)>) -> Validator {
    let mut registry = Registry::new();
    for (id, other) in others {
        registry = registry.add(id, Resource::from_contents(other)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options().with_registry(&registry).should_validate_formats(true).build(schema).unwrap()
}

fn cyclonedx_validator() -> Option<Validator> {
    let read = |name: &str| schema(&format!("schemas/cyclonedx/{name}.schema.json"));
    let others = vec![
        ("http://cyclonedx.org/schema/spdx.schema.json", read("spdx")?),
        ("http://cyclonedx.org/schema/jsf-0.82.schema.json", read("jsf-0.82")?),
    ];
    Some(validator(&read("bom-1.6")?, others))
}

fn csaf_validator() -> Option<Validator> {
    let read = |name: &str| schema(&format!("schemas/csaf-2.0/{name}.json"));
    let others = vec![
        ("https://www.first.org/cvss/cvss-v2.0.json", read("cvss-v2.0_strict")?),
        ("https://www.first.org/cvss/cvss-v3.0.json", read("cvss-v3.0_strict")?),
        ("https://www.first.org/cvss/cvss-v3.1.json", read("cvss-v3.1_strict")?),
    ];
    Some(validator(&read("csaf_json_schema")?, others))
}

/// The schema stands in the repository of the specification (`openvex/spec`), whose licence is not ours to pass on: where somebody put a copy.
fn openvex_validator() -> Option<Validator> {
    Some(validator(&schema("schemas/openvex/openvex_json_schema.json")?, Vec::new()))
}

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    let told = |error: jsonschema::ValidationError<'_>| {
        format!("{}: {}", error.instance_path(), error.to_string().chars().take(300).collect::<String>())
    };
    validator.iter_errors(value).take(5).map(told).collect()
}

#[test]
fn cyclonedx_is_valid() {
    let Some(validator) = cyclonedx_validator() else { return };
    for (report, lang) in [(report(), Lang::En), (report(), Lang::Ja), (clean(), Lang::En)] {
        let mut value = parsed(cyclonedx(&report, lang));
        assert_eq!(faults(&validator, &value), [""; 0]);
        assert_eq!(cyclonedx_faults(&value), [""; 0]);
        // The schema would say so if something were wrong.
        value["metadata"]["component"]["type"] = "camera".into();
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn csaf_is_valid() {
    let Some(validator) = csaf_validator() else { return };
    for (report, lang) in [(report(), Lang::En), (report(), Lang::Ja), (clean(), Lang::En)] {
        let mut value = parsed(csaf(&report, &publisher(), lang));
        assert_eq!(faults(&validator, &value), [""; 0]);
        value["document"]["publisher"]["namespace"] = "here".into();
        assert!(!validator.is_valid(&value));
    }
    let value = parsed(csaf(&report(), &publisher(), Lang::En));
    let scored = value["vulnerabilities"].as_array().unwrap().iter().filter(|v| !v["scores"].is_null()).count();
    assert_eq!(scored, 5, "the schema saw no scores");
}

#[test]
fn openvex_is_valid() {
    let Some(validator) = openvex_validator() else { return };
    for lang in Lang::ALL {
        let mut value = parsed(openvex(&report(), &publisher(), lang));
        assert_eq!(faults(&validator, &value), [""; 0]);
        value["statements"][0]["status"] = "doomed".into();
        assert!(!validator.is_valid(&value));
    }
}

fn strings<'a>(value: &'a Value, path: &str) -> Vec<&'a str> {
    match path.split_once('.') {
        _ if value.is_array() => value.as_array().unwrap().iter().flat_map(|inner| strings(inner, path)).collect(),
        None if path.is_empty() => value.as_str().into_iter().collect(),
        None => strings(&value[path], ""),
        Some((key, rest)) => strings(&value[key], rest),
    }
}

/// What a schema cannot say of a bill: every reference leads somewhere, and only to one place.
fn cyclonedx_faults(bill: &Value) -> Vec<String> {
    let references = strings(bill, "components.bom-ref");
    let known: BTreeSet<&str> = references.iter().copied().chain(["product"]).collect();
    let mut faults = Vec::new();
    if known.len() != references.len() + 1 {
        faults.push("a reference is there twice".to_owned());
    }
    let dangling = strings(bill, "vulnerabilities.affects.ref").into_iter().filter(|to| !known.contains(to));
    faults.extend(dangling.map(|to| format!("{to} is no component")));
    faults
}

/// The mandatory tests of CSAF 2.0 (6.1) that a document of ours could fail.
fn csaf_faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let tree = &document["product_tree"];
    let mut defined = strings(tree, "relationships.full_product_name.product_id");
    let mut branches: Vec<&Value> = tree["branches"].as_array().into_iter().flatten().collect();
    while let Some(branch) = branches.pop() {
        defined.extend(strings(branch, "product.product_id"));
        branches.extend(branch["branches"].as_array().into_iter().flatten());
        let name = branch["name"].as_str().unwrap().to_lowercase();
        let is_range =
            name.contains(['<', '>']) || ["after", "all", "before", "later", "prior"].iter().any(|w| name.contains(w));
        if branch["category"] == "product_version" && is_range {
            faults.push(format!("6.1.31: {name}"));
        }
    }
    let products: BTreeSet<&str> = defined.iter().copied().collect();
    if products.len() != defined.len() {
        faults.push("6.1.2: a product is defined twice".into());
    }
    let used = ["product_reference", "relates_to_product_reference"].map(|key| strings(&tree["relationships"], key));
    let mut used: Vec<&str> = used.concat();
    let vulnerabilities: Vec<&Value> = document["vulnerabilities"].as_array().into_iter().flatten().collect();
    let cves = strings(&document["vulnerabilities"], "cve");
    if cves.iter().collect::<BTreeSet<_>>().len() != cves.len() {
        faults.push("6.1.23: a CVE is there twice".into());
    }
    for vulnerability in vulnerabilities {
        let mut of_status: Vec<&str> = Vec::new();
        for products in vulnerability["product_status"].as_object().unwrap().values() {
            of_status.extend(products.as_array().unwrap().iter().filter_map(Value::as_str));
        }
        if of_status.is_empty() || of_status.iter().collect::<BTreeSet<_>>().len() != of_status.len() {
            faults.push("6.1.6: a product has no status, or several".into());
        }
        let listed = |key: &str| strings(&vulnerability[key], "product_ids");
        used.extend(
            of_status.iter().copied().chain(listed("flags")).chain(listed("threats")).chain(listed("remediations")),
        );
        used.extend(strings(&vulnerability["scores"], "products"));
        let status = |word: &str| strings(&vulnerability["product_status"], word);
        let impacts = vulnerability["threats"].as_array().into_iter().flatten().filter(|t| t["category"] == "impact");
        let impacts: Vec<&str> = impacts.flat_map(|threat| strings(threat, "product_ids")).collect();
        if status("known_not_affected").iter().any(|p| !impacts.contains(p) && !listed("flags").contains(p)) {
            faults.push("6.1.27.9: no reason".into());
        }
        if status("known_affected").iter().any(|product| !listed("remediations").contains(product)) {
            faults.push("6.1.27.10: no action".into());
        }
        if vulnerability["cve"].is_null() && vulnerability["ids"].is_null() {
            faults.push("6.1.27.8: no identifier".into());
        }
        if vulnerability["notes"].is_null() {
            faults.push("6.1.27.5: no note".into());
        }
    }
    faults.extend(used.into_iter().filter(|id| !products.contains(id)).map(|id| format!("6.1.1: {id}")));
    faults
}

#[test]
fn mandatory_tests_of_csaf() {
    for (report, lang) in [(report(), Lang::En), (report(), Lang::Ja), (clean(), Lang::En)] {
        assert_eq!(csaf_faults(&parsed(csaf(&report, &publisher(), lang))), [""; 0]);
    }
}

/// Texts as they come: ordinary, empty, of either script, with what other formats give a meaning.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,6}",
        "[0-9.]{1,5}",
        "(CVE|GHSA)-20[0-9]{2}-[0-9]{4,5}",
        "pkg:[a-z]{2,4}/[a-z%@ ]{1,6}",
        any::<String>()
    ]
}

fn any_vulnerability() -> impl Strategy<Value = KnownVulnerability> {
    let standing =
        prop::sample::select(vec![Standing::Affected, Standing::Unknown, Standing::NotAffected, Standing::Fixed]);
    let justification = prop::sample::select(vec!["", "component_not_present", "protected_at_runtime", "our own"]);
    let stated = prop::option::of((text(), justification, text(), text(), text()));
    let names = (prop::sample::select(vec!["CVE-2024-1111", "CVE-2024-2222"]).prop_map(str::to_owned), text());
    let id = (names, any::<bool>()).prop_map(|((usual, odd), is_usual)| if is_usual { usual } else { odd });
    let component = (text(), prop::option::of(text()), prop::option::of(text()), prop::option::of(text()));
    let rest = (prop::collection::vec(text(), 0..3), text(), prop::option::of(text()), any::<bool>());
    (id, component, standing, stated, rest, prop::option::of(text())).prop_map(
        |(
            id,
            (component, version, purl, reference),
            standing,
            stated,
            (aliases, summary, fixed_in, exploited),
            score,
        )| {
            let statement = stated.map(|(status, justification, detail, by, document)| Statement {
                status,
                justification: justification.into(),
                detail,
                by,
                document,
            });
            KnownVulnerability {
                id,
                aliases,
                summary,
                component,
                version,
                cpe: purl.clone(),
                purl,
                reference,
                standing,
                fixed_in,
                exploited,
                score,
                statement,
                ..KnownVulnerability::default()
            }
        },
    )
}

#[test]
fn whatever_a_report_holds_the_documents_are_valid() {
    let bill = cyclonedx_validator();
    let advisory = csaf_validator();
    let statements = openvex_validator();
    let valid = |validator: &Option<Validator>, value: &Value| -> Vec<String> {
        validator.as_ref().map(|validator| faults(validator, value)).unwrap_or_default()
    };
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) };
    proptest!(config, |(found in prop::collection::vec(any_vulnerability(), 0..6), name in text(), vendor in prop::option::of(text()))| {
        let mut report = report();
        report.product.name = name;
        report.product.version = vendor.clone();
        report.product.vendor = vendor;
        report.vulnerabilities = facts(found);
        let cyclonedx = parsed(cyclonedx(&report, Lang::En));
        prop_assert_eq!(valid(&bill, &cyclonedx), [""; 0]);
        prop_assert_eq!(cyclonedx_faults(&cyclonedx), [""; 0]);
        let csaf = parsed(csaf(&report, &publisher(), Lang::En));
        prop_assert_eq!(valid(&advisory, &csaf), [""; 0]);
        prop_assert_eq!(csaf_faults(&csaf), [""; 0]);
        if !report.vulnerabilities.is_empty() {
            let openvex = parsed(openvex(&report, &publisher(), Lang::En));
            prop_assert_eq!(valid(&statements, &openvex), [""; 0]);
        }
    });
}

//! The HTML report: self-contained, well-formed, complete in both languages, and deaf to what artefacts whisper.

mod fixture;

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use sekisho_model::{Lang, Text};
use sekisho_report::{Texts, html, json};

fn page(lang: Lang) -> String {
    html::report(&fixture::assessment(), &fixture::texts(), lang).expect("the templates render")
}

/// The page without its style and script, which are no markup.
fn markup(page: &str) -> String {
    let mut rest = page;
    let mut markup = String::new();
    for tag in ["style", "script"] {
        let (before, after) = rest.split_once(&format!("<{tag}>")).expect("there is one");
        let (_, after) = after.split_once(&format!("</{tag}>")).expect("it is closed");
        markup.push_str(before);
        rest = after;
    }
    markup + rest
}

/// All attributes: element, name, value.
fn attributes(markup: &str) -> Vec<(String, String, String)> {
    let mut reader = Reader::from_str(markup);
    let mut attributes = Vec::new();
    let mut open = 0usize;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("at {}: {error}", reader.buffer_position())) {
            Event::Eof => break,
            event => {
                match &event {
                    Event::Start(_) => open += 1,
                    Event::End(_) => open -= 1,
                    _ => {}
                }
                let (Event::Start(element) | Event::Empty(element)) = event else { continue };
                let name = element.name().as_ref().to_owned();
                for attribute in element.attributes() {
                    let attribute = attribute.expect("a name and a quoted value");
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute.value.into_owned();
                    attributes.push((name.clone(), key, value));
                }
            }
        }
    }
    assert_eq!(open, 0, "every element is closed");
    attributes
}

#[test]
fn it_is_well_formed_and_needs_nothing_from_elsewhere() {
    let page = page(Lang::En);
    let attributes = attributes(&markup(&page));
    for (element, name, value) in &attributes {
        let refers = ["src", "href", "xlink:href", "data", "action", "srcset", "poster"].contains(&name.as_str());
        assert!(!refers || value.starts_with('#'), "<{element} {name}={value}>");
        assert!(!name.starts_with("on"), "<{element} {name}>: no script but the one");
        assert_ne!(name, "style", "<{element}>: the policy forbids it");
    }
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    assert!(!style.contains("@import") && !style.contains("url(http") && !style.contains("//"));
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src &#x27;none&#x27;"));
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    let attributes = attributes(&markup(&page(Lang::En)));
    let mut ids = BTreeSet::new();
    for (_, _, id) in attributes.iter().filter(|(_, name, _)| name == "id") {
        assert!(ids.insert(id.clone()), "twice: {id}");
    }
    for (element, name, value) in &attributes {
        match name.as_str() {
            "href" => assert!(ids.contains(&value[1..]), "<{element} href={value}>"),
            "for" | "aria-labelledby" => assert!(ids.contains(value), "<{element} {name}={value}>"),
            _ => {}
        }
    }
}

#[test]
fn what_artefacts_hold_stays_text() {
    let page = page(Lang::Ja);
    assert!(!page.contains("<script>alert"), "an excerpt became an element");
    assert!(page.contains("&lt;script&gt;alert") || page.contains("&#60;script&#62;alert"));
    let trick = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert_eq!(page.chars().find(|c| trick(*c)), None);
    assert!(page.contains("\\u{202e}"), "what was there is shown");
}

#[test]
fn both_languages_are_there_in_full() {
    let (assessment, texts) = (fixture::assessment(), fixture::texts());
    let page = page(Lang::En);
    let spans = |lang: &str| page.matches(&format!("<span lang=\"{lang}\">")).count();
    assert_eq!(spans("en"), spans("ja"));
    let mut expected: Vec<&Text> = Vec::new();
    expected.extend(assessment.findings.iter().flat_map(|f| [&f.title, &f.message, &f.advice]));
    expected.extend(assessment.objectives.iter().map(|o| &o.because));
    expected.extend(assessment.controls.iter().map(|c| &c.because));
    expected.extend(assessment.not_looked_at.iter().flat_map(|n| [&n.reason, &n.settled_by]));
    for control in &assessment.controls {
        let (_, control) = texts.control(&control.id).expect("the fixture has it");
        expected.extend([&control.title, &control.statement]);
        expected.extend(control.mappings.iter().map(|mapping| &mapping.rationale));
    }
    for objective in texts.areas().iter().flat_map(|area| &area.objectives) {
        expected.extend([&objective.title, &objective.question, &objective.met_when, &objective.how_to_check]);
    }
    for text in expected {
        for lang in Lang::ALL {
            // Up to the first sign that is escaped or becomes markup, which is enough to know it by.
            let known = text.get(lang).split(['<', '>', '&', '"', '\'', '`']).next().unwrap_or_default();
            assert!(page.contains(known), "{lang}: {known}");
        }
    }
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    for lang in Lang::ALL {
        assert_eq!(page(lang), page(lang));
    }
    assert!(page(Lang::Ja).contains("<html lang=\"ja\">"));
}

#[test]
fn an_assessment_of_nothing_has_a_report_too() {
    let mut assessment = fixture::assessment();
    assessment.artefacts.clear();
    assessment.documents.clear();
    assessment.objectives.clear();
    assessment.controls.clear();
    assessment.findings.clear();
    assessment.facts.clear();
    assessment.coverage.clear();
    assessment.not_looked_at.clear();
    let page = html::report(&assessment, &fixture::texts(), Lang::En).expect("the templates render");
    attributes(&markup(&page));
}

#[test]
fn ids_that_the_catalog_does_not_know_are_shown_as_they_are() {
    let mut assessment = fixture::assessment();
    for finding in &mut assessment.findings {
        finding.objective = "gone-\"><b>".into();
        finding.check = "gone".into();
    }
    for control in &mut assessment.controls {
        control.id = control.id.replace("303-645:", "303-645:gone-<b>");
    }
    assessment.facts.truncate(1);
    let page = html::report(&assessment, &fixture::texts(), Lang::En).expect("the templates render");
    attributes(&markup(&page));
    assert!(!page.contains("gone-<b>") && !page.contains("gone-\"><b>"));
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let mut assessment = fixture::assessment();
    let fact = assessment.facts[0].clone();
    assessment.facts.extend(std::iter::repeat_n(fact, 700));
    let page = html::report(&assessment, &fixture::texts(), Lang::En).expect("the templates render");
    assert_eq!(page.matches("id=\"fact-").count(), 500 + assessment.facts.len() - 700 - 3);
    assert!(page.contains("203 more are left out here"));
}

#[test]
fn json_is_the_assessment() {
    let assessment = fixture::assessment();
    let json = json::assessment(&assessment);
    assert!(json.ends_with("}\n"));
    let back: sekisho_model::assessment::Assessment = serde_json::from_str(&json).expect("it reads back");
    assert_eq!(back, assessment);
}

#[test]
fn known_vulnerabilities_are_a_table_in_both_languages() {
    use sekisho_model::fact::{Fact, Observed, Source};
    use sekisho_model::verdict::Severity;
    use sekisho_model::vulnerability::{Exposure, KnownVulnerability, Standing, Statement};
    let mut assessment = fixture::assessment();
    let affected = KnownVulnerability {
        id: "CVE-2021-44228".into(),
        component: "log4j-core".into(),
        version: Some("2.14.1".into()),
        standing: Standing::Affected,
        severity: Some(Severity::Critical),
        score: Some("10.0".into()),
        exposure: Exposure::Network,
        exploited: true,
        fixed_in: Some("2.15.0".into()),
        because: vec![Text::new("2.14.1 is before <2.15.0>", "2.14.1は<2.15.0>より前")],
        ..KnownVulnerability::default()
    };
    let settled = KnownVulnerability {
        id: "CVE-2023-38545".into(),
        component: "curl".into(),
        standing: Standing::NotAffected,
        statement: Some(Statement {
            status: "not-affected".into(),
            justification: "code_not_reachable".into(),
            by: "Acme <b>".into(),
            ..Statement::default()
        }),
        ..KnownVulnerability::default()
    };
    assessment.facts.extend([affected, settled].map(|value| Fact {
        observed: Observed::KnownVulnerability(Box::new(value)),
        subject: "device".into(),
        source: Source::default(),
    }));
    let page = html::report(&assessment, &fixture::texts(), Lang::Ja).expect("the templates render");
    let (_, table) = page.split_once("id=\"t-known-vulnerability\"").expect("there is a table of them");
    let (table, _) = table.split_once("</table>").expect("it ends");
    insta::assert_snapshot!(table);
}

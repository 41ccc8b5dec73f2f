//! ZAP's traditional report, as JSON and as XML (*Report Generation* in ZAP's documentation).

use sekisho_model::Text;

use super::finding::{Finding, Outcome};
use crate::draft::Draft;
use crate::json::Node;
use crate::xml::Element;

const TOOL: &str = "zap";

pub(super) fn json(root: &Node, draft: &mut Draft) {
    named(root.text_of("@version"), draft);
    let sites = root.items_of("site");
    for site in sites {
        let name = site.text_of("@name").map_or_else(
            || format!("{}:{}", site.text_of("@host").unwrap_or_default(), site.word_of("@port").unwrap_or_default()),
            str::to_owned,
        );
        for alert in site.items_of("alerts") {
            let word = |key: &str| alert.word_of(key).unwrap_or_default();
            let instances = alert.items_of("instances");
            let rule = alert.word_of("alertRef").unwrap_or_else(|| word("pluginid"));
            let first = instances.first().and_then(|instance| instance.text_of("uri"));
            let read = Alert {
                rule: &rule,
                title: alert.text_of("name").or_else(|| alert.text_of("alert")).unwrap_or_default(),
                risk: &word("riskcode"),
                confidence: &word("confidence"),
                weakness: &word("cweid"),
                first: first.unwrap_or(&name),
                instances: instances.len(),
            };
            read.put(alert.line, draft);
        }
    }
    nothing(sites.len(), draft);
}

pub(super) fn xml(root: &Element, draft: &mut Draft) {
    named(root.attribute("version"), draft);
    let mut sites = 0;
    for site in root.all("site") {
        sites += 1;
        for alert in site.all("alerts").flat_map(|alerts| alerts.all("alertitem")) {
            let text = |name: &str| alert.first(name).map(|field| field.text.trim()).filter(|text| !text.is_empty());
            let instances: Vec<&Element> =
                alert.all("instances").flat_map(|instances| instances.all("instance")).collect();
            let first = instances.first().and_then(|instance| instance.first("uri")).map(|uri| uri.text.trim());
            let read = Alert {
                rule: text("alertRef").or_else(|| text("pluginid")).unwrap_or_default(),
                title: text("name").or_else(|| text("alert")).unwrap_or_default(),
                risk: text("riskcode").unwrap_or_default(),
                confidence: text("confidence").unwrap_or_default(),
                weakness: text("cweid").unwrap_or_default(),
                first: first.or_else(|| site.attribute("name")).unwrap_or_default(),
                instances: instances.len(),
            };
            read.put(alert.line, draft);
        }
    }
    nothing(sites, draft);
}

fn named(version: Option<&str>, draft: &mut Draft) {
    draft.tool = Some(draft.short(format!("{TOOL} {}", version.unwrap_or_default()).trim()));
}

fn nothing(sites: usize, draft: &mut Draft) {
    if sites == 0 {
        draft.gap(None, Text::new("the report names no site", "報告書に対象サイトが記載されていない"));
    }
}

struct Alert<'a> {
    rule: &'a str,
    title: &'a str,
    risk: &'a str,
    confidence: &'a str,
    weakness: &'a str,
    first: &'a str,
    instances: usize,
}

impl Alert<'_> {
    fn put(self, line: u32, draft: &mut Draft) {
        let (severity, outcome) = match self.risk {
            "0" => (Some("informational"), Outcome::Note),
            "1" => (Some("low"), Outcome::Finding),
            "2" => (Some("medium"), Outcome::Finding),
            "3" => (Some("high"), Outcome::Finding),
            _ => {
                draft.strange("alert without a risk", Some(line));
                (None, Outcome::Finding)
            }
        };
        // Confidence 0 is what somebody marked as a false positive.
        let outcome = if self.confidence == "0" { Outcome::Note } else { outcome };
        let more = self.instances.saturating_sub(1);
        let location = if more > 0 { format!("{} (+{more})", self.first) } else { self.first.to_owned() };
        let finding = Finding {
            rule: self.rule,
            title: self.title,
            severity,
            location: Some(location),
            weaknesses: vec![self.weakness],
        };
        finding.put(TOOL, outcome, Some(line), draft);
    }
}

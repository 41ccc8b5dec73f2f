//! Testrun's `report.json` (google/testrun): tests with a result each.

use sekisho_model::Text;
use time::PrimitiveDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::finding::{Finding, Outcome};
use crate::draft::Draft;
use crate::json::Node;

const TOOL: &str = "testrun";

pub(super) fn read(root: &Node, draft: &mut Draft) {
    let version = root.at(&["testrun", "version"]).and_then(Node::text).unwrap_or_default();
    draft.tool = Some(draft.short(format!("{TOOL} {version}").trim()));
    draft.made = root.text_of("finished").or_else(|| root.text_of("started")).and_then(moment);
    let results = root.at(&["tests", "results"]).map_or(&[][..], Node::items);
    let total = root.at(&["tests", "total"]).and_then(Node::word).and_then(|total| total.parse::<usize>().ok());
    if let Some(missing) = total.and_then(|total| total.checked_sub(results.len())).filter(|missing| *missing > 0) {
        let reason = Text::new(
            format!("{missing} of the tests have no result in the report"),
            format!("{missing}件の試験は結果が報告書にない"),
        );
        draft.gap(None, reason);
    }
    let device = root.at(&["device", "mac_addr"]).and_then(Node::text);
    for test in results {
        let result = test.text_of("result").unwrap_or_default();
        let outcome = match result {
            "Compliant" => Outcome::Passed,
            "Non-Compliant" => Outcome::Finding,
            "Feature Not Detected" | "Feature Not Present" | "Informational" => Outcome::Note,
            "Error" | "Skipped" | "Not Started" | "In Progress" | "Disabled" | "Cancelled" => Outcome::Failed,
            other => {
                draft.strange(&format!("result '{other}'"), Some(test.line));
                Outcome::Failed
            }
        };
        let description = test.text_of("description").unwrap_or_default();
        let title = if matches!(outcome, Outcome::Passed | Outcome::Finding) {
            description.to_owned()
        } else {
            format!("{result}: {description}")
        };
        let finding = Finding {
            rule: test.text_of("name").unwrap_or_default(),
            title: &title,
            // How much Testrun's programme wants it: `required`, `recommended`, `roadmap`, `informational`.
            severity: test.text_of("required_result"),
            location: device.map(str::to_owned),
            ..Finding::default()
        };
        finding.put(TOOL, outcome, Some(test.line), draft);
    }
}

/// `2024-04-10 21:21:47`, without a zone; taken as UTC.
fn moment(text: &str) -> Option<String> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    PrimitiveDateTime::parse(text.get(..19)?, format).ok()?.assume_utc().format(&Rfc3339).ok()
}

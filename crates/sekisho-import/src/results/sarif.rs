//! SARIF 2.1.0 (OASIS), the form in which analysers of code and images give their results.

use std::collections::HashMap;

use sekisho_model::Text;

use super::finding::{Finding, Outcome};
use crate::draft::Draft;
use crate::json::{Node, Value};

pub(super) fn read(root: &Node, draft: &mut Draft) {
    let version = root.text_of("version").unwrap_or_default();
    if version != "2.1.0" {
        let version = draft.short(version);
        let reason = Text::new(
            format!("SARIF of version '{version}', read as 2.1.0"),
            format!("SARIFのバージョン「{version}」を2.1.0として読んだ"),
        );
        draft.gap(None, reason);
    }
    for run in root.items_of("runs") {
        self::run(run, draft);
    }
}

fn run(run: &Node, draft: &mut Draft) {
    let driver = run.at(&["tool", "driver"]);
    let text = |key: &str| driver.and_then(|driver| driver.text_of(key));
    let name = draft.short(text("name").unwrap_or("sarif"));
    let version = text("semanticVersion").or_else(|| text("version")).unwrap_or_default();
    draft.tool = Some(draft.short(format!("{name} {version}").trim()));
    let tool = name.to_lowercase();
    let rules = driver.map_or(&[][..], |driver| driver.items_of("rules"));
    let by_id: HashMap<&str, &Node> = rules.iter().filter_map(|rule| Some((rule.text_of("id")?, rule))).collect();
    for invocation in run.items_of("invocations") {
        if invocation.get("executionSuccessful").and_then(Node::bool) == Some(false) {
            let reason = Text::new(
                format!("{name} says that it did not succeed"),
                format!("{name}は実行が成功しなかったとしている"),
            );
            draft.gap(Some(format!("line {}", invocation.line)), reason);
        }
    }
    match run.get("results").map(|results| &results.value) {
        Some(Value::List(results)) => {
            for result in results {
                self::result(result, rules, &by_id, &tool, draft);
            }
        }
        // Section 3.14.23: results that are null or absent mean that the tool did not produce any, not that it found nothing.
        _ => draft.gap(
            Some(format!("line {}", run.line)),
            Text::new(format!("{name} holds no list of results"), format!("{name}の結果の一覧がない")),
        ),
    }
    draft.tool = None;
}

fn result(result: &Node, rules: &[Node], by_id: &HashMap<&str, &Node>, tool: &str, draft: &mut Draft) {
    let id = result.text_of("ruleId").or_else(|| result.at(&["rule", "id"])?.text());
    let index = result.word_of("ruleIndex").or_else(|| result.at(&["rule", "index"])?.word());
    let by_index = index.and_then(|index| rules.get(index.parse::<usize>().ok()?));
    let rule = by_index.or_else(|| by_id.get(id?).copied());
    let rule_text = |path: &[&str]| rule.and_then(|rule| rule.at(path)).and_then(Node::text);
    let id = id.or_else(|| rule_text(&["id"])).unwrap_or_default();
    let message = result.at(&["message", "text"]).and_then(Node::text);
    let message = message.or_else(|| {
        let wanted = result.at(&["message", "id"])?.text()?;
        rule?.at(&["messageStrings", wanted, "text"])?.text()
    });
    let title = message.or_else(|| rule_text(&["shortDescription", "text"])).unwrap_or_default();
    // Section 3.27.10: the rule's own level counts where the result has none, and `warning` where that has none.
    let kind = result.text_of("kind").unwrap_or("fail");
    let level = result.text_of("level").or_else(|| rule_text(&["defaultConfiguration", "level"])).unwrap_or("warning");
    let suppressed =
        result.items_of("suppressions").iter().any(|s| s.text_of("status").is_none_or(|status| status == "accepted"));
    let outcome = match (kind, level) {
        ("pass", _) => Outcome::Passed,
        ("open" | "review", _) => Outcome::Failed,
        ("informational" | "notApplicable", _) | (_, "note" | "none") => Outcome::Note,
        _ if suppressed => Outcome::Note,
        _ => Outcome::Finding,
    };
    let tags = rule.and_then(|rule| rule.at(&["properties", "tags"])).map_or(&[][..], Node::items);
    let mut weaknesses: Vec<&str> =
        tags.iter().filter_map(Node::text).filter(|tag| tag.to_ascii_lowercase().contains("cwe-")).take(32).collect();
    weaknesses.extend(result.items_of("taxa").iter().filter_map(|taxon| {
        let cwe = taxon.at(&["toolComponent", "name"])?.text()?.eq_ignore_ascii_case("cwe");
        taxon.text_of("id").filter(|_| cwe)
    }));
    let finding = Finding {
        rule: id,
        title,
        severity: (kind == "fail").then_some(level),
        location: location(result),
        weaknesses,
    };
    finding.put(tool, outcome, Some(result.line), draft);
}

/// File and line, or the logical place.
fn location(result: &Node) -> Option<String> {
    let first = result.items_of("locations").first()?;
    let file = first.at(&["physicalLocation", "artifactLocation", "uri"]).and_then(Node::text);
    let line = first.at(&["physicalLocation", "region", "startLine"]).and_then(Node::word);
    match (file, line) {
        (Some(file), Some(line)) => Some(format!("{file}:{line}")),
        (Some(file), None) => Some(file.to_owned()),
        _ => first.items_of("logicalLocations").first()?.text_of("fullyQualifiedName").map(str::to_owned),
    }
}

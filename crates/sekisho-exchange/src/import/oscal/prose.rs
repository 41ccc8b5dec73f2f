//! What a control says: its statement with its items, and its guidance, as one text.

use super::model::{Control, Group, Part, prop};

/// Parts that are not what is asked: how it is assessed, and examples.
const PASSED_OVER: &[&str] = &[
    "assessment-objective",
    "assessment-method",
    "assessment-objects",
    "objective",
    "assessment",
    "example",
    "change",
];

/// The statement of a control, then its guidance under a heading; the prose of all other parts where it has neither. Parameters are not yet
/// in place.
pub(super) fn of_control(control: &Control<'_>) -> String {
    let mut out = String::new();
    let is = |part: &&Part<'_>, name: &str| part.name == name;
    control.parts.iter().filter(|part| is(part, "statement")).for_each(|part| append(part, 0, &mut out));
    if out.is_empty() {
        let others =
            control.parts.iter().filter(|part| !PASSED_OVER.contains(&part.name.as_ref()) && !is(part, "guidance"));
        others.for_each(|part| append(part, 0, &mut out));
    }
    let mut guidance = String::new();
    control.parts.iter().filter(|part| is(part, "guidance")).for_each(|part| append(part, 0, &mut guidance));
    if !guidance.is_empty() {
        if !out.is_empty() {
            out.push_str("\n\nGuidance: ");
        }
        out.push_str(&guidance);
    }
    out
}

/// What a group says of itself.
pub(super) fn of_group(group: &Group<'_>) -> String {
    let mut out = String::new();
    group
        .parts
        .iter()
        .filter(|part| !PASSED_OVER.contains(&part.name.as_ref()))
        .for_each(|part| append(part, 0, &mut out));
    out
}

/// A part's label, title and prose on lines of their own, and its items further in.
fn append(part: &Part<'_>, depth: usize, out: &mut String) {
    let prose = part.prose.as_deref().unwrap_or_default().trim();
    let title = part.title.as_deref().unwrap_or_default().trim();
    if !prose.is_empty() || !title.is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        if part.name == "item"
            && let Some(label) = prop(&part.props, "label")
        {
            out.push_str(label);
            out.push(' ');
        }
        if !title.is_empty() {
            out.push_str(title);
            out.push_str(if prose.is_empty() { "" } else { ": " });
        }
        for (i, line) in prose.lines().enumerate() {
            if i > 0 {
                out.push('\n');
                out.push_str(if line.trim().is_empty() { "" } else { &indent });
            }
            out.push_str(line.trim_end());
        }
    }
    // What stands under a part that says nothing itself stands in its place.
    let depth = if prose.is_empty() && title.is_empty() { depth } else { depth + 1 };
    for inner in &part.parts {
        if !PASSED_OVER.contains(&inner.name.as_ref()) || part.name == "guidance" {
            append(inner, depth, out);
        }
    }
}

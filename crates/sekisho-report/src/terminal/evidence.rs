//! What a collector found, and what two collections differ in.

use std::collections::BTreeMap;

use sekisho_model::Lang;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::Extent;
use sekisho_model::difference::{Change, Difference};
use sekisho_model::fact::{Fact, Observed};

use super::Style;
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::messages::{self as words, evidence as m, titles};
use crate::plain::grouped;
use crate::{facts, place};

/// Facts of one kind that are listed; the rest is counted.
const LISTED: usize = 40;

/// Every kind of fact with its number, then the facts of each, then what could not be looked at. `all` lists every fact.
pub fn evidence(collection: &Collection, all: bool, lang: Lang, style: Style) -> String {
    let painter = Painter { style };
    let mut lines = Vec::new();
    for (name, facts) in by_kind(&collection.facts) {
        heading(&mut lines, name, facts.len(), lang);
        let listed = if all { facts.len() } else { LISTED };
        for fact in facts.iter().take(listed) {
            let said = facts::line(&fact.observed).get(lang).to_owned();
            lines.push(Line::new(Tone::Plain, said).and(Tone::Faint, whereabouts(fact)).inset(2));
        }
        more(&mut lines, facts.len().saturating_sub(listed), lang);
    }
    let gaps: Vec<_> = collection.coverage.iter().filter(|c| c.extent != Extent::Complete).collect();
    if !gaps.is_empty() {
        lines.push(Line::new(Tone::Plain, ""));
        lines.push(Line::new(Tone::Heading, m::NOT_LOOKED_AT.get(lang)));
    }
    // The same gap concerns many aspects: it is told once, with all of them.
    let mut reasons: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for coverage in gaps {
        for gap in &coverage.gaps {
            let at = gap.path.clone().or_else(|| gap.offset.map(|o| format!("{o:#x}"))).unwrap_or_default();
            let told = reasons.entry((at, gap.reason.get(lang).to_owned())).or_default();
            told.push(coverage.aspect.name());
        }
    }
    let count = reasons.len();
    for ((at, reason), aspects) in reasons.into_iter().take(LISTED) {
        let at = if at.is_empty() { String::new() } else { format!("{at}  ") };
        let line = Line::new(Tone::Unsettled, format!("{at}{reason}"));
        lines.push(line.and(Tone::Faint, format!("  {}", aspects.join(", "))).inset(2));
    }
    more(&mut lines, count.saturating_sub(LISTED), lang);
    let mut out = String::new();
    tree::lines(painter, &lines, &mut out);
    out
}

/// What changed, kind by kind: `+` is new, `-` is gone, `~` is not as it was.
pub fn difference(difference: &Difference, lang: Lang, style: Style) -> String {
    let painter = Painter { style };
    let mut lines = vec![Line::new(Tone::Plain, format!("{} → {}", difference.old.name, difference.new.name))];
    let mut kinds: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
    for change in &difference.changes {
        kinds.entry(rank(&change.latest().observed)).or_default().push(change);
    }
    for (rank, changes) in kinds {
        heading(&mut lines, titles::in_order().nth(rank).unwrap_or_default(), changes.len(), lang);
        for change in changes {
            let (tone, said) = match change {
                Change::Added { new } => (Tone::Warn, format!("+ {}", facts::line(&new.observed).get(lang))),
                Change::Removed { old } => (Tone::Good, format!("- {}", facts::line(&old.observed).get(lang))),
                Change::Changed { old, new } => {
                    let said = facts::changed(&old.observed, &new.observed, lang);
                    (Tone::Plain, format!("~ {}", said.unwrap_or_else(|| m::DETAILS.get(lang).to_owned())))
                }
            };
            let at = whereabouts(change.latest());
            lines.push(Line::new(tone, said).and(Tone::Faint, at).inset(2));
        }
    }
    if difference.changes.is_empty() {
        lines.push(Line::new(Tone::Plain, m::NO_CHANGE.get(lang)));
    }
    if difference.other_content > 0 {
        lines.push(Line::new(Tone::Plain, ""));
        let count = grouped(difference.other_content);
        lines.push(Line::new(Tone::Faint, m::OTHER_CONTENT.get(lang).replace("{n}", &count)));
    }
    if !difference.unsure.is_empty() {
        lines.push(Line::new(Tone::Plain, ""));
        let aspects: Vec<_> = difference.unsure.iter().map(|&a| words::aspect(a).get(lang).to_owned()).collect();
        let list = aspects.join(if lang == Lang::Ja { "、" } else { ", " });
        lines.push(Line::new(Tone::Unsettled, m::UNSURE.get(lang).replace("{aspects}", &list)));
    }
    let mut out = String::new();
    tree::lines(painter, &lines, &mut out);
    out
}

fn rank(observed: &Observed) -> usize {
    titles::in_order().position(|name| name == observed.name()).unwrap_or(usize::MAX)
}

fn by_kind(facts: &[Fact]) -> Vec<(&'static str, Vec<&Fact>)> {
    titles::in_order()
        .map(|name| (name, facts.iter().filter(|fact| fact.observed.name() == name).collect::<Vec<_>>()))
        .filter(|(_, facts)| !facts.is_empty())
        .collect()
}

fn heading(lines: &mut Vec<Line>, name: &str, count: usize, lang: Lang) {
    if !lines.is_empty() {
        lines.push(Line::new(Tone::Plain, ""));
    }
    let title = titles::table(name).get(lang).to_owned();
    lines.push(Line::new(Tone::Heading, title).and(Tone::Faint, format!("  {}", grouped(count as u64))));
}

fn more(lines: &mut Vec<Line>, left: usize, lang: Lang) {
    if left > 0 {
        lines.push(Line::new(Tone::Faint, m::MORE.get(lang).replace("{n}", &grouped(left as u64))).inset(2));
    }
}

/// Where a fact was seen, set off by two spaces.
fn whereabouts(fact: &Fact) -> String {
    place::path(&fact.source).or_else(|| place::offset(&fact.source)).map(|at| format!("  {at}")).unwrap_or_default()
}

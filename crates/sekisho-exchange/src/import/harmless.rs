//! Characters that nobody sees but that change what stands around them are left out of what is imported: it is shown on terminals and pages.

use super::draft::{Draft, Words};

/// Whether a character acts instead of being seen: control characters but for line ends, marks that turn the direction of writing, invisible
/// ones.
pub(super) fn is_trick(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Leaves them out of all texts of a draft, and says how many there were. Tabs become blanks.
pub(super) fn make(draft: &mut Draft) -> usize {
    let mut count = 0;
    let lines =
        [&mut draft.publisher, &mut draft.publisher_short, &mut draft.edition, &mut draft.url, &mut draft.licence];
    lines.into_iter().flatten().for_each(|line| text(line, &mut count));
    draft.title.iter_mut().for_each(|title| words(title, &mut count));
    for group in &mut draft.groups {
        text(&mut group.id, &mut count);
        words(&mut group.title, &mut count);
        group.statement.iter_mut().for_each(|statement| words(statement, &mut count));
        group.parent.iter_mut().for_each(|parent| text(parent, &mut count));
    }
    for control in &mut draft.controls {
        text(&mut control.id, &mut count);
        let lists = [&mut control.classes, &mut control.addressees, &mut control.phases, &mut control.related];
        lists.into_iter().flatten().for_each(|line| text(line, &mut count));
        let lines = [&mut control.group, &mut control.applies_when, &mut control.superseded_in];
        lines.into_iter().flatten().for_each(|line| text(line, &mut count));
        words(&mut control.title, &mut count);
        words(&mut control.statement, &mut count);
        control.unmapped.iter_mut().for_each(|why| words(why, &mut count));
        let rationales = control.mappings.iter_mut().filter_map(|mapping| mapping.rationale.as_mut());
        rationales.for_each(|rationale| words(rationale, &mut count));
    }
    count
}

fn words(of: &mut Words, count: &mut usize) {
    [&mut of.en, &mut of.ja, &mut of.plain].into_iter().flatten().for_each(|side| text(side, count));
}

fn text(of: &mut String, count: &mut usize) {
    if !of.contains(is_trick) {
        return;
    }
    let clean = of.replace("\r\n", "\n").replace(['\t', '\u{85}'], " ").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    *count += clean.chars().filter(|c| is_trick(*c)).count();
    *of = clean.chars().filter(|c| !is_trick(*c)).collect();
}

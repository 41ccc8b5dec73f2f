//! From lines to paragraphs and headings: a heading is what is set larger than most of the document.

use std::collections::BTreeMap;

use super::layout::{Line, is_dense};
use crate::published::document::{Block, Spot};

/// How much larger than the text a heading is at least.
const LARGER: f64 = 1.15;
/// The longest line that is a heading, in characters.
const HEADING: usize = 200;
/// Lines whose distance is more sizes of the font than this are of two paragraphs.
const APART: f64 = 1.9;

/// The blocks, and the title that the first page shows: what is set largest there.
pub(super) fn of(lines: Vec<Line>) -> (Vec<Block>, Option<String>) {
    let body = usual_size(&lines);
    let is_heading = |line: &Line| line.size > body * LARGER && line.text.chars().count() <= HEADING;
    let mut blocks: Vec<Block> = Vec::new();
    let mut previous: Option<Line> = None;
    let mut title: Option<(f64, usize)> = None;
    for line in lines {
        let heading = is_heading(&line);
        let goes_on = previous.as_ref().is_some_and(|before| follows(before, &line) && is_heading(before) == heading);
        match blocks.last_mut().filter(|_| goes_on) {
            Some(block) => join(&mut block.text, line.text.trim()),
            None => blocks.push(Block { spot: Spot::Page(line.page), heading, text: line.text.trim().to_owned() }),
        }
        if heading && line.page == 1 && title.is_none_or(|(size, _)| line.size > size) {
            title = Some((line.size, blocks.len() - 1));
        }
        previous = Some(line);
    }
    let title = title.and_then(|(_, at)| blocks.get(at)).map(|block| block.text.clone());
    (blocks, title)
}

/// The size in which most characters are set.
fn usual_size(lines: &[Line]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for line in lines {
        // To a tenth; sizes that make no sense count together.
        *counts.entry((line.size * 10.0).round() as i64).or_default() += line.text.chars().count();
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(0.0, |(size, _)| size as f64 / 10.0)
}

/// Whether the lines are of one paragraph, or of one heading.
fn follows(before: &Line, line: &Line) -> bool {
    let (x, y) = (line.start.0 - before.start.0, line.start.1 - before.start.1);
    let (u, v) = before.direction;
    let down = x * v - y * u;
    let same_direction = u * line.direction.0 + v * line.direction.1 > 0.99;
    let size = before.size.max(line.size);
    before.page == line.page
        && same_direction
        && down > 0.0
        && down < APART * size
        && (before.size - line.size).abs() < 0.1 * size
        && !line.text.trim_start().starts_with(['•', '・', '●', '■', '◆', '※', '–', '−'])
}

/// Adds a line to its paragraph. Japanese goes on without a blank, and a soft hyphen at the end was none of the word's.
fn join(text: &mut String, line: &str) {
    if text.ends_with('\u{ad}') {
        text.pop();
    } else if !(text.chars().next_back().is_some_and(is_dense) && line.chars().next().is_some_and(is_dense)) {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::super::layout::{Mark, Sheet};
    use super::*;

    #[test]
    fn headings_paragraphs_and_pages() {
        let mut sheet = Sheet::default();
        sheet.turn(1);
        let put = |sheet: &mut Sheet, text: &str, y: f64, size: f64| {
            sheet.push(text, &Mark { at: (0.0, y), direction: (1.0, 0.0), advance: 5.0, size });
        };
        put(&mut sheet, "Privacy", 100.0, 20.0);
        put(&mut sheet, "We keep your", 80.0, 10.0);
        put(&mut sheet, "data for a year.", 68.0, 10.0);
        put(&mut sheet, "個人情報の", 40.0, 10.0);
        put(&mut sheet, "保存期間", 28.0, 10.0);
        sheet.turn(2);
        put(&mut sheet, "Next page of it, long enough to count.", 100.0, 10.0);
        let (blocks, title) = of(sheet.into_lines());
        let found: Vec<_> = blocks.iter().map(|block| (block.spot, block.heading, block.text.as_str())).collect();
        assert_eq!(
            found,
            [
                (Spot::Page(1), true, "Privacy"),
                (Spot::Page(1), false, "We keep your data for a year."),
                (Spot::Page(1), false, "個人情報の保存期間"),
                (Spot::Page(2), false, "Next page of it, long enough to count."),
            ]
        );
        assert_eq!(title.as_deref(), Some("Privacy"));
    }
}

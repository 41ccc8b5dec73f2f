//! Plain text and Markdown as blocks.

use super::document::{Block, Page, Spot};

/// Reads a text: paragraphs are separated by blank lines; headings are Markdown's, or a short first line.
pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut paragraph: Option<Block> = None;
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            fenced = !fenced;
            page.blocks.extend(paragraph.take());
            continue;
        }
        if trimmed.is_empty() {
            page.blocks.extend(paragraph.take());
            continue;
        }
        let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        if !fenced && (1..=6).contains(&level) && trimmed.as_bytes().get(level) == Some(&b' ') {
            page.blocks.extend(paragraph.take());
            let text = trimmed.trim_matches('#').trim().to_owned();
            page.blocks.push(Block { spot: Spot::Line(number), heading: true, text });
            continue;
        }
        // A line of `=` or `-` below a single line makes it a heading (CommonMark, 4.3).
        let underline =
            trimmed.len() >= 3 && (trimmed.bytes().all(|b| b == b'=') || trimmed.bytes().all(|b| b == b'-'));
        if !fenced && underline {
            if let Some(mut block) = paragraph.take() {
                block.heading = !block.text.contains('\n');
                page.blocks.push(block);
            }
            continue;
        }
        // An entry of a list is a paragraph of its own.
        let entry =
            trimmed.starts_with(['-', '*', '•', '・', '|']) || trimmed.starts_with(|c: char| c.is_ascii_digit());
        if entry {
            page.blocks.extend(paragraph.take());
        }
        match &mut paragraph {
            Some(block) => {
                block.text.push('\n');
                block.text.push_str(trimmed);
            }
            None => paragraph = Some(Block { spot: Spot::Line(number), heading: false, text: trimmed.to_owned() }),
        }
    }
    page.blocks.extend(paragraph);
    if !page.blocks.iter().any(|block| block.heading)
        && let Some(first) = page.blocks.first_mut()
        && let Some((title, rest)) = first.text.split_once('\n').or(Some((first.text.as_str(), "")))
        && title.chars().count() <= 120
    {
        // A text without any marks: its first line is what it is called.
        let (title, rest, spot) = (title.to_owned(), rest.to_owned(), first.spot);
        first.text = rest;
        first.spot = spot.down(1);
        page.blocks.insert(0, Block { spot, heading: true, text: title });
    }
    page
}

//! HTML as blocks: what a reader sees, with the lines of the source.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::document::{Block, Page, Spot};
use crate::text::Lines;

/// Elements whose content is no text of the document.
const UNSEEN: [&[u8]; 6] = [b"script", b"style", b"template", b"svg", b"noscript", b"iframe"];

/// Elements that do not end a paragraph.
const INLINE: [&[u8]; 22] = [
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"code", b"em", b"font", b"i", b"kbd", b"mark", b"q", b"ruby", b"s",
    b"small", b"span", b"strong", b"sub", b"sup", b"time", b"u",
];

/// Reads a page.
pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut lines = Lines::new(text);
    let mut block: Option<Block> = None;
    let (mut unseen, mut heading, mut title) = (None::<Vec<u8>>, false, false);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name: &[u8] = &tag.name;
                let attribute = |key: &[u8]| {
                    tag.attributes
                        .iter()
                        .find(|(name, _)| name.as_slice() == key)
                        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
                };
                if unseen.is_some() {
                    continue;
                }
                if UNSEEN.contains(&name) {
                    if !tag.self_closing {
                        unseen = Some(name.to_vec());
                    }
                    continue;
                }
                match name {
                    b"html" => page.language = attribute(b"lang").or(page.language.take()),
                    b"meta" => {
                        let which = attribute(b"property").or_else(|| attribute(b"name")).unwrap_or_default();
                        if matches!(
                            which.as_str(),
                            "article:modified_time" | "last-modified" | "dcterms.modified" | "date"
                        ) {
                            page.date = attribute(b"content").or(page.date.take());
                        }
                    }
                    _ => {}
                }
                title = name == b"title";
                if !INLINE.contains(&name) {
                    page.blocks.extend(block.take());
                    heading = matches!(name, [b'h', b'1'..=b'6']);
                }
            }
            Token::EndTag(tag) => {
                let name: &[u8] = &tag.name;
                if unseen.as_deref() == Some(name) {
                    unseen = None;
                } else if unseen.is_none() && !INLINE.contains(&name) {
                    page.blocks.extend(block.take());
                    heading = false;
                    title = false;
                }
            }
            Token::String(string) if unseen.is_none() => {
                let at = string.span.start;
                let value = String::from_utf8_lossy(&string.value);
                if title {
                    page.title.get_or_insert_with(String::new).push_str(&value);
                    continue;
                }
                if value.trim().is_empty() {
                    if let Some(block) = &mut block {
                        block.text.push(' ');
                    }
                    continue;
                }
                if let Some(block) = &mut block {
                    block.text.push_str(&value);
                } else {
                    let skipped = value.len() - value.trim_start().len();
                    block = Some(Block { spot: Spot::Line(lines.at(at + skipped)), heading, text: value.into_owned() });
                }
            }
            _ => {}
        }
    }
    page.blocks.extend(block);
    page
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_reader_sees() {
        let page = read(
            "<!DOCTYPE html>\n<html lang=\"ja\"><head><title>個人情報</title>\n<script>var x = '<p>no</p>';</script></head>\n<body><h1>A<b>B</b></h1>\n<p>one <i>two</i>\nthree</p>\n<ul><li>four<li>five</ul><!-- six --></body>",
        );
        assert_eq!((page.title.as_deref(), page.language.as_deref()), (Some("個人情報"), Some("ja")));
        let blocks: Vec<_> = page.blocks.iter().map(|block| (block.spot, block.heading, block.text.as_str())).collect();
        let at = Spot::Line;
        assert_eq!(
            blocks,
            [(at(4), true, "AB"), (at(5), false, "one two\nthree"), (at(7), false, "four"), (at(7), false, "five")]
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s)[<>/!a-z='\"&;# -]{0,120}") {
            let _ = read(&text);
        }
    }
}

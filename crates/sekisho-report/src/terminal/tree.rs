//! A derivation drawn as a tree.

use std::borrow::Cow;

use super::layout::{width, wrap};
use super::paint::{Painter, Tone};
use crate::plain::visible;

/// A line of a node, with its tone. Lines are wrapped when they are drawn, and continue under their own indent.
#[derive(Debug, Clone)]
pub(super) struct Line {
    parts: Vec<(Tone, String)>,
    indent: usize,
}

impl Line {
    /// A line of one piece.
    pub(super) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { parts: vec![(tone, text.into())], indent: 0 }
    }

    /// The same line with a further piece behind it.
    pub(super) fn and(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.parts.push((tone, text.into()));
        self
    }

    /// The same line, set in by `columns`.
    pub(super) fn inset(mut self, columns: usize) -> Self {
        self.indent = columns;
        self
    }
}

/// A node: its lines, and what it rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// What it says.
    pub(super) lines: Vec<Line>,
    /// What it rests on.
    pub(super) children: Vec<Node>,
}

/// Draws `children` under each other, each with its branch.
pub(super) fn draw(painter: Painter, children: &[Node], out: &mut String) {
    branch(painter, children, "", out);
}

/// Draws lines without a branch.
pub(super) fn lines(painter: Painter, lines: &[Line], out: &mut String) {
    for line in lines {
        put(painter, line, "", "", out);
    }
}

fn branch(painter: Painter, children: &[Node], prefix: &str, out: &mut String) {
    for (i, child) in children.iter().enumerate() {
        let last = i + 1 == children.len();
        let (tee, down) = match (last, painter.style.unicode) {
            (false, true) => ("├─ ", "│  "),
            (true, true) => ("└─ ", "   "),
            (false, false) => ("|- ", "|  "),
            (true, false) => ("`- ", "   "),
        };
        let under = format!("{prefix}{down}");
        for (n, line) in child.lines.iter().enumerate() {
            let first = if n == 0 { format!("{prefix}{tee}") } else { under.clone() };
            put(painter, line, &first, &under, out);
        }
        branch(painter, &child.children, &under, out);
    }
}

/// Writes one line, wrapped; `first` stands before it, `under` before what follows.
fn put(painter: Painter, line: &Line, first: &str, under: &str, out: &mut String) {
    let indent = " ".repeat(line.indent);
    let room = painter.style.width.saturating_sub(width(under) + line.indent);
    let parts: Vec<(Tone, Cow<'_, str>)> = line.parts.iter().map(|(tone, text)| (*tone, visible(text))).collect();
    let whole: String = parts.iter().map(|(_, text)| text.as_ref()).collect();
    let lines = if width(&whole) <= room { vec![whole] } else { wrap(&whole, room) };
    let mut toned = parts.iter().flat_map(|(tone, text)| text.chars().map(|c| (*tone, c))).peekable();
    for (n, wrapped) in lines.iter().enumerate() {
        out.push_str(&painter.text(Tone::Faint, if n == 0 { first } else { under }));
        out.push_str(&indent);
        // Where a line was broken spaces were dropped, and nothing else.
        while n > 0 && toned.peek().is_some_and(|(_, c)| *c == ' ' && !wrapped.starts_with(' ')) {
            toned.next();
        }
        let mut run: Option<(Tone, String)> = None;
        for (tone, c) in toned.by_ref().take(wrapped.chars().count()) {
            match &mut run {
                Some((of, text)) if *of == tone => text.push(c),
                _ => {
                    if let Some((of, text)) = run.replace((tone, c.to_string())) {
                        out.push_str(&painter.text(of, &text));
                    }
                }
            }
        }
        if let Some((of, text)) = run {
            out.push_str(&painter.text(of, &text));
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::Style;
    use super::*;

    #[test]
    fn a_long_line_is_wrapped_as_one_and_keeps_its_tones() {
        let painter = Painter { style: Style { width: 16, color: true, unicode: true } };
        let line = Line::new(Tone::Bad, "failed ").and(Tone::Plain, "No credential stands").and(Tone::Faint, "  id");
        let mut out = String::new();
        draw(painter, &[Node { lines: vec![line], children: Vec::new() }], &mut out);
        let bad = painter.text(Tone::Bad, "failed ");
        let faint = |text| painter.text(Tone::Faint, text);
        assert_eq!(
            out,
            format!("{}{bad}No\n{}credential\n{}stands{}\n", faint("└─ "), faint("   "), faint("   "), faint("  id"))
        );
    }
}

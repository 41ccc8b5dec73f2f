//! Values separated by commas, semicolons or tabs (RFC 4180 for the commas).

use sekisho_diag::{Place, Problem};

use super::{Builder, Table};
use crate::import::ImportRequest;

/// Reads a table. Quotes may hold separators and line ends; a quote in quotes is doubled.
pub(super) fn read(text: &str, request: ImportRequest<'_>) -> Result<Table, Problem> {
    let separator = separator(text);
    let mut builder = Builder::new(request, request.file.to_owned());
    let mut reader = Reader { rest: text, line: 1, column: 1 };
    let mut row = 1;
    let mut column = 0;
    let mut cell = String::new();
    while !reader.rest.is_empty() {
        let (line, begin) = (reader.line, reader.column);
        cell.clear();
        reader.cell(separator, &mut cell).map_err(|problem| match problem {
            Broken::OpenQuote => Problem::error("bad-csv", format!("the quote of row {row} is never closed"))
                .at(Place::text(request.file, line, begin))
                .hint("a quote within a quoted value is written twice"),
            Broken::AfterQuote(line, at) => {
                Problem::error("bad-csv", format!("in row {row} text follows the closing quote"))
                    .at(Place::text(request.file, line, at))
                    .hint("a quote within a quoted value is written twice")
            }
        })?;
        let place = Place::Text {
            file: request.file.to_owned(),
            line,
            column: begin,
            length: if reader.line == line { reader.column.saturating_sub(begin).max(1) } else { 1 },
        };
        builder.add(row, column, &cell, place)?;
        if reader.take_separator(separator) {
            column += 1;
        } else {
            reader.take_line_end();
            row += 1;
            column = 0;
        }
    }
    Ok(builder.done())
}

/// The separator that the first line has most of, outside quotes.
fn separator(text: &str) -> char {
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    let mut in_quotes = false;
    for c in text.chars().take(4_096) {
        match c {
            '"' => in_quotes = !in_quotes,
            '\n' | '\r' if !in_quotes && counts.iter().any(|(_, count)| *count > 0) => break,
            _ if !in_quotes => counts.iter_mut().filter(|(s, _)| *s == c).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // Of equally many the first counts: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| *separator)
}

enum Broken {
    OpenQuote,
    AfterQuote(usize, usize),
}

struct Reader<'a> {
    rest: &'a str,
    /// Line and column of what comes next, from 1, in characters.
    line: usize,
    column: usize,
}

impl Reader<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' || (c == '\r' && !self.rest.starts_with('\n')) {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn cell(&mut self, separator: char, cell: &mut String) -> Result<(), Broken> {
        let ends = |c: char| c == separator || c == '\n' || c == '\r';
        if !self.rest.starts_with('"') {
            while let Some(c) = self.rest.chars().next().filter(|c| !ends(*c)) {
                self.take();
                cell.push(c);
            }
            return Ok(());
        }
        self.take();
        loop {
            match self.take() {
                None => return Err(Broken::OpenQuote),
                Some('"') if self.rest.starts_with('"') => {
                    self.take();
                    cell.push('"');
                }
                Some('"') => break,
                // A line end is one, however the file writes it.
                Some('\r') => {
                    if !self.rest.starts_with('\n') {
                        cell.push('\n');
                    }
                }
                Some(c) => cell.push(c),
            }
        }
        while self.rest.starts_with(' ') {
            self.take();
        }
        match self.rest.chars().next() {
            Some(c) if !ends(c) => Err(Broken::AfterQuote(self.line, self.column)),
            _ => Ok(()),
        }
    }

    fn take_separator(&mut self, separator: char) -> bool {
        let is_next = self.rest.starts_with(separator);
        if is_next {
            self.take();
        }
        is_next
    }

    fn take_line_end(&mut self) {
        if self.take() == Some('\r') && self.rest.starts_with('\n') {
            self.take();
        }
    }
}

//! From glyphs to lines: what stands on one base line, with blanks where there are gaps.

/// Where a glyph lies, in the page's units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    /// Its origin.
    pub(super) at: (f64, f64),
    /// The direction in which the text runs, of length 1.
    pub(super) direction: (f64, f64),
    /// How far the next glyph is.
    pub(super) advance: f64,
    /// The size of the font.
    pub(super) size: f64,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The page, from 1.
    pub(super) page: u32,
    pub(super) text: String,
    pub(super) size: f64,
    /// Where it begins and runs to.
    pub(super) start: (f64, f64),
    pub(super) direction: (f64, f64),
    end: (f64, f64),
}

/// The lines of a document, in the order in which its pages draw them.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    page: u32,
    lines: Vec<Line>,
    open: Option<Line>,
}

impl Sheet {
    /// Begins a page.
    pub(super) fn turn(&mut self, page: u32) {
        self.close();
        self.page = page;
    }

    /// Adds the text of a glyph at its place.
    pub(super) fn push(&mut self, text: &str, mark: &Mark) {
        if let Some(line) = &mut self.open {
            // What has no place (a font of no size) belongs to where it was drawn.
            let placed = mark.size.is_normal() && mark.at.0.is_finite() && mark.at.1.is_finite();
            if !placed {
                line.text.push_str(text);
                return;
            }
            if line.goes_on_at(mark) {
                line.add(text, mark);
                return;
            }
        }
        self.close();
        let mut line = Line {
            page: self.page,
            text: text.to_owned(),
            size: mark.size,
            start: mark.at,
            direction: mark.direction,
            end: mark.at,
        };
        line.reach(mark);
        self.open = Some(line);
    }

    pub(super) fn into_lines(mut self) -> Vec<Line> {
        self.close();
        self.lines
    }

    fn close(&mut self) {
        self.lines.extend(self.open.take().filter(|line| !line.text.trim().is_empty()));
    }
}

impl Line {
    /// How far the mark is from the end of the line: along it and across.
    fn distance(&self, mark: &Mark) -> (f64, f64) {
        let (x, y) = (mark.at.0 - self.end.0, mark.at.1 - self.end.1);
        let (u, v) = self.direction;
        (x * u + y * v, y * u - x * v)
    }

    fn goes_on_at(&self, mark: &Mark) -> bool {
        let (along, across) = self.distance(mark);
        let (u, v) = self.direction;
        let same_direction = u * mark.direction.0 + v * mark.direction.1 > 0.99;
        let size = self.size.max(mark.size);
        // Raised and lowered figures stay in the line; what begins before its end by more than kerning does not.
        same_direction && across.abs() < 0.5 * size && along > -0.5 * size
    }

    fn add(&mut self, text: &str, mark: &Mark) {
        let (along, _) = self.distance(mark);
        let (last, first) = (self.text.chars().next_back(), text.chars().next());
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        // Japanese is set without blanks, and spread where a line is to be filled.
        let dense = last.is_some_and(is_dense) && first.is_some_and(is_dense);
        let gap = if dense { 1.0 } else { 0.2 };
        if along > gap * mark.size && !blank(last) && !blank(first) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        if !text.trim().is_empty() {
            self.size = self.size.max(mark.size);
        }
        self.reach(mark);
    }

    fn reach(&mut self, mark: &Mark) {
        let (x, y) = mark.at;
        self.end = (x + mark.direction.0 * mark.advance, y + mark.direction.1 * mark.advance);
    }
}

/// Whether a character is of a writing without blanks: kana, Han, full-width forms.
pub(super) fn is_dense(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text at its place on lines from left to right, in a font of size 10 whose glyphs are 5 wide.
    fn lines(marks: &[(&str, f64, f64)]) -> Vec<String> {
        let mut sheet = Sheet::default();
        for (text, x, y) in marks {
            let mark = Mark { at: (*x, *y), direction: (1.0, 0.0), advance: 5.0, size: 10.0 };
            sheet.push(text, &mark);
        }
        sheet.into_lines().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn gaps_are_blanks_and_jumps_are_lines() {
        let marks = [("a", 0.0, 0.0), ("b", 5.2, 0.0), ("c", 13.0, 0.0), ("2", 18.0, 4.0), ("d", 0.0, -12.0)];
        assert_eq!(lines(&marks), ["ab c2", "d"]);
        assert_eq!(lines(&[("日", 0.0, 0.0), ("本", 10.0, 0.0), ("語", 30.0, 0.0)]), ["日本 語"]);
        assert_eq!(lines(&[("a", 0.0, 0.0), ("b", f64::NAN, 0.0), ("c", 0.0, -12.0)]), ["ab", "c"]);
    }

    #[test]
    fn text_may_run_in_any_direction() {
        let mut sheet = Sheet::default();
        for (text, y) in [("縦", 100.0), ("書", 90.0), ("き", 80.0)] {
            sheet.push(text, &Mark { at: (0.0, y), direction: (0.0, -1.0), advance: 10.0, size: 10.0 });
        }
        assert_eq!(sheet.into_lines()[0].text, "縦書き");
    }
}

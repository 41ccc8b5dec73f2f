//! Colours and symbols of a terminal, and the one door through which text goes out.

use anstyle::{AnsiColor, Style as Ansi};
use sekisho_model::verdict::{Outcome, Severity};

use super::Style;
use crate::plain::visible;
use crate::standing::Standing;

/// What a piece of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Faint,
    Worst,
    Bad,
    Warn,
    Unsettled,
    Good,
}

/// Puts text out in the style of a terminal. Everything that is shown goes through [`Painter::text`], which neutralises it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painter {
    pub(super) style: Style,
}

impl Painter {
    /// `text` in the colour of `tone`, with control characters made visible.
    pub(super) fn text(self, tone: Tone, text: &str) -> String {
        let text = visible(text);
        let ansi = match tone {
            Tone::Plain => return text.into_owned(),
            _ if !self.style.color || text.is_empty() => return text.into_owned(),
            Tone::Heading => Ansi::new().bold(),
            Tone::Faint => Ansi::new().dimmed(),
            Tone::Worst => AnsiColor::Red.on_default().bold(),
            Tone::Bad => AnsiColor::Red.on_default(),
            Tone::Warn => AnsiColor::Yellow.on_default(),
            Tone::Unsettled => AnsiColor::Cyan.on_default(),
            Tone::Good => AnsiColor::Green.on_default(),
        };
        format!("{ansi}{text}{ansi:#}")
    }

    /// One of two spellings, by what the terminal shows.
    pub(super) fn either(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.style.unicode { unicode } else { ascii }
    }

    /// What marks text that was cut off.
    pub(super) fn ellipsis(self) -> &'static str {
        self.either("…", "...")
    }

    /// The symbol of a verdict.
    pub(super) fn symbol(self, standing: Standing) -> &'static str {
        match standing {
            Standing::Contradicted => self.either("‼", "!"),
            Standing::NotMet => self.either("✗", "x"),
            Standing::PartlyMet => self.either("◐", "/"),
            Standing::Open => "?",
            Standing::Unconfirmed => "~",
            Standing::Verified => self.either("✓", "+"),
            Standing::Attested => self.either("○", "o"),
            Standing::NotApplicable => self.either("–", "-"),
        }
    }

    /// The symbol of an outcome.
    pub(super) fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Fail => self.either("✗", "x"),
            Outcome::Inconclusive => "?",
            Outcome::NothingToCheck => self.either("–", "-"),
            Outcome::Pass => self.either("✓", "+"),
        }
    }
}

/// The tone of a verdict.
pub(super) fn of_standing(standing: Standing) -> Tone {
    match standing {
        Standing::Contradicted => Tone::Worst,
        Standing::NotMet => Tone::Bad,
        Standing::PartlyMet => Tone::Warn,
        Standing::Open | Standing::Unconfirmed => Tone::Unsettled,
        Standing::Verified | Standing::Attested => Tone::Good,
        Standing::NotApplicable => Tone::Faint,
    }
}

/// The tone of a severity.
pub(super) fn of_severity(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Worst,
        Severity::High => Tone::Bad,
        Severity::Medium => Tone::Warn,
        Severity::Low | Severity::Info => Tone::Plain,
    }
}

/// The tone of an outcome.
pub(super) fn of_outcome(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Fail => Tone::Bad,
        Outcome::Inconclusive => Tone::Unsettled,
        Outcome::NothingToCheck => Tone::Faint,
        Outcome::Pass => Tone::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_as_a_control_sequence() {
        for color in [false, true] {
            let painter = Painter { style: Style { color, ..Style::default() } };
            let shown = painter.text(Tone::Bad, "a\u{1b}]0;title\u{7}\u{202e}b");
            assert!(shown.contains("a\\u{1b}]0;title\\u{7}\\u{202e}b"), "{shown:?}");
        }
    }
}

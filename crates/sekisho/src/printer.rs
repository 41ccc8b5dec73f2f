//! The one place that prints: data to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};

use sekisho_diag::{Problem, Sources, render};
use sekisho_model::{Lang, Text};
use sekisho_report::terminal::Style;
use serde::Serialize;

use crate::cli::Color;
use crate::messages;

/// Widest line that is set; longer ones are hard to read.
const MAX_WIDTH: usize = 120;

/// Who prints.
pub(crate) struct Printer {
    pub(crate) lang: Lang,
    pub(crate) quiet: bool,
    color: Color,
}

impl Printer {
    pub(crate) fn new(lang: Lang, quiet: bool, color: Color) -> Self {
        Self { lang, quiet, color }
    }

    /// How text for standard output is set.
    pub(crate) fn style(&self) -> Style {
        let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
        // A Japanese reader needs more than ASCII in any case; without a locale, modern terminals speak UTF-8.
        let unicode = self.lang == Lang::Ja || locale.is_none_or(|l| !matches!(l.as_str(), "C" | "POSIX"));
        Style { color: self.colors(io::stdout().is_terminal()), width: width.clamp(60, MAX_WIDTH), unicode }
    }

    fn colors(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }

    /// Whether progress is shown.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// What was asked for. A reader that has gone away (`| head`) is no error.
    #[expect(clippy::unused_self, reason = "who prints needs the printer")]
    pub(crate) fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// A value as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        Ok(self.data(&(serde_json::to_string_pretty(value)? + "\n"))?)
    }

    /// A remark beside the data.
    pub(crate) fn note(&self, text: &Text) {
        if !self.quiet {
            self.line(text.get(self.lang));
        }
    }

    /// What must be read before something happens, also where remarks are not wanted.
    pub(crate) fn say(&self, text: &str) {
        self.line(text);
    }

    /// Problems, with the texts they point into.
    pub(crate) fn problems(&self, problems: &[Problem], sources: &Sources) {
        for problem in problems {
            self.line(&render(problem, sources, self.colors(io::stderr().is_terminal())));
        }
    }

    /// An error, with its causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            self.problems(std::slice::from_ref(problem), &Sources::new());
        } else {
            self.line(&format!("{}: {error:#}", messages::error_word().get(self.lang)));
        }
    }

    #[expect(clippy::unused_self, reason = "who prints needs the printer")]
    fn line(&self, text: &str) {
        // Nothing can be done about a standard error that cannot be written to.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

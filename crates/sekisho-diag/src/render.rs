//! Problems as a person reads them: the line in question, a mark under it, the hint below.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::{Place, Problem, Severity};

/// The texts that problems point into, by the name the user gave the file.
pub type Sources = BTreeMap<String, String>;

/// Longest line shown with a mark; a longer one (minified JSON, say) is named but not printed.
const MAX_SHOWN_LINE: usize = 400;

/// Renders `problem`; with `color`, for a terminal that understands ANSI sequences.
pub fn render(problem: &Problem, sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let marked = problem.place.as_ref().and_then(|place| marked_line(place, sources));
    let title = match (&marked, &problem.place) {
        (None, Some(place)) => format!("{place}: {}", problem.message),
        _ => problem.message.clone(),
    };
    let mut group = level.primary_title(title.as_str()).id(problem.code.as_ref()).elements(marked.map(|mark| {
        Snippet::source(mark.line)
            .line_start(mark.number)
            .path(mark.file)
            .annotation(AnnotationKind::Primary.span(mark.span))
    }));
    if let Some(hint) = &problem.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

struct Mark<'a> {
    file: &'a str,
    line: &'a str,
    number: usize,
    span: std::ops::Range<usize>,
}

fn marked_line<'a>(place: &'a Place, sources: &'a Sources) -> Option<Mark<'a>> {
    let Place::Text { file, line: number, column, length } = place else { return None };
    let line = sources.get(file)?.lines().nth(number.checked_sub(1)?)?;
    if line.len() > MAX_SHOWN_LINE {
        return None;
    }
    let byte_of = |chars: usize| line.char_indices().nth(chars).map_or(line.len(), |(i, _)| i);
    let start = byte_of(column.saturating_sub(1));
    let end = byte_of(column.saturating_sub(1) + (*length).max(1)).max(start);
    Some(Mark { file, line, number: *number, span: start..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_line_and_the_hint() {
        let sources = Sources::from([("p.yaml".to_owned(), "name: x\nmarkts: [eu]\n".to_owned())]);
        let problem = Problem::error("unknown-field", "unknown field 'markts'")
            .at(Place::Text { file: "p.yaml".into(), line: 2, column: 1, length: 6 })
            .hint("did you mean 'markets'?");
        let text = render(&problem, &sources, false);
        assert!(text.contains("p.yaml:2:1"), "{text}");
        assert!(text.contains("markts: [eu]") && text.contains("^^^^^^"), "{text}");
        assert!(text.contains("did you mean 'markets'?"), "{text}");
    }

    #[test]
    fn a_place_outside_the_text_is_named_not_shown() {
        let sources = Sources::from([("p.yaml".to_owned(), "a\n".to_owned())]);
        let problem = Problem::error("x", "broken").at(Place::text("p.yaml", 9, 9));
        assert!(render(&problem, &sources, false).contains("p.yaml:9:9"));
    }
}

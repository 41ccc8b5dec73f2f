//! Mistakes against YAML's syntax, said so that a person who does not know YAML well can mend them.

use granit_parser::{ErrorKind, ScanError};
use sekisho_diag::{Place, Problem};

/// The problem that `error` is, reading `text`.
pub(crate) fn problem(file: &str, text: &str, error: &ScanError) -> Problem {
    let (line, column) = (error.marker().line(), error.marker().col() + 1);
    if let Some(problem) = foreign_space(file, text, line) {
        return problem;
    }
    let (message, hint) = explain(error.kind(), text.lines().nth(line.saturating_sub(1)).unwrap_or_default());
    let problem = Problem::error("syntax", message).at(Place::text(file, line, column));
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// White space that looks like indentation but is not, at the line that could not be read or just after it.
///
/// Whatever the parser stumbled over, this is then the cause: tabs, and the full-width spaces of Japanese keyboards.
fn foreign_space(file: &str, text: &str, line: usize) -> Option<Problem> {
    let (number, column, space) =
        text.lines().enumerate().skip(line.saturating_sub(1)).take(2).find_map(|(i, line)| {
            let (column, space) = line
                .chars()
                .take_while(|c| c.is_whitespace())
                .enumerate()
                .find(|(_, c)| matches!(c, '\t' | '\u{3000}'))?;
            Some((i + 1, column + 1, space))
        })?;
    let (message, hint) = if space == '\t' {
        (
            "a tab stands in the indentation",
            "indent with spaces, two for each level; editors can convert tabs to spaces",
        )
    } else {
        ("a full-width space stands in the indentation", "indent with half-width spaces, two for each level")
    };
    Some(Problem::error("syntax", message).at(Place::text(file, number, column)).hint(hint))
}

/// What is wrong and what to do, for the mistakes that people make; the parser's own words for the rest.
fn explain(kind: &ErrorKind, line: &str) -> (String, Option<&'static str>) {
    use ErrorKind as E;
    let (message, hint) = match kind {
        E::MappingValueNotAllowed if line.matches(": ").count() > 1 => {
            ("a second ':' on this line", "if it belongs to the text, put the text in quotes")
        }
        E::MappingValueNotAllowed => (
            "a ':' is not expected here",
            "does the line before lack its ':' (half-width, with a space after it), or is this line indented too far?",
        ),
        E::SimpleKeyExpected => {
            ("a ':' is missing here", "write ': ' (half-width, with the space) after a field's name")
        }
        E::InvalidColonPlacement | E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => {
            ("the list or mapping in brackets goes wrong here", "is a ',' missing, or the closing bracket before this?")
        }
        E::ExpectedBlockMappingKey => (
            "this line fits no field",
            "fields of one mapping begin at the same column; a longer text goes in quotes or under '|'",
        ),
        E::ExpectedBlockSequenceEntry => (
            "a list's next element, beginning with '- ', was expected here",
            "elements of one list begin at the same column, and the list ends where a line is indented less",
        ),
        E::BlockSequenceEntryNotAllowed => {
            ("a list cannot begin here", "begin it on a line of its own under its key, or write `[a, b]`")
        }
        E::UnclosedQuotedScalar => {
            ("this quote is never closed", "close it; inside single quotes a quote is written twice ('')")
        }
        E::InvalidTrailingSingleQuotedScalar => (
            "text follows the closing quote",
            "put all of it in quotes; inside single quotes a quote is written twice ('')",
        ),
        E::InvalidTrailingDoubleQuotedScalar => {
            ("text follows the closing quote", "put all of it in quotes, or is a ',' or ':' missing before it?")
        }
        E::UnknownQuotedScalarEscape | E::InvalidQuotedScalarHexEscape | E::InvalidUnicodeEscape => (
            "a backslash in this text is followed by something that it does not go with",
            "use single quotes for file paths and patterns: nothing is special in them",
        ),
        E::UnknownAnchor => {
            ("nothing before this is named with '&' like that", "if the text is to begin with '*', put it in quotes")
        }
        E::MissingAnchorOrAliasName => {
            ("a name is missing after this '*' or '&'", "if it belongs to the text, put the text in quotes")
        }
        E::InvalidBlockScalarHeader => {
            ("text follows '|' or '>' on its own line", "write the text on the lines below, indented")
        }
        E::UnexpectedCharacter { character } if character.is_control() => {
            let code = u32::from(*character);
            return (
                format!("the control character U+{code:04X} is not allowed in YAML"),
                Some("remove it; inside double quotes it can be written as an escape"),
            );
        }
        E::UnexpectedCharacter { character } => {
            return (format!("a text cannot begin with '{character}'"), Some("put the text in quotes"));
        }
        other => return (other.to_string(), None),
    };
    (message.to_owned(), Some(hint))
}

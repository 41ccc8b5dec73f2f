//! From bytes to text: UTF-8, UTF-16 with a mark, and what Japanese spreadsheets save.

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};
use sekisho_diag::{Place, Problem};

use crate::import::ImportRequest;

/// The text of a table, and a note where it was not UTF-8.
pub(super) fn text(request: ImportRequest<'_>) -> Result<(Cow<'_, str>, Option<Problem>), Problem> {
    let bytes = request.bytes;
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        return decoded(encoding, request).ok_or_else(|| {
            let name = encoding.name();
            request.problem("not-utf8", format!("the file begins as {name}, but is none")).hint("save it as UTF-8")
        });
    }
    match sekisho_yaml::text(request.file, bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), None)),
        // Only what is Shift_JIS throughout is read as such.
        Err(problem) => decoded(SHIFT_JIS, request).ok_or(problem),
    }
}

fn decoded<'a>(encoding: &'static Encoding, request: ImportRequest<'a>) -> Option<(Cow<'a, str>, Option<Problem>)> {
    let text = encoding.decode_with_bom_removal(request.bytes).0;
    let (_, is_broken) = encoding.decode_without_bom_handling(request.bytes);
    let looks_wrong = is_broken || text.chars().any(|c| c == '\0' || c == '\u{fffd}');
    let message = format!("the file is not UTF-8 and was read as {}", encoding.name());
    let note = Problem::note("read-as", message).at(Place::file(request.file));
    (!looks_wrong).then_some((text, Some(note)))
}

//! PDF as blocks, page by page: the text that its pages show, in the order in which they show it.
//!
//! The reader of PDF is hayro, an interpreter of pages in safe Rust; here its glyphs become lines ([`layout`]) and paragraphs ([`blocks`]). What
//! has no text is said: pages that only show pictures or outlines, characters whose meaning the file does not tell, documents behind a password.

mod blocks;
mod layout;
mod reader;

use std::panic::{AssertUnwindSafe, catch_unwind};

use encoding_rs::{Encoding, WINDOWS_1252};
use hayro_interpret::hayro_syntax::metadata::Metadata;
use hayro_interpret::hayro_syntax::object::dict::keys::LANG;
use hayro_interpret::hayro_syntax::object::{DateTime, Dict, String as Bytes};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings, RenderContent};
use sekisho_model::Text;
use time::{Date, Month};

use super::document::Page;
use crate::limits::Limits;
use layout::Line;
use reader::{Ended, Seen};

/// Numbers of pages that a gap names; of more, only how many.
const NAMED: usize = 10;

/// Whether it is a PDF, by how it begins.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"%PDF-")
}

/// Reads a document, and says what of it could not be read. There is no page where nothing could.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> (Option<Page>, Vec<Text>) {
    // What the reader of PDF stumbles over is a gap of this one document.
    catch_unwind(AssertUnwindSafe(|| document(bytes, limits))).unwrap_or_else(|_| (None, vec![stumbled()]))
}

fn document(bytes: &[u8], limits: &Limits) -> (Option<Page>, Vec<Text>) {
    let pdf = match Pdf::new(bytes.to_vec()) {
        Ok(pdf) => pdf,
        Err(error) => return (None, vec![unreadable(error)]),
    };
    let mut gaps = Vec::new();
    let lines = lines(&pdf, limits, &mut gaps);
    let (blocks, shown_title) = blocks::of(lines);
    let metadata = pdf.metadata();
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let page = Page {
        title: shown_title.or_else(|| metadata.title.as_deref().map(decoded)),
        language: catalog.and_then(|catalog| catalog.get::<Bytes<'_>>(LANG)).map(|tag| decoded(&tag)),
        date: None,
        pages: Some(u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX)),
        file_date: file_date(metadata),
        blocks,
    };
    (Some(page), gaps)
}

/// The lines of all pages; what could not be read goes into `gaps`.
fn lines(pdf: &Pdf, limits: &Limits, gaps: &mut Vec<Text>) -> Vec<Line> {
    let pages = pdf.pages();
    if pages.len() > limits.pages {
        let most = limits.pages;
        gaps.push(Text::new(
            format!("of {} pages the first {most} were read", pages.len()),
            format!("{}ページのうち先頭の{most}ページのみ読み取った", pages.len()),
        ));
    }
    let settings = InterpreterSettings { render_content: RenderContent::all(), ..InterpreterSettings::default() };
    let mut cache = InterpreterCache::new();
    let mut seen = Seen::new(limits);
    let (mut without_text, mut broken) = (Vec::new(), Vec::new());
    for (number, page) in (1_u32..).zip(pages.iter().take(limits.pages)) {
        let before = seen.characters;
        let (ended, drawn) = seen.page(page, number, &cache, pdf.xref(), &settings);
        match ended {
            Ended::Whole if seen.characters == before && drawn => without_text.push(number),
            Ended::Whole => {}
            Ended::Stumbled => {
                broken.push(number);
                // What lay half done in it is not to be trusted.
                cache = InterpreterCache::new();
            }
            Ended::Enough => {
                gaps.push(Text::new(
                    format!("it takes too much to read; page {number} and what follows are not read whole"),
                    format!("読み取りの負荷が上限を超えたため、{number}ページ以降は完全には読み取っていない"),
                ));
                break;
            }
        }
    }
    if !without_text.is_empty() {
        let (en, ja) = (listed(&without_text, ", "), listed(&without_text, "、"));
        gaps.push(Text::new(
            format!("no text on {en}: only pictures or outlines, as of a scan, which are not read"),
            format!("{ja}に文字情報がない（スキャンなどの画像や図形のみ。画像内の文字は読み取らない）"),
        ));
    }
    if !broken.is_empty() {
        let (en, ja) = (listed(&broken, ", "), listed(&broken, "、"));
        gaps.push(Text::new(format!("could not be read to its end: {en}"), format!("{ja}を最後まで読み取れなかった")));
    }
    // A few bullets from a font of symbols are none that a reader misses.
    if seen.unknown > 0 && seen.unknown.saturating_mul(50) >= seen.unknown.saturating_add(seen.characters) {
        let (unknown, all) = (seen.unknown, seen.unknown.saturating_add(seen.characters));
        gaps.push(Text::new(
            format!("of {unknown} of {all} characters the file does not tell which they are"),
            format!("{all}文字中{unknown}文字は、どの文字であるかがファイルから分からない"),
        ));
    }
    seen.into_lines()
}

/// `page 3`, `pages 3, 4`, `12 pages`; in Japanese without the word in front.
fn listed(pages: &[u32], between: &str) -> String {
    let japanese = between == "、";
    if pages.len() > NAMED {
        let (count, first) = (pages.len(), pages.first().copied().unwrap_or_default());
        return if japanese {
            format!("{first}ページなど{count}ページ")
        } else {
            format!("{count} pages, from page {first} on")
        };
    }
    let numbers = pages.iter().map(ToString::to_string).collect::<Vec<_>>().join(between);
    match (japanese, pages.len()) {
        (true, _) => format!("{numbers}ページ"),
        (false, 1) => format!("page {numbers}"),
        (false, _) => format!("pages {numbers}"),
    }
}

fn stumbled() -> Text {
    Text::new("the reader of PDF failed on it", "PDFの読み取り処理が失敗した")
}

fn unreadable(error: LoadPdfError) -> Text {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Text::new(
            "a PDF behind a password: give it without one",
            "パスワードで保護されたPDF（保護を外したものが必要）",
        ),
        LoadPdfError::Decryption(_) => Text::new(
            "a PDF whose encryption is not understood: give it without",
            "解釈できない方式で暗号化されたPDF（暗号化していないものが必要）",
        ),
        LoadPdfError::Invalid => Text::new("a broken PDF", "壊れたPDF"),
    }
}

/// A string of the kind that names and descriptions are (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with a mark, else nearly Windows-1252.
fn decoded(bytes: &[u8]) -> String {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((WINDOWS_1252, 0));
    encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned()
}

/// When the file was last changed, or else made.
fn file_date(metadata: &Metadata) -> Option<String> {
    let day = |date: &DateTime| {
        let month = Month::try_from(date.month).ok()?;
        let date = Date::from_calendar_date(i32::from(date.year), month, date.day).ok()?;
        Some(format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
    };
    metadata.modification_date.as_ref().and_then(day).or_else(|| metadata.creation_date.as_ref().and_then(day))
}

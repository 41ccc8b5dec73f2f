//! What the pages of a PDF show: each glyph with its character and place, and whether there is anything else.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::xref::XRef;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

use super::layout::{Line, Mark, Sheet};
use crate::limits::Limits;

/// Characters that one glyph may stand for: ligatures are of a few.
const LIGATURE: usize = 16;

/// How reading a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Whole,
    /// The interpreter failed.
    Stumbled,
    /// The document has used up what it may take.
    Enough,
}

/// Thrown to leave the interpreter, which has no other way to be told to stop.
struct Enough;

/// What was seen of a document so far.
pub(super) struct Seen {
    sheet: Sheet,
    /// Characters that are not blank.
    pub(super) characters: u64,
    /// Glyphs of which the file does not tell for what character they stand.
    pub(super) unknown: u64,
    /// Anything at all was drawn on the page.
    drawn: bool,
    drawings_left: u64,
    characters_left: u64,
    /// Text and place of the last run: bold may be made by drawing twice.
    last: (String, (f64, f64)),
}

impl Seen {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            sheet: Sheet::default(),
            characters: 0,
            unknown: 0,
            drawn: false,
            drawings_left: limits.drawings,
            characters_left: limits.characters,
            last: Default::default(),
        }
    }

    /// Reads a page. Says how that ended, and whether anything was drawn on it.
    pub(super) fn page<'a>(
        &mut self,
        page: &Page<'a>,
        number: u32,
        cache: &InterpreterCache<'a>,
        xref: &'a XRef,
        settings: &InterpreterSettings,
    ) -> (Ended, bool) {
        self.drawn = false;
        self.last = Default::default();
        self.sheet.turn(number);
        let unbounded = Rect::new(f64::MIN, f64::MIN, f64::MAX, f64::MAX);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let mut context = Context::new(Affine::IDENTITY, unbounded, cache, xref, settings.clone());
            interpret_page(page, &mut context, self);
        }));
        let ended = match ended {
            Ok(()) => Ended::Whole,
            Err(thrown) if thrown.is::<Enough>() => Ended::Enough,
            Err(_) => Ended::Stumbled,
        };
        (ended, self.drawn)
    }

    pub(super) fn into_lines(self) -> Vec<Line> {
        self.sheet.into_lines()
    }

    /// Counts a drawing; ends the reading where there were enough.
    fn drawing(&mut self) {
        self.drawings_left = self.drawings_left.saturating_sub(1);
        if self.drawings_left == 0 || self.characters_left == 0 {
            resume_unwind(Box::new(Enough));
        }
    }
}

impl Device<'_> for Seen {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.drawing();
        self.drawn = true;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.drawing();
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.drawing();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.drawing();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        self.drawing();
        let texts: Vec<Option<String>> = run.glyphs().iter().map(|glyph| character(glyph)).collect();
        let whole: String = texts.iter().flatten().map(String::as_str).collect();
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let marks: Vec<_> = run.glyphs().iter().map(|glyph| placed(glyph, props.transform, vertical)).collect();
        if let Some(first) = marks.first() {
            let (x, y) = self.last.1;
            let near = (first.at.0 - x).hypot(first.at.1 - y) < first.size * 0.1;
            if near && !whole.trim().is_empty() && whole == self.last.0 {
                return;
            }
            self.last = (whole, first.at);
        }
        for (text, mark) in texts.iter().zip(&marks) {
            self.drawing();
            self.drawn = true;
            let text = text.as_deref().unwrap_or_else(|| {
                self.unknown += 1;
                "\u{fffd}"
            });
            let count = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fffd}').count() as u64;
            self.characters += count;
            self.characters_left = self.characters_left.saturating_sub(count.max(1));
            self.sheet.push(text, mark);
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.drawing();
        self.drawn = true;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// What a glyph stands for; none where the file does not tell.
fn character(glyph: &Glyph<'_>) -> Option<String> {
    let text = match glyph.as_unicode()? {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text.chars().take(LIGATURE).collect(),
    };
    let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    (!text.is_empty()).then_some(text)
}

/// Where a glyph lies on the page, in the page's units.
fn placed(glyph: &PositionedGlyph<'_>, page: Affine, vertical: bool) -> Mark {
    let advance = match &**glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    };
    let [right_x, right_y, up_x, up_y, x, y] = (page * glyph.transform()).as_coeffs();
    // The transform is from thousandths of the font's size.
    let (across, up) = (right_x.hypot(right_y), up_x.hypot(up_y));
    let size = up * 1000.0;
    let (direction, advance) = if vertical {
        ((-up_x / up, -up_y / up), size)
    } else {
        // Where another font stands in, its glyphs are narrowed and the advance is not.
        ((right_x / across, right_y / across), f64::from(advance.unwrap_or(500.0)) * across.max(up))
    };
    Mark { at: (x, y), direction, advance, size }
}

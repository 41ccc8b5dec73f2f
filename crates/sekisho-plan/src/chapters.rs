//! A document as chapters with pages: where each control stands, how long each chapter is, and what of that is estimated.
//!
//! - A chapter's pages are those that the document's contents give. Where the contents give sub-chapters beside the chapter, it stands for the
//!   pages that are in none of them.
//! - Pages that chapters share, such as the one on which one ends and the next begins, count once.
//! - Where a chapter has no pages and the document's length is known, what the other chapters leave of it is spread over such chapters by the
//!   number of their controls, one page at least.
//! - Where the length is not known either, it is estimated from the number of controls, with the median of pages per control over the
//!   documents of the catalog whose length is known. With page numbers for some chapters the document is at least as long as the highest.

use sekisho_catalog::Catalog;
use sekisho_model::catalog::{Control, Document};

use crate::pages::Pages;

/// Page numbers of chapters whose place is not known begin here, beyond those of any document.
const NOWHERE: u64 = 1 << 40;

/// How long documents are for what they ask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density(f64);

impl Density {
    /// The median of pages per control over the documents whose length is known; one where none is.
    pub fn of(catalog: &Catalog) -> Self {
        Self::median(catalog.documents())
    }

    /// The same over some documents.
    pub fn median<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let ratio = |d: &Document| {
            let pages = d.pages.filter(|&pages| pages > 0)?;
            (!d.controls.is_empty()).then(|| f64::from(pages) / d.controls.len() as f64)
        };
        let mut ratios: Vec<f64> = documents.into_iter().filter_map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        let middle = ratios.len() / 2;
        Self(match ratios.len() {
            0 => 1.0,
            n if n % 2 == 1 => ratios[middle],
            _ => f64::midpoint(ratios[middle - 1], ratios[middle]),
        })
    }

    /// The estimated length of what holds `controls` controls, in pages; one at least.
    #[expect(clippy::cast_sign_loss, reason = "both factors are positive")]
    pub fn pages(self, controls: usize) -> u64 {
        ((controls as f64 * self.0).ceil() as u64).max(1)
    }
}

/// A chapter of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Length {
    /// The pages that it stands for.
    pub pages: Pages,
    /// Whether their number is estimated.
    pub estimated: bool,
}

/// How long a document and each of its chapters is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lengths {
    /// Chapter by chapter, in the order of the contents.
    pub chapters: Vec<Length>,
    /// The whole document; it holds all chapters.
    pub whole: Pages,
    /// How many pages of the whole are estimated.
    pub estimated: u64,
}

impl Lengths {
    /// The lengths of `document`, in a catalog of this density.
    pub fn of(document: &Document, density: Density) -> Self {
        let contents = &document.contents;
        let ranges: Vec<Option<Pages>> =
            contents.iter().map(|section| section.pages.as_deref().and_then(Pages::parse)).collect();
        let known = ranges.iter().flatten().fold(Pages::default(), |all, range| all.union(range));
        let mut held = vec![0usize; contents.len()];
        for control in &document.controls {
            if let Some(chapter) = chapter_of(document, control) {
                held[chapter] += 1;
            }
        }
        // What chapters without page numbers share between them.
        let open: Vec<usize> = (0..contents.len()).filter(|&i| ranges[i].is_none()).collect();
        let weights: Vec<u64> = open.iter().map(|&i| held[i].max(1) as u64).collect();
        let stated = document.pages.map_or(0, u64::from);
        let (shared, length_estimated) = match (stated, known.last()) {
            (0, None) => (density.pages(document.controls.len()).max(open.len() as u64), true),
            (0, Some(_)) => (open.iter().map(|&i| density.pages(held[i])).sum(), true),
            (stated, _) if open.is_empty() => (stated.saturating_sub(known.count()), false),
            (stated, _) => (stated.saturating_sub(known.count()).max(open.len() as u64), false),
        };
        let mut next = NOWHERE;
        let mut spread = spread(shared, &weights).into_iter();
        let chapters = ranges
            .iter()
            .enumerate()
            .map(|(i, range)| {
                if let Some(range) = range {
                    return Length { pages: own(document, &ranges, i, range), estimated: false };
                }
                let count = spread.next().unwrap_or(1);
                let pages = Pages::range(next, next + count - 1);
                next += count;
                Length { pages, estimated: true }
            })
            .collect();
        // Front matter and the like: pages of the document that are in no chapter.
        let mut whole = known.union(&Pages::range(NOWHERE, NOWHERE + shared - 1));
        if stated == 0
            && let Some(last) = known.last()
        {
            whole = whole.union(&Pages::range(1, last));
        }
        if whole.is_empty() {
            whole = Pages::range(NOWHERE, NOWHERE);
        }
        Self { chapters, whole, estimated: if length_estimated { shared } else { 0 } }
    }
}

/// The pages of chapter `i` that are in none of its sub-chapters; all of them where these leave nothing.
fn own(document: &Document, ranges: &[Option<Pages>], i: usize, range: &Pages) -> Pages {
    let prefix = format!("{}.", document.contents[i].no);
    let mut left = range.clone();
    for (j, other) in ranges.iter().enumerate() {
        let Some(other) = other.as_ref().filter(|_| j != i) else { continue };
        // By its number, or because it lies inside. The page on which a chapter ends and the next begins belongs to both.
        let inside = j > i && range.holds(other) && range != other && other.first() < range.last();
        if document.contents[j].no.starts_with(&prefix) || inside {
            left = left.minus(other);
        }
    }
    if left.is_empty() { range.clone() } else { left }
}

/// `total` in whole parts by weight, one at least for each.
fn spread(total: u64, weights: &[u64]) -> Vec<u64> {
    let count = weights.len() as u64;
    let sum: u64 = weights.iter().sum();
    if sum == 0 {
        return Vec::new();
    }
    // Each has its one page; what is left goes by weight, and what rounding leaves to the largest remainders.
    let left = total.saturating_sub(count);
    let share = |w: u64| u128::from(left) * u128::from(w);
    let mut parts: Vec<u64> =
        weights.iter().map(|&w| 1 + u64::try_from(share(w) / u128::from(sum)).unwrap_or(u64::MAX - 1)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(share(weights[i]) % u128::from(sum)), i));
    let given: u64 = parts.iter().sum();
    let rest = usize::try_from(total.saturating_sub(given)).unwrap_or(usize::MAX);
    for &i in order.iter().take(rest) {
        parts[i] += 1;
    }
    parts
}

/// The chapter in which a control stands: the section that it names, else its group where that is one, else the chapter of which the group's
/// number is a part, as `4.1.1` is of `4`. None where the contents do not tell.
pub(crate) fn chapter_of(document: &Document, control: &Control) -> Option<usize> {
    let position = |no: &str| document.contents.iter().position(|section| section.no == no);
    [control.section.as_deref(), control.group.as_deref()].into_iter().flatten().find_map(|mut no| {
        loop {
            if let Some(found) = position(no) {
                return Some(found);
            }
            no = no.rsplit_once('.')?.0;
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(pages: Option<u32>, contents: &[(&str, Option<&str>)], controls: &[(&str, &str)]) -> Document {
        let text = |t: &str| json!({"en": t, "ja": t});
        let contents: Vec<Value> =
            contents.iter().map(|(no, pages)| json!({"no": no, "title": text(no), "pages": pages})).collect();
        let controls: Vec<Value> = controls
            .iter()
            .map(|(id, group)| {
                json!({"id": id, "group": group, "kind": "requirement", "title": text(id), "statement": text(id),
                       "modality": "must", "provenance": {"basis": "source"}})
            })
            .collect();
        serde_json::from_value(json!({
            "id": "d", "kind": "law", "publisher": {"en": "P", "ja": "P", "short": "P"}, "title": text("T"),
            "published": "2024", "status": "current", "url": "https://example.com/", "languages": ["en"], "pages": pages,
            "licence": {"original": "x", "text": "paraphrase"}, "binding": [], "audience": [], "industries": [],
            "layers": [], "phases": [], "detail": "overview", "summary": text("S"), "read_first": text("R"),
            "provenance": {}, "contents": contents, "controls": controls
        }))
        .expect("a document")
    }

    fn lengths(document: &Document) -> (Vec<(u64, bool)>, u64, u64) {
        let lengths = Lengths::of(document, Density(2.0));
        for chapter in &lengths.chapters {
            assert!(lengths.whole.holds(&chapter.pages), "{lengths:?}");
        }
        let chapters = lengths.chapters.iter().map(|c| (c.pages.count(), c.estimated)).collect();
        (chapters, lengths.whole.count(), lengths.estimated)
    }

    #[test]
    fn page_numbers_count_as_they_stand() {
        let d = document(Some(20), &[("1", Some("1-5")), ("2", Some("5-10"))], &[]);
        assert_eq!(lengths(&d), (vec![(5, false), (6, false)], 20, 0));
    }

    #[test]
    fn a_chapter_stands_for_what_is_in_no_sub_chapter() {
        let d = document(None, &[("3", Some("26-152")), ("3.1", Some("31-38")), ("3.2", Some("39-156"))], &[]);
        assert_eq!(lengths(&d), (vec![(5, false), (8, false), (118, false)], 156, 0));
        let d = document(None, &[("1", Some("1-2")), ("1.1", Some("1-2"))], &[]);
        assert_eq!(lengths(&d).0, [(2, false), (2, false)], "nothing would be left of it");
    }

    #[test]
    fn a_page_on_which_one_chapter_ends_and_the_next_begins_belongs_to_both() {
        let d = document(None, &[("1", Some("2")), ("2", Some("2-3")), ("3", Some("3")), ("4", Some("3-9"))], &[]);
        assert_eq!(lengths(&d).0, [(1, false), (2, false), (1, false), (7, false)]);
    }

    #[test]
    fn a_known_length_is_spread_over_chapters_without_pages() {
        let d = document(Some(12), &[("1", None), ("2", None)], &[("a", "1"), ("b", "1"), ("c", "1"), ("d", "2.4")]);
        assert_eq!(lengths(&d), (vec![(9, true), (3, true)], 12, 0));
    }

    #[test]
    fn an_unknown_length_is_estimated_from_the_controls() {
        let d = document(None, &[("1", None), ("2", None)], &[("a", "1"), ("b", "1"), ("c", "x")]);
        assert_eq!(lengths(&d), (vec![(4, true), (2, true)], 6, 6));
        assert_eq!(lengths(&document(None, &[], &[("a", "x")])), (vec![], 2, 2));
        assert_eq!(lengths(&document(None, &[], &[])), (vec![], 1, 1));
        let d = document(None, &[("1", Some("8-10")), ("2", Some("next page"))], &[("a", "2")]);
        assert_eq!(lengths(&d), (vec![(3, false), (2, true)], 12, 2));
    }

    #[test]
    fn rounding_loses_no_page() {
        for total in 0..60 {
            let parts = spread(total, &[5, 1, 1, 7, 3]);
            assert_eq!(parts.iter().sum::<u64>(), total.max(5));
            assert!(parts.iter().all(|&part| part > 0));
        }
    }

    #[test]
    fn the_median_of_what_is_known() {
        let of = |pages, controls: usize| document(pages, &[], &vec![("a", "x"); controls]);
        let known = [of(Some(10), 5), of(Some(1), 1), of(None, 7), of(Some(9), 0), of(Some(30), 3)];
        assert_eq!(Density::median(&known), Density(2.0));
        assert_eq!(Density::median(&[of(None, 3)]), Density(1.0));
    }
}

//! What a document is and what it says about: facts from its blocks.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use sekisho_model::Text;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::published::{PublishedDocument, PublishedPassage};
use unicode_normalization::UnicodeNormalization as _;

use super::date;
use super::words::{DATES, ENGLISH, KINDS, TOPICS};
use crate::draft::Draft;

/// Headings by which the kind is told: which a document has shows early.
const HEADINGS: usize = 200;

/// Bytes of a block in which the document's own date may stand: at its beginning or end are short lines.
const LONGEST: usize = 600;

/// Letters by which the language is told.
const LOOKED_AT: usize = 20_000;

/// Where a block stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// The line of the file in which it begins, from 1.
    Line(u32),
    /// The page, from 1.
    Page(u32),
}

/// A paragraph or a heading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub(super) spot: Spot,
    pub(super) heading: bool,
    pub(super) text: String,
}

impl Spot {
    /// So many lines further down.
    pub(super) fn down(self, lines: usize) -> Self {
        match self {
            Self::Line(line) => Self::Line(line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))),
            Self::Page(_) => self,
        }
    }
}

/// A document as it was read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    /// The title that stands apart from the text.
    pub(super) title: Option<String>,
    /// Language and date as the document's head says.
    pub(super) language: Option<String>,
    pub(super) date: Option<String>,
    /// Pages, and the day that the metadata of the file say, of a document that has such.
    pub(super) pages: Option<u32>,
    pub(super) file_date: Option<String>,
    pub(super) blocks: Vec<Block>,
}

/// A set of words, each of which means one of several things.
struct Finder {
    search: AhoCorasick,
    /// What each word means, in the order of the words.
    meanings: Vec<usize>,
}

impl Finder {
    fn new(table: &[(&str, &[&str])]) -> Option<Self> {
        let words = table.iter().flat_map(|(_, words)| words.iter());
        let meanings = table.iter().enumerate().flat_map(|(at, (_, words))| words.iter().map(move |_| at)).collect();
        let search = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok()?;
        Some(Self { search, meanings })
    }

    /// What the words in `text`, which is folded, mean.
    fn meanings<'f>(&'f self, text: &'f str) -> impl Iterator<Item = usize> + 'f {
        self.search.find_overlapping_iter(text).filter_map(move |found| {
            let before = text.get(..found.start())?.chars().next_back();
            let latin = text.as_bytes().get(found.start()).is_some_and(u8::is_ascii_alphanumeric);
            // A word of ASCII letters begins where no letter stands before it.
            if latin && before.is_some_and(|c| c.is_ascii_alphanumeric()) {
                return None;
            }
            self.meanings.get(found.pattern().as_usize()).copied()
        })
    }
}

static KIND: LazyLock<Option<Finder>> = LazyLock::new(|| Finder::new(&KINDS));
static TOPIC: LazyLock<Option<Finder>> = LazyLock::new(|| Finder::new(&TOPICS));
static DATE: LazyLock<Option<Finder>> = LazyLock::new(|| Finder::new(&[("date", &DATES)]));

/// Half-width and full-width, upper and lower case meet; blanks are one.
fn folded(text: &str) -> String {
    if text.is_ascii() && !text.contains("  ") && !text.contains(['\n', '\t', '\r']) {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(if c == '’' { '\'' } else { c });
        }
    }
    out
}

/// The facts of a document at `path` within the artefact, whose digest is `sha256`.
pub(super) fn read(page: &Page, path: Option<&str>, sha256: Option<&str>, draft: &mut Draft) {
    let characters: usize =
        page.blocks.iter().map(|block| block.text.chars().filter(|c| !c.is_whitespace()).count()).sum();
    let source = |spot: Option<Spot>| {
        let (line, page) = match spot {
            Some(Spot::Line(line)) => (Some(line), None),
            Some(Spot::Page(page)) => (None, Some(page)),
            None => (None, None),
        };
        Source { path: path.map(str::to_owned), sha256: sha256.map(str::to_owned), line, page, ..Source::default() }
    };
    let headings = || page.blocks.iter().filter(|block| block.heading);
    let title = page.title.as_deref().filter(|title| !title.trim().is_empty());
    let title = title.or_else(|| headings().next().map(|block| block.text.as_str())).map(|title| draft.short(title));
    let fact = PublishedDocument {
        kind: kind(title.as_deref(), headings()).to_owned(),
        title: title.clone(),
        date: dated(page),
        language: language(page),
        characters: characters as u64,
        pages: page.pages,
        file_date: page.file_date.clone(),
    };
    draft.fact_at(Observed::PublishedDocument(fact), source(None));
    if characters == 0 {
        let reason = Text::new(
            "there is no text in it: a picture, or a page that scripts build",
            "文字情報がない（画像のみ、またはスクリプトで生成されるページ）",
        );
        draft.gap(path.map(str::to_owned), reason);
    }
    passages(page, title.as_deref(), source, draft);
}

/// By the title; where that says nothing, by the headings, of which the most frequent kind counts.
fn kind<'p>(title: Option<&str>, headings: impl Iterator<Item = &'p Block>) -> &'static str {
    let Some(finder) = KIND.as_ref() else { return "unknown" };
    if let Some(at) = title.and_then(|title| finder.meanings(&folded(title)).min()) {
        return KINDS.get(at).map_or("unknown", |(kind, _)| kind);
    }
    let mut counts = [0_usize; KINDS.len()];
    for heading in headings.take(HEADINGS) {
        let mut seen: Vec<usize> = finder.meanings(&folded(&heading.text)).collect();
        seen.sort_unstable();
        seen.dedup();
        for at in seen {
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
    }
    let most = counts.iter().max().copied().filter(|most| *most > 0);
    let at = most.and_then(|most| counts.iter().position(|count| *count == most));
    at.and_then(|at| KINDS.get(at)).map_or("unknown", |(kind, _)| kind)
}

/// The latest date that stands beside a word for the document's own date; else the one in its head.
fn dated(page: &Page) -> Option<String> {
    let finder = DATE.as_ref()?;
    let short = page.blocks.iter().filter(|block| block.text.len() <= LONGEST);
    let in_text = short
        .filter_map(|block| {
            let text = folded(&block.text);
            finder.meanings(&text).next().and_then(|_| date::latest(&text))
        })
        .max();
    in_text.or_else(|| date::latest(&folded(page.date.as_deref()?)))
}

/// By its letters; where they do not tell, as the document's head says, in which programs often write a language of their own.
fn language(page: &Page) -> Option<String> {
    spoken(page).map(str::to_owned).or_else(|| {
        let tag = page.language.as_deref()?;
        let told = tag.split(['-', '_']).next().unwrap_or(tag).trim().to_ascii_lowercase();
        let fits = (2..=3).contains(&told.len()) && told.bytes().all(|b| b.is_ascii_lowercase());
        fits.then_some(told)
    })
}

fn spoken(page: &Page) -> Option<&'static str> {
    let (mut kana, mut all, mut english, mut words) = (0_usize, 0_usize, 0_usize, 0_usize);
    for block in &page.blocks {
        kana += block.text.chars().filter(|c| matches!(c, '\u{3041}'..='\u{30ff}')).count();
        all += block.text.chars().filter(|c| c.is_alphabetic()).count();
        for word in block.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words += 1;
            english += usize::from(ENGLISH.iter().any(|known| word.eq_ignore_ascii_case(known)));
        }
        if all > LOOKED_AT {
            break;
        }
    }
    if all >= 20 && kana * 10 >= all {
        return Some("ja");
    }
    // One word in ten of English prose is one of these.
    (words >= 20 && english * 12 >= words).then_some("en")
}

/// Sentences that speak of a topic, the first few of each.
fn passages(page: &Page, title: Option<&str>, source: impl Fn(Option<Spot>) -> Source, draft: &mut Draft) {
    let Some(finder) = TOPIC.as_ref() else { return };
    let mut counts = [0_usize; TOPICS.len()];
    // What stands at the head or foot of every page is one passage, whatever the number in it.
    let mut taken = BTreeSet::new();
    let most = draft.limits.passages;
    for block in page.blocks.iter().filter(|block| !block.heading) {
        if counts.iter().all(|count| *count >= most) {
            break;
        }
        let mut spot = block.spot;
        for sentence in sentences(&block.text) {
            let text = folded(sentence);
            let mut topics: Vec<usize> = finder.meanings(&text).collect();
            topics.sort_unstable();
            topics.dedup();
            for at in topics {
                let (Some(count), Some((topic, _))) = (counts.get_mut(at), TOPICS.get(at)) else { continue };
                let bare: String = text.chars().filter(|c| c.is_alphabetic()).collect();
                if *count >= most || !taken.insert((at, bare)) {
                    continue;
                }
                *count += 1;
                let fact = PublishedPassage {
                    topic: (*topic).to_owned(),
                    quote: draft.short(sentence),
                    document: title.map(str::to_owned),
                };
                let blank = sentence.len() - sentence.trim_start().len();
                let before = sentence.get(..blank).map_or(0, |blank| blank.matches('\n').count());
                draft.fact_at(Observed::PublishedPassage(fact), source(Some(spot.down(before))));
            }
            spot = spot.down(sentence.matches('\n').count());
        }
    }
}

/// Sentences with their ends: a full stop and a blank, or a Japanese full stop.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut previous = ' ';
        let end = rest.char_indices().find_map(|(at, c)| {
            let ends = matches!(c, '。' | '！' | '？') || (c.is_whitespace() && matches!(previous, '.' | '!' | '?'));
            previous = c;
            ends.then(|| at + c.len_utf8())
        });
        let (sentence, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_should() {
        let all: Vec<&str> = sentences("Version 1.2 is out. We keep it.\n三年間です。次").collect();
        assert_eq!(all, ["Version 1.2 is out. ", "We keep it.\n", "三年間です。", "次"]);
    }

    #[test]
    fn words_begin_where_words_begin() {
        let finder = Finder::new(&[("a", &["update"]), ("b", &["更新"])]).unwrap();
        assert_eq!(finder.meanings("updates, outdated, 自動更新").collect::<Vec<_>>(), [0, 1]);
        assert_eq!(finder.meanings("preupdate").count(), 0);
    }
}

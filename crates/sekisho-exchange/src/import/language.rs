//! Which language texts are in, and what becomes of those that exist in one only.

use sekisho_model::{Lang, Text};

use super::draft::{Draft, Words};

/// What the texts of a draft exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Languages {
    /// The language of texts that do not say theirs.
    plain: Lang,
    /// The one language that all texts exist in, where some lack the other.
    pub(super) only: Option<Lang>,
}

/// A text that keeps a draft from being in one language: it lacks English, another lacks Japanese.
#[derive(Debug)]
pub(super) struct Mixed {
    /// The control without English text.
    pub(super) without_en: String,
    /// The control without Japanese text.
    pub(super) without_ja: String,
}

impl Languages {
    /// The languages of `draft`, with `stated` as the one of texts that do not say theirs.
    pub(super) fn of(draft: &Draft, stated: Option<Lang>) -> Result<Self, Mixed> {
        let plain = stated.or(draft.language).unwrap_or_else(|| guess(draft));
        let (mut without_en, mut without_ja) = (None, None);
        for (id, words) in texts(draft) {
            let (en, ja) = words.sides(plain);
            if en.is_none() && ja.is_some() {
                without_en.get_or_insert(id);
            }
            if ja.is_none() && en.is_some() {
                without_ja.get_or_insert(id);
            }
        }
        let only = match (without_en, without_ja) {
            (None, None) => None,
            (Some(_), None) => Some(Lang::Ja),
            (None, Some(_)) => Some(Lang::En),
            (Some(en), Some(ja)) => {
                return Err(Mixed { without_en: en.to_owned(), without_ja: ja.to_owned() });
            }
        };
        Ok(Self { plain, only })
    }

    /// The text in both languages; where it exists in one only, that one twice, which is what `only_language` says of the document.
    pub(super) fn text(self, words: &Words) -> Option<Text> {
        match words.sides(self.plain) {
            (Some(en), Some(ja)) => Some(Text::new(en, ja)),
            (Some(one), None) | (None, Some(one)) => Some(Text::new(one, one)),
            (None, None) => None,
        }
    }
}

/// All texts of a draft that are to exist in both languages, with the id of what they belong to.
fn texts(draft: &Draft) -> impl Iterator<Item = (&str, &Words)> {
    let title = draft.title.iter().map(|title| ("title", title));
    let groups = draft.groups.iter().flat_map(|group| {
        std::iter::once(&group.title).chain(&group.statement).map(|words| (group.id.as_str(), words))
    });
    let controls = draft.controls.iter().flat_map(|control| {
        let mappings = control.mappings.iter().filter_map(|mapping| mapping.rationale.as_ref());
        [&control.title, &control.statement]
            .into_iter()
            .chain(&control.unmapped)
            .chain(mappings)
            .map(|words| (control.id.as_str(), words))
    });
    title.chain(groups).chain(controls)
}

/// Japanese where a good part of the texts is written in it: English ones have none, and Japanese ones many English words.
fn guess(draft: &Draft) -> Lang {
    let (mut japanese, mut letters) = (0_usize, 0_usize);
    for text in texts(draft).filter_map(|(_, words)| words.plain.as_deref()) {
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            japanese += usize::from(is_japanese(c));
        }
        if letters > 100_000 {
            break;
        }
    }
    if japanese * 10 > letters { Lang::Ja } else { Lang::En }
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

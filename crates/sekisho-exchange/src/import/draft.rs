//! What was read of a standard, before it is known which languages its texts exist in.

use sekisho_diag::{Place, Problem};
use sekisho_model::Lang;
use sekisho_model::catalog::{ControlKind, Modality, Relationship};

/// A standard as it was read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) title: Option<Words>,
    pub(super) publisher: Option<String>,
    pub(super) publisher_short: Option<String>,
    pub(super) edition: Option<String>,
    /// `YYYY-MM-DD`.
    pub(super) published: Option<String>,
    pub(super) url: Option<String>,
    pub(super) licence: Option<String>,
    /// Whether the texts are paraphrases rather than the standard's own; only files of ours say so.
    pub(super) is_paraphrase: bool,
    /// The language that the file says its texts are in.
    pub(super) language: Option<Lang>,
    pub(super) groups: Vec<DraftGroup>,
    pub(super) controls: Vec<DraftControl>,
    pub(super) notes: Vec<Problem>,
}

/// A group of controls.
#[derive(Debug)]
pub(super) struct DraftGroup {
    pub(super) id: String,
    pub(super) title: Words,
    pub(super) statement: Option<Words>,
    pub(super) parent: Option<String>,
}

/// A control.
#[derive(Debug)]
pub(super) struct DraftControl {
    pub(super) id: String,
    /// Where it was read, for whoever reports on it.
    pub(super) place: Place,
    pub(super) kind: ControlKind,
    /// The id of its group or of the control above it.
    pub(super) group: Option<String>,
    pub(super) classes: Vec<String>,
    pub(super) title: Words,
    pub(super) statement: Words,
    pub(super) modality: Option<Modality>,
    pub(super) addressees: Vec<String>,
    pub(super) phases: Vec<String>,
    pub(super) applies_when: Option<String>,
    pub(super) superseded_in: Option<String>,
    pub(super) complete: bool,
    pub(super) mappings: Vec<DraftMapping>,
    pub(super) unmapped: Option<Words>,
    pub(super) related: Vec<String>,
}

/// A mapping that a table states.
#[derive(Debug)]
pub(super) struct DraftMapping {
    pub(super) objective: String,
    pub(super) relation: Relationship,
    pub(super) rationale: Option<Words>,
}

/// A text in one language or in both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// English, where the file says that it is.
    pub(super) en: Option<String>,
    /// Japanese, where the file says that it is.
    pub(super) ja: Option<String>,
    /// A text of which the file does not say the language.
    pub(super) plain: Option<String>,
}

impl Words {
    /// A text of unknown language.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { plain: Some(text.into()), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.en.is_none() && self.ja.is_none() && self.plain.is_none()
    }

    /// The texts in English and in Japanese, given what language the others are in.
    pub(super) fn sides(&self, plain: Lang) -> (Option<&str>, Option<&str>) {
        let plain_text = self.plain.as_deref();
        let en = self.en.as_deref().or(if plain == Lang::En { plain_text } else { None });
        let ja = self.ja.as_deref().or(if plain == Lang::Ja { plain_text } else { None });
        (en, ja)
    }
}

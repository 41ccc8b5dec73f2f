//! A document: one guideline, standard, law or report, with its controls and concepts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Lang, Text};

/// One document of the catalog: `catalog/documents/<id>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Stable id in kebab case.
    pub id: String,
    /// Short names that people may type, in upper case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Chapter of the JNSA *IoT security standards/guidelines handbook, 2017 edition*, where it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handbook: Option<String>,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// Who publishes it.
    pub publisher: Publisher,
    /// Title.
    pub title: Text,
    /// Edition or version, as the document numbers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// When this edition was published: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^\d{4}(-\d{2}(-\d{2})?)?$"))]
    pub published: String,
    /// Earlier editions whose controls the data tell apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_editions: Vec<EarlierEdition>,
    /// Whether it is still the one to use.
    pub status: Status,
    /// What it became.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Successor>,
    /// Where the original is.
    pub url: String,
    /// Languages in which the publisher offers it (BCP 47).
    pub languages: Vec<String>,
    /// The one language that its texts here exist in, where nobody has translated them. A text whose two sides are the same is then not a
    /// translation but the same text twice, and is shown as such. Only in catalogs of one's own: the built-in one has both languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_language: Option<Lang>,
    /// Pages of the original, where it has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Terms of the original.
    pub licence: Licence,
    /// How far it binds, and where.
    pub binding: Vec<Binding>,
    /// For whom it is written (roles).
    pub audience: Vec<String>,
    /// For which industries.
    pub industries: Vec<String>,
    /// Which layers of a product it speaks of.
    pub layers: Vec<String>,
    /// Which phases of the life cycle.
    pub phases: Vec<String>,
    /// How detailed it is.
    pub detail: Detail,
    /// What it is, in a few sentences.
    pub summary: Text,
    /// What to read first.
    pub read_first: Text,
    /// Its contents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<Section>,
    /// Conditions that the document itself names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Where its content was seen.
    pub provenance: Reading,
    /// What it asks.
    pub controls: Vec<Control>,
    /// What it explains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<Concept>,
}

/// Kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// Guideline.
    Guideline,
    /// Report or study.
    Report,
    /// Standard.
    Standard,
    /// Law or regulation.
    Law,
    /// Best current practice of a standards body.
    BestCurrentPractice,
    /// Framework.
    Framework,
    /// White paper.
    WhitePaper,
    /// Checklist.
    Checklist,
}

/// Who publishes a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// Name in English.
    pub en: String,
    /// Name in Japanese.
    pub ja: String,
    /// The usual abbreviation.
    pub short: String,
}

/// An earlier edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierEdition {
    /// Its number.
    pub edition: String,
    /// When it was published.
    pub published: String,
}

/// Whether a document is still the one to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In force or in use.
    Current,
    /// Another document or edition took over.
    Superseded,
    /// Lapsed without a successor.
    Expired,
}

/// What a document became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// Title of the successor.
    pub title: String,
    /// Its id, where the catalog has it or will have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// How it took over: `later-edition`, `succeeded-by`, `replaced-by`.
    pub relation: String,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
}

/// Terms under which the original is published, and what of it the data hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Owner and terms of the original's text.
    pub original: String,
    /// What of the text stands here: `paraphrase`, our own words, as everywhere in the built-in catalog; or `original`, the document's own,
    /// in a catalog of one's own that may hold it.
    #[schemars(regex(pattern = "^(paraphrase|original)$"))]
    pub text: String,
}

/// How far a document binds, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Force.
    pub force: Force,
    /// Market: `world`, `eu`, `uk`, `us`, `jp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<String>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What is to be said on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Binding force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// Nobody must.
    Voluntary,
    /// Labels or certificates rest on it.
    CertificationBasis,
    /// The law demands it.
    Mandatory,
}

/// How detailed a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// An overview.
    Overview,
    /// In between.
    Intermediate,
    /// Detailed enough to build or test by.
    Detailed,
}

/// A chapter or section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Number as the document gives it.
    pub no: String,
    /// Title.
    pub title: Text,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// Pages, such as `11-17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<String>,
    /// Roles to whom the document, or the handbook, recommends it in particular.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<String>,
}

/// A condition that the document names, under which controls apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The document's own id of it.
    pub id: String,
    /// Editions that have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<String>,
    /// What it says.
    pub text: Text,
    /// Our reading of it, over traits; absent where no trait says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_when: Option<String>,
}

/// Where the content of a document was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Sources that were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_at: Vec<String>,
    /// What is to be known about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// What a document asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The document's own identifier.
    pub id: String,
    /// What the document calls it.
    pub kind: ControlKind,
    /// The concept, control or section it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The section of `contents` in which to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The document's own classes of it: levels of verification, types of component, priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Title.
    pub title: Text,
    /// What it asks, in our own words.
    pub statement: Text,
    /// How strongly.
    pub modality: Modality,
    /// Whom it addresses, where that is narrower than the document's audience.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<String>,
    /// Phases of the life cycle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<String>,
    /// When it applies, over traits; always where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_when: Option<String>,
    /// Its status in each edition, where the data tell editions apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<EditionStatus>,
    /// What changed between editions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Text>,
    /// The edition in which it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_in: Option<String>,
    /// How far our paraphrase was checked.
    pub provenance: Provenance,
    /// Whether the mapped objectives together hold everything it asks for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// The objectives it asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
    /// The control that it is a part of and whose mappings stand for it, as a task's activity does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherits: Option<String>,
    /// Why it has no mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Text>,
    /// Relations to other controls and concepts that the document itself states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
}

/// The reason, in English and Japanese, that an import gives a control that nobody has mapped yet. Unlike any other reason it asks for a mapping.
pub const NOT_YET_MAPPED: [&str; 2] = ["Not yet mapped.", "まだ対応付けていない。"];

impl Control {
    /// Whether somebody has still to map it: it has no mapping, is no part of a control that has some, and has no reason for having none but that.
    pub fn awaits_mapping(&self) -> bool {
        let excused = self.unmapped.as_ref().is_some_and(|reason| reason.en != NOT_YET_MAPPED[0]);
        self.mappings.is_empty() && self.inherits.is_none() && !excused
    }
}

/// What a document calls its controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// Requirement.
    Requirement,
    /// Recommendation.
    Recommendation,
    /// Principle.
    Principle,
    /// Good practice or measure.
    GoodPractice,
    /// Consideration.
    Consideration,
    /// Question.
    Question,
    /// Something to do.
    Do,
    /// Something not to do.
    Dont,
    /// Capability.
    Capability,
    /// Effort.
    Effort,
    /// A mechanism by which people choose.
    ChoiceMechanism,
}

/// How strongly something is asked (RFC 2119).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// Optional.
    May,
    /// Recommended.
    Should,
    /// Required.
    Must,
}

/// Status of a control in one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionStatus {
    /// The edition.
    pub edition: String,
    /// The document's own status code, such as `M C`.
    pub status: String,
    /// The conditions it depends on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// How far a paraphrase was checked against the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// On what it rests.
    pub basis: Basis,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<String>,
}

/// On what a paraphrase rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The original, or a faithful copy or translation of it.
    Source,
    /// The JNSA handbook's summary.
    Handbook,
    /// Not yet verified.
    Unverified,
}

/// How a control relates to an objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The objective.
    pub objective: String,
    /// The relationship, read from the control.
    pub relation: Relationship,
    /// Checks of the objective whose failure shows by itself that this control is not met, where the relationship alone would not let that
    /// carry over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided_by: Vec<String>,
    /// Why.
    pub rationale: Text,
}

/// Set-theory relationship of a control to an objective (NIST IR 8477, section 4), read from the control's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// Both ask for the same.
    Equal,
    /// The control asks for less: all of it is part of the objective.
    SubsetOf,
    /// The control asks for more: it contains the whole objective.
    SupersetOf,
    /// They share a part.
    IntersectsWith,
}

impl Document {
    /// Whether `text` is one of those that exist in [`only_language`](Self::only_language) alone.
    pub fn is_untranslated(&self, text: &Text) -> bool {
        self.only_language.is_some() && text.en == text.ja
    }
}

impl Relationship {
    /// Whether the control asks for all that the objective asks for, so that it is not met where the objective is not.
    pub fn contains_objective(self) -> bool {
        matches!(self, Self::Equal | Self::SupersetOf)
    }

    /// The word in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::SubsetOf => "subset-of",
            Self::SupersetOf => "superset-of",
            Self::IntersectsWith => "intersects-with",
        }
    }
}

/// What a document explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Its id, unique in the document.
    pub id: String,
    /// What it is.
    pub kind: ConceptKind,
    /// Title.
    pub title: Text,
    /// What the document says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text>,
    /// The concept it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Severity as the document states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Whom it addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<String>,
    /// Relations to other concepts and controls of the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// How far our paraphrase was checked.
    pub provenance: Provenance,
}

/// Kinds of concepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConceptKind {
    /// A term or idea.
    Concept,
    /// Threat.
    Threat,
    /// Category of threats.
    ThreatCategory,
    /// Attack scenario.
    AttackScenario,
    /// Risk.
    Risk,
    /// Category of risks.
    RiskCategory,
    /// Asset.
    Asset,
    /// Recommendation to somebody beyond the product: industry, regulators.
    Recommendation,
    /// Consideration.
    Consideration,
    /// Open issue or gap.
    OpenIssue,
    /// Finding.
    Finding,
    /// Role.
    Role,
    /// Benefit.
    Benefit,
    /// Principle under which controls stand.
    Principle,
    /// Capability that the document describes without asking for it.
    Capability,
    /// Practice that the document describes without asking for it.
    Practice,
    /// Group of requirements.
    RequirementGroup,
}

/// A relation of a concept or control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Concept or control of the same document.
    pub to: String,
    /// What the relation is.
    pub kind: RelationKind,
}

/// Kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// It affects the other.
    Affects,
    /// It addresses the other.
    Addresses,
    /// It belongs to the other.
    BelongsTo,
    /// The other causes it.
    CausedBy,
    /// The other mitigates it.
    MitigatedBy,
    /// They are related; the document does not say how.
    Related,
}

//! One self-contained HTML file: for screen, phone and paper, in both languages, light and dark.
//!
//! The page needs nothing but itself: styles, script and drawings stand inside, and a content security policy forbids everything else. Without
//! a script everything can be read; it adds search, opening all at once, and a language that stays in the address.
//!
//! Each module makes one section's *view*: plain values in the order in which the template of the same name shows them.

use askama::Template;
use sekisho_model::Lang;
use sekisho_model::assessment::Assessment;

use crate::Texts;
use crate::bilingual::Bi;
use crate::plain;

pub use plan::plan;

mod ages;
mod board;
mod contradictions;
mod documents;
mod evidence;
mod findings;
mod gaps;
mod glossary;
mod head;
mod lineage;
mod matrix;
mod objectives;
mod parts;
mod plan;
mod policy;

pub use lineage::lineage;
pub use matrix::matrix;

const STYLE: &str = include_str!("../../templates/report.css");
/// A page that needs no script allows none.
const SCRIPT_NONE: &str = "";
const SCRIPT: &str = include_str!("../../templates/report.js");

/// The report of `assessment` as one HTML page that opens in the language `initial`. The same assessment gives the same bytes.
///
/// # Errors
/// Where a template cannot be written out; with texts that are valid UTF-8 that does not happen.
pub fn report(assessment: &Assessment, texts: &dyn Texts, initial: Lang) -> askama::Result<String> {
    let context = parts::Context::new(assessment, texts);
    let page = Page {
        lang: initial.tag(),
        title: m::TITLE.get(initial).to_owned(),
        languages: Lang::ALL.map(|lang| (lang.tag(), crate::messages::language(lang), lang == initial)),
        policy: policy::of(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        head: head::view(&context),
        board: board::view(&context),
        contradictions: contradictions::view(&context),
        findings: findings::view(&context),
        documents: documents::view(&context),
        left_out: documents::left_out(&context),
        areas: objectives::view(&context),
        evidence: evidence::view(&context),
        gaps: gaps::view(&context),
        ages: ages::view(&context),
        glossary: glossary::view(),
    };
    let html = page.render()?;
    // The last door: whatever its way onto the page, no control or bidirectional character is left on it. Line breaks stay.
    Ok(plain::visible_lines(&html).into_owned())
}

/// The whole page.
#[derive(Template)]
#[template(path = "report.html", whitespace = "minimize")]
struct Page<'a> {
    lang: &'static str,
    title: String,
    /// Tag, its own name, and whether the page opens in it.
    languages: [(&'static str, &'static str, bool); 2],
    policy: String,
    style: &'static str,
    script: &'static str,
    head: head::Head<'a>,
    board: [board::Board<'a>; 2],
    contradictions: Vec<contradictions::Contradiction<'a>>,
    findings: findings::Findings<'a>,
    documents: Vec<documents::DocumentView<'a>>,
    left_out: Vec<(Bi<'a>, Bi<'a>)>,
    areas: Vec<objectives::AreaView<'a>>,
    evidence: evidence::Evidence<'a>,
    gaps: Vec<gaps::Gaps<'a>>,
    ages: ages::Ages<'a>,
    glossary: glossary::Glossary,
}

/// What templates name without a path.
mod names {
    pub(super) use crate::facts::Cell;
    pub(super) use crate::messages::page as m;
    pub(super) use crate::standing::Standing;
}
use names::{Cell, Standing, m};

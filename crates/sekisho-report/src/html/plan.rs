//! The page of a reading plan.

use std::fmt::Write as _;

use askama::Template;
use sekisho_model::Lang;
use sekisho_model::plan::{Chapter, Part, Plan, Step, Uncovering, Why};

use super::{SCRIPT_NONE, STYLE, policy};
use crate::bilingual::Bi;
use crate::messages::{self, plan as m};
use crate::plain;
use crate::reading;
use crate::terminal::languages;
use crate::texts::{Texts, name_of};

const PLAN_STYLE: &str = include_str!("../../templates/plan.css");

/// Size of the drawing of the road, in its own units.
const WIDTH: u64 = 640;
const HEIGHT: u64 = 150;

/// The plan as one HTML page that opens in the language `initial`. The same plan gives the same bytes.
///
/// # Errors
/// Where the template cannot be written out; with texts that are valid UTF-8 that does not happen.
pub fn plan(plan: &Plan, texts: &dyn Texts, initial: Lang) -> askama::Result<String> {
    let style = format!("{STYLE}{PLAN_STYLE}");
    let page = Page {
        lang: initial.tag(),
        title: m::TITLE.get(initial).to_owned(),
        languages: Lang::ALL.map(|lang| (lang.tag(), messages::language(lang), lang == initial)),
        policy: policy::of(&style, SCRIPT_NONE),
        style,
        about: reading::reader(&plan.reader, texts),
        catalog: &plan.catalog,
        claims: reading::claims(plan, "≈"),
        tiles: tiles(plan),
        curve: curve(plan),
        steps: plan.steps.iter().enumerate().map(|(n, step)| step_view(n + 1, step, plan, texts)).collect(),
        for_other_roles: reading::for_other_roles(plan, texts),
        over_budget: plan.over_budget.iter().map(|left| over_budget(left, texts)).collect(),
        passed_over: reading::passed_over(plan, texts, "≈"),
        uncovered: uncovered(plan, texts),
        left_out: plan
            .left_out
            .iter()
            .map(|left| {
                let title = texts.document(&left.id).map_or_else(|| Bi::same(left.id.as_str()), |d| Bi::from(&d.title));
                (title, Bi::from(&left.because))
            })
            .collect(),
        estimated: plan.pages.all_estimated > 0 || plan.steps.iter().any(|step| step.estimated),
    };
    Ok(plain::visible_lines(&page.render()?).into_owned())
}

#[derive(Template)]
#[template(path = "plan.html", whitespace = "minimize")]
struct Page<'a> {
    lang: &'static str,
    title: String,
    /// Tag, its own name, and whether the page opens in it.
    languages: [(&'static str, &'static str, bool); 2],
    policy: String,
    style: String,
    about: Vec<(Bi<'static>, Bi<'static>)>,
    catalog: &'a str,
    claims: Vec<Bi<'static>>,
    tiles: [(Bi<'static>, String); 4],
    curve: Option<Curve>,
    steps: Vec<StepView<'a>>,
    for_other_roles: Vec<(&'a str, Bi<'static>)>,
    over_budget: Vec<(String, Bi<'a>, String)>,
    passed_over: [(Bi<'static>, Vec<(&'a str, Bi<'static>)>); 2],
    uncovered: Vec<(Bi<'static>, Vec<(Bi<'a>, String)>)>,
    left_out: Vec<(Bi<'a>, Bi<'a>)>,
    estimated: bool,
}

/// The road through the plan as a drawing.
struct Curve {
    line: String,
    area: String,
    dots: Vec<(u64, u64, usize)>,
    pages: String,
    covered: usize,
    width: u64,
    height: u64,
}

struct StepView<'a> {
    n: usize,
    name: &'a str,
    title: Bi<'a>,
    /// Only where it is an address of the web.
    url: Option<&'a str>,
    why: Bi<'static>,
    binding: bool,
    pages: String,
    so_far: String,
    facts: Vec<(Bi<'static>, Bi<'a>)>,
    chapters: Vec<ChapterView<'a>>,
}

struct ChapterView<'a> {
    no: &'a str,
    title: Bi<'a>,
    range: Option<&'a str>,
    pages: String,
    recommended: bool,
    adds: Vec<(Bi<'a>, Bi<'static>)>,
}

fn tiles(plan: &Plan) -> [(Bi<'static>, String); 4] {
    let (pages, coverage) = (&plan.pages, &plan.coverage);
    [
        (m::TILE_PLAN, m::pages(pages.plan, pages.plan_estimated > 0, "≈")),
        (m::TILE_ALL, m::pages(pages.all, pages.all_estimated > 0, "≈")),
        (m::TILE_COVERED, format!("{} / {}", coverage.covered, coverage.apply)),
        (m::TILE_WHOLE, coverage.whole.to_string()),
    ]
}

fn curve(plan: &Plan) -> Option<Curve> {
    let points = reading::curve(plan);
    let (pages, most) = (plan.pages.plan, plan.coverage.possible);
    if points.is_empty() || pages == 0 || most == 0 {
        return None;
    }
    let x = |at: u64| at * WIDTH / pages;
    let y = |covered: usize| HEIGHT - (covered as u64 * HEIGHT / most as u64).min(HEIGHT);
    let mut line = format!("0,{}", y(plan.coverage.before));
    for point in &points {
        let _ = write!(line, " {},{}", x(point.pages), y(point.covered));
    }
    let dots = plan.steps.iter().enumerate().map(|(n, step)| (x(step.after.pages), y(step.after.covered), n + 1));
    Some(Curve {
        area: format!("0,{HEIGHT} {line} {WIDTH},{HEIGHT}"),
        line,
        dots: dots.collect(),
        pages: m::pages(pages, plan.pages.plan_estimated > 0, "≈"),
        covered: most,
        width: WIDTH,
        height: HEIGHT,
    })
}

fn step_view<'a>(n: usize, step: &'a Step, plan: &Plan, texts: &'a dyn Texts) -> StepView<'a> {
    let document = texts.document(&step.document);
    let mut facts: Vec<(Bi<'static>, Bi<'a>)> = Vec::new();
    if let Some(document) = document {
        if step.why == Why::Superseded {
            let became = reading::successors(document);
            if !became.is_empty() {
                facts.push((m::BECAME, reading::listed(became.into_iter().map(Bi::same))));
            }
        }
        let mut available = vec![Bi::same(languages(&document.languages))];
        if step.foreign {
            available.push(m::FOREIGN);
        }
        facts.push((m::LANGUAGES, reading::listed(available)));
        facts.push((m::READ_FIRST, Bi::from(&document.read_first)));
    }
    if !step.also_for.is_empty() {
        facts.push((m::ALSO_FOR, reading::labels(&texts.vocabulary().roles, &step.also_for)));
    }
    let areas = reading::areas(step, texts).into_iter().map(|(area, count)| {
        Bi::made(format!("{} {count}", area.get(Lang::En)), format!("{} {count}", area.get(Lang::Ja)))
    });
    let areas: Vec<Bi<'static>> = areas.collect();
    facts.push((m::SPEAKS_OF, if areas.is_empty() { m::NOTHING_NEW } else { reading::listed(areas) }));
    StepView {
        n,
        name: document.map_or(step.document.as_str(), name_of),
        title: document.map_or_else(|| Bi::same(""), |d| Bi::from(&d.title)),
        url: document.map(|d| d.url.as_str()).filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        why: reading::why(step, texts),
        binding: step.why <= Why::Label,
        pages: m::pages(step.pages, step.estimated, "≈"),
        so_far: format!("{} / {}", step.after.covered, plan.coverage.possible),
        facts,
        chapters: step.chapters.iter().map(|chapter| chapter_view(chapter, texts)).collect(),
    }
}

fn chapter_view<'a>(chapter: &'a Chapter, texts: &'a dyn Texts) -> ChapterView<'a> {
    let part = |part| match part {
        Part::Whole => m::WHOLE,
        Part::Rest => m::REST,
        Part::Part => m::PART,
    };
    ChapterView {
        no: chapter.no.as_deref().unwrap_or_default(),
        title: chapter.title.as_ref().map_or(m::WHOLE_DOCUMENT, Bi::from),
        range: chapter.range.as_deref(),
        pages: m::pages(chapter.pages, chapter.estimated, "≈"),
        recommended: chapter.recommended,
        adds: chapter.adds.iter().map(|added| (objective(&added.objective, texts), part(added.part))).collect(),
    }
}

fn objective<'a>(id: &'a str, texts: &'a dyn Texts) -> Bi<'a> {
    texts.objective(id).map_or_else(|| Bi::same(id), |o| Bi::from(&o.title))
}

fn over_budget<'a>(left: &'a sekisho_model::plan::OverBudget, texts: &'a dyn Texts) -> (String, Bi<'a>, String) {
    let document = texts.document(&left.document);
    let section = document.and_then(|d| d.contents.iter().find(|s| Some(&s.no) == left.no.as_ref()));
    let name = document.map_or(left.document.as_str(), name_of);
    let name = format!("{name} {}", left.no.as_deref().unwrap_or_default());
    (name, section.map_or(m::WHOLE_DOCUMENT, |s| Bi::from(&s.title)), m::pages(left.pages, left.estimated, "≈"))
}

fn uncovered<'a>(plan: &'a Plan, texts: &'a dyn Texts) -> Vec<(Bi<'static>, Vec<(Bi<'a>, String)>)> {
    let of = |because| {
        let open = plan.uncovered.iter().filter(move |u| u.because == because).map(|u| {
            let names: Vec<&str> =
                u.documents.iter().map(|id| texts.document(id).map_or(id.as_str(), name_of)).collect();
            (objective(&u.objective, texts), names.join(", "))
        });
        (reading::uncovering(because), open.collect::<Vec<_>>())
    };
    let all = [Uncovering::Pages, Uncovering::ForOthers, Uncovering::NotAsked].map(of);
    all.into_iter().filter(|(_, open)| !open.is_empty()).collect()
}

//! What reports of every kind say of a reading plan.

use sekisho_model::Lang::{En, Ja};
use sekisho_model::catalog::{Document, Term};
use sekisho_model::plan::{Plan, Reader, Step, Uncovering, Why};

use crate::bilingual::Bi;
use crate::messages::plan as m;
use crate::texts::{Texts, label, name_of};

/// From which share of its objectives on most of a plan is reached, in percent.
const MOST: usize = 90;

/// Several texts in a row.
pub(crate) fn listed<'a>(items: impl IntoIterator<Item = Bi<'a>>) -> Bi<'static> {
    let items: Vec<Bi<'_>> = items.into_iter().collect();
    let join = |lang, between: &str| items.iter().map(|item| item.get(lang)).collect::<Vec<_>>().join(between);
    Bi::made(join(En, ", "), join(Ja, "、"))
}

/// The labels of some words of the vocabulary, in a row.
pub(crate) fn labels(terms: &[Term], ids: &[String]) -> Bi<'static> {
    listed(ids.iter().map(|id| label(terms, id)))
}

/// Why a document is to be read.
pub(crate) fn why(step: &Step, texts: &dyn Texts) -> Bi<'static> {
    let markets =
        if step.markets.is_empty() { m::EVERYWHERE } else { labels(&texts.vocabulary().markets, &step.markets) };
    match step.why {
        Why::Mandatory => m::mandatory(&markets, step.since.as_deref()),
        Why::Label => m::label(&markets, step.since.as_deref()),
        Why::Asked => m::asked(),
        Why::Basis => m::basis(&markets),
        Why::Adds => m::adds(),
        Why::Superseded => m::superseded(),
    }
}

/// The reader as the plan took them: what is said, each with its name.
pub(crate) fn reader(reader: &Reader, texts: &dyn Texts) -> Vec<(Bi<'static>, Bi<'static>)> {
    let words = texts.vocabulary();
    let lists = [
        (m::ROLES, &reader.roles, &words.roles),
        (m::INDUSTRIES, &reader.industries, &words.industries),
        (m::MARKETS, &reader.markets, &words.markets),
        (m::PHASES, &reader.phases, &words.phases),
    ];
    let mut said: Vec<_> = lists
        .into_iter()
        .filter(|(_, ids, _)| !ids.is_empty())
        .map(|(name, ids, terms)| (name, labels(terms, ids)))
        .collect();
    let named = [(m::READS, &reader.languages), (m::READ_BEFORE, &reader.read), (m::WITH, &reader.with)];
    let named = named.into_iter().filter(|(_, words)| !words.is_empty());
    said.extend(named.map(|(name, words)| (name, listed(words.iter().map(|word| Bi::same(word.clone()))))));
    said.extend(reader.pages.map(|pages| (m::LIMIT, Bi::same(pages.to_string()))));
    said
}

/// What the plan is worth, sentence by sentence. `mark` stands before estimated numbers.
pub(crate) fn claims(plan: &Plan, mark: &str) -> Vec<Bi<'static>> {
    if plan.steps.is_empty() && plan.over_budget.is_empty() {
        return vec![m::NOTHING_TO_READ];
    }
    let (pages, coverage) = (&plan.pages, &plan.coverage);
    let number = |count, estimated| m::number(count, estimated > 0, mark);
    // "Instead of" is only true where nothing is missed.
    let claim = if coverage.covered == coverage.possible { m::claim } else { m::limited };
    let mut claims = vec![
        claim(&number(pages.plan, pages.plan_estimated), &number(pages.all, pages.all_estimated), pages.documents),
        m::reach(coverage.covered, coverage.possible, coverage.apply, coverage.whole),
    ];
    if coverage.before > 0 {
        claims.push(m::before(coverage.before));
    }
    let most = curve(plan).into_iter().find(|point| point.covered * 100 >= coverage.covered * MOST);
    // Worth saying only where much reading is left for the rest.
    if let Some(most) = most.filter(|most| most.pages * 4 <= pages.plan * 3) {
        claims.push(m::most(&number(most.pages, pages.plan_estimated), most.covered));
    }
    claims
}

/// A point of the road through the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) pages: u64,
    pub(crate) covered: usize,
}

/// Where the reader stands after every chapter.
pub(crate) fn curve(plan: &Plan) -> Vec<Point> {
    let mut at = Point { pages: 0, covered: plan.coverage.before };
    let mut points = Vec::new();
    for step in &plan.steps {
        for chapter in &step.chapters {
            // Pages that chapters share make the sum too large; the step's own number is exact.
            at.pages = (at.pages + chapter.pages).min(step.after.pages);
            at.covered += chapter.adds.iter().filter(|a| a.part != sekisho_model::plan::Part::Rest).count();
            points.push(at);
        }
        at.pages = step.after.pages;
    }
    points
}

/// The areas of what a step adds, with how many objectives of each, the most first.
pub(crate) fn areas<'a>(step: &Step, texts: &'a dyn Texts) -> Vec<(Bi<'a>, usize)> {
    let mut counts: Vec<(&str, Bi<'a>, usize)> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for added in step.chapters.iter().flat_map(|chapter| &chapter.adds) {
        let Some(area) = texts.area_of(&added.objective) else { continue };
        if seen.contains(&added.objective.as_str()) {
            continue;
        }
        seen.push(&added.objective);
        match counts.iter_mut().find(|(id, ..)| *id == area.area) {
            Some((.., count)) => *count += 1,
            None => counts.push((&area.area, Bi::from(&area.title), 1)),
        }
    }
    counts.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(b.0)));
    counts.into_iter().map(|(_, title, count)| (title, count)).collect()
}

/// How many objectives a step adds or completes.
pub(crate) fn added(step: &Step) -> usize {
    let mut objectives: Vec<&str> =
        step.chapters.iter().flat_map(|chapter| &chapter.adds).map(|added| added.objective.as_str()).collect();
    objectives.sort_unstable();
    objectives.dedup();
    objectives.len()
}

/// What a document became, newest first.
pub(crate) fn successors(document: &Document) -> Vec<String> {
    let mut successors: Vec<_> = document.successors.iter().collect();
    successors.sort_by(|a, b| b.published.cmp(&a.published));
    let title = |s: &&sekisho_model::catalog::Successor| match &s.published {
        Some(published) => format!("{} ({published})", s.title),
        None => s.title.clone(),
    };
    successors.iter().map(title).collect()
}

/// What binds and addresses others: each document's name with the roles it is written for.
pub(crate) fn for_other_roles<'a>(plan: &'a Plan, texts: &'a dyn Texts) -> Vec<(&'a str, Bi<'static>)> {
    let others = plan.for_other_roles.iter().filter_map(|id| texts.document(id));
    others.map(|document| (name_of(document), labels(&texts.vocabulary().roles, &document.audience))).collect()
}

/// The documents that were passed over, each with its name and what it would add; those that add nothing apart from those that would.
pub(crate) fn passed_over<'a>(
    plan: &'a Plan,
    texts: &'a dyn Texts,
    mark: &str,
) -> [(Bi<'static>, Vec<(&'a str, Bi<'static>)>); 2] {
    let of = |limited: bool| {
        let some = plan.passed_over.iter().filter(|p| (p.would_add > 0) == limited).map(|p| {
            let name = texts.document(&p.document).map_or(p.document.as_str(), name_of);
            (name, m::would_add(&m::pages(p.pages, p.estimated, mark), p.would_add))
        });
        some.collect::<Vec<_>>()
    };
    [(m::PASSED_OVER_LIMITED, of(true)), (m::PASSED_OVER, of(false))]
}

/// The heading for objectives that are left out for a reason.
pub(crate) fn uncovering(because: Uncovering) -> Bi<'static> {
    match because {
        Uncovering::Pages => m::FOR_WANT_OF_PAGES,
        Uncovering::ForOthers => m::FOR_OTHERS,
        Uncovering::NotAsked => m::NOT_ASKED,
    }
}

//! From what was chosen to the plan: the order, what each step adds, what is left.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sekisho_catalog::{Catalog, UnknownName};
use sekisho_model::assessment::TraitState;
use sekisho_model::plan::{
    Added, Chapter, Coverage, FORMAT, OverBudget, PageTotals, Part, PassedOver, Plan, Reader, Standing, Step,
    Uncovered, Uncovering, Why,
};

use crate::candidates::{Candidates, candidates};
use crate::cover::{Elements, choose, cost};
use crate::names::Named;
use crate::pages::Pages;

/// The reading plan of a reader, for a product of which these traits are known.
///
/// # Errors
/// Where the reader names a document or chapter that the catalog does not have.
pub fn plan(catalog: &Catalog, reader: &Reader, traits: &[TraitState]) -> Result<Plan, UnknownName> {
    let found = candidates(catalog, reader, traits)?;
    let chosen = choose(&found.items, &found.before, reader.pages);
    let mut build = Build { reader, found: &found, covered: found.before.clone(), at: Standing::default() };
    let before = build.objectives(&found.before, 0);
    let steps: Vec<Step> = build.order(&chosen).into_iter().map(|(d, items)| build.step(d, &items)).collect();
    let all = found.items.iter().fold(found.before.clone(), |mut all, item| {
        all.extend(&item.elements);
        all
    });
    Ok(Plan {
        format: FORMAT.to_owned(),
        catalog: catalog.digest().to_owned(),
        reader: Named::settled(catalog, reader)?,
        pages: build.totals(&chosen),
        coverage: Coverage {
            apply: found.objectives.len(),
            possible: build.objectives(&all, 0),
            covered: build.objectives(&build.covered, 0),
            whole: build.objectives(&build.covered, 1),
            before,
        },
        uncovered: build.uncovered(catalog, &chosen),
        over_budget: build.over_budget(&chosen),
        for_other_roles: for_other_roles(catalog, &found, reader, traits)?,
        passed_over: build.passed_over(&chosen),
        steps,
        left_out: found.left_out.clone(),
    })
}

/// What binds in the reader's markets and would be read by somebody of any role, but asks nothing of the reader's.
fn for_other_roles(
    catalog: &Catalog,
    found: &Candidates<'_>,
    reader: &Reader,
    traits: &[TraitState],
) -> Result<Vec<String>, UnknownName> {
    if reader.roles.is_empty() {
        return Ok(Vec::new());
    }
    let anybody = candidates(catalog, &Reader { roles: Vec::new(), ..reader.clone() }, traits)?;
    let binds = anybody.documents.iter().filter(|c| matches!(c.why, Why::Mandatory | Why::Label | Why::Basis));
    let ids = binds.map(|c| &c.document.id).filter(|id| found.left_out.iter().any(|left| &left.id == *id));
    Ok(ids.cloned().collect())
}

struct Build<'a, 'c> {
    reader: &'a Reader,
    found: &'a Candidates<'c>,
    covered: Elements,
    at: Standing,
}

impl Build<'_, '_> {
    /// How many objectives are among `elements`: spoken of (0) or said as a whole (1).
    fn objectives(&self, elements: &Elements, part: usize) -> usize {
        (0..self.found.objectives.len()).filter(|position| elements.has(2 * position + part)).count()
    }

    fn pages(&self, items: &[usize]) -> Pages {
        items.iter().fold(Pages::default(), |all, &i| all.union(&self.found.items[i].pages))
    }

    /// The documents in the order in which to read them, each with the items chosen of it: stage by stage; what has to be read in the order of its
    /// days, what labels rest on by the number of markets, and else the document that adds the most per page of what the documents before it leave.
    fn order(&self, chosen: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        for position in 0..self.found.documents.len() {
            let mut items: Vec<usize> =
                chosen.iter().copied().filter(|&i| self.found.readings[i].candidate == position).collect();
            items.sort_by_key(|&i| (self.found.readings[i].chapter.is_none(), i));
            if !items.is_empty() {
                open.push((position, items));
            }
        }
        let mut covered = self.covered.clone();
        let mut ordered = Vec::with_capacity(open.len());
        while !open.is_empty() {
            let rank = |(position, items): &(usize, Vec<usize>)| {
                let candidate = &self.found.documents[*position];
                let mut with = covered.clone();
                for &i in items {
                    with.extend(&self.found.items[i].elements);
                }
                let gain = with.count_beyond(&covered) as u128;
                // A millionth of an element per page tells documents apart well enough.
                let per_page = gain * 1_000_000 / u128::from(self.pages(items).count().max(1));
                let day = (candidate.why <= Why::Asked).then(|| (candidate.since.is_none(), candidate.since.clone()));
                // What labels rest on in several of the markets comes before what only one of them looks to.
                let markets = (candidate.why == Why::Basis).then_some(Reverse(candidate.markets.len()));
                (candidate.why, day, markets, Reverse(per_page), *position)
            };
            let next = (0..open.len()).min_by_key(|&i| rank(&open[i])).unwrap_or(0);
            let (position, items) = open.remove(next);
            for &i in &items {
                covered.extend(&self.found.items[i].elements);
            }
            ordered.push((position, items));
        }
        ordered
    }

    fn step(&mut self, position: usize, items: &[usize]) -> Step {
        let candidate = &self.found.documents[position];
        let chapters: Vec<Chapter> = items.iter().map(|&i| self.chapter(i)).collect();
        let pages = self.pages(items).count();
        self.at = Standing {
            pages: self.at.pages + pages,
            covered: self.objectives(&self.covered, 0),
            whole: self.objectives(&self.covered, 1),
        };
        Step {
            document: candidate.document.id.clone(),
            why: candidate.why,
            markets: candidate.markets.clone(),
            since: candidate.since.clone(),
            foreign: candidate.foreign,
            pages,
            estimated: chapters.iter().any(|chapter| chapter.estimated),
            chapters,
            also_for: candidate
                .document
                .audience
                .iter()
                .filter(|role| !self.reader.roles.contains(role))
                .cloned()
                .collect(),
            after: self.at,
        }
    }

    fn chapter(&mut self, i: usize) -> Chapter {
        let (reading, item) = (&self.found.readings[i], &self.found.items[i]);
        let document = self.found.documents[reading.candidate].document;
        let section = reading.chapter.map(|chapter| &document.contents[chapter]);
        let mut adds = Vec::new();
        for (position, objective) in self.found.objectives.iter().enumerate() {
            let new = |element| item.elements.has(element) && !self.covered.has(element);
            let part = match (new(2 * position), new(2 * position + 1)) {
                (true, true) => Part::Whole,
                (false, true) => Part::Rest,
                (true, false) => Part::Part,
                (false, false) => continue,
            };
            adds.push(Added { objective: (*objective).to_owned(), part });
        }
        self.covered.extend(&item.elements);
        Chapter {
            no: section.map(|section| section.no.clone()),
            title: section.map(|section| section.title.clone()),
            range: (!reading.length.estimated && section.is_some()).then(|| reading.length.pages.text()),
            pages: reading.length.pages.count(),
            estimated: reading.length.estimated,
            controls: reading.controls.iter().map(|control| control.id.clone()).collect(),
            adds,
            recommended: reading.recommended,
        }
    }

    fn totals(&self, chosen: &[usize]) -> PageTotals {
        let items = &self.found.items;
        let of =
            |wanted: &dyn Fn(usize) -> bool| cost(items, &(0..items.len()).filter(|&i| wanted(i)).collect::<Vec<_>>());
        let used: BTreeSet<usize> = chosen.iter().map(|&i| self.found.readings[i].candidate).collect();
        let mut totals = PageTotals {
            plan: cost(items, chosen),
            plan_estimated: of(&|i| chosen.contains(&i) && self.found.readings[i].length.estimated),
            obligations: of(&|i| items[i].forced),
            ..PageTotals::default()
        };
        for (position, candidate) in self.found.documents.iter().enumerate() {
            if candidate.why == Why::Superseded && !used.contains(&position) {
                continue;
            }
            let unread = candidate.unread.count();
            totals.all += unread;
            totals.all_estimated += candidate.lengths.estimated.min(unread);
            totals.documents += 1;
        }
        totals
    }

    fn uncovered(&self, catalog: &Catalog, chosen: &[usize]) -> Vec<Uncovered> {
        let open: Vec<usize> =
            (0..self.found.objectives.len()).filter(|position| !self.covered.has(2 * position)).collect();
        let mut uncovered = Vec::with_capacity(open.len());
        for position in open {
            let objective = self.found.objectives[position];
            let offers = (0..self.found.items.len())
                .filter(|i| !chosen.contains(i) && self.found.items[*i].elements.has(2 * position))
                .map(|i| self.found.documents[self.found.readings[i].candidate].document.id.clone());
            let mut documents: Vec<String> = offers.collect();
            let mut because = Uncovering::Pages;
            if documents.is_empty() {
                documents = catalog.controls_of(objective).map(|found| found.document.id.clone()).collect();
                because = if documents.is_empty() { Uncovering::NotAsked } else { Uncovering::ForOthers };
            }
            documents.dedup();
            uncovered.push(Uncovered { objective: objective.to_owned(), because, documents });
        }
        uncovered
    }

    fn passed_over(&self, chosen: &[usize]) -> Vec<PassedOver> {
        let mut passed_over = Vec::new();
        for (position, candidate) in self.found.documents.iter().enumerate() {
            let of = |i: &usize| self.found.readings[*i].candidate == position;
            if chosen.iter().any(of) {
                continue;
            }
            let items = (0..self.found.items.len()).filter(of);
            let all: Elements = items.flat_map(|i| self.found.items[i].elements.iter()).collect();
            let open = |at: &usize| all.has(2 * at) && !self.covered.has(2 * at);
            passed_over.push(PassedOver {
                document: candidate.document.id.clone(),
                pages: candidate.unread.count(),
                estimated: candidate.lengths.estimated > 0,
                would_add: (0..self.found.objectives.len()).filter(open).count(),
            });
        }
        passed_over
    }

    fn over_budget(&self, chosen: &[usize]) -> Vec<OverBudget> {
        let left = (0..self.found.items.len()).filter(|i| self.found.items[*i].forced && !chosen.contains(i));
        left.map(|i| {
            let reading = &self.found.readings[i];
            let document = self.found.documents[reading.candidate].document;
            OverBudget {
                document: document.id.clone(),
                no: reading.chapter.map(|chapter| document.contents[chapter].no.clone()),
                pages: reading.length.pages.count(),
                estimated: reading.length.estimated,
            }
        })
        .collect()
    }
}

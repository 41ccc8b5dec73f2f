//! What a reader could read: the chapters of the documents that concern them, and what each says of which objective.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sekisho_catalog::{Catalog, Conditions, Interest, UnknownName};
use sekisho_model::assessment::{LeftOut, TraitState};
use sekisho_model::catalog::{Control, Document, Force, Status};
use sekisho_model::plan::{Reader, Why};

use crate::chapters::{Density, Length, Lengths, chapter_of};
use crate::cover::{Elements, Item};
use crate::messages;
use crate::names::Named;
use crate::pages::Pages;

/// A document to choose from.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// The document.
    pub document: &'a Document,
    /// How long it is.
    pub lengths: Lengths,
    /// Why it would be read.
    pub why: Why,
    /// The markets in which it binds with that force.
    pub markets: Vec<String>,
    /// Since when it does.
    pub since: Option<String>,
    /// Whether it exists in no language that the reader reads.
    pub foreign: bool,
    /// Its pages without the chapters that were read.
    pub unread: Pages,
}

/// A chapter to choose, or a whole document.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// The candidate, by position.
    pub candidate: usize,
    /// The chapter, by position in the contents; none for the whole document.
    pub chapter: Option<usize>,
    /// Its pages.
    pub length: Length,
    /// The controls in it that concern the reader.
    pub controls: Vec<&'a Control>,
    /// Whether it is recommended to one of the reader's roles in particular.
    pub recommended: bool,
}

/// Everything that a plan is chosen from.
///
/// Each objective is two elements: that it is spoken of, and that all of it is said. A control that is equal to the objective or asks for more gives
/// both, any other the first, and so does one that only inherits its mappings.
#[derive(Debug, Clone)]
pub struct Candidates<'a> {
    /// The documents.
    pub documents: Vec<Candidate<'a>>,
    /// What of them can be chosen.
    pub readings: Vec<Reading<'a>>,
    /// The same as the bare problem.
    pub items: Vec<Item>,
    /// What was read before.
    pub before: Elements,
    /// The objectives that may apply, by position; elements are `2 * position` and `2 * position + 1`.
    pub objectives: Vec<&'a str>,
    /// Documents that are not chosen from, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// What the reader could read.
///
/// # Errors
/// Where the reader names a document or chapter that the catalog does not have.
pub fn candidates<'a>(
    catalog: &'a Catalog,
    reader: &Reader,
    traits: &[TraitState],
) -> Result<Candidates<'a>, UnknownName> {
    let named = Named::of(catalog, reader)?;
    let conditions = Conditions::new(traits);
    let objectives: Vec<&str> =
        catalog.objectives().filter(|o| !conditions.is_false(&o.applies_when)).map(|o| o.id.as_str()).collect();
    let look = Look {
        reader,
        interest: Interest {
            roles: reader.roles.clone(),
            industries: reader.industries.clone(),
            markets: reader.markets.clone(),
        },
        conditions,
        positions: objectives.iter().enumerate().map(|(i, id)| (*id, i)).collect(),
        density: Density::of(catalog),
    };
    let mut found = Candidates {
        documents: Vec::new(),
        readings: Vec::new(),
        items: Vec::new(),
        before: Elements::default(),
        objectives,
        left_out: Vec::new(),
    };
    let mut offers = Vec::new();
    for document in catalog.documents() {
        let read = named.read(&document.id);
        let (mine, read): (Vec<_>, Vec<_>) =
            look.readings(document).into_iter().partition(|r| read.is_none_or(|read| !read.holds(r.chapter)));
        for reading in &read {
            found.before.extend(&look.elements(document, &reading.controls));
        }
        if named.read(&document.id).is_some_and(|read| read.holds(None)) {
            continue;
        }
        let asked = named.with.contains(document.id.as_str());
        if let Some(because) = look.speaks_against(document, &mine, &named) {
            found.left_out.push(LeftOut { id: document.id.clone(), because });
        } else {
            let read = read.iter().fold(Pages::default(), |all, reading| all.union(&reading.length.pages));
            offers.push((look.candidate(document, asked, &read), mine));
        }
    }
    // What has to be read goes by the day since when; the rest is put in order when it is known what each adds.
    offers.sort_by(|(a, _), (b, _)| {
        let day = |c: &Candidate<'_>| (c.since.is_none(), c.since.clone());
        a.why.cmp(&b.why).then_with(|| day(a).cmp(&day(b))).then_with(|| a.document.id.cmp(&b.document.id))
    });
    let mut current = found.before.clone();
    for (candidate, mut readings) in offers {
        let position = found.documents.len();
        let forced = candidate.why <= Why::Asked;
        if forced && readings.iter().all(|r| r.controls.is_empty()) && candidate.why == Why::Asked {
            let length = Length { pages: candidate.lengths.whole.clone(), estimated: candidate.lengths.estimated > 0 };
            let whole =
                Reading { candidate: position, chapter: None, length, controls: Vec::new(), recommended: false };
            readings = vec![whole];
        }
        for reading in readings {
            let mut elements = look.elements(candidate.document, &reading.controls);
            if candidate.why == Why::Superseded {
                // What a current document speaks of is not looked up in an old one.
                elements = elements.iter().filter(|element| !current.has(element & !1)).collect();
            }
            let recommended = forced && candidate.why != Why::Asked && reading.recommended;
            if elements.count() == 0
                && !(forced && (reading.chapter.is_none() || !reading.controls.is_empty()))
                && !recommended
            {
                continue;
            }
            if candidate.why != Why::Superseded {
                current.extend(&elements);
            }
            let pages = reading.length.pages.clone();
            found.items.push(Item { stage: stage(candidate.why, reader), forced, group: position, pages, elements });
            found.readings.push(Reading { candidate: position, ..reading });
        }
        found.documents.push(candidate);
    }
    Ok(found)
}

/// When a document's turn comes. Whoever reads a limited number of pages gets the most for them, whether or not a label rests on it.
fn stage(why: Why, reader: &Reader) -> usize {
    match why {
        Why::Basis if reader.pages.is_some() => Why::Adds as usize,
        why => why as usize,
    }
}

struct Look<'a, 'r> {
    reader: &'r Reader,
    interest: Interest,
    conditions: Conditions,
    positions: HashMap<&'a str, usize>,
    density: Density,
}

impl<'a> Look<'a, '_> {
    /// The chapters of a document with the controls that concern the reader; what the contents do not place stands for the whole document.
    fn readings(&self, document: &'a Document) -> Vec<Reading<'a>> {
        let lengths = Lengths::of(document, self.density);
        let mut controls: BTreeMap<Option<usize>, Vec<&'a Control>> = BTreeMap::new();
        for control in document.controls.iter().filter(|c| self.concerns(document, c)) {
            controls.entry(chapter_of(document, control)).or_default().push(control);
        }
        let mut readings = Vec::new();
        for (i, (section, length)) in document.contents.iter().zip(&lengths.chapters).enumerate() {
            readings.push(Reading {
                candidate: 0,
                chapter: Some(i),
                length: length.clone(),
                controls: controls.remove(&Some(i)).unwrap_or_default(),
                recommended: section.readers.iter().any(|role| self.reader.roles.contains(role)),
            });
        }
        if let Some(controls) = controls.remove(&None) {
            let length = Length { pages: lengths.whole, estimated: lengths.estimated > 0 };
            readings.push(Reading { candidate: 0, chapter: None, length, controls, recommended: false });
        }
        readings
    }

    /// Whether a control is there in the current edition, for these roles and phases, under a condition that may hold.
    fn concerns(&self, document: &Document, control: &Control) -> bool {
        let shared = |theirs: &[String], ours: &[String]| {
            theirs.is_empty() || ours.is_empty() || theirs.iter().any(|word| ours.contains(word))
        };
        let phases = if control.phases.is_empty() { &document.phases } else { &control.phases };
        control.superseded_in.is_none()
            && shared(&control.addressees, &self.reader.roles)
            && shared(phases, &self.reader.phases)
            && !control.applies_when.as_ref().is_some_and(|condition| self.conditions.is_false(condition))
    }

    fn elements(&self, document: &Document, controls: &[&Control]) -> Elements {
        let mut elements = Elements::default();
        for control in controls {
            let (source, inherited) = mapped(document, control);
            for mapping in &source.mappings {
                let Some(position) = self.positions.get(mapping.objective.as_str()) else { continue };
                elements.insert(2 * position);
                if mapping.relation.contains_objective() && !inherited {
                    elements.insert(2 * position + 1);
                }
            }
        }
        elements
    }

    /// Why a document is not chosen from.
    fn speaks_against(
        &self,
        document: &Document,
        readings: &[Reading<'_>],
        named: &Named<'_>,
    ) -> Option<sekisho_model::Text> {
        if named.without.contains(document.id.as_str()) {
            return Some(messages::not_wanted());
        }
        if named.with.contains(document.id.as_str()) {
            return None;
        }
        if let Some(because) = self.interest.speaks_against(document) {
            return Some(because);
        }
        if readings.iter().all(|r| r.controls.is_empty()) {
            return Some(messages::asks_nothing_of_the_reader());
        }
        // What binds has to be read in whatever language it is.
        let free = self.standing(document).0 > Why::Asked;
        (free && self.foreign(document)).then(|| messages::other_languages(&document.languages.join(", ")))
    }

    fn foreign(&self, document: &Document) -> bool {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let ours: BTreeSet<String> = self.reader.languages.iter().map(|tag| primary(tag)).collect();
        !ours.is_empty() && !document.languages.iter().any(|tag| ours.contains(&primary(tag)))
    }

    /// How a document stands to the reader, and the force on which that rests.
    fn standing(&self, document: &Document) -> (Why, Option<Force>) {
        if document.status != Status::Current {
            return (Why::Superseded, None);
        }
        match self.interest.force(document) {
            Some(Force::Mandatory) => (Why::Mandatory, Some(Force::Mandatory)),
            // What nobody may take as mere advice was written for a label: that of the market in which it counted first.
            // In one that only recognises it, it is advice from abroad.
            Some(force @ Force::CertificationBasis) => {
                let only = document.binding.iter().all(|binding| binding.force != Force::Voluntary);
                let first = document.binding.iter().map(|binding| &binding.since).min();
                let home = document
                    .binding
                    .iter()
                    .any(|b| Some(&b.since) == first && self.interest.is_in(b.market.as_deref()));
                match (only, home) {
                    (true, true) => (Why::Label, Some(force)),
                    (true, false) => (Why::Adds, None),
                    (false, _) => (Why::Basis, Some(force)),
                }
            }
            _ => (Why::Adds, None),
        }
    }

    fn candidate(&self, document: &'a Document, asked: bool, read: &Pages) -> Candidate<'a> {
        let (why, force) = self.standing(document);
        let bindings =
            document.binding.iter().filter(|b| Some(b.force) == force && self.interest.is_in(b.market.as_deref()));
        let (mut markets, mut since) = (Vec::new(), None);
        for binding in bindings {
            markets.extend(binding.market.clone());
            since = [since, binding.since.clone()].into_iter().flatten().min();
        }
        markets.sort();
        markets.dedup();
        // The world at large does not matter beside a market that was named.
        if markets.iter().any(|market| self.interest.markets.contains(market)) {
            markets.retain(|market| self.interest.markets.contains(market));
        }
        let lengths = Lengths::of(document, self.density);
        Candidate {
            document,
            unread: lengths.whole.minus(read),
            lengths,
            why: if asked { why.min(Why::Asked) } else { why },
            markets,
            since,
            foreign: self.foreign(document),
        }
    }
}

/// The control whose mappings stand for `control`, and whether that is another one.
fn mapped<'d>(document: &'d Document, control: &'d Control) -> (&'d Control, bool) {
    let mut source = control;
    // A chain longer than the document goes in circles.
    for _ in 0..document.controls.len() {
        let Some(parent) = &source.inherits else { break };
        let Some(found) = document.controls.iter().find(|c| &c.id == parent) else { break };
        source = found;
    }
    (source, !std::ptr::eq(source, control))
}

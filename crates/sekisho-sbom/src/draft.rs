//! From what a format's reader hands over to facts.

use std::borrow::Cow;

use sekisho_model::collect::{OnProgress, Progress};
use sekisho_model::coverage::{Aspect, Coverage};
use sekisho_model::fact::{Component, Fact, FoundBy, Observed, Sbom, Source, SourcePackage};
use time::Date;

use crate::fault::{Fault, Found, Gaps, shown};
use crate::graph::{Graph, Node};
use crate::limits::Limits;
use crate::quality::Tally;
use crate::text::Lines;
use crate::value;

/// What a run is about.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) artefact: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) today: Date,
    pub(crate) limits: Limits,
    pub(crate) progress: OnProgress<'a>,
    /// What to add to an offset in the text to get one in the file.
    pub(crate) shift: Option<u64>,
}

/// A field that should be a text, as it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    value: Option<Cow<'a, str>>,
    wrong: Option<Found>,
    twice: bool,
}

impl<'a> Field<'a> {
    pub(crate) fn text(value: impl Into<Cow<'a, str>>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    pub(crate) fn wrong(found: Found) -> Self {
        // `null` says no more than leaving the field out; many tools write it.
        Self { wrong: (found != Found::Null).then_some(found), ..Self::default() }
    }

    /// Takes over what was found under the field's name; the first value stays.
    pub(crate) fn put(&mut self, found: Self) {
        if self.value.is_some() || self.wrong.is_some() {
            self.twice = true;
        } else {
            *self = found;
        }
    }

    /// Whether anything stood there.
    pub(crate) fn is_present(&self) -> bool {
        self.value.is_some() || self.wrong.is_some()
    }

    /// The text without blanks around it, fit to be used: none where it is not there or blank, or too long, or no text.
    pub(crate) fn read(self, name: &'static str, limit: usize, faults: &mut Vec<Fault>) -> Option<Cow<'a, str>> {
        if self.twice {
            faults.push(Fault::Twice(name));
        }
        if let Some(found) = self.wrong {
            faults.push(Fault::WrongType(name, found));
        }
        let value = trimmed(self.value?)?;
        if value.len() > limit {
            faults.push(Fault::TooLong(name, limit));
            return None;
        }
        Some(value)
    }

    /// The text without blanks around it, where there is some, with its ownership.
    pub(crate) fn into_text(self) -> Option<Cow<'a, str>> {
        trimmed(self.value?)
    }

    /// The text without blanks around it, where there is some.
    pub(crate) fn get(&self) -> Option<&str> {
        self.value.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Where a component stands in the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct At {
    /// JSON pointer, `XPath`, or SPDX identifier.
    pub(crate) path: String,
    /// Offset in the text.
    pub(crate) offset: Option<usize>,
    pub(crate) line: Option<u32>,
}

/// A component's place among the facts, reserved before the component is read to its end: those inside it come after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    index: usize,
    pub(crate) node: Node,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    node: Node,
    /// Whether it has an identifier that is no field of the fact.
    identified: bool,
    /// Whether it was filled.
    live: bool,
}

/// The facts of one document while it is read.
pub(crate) struct Draft<'a> {
    pub(crate) run: Run<'a>,
    pub(crate) sbom: Sbom,
    pub(crate) graph: Graph,
    pub(crate) lines: Lines<'a>,
    facts: Vec<Fact>,
    entries: Vec<Entry>,
    tally: Tally,
    skipped: u64,
    document: Gaps,
    components: Gaps,
}

/// What a document came to.
pub(crate) struct Done {
    pub(crate) facts: Vec<Fact>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) made: Option<String>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(run: Run<'a>, text: &'a str, format: &str, encoding: &str) -> Self {
        let limits = run.limits;
        Self {
            run,
            sbom: Sbom { format: format.to_owned(), encoding: encoding.to_owned(), ..Sbom::default() },
            // Every component may be referred to before it comes, and then has two nodes.
            graph: Graph::new(limits.components.saturating_mul(2).saturating_add(1000), limits.relationships),
            lines: Lines::new(text),
            // The document's own fact comes first and is known last.
            facts: vec![blank()],
            entries: Vec::new(),
            tally: Tally::default(),
            skipped: 0,
            document: Gaps::new(limits.gaps),
            components: Gaps::new(limits.gaps),
        }
    }

    /// Reports something about the document as a whole.
    pub(crate) fn document_fault(&mut self, path: Option<&str>, fault: &Fault) {
        self.document.add(path, None, fault);
    }

    /// Reports something about a component or relationship.
    pub(crate) fn fault(&mut self, at: &At, fault: &Fault) {
        let offset = self.offset(at.offset);
        self.components.add(Some(&at.path).filter(|path| !path.is_empty()).map(String::as_str), offset, fault);
    }

    /// Reports that the text was not in the encoding it should be in: bytes that were replaced may have been anywhere.
    pub(crate) fn encoding_fault(&mut self, fault: &Fault) {
        self.document.add(None, None, fault);
        if matches!(fault, Fault::Bytes(_)) {
            self.components.add(None, None, fault);
        }
    }

    /// Reports all of `faults` about one component or relationship.
    pub(crate) fn faults(&mut self, at: &At, faults: &[Fault]) {
        for fault in faults {
            self.fault(at, fault);
        }
    }

    /// Reports all of `faults` about the document.
    pub(crate) fn document_faults(&mut self, path: &str, faults: &[Fault]) {
        for fault in faults {
            self.document_fault(Some(path), fault);
        }
    }

    fn offset(&self, offset: Option<usize>) -> Option<u64> {
        Some(offset? as u64 + self.run.shift?)
    }

    /// Where the thing that begins with the object key, or the other text, `first` stands.
    pub(crate) fn place(&mut self, path: &str, offset: Option<usize>) -> At {
        let line = offset.map(|offset| self.lines.at(offset));
        At { path: path.to_owned(), offset, line }
    }

    /// Reserves the place of a component; none over the limit, where it is only counted.
    pub(crate) fn begin(&mut self) -> Option<Slot> {
        const REPORT_EVERY: usize = 8192;
        if self.entries.len() >= self.run.limits.components {
            self.skipped += 1;
            return None;
        }
        let node = self.graph.add();
        self.entries.push(Entry { node, identified: false, live: false });
        self.facts.push(blank());
        if self.entries.len().is_multiple_of(REPORT_EVERY) {
            (self.run.progress)(Progress::Step(&format!("{} components", self.entries.len())));
        }
        Some(Slot { index: self.entries.len() - 1, node })
    }

    /// Fills a reserved place.
    pub(crate) fn fill(&mut self, slot: Slot, at: At, component: Component, identified: bool) {
        let offset = self.offset(at.offset);
        let entry = &mut self.entries[slot.index];
        entry.identified = identified;
        entry.live = true;
        let source = Source {
            artefact: self.run.artefact.to_owned(),
            path: Some(at.path).filter(|path| !path.is_empty()),
            offset,
            line: at.line,
            ..Source::default()
        };
        let fact = &mut self.facts[slot.index + 1];
        fact.source = source;
        self.run.subject.clone_into(&mut fact.subject);
        fact.observed = Observed::Component(component);
    }

    /// Says that a component has no name: there is nothing to be said about it, and its place stays empty.
    pub(crate) fn nameless(&mut self, at: &At) {
        self.tally.nameless += 1;
        self.fault(at, &Fault::Missing("name"));
    }

    /// The component in a place, to be completed by what stands elsewhere in the document.
    pub(crate) fn component(&mut self, slot: Slot) -> Option<&mut Component> {
        match &mut self.facts[slot.index + 1].observed {
            Observed::Component(component) if self.entries[slot.index].live => Some(component),
            _ => None,
        }
    }

    /// Sets the document's time stamp and age.
    pub(crate) fn timestamp(&mut self, text: &str, zone_required: bool) {
        match value::timestamp(text, zone_required) {
            Ok((stamp, day, fault)) => {
                self.sbom.timestamp = Some(stamp);
                self.sbom.age_days = Some((self.run.today - day).whole_days());
                if let Some(fault) = fault {
                    self.document_fault(None, &fault);
                }
            }
            Err(fault) => self.document_fault(None, &fault),
        }
    }

    /// All that the document came to.
    pub(crate) fn finish(mut self) -> Done {
        const MOST_NAMED: usize = 3;
        let mut at = At::default();
        if self.skipped > 0 {
            let fault = Fault::Components(self.run.limits.components, self.skipped);
            self.fault(&at, &fault);
        }
        if self.graph.dropped() > 0 {
            let fault = Fault::Relationships(self.graph.dropped());
            at.path.clear();
            self.fault(&at, &fault);
        }
        let measured = self.graph.measure();
        self.sbom.relationships = measured.relationships;
        self.sbom.depth = measured.deepest;
        let mut described = Vec::new();
        let mut described_more = 0;
        for (entry, fact) in self.entries.iter().zip(self.facts.iter_mut().skip(1)) {
            let Observed::Component(component) = &mut fact.observed else { continue };
            if !entry.live {
                continue;
            }
            component.depth = measured.depth(entry.node);
            self.tally.count(&mut self.sbom, component, entry.identified, measured.related(entry.node));
            if component.depth == Some(0) {
                if described.len() < MOST_NAMED {
                    described.push(titled(&component.name, component.version.as_deref()));
                } else {
                    described_more += 1;
                }
            }
        }
        if described_more > 0 {
            described.push(format!("… (+{described_more})"));
        }
        if !described.is_empty() {
            self.sbom.describes = Some(described.join(", "));
        }
        self.sbom.ntia_missing = self.tally.missing(&self.sbom);
        if self.entries.iter().any(|entry| !entry.live) {
            // The first fact is the document's; the others stand in the order of the entries.
            let mut live = std::iter::once(true).chain(self.entries.iter().map(|entry| entry.live));
            self.facts.retain(|_| live.next().unwrap_or(true));
        }
        let made = self.sbom.timestamp.clone();
        if let Some(first) = self.facts.first_mut() {
            self.run.subject.clone_into(&mut first.subject);
            first.source = Source { artefact: self.run.artefact.to_owned(), ..Source::default() };
            first.observed = Observed::Sbom(self.sbom);
        }
        let coverage = vec![
            self.document.coverage(Aspect::SbomDocument, self.run.subject, self.run.artefact),
            self.components.coverage(Aspect::SbomComponents, self.run.subject, self.run.artefact),
        ];
        Done { facts: self.facts, coverage, made }
    }
}

/// A name with its version, as a person says it.
pub(crate) fn titled(name: &str, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}

/// Takes a package URL, if it is one, with the source package that it names; the component's version is known by then.
pub(crate) fn purl(component: &mut Component, purl: Cow<'_, str>, faults: &mut Vec<Fault>) {
    let Some(parsed) = sekisho_version::purl::parse(&purl) else {
        faults.push(Fault::Purl(shown(&purl)));
        return;
    };
    component.source_package = parsed.upstream.map(|upstream| SourcePackage {
        name: upstream.name,
        version: upstream.version.filter(|v| ![&component.version, &parsed.version].contains(&&Some(v.clone()))),
    });
    component.purl = Some(purl.into_owned());
}

/// A CPE name that is one, in the form of version 2.3.
pub(crate) fn cpe(name: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let normal = sekisho_version::cpe::normalise(name);
    if normal.is_none() {
        faults.push(Fault::Cpe(shown(name)));
    }
    normal
}

/// A component of which nothing is known but that it comes from a bill of materials.
pub(crate) fn unknown() -> Component {
    Component { found_by: FoundBy::Sbom, ..Component::default() }
}

/// A fact whose content comes later.
fn blank() -> Fact {
    Fact { observed: Observed::Component(unknown()), subject: String::new(), source: Source::default() }
}

fn trimmed(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: Field<'_>) -> (Option<String>, Vec<Fault>) {
        let mut faults = Vec::new();
        (field.read("f", 5, &mut faults).map(Cow::into_owned), faults)
    }

    #[test]
    fn a_field_is_read_or_reported() {
        assert_eq!(read(Field::default()), (None, vec![]));
        assert_eq!(read(Field::text("  a ")), (Some("a".into()), vec![]));
        assert_eq!(read(Field::text("   ")), (None, vec![]));
        assert_eq!(read(Field::text("abcdef")), (None, vec![Fault::TooLong("f", 5)]));
        assert_eq!(read(Field::wrong(Found::Null)), (None, vec![]));
        assert_eq!(read(Field::wrong(Found::List)), (None, vec![Fault::WrongType("f", Found::List)]));
        let mut twice = Field::text("a");
        twice.put(Field::text("b"));
        assert_eq!(read(twice), (Some("a".into()), vec![Fault::Twice("f")]));
    }
}

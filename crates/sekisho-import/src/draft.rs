//! What a reader brings together while it reads: facts with their places, gaps, and counts of what was not understood.

use std::collections::BTreeMap;

use sekisho_model::Text;
use sekisho_model::artefact::Artefact;
use sekisho_model::collect::{Collection, OnProgress, Progress};
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed, Source};

use crate::limits::Limits;

/// Facts and gaps of one artefact.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) limits: Limits,
    /// The tool and its version, for what other tools saw.
    pub(crate) tool: Option<String>,
    /// When the artefact says it was made (RFC 3339).
    pub(crate) made: Option<String>,
    facts: Vec<(Observed, Source)>,
    /// How many of them were told already.
    told: usize,
    gaps: Vec<Gap>,
    more_gaps: usize,
    more_facts: usize,
    /// Kinds of entries that were not understood, with their number and the first line.
    strange: BTreeMap<String, (usize, Option<u32>)>,
}

impl Draft {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            tool: None,
            made: None,
            facts: Vec::new(),
            told: 0,
            gaps: Vec::new(),
            more_gaps: 0,
            more_facts: 0,
            strange: BTreeMap::new(),
        }
    }

    /// Adds a fact that stands at `line`.
    pub(crate) fn fact(&mut self, observed: Observed, line: Option<u32>) {
        self.fact_at(observed, Source { line, ..Source::default() });
    }

    /// Adds a fact with all of its place.
    pub(crate) fn fact_at(&mut self, observed: Observed, source: Source) {
        if self.facts.len() < self.limits.facts {
            self.facts.push((observed, Source { tool: self.tool.clone(), ..source }));
        } else {
            self.more_facts += 1;
        }
    }

    /// Tells the facts that were added since this was last called: they are kept if what comes next ends the process.
    pub(crate) fn tell(&mut self, progress: OnProgress<'_>) {
        let new = self.facts.get(self.told..).unwrap_or_default();
        let fact = |(observed, source): &(Observed, Source)| Fact {
            observed: observed.clone(),
            subject: String::new(),
            source: source.clone(),
        };
        progress(Progress::Facts(&new.iter().map(fact).collect::<Vec<_>>()));
        self.told = self.facts.len();
    }

    /// Says that something was not looked at.
    pub(crate) fn gap(&mut self, path: Option<String>, reason: Text) {
        if self.gaps.len() < self.limits.gaps {
            self.gaps.push(Gap { path, offset: None, reason });
        } else {
            self.more_gaps += 1;
        }
    }

    /// Counts an entry of `kind` that was not understood.
    pub(crate) fn strange(&mut self, kind: &str, line: Option<u32>) {
        // A file may make up kinds without end.
        const KINDS: usize = 100;
        let kind = crate::text::shortened(kind, 60);
        let known = self.strange.contains_key(&kind) || self.strange.len() < KINDS;
        let entry = self.strange.entry(if known { kind } else { "…".to_owned() }).or_insert((0, line));
        entry.0 += 1;
    }

    /// `text` as it may stand in a fact.
    pub(crate) fn short(&self, text: &str) -> String {
        crate::text::shortened(text, self.limits.text)
    }

    /// All of it as what the collector of `aspect` brings back from `artefact`.
    pub(crate) fn finish(mut self, mut artefact: Artefact, aspect: Aspect) -> Collection {
        for (kind, (count, line)) in std::mem::take(&mut self.strange) {
            let path = line.map(|line| format!("line {line}"));
            let reason = Text::new(
                format!("{count} entries of the kind '{kind}' were not understood"),
                format!("種類「{kind}」の{count}件は解釈できなかった"),
            );
            self.gap(path, reason);
        }
        if self.more_facts > 0 {
            let n = self.more_facts;
            self.gap(
                None,
                Text::new(format!("{n} more entries go over the limit"), format!("上限を超えた{n}件は読んでいない")),
            );
        }
        if self.more_gaps > 0 {
            let n = self.more_gaps;
            let reason = Text::new(format!("and {n} more gaps"), format!("ほかに{n}件の未確認箇所がある"));
            self.gaps.push(Gap { path: None, offset: None, reason });
        }
        self.gaps.sort();
        self.gaps.dedup();
        artefact.made = self.made.or(artefact.made);
        let mut facts: Vec<Fact> = self
            .facts
            .into_iter()
            .map(|(observed, source)| Fact {
                observed,
                subject: artefact.subject.clone(),
                source: Source { artefact: artefact.name.clone(), ..source },
            })
            .collect();
        facts.sort();
        facts.dedup();
        let coverage = Coverage {
            aspect,
            subject: artefact.subject.clone(),
            artefact: artefact.name.clone(),
            extent: if self.gaps.is_empty() { Extent::Complete } else { Extent::Partial },
            gaps: self.gaps,
        };
        Collection { artefact, facts, coverage: vec![coverage] }
    }
}

//! What looking at something brought: facts, and what could not be looked at.

use sekisho_model::Text;
use sekisho_model::artefact::Artefact;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed, Source};
use sekisho_model::network::ProbeFailure;

use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// Facts with their places, and gaps by aspect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What was seen.
    pub facts: Vec<(Observed, Source)>,
    /// What was not looked at, and why.
    pub gaps: Vec<(Aspect, Gap)>,
}

impl Findings {
    /// Adds a fact.
    pub fn fact(&mut self, observed: Observed, source: Source) {
        self.facts.push((observed, source));
    }

    /// Says that `aspects` were not looked at whole at `place`, such as `tcp/443`.
    pub fn gap(&mut self, aspects: &[Aspect], place: &str, reason: &Text) {
        for aspect in aspects {
            self.gaps.push((*aspect, Gap { path: Some(place.to_owned()), offset: None, reason: reason.clone() }));
        }
    }

    /// Says that the question `probe` to a service failed, which leaves `aspects` open.
    pub fn failed(&mut self, aspects: &[Aspect], endpoint: &Endpoint, probe: &str, failure: &Failure) {
        let value = ProbeFailure {
            address: endpoint.host(),
            transport: Some(endpoint.transport.name().to_owned()),
            port: Some(endpoint.address.port()),
            probe: probe.to_owned(),
            failure: failure.kind,
            detail: failure.detail.clone(),
        };
        self.fact(Observed::ProbeFailure(value), endpoint.source());
        let reason = failure.reason();
        let reason = Text::new(format!("{probe}: {}", reason.en), format!("{probe}：{}", reason.ja));
        self.gap(aspects, &endpoint.to_string(), &reason);
    }

    /// Adds what another look brought.
    pub fn extend(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.gaps.extend(other.gaps);
    }

    /// All of it as what a collector brings back from `artefact`: every one of `aspects` was looked at whole but for its gaps.
    pub fn into_collection(mut self, artefact: Artefact, aspects: &[Aspect]) -> Collection {
        self.gaps.sort();
        self.gaps.dedup();
        let coverage = aspects
            .iter()
            .map(|&aspect| {
                let gaps: Vec<Gap> =
                    self.gaps.iter().filter(|(of, _)| *of == aspect).map(|(_, gap)| gap.clone()).collect();
                Coverage {
                    aspect,
                    subject: artefact.subject.clone(),
                    artefact: artefact.name.clone(),
                    extent: if gaps.is_empty() { Extent::Complete } else { Extent::Partial },
                    gaps,
                }
            })
            .collect();
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
        Collection { artefact, facts, coverage }
    }
}

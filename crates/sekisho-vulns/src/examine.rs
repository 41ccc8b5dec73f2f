//! Holds the whole inventory of a product against the database, and says of each match how urgent it is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sekisho_model::Text;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::Product;
use sekisho_model::vulnerability::{
    Confidence, DatabaseUse, Exposure, InventoryEntry, KnownVulnerability, NotJudged, Standing,
};
use sekisho_vulndb::{Database, DatabaseError, Moment};

use crate::exposure::{Listening, listening};
use crate::inventory::{Item, inventory};
use crate::matcher::{Judgement, Matcher, Outcome};
use crate::score::score;
use crate::{messages, statements};

/// What is examined.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The product; statements can be about it as a whole.
    pub product: &'a Product,
    /// What was seen of it and listed for it.
    pub facts: &'a [Fact],
    /// The moment from which days are counted.
    pub now: Moment,
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub struct Examination {
    /// The inventory: every component once.
    pub inventory: Vec<InventoryEntry>,
    /// Those that could not be judged, or not by all that would be needed.
    pub not_judged: Vec<NotJudged>,
    /// The vulnerabilities, the most urgent first.
    pub vulnerabilities: Vec<Fact>,
}

/// Examines a product.
///
/// # Errors
/// Where the database cannot be read.
pub fn examine(database: &Database, subject: Subject<'_>) -> Result<Examination, DatabaseError> {
    let ecosystems = &database.status().ecosystems;
    let (items, contexts) = inventory(subject.facts, |ecosystem| ecosystems.contains_key(ecosystem));
    let matchers: BTreeMap<String, Matcher<'_>> =
        contexts.into_iter().map(|(subject, context)| (subject, Matcher::within(database, context))).collect();
    let listening = listening(subject.facts);
    let nothing_listens = Listening::default();
    let examined: Vec<(Vec<Fact>, Option<NotJudged>)> = items
        .par_iter()
        .map(|item| {
            let Some(matcher) = matchers.get(&item.subject) else { return Ok((Vec::new(), None)) };
            let judged = matcher.judge(&item.component)?;
            let exposure = listening.get(&item.subject).unwrap_or(&nothing_listens).exposure(item);
            let facts = judged
                .judgements
                .into_iter()
                .filter(|judgement| judgement.outcome != Outcome::NotAffected)
                .map(|judgement| fact(database, &subject, item, exposure, judgement))
                .collect::<Result<Vec<_>, DatabaseError>>()?;
            Ok((facts, judged.gap.map(|reason| not_judged(item, reason))))
        })
        .collect::<Result<_, DatabaseError>>()?;
    let inventory = items.iter().map(|item| InventoryEntry {
        subject: item.subject.clone(),
        name: item.name().to_owned(),
        version: item.component.version.clone(),
    });
    let mut all = Examination { inventory: inventory.collect(), ..Examination::default() };
    for (facts, gap) in examined {
        all.vulnerabilities.extend(facts);
        all.not_judged.extend(gap);
    }
    all.vulnerabilities.sort_by_cached_key(urgency);
    all.not_judged.sort();
    Ok(all)
}

fn not_judged(item: &Item, reason: Text) -> NotJudged {
    NotJudged {
        subject: item.subject.clone(),
        name: item.name().to_owned(),
        version: item.component.version.clone(),
        reason,
    }
}

/// What facts are sorted by: what is affected before what may be, before what is settled; then known exploitation, exposure, severity,
/// probability of exploitation, and names, so that the order is one and the same.
fn urgency(fact: &Fact) -> impl Ord + use<> {
    let Observed::KnownVulnerability(known) = &fact.observed else { return None };
    let standing = match known.standing {
        Standing::Affected => 0,
        Standing::Unknown => 1,
        Standing::Fixed | Standing::NotAffected => 2,
    };
    let exposed = match known.exposure {
        Exposure::Network => 0,
        Exposure::Unknown => 1,
        Exposure::NotSeen => 2,
    };
    let tenths = known.score.as_ref().and_then(|score| score.replace('.', "").parse::<u16>().ok());
    Some((
        standing,
        known.disputed,
        known.confidence == Confidence::NameOnly,
        !known.exploited,
        exposed,
        Reverse(tenths),
        Reverse(known.epss.clone()),
        known.id.clone(),
        known.component.clone(),
        fact.subject.clone(),
    ))
}

fn fact(
    database: &Database,
    subject: &Subject<'_>,
    item: &Item,
    exposure: Exposure,
    judgement: Judgement,
) -> Result<Fact, DatabaseError> {
    let mut ids: BTreeSet<String> = judgement.ids.into_iter().collect();
    let (mut severities, mut summary, mut disputed) = (judgement.severities, judgement.summary, judgement.disputed);
    let mut published = judgement.published;
    // What else the database has under these names: scores by the NVD, other names, an earlier date.
    let mut followed = BTreeSet::new();
    for id in ids.clone() {
        // Whichever of a vulnerability's names is asked for, the answer is one and the same.
        if followed.contains(&id) {
            continue;
        }
        let Some(known) = database.by_id(&id)? else { continue };
        // More names than one vulnerability has are a mistake of the data.
        if !known.truncated {
            followed.extend(known.ids.iter().cloned());
            ids.extend(known.ids);
        }
        for advisory in
            known.advisories.into_iter().filter(|advisory| advisory.state == sekisho_vulndb::State::Published)
        {
            severities.extend(advisory.severities);
            disputed |= advisory.disputed;
            published = [published, advisory.published].into_iter().flatten().min();
            if summary.is_empty() {
                summary = advisory.summary;
            }
        }
    }
    let (mut exploited, mut exploited_since, mut epss) = (false, None, None);
    for cve in ids.iter().filter(|id| id.starts_with("CVE-")) {
        if let Some(entry) = database.kev(cve)? {
            exploited = true;
            exploited_since = [exploited_since, entry.added].into_iter().flatten().min();
        }
        if let Some(found) = database.epss(cve)? {
            epss = Some(epss.map_or(found.probability, |before: f64| before.max(found.probability)));
        }
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let score = score(&severities);
    let mut because = judgement.because;
    let stated = statements::stated(database, &ids, item, subject.product)?;
    let mut standing = match judgement.outcome {
        Outcome::Affected => Standing::Affected,
        Outcome::NotAffected | Outcome::Unknown => Standing::Unknown,
    };
    if let Some(stated) = &stated {
        because.push(stated.because.clone());
        standing = stated.standing.unwrap_or(standing);
    }
    let component = &item.component;
    let id = ids.iter().find(|id| id.starts_with("CVE-")).or(ids.first()).cloned().unwrap_or_default();
    let known = KnownVulnerability {
        aliases: ids.into_iter().filter(|other| *other != id).collect(),
        id,
        summary,
        component: item.name().to_owned(),
        packages: item.packages.iter().cloned().collect(),
        version: component.version.clone(),
        purl: component.purl.clone(),
        cpe: component.cpe.clone(),
        reference: component.reference.clone(),
        standing,
        confidence: judgement.confidence,
        because,
        fix_days: judgement
            .fixed_in
            .as_ref()
            .and(judgement.fix_published)
            .and_then(|published| days(published, subject.now)),
        fixed_in: judgement.fixed_in,
        severity: score.as_ref().map(crate::Score::severity),
        score: score.as_ref().map(crate::Score::text),
        vector: score.map(|score| score.vector),
        epss: epss.map(|probability| format!("{probability:.5}")),
        exploited,
        exploited_days: exploited_since.and_then(|since| days(since, subject.now)),
        exposure,
        statement: stated.map(|stated| stated.statement),
        disputed,
        published: published.map(Moment::day),
        advisories: judgement.advisories,
    };
    Ok(Fact {
        observed: Observed::KnownVulnerability(Box::new(known)),
        subject: item.subject.clone(),
        source: item.source.clone(),
    })
}

/// Whole days from one moment to another; none where it lies after it.
fn days(from: Moment, to: Moment) -> Option<u32> {
    u32::try_from(to.days_since(from)).ok()
}

impl Examination {
    /// How far the components of `subject` could be looked at, against the database called `name`.
    pub fn coverage(&self, subject: &str, name: &str, database: &DatabaseUse) -> Coverage {
        let gap = |reason| Gap { path: None, offset: None, reason };
        let mut by_reason: BTreeMap<&Text, Vec<String>> = BTreeMap::new();
        for left in self.not_judged.iter().filter(|left| left.subject == subject) {
            by_reason.entry(&left.reason).or_default().push(left.name.clone());
        }
        let gaps: Vec<Gap> = database
            .warnings
            .iter()
            .cloned()
            .chain(by_reason.into_iter().map(|(reason, names)| messages::not_judged(&names, reason)))
            .map(gap)
            .collect();
        Coverage {
            aspect: Aspect::VulnerabilitiesKnown,
            subject: subject.to_owned(),
            artefact: name.to_owned(),
            extent: if gaps.is_empty() { Extent::Complete } else { Extent::Partial },
            gaps,
        }
    }
}

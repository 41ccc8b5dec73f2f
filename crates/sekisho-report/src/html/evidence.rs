//! The evidence: what was read, how far, and every fact.

use sekisho_model::assessment::Assessment;
use sekisho_model::coverage::{Coverage, Extent};
use sekisho_model::fact::Fact;

use super::parts::{Chip, Context};
use crate::bilingual::Bi;
use crate::facts::{Cell, columns};
use crate::messages::{self, titles};
use crate::standing::Standing;
use crate::{age, place, plain};

/// How many rows a table of facts has at most; the JSON form has all.
pub(super) const MAX_ROWS: usize = 500;
/// How many gaps of one aspect are listed at most.
const MAX_GAPS: usize = 50;

/// The evidence.
pub(super) struct Evidence<'a> {
    pub(super) artefacts: Vec<ArtefactView<'a>>,
    /// The vulnerability database that was used, and what speaks against relying on it.
    pub(super) database: Option<(Bi<'static>, Vec<Bi<'a>>)>,
    pub(super) coverage: Vec<CoverageView<'a>>,
    pub(super) tables: Vec<Table<'a>>,
}

/// Something that was read.
pub(super) struct ArtefactView<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Bi<'static>,
    pub(super) subject: &'a str,
    /// None where it has none: hosts, domains, folders, and what could not be read.
    pub(super) size: Option<String>,
    pub(super) read: bool,
    pub(super) sha256: Option<&'a str>,
    pub(super) made: Option<String>,
}

/// How far a collector got with some aspects of an artefact.
pub(super) struct CoverageView<'a> {
    pub(super) aspects: Vec<Bi<'static>>,
    pub(super) subject: &'a str,
    pub(super) artefact: &'a str,
    pub(super) extent: Chip,
    pub(super) gaps: Vec<GapView<'a>>,
    pub(super) left_out: usize,
}

/// A place that was not looked at.
pub(super) struct GapView<'a> {
    pub(super) place: Option<String>,
    pub(super) reason: Bi<'a>,
}

/// Facts of one name.
pub(super) struct Table<'a> {
    pub(super) anchor: String,
    pub(super) title: Bi<'a>,
    pub(super) count: usize,
    /// Component and artefact that all of them come from, where that is so.
    pub(super) common: Option<String>,
    pub(super) headings: Vec<Bi<'static>>,
    pub(super) rows: Vec<FactRow>,
    pub(super) left_out: usize,
}

/// A fact.
pub(super) struct FactRow {
    pub(super) number: usize,
    pub(super) cells: Vec<Cell>,
    /// Component and artefact, where the table does not say it once for all.
    pub(super) artefact: Option<String>,
    pub(super) path: Option<String>,
    pub(super) offset: Option<String>,
}

/// A gap as it is shown.
pub(super) fn gap_view(gap: &sekisho_model::coverage::Gap) -> GapView<'_> {
    let path = gap.path.as_deref().map(|path| plain::visible(path).into_owned());
    let offset = gap.offset.map(|offset| format!("{offset:#x}"));
    let place = match (path, offset) {
        (Some(path), Some(offset)) => Some(format!("{path} @ {offset}")),
        (path, offset) => path.or(offset),
    };
    GapView { place, reason: Bi::from(&gap.reason) }
}

pub(super) fn view<'a>(context: &Context<'a>) -> Evidence<'a> {
    let assessment = context.assessment;
    let artefacts = assessment.artefacts.iter().map(|artefact| ArtefactView {
        name: &artefact.name,
        kind: messages::artefact_kind(artefact.kind),
        subject: &artefact.subject,
        read: artefact.size.is_some()
            || assessment.coverage.iter().any(|c| c.artefact == artefact.name && c.subject == artefact.subject),
        size: artefact.size.map(|size| format!("{} ({} B)", plain::size(size), plain::grouped(size))),
        sha256: artefact.sha256.as_deref(),
        made: artefact.made.as_deref().map(age::minute_of),
    });
    let database = assessment
        .database
        .as_ref()
        .map(|database| (messages::screen::database(database), database.warnings.iter().map(Bi::from).collect()));
    Evidence { artefacts: artefacts.collect(), database, coverage: coverage(assessment), tables: tables(assessment) }
}

/// One row for all aspects of an artefact that got equally far for the same reasons.
fn coverage(assessment: &Assessment) -> Vec<CoverageView<'_>> {
    let mut groups: Vec<(&Coverage, Vec<Bi<'static>>)> = Vec::new();
    for coverage in &assessment.coverage {
        let alike = |(first, _): &&mut (&Coverage, Vec<Bi<'static>>)| {
            first.subject == coverage.subject
                && first.artefact == coverage.artefact
                && first.extent == coverage.extent
                && first.gaps == coverage.gaps
        };
        let aspect = messages::aspect(coverage.aspect);
        match groups.iter_mut().find(alike) {
            Some((_, aspects)) => aspects.push(aspect),
            None => groups.push((coverage, vec![aspect])),
        }
    }
    let views = groups.into_iter().map(|(first, aspects)| CoverageView {
        aspects,
        subject: &first.subject,
        artefact: &first.artefact,
        extent: extent_chip(first.extent),
        gaps: first.gaps.iter().take(MAX_GAPS).map(gap_view).collect(),
        left_out: first.gaps.len().saturating_sub(MAX_GAPS),
    });
    views.collect()
}

fn extent_chip(extent: Extent) -> Chip {
    let like = match extent {
        Extent::Complete => Standing::Verified,
        Extent::Partial => Standing::PartlyMet,
        Extent::None => Standing::Open,
    };
    Chip { class: like.name(), icon: like.name(), label: messages::extent(extent) }
}

fn tables(assessment: &Assessment) -> Vec<Table<'_>> {
    let tables = titles::in_order().map(|name| {
        let facts = assessment.facts.iter().enumerate().filter(|(_, fact)| fact.observed.name() == name);
        table(name, &facts.collect::<Vec<_>>())
    });
    tables.filter(|table| table.count > 0).collect()
}

fn table<'a>(name: &'static str, facts: &[(usize, &'a Fact)]) -> Table<'a> {
    let shown = &facts[..facts.len().min(MAX_ROWS)];
    let mut rows: Vec<Vec<(Bi<'static>, Cell)>> = shown.iter().map(|(_, fact)| columns(&fact.observed)).collect();
    // Columns in which nothing stands say nothing.
    let width = rows.first().map_or(0, Vec::len);
    let used: Vec<bool> = (0..width).map(|i| rows.iter().any(|row| !matches!(row[i].1, Cell::Empty))).collect();
    for row in &mut rows {
        let mut column = used.iter();
        row.retain(|_| column.next().copied().unwrap_or_default());
    }
    let of = |fact: &Fact| format!("{} › {}", plain::visible(&fact.subject), plain::visible(&fact.source.artefact));
    let first = shown.first().map(|(_, fact)| of(fact));
    let common = first.filter(|first| shown.iter().all(|(_, fact)| of(fact) == *first));
    Table {
        anchor: format!("t-{name}"),
        title: titles::table(name),
        count: facts.len(),
        headings: rows.first().into_iter().flatten().map(|(heading, _)| heading.clone()).collect(),
        rows: std::iter::zip(shown, rows)
            .map(|((number, fact), row)| FactRow {
                number: *number,
                cells: row.into_iter().map(|(_, cell)| cell).collect(),
                artefact: common.is_none().then(|| of(fact)),
                path: place::path(&fact.source),
                offset: place::offset(&fact.source),
            })
            .collect(),
        common,
        left_out: facts.len() - shown.len(),
    }
}

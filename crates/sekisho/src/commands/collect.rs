//! `sekisho collect`: one collector alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::coverage::Extent;
use sekisho_model::exit;
use serde_json::json;

use crate::cli::{CollectArgs, Format, Global};
use crate::inputs;
use crate::printer::Printer;
use crate::reading::Reader;

pub(crate) fn run(args: &CollectArgs, _: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let now = inputs::moment(args.now.as_deref())?;
    let name = args.file.display().to_string();
    let reader = Reader::new(now, !args.isolation.no_isolation);
    let read = reader.read(args.collector.into(), &args.file, &name, "-", &|_| ());
    reader.note_missing(printer);
    let collection = match read {
        Ok(collection) => collection,
        Err(CollectError::Unusable(problem)) => return Err(problem.into()),
        Err(error) => return Err(error.into()),
    };
    match args.format {
        Format::Json => {
            let Collection { artefact, facts, coverage } = &collection;
            let value = json!({ "artefact": artefact, "facts": facts, "coverage": coverage });
            printer.data(&(serde_json::to_string_pretty(&value)? + "\n"))?;
        }
        Format::Text => printer.data(&text(&collection, printer))?,
    }
    Ok(exit::OK)
}

/// Counts by name, then every fact on a line, then what was not read.
fn text(collection: &Collection, printer: &Printer) -> String {
    let mut out = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in &collection.facts {
        *counts.entry(fact.observed.name()).or_default() += 1;
    }
    for (name, count) in &counts {
        let _ = writeln!(out, "{count:>6}  {name}");
    }
    out.push('\n');
    for fact in &collection.facts {
        let value = serde_json::to_value(&fact.observed).map(|v| v["value"].to_string()).unwrap_or_default();
        let place = fact.source.path.as_deref().unwrap_or("");
        let _ = writeln!(out, "{:<12} {place}  {value}", fact.observed.name());
    }
    for cover in collection.coverage.iter().filter(|c| c.extent != Extent::Complete) {
        for gap in &cover.gaps {
            let at = gap.path.clone().or_else(|| gap.offset.map(|o| format!("@{o:#x}"))).unwrap_or_default();
            let _ = writeln!(out, "! {} {at} {}", cover.aspect.name(), gap.reason.get(printer.lang));
        }
    }
    out
}

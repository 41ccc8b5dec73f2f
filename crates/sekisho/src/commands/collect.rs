//! `sekisho collect`: one collector alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sekisho_model::artefact::ArtefactKind;
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::coverage::Extent;
use sekisho_model::exit;
use sekisho_sbom::Tool;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use crate::cli::{CollectArgs, CollectFormat, Global};
use crate::printer::Printer;
use crate::{evidence, inputs, messages};

pub(crate) fn run(args: &CollectArgs, _: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let kind = ArtefactKind::from(args.collector);
    if args.format == CollectFormat::Cyclonedx && kind == ArtefactKind::Sbom {
        // It is one already: what it lists was not seen by this program.
        let text = messages::no_bill_of_a_bill();
        anyhow::bail!("{}", text.get(printer.lang));
    }
    let now = inputs::moment(args.now.as_deref())?;
    let name = args.file.display().to_string();
    let collector = evidence::collector(kind, now.date());
    let collection = match collector.collect(&args.file, &name, "-", &|_| ()) {
        Ok(collection) => collection,
        Err(CollectError::Unusable(problem)) => return Err(problem.into()),
        Err(error) => return Err(error.into()),
    };
    match args.format {
        CollectFormat::Json => {
            let Collection { artefact, facts, coverage } = &collection;
            let value = json!({ "artefact": artefact, "facts": facts, "coverage": coverage });
            printer.data(&(serde_json::to_string_pretty(&value)? + "\n"))?;
        }
        CollectFormat::Cyclonedx => {
            // The time is the one that was asked for, or the image's own: two runs give the same document.
            let asked = args.now.is_some() || std::env::var_os("SOURCE_DATE_EPOCH").is_some();
            let asked = asked.then(|| now.format(&Rfc3339)).transpose()?;
            let made = asked.as_deref().or(collection.artefact.made.as_deref());
            let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
            let bill = sekisho_sbom::bill_of_materials(&collection, tool, made);
            printer.data(&(serde_json::to_string_pretty(&bill)? + "\n"))?;
        }
        CollectFormat::Text => printer.data(&text(&collection, printer))?,
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

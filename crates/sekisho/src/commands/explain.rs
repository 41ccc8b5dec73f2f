//! `sekisho explain`: the whole derivation of a verdict.

use std::fs;

use anyhow::{Context, anyhow};
use sekisho_model::assessment::{Assessment, FORMAT};
use sekisho_model::exit;
use sekisho_report::terminal;

use crate::cli::{ExplainArgs, Global};
use crate::commands::assess::assess_file;
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &ExplainArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    // A wrong name is told before anything is collected.
    let id = if args.id.contains(':') {
        catalog.control(&args.id).map_err(|unknown| inputs::unknown(&unknown))?.id()
    } else if catalog.objective(&args.id).is_some() {
        args.id.clone()
    } else {
        return Err(anyhow!("'{}' is neither DOCUMENT:CONTROL nor an objective", args.id));
    };
    let assessment = if let Some(assessment) = saved(&args.input)? {
        assessment
    } else {
        let now = inputs::moment(args.now.as_deref())?;
        match assess_file(&args.input, now, args.isolation, &args.vulnerabilities, &catalog, printer)? {
            Ok(assessment) => assessment,
            Err(_) => return Ok(exit::BAD_INPUT),
        }
    };
    let text = terminal::explain(&assessment, &catalog, &id, printer.lang, printer.style())
        .ok_or_else(|| anyhow!("'{id}' is not part of this assessment: its document was left out"))?;
    printer.data(&text)?;
    Ok(exit::OK)
}

/// The assessment in a file that `assess --json` wrote; none where the file is something else.
fn saved(path: &std::path::Path) -> anyhow::Result<Option<Assessment>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(None);
    }
    let assessment: Assessment = serde_json::from_slice(&bytes)
        .with_context(|| format!("{} is no assessment of this version ({FORMAT})", path.display()))?;
    Ok(Some(assessment))
}

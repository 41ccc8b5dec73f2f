//! `sekisho compare`: two documents side by side.

use sekisho_crosswalk::{Links, compare};
use sekisho_model::exit;
use sekisho_report::terminal;
use serde_json::json;

use crate::cli::{CompareArgs, Global};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &CompareArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let a = inputs::document(&catalog, &args.a)?;
    let b = inputs::document(&catalog, &args.b)?;
    let comparison = compare(&Links::new(&catalog, [a, b]), &a.id, &b.id);
    if args.json {
        printer.json(&json!({ "comparison": comparison, "documents": [a, b] }))?;
    } else {
        printer.data(&terminal::comparison(&comparison, &catalog, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

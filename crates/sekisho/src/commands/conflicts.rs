//! `sekisho conflicts`: where documents ask for what cannot both be done.

use sekisho_model::exit;
use sekisho_report::terminal;

use crate::cli::{Global, ListArgs};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &ListArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    if args.json {
        printer.json(&catalog.conflicts())?;
    } else {
        printer.data(&terminal::conflicts(&catalog, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

//! `sekisho crosswalk`: the pairs of controls of two documents.

use sekisho_crosswalk::{Links, crosswalk};
use sekisho_model::exit;
use sekisho_report::terminal;

use crate::cli::{CrosswalkArgs, Global};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &CrosswalkArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let from = inputs::document(&catalog, &args.from)?;
    let to = inputs::document(&catalog, &args.to)?;
    let pairs = crosswalk(&Links::new(&catalog, [from, to]), &from.id, &to.id, args.strength);
    if args.json {
        printer.json(&pairs)?;
    } else {
        printer.data(&terminal::crosswalk(from, to, &pairs, &catalog, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

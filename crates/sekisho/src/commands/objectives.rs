//! `sekisho objectives`: the hub.

use std::fmt::Write as _;

use sekisho_model::exit;

use crate::cli::{Global, ListArgs};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &ListArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    if args.json {
        printer.data(&(serde_json::to_string_pretty(catalog.areas())? + "\n"))?;
        return Ok(exit::OK);
    }
    let mut out = String::new();
    for area in catalog.areas() {
        let _ = writeln!(out, "{}", area.title.get(printer.lang));
        for objective in &area.objectives {
            let _ = writeln!(out, "  {:<34} {}", objective.id, objective.title.get(printer.lang));
        }
    }
    printer.data(&out)?;
    Ok(exit::OK)
}

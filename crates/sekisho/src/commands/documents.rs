//! `sekisho documents`: the documents of the catalog.

use std::fmt::Write as _;

use sekisho_model::exit;

use crate::cli::{Global, ListArgs};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &ListArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    if args.json {
        let documents: Vec<_> = catalog.documents().collect();
        printer.data(&(serde_json::to_string_pretty(&documents)? + "\n"))?;
        return Ok(exit::OK);
    }
    let mut out = String::new();
    for document in catalog.documents() {
        let name = document.aliases.first().unwrap_or(&document.id);
        let _ = writeln!(
            out,
            "{name:<10} {:<10} {:>4}  {}",
            document.published,
            document.controls.len(),
            document.title.get(printer.lang),
        );
    }
    printer.data(&out)?;
    Ok(exit::OK)
}

//! `sekisho validate`: every mistake of a product file at once.

use std::fs;

use anyhow::Context;
use sekisho_catalog::read_product;
use sekisho_model::exit;

use crate::cli::{Global, ValidateArgs};
use crate::printer::Printer;
use crate::{inputs, messages};

pub(crate) fn run(args: &ValidateArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let name = args.product.display().to_string();
    if args.json {
        let bytes = fs::read(&args.product).with_context(|| format!("cannot read {name}"))?;
        let (problems, code) = match read_product(&name, &bytes, &catalog) {
            Ok((_, warnings)) => (warnings, exit::OK),
            Err(problems) => (problems, exit::BAD_INPUT),
        };
        printer.data(&(serde_json::to_string_pretty(&problems)? + "\n"))?;
        return Ok(code);
    }
    let Ok(_) = inputs::product(&args.product, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    printer.data(&format!("{}\n", messages::valid(&name).get(printer.lang)))?;
    Ok(exit::OK)
}

//! `sekisho schema`: the JSON Schema of a kind of file.

use anyhow::anyhow;
use sekisho_catalog::{FileKind, schema};
use sekisho_model::exit;

use crate::cli::SchemaArgs;
use crate::printer::Printer;

pub(crate) fn run(args: &SchemaArgs, printer: &Printer) -> anyhow::Result<u8> {
    let kind = FileKind::ALL
        .into_iter()
        .find(|kind| kind.name() == args.kind)
        .ok_or_else(|| anyhow!("no schema '{}'", args.kind))?;
    printer.data(&(serde_json::to_string_pretty(&schema(kind))? + "\n"))?;
    Ok(exit::OK)
}

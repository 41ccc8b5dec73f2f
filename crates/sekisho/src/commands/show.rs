//! `sekisho show`: a document, a control or an objective.

use sekisho_catalog::Catalog;
use sekisho_model::exit;
use sekisho_report::terminal;
use serde_json::{Value, json};

use crate::cli::{Global, ShowArgs};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &ShowArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    if args.json {
        let value = data(&args.id, &catalog)?;
        printer.data(&(serde_json::to_string_pretty(&value)? + "\n"))?;
        return Ok(exit::OK);
    }
    let (lang, style) = (printer.lang, printer.style());
    let text = if args.id.contains(':') {
        let found = catalog.control(&args.id).map_err(|unknown| inputs::unknown(&unknown))?;
        terminal::show_control(found.document, found.control, &catalog, lang, style)
    } else if let Ok(document) = catalog.document(&args.id) {
        terminal::show_document(document, &catalog, lang, style)
    } else if let Some(objective) = catalog.objective(&args.id) {
        terminal::show_objective(objective, &catalog, lang, style)
    } else {
        return Err(nothing(&args.id, &catalog).into());
    };
    printer.data(&text)?;
    Ok(exit::OK)
}

fn data(id: &str, catalog: &Catalog) -> anyhow::Result<Value> {
    if id.contains(':') {
        let found = catalog.control(id).map_err(|unknown| inputs::unknown(&unknown))?;
        return Ok(json!({ "document": found.document.id, "control": found.control }));
    }
    if let Ok(document) = catalog.document(id) {
        return Ok(serde_json::to_value(document)?);
    }
    match catalog.objective(id) {
        Some(objective) => {
            let controls: Vec<_> = catalog
                .controls_of(id)
                .map(|found| {
                    let mapping = found.control.mappings.iter().find(|m| m.objective == id);
                    json!({ "id": found.id(), "relation": mapping.map(|m| m.relation.name()) })
                })
                .collect();
            Ok(json!({ "objective": objective, "controls": controls }))
        }
        None => Err(nothing(id, catalog).into()),
    }
}

fn nothing(id: &str, catalog: &Catalog) -> sekisho_diag::Problem {
    match catalog.document(id) {
        Err(unknown) if !unknown.nearest.is_empty() => inputs::unknown(&unknown),
        _ => sekisho_diag::Problem::error("unknown-id", format!("no document, control or objective '{id}'"))
            .hint("`sekisho documents` and `sekisho objectives` list what there is; a control is DOCUMENT:CONTROL"),
    }
}

//! `sekisho catalog`: what is wrong with a catalog folder; in files of their own, suggestions, export and import.

mod export;
mod import;
mod suggest;

use std::path::Path;

use sekisho_catalog::{Catalog, Parts, compile, digest_of, lint, read_folder};
use sekisho_diag::{Problem, Severity};
use sekisho_model::exit;

use crate::cli::{CatalogArgs, CatalogCommand, Global};
use crate::messages;
use crate::printer::Printer;

pub(crate) fn run(args: &CatalogArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    match &args.command {
        CatalogCommand::Lint { folder, alone, json } => run_lint(folder, *alone, *json, printer),
        CatalogCommand::Suggest(args) => suggest::run(args, global, printer),
        CatalogCommand::Export(args) => export::run(args, global, printer),
        CatalogCommand::Import(args) => import::run(args, global, printer),
    }
}

fn run_lint(folder: &Path, alone: bool, json: bool, printer: &Printer) -> anyhow::Result<u8> {
    let (sources, mut problems) = read_folder(folder);
    let (mut parts, found) = Parts::read(&sources);
    problems.extend(found);
    // A folder with a vocabulary of its own is a whole catalog; one without adds to the built-in.
    let adds = !alone && !sources.iter().any(|s| s.kind == sekisho_catalog::FileKind::Vocabulary);
    if adds {
        parts = parts.on_top_of(&sekisho_builtin::catalog());
    }
    // References to what could not be read would all be reported as dangling.
    if !has_errors(&problems) {
        problems.extend(lint(&parts));
    }
    let code = if has_errors(&problems) { exit::BAD_INPUT } else { exit::OK };
    if json {
        printer.data(&(serde_json::to_string_pretty(&problems)? + "\n"))?;
        return Ok(code);
    }
    printer.problems(&problems, &parts.texts);
    if code == exit::OK {
        let bytes = compile(&parts);
        let catalog = Catalog::open(&bytes, &digest_of(&bytes))?;
        let documents: Vec<_> = catalog.documents().collect();
        let controls = documents.iter().map(|d| d.controls.len()).sum();
        let counts = (documents.len(), controls, catalog.objectives().count(), catalog.checks().len());
        let text = messages::catalog_is_clean(counts.0, counts.1, counts.2, counts.3);
        printer.data(&format!("{}\n", text.get(printer.lang)))?;
    } else {
        let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
        printer.note(&messages::problems_found(errors, problems.len() - errors));
    }
    Ok(code)
}

fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

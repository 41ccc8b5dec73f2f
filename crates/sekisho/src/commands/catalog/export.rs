//! `sekisho catalog export`: documents, the hub and the mappings in other people's formats.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use sekisho_catalog::Catalog;
use sekisho_exchange::{ExportFormat, ExportRequest, export};
use sekisho_model::catalog::Document;
use sekisho_model::exit;

use crate::cli::{ExportArgs, Global};
use crate::printer::Printer;
use crate::{inputs, messages, output};

pub(crate) fn run(args: &ExportArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let documents = documents(&args.document, &catalog)?;
    let format = ExportFormat::from(args.format);
    let is_one_file = matches!(format, ExportFormat::Csv | ExportFormat::CycloneDx);
    let is_alone = is_one_file || documents.len() == 1;
    // What has the ending of a file is one, unless there is a folder of that name.
    let to_file = args.out.as_deref().filter(|out| !out.is_dir() && out.extension().is_some());
    if !is_alone && (args.out.is_none() || to_file.is_some()) {
        bail!("{}", messages::needs_a_folder().get(printer.lang));
    }
    let request = ExportRequest {
        catalog: &catalog,
        documents: &documents,
        lang: printer.lang,
        now: inputs::moment(args.now.as_deref())?,
        byte_order_mark: args.bom,
    };
    let mut files = export(format, request)?;
    if format == ExportFormat::Ciso {
        let without: Vec<&str> = documents.iter().filter(|d| d.controls.is_empty()).map(|d| d.id.as_str()).collect();
        if !without.is_empty() {
            printer.note(&messages::left_out(&without.join(", ")));
        }
    }
    let folder = match (&args.out, to_file) {
        (Some(out), None) => out,
        (_, to_file) => {
            if !is_one_file {
                printer.note(&messages::only_the_document());
            }
            let first = files.swap_remove(0);
            let Some(file) = to_file else {
                printer.data(&first.content)?;
                return Ok(exit::OK);
            };
            output::write(file, &first.content)?;
            printer.note(&messages::written(&file.display().to_string()));
            return Ok(exit::OK);
        }
    };
    for file in &files {
        let path = folder.join(&file.path);
        make_folder_of(&path)?;
        output::write(&path, &file.content)?;
    }
    printer.note(&messages::exported(files.len(), &folder.display().to_string()));
    Ok(exit::OK)
}

/// The documents asked for, each once; all where none is.
fn documents<'c>(names: &[String], catalog: &'c Catalog) -> anyhow::Result<Vec<&'c Document>> {
    if names.is_empty() {
        return Ok(catalog.documents().collect());
    }
    let mut documents: Vec<&Document> = Vec::new();
    for name in names {
        let document = catalog.document(name.trim()).map_err(|unknown| inputs::unknown(&unknown))?;
        if documents.iter().all(|known| known.id != document.id) {
            documents.push(document);
        }
    }
    Ok(documents)
}

pub(super) fn make_folder_of(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    Ok(())
}

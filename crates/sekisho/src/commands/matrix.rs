//! `sekisho matrix`: which document asks for what.

use sekisho_crosswalk::{Links, matrix};
use sekisho_diag::{Problem, nearest};
use sekisho_model::catalog::Document;
use sekisho_model::exit;
use sekisho_report::{html, terminal};

use crate::cli::{Global, MatrixArgs};
use crate::printer::Printer;
use crate::{inputs, messages, output};

pub(crate) fn run(args: &MatrixArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let documents: Vec<&Document> = if args.documents.is_empty() {
        catalog.documents().filter(|document| !document.controls.is_empty()).collect()
    } else {
        args.documents.iter().map(|name| inputs::document(&catalog, name)).collect::<Result<_, _>>()?
    };
    if let Some(area) = &args.area
        && !catalog.areas().iter().any(|a| a.area == *area)
    {
        let problem = Problem::error("unknown-id", format!("no area '{area}'"));
        let known: Vec<&str> = catalog.areas().iter().map(|a| a.area.as_str()).collect();
        let near = nearest(area, known.iter().copied());
        let hint = if near.is_empty() {
            format!("known are {}", known.join(", "))
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        return Err(problem.hint(hint).into());
    }
    let ids: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
    let matrix = matrix(&Links::new(&catalog, documents), &ids);
    if let Some(file) = &args.html {
        output::write(file, &html::matrix(&matrix, &catalog, printer.lang)?)?;
        printer.note(&messages::written(&file.display().to_string()));
    }
    if args.json {
        printer.json(&matrix)?;
    } else if args.html.is_none() {
        let (lang, style) = (printer.lang, printer.style());
        printer.data(&terminal::matrix(&matrix, args.area.as_deref(), &catalog, lang, style))?;
    }
    Ok(exit::OK)
}

//! What commands start from: the catalog, the product file, the moment.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use sekisho_catalog::{Catalog, UnknownName, read_product};
use sekisho_diag::{Problem, Severity, Sources};
use sekisho_model::catalog::Document;
use sekisho_model::product::Product;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::Global;
use crate::messages;
use crate::printer::Printer;

/// An input with mistakes, which have been printed already.
#[derive(Debug)]
pub(crate) struct Refused;

/// The built-in catalog with what `--catalog` adds; none where that has mistakes, which are then printed.
pub(crate) fn catalog(global: &Global, printer: &Printer) -> Result<Catalog, Refused> {
    catalog_but(&[], global, printer)
}

/// The same where the folder is still being mapped: that something is not mapped yet is no mistake.
pub(crate) fn unfinished_catalog(global: &Global, printer: &Printer) -> Result<Catalog, Refused> {
    catalog_but(&["unmapped-control", "unmapped-objective"], global, printer)
}

fn catalog_but(pending: &[&str], global: &Global, printer: &Printer) -> Result<Catalog, Refused> {
    let builtin = sekisho_builtin::catalog();
    let Some(folder) = &global.catalog else { return Ok(builtin) };
    match builtin.extended_unfinished(folder, pending) {
        Ok((catalog, warnings)) => {
            printer.problems(&warnings, &Sources::new());
            Ok(catalog)
        }
        Err((problems, texts)) => Err(refuse(&problems, &texts, printer)),
    }
}

/// The product in `path`; none where the file has mistakes, which are then printed.
pub(crate) fn product(path: &Path, catalog: &Catalog, printer: &Printer) -> anyhow::Result<Result<Product, Refused>> {
    let name = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("cannot read {name}"))?;
    let sources = Sources::from([(name.clone(), String::from_utf8_lossy(&bytes).into_owned())]);
    Ok(match read_product(&name, &bytes, catalog) {
        Ok((product, warnings)) => {
            printer.problems(&warnings, &sources);
            Ok(product)
        }
        Err(problems) => Err(refuse(&problems, &sources, printer)),
    })
}

/// Prints the mistakes of an input.
pub(crate) fn refuse(problems: &[Problem], sources: &Sources, printer: &Printer) -> Refused {
    printer.problems(problems, sources);
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    printer.note(&messages::problems_found(errors, problems.len() - errors));
    Refused
}

/// The moment given, or `SOURCE_DATE_EPOCH` (reproducible-builds.org), or now; in UTC, to the second.
pub(crate) fn moment(given: Option<&str>) -> anyhow::Result<OffsetDateTime> {
    let now = if let Some(text) = given {
        OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|error| anyhow!("--now '{text}' is no time such as 2026-11-22T09:30:00Z: {error}"))?
    } else if let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds = epoch.parse().with_context(|| format!("SOURCE_DATE_EPOCH '{epoch}' is no number of seconds"))?;
        OffsetDateTime::from_unix_timestamp(seconds).context("SOURCE_DATE_EPOCH lies outside the calendar")?
    } else {
        OffsetDateTime::now_utc()
    };
    Ok(now.to_offset(time::UtcOffset::UTC).replace_nanosecond(0)?)
}

/// A moment as reports state it.
pub(crate) fn written(moment: OffsetDateTime) -> anyhow::Result<String> {
    Ok(moment.format(&Rfc3339)?)
}

/// The document called `name`.
///
/// # Errors
/// Where there is none, with the nearest names.
pub(crate) fn document<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Document, Problem> {
    catalog.document(name).map_err(|found| unknown(&found))
}

/// An unknown name as a problem with a hint.
pub(crate) fn unknown(name: &UnknownName) -> Problem {
    let mut problem = Problem::error("unknown-id", name.to_string());
    if !name.nearest.is_empty() {
        problem = problem.hint(format!("did you mean {}?", name.nearest.join(" or ")));
    }
    problem
}

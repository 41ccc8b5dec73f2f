//! `sekisho plan`: what to read.

use anyhow::bail;
use sekisho_catalog::Catalog;
use sekisho_diag::{Problem, nearest};
use sekisho_model::catalog::Term;
use sekisho_model::exit;
use sekisho_model::plan::Reader;
use sekisho_report::terminal;

use crate::cli::{Global, PlanArgs};
use crate::printer::Printer;
use crate::{inputs, messages, output};

pub(crate) fn run(args: &PlanArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let mut reader = Reader {
        roles: args.roles.clone(),
        industries: args.industries.clone(),
        markets: args.markets.clone(),
        phases: args.phases.clone(),
        languages: args.languages.clone(),
        read: args.read.clone(),
        with: args.with.clone(),
        without: args.without.clone(),
        pages: args.pages,
    };
    check(&reader, &catalog)?;
    let mut traits = Vec::new();
    if let Some(file) = &args.product {
        let Ok(mut product) = inputs::product(file, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
        // What stands on the command line counts, for the traits that follow from it too.
        let pairs = [
            (&mut reader.roles, &mut product.roles),
            (&mut reader.industries, &mut product.industries),
            (&mut reader.markets, &mut product.markets),
        ];
        for (ours, theirs) in pairs {
            if ours.is_empty() {
                ours.clone_from(theirs);
            } else {
                theirs.clone_from(ours);
            }
        }
        traits = sekisho_assess::traits(&product, &[]);
        if args.html.as_ref().is_some_and(|html| html.canonicalize().ok() == file.canonicalize().ok()) {
            bail!("{} is the product file and is not written over", file.display());
        }
    }
    let plan = sekisho_plan::plan(&catalog, &reader, &traits).map_err(|unknown| inputs::unknown(&unknown))?;
    if let Some(file) = &args.html {
        output::write(file, &sekisho_report::html::plan(&plan, &catalog, printer.lang)?)?;
        printer.note(&messages::written(&file.display().to_string()));
    }
    if args.json {
        printer.data(&(serde_json::to_string_pretty(&plan)? + "\n"))?;
    } else {
        printer.data(&terminal::plan(&plan, &catalog, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

/// Refuses words that the catalog does not have. Documents are looked up when the plan is made.
fn check(reader: &Reader, catalog: &Catalog) -> Result<(), Problem> {
    let words = catalog.vocabulary();
    let lists = [
        ("role", &reader.roles, &words.roles),
        ("industry", &reader.industries, &words.industries),
        ("market", &reader.markets, &words.markets),
        ("phase", &reader.phases, &words.phases),
    ];
    for (what, given, terms) in lists {
        known(what, given, &terms.iter().map(|term: &Term| term.id.as_str()).collect::<Vec<_>>())?;
    }
    if !reader.languages.is_empty() {
        let mut tags: Vec<&str> = catalog.documents().flat_map(|d| &d.languages).map(String::as_str).collect();
        tags.sort_unstable();
        tags.dedup();
        known("language", &reader.languages, &tags)?;
    }
    Ok(())
}

fn known(what: &str, given: &[String], known: &[&str]) -> Result<(), Problem> {
    let Some(word) = given.iter().find(|word| !known.contains(&word.as_str())) else { return Ok(()) };
    let near = nearest(word, known.iter().copied());
    let hint = if near.is_empty() {
        format!("known are {}", known.join(", "))
    } else {
        format!("did you mean '{}'?", near.join("' or '"))
    };
    Err(Problem::error("unknown-id", format!("unknown {what} '{word}'")).hint(hint))
}

//! `sekisho catalog suggest`: proposes objectives for controls that have no mapping yet.

use std::fs;
use std::path::Path;

use anyhow::Context;
use sekisho_catalog::{Catalog, UnknownName, read_document};
use sekisho_diag::Sources;
use sekisho_model::catalog::{Control, Document};
use sekisho_model::exit;
use sekisho_report::terminal::{self, Proposal};
use sekisho_search::{Languages, Suggester, Weights, unmapped};
use serde_json::{Value, json};

use crate::cli::{Global, SuggestArgs};
use crate::inputs::{self, Refused};
use crate::messages;
use crate::printer::Printer;

/// Name and version of the JSON form; see docs/guide.md.
const FORMAT: &str = "sekisho-suggest/1";

pub(crate) fn run(args: &SuggestArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::unfinished_catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let read;
    let document = match catalog.document(&args.document) {
        Ok(document) => document,
        Err(unknown) => match file(&args.document, &unknown, printer)? {
            Ok(document) => {
                read = document;
                &read
            }
            Err(Refused) => return Ok(exit::BAD_INPUT),
        },
    };
    let index = sekisho_builtin::index(&catalog);
    let suggester = Suggester::new(&catalog, &index, Weights::default());
    // Where proposals are compared with mappings that stand, these must not speak for themselves.
    let without = args.all.then_some(document.id.as_str());
    let propose = |control| Proposal {
        control,
        suggestions: suggester.suggest(document, control, Languages::Both, without, args.limit),
    };
    let proposals: Vec<Proposal<'_>> = if args.all {
        document.controls.iter().map(propose).collect()
    } else {
        unmapped(document).map(propose).collect()
    };
    if args.json {
        let value = data(document, &proposals, &catalog);
        printer.data(&(serde_json::to_string_pretty(&value)? + "\n"))?;
        return Ok(exit::OK);
    }
    if proposals.is_empty() {
        printer.note(&messages::nothing_to_map(&document.id));
        return Ok(exit::OK);
    }
    printer.data(&terminal::suggestions(document, &proposals, &catalog, printer.lang, printer.style()))?;
    printer.note(&messages::suggestions_are_proposals());
    Ok(exit::OK)
}

/// The document in the file `name`; where there is no such file, it was meant to be a name.
fn file(name: &str, unknown: &UnknownName, printer: &Printer) -> anyhow::Result<Result<Document, Refused>> {
    if !Path::new(name).is_file() {
        let mut problem = inputs::unknown(unknown);
        if problem.hint.is_none() {
            problem = problem.hint("there is no file of this name either; `sekisho documents` lists the documents");
        }
        return Err(problem.into());
    }
    let bytes = fs::read(name).with_context(|| format!("cannot read {name}"))?;
    let sources = Sources::from([(name.to_owned(), String::from_utf8_lossy(&bytes).into_owned())]);
    Ok(read_document(name, bytes).map_err(|problems| inputs::refuse(&problems, &sources, printer)))
}

fn data(document: &Document, proposals: &[Proposal<'_>], catalog: &Catalog) -> Value {
    json!({
        "format": FORMAT,
        "document": document.id,
        "controls": proposals.iter().map(|proposal| control(document, proposal, catalog)).collect::<Vec<_>>(),
    })
}

fn control(document: &Document, proposal: &Proposal<'_>, catalog: &Catalog) -> Value {
    let suggestions = proposal.suggestions.iter().map(|found| {
        let voters = found.voters.iter().map(|voter| {
            json!({ "control": voter.control, "relation": voter.relation, "likeness": rounded(voter.likeness) })
        });
        json!({
            "objective": found.objective,
            "title": catalog.objective(&found.objective).map(|objective| &objective.title),
            "score": rounded(found.score),
            "like": voters.collect::<Vec<_>>(),
        })
    });
    let Control { id, title, mappings, .. } = proposal.control;
    json!({
        "id": format!("{}:{id}", document.id),
        "title": title,
        "mapped": mappings.iter().map(|mapping| &mapping.objective).collect::<Vec<_>>(),
        "suggestions": suggestions.collect::<Vec<_>>(),
    })
}

/// Three digits are enough to compare.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1000.0).round() / 1000.0
}

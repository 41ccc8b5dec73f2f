//! `sekisho documents`: the documents of the catalog, all or by facets.

use sekisho_catalog::Catalog;
use sekisho_catalog::facets::{Facet, Wanted, counts};
use sekisho_diag::{Problem, nearest};
use sekisho_model::catalog::Document;
use sekisho_model::exit;
use sekisho_report::{html, terminal};
use serde_json::{Map, Value, json};

use crate::cli::{DocumentsArgs, Global};
use crate::printer::Printer;
use crate::{inputs, messages, output};

pub(crate) fn run(args: &DocumentsArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let wanted = wanted(args, &catalog)?;
    let documents: Vec<&Document> = catalog.documents().filter(|document| wanted.fits(document)).collect();
    if let Some(file) = &args.html {
        output::write(file, &html::lineage(&documents, &catalog, printer.lang)?)?;
        printer.note(&messages::written(&file.display().to_string()));
    }
    let (lang, style) = (printer.lang, printer.style());
    match (args.json, args.facets) {
        (true, false) => printer.json(&documents)?,
        (true, true) => printer.json(&facets_as_json(&documents))?,
        (false, true) => {
            printer.data(&terminal::facets(&counts(&documents), &catalog, lang, style))?;
        }
        (false, false) => printer.data(&terminal::documents(&documents, lang, style))?,
    }
    Ok(exit::OK)
}

fn wanted(args: &DocumentsArgs, catalog: &Catalog) -> Result<Wanted, Problem> {
    let mut wanted = Wanted::default();
    for facet in Facet::ALL {
        let words = match facet {
            Facet::Role => &args.role,
            Facet::Industry => &args.industry,
            Facet::Layer => &args.layer,
            Facet::Phase => &args.phase,
            Facet::Kind => &args.kind,
            Facet::Detail => &args.detail,
            Facet::Binding => &args.binding,
            Facet::Market => &args.market,
            Facet::Status => &args.status,
            Facet::Publisher => &args.publisher,
        };
        if words.is_empty() {
            continue;
        }
        let known = facet.words(catalog.vocabulary(), catalog.documents());
        if let Some(unknown) = words.iter().find(|word| !known.iter().any(|k| k.eq_ignore_ascii_case(word))) {
            let near = nearest(unknown, known.iter().map(String::as_str));
            let hint = if near.is_empty() {
                format!("known are {}", known.join(", "))
            } else {
                format!("did you mean {}?", near.join(" or "))
            };
            return Err(Problem::error("unknown-id", format!("no {} '{unknown}'", facet.name())).hint(hint));
        }
        wanted.add(facet, words);
    }
    Ok(wanted)
}

fn facets_as_json(documents: &[&Document]) -> Value {
    let facets: Map<String, Value> = counts(documents)
        .into_iter()
        .map(|(facet, words)| {
            let words: Map<String, Value> = words.into_iter().map(|(word, count)| (word, json!(count))).collect();
            (facet.name().to_owned(), Value::Object(words))
        })
        .collect();
    Value::Object(facets)
}

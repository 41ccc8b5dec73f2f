//! `sekisho search`: finds things in the catalog by words of either language, or by name.

use sekisho_model::{Lang, exit};
use sekisho_report::terminal;
use sekisho_search::{Found, Hit, Query, Search};
use serde_json::{Value, json};

use crate::cli::{Global, SearchArgs};
use crate::inputs;
use crate::printer::Printer;

/// Name and version of the JSON form; see docs/guide.md.
const FORMAT: &str = "sekisho-search/1";

pub(crate) fn run(args: &SearchArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let document = match &args.document {
        Some(name) => Some(catalog.document(name).map_err(|unknown| inputs::unknown(&unknown))?.id.clone()),
        None => None,
    };
    let index = sekisho_builtin::index(&catalog);
    let text = args.query.join(" ");
    let query = Query { text, kind: args.kind.map(Into::into), document, limit: args.limit };
    let found = Search::new(&catalog, &index).find(&query);
    if args.json {
        printer.data(&(serde_json::to_string_pretty(&data(&query, &found))? + "\n"))?;
    } else {
        printer.data(&terminal::search_results(&found, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

fn data(query: &Query, found: &Found) -> Value {
    json!({
        "format": FORMAT,
        "query": query.text,
        "terms": found.terms,
        "unknown": found.unknown,
        "total": found.total,
        "hits": found.hits.iter().map(hit).collect::<Vec<_>>(),
    })
}

fn hit(hit: &Hit) -> Value {
    // Everybody's last digits of a sum may differ; three are enough to compare.
    let score = (f64::from(hit.score) * 1000.0).round() / 1000.0;
    json!({
        "kind": hit.kind,
        "id": hit.id,
        "name": hit.name,
        "document": hit.document,
        "section": hit.section,
        "pages": hit.pages,
        "title": hit.title,
        "excerpt": { "en": hit.excerpt(Lang::En).text, "ja": hit.excerpt(Lang::Ja).text },
        "score": score,
        "exact": hit.exact,
    })
}

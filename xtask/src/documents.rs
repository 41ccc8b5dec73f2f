//! `docs/documents.md` and `docs/documents.ja.md`: what of each document stands in the catalog.

use std::fmt::Write as _;

use sekisho_catalog::Catalog;
use sekisho_model::Lang;
use sekisho_model::catalog::{Basis, Document, Term};

/// The page in one language.
pub(crate) fn page(catalog: &Catalog, lang: Lang) -> String {
    let mut out = String::new();
    let ja = lang == Lang::Ja;
    out += if ja {
        "# 収録文書\n\n[English](documents.md)\n\nこのページは`cargo xtask generate`がカタログから生成する。\n\n"
    } else {
        "# The documents\n\n[日本語](documents.ja.md)\n\nThis page is made from the catalog by `cargo xtask generate`.\n\n"
    };
    out += if ja {
        "各文書の項目（求めること）と概念（説明していること）の数、およびその要約が何に基づくか。\n**原典**：原典またはその忠実な写し・翻訳を読んだもの。**ハンドブック**：JNSAハンドブックの要約によるもの。**未検証**：まだ照合していないもの（利用者にもそう表示する）。\n\n"
    } else {
        "How many controls (what it asks) and concepts (what it explains) of each document stand in the catalog, and on what the\nparaphrases rest. **Source**: the original, or a faithful copy or translation, was read. **Handbook**: from the JNSA\nhandbook's summary. **Unverified**: not yet checked, and shown as such to users.\n\n"
    };
    out += if ja {
        "| 名称 | 文書 | 発行 | 状態 | 項目 | 概念 | 原典 | ハンドブック | 未検証 |\n| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    } else {
        "| name | document | published | status | controls | concepts | source | handbook | unverified |\n| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    };
    let mut total = Counts::default();
    for document in catalog.documents() {
        let counts = Counts::of(document);
        total.add(&counts);
        let status = label(&catalog.vocabulary().statuses, &document.status, lang);
        let name = document.aliases.first().unwrap_or(&document.id);
        let title = document.title.get(lang).replace('|', "\\|");
        let _ = writeln!(out, "| {name} | {title} | {} | {status} | {} |", document.published, counts.cells());
    }
    let _ = writeln!(out, "| | {} | | | {} |", if ja { "計" } else { "all" }, total.cells());
    out += if ja { "\n## 後継\n\n" } else { "\n## What they became\n\n" };
    for document in catalog.documents().filter(|document| !document.successors.is_empty()) {
        let name = document.aliases.first().unwrap_or(&document.id);
        let successors: Vec<String> = document
            .successors
            .iter()
            .map(|s| s.published.as_ref().map_or_else(|| s.title.clone(), |day| format!("{} ({day})", s.title)))
            .collect();
        let _ = writeln!(out, "- {name}: {}", successors.join("; "));
    }
    out += if ja {
        "\n## 目標\n\n| 領域 | 目標 | 項目 |\n| --- | ---: | ---: |\n"
    } else {
        "\n## The hub\n\n| area | objectives | controls that map to them |\n| --- | ---: | ---: |\n"
    };
    for area in catalog.areas() {
        let ids: Vec<&str> = area.objectives.iter().map(|objective| objective.id.as_str()).collect();
        let controls = catalog
            .documents()
            .flat_map(|document| &document.controls)
            .filter(|control| control.mappings.iter().any(|m| ids.contains(&m.objective.as_str())))
            .count();
        let _ = writeln!(out, "| {} | {} | {controls} |", area.title.get(lang), ids.len());
    }
    out
}

#[derive(Default)]
struct Counts {
    controls: usize,
    concepts: usize,
    source: usize,
    handbook: usize,
    unverified: usize,
}

impl Counts {
    fn of(document: &Document) -> Self {
        let mut counts =
            Self { controls: document.controls.len(), concepts: document.concepts.len(), ..Self::default() };
        let controls = document.controls.iter().map(|control| control.provenance.basis);
        let concepts = document.concepts.iter().map(|concept| concept.provenance.basis);
        for basis in controls.chain(concepts) {
            match basis {
                Basis::Source => counts.source += 1,
                Basis::Handbook => counts.handbook += 1,
                Basis::Unverified => counts.unverified += 1,
            }
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        self.controls += other.controls;
        self.concepts += other.concepts;
        self.source += other.source;
        self.handbook += other.handbook;
        self.unverified += other.unverified;
    }

    fn cells(&self) -> String {
        let Self { controls, concepts, source, handbook, unverified } = self;
        format!("{controls} | {concepts} | {source} | {handbook} | {unverified}")
    }
}

/// The label of an enumeration's value.
fn label(terms: &[Term], value: &impl serde::Serialize, lang: Lang) -> String {
    let word = serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    terms.iter().find(|term| term.id == word).map_or(word, |term| term.label.get(lang).to_owned())
}

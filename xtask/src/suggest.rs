//! `cargo xtask suggest`: how good the proposals of `catalog suggest` are, each document left out in turn.
//!
//! For every mapped control of a document objectives are proposed as if the document had not been mapped: its controls have no vote. The
//! proposals are compared with the mappings that people made. Better run in a release build: `cargo run --release -p xtask -- suggest`.

use std::path::Path;

use anyhow::{Context, bail};
use sekisho_catalog::{Catalog, Parts, compile, digest_of, lint, read_folder};
use sekisho_diag::Severity;
use sekisho_search::{Index, Languages, Suggester, Weights};

/// The catalog's folder.
const CATALOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog");

/// What came out for some controls.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    controls: usize,
    mappings: usize,
    /// Controls whose first proposal is right.
    first: usize,
    /// Controls with a right one among the first five.
    five: usize,
    /// Mappings that are the first proposal.
    recalled_first: usize,
    /// Mappings among the first five.
    recalled_five: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.controls += other.controls;
        self.mappings += other.mappings;
        self.first += other.first;
        self.five += other.five;
        self.recalled_first += other.recalled_first;
        self.recalled_five += other.recalled_five;
    }

    fn row(self, name: &str) -> String {
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        format!(
            "| {name:<34} | {:>8} | {:>8} | {:>6.1} | {:>6.1} | {:>8.1} | {:>8.1} |",
            self.controls,
            self.mappings,
            share(self.first, self.controls),
            share(self.five, self.controls),
            share(self.recalled_first, self.mappings),
            share(self.recalled_five, self.mappings),
        )
    }
}

/// Prints the table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn measure() -> anyhow::Result<()> {
    let catalog = catalog()?;
    let index = Index::build(&catalog);
    let suggester = Suggester::new(&catalog, &index, Weights::default());
    println!(
        "Share in per cent. hit: controls with a right objective among the first 1 or 5; recall: mappings found there.\n"
    );
    println!("| document left out                  | controls | mappings |  hit@1 |  hit@5 | recall@1 | recall@5 |");
    println!("| ---------------------------------- | -------: | -------: | -----: | -----: | -------: | -------: |");
    let mut both = Score::default();
    for document in catalog.documents() {
        let score = of_document(&suggester, document, Languages::Both);
        if score.controls > 0 {
            println!("{}", score.row(&document.id));
        }
        both.add(score);
    }
    println!("{}", both.row("all"));
    let all = |suggester: &Suggester<'_>, languages| {
        let mut sum = Score::default();
        catalog.documents().for_each(|document| sum.add(of_document(suggester, document, languages)));
        sum
    };
    println!("{}", all(&suggester, Languages::English).row("all, read in English only"));
    println!("{}", all(&suggester, Languages::Japanese).row("all, read in Japanese only"));
    for (name, own_texts) in [("all, objectives' own texts alone", 1.0), ("all, votes alone", 0.0)] {
        let suggester = Suggester::new(&catalog, &index, Weights { own_texts, ..Weights::default() });
        println!("{}", all(&suggester, Languages::Both).row(name));
    }
    Ok(())
}

fn of_document(suggester: &Suggester<'_>, document: &sekisho_model::catalog::Document, languages: Languages) -> Score {
    let mut score = Score::default();
    for control in document.controls.iter().filter(|control| !control.mappings.is_empty()) {
        let proposed = suggester.suggest(document, control, languages, Some(&document.id), 5);
        let right = |objective: &str| control.mappings.iter().any(|mapping| mapping.objective == objective);
        let found = proposed.iter().filter(|proposal| right(&proposal.objective)).count();
        let first = proposed.first().is_some_and(|proposal| right(&proposal.objective));
        score.add(Score {
            controls: 1,
            mappings: control.mappings.len(),
            first: usize::from(first),
            five: usize::from(found > 0),
            recalled_first: usize::from(first),
            recalled_five: found,
        });
    }
    score
}

/// The catalog of this repository, as it lies there.
fn catalog() -> anyhow::Result<Catalog> {
    let (sources, mut problems) = read_folder(Path::new(CATALOG));
    let (parts, found) = Parts::read(&sources);
    problems.extend(found);
    problems.extend(lint(&parts));
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        bail!("the catalog has mistakes; `sekisho catalog lint catalog` names them");
    }
    let bytes = compile(&parts);
    Catalog::open(&bytes, &digest_of(&bytes)).context("the catalog that was just compiled")
}

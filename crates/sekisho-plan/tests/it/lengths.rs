//! How good the estimate of a document's length is: each document whose length is known, estimated from the others.

use sekisho_model::catalog::Document;
use sekisho_plan::chapters::{Density, Lengths};

#[test]
fn the_estimate_is_of_the_right_order() {
    let catalog = sekisho_builtin::catalog();
    let known: Vec<&Document> = catalog.documents().filter(|d| d.pages.is_some() && !d.controls.is_empty()).collect();
    let mut factors = Vec::new();
    for document in &known {
        let others = known.iter().copied().filter(|d| d.id != document.id);
        let estimate = Density::median(others).pages(document.controls.len());
        let pages = u64::from(document.pages.unwrap());
        println!(
            "{:<32} {:>4} controls {pages:>4} pages, estimated {estimate:>4}",
            document.id,
            document.controls.len()
        );
        let factor = estimate as f64 / pages as f64;
        factors.push(factor.max(1.0 / factor));
    }
    factors.sort_by(f64::total_cmp);
    let (median, worst) = (factors[factors.len() / 2], factors[factors.len() - 1]);
    println!("off by a factor of {median:.1} in the median, {worst:.1} at worst, over {} documents", known.len());
    // The reports say: two in the median, ten at worst.
    assert!(median < 2.5 && worst < 13.0);
}

#[test]
fn every_document_has_a_length_and_holds_its_chapters() {
    let catalog = sekisho_builtin::catalog();
    let density = Density::of(&catalog);
    for document in catalog.documents() {
        let lengths = Lengths::of(document, density);
        assert_eq!(lengths.chapters.len(), document.contents.len());
        assert!(lengths.whole.count() > 0 && lengths.estimated <= lengths.whole.count());
        assert!(
            lengths.chapters.iter().all(|c| c.pages.count() > 0 && lengths.whole.holds(&c.pages)),
            "{}",
            document.id
        );
        println!("{:<32} {:>4} pages, {:>4} of them estimated", document.id, lengths.whole.count(), lengths.estimated);
    }
}

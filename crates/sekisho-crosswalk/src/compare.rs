//! Two documents side by side.

use sekisho_model::crosswalk::Comparison;

use crate::links::Links;

/// Which objectives both ask for, and which only one of them (ids of documents that `links` has).
pub fn compare(links: &Links<'_>, a: &str, b: &str) -> Comparison {
    let (of_a, of_b) = (links.controls_of(a), links.controls_of(b));
    let mut comparison =
        Comparison { a: a.to_owned(), b: b.to_owned(), both: Vec::new(), only_a: Vec::new(), only_b: Vec::new() };
    for (objective, linked) in links.objectives.iter().zip(&links.linked) {
        let asks = |controls: &std::ops::Range<usize>| linked.iter().any(|(number, _)| controls.contains(number));
        let list = match (asks(&of_a), asks(&of_b)) {
            (true, true) => &mut comparison.both,
            (true, false) => &mut comparison.only_a,
            (false, true) => &mut comparison.only_b,
            (false, false) => continue,
        };
        list.push((*objective).to_owned());
    }
    comparison
}

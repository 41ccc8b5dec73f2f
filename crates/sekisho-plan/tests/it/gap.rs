//! How near the greedy plan comes to the fewest pages there can be, on the built-in catalog.

use sekisho_plan::candidates;
use sekisho_plan::cover::{Item, choose, cost};

use crate::exact::least;
use crate::personas::personas;

fn harmonic(n: usize) -> f64 {
    (1..=n).map(|k| 1.0 / k as f64).sum()
}

/// Everything that is free in one stage, as if it did not matter whether something binds or is out of date.
fn without_order(items: &[Item]) -> Vec<Item> {
    let late = |item: &Item| Item { stage: if item.forced { item.stage } else { 9 }, ..item.clone() };
    items.iter().map(late).collect()
}

#[test]
fn the_plan_is_near_the_best_there_is() {
    let catalog = sekisho_builtin::catalog();
    println!(
        "{:<30} {:>8} {:>6} {:>6} {:>7} {:>6}   {}",
        "reader", "readings", "plan", "least", "gap", "bound", "least without order"
    );
    for (name, reader) in personas() {
        let found = candidates(&catalog, &reader, &[]).unwrap();
        let plan = cost(&found.items, &choose(&found.items, &found.before, None));
        let best = least(&found.items, &found.before);
        let forced: Vec<usize> = (0..found.items.len()).filter(|&i| found.items[i].forced).collect();
        let largest = found.items.iter().map(|item| item.elements.count()).max().unwrap_or(0);
        let free = least(&without_order(&found.items), &found.before);
        let gap = plan as f64 / best as f64 - 1.0;
        println!(
            "{name:<30} {:>8} {plan:>6} {best:>6} {:>6.1}% {:>6.2}   {free}",
            found.items.len(),
            gap * 100.0,
            harmonic(largest)
        );
        assert!(best <= plan, "{name}: nothing is better than the best");
        assert!(free <= best, "{name}: order costs pages, it saves none");
        let obliged = cost(&found.items, &forced);
        assert!((plan - obliged) as f64 <= harmonic(largest) * (best - obliged) as f64, "{name}: within H(n)");
        assert!(gap <= 0.10, "{name}: {plan} pages instead of {best}");
    }
}

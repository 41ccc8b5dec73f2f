//! The fewest pages there can be, by integer programming.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem};
use sekisho_plan::Pages;
use sekisho_plan::cover::{Elements, Item, cost};

/// The least cost of covering everything, stage by stage as `choose` does.
pub(crate) fn least(items: &[Item], before: &Elements) -> u64 {
    let mut covered = before.clone();
    let mut spent = 0;
    for stage in 0..=items.iter().map(|item| item.stage).max().unwrap_or(0) {
        let of_stage: Vec<usize> = (0..items.len()).filter(|&i| items[i].stage == stage).collect();
        let forced: Vec<usize> = of_stage.iter().copied().filter(|&i| items[i].forced).collect();
        spent += cost(items, &forced);
        for &i in &forced {
            covered.extend(&items[i].elements);
        }
        let free: Vec<&Item> = of_stage.iter().map(|&i| &items[i]).filter(|item| !item.forced).collect();
        spent += stage_optimum(&free, &covered);
        for item in free {
            covered.extend(&item.elements);
        }
    }
    spent
}

/// The least cost of covering all that `items` add to `covered`.
fn stage_optimum(items: &[&Item], covered: &Elements) -> u64 {
    let mut needed: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        for element in item.elements.iter().filter(|&element| !covered.has(element)) {
            needed.entry(element).or_default().push(i);
        }
    }
    // One row that is part of another says it already.
    let rows: BTreeSet<Vec<usize>> = needed.into_values().collect();
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let pieces = pieces(items);
    let own = |i: usize| pieces.get(&vec![i]).copied().unwrap_or(0);
    let chosen: Vec<_> = (0..items.len()).map(|i| problem.add_binary_var(own(i) as f64)).collect();
    for (sharers, pages) in pieces.iter().filter(|(sharers, _)| sharers.len() > 1) {
        // Pages that several chapters share are read as soon as one of them is.
        let read = problem.add_var(*pages as f64, (0.0, 1.0));
        for &i in sharers {
            problem.add_constraint([(read, 1.0), (chosen[i], -1.0)], ComparisonOp::Ge, 0.0);
        }
    }
    for row in &rows {
        let terms: Vec<_> = row.iter().map(|&i| (chosen[i], 1.0)).collect();
        problem.add_constraint(&terms, ComparisonOp::Ge, 1.0);
    }
    let solution = problem.solve().unwrap().into_solution().unwrap();
    let objective = solution.objective().round();
    assert!((solution.objective() - objective).abs() < 1e-4, "{}", solution.objective());
    // The solver's word is not taken for it: its choice is counted again.
    let picked: Vec<&Item> =
        items.iter().zip(&chosen).filter(|(_, v)| solution.var_value(**v) > 0.5).map(|(item, _)| *item).collect();
    let all: Elements = picked.iter().fold(covered.clone(), |mut all, item| {
        all.extend(&item.elements);
        all
    });
    assert!(items.iter().all(|item| item.elements.count_beyond(&all) == 0), "the solution covers everything");
    let picked: Vec<Item> = picked.into_iter().cloned().collect();
    let counted = cost(&picked, &(0..picked.len()).collect::<Vec<_>>());
    assert!((counted as f64 - objective).abs() < 0.5, "{counted} pages, not {objective}");
    counted
}

/// The pages of all items in pieces, each with the items that share it.
fn pieces(items: &[&Item]) -> BTreeMap<Vec<usize>, u64> {
    let mut pieces: Vec<(usize, Pages, Vec<usize>)> = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let mut rest = item.pages.clone();
        let mut next = Vec::new();
        for (group, pages, sharers) in pieces {
            let outside = pages.minus(&item.pages);
            let inside = pages.minus(&outside);
            if group != item.group || inside.is_empty() {
                next.push((group, pages, sharers));
                continue;
            }
            rest = rest.minus(&inside);
            if !outside.is_empty() {
                next.push((group, outside, sharers.clone()));
            }
            let mut with = sharers;
            with.push(i);
            next.push((group, inside, with));
        }
        if !rest.is_empty() {
            next.push((item.group, rest, vec![i]));
        }
        pieces = next;
    }
    let mut by_sharers: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for (_, pages, sharers) in pieces {
        *by_sharers.entry(sharers).or_default() += pages.count();
    }
    by_sharers
}

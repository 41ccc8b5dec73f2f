//! What always holds, on generated problems and for generated readers.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::subsequence;
use sekisho_catalog::Catalog;
use sekisho_model::catalog::Term;
use sekisho_model::plan::{Reader, Uncovering, Why};
use sekisho_plan::cover::{Elements, Item, choose, cost};
use sekisho_plan::{Pages, plan};

use crate::exact::least;

static CATALOG: LazyLock<Catalog> = LazyLock::new(sekisho_builtin::catalog);

fn item() -> impl Strategy<Value = Item> {
    (0usize..3, 0u64..20, 1u64..9, prop::collection::btree_set(0usize..24, 0..7), any::<bool>()).prop_map(
        |(stage, first, length, elements, shared)| Item {
            stage,
            forced: stage == 0,
            // Chapters share pages only within their document, and a document has one stage.
            group: stage * 2 + usize::from(shared),
            pages: Pages::range(first, first + length - 1),
            elements: elements.into_iter().collect(),
        },
    )
}

fn covered(items: &[Item], chosen: &[usize], before: &Elements) -> Elements {
    chosen.iter().fold(before.clone(), |mut all, &i| {
        all.extend(&items[i].elements);
        all
    })
}

proptest! {
    #[test]
    fn choosing(items in prop::collection::vec(item(), 0..24), before in prop::collection::btree_set(0usize..24, 0..5), limit in 0u64..80) {
        let before: Elements = before.into_iter().collect();
        let all = covered(&items, &(0..items.len()).collect::<Vec<_>>(), &before);

        // Without a limit everything is covered, and nothing is there for nothing.
        let free = choose(&items, &before, None);
        prop_assert_eq!(covered(&items, &free, &before), all);
        prop_assert!((0..items.len()).all(|i| !items[i].forced || free.contains(&i)));
        for &i in free.iter().filter(|&&i| !items[i].forced) {
            let others: Vec<usize> = free.iter().copied().filter(|&j| j != i && items[j].stage <= items[i].stage).collect();
            prop_assert!(items[i].elements.count_beyond(&covered(&items, &others, &before)) > 0);
        }
        prop_assert!(least(&items, &before) <= cost(&items, &free));

        // With one it is kept, and the cover is never more than without.
        let limited = choose(&items, &before, Some(limit));
        prop_assert!(cost(&items, &limited) <= limit);
        let reached = covered(&items, &limited, &before);
        prop_assert!(reached.count_beyond(&covered(&items, &free, &before)) == 0);
        for i in (0..items.len()).filter(|i| !limited.contains(i)) {
            let with: Vec<usize> = limited.iter().copied().chain([i]).collect();
            let nothing_new = items[i].elements.count_beyond(&reached) == 0;
            prop_assert!(nothing_new && !items[i].forced || cost(&items, &with) > limit, "what still fits is taken");
        }
        prop_assert_eq!(choose(&items, &before, Some(cost(&items, &free).max(10_000))), free, "a limit that does not bind changes nothing");
    }
}

fn some(terms: &[Term]) -> impl Strategy<Value = Vec<String>> + use<> {
    let ids: Vec<String> = terms.iter().map(|t| t.id.clone()).collect();
    subsequence(ids, 0..3)
}

fn reader() -> impl Strategy<Value = Reader> {
    let words = CATALOG.vocabulary();
    let documents: Vec<String> = CATALOG.documents().map(|d| d.id.clone()).collect();
    let languages = subsequence(vec!["en".to_owned(), "ja".to_owned(), "de".to_owned()], 0..3);
    let named =
        (subsequence(documents.clone(), 0..4), subsequence(documents.clone(), 0..2), subsequence(documents, 0..2));
    (some(&words.roles), some(&words.industries), some(&words.markets), some(&words.phases), languages, named).prop_map(
        |(roles, industries, markets, phases, languages, (read, with, without))| Reader {
            roles,
            industries,
            markets,
            phases,
            languages,
            read,
            with,
            without,
            pages: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn planning(reader in reader(), limit in 0u64..300) {
        let free = plan(&CATALOG, &reader, &[]).unwrap();
        let limited = plan(&CATALOG, &Reader { pages: Some(limit), ..reader.clone() }, &[]).unwrap();

        prop_assert!(limited.pages.plan <= limit);
        prop_assert!(limited.coverage.covered <= free.coverage.covered);
        prop_assert_eq!(free.coverage.covered, free.coverage.possible);
        prop_assert!(free.over_budget.is_empty());
        prop_assert!(free.uncovered.iter().all(|u| u.because != Uncovering::Pages));
        for plan in [&free, &limited] {
            prop_assert_eq!(plan.steps.iter().map(|step| step.pages).sum::<u64>(), plan.pages.plan);
            prop_assert!(plan.pages.plan <= plan.pages.all, "{:?}", plan.pages);
            prop_assert!(plan.pages.plan_estimated <= plan.pages.plan && plan.pages.all_estimated <= plan.pages.all);
            prop_assert_eq!(plan.coverage.covered + plan.uncovered.len(), plan.coverage.apply);
            let last = plan.steps.last().map_or(plan.coverage.before, |step| step.after.covered);
            prop_assert_eq!(last, plan.coverage.covered);
            prop_assert!(plan.steps.is_sorted_by_key(|step| step.why));
            for step in &plan.steps {
                prop_assert!(!reader.read.contains(&step.document) && step.pages > 0);
                prop_assert!(step.why <= Why::Asked || step.chapters.iter().all(|chapter| !chapter.adds.is_empty()));
            }
            prop_assert!(!plan.left_out.iter().any(|left| plan.steps.iter().any(|step| step.document == left.id)));
        }
    }
}

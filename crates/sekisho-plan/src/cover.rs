//! The bare problem: weighted set cover in stages, where items of one group share what they cost.
//!
//! Items are chapters, elements are what they say of objectives, costs are pages. Stages are gone through in order, and each covers what its items
//! can add with as few further pages as the greedy rule finds: always the item that adds the most elements per further page (Chvátal 1979), then
//! every item is dropped again that the others make superfluous, the most costly first. Without shared pages the greedy rule needs at most H(n)
//! times the pages of the best choice for each stage, where n is the number of elements that the largest item adds and H(n) = 1 + 1/2 + … + 1/n; how near
//! it comes on the real catalog is shown by `tests/gap.rs`.
//!
//! A limit on the pages is never gone beyond. With one the same rule is followed among the items that still fit, which is not always the most that
//! could be had for the pages.

use std::cmp::Reverse;

use crate::pages::Pages;

/// A set of elements, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elements(Vec<u64>);

impl Elements {
    /// Adds an element. Returns whether it is new.
    pub fn insert(&mut self, element: usize) -> bool {
        let (word, bit) = (element / 64, 1 << (element % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    /// Whether the element is among them.
    pub fn has(&self, element: usize) -> bool {
        self.0.get(element / 64).is_some_and(|word| word >> (element % 64) & 1 == 1)
    }

    /// Adds all elements of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many of them are not in another set.
    pub fn count_beyond(&self, other: &Self) -> usize {
        let theirs = other.0.iter().copied().chain(std::iter::repeat(0));
        self.0.iter().zip(theirs).map(|(mine, theirs)| (mine & !theirs).count_ones() as usize).sum()
    }

    /// The elements, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|&element| self.has(element))
    }
}

impl FromIterator<usize> for Elements {
    fn from_iter<I: IntoIterator<Item = usize>>(elements: I) -> Self {
        let mut set = Self::default();
        for element in elements {
            set.insert(element);
        }
        set
    }
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The stage in which it can be chosen.
    pub stage: usize,
    /// Whether it is chosen in any case, as far as the limit lets it be. Of a stage all items should be or none.
    pub forced: bool,
    /// Items of the same group share pages. All of them are of the same stage.
    pub group: usize,
    /// What it costs.
    pub pages: Pages,
    /// What it covers.
    pub elements: Elements,
}

/// Chooses from `items`, given what is covered `before` and how many pages there may be in all. The result is in the order in which they were
/// chosen; what a later stage adds does not take away what an earlier one chose.
pub fn choose(items: &[Item], before: &Elements, limit: Option<u64>) -> Vec<usize> {
    let stages = items.iter().map(|item| item.stage + 1).max().unwrap_or(0);
    let mut state = State::new(items, before, limit);
    for stage in 0..stages {
        state.force(stage);
        let fixed = state.chosen.len();
        // What dropping frees may have room for more. Each round covers more than the one before it, so there is a last one.
        while state.fill(stage) {
            state.prune(fixed);
            if limit.is_none() {
                break;
            }
        }
    }
    state.chosen
}

/// How many pages some of `items` have together.
pub fn cost(items: &[Item], chosen: &[usize]) -> u64 {
    let groups = items.iter().map(|item| item.group + 1).max().unwrap_or(0);
    let mut read = vec![Pages::default(); groups];
    for &i in chosen {
        read[items[i].group] = read[items[i].group].union(&items[i].pages);
    }
    read.iter().map(Pages::count).sum()
}

struct State<'a> {
    items: &'a [Item],
    before: &'a Elements,
    limit: Option<u64>,
    chosen: Vec<usize>,
    covered: Elements,
    /// Pages by group.
    read: Vec<Pages>,
    spent: u64,
}

impl<'a> State<'a> {
    fn new(items: &'a [Item], before: &'a Elements, limit: Option<u64>) -> Self {
        let groups = items.iter().map(|item| item.group + 1).max().unwrap_or(0);
        Self {
            items,
            before,
            limit,
            chosen: Vec::new(),
            covered: before.clone(),
            read: vec![Pages::default(); groups],
            spent: 0,
        }
    }

    fn further(&self, i: usize) -> u64 {
        self.items[i].pages.minus(&self.read[self.items[i].group]).count()
    }

    fn fits(&self, further: u64) -> bool {
        self.limit.is_none_or(|limit| further <= limit.saturating_sub(self.spent))
    }

    fn take(&mut self, i: usize) {
        let item = &self.items[i];
        self.spent += self.further(i);
        self.read[item.group] = self.read[item.group].union(&item.pages);
        self.covered.extend(&item.elements);
        self.chosen.push(i);
    }

    /// Takes what has to be taken, in the order given, as far as it fits.
    fn force(&mut self, stage: usize) {
        for i in 0..self.items.len() {
            if self.items[i].stage == stage && self.items[i].forced && self.fits(self.further(i)) {
                self.take(i);
            }
        }
    }

    /// Takes the best item of the stage again and again, until none adds anything or none fits. Returns whether it took any.
    fn fill(&mut self, stage: usize) -> bool {
        let mut took = false;
        loop {
            let offers = (0..self.items.len()).filter(|&i| self.items[i].stage == stage).filter_map(|i| {
                let (gain, further) = (self.items[i].elements.count_beyond(&self.covered), self.further(i));
                (gain > 0 && self.fits(further)).then_some((i, gain as u64, further))
            });
            // Gain per page, compared without dividing; of equals the one that adds more, then the one that stands first.
            let best = offers.max_by(|a, b| {
                let (left, right) = (u128::from(a.1) * u128::from(b.2), u128::from(b.1) * u128::from(a.2));
                left.cmp(&right).then(a.1.cmp(&b.1)).then(b.0.cmp(&a.0))
            });
            let Some((best, ..)) = best else { return took };
            self.take(best);
            took = true;
        }
    }

    /// Drops what was taken after the first `fixed` and adds nothing beside the others, the most costly first.
    fn prune(&mut self, fixed: usize) {
        let mut order = self.chosen[fixed..].to_vec();
        let alone = |i: &usize| self.items[*i].pages.count();
        order.sort_by_key(|i| (Reverse(alone(i)), Reverse(*i)));
        for candidate in order {
            let mut others = self.before.clone();
            for &i in self.chosen.iter().filter(|&&i| i != candidate) {
                others.extend(&self.items[i].elements);
            }
            if self.items[candidate].elements.count_beyond(&others) == 0 {
                self.chosen.retain(|&i| i != candidate);
            }
        }
        let chosen = std::mem::take(&mut self.chosen);
        *self = Self::new(self.items, self.before, self.limit);
        for i in chosen {
            self.take(i);
        }
    }
}

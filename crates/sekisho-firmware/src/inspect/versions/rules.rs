//! The rules as they are used: the literals of all of them for one search, each pattern compiled when it is first needed.

use std::sync::{LazyLock, OnceLock};

use regex::bytes::Regex;

use super::rule::{Place, Rule, Sign};

/// All rules, checked and embedded by the build script.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/components.json"));

/// The rules of `components/`.
pub(super) static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::new(serde_json::from_slice(EMBEDDED).unwrap_or_default()));

/// Rules, ready to be used.
#[derive(Debug)]
pub(super) struct Rules {
    components: Vec<Rule>,
    signs: Vec<Known>,
    literals: Vec<String>,
    /// For each literal the signs that have it, as indices.
    of_literal: Vec<Vec<usize>>,
    /// The signs by the file's name, as indices.
    of_name: Vec<usize>,
}

/// A sign among all signs.
#[derive(Debug)]
struct Known {
    rule: usize,
    sign: usize,
    /// Compiling all patterns takes longer than most images need.
    pattern: OnceLock<Option<Regex>>,
}

/// A sign with what belongs to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) rule: &'a Rule,
    pub(super) sign: &'a Sign,
    pub(super) place: Place<'a>,
    pub(super) pattern: &'a Regex,
}

impl Rules {
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        let mut all = Self {
            components: Vec::new(),
            signs: Vec::new(),
            literals: Vec::new(),
            of_literal: Vec::new(),
            of_name: Vec::new(),
        };
        let mut known = std::collections::HashMap::new();
        for (rule, of_rule) in rules.iter().enumerate() {
            for (sign, of_sign) in of_rule.signs.iter().enumerate() {
                let index = all.signs.len();
                all.signs.push(Known { rule, sign, pattern: OnceLock::new() });
                match &of_sign.literal {
                    None => all.of_name.push(index),
                    Some(literal) => {
                        let at = *known.entry(literal.clone()).or_insert_with(|| {
                            all.literals.push(literal.clone());
                            all.of_literal.push(Vec::new());
                            all.literals.len() - 1
                        });
                        all.of_literal[at].push(index);
                    }
                }
            }
        }
        all.components = rules;
        all
    }

    /// The literals to search for; a hit names its literal by the index in this list.
    pub(super) fn literals(&self) -> &[String] {
        &self.literals
    }

    /// The signs that have the literal with this index.
    pub(super) fn with_literal(&self, literal: usize) -> impl Iterator<Item = (usize, Entry<'_>)> {
        let signs = self.of_literal.get(literal).map(Vec::as_slice).unwrap_or_default();
        signs.iter().filter_map(|&index| Some((index, self.entry(index)?)))
    }

    /// The signs by the name of the file.
    pub(super) fn by_name(&self) -> impl Iterator<Item = (usize, Entry<'_>)> {
        self.of_name.iter().filter_map(|&index| Some((index, self.entry(index)?)))
    }

    /// Whether a sign with this literal is looked for in raw code.
    pub(super) fn is_raw(&self, literal: usize) -> bool {
        self.of_literal.get(literal).is_some_and(|signs| {
            signs.iter().filter_map(|&index| self.signs.get(index)).any(|known| {
                self.components.get(known.rule).and_then(|rule| rule.signs.get(known.sign)).is_some_and(|sign| sign.raw)
            })
        })
    }

    fn entry(&self, index: usize) -> Option<Entry<'_>> {
        let known = self.signs.get(index)?;
        let rule = self.components.get(known.rule)?;
        let sign = rule.signs.get(known.sign)?;
        let place = sign.place()?;
        let pattern = known.pattern.get_or_init(|| Regex::new(place.pattern()).ok()).as_ref()?;
        Some(Entry { rule, sign, place, pattern })
    }
}

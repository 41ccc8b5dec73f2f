//! One pass over bytes for every fixed text that inspectors search for: the literals of the rules of components and of tokens.
//!
//! What a hit means is decided by those who own the literal, which look at what stands around it.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::tokens::TOKENS;
use super::versions;

/// The literals that were found, in their order.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    /// Those of the rules of components.
    pub(crate) components: Vec<versions::Hit>,
    /// Those of [`TOKENS`], each with its rule.
    pub(crate) tokens: Vec<(usize, Range<usize>)>,
}

struct Automaton {
    search: AhoCorasick,
    /// How many of the patterns are of components; the others are of tokens.
    components: usize,
    /// The rule of each token's literal.
    rules: Vec<usize>,
}

static AUTOMATON: LazyLock<Option<Automaton>> = LazyLock::new(|| {
    let components = versions::literals().iter().map(String::as_str);
    let tokens = || TOKENS.iter().enumerate().flat_map(|(rule, token)| token.literals.iter().map(move |l| (rule, *l)));
    let patterns = components.chain(tokens().map(|(_, literal)| literal));
    Some(Automaton {
        search: AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).ok()?,
        components: versions::literals().len(),
        rules: tokens().map(|(rule, _)| rule).collect(),
    })
});

/// Hits of one literal of a component that are kept.
const MAX_HITS: u16 = 1000;
/// Hits of tokens' literals that are kept.
const MAX_TOKENS: usize = 20_000;

/// The literals in `bytes`.
pub(crate) fn find(bytes: &[u8]) -> Literals {
    let Some(automaton) = AUTOMATON.as_ref() else { return Literals::default() };
    let mut found = Literals::default();
    let mut hits = vec![0_u16; automaton.components];
    for hit in automaton.search.find_overlapping_iter(bytes) {
        let pattern = hit.pattern().as_usize();
        if let Some(hits) = hits.get_mut(pattern) {
            // A component's name is written as it is; of tokens the case may differ.
            let exact =
                versions::literals().get(pattern).is_some_and(|literal| bytes[hit.range()] == *literal.as_bytes());
            if exact && *hits < MAX_HITS {
                *hits += 1;
                found.components.push(versions::Hit { literal: pattern, at: hit.start() });
            }
        } else if let Some(&rule) = automaton.rules.get(pattern - automaton.components)
            && found.tokens.len() < MAX_TOKENS
        {
            found.tokens.push((rule, hit.range()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_by_their_case_and_tokens_in_any() {
        let literal = versions::literals().iter().position(|l| l.starts_with("BusyBox v")).unwrap();
        let found = find(b"BusyBox v1.30.1 (x)\0busybox v1.30.1\0AKIAQ3XZR2LKWM4BVT7P");
        assert!(found.components.contains(&versions::Hit { literal, at: 0 }));
        assert!(!found.components.contains(&versions::Hit { literal, at: 20 }));
        assert!(found.tokens.iter().any(|(rule, range)| TOKENS[*rule].kind == "aws-access-key" && range.start == 36));
    }

    #[test]
    fn hits_are_bounded() {
        let found = find("BusyBox v".repeat(5000).as_bytes());
        assert!(found.components.len() <= usize::from(MAX_HITS) * 3, "{}", found.components.len());
    }
}

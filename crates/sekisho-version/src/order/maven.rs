//! Maven's order.
//!
//! Source: <https://maven.apache.org/pom.html#version-order-specification>, as Maven's own `ComparableVersion` carries it out where the text
//! leaves it open.

use std::cmp::Ordering;

use super::digits;

/// The known qualifiers in their order; those before [`RELEASE`] stand for versions before the one that they follow.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
/// Where in [`QUALIFIERS`] the version without one stands.
const RELEASE: usize = 5;

/// A version is a list that may end in a list, which may end in a list …: every hyphen, and every change between digits and letters, opens one.
/// Nothing ever follows an inner list, so that the tokens in a row with a mark at each opening say all of it.
#[derive(Debug, Clone)]
pub(super) struct Version<'a>(Vec<Token<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    /// The place in [`QUALIFIERS`], past their end for others, and of others the word.
    Word(usize, &'a str),
    /// An inner list starts.
    Open,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        // Maven orders any text, also a property that nobody filled in (`${revision}`), a range or `unknown`; those name no version.
        if !text.contains(|c: char| c.is_ascii_digit())
            || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
        {
            return None;
        }
        let mut tokens = Vec::new();
        // Whether the current list holds nothing so far.
        let mut fresh = true;
        let mut rest = text;
        loop {
            let (piece, after) = rest.split_at(rest.find(['.', '-']).unwrap_or(rest.len()));
            push_piece(piece, &mut tokens, &mut fresh);
            let Some(separator) = after.chars().next() else { break };
            rest = after.get(1..).unwrap_or("");
            if separator == '-' {
                tokens.push(Token::Open);
                fresh = true;
            }
            if rest.is_empty() {
                break;
            }
        }
        Some(Self(normalized(tokens)))
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let longest = self.0.len().max(other.0.len());
        (0..longest)
            .map(|index| match (self.0.get(index), other.0.get(index)) {
                (Some(a), Some(b)) => a.compare(b),
                (Some(a), None) => a.compare_with_nothing(),
                (None, Some(b)) => b.compare_with_nothing().reverse(),
                (None, None) => Ordering::Equal,
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }
}

impl Token<'_> {
    fn is_null(&self) -> bool {
        match self {
            Self::Number(number) => number.bytes().all(|b| b == b'0'),
            Self::Word(place, _) => *place == RELEASE,
            Self::Open => false,
        }
    }

    /// What stands against the end of the other version.
    fn compare_with_nothing(&self) -> Ordering {
        match self {
            Self::Number(number) => digits::compare(number, ""),
            Self::Word(place, _) => place.cmp(&RELEASE),
            Self::Open => Ordering::Equal,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        // A word is older than an inner list, that older than a number.
        let kind = |token: &Self| match token {
            Self::Word(..) => 0,
            Self::Open => 1,
            Self::Number(_) => 2,
        };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => digits::compare(a, b),
            (Self::Word(a, x), Self::Word(b, y)) => a
                .cmp(b)
                .then_with(|| x.bytes().map(|b| b.to_ascii_lowercase()).cmp(y.bytes().map(|b| b.to_ascii_lowercase()))),
            _ => kind(self).cmp(&kind(other)),
        }
    }
}

/// What stands between two separators: `1`, `rc`, `rc1`, `1a2`.
fn push_piece<'a>(mut piece: &'a str, tokens: &mut Vec<Token<'a>>, fresh: &mut bool) {
    if piece.is_empty() {
        tokens.push(Token::Number("0"));
        *fresh = false;
        return;
    }
    while !piece.is_empty() {
        let (number, rest) = digits::split(piece);
        if !number.is_empty() {
            tokens.push(Token::Number(number));
            *fresh = false;
            piece = rest;
            if !piece.is_empty() {
                tokens.push(Token::Open);
                *fresh = true;
            }
            continue;
        }
        let (word, rest) = digits::split_while(piece, |b| !b.is_ascii_digit());
        // A word opens a list of its own: `.rc` is `-rc`.
        if !*fresh {
            tokens.push(Token::Open);
        }
        tokens.push(qualifier(word, !rest.is_empty()));
        *fresh = false;
        piece = rest;
        if !piece.is_empty() {
            tokens.push(Token::Open);
            *fresh = true;
        }
    }
}

fn qualifier(word: &str, before_digit: bool) -> Token<'_> {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let place = if before_digit && is("a") {
        Some(0)
    } else if before_digit && is("b") {
        Some(1)
    } else if before_digit && is("m") {
        Some(2)
    } else if is("cr") {
        Some(3)
    } else if is("ga") || is("final") || is("release") {
        Some(RELEASE)
    } else {
        QUALIFIERS.iter().position(|name| is(name))
    };
    place.map_or(Token::Word(QUALIFIERS.len(), word), |place| Token::Word(place, ""))
}

/// Without the zeros and empty qualifiers at the end of each list, and without lists that hold nothing then.
fn normalized(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut kept: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    // From the end: what is null and has nothing but openings after it goes.
    let mut at_end = true;
    for token in tokens.into_iter().rev() {
        match token {
            Token::Open => {
                at_end = true;
                if !matches!(kept.last(), None | Some(Token::Open)) {
                    kept.push(token);
                }
            }
            token if at_end && token.is_null() => {}
            token => {
                at_end = false;
                kept.push(token);
            }
        }
    }
    kept.reverse();
    kept
}

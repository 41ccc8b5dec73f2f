//! Secrets with a form of their own: what [`table`] lists is found by its literals, and confirmed by pattern and entropy.

mod table;

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;
pub(crate) use table::TOKENS;

use super::literals;

/// Where a secret stands, and the rule of [`TOKENS`] that it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) rule: usize,
    pub(crate) range: Range<usize>,
}

static PATTERNS: LazyLock<Option<Vec<Regex>>> =
    LazyLock::new(|| TOKENS.iter().map(|token| Regex::new(token.pattern)).collect::<Result<_, _>>().ok());

/// What stands before a literal and still belongs to the secret or its name, and how long a secret is at most.
const BEFORE: usize = 64;
const LONGEST: usize = 4096;

/// The secrets in `bytes`, in their order.
pub(crate) fn find(bytes: &[u8]) -> Vec<Hit> {
    confirm(bytes, &literals::find(bytes).tokens)
}

/// The secrets in `bytes`, in their order, from the literals found in them.
pub(crate) fn confirm(bytes: &[u8], literals: &[(usize, Range<usize>)]) -> Vec<Hit> {
    if literals.is_empty() {
        return Vec::new();
    }
    let Some(patterns) = PATTERNS.as_ref() else { return Vec::new() };
    let mut found: Vec<Hit> = Vec::new();
    for (rule, literal) in literals {
        let rule = *rule;
        // One that was found covers the literals in it.
        if found.iter().rev().take(4).any(|hit| hit.rule == rule && hit.range.end > literal.start) {
            continue;
        }
        let low = literal.start.saturating_sub(BEFORE);
        let before = &bytes[low..literal.start];
        let start = before.iter().rposition(|&b| b == b'\n' || b == 0).map_or(low, |at| low + at + 1);
        let after = &bytes[literal.end..bytes.len().min(literal.end + LONGEST)];
        let end = literal.end + memchr::memchr2(b'\n', 0, after).unwrap_or(after.len());
        let (Some(pattern), Some(token)) = (patterns.get(rule), TOKENS.get(rule)) else { continue };
        let part = &bytes[start..end];
        // The secret may begin before its literal, but one that ends before it is another literal's.
        let secret = pattern
            .captures_iter(part)
            .filter_map(|captures| captures.get(1))
            .take(4)
            .find(|secret| start + secret.end() > literal.start);
        if let Some(secret) = secret
            && start + secret.start() <= literal.end + BEFORE
            && entropy(secret.as_bytes()) >= token.entropy
        {
            found.push(Hit { rule, range: start + secret.start()..start + secret.end() });
        }
    }
    found.sort_by_key(|hit| (hit.range.start, hit.rule));
    found.dedup();
    found
}

/// Entropy in bits per character.
pub(crate) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let all = bytes.len() as f64;
    counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / all).map(|p| -p * p.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up secret that fits a class of characters: never one that opens anything.
    fn made(alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let mut state = 12_345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            alphabet[(state >> 16) as usize % alphabet.len()]
        };
        (0..length).map(|_| next()).collect()
    }

    const WORD: &str = "aQ3xZr8LkWm2BvT9pYs5NcD7fGhJ1eRu4";
    const HEX: &str = "3f9a1c7e5b0d2864";

    #[test]
    fn every_kind_is_found() {
        let word = |n| made(WORD, n);
        let hex = |n| made(HEX, n);
        for (kind, text) in [
            ("aws-access-key", "id=AKIAQ3XZR2LKWM4BVT7P".to_owned()),
            ("aws-secret-key", format!("aws_secret_access_key = {}", word(40))),
            ("gcp-api-key", format!("key: 'AIza{}'", word(35))),
            ("gcp-client-secret", format!("GOCSPX-{}", word(28))),
            ("gcp-service-account", format!("{{\"private_key_id\": \"{}\"}}", hex(40))),
            ("azure-storage-key", format!("AccountName=x;AccountKey={}==", word(86))),
            ("azure-shared-access-key", format!("HostName=x;SharedAccessKey={}=", word(43))),
            ("azure-client-secret", format!("secret={}8Q~{}", "a.b", word(31))),
            ("github-token", format!("ghp_{}", word(36))),
            ("gitlab-token", format!("glpat-{}", word(20))),
            ("slack-token", format!("xoxb-{}", word(40))),
            ("stripe-key", format!("sk_live_{}", word(24))),
            ("twilio-key", format!("TWILIO_AUTH_TOKEN={}", hex(32))),
            ("sendgrid-key", format!("SG.{}.{}", word(22), word(43))),
            ("telegram-token", format!("bot=123456789:AA{}", word(33))),
            ("alibaba-access-key", format!("ak=LTAI{}", word(20))),
            ("npm-token", format!("//registry/:_authToken=npm_{}", word(36))),
            ("jwt", format!("eyJ{}.eyJ{}.{}", word(20), word(40), word(43))),
            ("wireguard-key", format!("[Interface]\nPrivateKey = {}=", word(43))),
            ("wireguard-key", format!("\toption private_key '{}='", word(43))),
            ("password-hash", format!("root:$1$abcd$${}", word(22)).replace("$$", "$")),
            ("password-hash", format!("$6$rounds=5000$abcd${}", word(86))),
            ("password-hash", format!("$2b$10${}", word(53))),
        ] {
            let hits = find(text.as_bytes());
            assert_eq!(hits.len(), 1, "{text}: {hits:?}");
            assert_eq!(TOKENS[hits[0].rule].kind, kind, "{text}");
            assert!(find(text.to_ascii_uppercase().as_bytes()).len() <= 1);
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "AKIAAAAAAAAAAAAAAAAA",
            "xAKIAQ3XZR2LKWM4BVT7Px",
            "ghp_short",
            "sk_test_0123456789abcdefghijkl",
            "$1$salt$tooshort",
            "AIza",
            "eyJhbGciOiJIUzI1NiJ9",
        ] {
            assert!(find(text.as_bytes()).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_long_line_takes_linear_time() {
        let text = "eyJAKIAghp_npm_".repeat(200_000);
        assert!(find(text.as_bytes()).is_empty());
    }

    #[test]
    fn every_rule_can_be_found_by_its_literals() {
        for token in TOKENS {
            assert!(!token.literals.is_empty() && token.literals.iter().all(|l| l.len() >= 2), "{token:?}");
            assert!(!token.source.is_empty());
        }
    }
}

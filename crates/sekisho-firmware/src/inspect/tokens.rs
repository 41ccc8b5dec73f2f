//! Secrets with a form of their own, as a table: which literal a file must have, which pattern confirms it, how random it must be.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::bytes::Regex;

/// One kind of secret.
#[derive(Debug)]
pub(crate) struct Token {
    /// The kind of credential that is reported.
    pub(crate) kind: &'static str,
    /// A file without one of these, in any case, has no such secret.
    pub(crate) literals: &'static [&'static str],
    /// What confirms it, tried on the surroundings of a literal; its first group is the secret.
    pub(crate) pattern: &'static str,
    /// Bits of entropy per character that the secret must have: repeated and ordered characters are examples.
    pub(crate) entropy: f64,
    /// Whether nothing else looks like it, so that it is looked for in programs, too.
    pub(crate) own_form: bool,
    /// Whose form it is, and where that is written.
    #[allow(dead_code, reason = "for who maintains the table")]
    pub(crate) source: &'static str,
}

/// All kinds.
pub(crate) const TOKENS: &[Token] = &[
    token(
        "aws-access-key",
        &["AKIA", "ASIA"],
        r"\b((?:AKIA|ASIA)[0-9A-Z]{16})\b",
        3.0,
        true,
        "AWS: IAM identifiers, unique ID prefixes",
    ),
    token(
        "aws-secret-key",
        &["aws_secret", "awssecret", "secret_access_key", "secretaccesskey"],
        r#"(?i)secret_?(?:access_?)?key["']?\s*(?:=>|:=|=|:)\s*["']?([A-Za-z0-9/+]{40})(?:["'\s,;]|$)"#,
        3.0,
        false,
        "AWS: access keys",
    ),
    token(
        "gcp-api-key",
        &["AIza"],
        r"\b(AIza[0-9A-Za-z_-]{35})(?:[^0-9A-Za-z_-]|$)",
        3.5,
        true,
        "Google Cloud: API keys",
    ),
    token(
        "gcp-client-secret",
        &["GOCSPX-"],
        r"\b(GOCSPX-[A-Za-z0-9_-]{28})",
        3.5,
        true,
        "Google identity: OAuth client secrets",
    ),
    token(
        "gcp-service-account",
        &["private_key_id"],
        r#""private_key_id"\s*:\s*"([0-9a-f]{40})""#,
        3.0,
        true,
        "Google Cloud: service account keys",
    ),
    token(
        "azure-storage-key",
        &["AccountKey="],
        r"(?i)AccountKey=([A-Za-z0-9+/]{86}==)",
        4.0,
        true,
        "Azure: storage connection strings",
    ),
    token(
        "azure-shared-access-key",
        &["SharedAccessKey="],
        r"(?i)SharedAccessKey=([A-Za-z0-9+/]{42,43}=)",
        4.0,
        true,
        "Azure IoT Hub: connection strings",
    ),
    token(
        "azure-client-secret",
        &["Q~"],
        r"(?:^|[^A-Za-z0-9_~.-])([A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?:[^A-Za-z0-9_~.-]|$)",
        3.5,
        true,
        "Microsoft Entra: client secrets",
    ),
    token(
        "github-token",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"\b(gh[pousr]_[A-Za-z0-9]{36})\b",
        3.0,
        true,
        "GitHub: token formats",
    ),
    token(
        "github-token",
        &["github_pat_"],
        r"\b(github_pat_[A-Za-z0-9_]{60,90})\b",
        3.5,
        true,
        "GitHub: token formats",
    ),
    token(
        "gitlab-token",
        &["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-"],
        r"\b(gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{20,64})",
        3.5,
        true,
        "GitLab: token prefixes",
    ),
    token(
        "slack-token",
        &["xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-"],
        r"\b(xox[abprs]-[0-9A-Za-z-]{20,80})\b",
        3.0,
        true,
        "Slack: token types",
    ),
    token(
        "slack-token",
        &["xapp-"],
        r"\b(xapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{10,16}-[a-f0-9]{48,80})\b",
        3.0,
        true,
        "Slack: token types",
    ),
    token(
        "webhook",
        &["hooks.slack.com/services/"],
        r"(hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30})",
        3.0,
        true,
        "Slack: incoming webhooks",
    ),
    token(
        "webhook",
        &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
        r"(discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,70})",
        3.0,
        true,
        "Discord: webhooks",
    ),
    token(
        "stripe-key",
        &["sk_live_", "rk_live_"],
        r"\b([sr]k_live_[0-9A-Za-z]{20,110})\b",
        3.0,
        true,
        "Stripe: API keys",
    ),
    token(
        "twilio-key",
        &["twilio"],
        r#"(?i)twilio[\w.\-"' ]{0,40}(?:=>|:=|=|:)\s*["']?(?-i:(SK[0-9a-f]{32}|[0-9a-f]{32}))\b"#,
        3.0,
        false,
        "Twilio: API keys, auth tokens",
    ),
    token("sendgrid-key", &["SG."], r"\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})", 4.0, true, "SendGrid: API keys"),
    token(
        "mailgun-key",
        &["mailgun"],
        r"(?i)mailgun[^\n]{0,60}?\b(key-[0-9a-f]{32})\b",
        3.0,
        false,
        "Mailgun: API keys",
    ),
    token(
        "telegram-token",
        &[":AA"],
        r"\b([0-9]{8,10}:AA[A-Za-z0-9_-]{33})(?:[^A-Za-z0-9_-]|$)",
        4.0,
        true,
        "Telegram: bot tokens",
    ),
    token(
        "firebase-key",
        &[":APA91b"],
        r"\b(AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134})",
        4.0,
        true,
        "Firebase Cloud Messaging: server keys (legacy)",
    ),
    token(
        "alibaba-access-key",
        &["LTAI"],
        r"\b(LTAI[A-Za-z0-9]{12,20})\b",
        3.5,
        false,
        "Alibaba Cloud: AccessKey pairs",
    ),
    token("tencent-secret-id", &["AKID"], r"\b(AKID[A-Za-z0-9]{32})\b", 3.5, true, "Tencent Cloud: SecretId"),
    token(
        "digitalocean-token",
        &["dop_v1_"],
        r"\b(dop_v1_[a-f0-9]{64})\b",
        3.0,
        true,
        "DigitalOcean: personal access tokens",
    ),
    token("npm-token", &["npm_"], r"\b(npm_[A-Za-z0-9]{36})\b", 3.5, true, "npm: access tokens"),
    token(
        "pypi-token",
        &["pypi-AgEIcHlwaS5vcmc"],
        r"\b(pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,200})",
        3.5,
        true,
        "PyPI: API tokens",
    ),
    token("huggingface-token", &["hf_"], r"\b(hf_[A-Za-z]{34})\b", 4.0, true, "Hugging Face: user access tokens"),
    token(
        "openai-key",
        &["T3BlbkFJ"],
        r"\b(sk-[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80})",
        4.0,
        true,
        "OpenAI: API keys",
    ),
    token("vault-token", &["hvs."], r"\b(hvs\.[A-Za-z0-9_-]{90,110})", 3.5, true, "HashiCorp Vault: token prefixes"),
    token(
        "jwt",
        &["eyJ"],
        r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})",
        3.5,
        true,
        "RFC 7519: a JOSE header is a JSON object, and `{\"` is `eyJ` in Base64",
    ),
    // Hashes of crypt(5), with the lengths that it gives.
    token(
        "password-hash",
        &["$1$", "$apr1$"],
        r"(\$(?:1|apr1)\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22})(?:[^./0-9A-Za-z]|$)",
        3.0,
        false,
        "crypt(5)",
    ),
    token(
        "password-hash",
        &["$5$"],
        r"(\$5\$(?:rounds=[0-9]{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43})(?:[^./0-9A-Za-z]|$)",
        3.5,
        false,
        "crypt(5)",
    ),
    token(
        "password-hash",
        &["$6$"],
        r"(\$6\$(?:rounds=[0-9]{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86})(?:[^./0-9A-Za-z]|$)",
        3.5,
        false,
        "crypt(5)",
    ),
    token(
        "password-hash",
        &["$2a$", "$2b$", "$2y$"],
        r"(\$2[aby]\$[0-3][0-9]\$[./0-9A-Za-z]{53})(?:[^./0-9A-Za-z]|$)",
        3.5,
        false,
        "crypt(5)",
    ),
    token(
        "password-hash",
        &["$y$", "$gy$"],
        r"(\$g?y\$[./0-9A-Za-z]{3,16}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43})",
        3.5,
        false,
        "crypt(5)",
    ),
];

const fn token(
    kind: &'static str,
    literals: &'static [&'static str],
    pattern: &'static str,
    entropy: f64,
    own_form: bool,
    source: &'static str,
) -> Token {
    Token { kind, literals, pattern, entropy, own_form, source }
}

/// Where a secret stands, and the rule of [`TOKENS`] that it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) rule: usize,
    pub(crate) range: Range<usize>,
}

struct Compiled {
    automaton: AhoCorasick,
    /// The rule of each literal.
    rules: Vec<usize>,
    patterns: Vec<Regex>,
}

static COMPILED: LazyLock<Option<Compiled>> = LazyLock::new(|| {
    let literals = TOKENS.iter().enumerate().flat_map(|(rule, token)| token.literals.iter().map(move |l| (rule, *l)));
    let (rules, literals): (Vec<usize>, Vec<&str>) = literals.unzip();
    Some(Compiled {
        automaton: AhoCorasick::builder().ascii_case_insensitive(true).build(literals).ok()?,
        rules,
        patterns: TOKENS.iter().map(|token| Regex::new(token.pattern)).collect::<Result<_, _>>().ok()?,
    })
});

/// Hits of one file that are looked at.
const MAX_HITS: usize = 20_000;
/// What stands before a literal and still belongs to the secret or its name, and how long a secret is at most.
const BEFORE: usize = 64;
const LONGEST: usize = 4096;

/// The secrets in `bytes`, in their order.
pub(crate) fn find(bytes: &[u8]) -> Vec<Hit> {
    let Some(compiled) = COMPILED.as_ref() else { return Vec::new() };
    let mut found: Vec<Hit> = Vec::new();
    for literal in compiled.automaton.find_overlapping_iter(bytes).take(MAX_HITS) {
        let Some(&rule) = compiled.rules.get(literal.pattern().as_usize()) else { continue };
        // One that was found covers the literals in it.
        if found.iter().rev().take(4).any(|hit| hit.rule == rule && hit.range.end > literal.start()) {
            continue;
        }
        let low = literal.start().saturating_sub(BEFORE);
        let before = &bytes[low..literal.start()];
        let start = before.iter().rposition(|&b| b == b'\n' || b == 0).map_or(low, |at| low + at + 1);
        let after = &bytes[literal.end()..bytes.len().min(literal.end() + LONGEST)];
        let end = literal.end() + memchr::memchr2(b'\n', 0, after).unwrap_or(after.len());
        let (Some(pattern), Some(token)) = (compiled.patterns.get(rule), TOKENS.get(rule)) else { continue };
        let part = &bytes[start..end];
        // The secret may begin before its literal, but one that ends before it is another literal's.
        let secret = pattern
            .captures_iter(part)
            .filter_map(|captures| captures.get(1))
            .take(4)
            .find(|secret| start + secret.end() > literal.start());
        if let Some(secret) = secret
            && start + secret.start() <= literal.end() + BEFORE
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

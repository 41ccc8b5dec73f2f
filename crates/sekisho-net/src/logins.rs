//! Names and passwords that makers are known to have shipped, as public advisories and the sources of worms name them. A small choice: every
//! one is a log-in that may fail, and devices lock accounts.

/// Names and passwords, those that are seen most first.
pub const DEFAULTS: [(&str, &str); 15] = [
    ("admin", "admin"),
    ("root", "root"),
    ("admin", "1234"),
    ("admin", ""),
    ("root", "12345"),
    ("user", "user"),
    ("support", "support"),
    ("ubnt", "ubnt"),
    ("admin", "password"),
    ("root", "vizxv"),
    ("root", "xc3511"),
    ("root", "juantech"),
    ("guest", "guest"),
    ("root", "888888"),
    ("admin", "888888"),
];

/// A name that no device has an account for.
pub const NOBODY: &str = "sekisho-nobody";

/// Failing log-ins that are made at most, to see whether they are limited.
pub const ATTEMPTS: u32 = 10;

/// A secret with all but its first and last characters hidden; what is too short for that is hidden as a whole.
pub fn masked(secret: &str) -> String {
    let mut chars = secret.chars();
    match (chars.next(), chars.next_back(), chars.count()) {
        (Some(first), Some(last), between) if between > 0 => format!("{first}{}{last}", "*".repeat(between.min(20))),
        (None, ..) => String::new(),
        (_, last, _) => "*".repeat(1 + usize::from(last.is_some())),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn secrets_are_masked() {
        assert_eq!(super::masked("admin"), "a***n");
        assert_eq!(
            (super::masked("ab"), super::masked("a"), super::masked("")),
            ("**".into(), "*".into(), String::new())
        );
        assert_eq!(super::masked("パスワード"), "パ***ド");
    }
}

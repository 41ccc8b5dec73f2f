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

/// Failing log-ins that are made at most, to see whether they are limited.
pub const ATTEMPTS: u32 = 10;

/// First and last characters of a long secret, nothing of a short one, not even its length.
pub fn masked(secret: &str) -> String {
    let mut chars = secret.chars();
    match (chars.next(), chars.next_back()) {
        (None, _) => String::new(),
        (Some(first), Some(last)) if secret.chars().count() >= 8 => format!("{first}******{last}"),
        _ => "******".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn little_is_left_of_a_secret() {
        assert_eq!(["", "root", "raspberry"].map(masked), ["", "******", "r******y"]);
    }
}

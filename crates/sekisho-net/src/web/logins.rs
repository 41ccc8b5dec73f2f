//! Names and passwords that makers are known to ship.

/// The most common ones.
pub(super) const DEFAULTS: [(&str, &str); 15] = [
    ("admin", "admin"),
    ("admin", "password"),
    ("admin", ""),
    ("admin", "1234"),
    ("admin", "12345"),
    ("admin", "123456"),
    ("root", "root"),
    ("root", ""),
    ("root", "admin"),
    ("root", "12345"),
    ("user", "user"),
    ("guest", "guest"),
    ("support", "support"),
    ("service", "service"),
    ("administrator", "administrator"),
];

/// A secret with all but its first and last characters hidden; what is too short for that is hidden as a whole.
pub(super) fn masked(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    match letters.as_slice() {
        [first, middle @ .., last] if !middle.is_empty() => format!("{first}{}{last}", "*".repeat(middle.len())),
        other => "*".repeat(other.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_masked() {
        assert_eq!(["", "ab", "1234", "password"].map(masked), ["", "**", "1**4", "p******d"]);
    }
}

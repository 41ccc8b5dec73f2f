//! Log-ins that makers are known to ship.

/// Names and passwords, the most frequent first.
pub(crate) const DEFAULTS: &[(&str, &str)] = &[
    ("root", "root"),
    ("admin", "admin"),
    ("root", ""),
    ("admin", ""),
    ("admin", "password"),
    ("root", "admin"),
    ("root", "password"),
    ("admin", "1234"),
    ("root", "12345"),
    ("user", "user"),
    ("pi", "raspberry"),
    ("ubnt", "ubnt"),
];

/// First and last characters of a long password, nothing of a short one, not even its length.
pub(crate) fn mask(password: &str) -> String {
    let mut chars = password.chars();
    match (chars.next(), chars.next_back()) {
        (None, _) => String::new(),
        (Some(first), Some(last)) if password.chars().count() >= 8 => format!("{first}******{last}"),
        _ => "******".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn little_is_left_of_a_password() {
        assert_eq!([mask(""), mask("root"), mask("raspberry")], ["", "******", "r******y"]);
    }
}

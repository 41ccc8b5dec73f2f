//! What can be a secret, and what only stands where one would.

/// Whether a value can be a secret at all.
pub(super) fn usable(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let reference = value.contains(['$', '`', '<', '>', '{', '}', '(', ')', '%', '\\'])
        || value.starts_with(['@', '/', '*', '&', '.', '!', '[', '+', '-', ',', '|', '~'])
        || value.contains("://")
        || value.ends_with([':', ';', ','])
        || (value.contains('.') && value.contains('/'));
    let word = matches!(
        lower.as_str(),
        "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "null"
            | "nil"
            | "none"
            | "undefined"
            | "required"
            | "optional"
            | "enabled"
            | "disabled"
            | "string"
            | "text"
            | "var"
            | "input"
            | "hidden"
            | "files"
            | "compat"
            | "string;"
            | "auto"
            | "prompt"
            | "any"
            | "all"
            | "function"
            | "define"
            | "undef"
    );
    value.chars().count() >= 3 && !reference && !word && !value.contains(char::is_whitespace)
}

/// Whether a value does not look like a word of a language.
pub(super) fn looks_secret(value: &str) -> bool {
    let kinds = [
        value.bytes().any(|b| b.is_ascii_digit()),
        value.bytes().any(|b| b.is_ascii_alphabetic()),
        value.bytes().any(|b| b"!#^&*+=?~".contains(&b)),
    ];
    // `Token: '#f8f8f2'` is a colour.
    let colour =
        value.strip_prefix('#').is_some_and(|hex| hex.len() <= 8 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if colour {
        return false;
    }
    kinds[0] && value.len() >= 4 || kinds[2] && kinds[1] || matches!(value, "admin" | "root" | "default" | "changeme")
}

pub(super) fn is_translation(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["/lang", "/locale", "i18n", "/l10n", "translat", ".po", ".lmo", "strings"].iter().any(|part| path.contains(part))
}

/// `password: "password_field"` and the like: a value made of its key's words.
pub(super) fn names_itself(key: &str, value: &str) -> bool {
    let (key, value) = (key.to_ascii_lowercase(), value.to_ascii_lowercase());
    (value.contains(&key) && value != key && !value.bytes().any(|b| b.is_ascii_digit()) && !value.contains("test"))
        || value.ends_with("_password")
}

/// Whether an address only shows where user and password would stand.
pub(super) fn is_example(user: &str, password: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let named = ["example.com", "example.org", "example.net", "example", "localhost", "domain.com", "host", "hostname"]
        .iter()
        .any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')));
    let words = ["user", "username", "login", "name", "foo"].contains(&user)
        && ["pass", "password", "passwd", "pwd", "bar", "secret"].contains(&password);
    named || words
}

/// Whether a value evidently waits to be replaced.
pub(super) fn is_place_holder(value: &str) -> bool {
    let mut rest = value.to_ascii_lowercase();
    if rest.contains("example") || rest.contains("placeholder") || rest.contains("replace") || rest.contains("insert") {
        return true;
    }
    let had = rest.len();
    for word in [
        "password",
        "passwd",
        "passphrase",
        "pass",
        "psk",
        "secret",
        "token",
        "api",
        "key",
        "wifi",
        "wpa",
        "user",
        "_",
        "-",
        ".",
        "my",
        "the",
    ] {
        rest = rest.replace(word, "");
    }
    matches!(
        rest.as_str(),
        "test"
            | "your"
            | "yourhere"
            | "here"
            | "todo"
            | "dummy"
            | "sample"
            | "demo"
            | "foo"
            | "bar"
            | "foobar"
            | "secretgoeshere"
    ) || (rest.is_empty() && had > 0 && value.contains(['_', '-']))
        || (value.len() >= 3 && value.bytes().all(|b| matches!(b, b'x' | b'X' | b'*' | b'.' | b'?' | b'0')))
}

//! Hard-coded credentials: assignments in settings, scripts and web pages, tokens of well-known services, hashes in copies of password files.
//!
//! References to variables, file names, switches, labels and empty values are none. What stands in a comment, in documentation, or is
//! evidently to be replaced is reported as inactive.

use std::sync::LazyLock;

use regex::Regex;
use sekisho_model::fact::{Credential, Observed};

use super::comment::{self, Language};
use super::{FileInput, Seen, crypt, mask, masked_excerpt};

/// Credentials of one file that are listed.
const MAX_CREDENTIALS: usize = 100;
/// Longest line looked at: minified code is searched for tokens only.
const MAX_LINE: usize = 2000;

/// Words that a key ends with when its value is a secret.
const KEY: &str = r"(?:passw(?:or)?d|passwd|passphrase|pwd|psk|secret(?:[_-]?key)?|api[_-]?key|auth[_-]?key|wpa[_-]?key|wifi[_-]?key|access[_-]?token|auth[_-]?token|token)\d?";

struct Patterns {
    /// `"key": "value"`, `key = 'value'`.
    quoted: Regex,
    /// `key=value`, `key: value`, `option key value` as a whole line.
    plain: Regex,
    /// `<key>value</key>`.
    element: Regex,
    /// `echo user:password | chpasswd`.
    chpasswd: Regex,
    /// `scheme://user:password@host`.
    url: Regex,
    /// Tokens with a form of their own.
    tokens: Vec<(&'static str, Regex)>,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        quoted: Regex::new(&format!(r#"(?i)(?:^|[\s,{{(;'"$.\[])([\w.\-]*?{KEY})["']?\]?\s*(?:=>|:=|=|:)\s*(?:"([^"]{{1,128}})"|'([^']{{1,128}})')"#)).ok()?,
        plain: Regex::new(&format!(r#"(?i)^\s*[#;/]*\s*(?:export\s+|set\s+|option\s+)?([\w.\-]*?{KEY})(?:\s*[=:]\s*|\s+)["']?([^\s"']{{1,128}})["']?\s*;?$"#)).ok()?,
        element: Regex::new(&format!(r"(?i)<([\w.\-]*?{KEY})>([^<\s]{{1,128}})</")).ok()?,
        chpasswd: Regex::new(r#"echo\s+(?:-e\s+)?["']?(\w[\w-]*):([^\s"'|$]{1,64})["']?\s*\|\s*chpasswd"#).ok()?,
        url: Regex::new(r#"\b[a-z][a-z0-9+]{1,9}://([^\s/@:"'<>$%{}]{1,64}):([^\s/@:"'<>$%{}*]{1,128})@([\w.-]+)"#).ok()?,
        tokens: vec![
            ("aws-access-key", Regex::new(r"\b((?:AKIA|ASIA)[0-9A-Z]{16})\b").ok()?),
            ("aws-secret-key", Regex::new(r#"(?i)aws_?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?([A-Za-z0-9/+]{40})(?:["'\s]|$)"#).ok()?),
            ("github-token", Regex::new(r"\b(gh[pousr]_[A-Za-z0-9]{36})\b").ok()?),
            ("github-token", Regex::new(r"\b(github_pat_[A-Za-z0-9_]{60,90})\b").ok()?),
            ("api-token", Regex::new(r"\b(xox[abprs]-[0-9A-Za-z-]{20,80})\b").ok()?),
            ("api-token", Regex::new(r"\b(AIza[0-9A-Za-z_-]{35})\b").ok()?),
            ("api-token", Regex::new(r"\b(sk_live_[0-9A-Za-z]{20,60})\b").ok()?),
            ("jwt", Regex::new(r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})").ok()?),
        ],
    })
});

/// The credentials in a file.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let (Some(patterns), Some(text)) = (PATTERNS.as_ref(), &file.text) else { return Vec::new() };
    let path = &file.entry.path;
    let mut found = hashes(file, text);
    let language = comment::language(path, text);
    let prose = language == Language::Prose;
    let wireless = path.ends_with("/config/wireless") || path.contains("wpa_supplicant") || path.contains("hostapd");
    for (index, line, comment) in comment::lines(text, comment::style(path, language)) {
        if found.len() >= MAX_CREDENTIALS {
            break;
        }
        let mut line_found = tokens(patterns, line);
        if line.len() <= MAX_LINE && line_found.is_empty() && !prose {
            assignments(patterns, language, line, wireless, path, &mut line_found);
        }
        for (kind, key, value, at) in line_found {
            let inactive = prose || at >= comment || is_place_holder(&value);
            let fact = Credential { kind, key, masked: mask(&value), inactive, world_readable: file.world_readable() };
            found.push(Seen::at_line(Observed::Credential(fact), index, &masked_excerpt(line, &value)));
        }
    }
    found.truncate(MAX_CREDENTIALS);
    found
}

/// What is stored under a key that says that it is a secret; `kind` where the key's owner is known to keep one there.
pub(crate) fn of_key(key: &str, kind: Option<&str>, value: &str) -> Option<Credential> {
    static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?i)^[\\w.\\-/]*?{KEY}$")).ok());
    let named = SECRET.as_ref().is_some_and(|pattern| pattern.is_match(key));
    // A value of its own may hold any characters; what stands for another value does not.
    let secret = if kind.is_some() { value.chars().count() >= 3 } else { named && usable(value) };
    secret.then(|| Credential {
        kind: kind.unwrap_or_else(|| kind_of(key, false)).to_owned(),
        key: Some(key.to_owned()),
        masked: mask(value),
        inactive: is_place_holder(value),
        world_readable: false,
    })
}

/// The credentials in a string of program code, each with the offset of its line: tokens, addresses with a password, and assignments
/// (`mqtt_password=…`).
pub(super) fn in_string(text: &str) -> Vec<(usize, Seen)> {
    let Some(patterns) = PATTERNS.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    let mut next = 0;
    for line in text.split_inclusive('\n') {
        let at = next;
        next += line.len();
        let line = line.trim_end();
        let mut line_found = tokens(patterns, line);
        if line_found.is_empty() && line.len() <= MAX_LINE {
            // As in any code a word is as likely a label as a secret.
            let mut assigned = Vec::new();
            assignments(patterns, Language::Config, line, false, "", &mut assigned);
            line_found.extend(assigned.into_iter().filter(|(_, _, value, _)| looks_secret(value)));
        }
        for (kind, key, value, _) in line_found {
            let inactive = is_place_holder(&value);
            let fact = Credential { kind, key, masked: mask(&value), inactive, world_readable: false };
            found.push((at, Seen::in_string(Observed::Credential(fact), &masked_excerpt(line, &value))));
        }
    }
    found
}

/// Tokens with a form of their own and passwords in addresses: kind, key, value and where it stands.
fn tokens(patterns: &Patterns, line: &str) -> Vec<(String, Option<String>, String, usize)> {
    let mut found = Vec::new();
    for (kind, pattern) in &patterns.tokens {
        for captures in pattern.captures_iter(line) {
            if let Some(value) = captures.get(1) {
                let key = assigned_to(&line[..value.start()]);
                found.push(((*kind).to_owned(), key, value.as_str().to_owned(), value.start()));
            }
        }
    }
    for captures in patterns.url.captures_iter(line) {
        if let (Some(user), Some(value)) = (captures.get(1), captures.get(2))
            && usable(value.as_str())
        {
            let key = Some(user.as_str().to_owned());
            found.push(("url-credentials".into(), key, value.as_str().to_owned(), value.start()));
        }
    }
    found
}

/// The name that a value is assigned to: the last word before it, where only `=`, `:` and quotes stand between.
fn assigned_to(before: &str) -> Option<String> {
    let name = before.trim_end_matches(['"', '\'', ' ', '\t']);
    let name = name.strip_suffix(['=', ':'])?.trim_end_matches(['"', '\'', ' ', '\t', ':', '=']);
    let start = name.rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.')).map_or(0, |i| i + 1);
    let name = name.get(start..).filter(|n| !n.is_empty())?;
    Some(name.to_owned())
}

fn assignments(
    patterns: &Patterns,
    language: Language,
    line: &str,
    wireless: bool,
    path: &str,
    found: &mut Vec<(String, Option<String>, String, usize)>,
) {
    let code = matches!(language, Language::Code | Language::Markup);
    let mut add = |key: &str, value: regex::Match<'_>| {
        let text = value.as_str();
        // In code and pages a word is as likely a label (`"password": "Passwort"`) or the name of a field.
        let secret = usable(text) && (!code || looks_secret(text)) && !is_translation(path) && !names_itself(key, text);
        if secret && !found.iter().any(|(_, _, known, _)| known == text) {
            found.push((kind_of(key, wireless).to_owned(), Some(key.to_owned()), text.to_owned(), value.start()));
        }
    };
    if let Some(captures) = patterns.chpasswd.captures(line)
        && let (Some(user), Some(value)) = (captures.get(1), captures.get(2))
    {
        add(user.as_str(), value);
        return;
    }
    // In markup an attribute called `token` is the name of an element (ONVIF), and others are labels and names of fields.
    let attributes = language == Language::Markup && line.trim_start().starts_with('<');
    for captures in patterns.quoted.captures_iter(line).filter(|_| !attributes) {
        if let (Some(key), Some(value)) = (captures.get(1), captures.get(2).or_else(|| captures.get(3))) {
            // `set network.$1.password='…'` is a template.
            let before = &line[..key.start()];
            if !before.trim_end().ends_with('$') && !before.split_whitespace().last().is_some_and(|w| w.contains('$')) {
                add(key.as_str(), value);
            }
        }
    }
    if !code
        && let Some(captures) = patterns.plain.captures(line)
        && let (Some(key), Some(value)) = (captures.get(1), captures.get(2))
    {
        let separated = line[key.end()..value.start()].contains(['=', ':']) || line.trim_start().starts_with("option");
        // In a script `passwd root` is a command; an assignment has no blanks.
        let script_assignment = language != Language::Shell || line[key.end()..].starts_with('=');
        if separated && script_assignment {
            add(key.as_str(), value);
        }
    }
    if wireless
        && let Some(rest) = line.trim().strip_prefix("option key")
        && let Some(value) = rest.trim().strip_prefix('\'').and_then(|r| r.strip_suffix('\''))
        && value.len() >= 8
        && usable(value)
    {
        let at = line.find(value).unwrap_or(0);
        found.push(("wifi-passphrase".into(), Some("key".into()), value.to_owned(), at));
    }
    if language == Language::Markup || language == Language::Config {
        for captures in patterns.element.captures_iter(line) {
            if let (Some(key), Some(value)) = (captures.get(1), captures.get(2))
                && usable(value.as_str())
                && !is_translation(path)
                && !names_itself(key.as_str(), value.as_str())
            {
                found.push((
                    kind_of(key.as_str(), wireless).to_owned(),
                    Some(key.as_str().to_owned()),
                    value.as_str().to_owned(),
                    value.start(),
                ));
            }
        }
    }
}

fn kind_of(key: &str, wireless: bool) -> &'static str {
    let key = key.to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| key.contains(w));
    if any(&["psk", "wpa", "wifi", "wlan", "passphrase"]) && (wireless || any(&["psk", "wpa", "wifi", "wlan"])) {
        "wifi-passphrase"
    } else if any(&["token", "api", "secret", "auth_key", "authkey"]) {
        "api-token"
    } else {
        "password"
    }
}

/// Whether a value can be a secret at all.
fn usable(value: &str) -> bool {
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
    );
    value.chars().count() >= 3 && !reference && !word && !value.contains(char::is_whitespace)
}

/// Whether a value does not look like a word of a language.
fn looks_secret(value: &str) -> bool {
    let kinds = [
        value.bytes().any(|b| b.is_ascii_digit()),
        value.bytes().any(|b| b.is_ascii_alphabetic()),
        value.bytes().any(|b| b"!#^&*+=?~".contains(&b)),
    ];
    kinds[0] && value.len() >= 4 || kinds[2] && kinds[1] || matches!(value, "admin" | "root" | "default" | "changeme")
}

fn is_translation(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["/lang", "/locale", "i18n", "/l10n", "translat", ".po", ".lmo", "strings"].iter().any(|part| path.contains(part))
}

/// `password: "password_field"` and the like: a value made of its key's words.
fn names_itself(key: &str, value: &str) -> bool {
    let (key, value) = (key.to_ascii_lowercase(), value.to_ascii_lowercase());
    (value.contains(&key) && value != key && !value.bytes().any(|b| b.is_ascii_digit()) && !value.contains("test"))
        || value.ends_with("_password")
}

/// Whether a value evidently waits to be replaced.
fn is_place_holder(value: &str) -> bool {
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

/// Password hashes in copies of the password files and in `htpasswd` files. The files themselves are accounts.
fn hashes(file: &FileInput<'_>, text: &str) -> Vec<Seen> {
    let name = file.name();
    let path = &file.entry.path;
    let copy = ["passwd", "shadow", "htpasswd", "htdigest"].iter().any(|part| name.contains(part));
    if !copy || path.ends_with("/etc/passwd") || path.ends_with("/etc/shadow") || path.contains("/init.d/") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate().take(10_000) {
        let mut fields = line.split(':');
        let (Some(user), Some(field)) = (fields.next(), fields.next()) else { continue };
        let hash = field.trim().trim_start_matches('!');
        if user.is_empty() || user.starts_with('#') || user.contains(' ') || crypt::scheme(hash).is_none() {
            continue;
        }
        let fact = Credential {
            kind: "password-hash".into(),
            key: Some(user.to_owned()),
            masked: mask(hash),
            inactive: false,
            world_readable: file.world_readable(),
        };
        found.push(Seen::at_line(Observed::Credential(fact), index, &masked_excerpt(line, hash)));
        if found.len() >= MAX_CREDENTIALS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(path: &str, text: &str) -> Vec<Credential> {
        let entry = Entry { path: path.into(), mode: Some(0o644), ..Entry::default() };
        let file = FileInput {
            entry: &entry,
            bytes: text.as_bytes(),
            text: super::super::text_of(text.as_bytes()),
            today: time::Date::MIN,
        };
        inspect(&file)
            .into_iter()
            .map(|seen| {
                let Observed::Credential(credential) = seen.observed else { panic!() };
                assert!(seen.excerpt.is_none_or(|e| !e.contains("hunter2x")), "a secret is shown");
                credential
            })
            .collect()
    }

    #[test]
    fn assignments_in_settings() {
        for (path, text, kind) in [
            ("/etc/app.conf", "password=hunter2x\n", "password"),
            ("/etc/app.conf", "remote_password: \"hunter2x\"\n", "password"),
            ("/etc/wpa_supplicant.conf", "  psk=\"hunter2xyz\"\n", "wifi-passphrase"),
            ("/etc/config/wireless", "\toption key 'hunter2xyz'\n", "wifi-passphrase"),
            ("/www/app.js", "var cfg = { password: \"hunter2x\" };\n", "password"),
            ("/etc/app.xml", "<Password>hunter2x</Password>\n", "password"),
            ("/etc/start.sh", "#!/bin/sh\necho root:hunter2x | chpasswd\n", "password"),
            ("/etc/app.conf", "url=ftp://user:hunter2x@files.vendor.cn/\n", "url-credentials"),
            ("/etc/app.conf", "id=AKIAABCDEFGHIJKLMNOP\n", "aws-access-key"),
            ("/etc/passwd-", "root:$1$NO6zcVo/$h0HlVwPaDlYpbMXfjHJoF0:0:0::/:/bin/sh\n", "password-hash"),
        ] {
            let found = of(path, text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].kind, kind, "{text}");
            assert!(!found[0].inactive, "{text}");
        }
    }

    #[test]
    fn comments_and_place_holders_are_inactive() {
        for text in
            ["#password=hunter2x\n", "psk=\"psk_test\"\n", "token=your_token_here\n", "api_key=AKIAIOSFODNN7EXAMPLE\n"]
        {
            let found = of("/etc/app.conf", text);
            assert!(found.iter().all(|c| c.inactive), "{text}: {found:?}");
        }
        assert!(of("/etc/app.conf", "#password=hunter2x\n").len() == 1);
    }

    #[test]
    fn what_is_no_secret() {
        for (path, text) in [
            ("/etc/nsswitch.conf", "passwd:         files\n"),
            ("/lib/x.sh", "append bss_conf \"wpa_psk=$key\" \"$N\"\n"),
            ("/lib/x.sh", "config_add_string 'key1:wepkey' 'password:wpakey'\n"),
            ("/bin/gen", "#!/bin/sh\nset network.$1.password='password'\n"),
            ("/lib/x.sh", "passwd root\n"),
            ("/etc/dropbear.conf", "PasswordAuth on\n"),
            ("/etc/x.conf", "password_file /mosquitto/passwd\n"),
            ("/etc/x.conf", "password=\n"),
            ("/www/x.html", "<input type=\"password\" name=\"password\">\n"),
            ("/www/x.js", "label = { password: \"Passwort\" };\n"),
            ("/www/x.js", "password = form.password.value;\n"),
            ("/www/x.lua", "local password = luci.http.formvalue(\"pw1\")\n"),
            ("/etc/x.conf", "password=%s\n"),
        ] {
            assert!(of(path, text).is_empty(), "{text}: {:?}", of(path, text));
        }
    }
}

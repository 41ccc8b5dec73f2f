//! Hard-coded credentials: assignments in settings, scripts and web pages, tokens of well-known services ([`tokens`]), users of services
//! ([`user_files`]).
//!
//! References to variables, file names, switches, labels and empty values are none. What stands in a comment, in documentation, or is
//! evidently to be replaced is reported as inactive. Only lines that have one of the [`LITERALS`] are looked at more closely.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use sekisho_model::fact::{Credential, Observed};

use super::comment::{self, Language};
use super::crypt::{self, Guesses};
use super::literals::Literals;
use super::secret::{is_example, is_place_holder, is_translation, looks_secret, names_itself, usable};
use super::tokens::{self, TOKENS};
use super::{FileInput, Seen, command_lines, mask, masked_excerpt, user_files};

/// Credentials of one file that are listed.
const MAX_CREDENTIALS: usize = 100;
/// Longest line looked at: minified code is searched for tokens only.
const MAX_LINE: usize = 2000;

/// Words that a key ends with when its value is a secret. `pass` alone is as likely a test that passed.
const KEY: &str = r"(?:passw(?:or)?d|passwd|passphrase|pwd|psk|(?:ftp|smtp|mqtt|mail|ddns|dyndns|user|usr|login|admin|root|auth|web|http|rtsp|onvif|wifi|wlan|p2p|cloud|ppp|pppoe|sip|db|mysql)[_.-]?pass|secret(?:[_-]?key)?|api[_-]?key|auth[_-]?key|wpa[_-]?key|wifi[_-]?key|access[_-]?token|auth[_-]?token|token)\d?";

/// What a line has, in either case, that an assignment or an address with a password is in.
pub(crate) const LITERALS: [&str; 10] =
    ["pass", "pwd", "psk", "secret", "key", "token", "://", " -u", " -p", " --user"];

/// A credential in a line: kind, key, value, and where the value begins.
type InLine = (String, Option<String>, String, usize);

struct Patterns {
    /// `"key": "value"`, `key = 'value'`.
    quoted: Regex,
    /// `key=value`, `key: value`, `option key value` as a whole line.
    plain: Regex,
    /// `<key>value</key>`.
    element: Regex,
    /// `name="key" value="value"`, and `key="value"` of what is no token.
    attribute: Regex,
    /// `echo user:password | chpasswd`.
    chpasswd: Regex,
    /// `scheme://user:password@host`.
    url: Regex,
    /// Finds [`LITERALS`].
    literals: AhoCorasick,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        quoted: Regex::new(&format!(r#"(?i)(?:^|[\s,{{(;'"$.\[])([\w.\-]*?{KEY})["']?\]?\s*(?:=>|:=|=|:)\s*(?:"([^"]{{1,128}})"|'([^']{{1,128}})')"#)).ok()?,
        plain: Regex::new(&format!(r#"(?i)^\s*[#;/]*\s*(?:export\s+|set\s+|option\s+)?([\w.\-]*?{KEY})(?:\s*[=:]\s*|\s+)["']?([^\s"']{{1,128}})["']?\s*;?$"#)).ok()?,
        element: Regex::new(&format!(r"(?i)<([\w.\-]*?{KEY})>([^<\s]{{1,128}})</")).ok()?,
        attribute: Regex::new(&format!(
            r#"(?i)(?:\bname=["']([\w.\-]*?{KEY})["']\s+value=|\s((?:[\w.\-]*?)(?:passw(?:or)?d|passwd|passphrase|pwd|psk)\d?)=)["']([^"']{{1,128}})["']"#
        ))
        .ok()?,
        chpasswd: Regex::new(r#"echo\s+(?:-e\s+)?["']?(\w[\w-]*):([^\s"'|$]{1,64})["']?\s*\|\s*chpasswd"#).ok()?,
        url: Regex::new(r#"\b[a-z][a-z0-9+]{1,9}://([^\s/@:"'<>$%{}]{1,64}):([^\s/@:"'<>$%{}*]{1,128})@([\w.-]+)"#).ok()?,
        literals: AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(LITERALS)
            .ok()?,
    })
});

/// The credentials in a file.
pub(super) fn inspect(file: &FileInput<'_>, literals: &Literals) -> Vec<Seen> {
    let mut hits = tokens::confirm(file.bytes, &literals.tokens);
    let Some(text) = &file.text else { return in_program(file, &hits) };
    let Some(patterns) = PATTERNS.as_ref() else { return Vec::new() };
    let path = &file.entry.path;
    let mut found = user_files::inspect(file, text, MAX_CREDENTIALS);
    let of_users = !found.is_empty();
    // Where a line may have something; the text can differ from the bytes where these are not UTF-8.
    if !matches!(text, std::borrow::Cow::Borrowed(_)) {
        hits = tokens::find(text.as_bytes());
    }
    let mut places = patterns.literals.find_iter(text.as_bytes()).map(|m| m.start()).peekable();
    let mut tokens_left = hits.iter().peekable();
    if places.peek().is_none() && hits.is_empty() {
        return found;
    }
    let language = comment::language(path, text);
    let prose = language == Language::Prose;
    let wireless = path.ends_with("/config/wireless") || path.contains("wpa_supplicant") || path.contains("hostapd");
    // The system's own users are accounts.
    let of_users = of_users || path.ends_with("/etc/passwd") || path.ends_with("/etc/shadow");
    let mut guesses = Guesses::default();
    for (index, line, comment) in comment::lines(text, comment::style(path, language)) {
        if found.len() >= MAX_CREDENTIALS {
            break;
        }
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + line.len();
        let mut may = false;
        while places.next_if(|&at| at < end).is_some() {
            may = true;
        }
        let mut line_found: Vec<InLine> = Vec::new();
        let mut example = false;
        while let Some(hit) = tokens_left.next_if(|hit| hit.range.start < end) {
            // The same secret fits a general rule and a special one.
            let at = hit.range.start.saturating_sub(start);
            if let Some(value) = line.get(at..hit.range.end.saturating_sub(start))
                && !line_found.iter().any(|(_, _, known, _)| known == value)
            {
                let kind = TOKENS.get(hit.rule).map_or("api-token", |rule| rule.kind);
                if kind != "password-hash" || !of_users {
                    line_found.push((kind.to_owned(), assigned_to(&line[..at]), value.to_owned(), at));
                }
            }
        }
        if may {
            let (in_addresses, of_example) = in_addresses(patterns, line);
            line_found.extend(in_addresses);
            example |= of_example;
            if line.len() <= MAX_LINE && line_found.is_empty() && !prose && !of_users {
                assignments(patterns, language, line, wireless, path, &mut line_found);
            }
        }
        for (kind, key, value, at) in line_found {
            let inactive = prose || example || at >= comment || is_place_holder(&value);
            let hash = kind == "password-hash";
            let fact = Credential {
                kind,
                masked: mask(&value),
                inactive,
                world_readable: file.world_readable(),
                scheme: hash.then(|| crypt::scheme(&value)).flatten().map(str::to_owned),
                known_password: hash.then(|| guesses.password_of(key.as_deref().unwrap_or(""), &value)).flatten(),
                key,
            };
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
        ..Credential::default()
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
        let mut line_found: Vec<_> = tokens::find(line.as_bytes())
            .into_iter()
            .filter_map(|hit| {
                let value = line.get(hit.range.clone())?.to_owned();
                let kind = TOKENS.get(hit.rule).map_or("api-token", |rule| rule.kind);
                Some((kind.to_owned(), assigned_to(line.get(..hit.range.start)?), value, hit.range.start))
            })
            .collect();
        line_found.extend(in_addresses(patterns, line).0);
        if line_found.is_empty() && line.len() <= MAX_LINE {
            // As in any code a word is as likely a label as a secret.
            let mut assigned = Vec::new();
            assignments(patterns, Language::Config, line, false, "", &mut assigned);
            line_found.extend(assigned.into_iter().filter(|(_, _, value, _)| looks_secret(value)));
        }
        for (kind, key, value, _) in line_found {
            let inactive = is_place_holder(&value);
            let fact = Credential { kind, key, masked: mask(&value), inactive, ..Credential::default() };
            found.push((at, Seen::in_string(Observed::Credential(fact), &masked_excerpt(line, &value))));
        }
    }
    found
}

/// Passwords in addresses: kind, key, value and where it stands; and whether one is that of an example.
fn in_addresses(patterns: &Patterns, line: &str) -> (Vec<InLine>, bool) {
    let (mut found, mut example) = (Vec::new(), false);
    for captures in patterns.url.captures_iter(line) {
        if let (Some(user), Some(value)) = (captures.get(1), captures.get(2))
            && usable(value.as_str())
        {
            let host = captures.get(3).map_or("", |host| host.as_str());
            example |= is_example(user.as_str(), value.as_str(), host);
            let key = Some(user.as_str().to_owned());
            found.push(("url-credentials".into(), key, value.as_str().to_owned(), value.start()));
        }
    }
    (found, example)
}

/// Tokens in a program or other binary file: only what has a form that nothing else has.
fn in_program(file: &FileInput<'_>, hits: &[tokens::Hit]) -> Vec<Seen> {
    let mut found: Vec<Seen> = Vec::new();
    for hit in hits {
        let (Some(rule), Some(value)) = (TOKENS.get(hit.rule), file.bytes.get(hit.range.clone())) else { continue };
        let value = String::from_utf8_lossy(value);
        if !rule.own_form || is_place_holder(&value) || found.len() >= MAX_CREDENTIALS {
            continue;
        }
        let masked = mask(&value);
        let fact = Credential {
            kind: rule.kind.to_owned(),
            masked: masked.clone(),
            world_readable: file.world_readable(),
            ..Credential::default()
        };
        let seen = Seen::in_string(Observed::Credential(fact), &masked);
        if !found.contains(&seen) {
            found.push(seen);
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
    found: &mut Vec<InLine>,
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
    let sigils = [".php", ".inc", ".pl", ".pm", ".cgi"].iter().any(|extension| path.ends_with(extension));
    let attributes = language == Language::Markup && line.trim_start().starts_with('<');
    for captures in patterns.quoted.captures_iter(line).filter(|_| !attributes) {
        if let (Some(key), Some(value)) = (captures.get(1), captures.get(2).or_else(|| captures.get(3))) {
            // `set network.$1.password='…'` is a template; in PHP and Perl a variable begins with the sign.
            let before = &line[..key.start()];
            let before = if sigils { before.trim_end_matches('$') } else { before };
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
    // Settings in XML; in a page these are labels and names of fields.
    if language == Language::Markup
        && [".xml", ".cfg", ".conf", ".config"].iter().any(|extension| path.ends_with(extension))
    {
        for captures in patterns.attribute.captures_iter(line) {
            if let (Some(key), Some(value)) = (captures.get(1).or_else(|| captures.get(2)), captures.get(3)) {
                add(key.as_str(), value);
            }
        }
    }
    if matches!(language, Language::Shell | Language::Config | Language::Code) {
        for value in command_lines::passwords(line) {
            add("password", value);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::literals;
    use crate::tree::Entry;

    fn of(path: &str, text: &str) -> Vec<Credential> {
        let entry = Entry { path: path.into(), mode: Some(0o644), ..Entry::default() };
        let file = FileInput {
            entry: &entry,
            bytes: text.as_bytes(),
            text: super::super::text_of(text.as_bytes()),
            today: time::Date::MIN,
        };
        inspect(&file, &literals::find(file.bytes))
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
            ("/etc/start.sh", "#!/bin/sh\nusermod -p '$1$NO6zcVo/$h0HlVwPaDlYpbMXfjHJoF0' root\n", "password-hash"),
            ("/etc/up.sh", "#!/bin/sh\ncurl -s -u cam:hunter2x ftp://files.vendor.cn/x -T y\n", "password"),
            ("/etc/up.sh", "#!/bin/sh\nftpput -u cam -p hunter2x files.vendor.cn a b\n", "password"),
            ("/etc/up.sh", "#!/bin/sh\nmosquitto_pub -h b.vendor.cn -u cam -P hunter2x -t x -m y\n", "password"),
            ("/etc/up.sh", "#!/bin/sh\nsshpass -p 'hunter2x' scp a b\n", "password"),
            ("/etc/up.sh", "#!/bin/sh\nwget --http-password=hunter2x http://files.vendor.cn/\n", "password"),
            ("/etc/app.xml", "<param name=\"Admin.Password\" value=\"hunter2x\"/>\n", "password"),
            ("/etc/app.xml", "<user name=\"admin\" password=\"hunter2x\"/>\n", "password"),
            ("/etc/ddns.conf", "ddns_pass=hunter2x\n", "password"),
            ("/etc/mail.json", "{\"smtp_pass\": \"hunter2x\"}\n", "password"),
            ("/etc/app.php", "<?php $mqttPass = 'hunter2x';\n", "password"),
            ("/etc/app.lua", "local cfg = { ftp_pass = 'hunter2x' }\n", "password"),
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
        for text in [
            "url=ftp://user:hunter2x@ftp.example.com/\n",
            "url=ftp://user:password@vendor.cn/\n",
            "#password=hunter2x\n",
            "psk=\"psk_test\"\n",
            "token=your_token_here\n",
            "api_key=AKIAIOSFODNN7EXAMPLE\n",
        ] {
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
            ("/bin/up", "#!/bin/sh\ncurl -u \"$USER:$PASS\" http://x/\n"),
            ("/bin/up", "#!/bin/sh\ncurl -u admin http://x/\nmkdir -p /var/run\nftpput -u a -p $PW h x\n"),
            ("/bin/up", "#!/bin/sh\nmosquitto_sub -P \"$2\" -t x\nsshpass -p $1 ssh x\n"),
            ("/www/x.xml", "<label name=\"password\" value=\"Passwort:\"/>\n"),
        ] {
            assert!(of(path, text).is_empty(), "{text}: {:?}", of(path, text));
        }
    }
}

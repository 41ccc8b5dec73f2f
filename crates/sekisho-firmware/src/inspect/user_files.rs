//! User files of services, and copies of the system's password files: who may log in to a web server, a share, a broker, with what.
//!
//! | file | line |
//! | --- | --- |
//! | `passwd-`, `shadow-`, `shadow-vendor`, `passwd.bak` … | `user:hash:…` |
//! | `htpasswd`, boa's, `mini_httpd`'s and nginx's user files | `user:hash` |
//! | `htdigest`, `lighttpd`'s digest files | `user:realm:digest` |
//! | `GoAhead`'s `auth.txt` | `user name=… password=digest` with its realm in `define realm` or the program |
//! | `smbpasswd` | `user:id:LM:NT:…` |
//! | BusyBox's and uhttpd's `httpd.conf` | `/path:user:password` |
//! | `lighttpd`'s plain user files | `user:password` |
//! | `chap-secrets`, `pap-secrets` of pppd | `client server secret addresses` |
//! | `ipsec.secrets` of strongSwan and Libreswan | `ids : PSK "secret"`, `user : EAP "secret"` |
//! | `psk.txt` of racoon | `id secret` |
//! | OpenWrt's `/etc/config/rpcd` | `option password`; `$p$root` refers to the system's account |
//!
//! The system's own `/etc/passwd` and `/etc/shadow` are accounts.

use sekisho_model::fact::{Credential, Observed};

use super::crypt::{self, Guesses};
use super::{FileInput, Seen, mask, masked_excerpt, uci};

/// Lines of one file that are looked at.
const MAX_LINES: usize = 10_000;

/// What a line says: user, secret as it stands, what kind of secret.
struct Found<'a> {
    user: &'a str,
    secret: &'a str,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Hash,
    Nt,
    Digest(&'a str),
    Plain,
}

/// How a file is read.
fn reader(file: &FileInput<'_>) -> Option<for<'a> fn(&'a str) -> Option<Found<'a>>> {
    let (name, path) = (file.name(), file.entry.path.as_str());
    let has = |part: &str| name.contains(part);
    if path.ends_with("/etc/passwd") || path.ends_with("/etc/shadow") || path.contains("/init.d/") {
        return None;
    }
    if name == "smbpasswd" {
        return Some(smb);
    }
    if has("htdigest") || name == "digest.passwd" || name.ends_with(".digest") {
        return Some(digest);
    }
    if ["passwd", "shadow", "htpasswd", ".htusers"].into_iter().any(has) {
        return Some(hash);
    }
    match name {
        "httpd.conf" => return Some(httpd),
        "chap-secrets" | "pap-secrets" => return Some(ppp),
        "ipsec.secrets" => return Some(ipsec),
        "psk.txt" if path.contains("/racoon/") => return Some(racoon),
        _ if has("lighttpd") && has("plain") => return Some(plain),
        _ => {}
    }
    (name == "auth.txt").then_some(goahead as _)
}

/// The users in a file that is one of these.
pub(super) fn inspect(file: &FileInput<'_>, text: &str, limit: usize) -> Vec<Seen> {
    if file.entry.path.ends_with("/etc/config/rpcd") {
        return rpcd(file, text, limit);
    }
    let Some(reader) = reader(file) else { return Vec::new() };
    let mut guesses = Guesses::default();
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate().take(MAX_LINES) {
        if line.trim_start().starts_with('#') || found.len() >= limit {
            continue;
        }
        if let Some(user) = reader(line) {
            found.push(seen(file, index, line, &user, &mut guesses));
        }
    }
    found
}

fn seen(file: &FileInput<'_>, index: usize, line: &str, found: &Found<'_>, guesses: &mut Guesses) -> Seen {
    let Found { user, secret, kind } = found;
    let (kind, scheme, known) = match kind {
        Kind::Hash => ("password-hash", crypt::scheme(secret), guesses.password_of(user, secret)),
        Kind::Nt => ("password-hash", Some("nt"), guesses.password_of(user, &format!("$3$${secret}"))),
        Kind::Digest(realm) => ("password-hash", Some("digest"), Guesses::password_of_digest(user, realm, secret)),
        Kind::Plain => ("password", None, None),
    };
    let fact = Credential {
        kind: kind.into(),
        key: Some((*user).to_owned()),
        masked: mask(secret),
        inactive: false,
        world_readable: file.world_readable(),
        scheme: scheme.map(str::to_owned),
        known_password: known,
    };
    Seen::at_line(Observed::Credential(fact), index, &masked_excerpt(line, secret))
}

/// A user name: no comment, no blank, not endless.
fn user_name(field: &str) -> Option<&str> {
    (!field.is_empty() && field.len() <= 64 && !field.starts_with('#') && !field.contains(char::is_whitespace))
        .then_some(field)
}

fn hash(line: &str) -> Option<Found<'_>> {
    let mut fields = line.split(':');
    let user = user_name(fields.next()?)?;
    let secret = fields.next()?.trim().trim_start_matches('!');
    crypt::scheme(secret).is_some().then_some(Found { user, secret, kind: Kind::Hash })
}

fn hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn digest(line: &str) -> Option<Found<'_>> {
    let mut fields = line.splitn(3, ':');
    let user = user_name(fields.next()?)?;
    let (realm, secret) = (fields.next()?, fields.next()?.trim());
    hexadecimal(secret, 32).then_some(Found { user, secret, kind: Kind::Digest(realm) })
}

fn smb(line: &str) -> Option<Found<'_>> {
    let fields: Vec<&str> = line.split(':').collect();
    let user = user_name(fields.first()?)?;
    let secret = fields.get(3)?;
    hexadecimal(secret, 32).then_some(Found { user, secret, kind: Kind::Nt })
}

fn httpd(line: &str) -> Option<Found<'_>> {
    let mut fields = line.trim().splitn(3, ':');
    fields.next().filter(|path| path.starts_with('/'))?;
    let user = user_name(fields.next()?)?;
    let secret =
        fields.next().filter(|secret| !secret.is_empty() && !secret.starts_with("$p$") && !secret.contains(' '))?;
    let kind = if crypt::scheme(secret).is_some() { Kind::Hash } else { Kind::Plain };
    Some(Found { user, secret, kind })
}

/// `GoAhead` writes the digest of user, realm and password; the realm is the program's, by default `example.com`.
fn goahead(line: &str) -> Option<Found<'_>> {
    let rest = line.trim().strip_prefix("user ")?;
    let value = |key: &str| rest.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let (user, secret) = (user_name(value("name")?)?, value("password")?);
    let kind = if hexadecimal(secret, 32) {
        Kind::Digest("example.com")
    } else if crypt::scheme(secret).is_some() {
        Kind::Hash
    } else {
        return None;
    };
    Some(Found { user, secret, kind })
}

/// A secret that stands for itself: neither nothing nor anything, and no word of the form.
fn plain_secret(text: &str) -> Option<&str> {
    let secret = text.trim_matches('"');
    (!matches!(secret, "" | "*" | "-") && !secret.starts_with('@')).then_some(secret)
}

fn plain(line: &str) -> Option<Found<'_>> {
    let (user, secret) = line.trim_end().split_once(':')?;
    let secret = plain_secret(secret).filter(|secret| !secret.contains(char::is_whitespace))?;
    Some(Found { user: user_name(user)?, secret, kind: Kind::Plain })
}

fn ppp(line: &str) -> Option<Found<'_>> {
    let mut fields = line.split_whitespace();
    let user = user_name(fields.next()?.trim_matches('"'))?;
    let secret = plain_secret(fields.nth(1)?)?;
    Some(Found { user, secret, kind: Kind::Plain })
}

fn ipsec(line: &str) -> Option<Found<'_>> {
    let (ids, rest) = line.split_once(':').map(|(ids, rest)| (ids.trim(), rest.trim()))?;
    let (kind, secret) = rest.split_once(char::is_whitespace)?;
    if !matches!(kind, "PSK" | "EAP" | "XAUTH" | "NTLM") {
        return None;
    }
    let secret = secret.trim().strip_prefix('"')?.split('"').next().and_then(plain_secret)?;
    let user = ids.split_whitespace().last().and_then(user_name).unwrap_or(kind);
    Some(Found { user, secret, kind: Kind::Plain })
}

fn racoon(line: &str) -> Option<Found<'_>> {
    let mut fields = line.split_whitespace();
    let (user, secret) = (user_name(fields.next()?)?, plain_secret(fields.next()?)?);
    Some(Found { user, secret, kind: Kind::Plain })
}

fn rpcd(file: &FileInput<'_>, text: &str, limit: usize) -> Vec<Seen> {
    let mut guesses = Guesses::default();
    let mut found = Vec::new();
    for section in uci::parse(text).iter().filter(|section| section.kind == "login").take(limit) {
        let (Some((user, _)), Some((secret, index))) = (section.get("username"), section.get("password")) else {
            continue;
        };
        if secret.is_empty() || secret.starts_with("$p$") {
            continue;
        }
        let kind = if crypt::scheme(secret).is_some() { Kind::Hash } else { Kind::Plain };
        let line = text.lines().nth(index).unwrap_or_default();
        found.push(seen(file, index, line, &Found { user, secret, kind }, &mut guesses));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(path: &str, text: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let entry = Entry { path: path.into(), mode: Some(0o600), ..Entry::default() };
        let file = FileInput { entry: &entry, bytes: text.as_bytes(), text: None, today: time::Date::MIN };
        inspect(&file, text, 100)
            .into_iter()
            .map(|seen| {
                let Observed::Credential(c) = seen.observed else { panic!() };
                (c.key.unwrap(), c.scheme, c.known_password)
            })
            .collect()
    }

    #[test]
    fn every_form() {
        for (path, text, user, scheme, known) in [
            (
                "/etc/shadow-vendor",
                "root:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/:19000:0:99999:7:::\n",
                "root",
                Some("md5"),
                Some("password"),
            ),
            ("/etc/boa/.htpasswd", "admin:rJ0FHsG0ZbyZo\n", "admin", Some("des"), Some("ismart12")),
            (
                "/etc/lighttpd/htdigest",
                "admin:camera:6f3c4b1c1e4d6b4b1c1e4d6b4b1c1e4d\n",
                "admin",
                Some("digest"),
                None,
            ),
            (
                "/etc/samba/smbpasswd",
                "root:0:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:209C6174DA490CAEB422F3FA5A7AE634:[U]:LCT-0:\n",
                "root",
                Some("nt"),
                Some("admin"),
            ),
            ("/etc/httpd.conf", "/cgi-bin:admin:hunter2x\n", "admin", None, None),
            ("/etc/lighttpd/lighttpd-plain.user", "admin:hunter2x\n", "admin", None, None),
            ("/etc/ppp/chap-secrets", "# client server secret\n\"cam@isp\" * \"hunter2x\" *\n", "cam@isp", None, None),
            ("/etc/ipsec.secrets", "192.0.2.1 %any : PSK \"hunter2x\"\n", "%any", None, None),
            ("/etc/racoon/psk.txt", "192.0.2.1 hunter2x\n", "192.0.2.1", None, None),
            ("/etc/httpd.conf", "/:admin:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/\n", "admin", Some("md5"), Some("password")),
            (
                "/etc/config/rpcd",
                "config login\n\toption username 'root'\n\toption password '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'\n",
                "root",
                Some("md5"),
                Some("password"),
            ),
        ] {
            let found = of(path, text);
            assert_eq!(found, [(user.into(), scheme.map(str::to_owned), known.map(str::to_owned))], "{path} {text}");
        }
    }

    #[test]
    fn what_holds_no_secret() {
        for (path, text) in [
            ("/etc/passwd", "root:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/:0:0::/:/bin/sh\n"),
            ("/etc/passwd-", "root:x:0:0:root:/root:/bin/sh\n"),
            ("/etc/config/rpcd", "config login\n\toption username 'root'\n\toption password '$p$root'\n"),
            ("/etc/httpd.conf", "/cgi-bin:root:$p$root\nA:192.168.\nI:index.html\n.au:audio/basic\n"),
            ("/etc/ppp/pap-secrets", "*\thostname\t\"\"\t*\nguest\thostname\t\"*\"\t-\n"),
            ("/etc/ipsec.secrets", "include /var/lib/strongswan/ipsec.secrets.inc\n: RSA key.pem\n"),
            ("/etc/shadow-", "# root:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/:0\n"),
        ] {
            assert!(of(path, text).is_empty(), "{path} {text}");
        }
    }
}

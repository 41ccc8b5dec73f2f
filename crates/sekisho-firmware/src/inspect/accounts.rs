//! Accounts: `/etc/passwd` and `/etc/shadow` put together.

use std::collections::BTreeMap;

use sekisho_model::fact::{Account, Observed, PasswordState};

use super::Seen;
use super::crypt::{self, Guesses};
use crate::tree::{Entry, View};

/// Accounts of one system that are listed.
const MAX_ACCOUNTS: usize = 1000;

/// The accounts of a system.
pub(super) fn inspect(view: &View<'_>) -> Vec<(String, Seen)> {
    let shadow = view.text("/etc/shadow");
    let passwd = view.text("/etc/passwd");
    let mut hidden: BTreeMap<&str, (usize, &str, &str)> = BTreeMap::new();
    if let Some((_, text)) = &shadow {
        for (index, line) in text.lines().enumerate() {
            let mut fields = line.split(':');
            if let (Some(user), Some(field), Some(_)) = (user_name(fields.next()), fields.next(), fields.next()) {
                hidden.entry(user).or_insert((index, line, field));
            }
        }
    }
    let mut seen = Vec::new();
    let mut guesses = Guesses::default();
    if let Some((entry, text)) = &passwd {
        for (index, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.split(':').collect();
            let Some(user) = user_name(fields.first().copied()) else { continue };
            let (Some(&field), Some(uid)) = (fields.get(1), fields.get(2)) else { continue };
            let shell = fields.get(6).map_or("", |s| s.trim());
            let in_shadow = hidden.remove(user);
            // The shadow file decides only where the password field refers to it.
            let (place, at, text_line, field) = match (field, in_shadow, &shadow) {
                ("x", Some((at, shadow_line, shadow_field)), Some((shadow_entry, _))) => {
                    (*shadow_entry, at, shadow_line, shadow_field)
                }
                ("x", ..) => (*entry, index, line, "*"),
                _ => (*entry, index, line, field),
            };
            let mut account = account(user, field, place, &mut guesses);
            account.uid = uid.parse().ok();
            account.login_shell = lets_in(view, shell);
            account.shell = Some(if shell.is_empty() { "/bin/sh" } else { shell }.to_owned());
            seen.push((
                place.path.clone(),
                Seen::at_line(Observed::Account(account), at, &without_hash(text_line, field)),
            ));
        }
    }
    if let Some((entry, _)) = &shadow {
        for (user, (index, line, field)) in hidden {
            let account = account(user, field, entry, &mut guesses);
            seen.push((
                entry.path.clone(),
                Seen::at_line(Observed::Account(account), index, &without_hash(line, field)),
            ));
        }
    }
    seen.truncate(MAX_ACCOUNTS);
    seen
}

/// A user name as a line begins with it.
fn user_name(field: Option<&str>) -> Option<&str> {
    field.filter(|name| {
        !name.is_empty() && name.len() <= 64 && !name.starts_with(['#', '+', '-']) && !name.contains(' ')
    })
}

fn account(user: &str, field: &str, place: &Entry, guesses: &mut Guesses) -> Account {
    let field = field.trim();
    let (password, hash) = state(field);
    let known = (password == PasswordState::Hash).then(|| guesses.password_of(user, hash)).flatten();
    Account {
        user: user.to_owned(),
        scheme: crypt::scheme(hash).map(str::to_owned),
        hash_world_readable: matches!(password, PasswordState::Hash | PasswordState::LockedHash)
            && place.mode.is_none_or(|mode| mode & 0o004 != 0),
        known_password: known,
        password,
        ..Account::default()
    }
}

/// The state that a password field means, and the hash in it.
fn state(field: &str) -> (PasswordState, &str) {
    if field.is_empty() {
        return (PasswordState::Empty, "");
    }
    if let Some(rest) = field.strip_prefix('!') {
        let hash = rest.trim_start_matches('!');
        return if crypt::scheme(hash).is_some() {
            (PasswordState::LockedHash, hash)
        } else {
            (PasswordState::Locked, "")
        };
    }
    if let Some(rest) = field.strip_prefix("*LK*") {
        return if crypt::scheme(rest).is_some() {
            (PasswordState::LockedHash, rest)
        } else {
            (PasswordState::Locked, "")
        };
    }
    match crypt::scheme(field) {
        Some(_) => (PasswordState::Hash, field),
        // `*`, `x`, `NP` and whatever else no password hashes to.
        None => (PasswordState::Locked, ""),
    }
}

/// Whether a login with this shell gives a session.
fn lets_in(view: &View<'_>, shell: &str) -> bool {
    let shell = if shell.is_empty() { "/bin/sh" } else { shell };
    let name = super::file_name(shell);
    !matches!(name, "nologin" | "false" | "true" | "sync" | "halt" | "shutdown" | "null" | "git-shell")
        && view.exists(shell)
}

fn without_hash(line: &str, field: &str) -> String {
    if crypt::scheme(field.trim_start_matches('!')).is_none() {
        return line.to_owned();
    }
    // What tells the scheme stays; what could be cracked does not.
    let kept = field.rfind('$').map_or("", |at| &field[..at]);
    let salt_free = kept.rfind('$').map_or("", |at| &kept[..=at]);
    line.replace(field, &format!("{salt_free}******"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    fn accounts(files: &[(&str, u16, &str)]) -> Vec<Account> {
        let tree = FakeTree::new(files);
        inspect(&tree.view())
            .into_iter()
            .map(|(_, seen)| {
                let Observed::Account(account) = seen.observed else { panic!() };
                account
            })
            .collect()
    }

    #[test]
    fn every_state() {
        let found = accounts(&[
            ("/bin/sh", 0o755, "x"),
            (
                "/etc/passwd",
                0o644,
                "root:x:0:0:root:/root:/bin/sh\nempty::1:1::/:/bin/sh\nlocked:x:2:2::/:/bin/sh\nstarred:*:3:3::/:/bin/false\nghost:x:4:4::/:/bin/missing\nopen:$1$NO6zcVo/$h0HlVwPaDlYpbMXfjHJoF0:5:5::/:/bin/sh\n#comment:x:1:1::/:/bin/sh\n",
            ),
            (
                "/etc/shadow",
                0o600,
                "root::0:0:99999:7:::\nlocked:!$1$abc$0123456789012345678901:0:0:::::\nlone:*:0:0:::::\n",
            ),
        ]);
        let of = |user: &str| found.iter().find(|a| a.user == user).unwrap();
        assert_eq!(found.len(), 7);
        assert_eq!(of("root").password, PasswordState::Empty);
        assert!(of("root").login_shell && !of("root").hash_world_readable);
        assert_eq!(of("empty").password, PasswordState::Empty);
        assert_eq!(of("locked").password, PasswordState::LockedHash);
        assert_eq!(of("starred").password, PasswordState::Locked);
        assert!(!of("starred").login_shell && !of("ghost").login_shell);
        assert_eq!(of("ghost").password, PasswordState::Locked);
        assert_eq!((of("open").password, of("open").scheme.as_deref()), (PasswordState::Hash, Some("md5")));
        assert!(of("open").hash_world_readable);
        assert_eq!((of("lone").uid, &of("lone").shell), (None, &None));
    }

    #[test]
    fn a_hash_is_not_shown() {
        let tree =
            FakeTree::new(&[("/etc/shadow", 0o600, "root:$6$salt$abcdefghij:0:0:::::\n"), ("/etc/passwd", 0o644, "")]);
        let found = inspect(&tree.view());
        assert_eq!(found[0].1.excerpt.as_deref(), Some("root:$6$******:0:0:::::"));
    }
}

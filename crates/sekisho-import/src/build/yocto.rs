//! Configuration files of Yocto's `BitBake` (`local.conf`, a distribution's or a layer's `conf`).

use sekisho_model::fact::{BuildOption, Observed, Source};

use crate::draft::Draft;

/// Variables that are lists: each of their entries is an option of its own.
const LISTS: [&str; 9] = [
    "IMAGE_FEATURES",
    "EXTRA_IMAGE_FEATURES",
    "DISTRO_FEATURES",
    "MACHINE_FEATURES",
    "IMAGE_INSTALL",
    "CORE_IMAGE_EXTRA_INSTALL",
    "PACKAGE_EXCLUDE",
    "INHERIT",
    "USER_CLASSES",
];

/// Other variables that bear on security.
const SINGLE: [&str; 13] = [
    "MACHINE",
    "DISTRO",
    "DISTRO_VERSION",
    "PACKAGE_CLASSES",
    "SECURITY_CFLAGS",
    "SECURITY_LDFLAGS",
    "DEBUG_BUILD",
    "INCOMPATIBLE_LICENSE",
    "UBOOT_SIGN_ENABLE",
    "FIT_GENERATE_KEYS",
    "SWUPDATE_SIGNING",
    "PACKAGE_FEED_SIGN",
    "INIT_MANAGER",
];

/// Variables whose value may hold passwords.
const SECRETS: [&str; 2] = ["EXTRA_USERS_PARAMS", "ROOT_PASSWORD"];

/// Variables by which the file is known.
const MARKS: [&str; 10] = [
    "MACHINE",
    "DISTRO",
    "BB_NUMBER_THREADS",
    "BBLAYERS",
    "PACKAGE_CLASSES",
    "DL_DIR",
    "SSTATE_DIR",
    "TMPDIR",
    "CONF_VERSION",
    "BB_DISKMON_DIRS",
];

/// How a value is put to a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Set,
    Add,
    Remove,
}

struct Assignment<'t> {
    variable: &'t str,
    operator: Operator,
    value: String,
    line: u32,
}

/// Whether a text is such a file.
pub(super) fn is(text: &str) -> bool {
    let known = |variable: &str| MARKS.contains(&variable) || LISTS.contains(&variable) || SINGLE.contains(&variable);
    assignments(text).iter().any(|assignment| known(assignment.variable))
}

/// The assignments of a text; lines that end in a backslash are joined.
fn assignments(text: &str) -> Vec<Assignment<'_>> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some((variable, operator, value)) = assignment(line) else { continue };
        let mut value = value.trim().to_owned();
        while value.ends_with('\\') {
            value.pop();
            let Some((_, next)) = lines.next() else { break };
            value.push(' ');
            value.push_str(next.trim());
        }
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
        found.push(Assignment { variable, operator, value: quoted.unwrap_or(value).to_owned(), line });
    }
    found
}

/// `NAME = "value"`, `NAME:append = …`, `NAME_append = …`, `NAME += …`, `NAME ?= …`, `NAME ??= …` (*`BitBake` User Manual*, 3.1).
fn assignment(line: &str) -> Option<(&str, Operator, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    if line.starts_with(['#', ' ', '\t']) {
        return None;
    }
    let (left, value) = line.split_once('=')?;
    let (left, added) = match left.trim_end_matches(['?', ':', '.']).strip_suffix('+') {
        Some(left) => (left, true),
        None => (left.trim_end_matches(['?', ':']), left.ends_with('.')),
    };
    // `+=` and `=+`, `.=` and `=.`.
    let (value, added) = match value.strip_prefix(['+', '.']) {
        Some(value) => (value, true),
        None => (value, added),
    };
    let left = left.trim_end_matches('.').trim();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-:.".contains(c));
    if !plain(left) {
        return None;
    }
    for (mark, operator) in [("append", Operator::Add), ("prepend", Operator::Add), ("remove", Operator::Remove)] {
        for separator in [':', '_'] {
            if let Some(at) = left.find(&format!("{separator}{mark}")) {
                return Some((left.get(..at)?, operator, value));
            }
        }
    }
    Some((left, if added { Operator::Add } else { Operator::Set }, value))
}

pub(super) fn read(text: &str, draft: &mut Draft) {
    for assignment in assignments(text) {
        let Assignment { variable, operator, value, line } = assignment;
        if LISTS.contains(&variable) {
            for entry in value.split_whitespace().take(1000) {
                let set = if operator == Operator::Remove { "n" } else { "y" };
                put(&format!("{variable}/{entry}"), set, line, draft);
            }
        } else if SECRETS.contains(&variable) {
            put(variable, "…", line, draft);
        } else if SINGLE.contains(&variable) {
            put(variable, &value, line, draft);
        }
    }
}

fn put(option: &str, value: &str, line: u32, draft: &mut Draft) {
    let fact = BuildOption { software: "yocto".to_owned(), option: draft.short(option), value: draft.short(value) };
    draft.fact_at(Observed::BuildOption(fact), Source { line: Some(line), ..Source::default() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuildCollector;

    #[test]
    fn features_are_options_of_their_own() {
        let text = "# local.conf\nMACHINE ??= \"qemuarm\"\nEXTRA_IMAGE_FEATURES ?= \"debug-tweaks \\\n  ssh-server-dropbear\"\nIMAGE_FEATURES:remove = \"package-management\"\nDISTRO_FEATURES_append = \" selinux\"\nINHERIT += \"extrausers\"\nEXTRA_USERS_PARAMS = \"usermod -p secret root;\"\nOTHER = \"x\"\n";
        let found = BuildCollector::default().read(text.as_bytes(), "local.conf", "device", &|_| {}).unwrap();
        let options: Vec<_> = found
            .facts
            .iter()
            .filter_map(|fact| match &fact.observed {
                Observed::BuildOption(o) => Some((o.option.as_str(), o.value.as_str(), fact.source.line)),
                _ => None,
            })
            .collect();
        assert_eq!(
            options,
            [
                ("DISTRO_FEATURES/selinux", "y", Some(6)),
                ("EXTRA_IMAGE_FEATURES/debug-tweaks", "y", Some(3)),
                ("EXTRA_IMAGE_FEATURES/ssh-server-dropbear", "y", Some(3)),
                ("EXTRA_USERS_PARAMS", "…", Some(8)),
                ("IMAGE_FEATURES/package-management", "n", Some(5)),
                ("INHERIT/extrausers", "y", Some(7)),
                ("MACHINE", "qemuarm", Some(2)),
            ]
        );
        assert!(!format!("{found:?}").contains("secret"));
    }
}

//! Passwords on the command lines of scripts.
//!
//! | program | where |
//! | --- | --- |
//! | `curl` | `-u user:password`, `--user`, `--proxy-user` |
//! | `wget` | `--password=`, `--http-password=`, `--ftp-password=` |
//! | BusyBox's `ftpget` and `ftpput` | `-p` |
//! | `mosquitto_pub`, `mosquitto_sub`, `mosquitto_rr` | `-P`, `--pw` |
//! | `sshpass` | `-p` |
//! | `mysql`, `mysqldump` | `-p` and `--password=` without a blank |

use std::sync::LazyLock;

use regex::{Match, Regex};

/// A value: no reference to a variable, no further option.
const VALUE: &str = r#"["']?([^\s"'$`;|&-][^\s"'$`;|&]{2,63})"#;

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    // Nothing but options and their values may stand between the program and the option.
    let between = r"(?:\s[^;|&]*?)?\s";
    [
        format!(r#"\bcurl{between}(?:-u|--user|--proxy-user)\s*["']?[^\s:"'$]{{1,64}}:([^\s"'$`;|&]{{3,64}})"#),
        format!(r"\bwget{between}--(?:http-|ftp-|proxy-)?password={VALUE}"),
        format!(r"\bftp(?:get|put){between}-p\s*{VALUE}"),
        format!(r"\bmosquitto_(?:pub|sub|rr){between}(?:-P|--pw)\s*{VALUE}"),
        format!(r"\bsshpass{between}-p\s*{VALUE}"),
        format!(r"\bmysql(?:dump|admin)?{between}(?:-p|--password=){VALUE}"),
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Programs of the table: a line without one of them has none of these.
const PROGRAMS: [&str; 6] = ["curl", "wget", "ftp", "mosquitto_", "sshpass", "mysql"];

/// The passwords in a line.
pub(super) fn passwords(line: &str) -> Vec<Match<'_>> {
    if !PROGRAMS.iter().any(|program| line.contains(program)) {
        return Vec::new();
    }
    PATTERNS.iter().flat_map(|pattern| pattern.captures_iter(line).filter_map(|captures| captures.get(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_references() {
        let of = |line| passwords(line).into_iter().map(|m| m.as_str()).collect::<Vec<_>>();
        assert_eq!(PATTERNS.len(), 6);
        assert_eq!(of("curl --user a:s3cret -T x ftp://h/"), ["s3cret"]);
        assert_eq!(of("mysql -ps3cret db"), ["s3cret"]);
        assert_eq!(of("ftpget -v -u u -p \"s3cret\" h a b"), ["s3cret"]);
        for none in
            ["curl -u $U:$P h", "ftpget -u u -p $P h", "curl x; mkdir -p /var/abc", "mysql -p db", "curl -p proxy"]
        {
            assert!(of(none).is_empty(), "{none} {:?}", of(none));
        }
    }
}

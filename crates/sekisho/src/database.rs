//! The vulnerability database: where it is, and what is said of one that cannot be used.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use sekisho_diag::Problem;
use sekisho_vulndb::DatabaseError;

use crate::messages;
use crate::printer::Printer;

/// The variable that names the database.
const VARIABLE: &str = "SEKISHO_VULNDB";

/// Whether the user's surroundings name a database: one that is then not there is a mistake, not a user without a database.
pub(crate) fn is_named_by_variable() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|name| !name.is_empty())
}

/// Where the database is, whether or not it is there: the file given, else what `SEKISHO_VULNDB` names, else
/// `sekisho/vulnerabilities.db` in the user's folder for data. None where the system tells no such folder.
pub(crate) fn path(given: Option<&Path>) -> Option<PathBuf> {
    let named = || std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let usual = || {
        let folder = data_folder(|name| std::env::var_os(name), std::env::home_dir())?;
        Some(folder.join("sekisho").join("vulnerabilities.db"))
    };
    given.map(Path::to_path_buf).or_else(named).or_else(usual)
}

/// The same for commands that cannot do without.
///
/// # Errors
/// Where nothing says where it is.
pub(crate) fn required_path(given: Option<&Path>, printer: &Printer) -> anyhow::Result<PathBuf> {
    path(given).ok_or_else(|| anyhow!("{}", messages::no_place_for_database().get(printer.lang)))
}

/// The user's folder for data: XDG's, that of Apple's file system guide, Windows' for what does not roam. Three variables are not worth a
/// dependency.
fn data_folder(variable: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    // The XDG specification has relative paths ignored.
    let named = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        named("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(home?.join("Library").join("Application Support"))
    } else {
        named("XDG_DATA_HOME").or_else(|| Some(home?.join(".local").join("share")))
    }
}

/// Why a database cannot be used, with what to do about it.
pub(crate) fn problem(error: &DatabaseError) -> Problem {
    let (code, hint) = match error {
        DatabaseError::Io { source, .. } if source.kind() == ErrorKind::NotFound => (
            "not-found",
            Some(
                "a database is made by `sekisho vulndb import PATH…`; --vulndb (--db of `vulndb`) or SEKISHO_VULNDB says where it is",
            ),
        ),
        DatabaseError::Io { .. } => ("io", None),
        DatabaseError::NotADatabase { .. } => {
            ("not-a-database", Some("it is left as it is; name another file, or remove it and import anew"))
        }
        DatabaseError::Format { .. } => {
            ("database-format", Some("remove it and import anew, or use the version of the program that made it"))
        }
        DatabaseError::Damaged { .. } => {
            ("damaged-database", Some("remove it and import anew, or take a fresh copy of the pack it came from"))
        }
        DatabaseError::Busy { .. } => ("import-running", Some("wait until the other import has ended")),
        DatabaseError::Stopped | DatabaseError::TooManyRecords(_) => ("import-ended", None),
        DatabaseError::Signature { .. } => ("signature", None),
    };
    let problem = Problem::error(code, error.to_string());
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_comes_first() {
        assert_eq!(path(Some(Path::new("here.db"))), Some(PathBuf::from("here.db")));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_folder_of_xdg() {
        let home = || Some(PathBuf::from("/home/me"));
        let folder = |value: Option<&'static str>, home| data_folder(|_| value.map(OsString::from), home);
        assert_eq!(folder(Some("/data"), home()), Some(PathBuf::from("/data")));
        assert_eq!(folder(Some("relative"), home()), Some(PathBuf::from("/home/me/.local/share")));
        assert_eq!(folder(None, home()), Some(PathBuf::from("/home/me/.local/share")));
        assert_eq!(folder(None, None), None);
    }
}

//! What can go wrong with a database as a whole.

use std::io;
use std::path::{Path, PathBuf};

/// Why a database could not be made, opened or read.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{}: not a vulnerability database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// It was made by another version of this program, which wrote it in another way.
    #[error("{}: a database of format {found}, where {expected} is understood; import anew", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format it has.
        found: u32,
        /// The format understood here.
        expected: u32,
    },
    /// Its bytes are not what was written.
    #[error("{}: damaged ({what})", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// Another import into the same database is running.
    #[error("{}: another import is running", path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// The caller stopped the import.
    #[error("stopped")]
    Stopped,
    /// The database would hold more records than allowed.
    #[error("more than {0} records")]
    TooManyRecords(usize),
    /// A key or a signature cannot be used, or the signature does not fit.
    #[error("{}: {what}", path.display())]
    Signature {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl DatabaseError {
    /// Names the file that an error of the system is about.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_path_buf(), what: what.into() }
    }
}

//! What a worker tells its parent: one JSON value a line.

use std::io;

use sekisho_diag::Problem;
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::fact::Fact;
use serde::{Deserialize, Serialize};

use crate::confine::Layer;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "say", content = "of")]
pub enum Message {
    /// First of all: which layers of confinement hold.
    Confined(Vec<Layer>),
    /// A new step begins.
    Step(String),
    /// So many bytes are done.
    Bytes(u64),
    /// The facts of a part that is done.
    Facts(Vec<Fact>),
    /// Facts of the collection, in their order: of many, so that no line is as long as all of them.
    Part(Vec<Fact>),
    /// Everything but the facts that were told in parts, at the end.
    Done(Box<Collection>),
    /// The file cannot be opened or read: what the system said.
    Unreadable {
        /// The error's number, where the system gave one.
        code: Option<i32>,
        /// The error in words.
        words: String,
    },
    /// The file is not what it should be.
    Unusable(Box<Problem>),
}

impl Message {
    /// The last word on an artefact that could not be collected from.
    pub(crate) fn of_error(error: CollectError) -> Self {
        match error {
            CollectError::Io { source, .. } => {
                Self::Unreadable { code: source.raw_os_error(), words: source.to_string() }
            }
            CollectError::Unusable(problem) => Self::Unusable(Box::new(problem)),
        }
    }

    /// The error that an [`Unreadable`](Self::Unreadable) stands for.
    pub(crate) fn io_error(code: Option<i32>, words: String) -> io::Error {
        code.map_or_else(|| io::Error::other(words), io::Error::from_raw_os_error)
    }
}

//! What every collector is: a function from an artefact to facts, with an account of what it could not see.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::artefact::{Artefact, ArtefactKind};
use crate::coverage::Coverage;
use crate::fact::Fact;

/// What a collector brought back from one artefact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// The artefact as it was read.
    pub artefact: Artefact,
    /// What was seen, in a stable order.
    pub facts: Vec<Fact>,
    /// For each aspect of the collector, how far it got.
    pub coverage: Vec<Coverage>,
}

/// Progress of a collector, for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A new step begins: an untranslated technical name such as `squashfs at 0x149000`.
    Step(&'a str),
    /// So many bytes of the artefact are done.
    Bytes(u64),
    /// What a part that is done has shown, for whoever keeps it in case that the rest fails. Artefact and subject are not filled in yet, and
    /// what follows from several parts together is not among them.
    Facts(&'a [Fact]),
}

/// Who wants to know about progress. Called from several threads.
pub type OnProgress<'a> = &'a (dyn Fn(Progress<'_>) + Sync);

/// Why an artefact could not be read at all. What could be read in part is no error but a gap in the [`Coverage`].
#[derive(Debug, Error)]
pub enum CollectError {
    /// The file cannot be opened or read.
    #[error("cannot read {name}")]
    Io {
        /// The artefact's name.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not what it should be; the problem has its place and hint.
    #[error(transparent)]
    Unusable(#[from] sekisho_diag::Problem),
}

/// A collector reads one kind of artefact. It never sees a control or an objective, never writes a file, never runs what it finds.
pub trait Collector: Sync {
    /// What it reads.
    fn reads(&self) -> ArtefactKind;

    /// Files that it reads beside the artefact at `path`, such as a detached signature. They are told by their names, before anything of the
    /// artefact is read: a confined process can open only the artefact and these.
    fn beside(&self, path: &Path) -> Vec<PathBuf> {
        let _ = path;
        Vec::new()
    }

    /// Reads the artefact at `path`; `name` is how facts and messages call it, `subject` the component it belongs to.
    ///
    /// # Errors
    /// Only where nothing could be read at all.
    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError>;
}

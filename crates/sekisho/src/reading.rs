//! Reading one artefact: with which collector, and in a process of its own or in this one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sekisho_diag::Problem;
use sekisho_firmware::FirmwareCollector;
use sekisho_import::{BuildCollector, PublishedCollector, ResultsCollector};
use sekisho_isolation::{Bounds, Isolated, Layer, Start};
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress};
use sekisho_net::message::MessageCollector;
use sekisho_pcap::{CaptureCollector, MudCollector};
use sekisho_sbom::SbomCollector;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::messages;
use crate::printer::Printer;

/// The name of the command by which the program starts itself as a worker.
pub(crate) const WORKER: &str = "worker";

/// Reads artefacts as of one moment.
pub(crate) struct Reader {
    now: OffsetDateTime,
    isolate: bool,
    /// Layers of confinement that the system did not offer.
    missing: Mutex<BTreeSet<Layer>>,
}

impl Reader {
    /// Ages are counted as of `now`; with `isolate`, each artefact is read in a confined process of its own.
    pub(crate) fn new(now: OffsetDateTime, isolate: bool) -> Self {
        Self { now, isolate, missing: Mutex::default() }
    }

    /// Reads one artefact; `name` is how facts and messages call it, `subject` the component it belongs to.
    pub(crate) fn read(
        &self,
        kind: ArtefactKind,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        // A pipe or a device cannot be opened a second time, and what is not there is said here.
        if self.isolate && (path.is_file() || path.is_dir()) && self.here(kind).is_some() {
            let failed = |source| CollectError::Io { name: name.to_owned(), source };
            let now = self.now.format(&Rfc3339).map_err(|error| failed(std::io::Error::other(error)))?;
            let start = Start {
                program: std::env::current_exe().map_err(failed)?,
                arguments: [WORKER, kind.name(), "--now", &now].map(OsString::from).to_vec(),
            };
            let isolated = Isolated::new(kind, kind.aspects(), start, Bounds::default());
            let collection = isolated.collect(path, name, subject, progress);
            self.missing.lock().unwrap_or_else(PoisonError::into_inner).extend(isolated.missing());
            return collection;
        }
        let here = self.here(kind).ok_or_else(|| {
            CollectError::Unusable(Problem::error(
                "not-collected",
                format!("nothing is collected from {}", kind.name()),
            ))
        })?;
        here.collect(path, name, subject, progress)
    }

    /// The collector for a kind of artefact, in this process; none for what is no file: databases, which what the others saw is held against, and
    /// what is looked at over the network.
    pub(crate) fn here(&self, kind: ArtefactKind) -> Option<Box<dyn Collector>> {
        let today = self.now.date();
        match kind {
            ArtefactKind::Firmware => Some(Box::new(FirmwareCollector::new(today))),
            ArtefactKind::Sbom => Some(Box::new(SbomCollector::new(today))),
            ArtefactKind::Capture => Some(Box::new(CaptureCollector::default())),
            ArtefactKind::Mud => Some(Box::new(MudCollector::default().at(self.now))),
            ArtefactKind::Message => Some(Box::new(MessageCollector::default())),
            ArtefactKind::Published => Some(Box::new(PublishedCollector::default())),
            ArtefactKind::Build => Some(Box::new(BuildCollector::default())),
            ArtefactKind::Results => Some(Box::new(ResultsCollector::new(self.now))),
            _ => None,
        }
    }

    /// Says what the system did not offer for the confinement of what was read.
    pub(crate) fn note_missing(&self, printer: &Printer) {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if !missing.is_empty() {
            printer.note(&messages::not_confined(&missing.iter().copied().collect::<Vec<_>>()));
        }
    }
}

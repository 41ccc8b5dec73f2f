//! `sekisho worker`: collecting in a confined process. The program starts it itself; nobody types it.

use std::io;

use anyhow::Context as _;
use sekisho_isolation::{Bounds, worker};
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::exit;

use crate::cli::WorkerArgs;
use crate::inputs;
use crate::reading::Reader;

pub(crate) fn run(args: &WorkerArgs) -> anyhow::Result<u8> {
    let reader = Reader::new(inputs::moment(args.now.as_deref())?, false);
    let kind = ArtefactKind::from(args.collector);
    let collector = reader.here(kind).with_context(|| format!("nothing is collected from {}", kind.name()))?;
    // Asked before the confinement, which takes away the files in which a system says it.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = || {
        // Where it fails, the pool is made later with as many threads as can then be told.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(cores).build_global();
    };
    worker(&*collector, &args.file, &Bounds::default(), threads, io::stdout())?;
    Ok(exit::OK)
}

//! The worker's side: confine, collect, tell.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sekisho_model::collect::{Collector, Progress};

use crate::confine::{Bounds, confine};
use crate::message::Message;

/// Facts in one line.
const PART: usize = 2_000;

/// Confines this process, collects from the artefact at `path` and writes what it found to `out`. `threads` is called after the
/// confinement and before the collecting, to start the threads that it is to use: only those started then are confined, too.
///
/// # Errors
/// Where `out` cannot be written to: the parent is gone.
pub fn worker(
    collector: &dyn Collector,
    path: &Path,
    bounds: &Bounds,
    threads: impl FnOnce(),
    out: impl Write + Send,
) -> io::Result<()> {
    let beside = collector.beside(path);
    let files: Vec<&Path> = std::iter::once(path).chain(beside.iter().map(PathBuf::as_path)).collect();
    let held = confine(&files, bounds);
    threads();
    let out = Mutex::new(out);
    let tell = |message: &Message| -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        let mut out = out.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        out.write_all(&line)?;
        out.flush()
    };
    tell(&Message::Confined(held))?;
    // A parent that is gone shows at the last line at the latest; until then nothing is lost by going on.
    let progress = |progress: Progress<'_>| {
        let _ = tell(&match progress {
            Progress::Step(step) => Message::Step(step.to_owned()),
            Progress::Bytes(bytes) => Message::Bytes(bytes),
            Progress::Facts(facts) => Message::Facts(facts.to_vec()),
        });
    };
    // Name and subject are the parent's to fill in.
    let last = match collector.collect(path, &path.display().to_string(), "", &progress) {
        Ok(mut collection) => {
            let mut facts = std::mem::take(&mut collection.facts).into_iter();
            while facts.len() > PART {
                tell(&Message::Part(facts.by_ref().take(PART).collect()))?;
            }
            collection.facts = facts.collect();
            Message::Done(Box::new(collection))
        }
        Err(error) => Message::of_error(error),
    };
    tell(&last)
}

//! Running the collectors over a product's artefacts, several at a time, with progress.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use sekisho_assess::{Evidence, Unread};
use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector as _, Progress};
use sekisho_model::product::{Component, Product, is_web_address};

use crate::live::Live;
use crate::messages;
use crate::printer::Printer;
use crate::reading::Reader;

/// Collects from one artefact that belongs to no product.
pub(crate) fn one(
    kind: ArtefactKind,
    file: &Path,
    reader: &Reader,
    printer: &Printer,
) -> Result<Collection, CollectError> {
    let name = file.display().to_string();
    Bars::new(printer).watch(&name, |progress| reader.read(kind, file, &name, "-", progress))
}

/// Looks at one host or domain of a component.
pub(crate) fn live_one(
    kind: ArtefactKind,
    component: &Component,
    name: &str,
    live: &Live,
    printer: &Printer,
) -> Result<Collection, Text> {
    Bars::new(printer).watch(name, |progress| live.read(kind, component, name, progress))
}

/// An artefact that a product file names.
struct Named<'p> {
    kind: ArtefactKind,
    component: &'p Component,
    name: String,
    path: PathBuf,
}

/// Collects from every artefact that `product` names, relative to `folder`. What cannot be read is part of the answer, not an error.
pub(crate) fn collect(
    product: &Product,
    folder: &Path,
    only: &[ArtefactKind],
    reader: &Reader,
    live: &Live,
    printer: &Printer,
) -> Evidence {
    let bars = Bars::new(printer);
    let look = |artefact: &Named<'_>| {
        if !only.is_empty() && !only.contains(&artefact.kind) {
            return Err(unread(artefact, Text::new("left out by --only", "--onlyにより対象外")));
        }
        bars.watch(&artefact.name, |progress| match artefact.kind {
            ArtefactKind::Host | ArtefactKind::Domain => {
                live.read(artefact.kind, artefact.component, &artefact.name, progress)
            }
            ArtefactKind::Published if is_web_address(&artefact.name) => {
                live.published(artefact.component, &artefact.name, reader, progress)
            }
            kind => {
                let asking = (kind == ArtefactKind::Message).then(|| live.messages(artefact.component)).flatten();
                let (path, name, subject) = (&artefact.path, &artefact.name, &artefact.component.id);
                match asking {
                    Some(messages) => messages.collect(path, name, subject, progress),
                    None => reader.read(kind, path, name, subject, progress),
                }
                .map_err(|error| reason(&error))
            }
        })
        .map_err(|reason| unread(artefact, reason))
    };
    // What is looked at over the network mostly waits: it gets threads of its own and leaves the pool's to those that compute.
    let (waiting, computing): (Vec<_>, Vec<_>) = named(product, folder).into_iter().partition(|artefact| {
        matches!(artefact.kind, ArtefactKind::Host | ArtefactKind::Domain)
            || artefact.kind == ArtefactKind::Published && is_web_address(&artefact.name)
    });
    let results: Vec<Result<Collection, Box<Unread>>> = thread::scope(|scope| {
        let waiting: Vec<_> = waiting.iter().map(|artefact| scope.spawn(|| look(artefact))).collect();
        let mut results: Vec<_> = computing.par_iter().map(&look).collect();
        results.extend(waiting.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))));
        results
    });
    reader.note_missing(printer);
    let mut evidence = Evidence::default();
    for result in results {
        match result {
            Ok(collection) => evidence.collections.push(collection),
            Err(unread) => evidence.unread.push(*unread),
        }
    }
    evidence
}

fn named<'p>(product: &'p Product, folder: &Path) -> Vec<Named<'p>> {
    let mut all = Vec::new();
    for component in &product.components {
        for kind in ArtefactKind::ALL {
            all.extend(component.artefacts(kind).into_iter().map(|name| Named {
                kind,
                component,
                name: name.to_owned(),
                path: folder.join(name),
            }));
        }
    }
    all
}

fn unread(artefact: &Named<'_>, reason: Text) -> Box<Unread> {
    Box::new(Unread {
        artefact: Artefact {
            name: artefact.name.clone(),
            kind: artefact.kind,
            subject: artefact.component.id.clone(),
            size: None,
            sha256: None,
            made: None,
        },
        reason,
    })
}

fn reason(error: &CollectError) -> Text {
    match error {
        CollectError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            Text::new("the file does not exist", "ファイルが存在しない")
        }
        CollectError::Io { source, .. } => Text::new(source.to_string(), format!("読み取りエラー：{source}")),
        CollectError::Unusable(problem) => Text::new(problem.to_string(), problem.to_string()),
    }
}

/// Progress on the terminal, one line per artefact.
struct Bars {
    all: MultiProgress,
    reading: String,
}

impl Bars {
    fn new(printer: &Printer) -> Self {
        let target = if printer.shows_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            all: MultiProgress::with_draw_target(target),
            reading: messages::collecting().get(printer.lang).to_owned(),
        }
    }

    fn watch<T>(&self, name: &str, work: impl FnOnce(&(dyn Fn(Progress<'_>) + Sync)) -> T) -> T {
        let bar = self.all.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(format!("{} {name}", self.reading));
        let result = work(&|progress| match progress {
            Progress::Step(step) => {
                bar.set_message(step.to_owned());
                bar.tick();
            }
            Progress::Bytes(_) | Progress::Facts(_) => bar.tick(),
        });
        bar.finish_and_clear();
        result
    }
}

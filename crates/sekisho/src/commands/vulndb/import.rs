//! `sekisho vulndb import`: what people downloaded becomes one database, or is added to it.

use std::fs;
use std::ops::ControlFlow;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sekisho_model::exit;
use sekisho_report::terminal::{self, VulnerabilityView};
use sekisho_vulndb::{AgeLimits, ImportOptions, ImportReport, Reason, Step, import};
use serde::Serialize;

use super::moment;
use crate::cli::{Format, VulndbImportArgs};
use crate::database;
use crate::messages;
use crate::printer::Printer;

pub(crate) fn run(args: &VulndbImportArgs, printer: &Printer) -> anyhow::Result<u8> {
    let now = moment(args.now.as_deref())?;
    let file = database::required_path(args.db.db.as_deref(), printer)?;
    // What is named and not there is a mistake of the call, and not a feed that has become smaller.
    for path in &args.paths {
        fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let options = ImportOptions { full: !args.update, ..ImportOptions::new(now) };
    let bar = Bar::new(printer);
    let report = import(&args.paths, &file, &options, &mut |step| {
        bar.step(step);
        ControlFlow::Continue(())
    });
    bar.0.finish_and_clear();
    let report = report.map_err(|error| database::problem(&error))?;
    let name = file.display().to_string();
    match args.format {
        Format::Text => {
            let view = VulnerabilityView { database: &name, now, limits: &AgeLimits::default() };
            printer.data(&terminal::vulnerability_import(&report, view, printer.lang, printer.style()))?;
        }
        Format::Json => {
            printer.json(&Imported { format: "sekisho-vulndb-import/1", database: &name, report: &report })?;
        }
    }
    Ok(code(&report, file.exists()))
}

/// An update without a record, such as NVD answers when nothing changed, is no mistake; a first import without one is.
fn code(report: &ImportReport, exists: bool) -> u8 {
    let cut_short = [Reason::CutOff, Reason::Unreadable, Reason::Incomplete];
    if report.read == 0 && (!exists || report.files == 0 || !report.problems.is_empty()) {
        exit::BAD_INPUT
    } else if cut_short.iter().any(|reason| report.problems.contains_key(reason)) {
        exit::INCOMPLETE
    } else {
        exit::OK
    }
}

/// The report as data.
#[derive(Serialize)]
struct Imported<'a> {
    format: &'static str,
    database: &'a str,
    #[serde(flatten)]
    report: &'a ImportReport,
}

/// Progress on the terminal.
struct Bar(ProgressBar, messages::ImportSteps);

impl Bar {
    fn new(printer: &Printer) -> Self {
        let target = if printer.shows_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self(bar, messages::ImportSteps(printer.lang))
    }

    fn step(&self, step: Step) {
        if !self.0.is_hidden() {
            self.0.set_message(self.1.text(step));
            self.0.tick();
        }
    }
}

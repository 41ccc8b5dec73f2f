//! `sekisho assess`: the main job.

use std::path::{Path, PathBuf};

use anyhow::bail;
use sekisho_assess::{Request, assess};
use sekisho_catalog::Catalog;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::assessment::Assessment;
use sekisho_model::exit;
use sekisho_model::product::Product;
use sekisho_model::verdict::Severity;
use sekisho_report::{html, json, terminal};
use time::OffsetDateTime;

use crate::cli::{AssessArgs, Format, GateArgs, Global, IsolationArgs, VulnerabilityArgs};
use crate::inputs::Refused;
use crate::live::Live;
use crate::printer::Printer;
use crate::reading::Reader;
use crate::{evidence, inputs, output, vulnerabilities};

/// Name and version as assessments state them.
pub(super) const TOOL: &str = concat!("sekisho ", env!("CARGO_PKG_VERSION"));

/// Where the HTML report goes if nothing is said.
const DEFAULT_HTML: &str = "sekisho-report.html";

pub(crate) fn run(args: &AssessArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let Ok(mut product) = inputs::product(&args.product, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    if !args.documents.is_empty() {
        for name in &args.documents {
            catalog.document(name).map_err(|unknown| inputs::unknown(&unknown))?;
        }
        product.documents.clone_from(&args.documents);
    }
    let html_file = html_file(args);
    refuse_overwriting(args, &product, html_file.as_deref())?;
    let now = inputs::moment(args.now.as_deref())?;
    let only: Vec<_> = args.only.iter().map(|&name| name.into()).collect();
    let reader = Reader::new(now, !args.isolation.no_isolation);
    let live = Live::prepare(&product, &args.product, &args.network, now, printer)?;
    let given = Given { file: &args.product, only: &only, now, vulnerabilities: &args.vulnerabilities, live: &live };
    let assessment = assessed(&product, given, &reader, &catalog, printer)?;

    if let Some(file) = &html_file {
        output::write(file, &html::report(&assessment, &catalog, printer.lang)?)?;
    }
    if let Some(file) = &args.json {
        output::write(file, &json::assessment(&assessment))?;
    }
    match args.format {
        Format::Json => printer.data(&json::assessment(&assessment))?,
        Format::Text => {
            let file = html_file.as_ref().map(|f| f.display().to_string());
            let style = printer.style();
            printer.data(&terminal::summary(&assessment, &catalog, printer.lang, style, file.as_deref()))?;
        }
    }
    Ok(gate(&args.gate, &assessment))
}

/// From what, and as of when, a product is assessed.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// The product file.
    pub(super) file: &'a Path,
    /// The kinds of artefacts to read; all where there are none.
    pub(super) only: &'a [ArtefactKind],
    /// The moment.
    pub(super) now: OffsetDateTime,
    /// The vulnerability database.
    pub(super) vulnerabilities: &'a VulnerabilityArgs,
    /// How far the network may be used.
    pub(super) live: &'a Live,
}

/// Collects and assesses; shared with `explain`.
pub(super) fn assessed(
    product: &Product,
    given: Given<'_>,
    reader: &Reader,
    catalog: &Catalog,
    printer: &Printer,
) -> anyhow::Result<Assessment> {
    let folder = given.file.parent().unwrap_or_else(|| Path::new("."));
    let database = vulnerabilities::find(given.vulnerabilities, product, folder, given.now);
    let mut evidence = evidence::collect(product, folder, given.only, reader, given.live, printer);
    vulnerabilities::add(database, product, &mut evidence)?;
    Ok(assess(catalog, Request { product, now: given.now, tool: TOOL }, evidence)?)
}

/// The product in `file`, collected and assessed; `Refused` where the file has mistakes.
pub(super) fn assess_file(
    file: &Path,
    now: OffsetDateTime,
    isolation: IsolationArgs,
    vulnerabilities: &VulnerabilityArgs,
    catalog: &Catalog,
    printer: &Printer,
) -> anyhow::Result<Result<Assessment, Refused>> {
    match inputs::product(file, catalog, printer)? {
        Ok(product) => {
            let reader = Reader::new(now, !isolation.no_isolation);
            // To explain something is no reason to contact a device: who wants that explained gives the assessment itself.
            let live = Live::offline(now);
            let given = Given { file, only: &[], now, vulnerabilities, live: &live };
            assessed(&product, given, &reader, catalog, printer).map(Ok)
        }
        Err(refused) => Ok(Err(refused)),
    }
}

/// Refuses to write a report over what it is made from, or over another report.
fn refuse_overwriting(args: &AssessArgs, product: &Product, html: Option<&Path>) -> anyhow::Result<()> {
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    };
    let folder = args.product.parent().unwrap_or_else(|| Path::new("."));
    let artefacts =
        product.components.iter().flat_map(|c| ArtefactKind::ALL.into_iter().flat_map(|kind| c.artefacts(kind)));
    let mut inputs: Vec<PathBuf> = artefacts.map(|name| folder.join(name)).collect();
    inputs.push(args.product.clone());
    for output in html.into_iter().chain(args.json.as_deref()) {
        if inputs.iter().any(|input| same(input, output)) {
            bail!("{} is an input of the assessment and is not written over", output.display());
        }
    }
    match (html, args.json.as_deref()) {
        (Some(a), Some(b)) if same(a, b) => bail!("--html and --json name the same file {}", a.display()),
        _ => Ok(()),
    }
}

fn html_file(args: &AssessArgs) -> Option<PathBuf> {
    match (&args.html, args.no_html, args.format) {
        (Some(file), ..) => Some(file.clone()),
        (None, false, Format::Text) => Some(PathBuf::from(DEFAULT_HTML)),
        (None, ..) => None,
    }
}

/// The exit code. What fails weighs more than what is missing.
fn gate(gate: &GateArgs, assessment: &Assessment) -> u8 {
    if let Some(limit) = gate.fail_on {
        let limit = Severity::from(limit);
        if assessment.findings.iter().any(|f| f.severity >= limit || f.contradicts_answer) {
            return exit::GATE_FAILED;
        }
    }
    let missing = |n: &sekisho_model::assessment::NotLookedAt| n.artefact.is_some() || n.subject.is_some();
    if gate.require_evidence && assessment.not_looked_at.iter().any(missing) {
        return exit::INCOMPLETE;
    }
    exit::OK
}

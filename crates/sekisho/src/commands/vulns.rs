//! `sekisho vulns`: the known vulnerabilities of a product's components.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use sekisho_assess::{mark_packaged, vulnerabilities_since, vulnerability_changes};
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::exit;
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::Product;
use sekisho_model::verdict::Severity;
use sekisho_model::vulnerability::{Confidence, ProductName, Standing, VulnerabilityReport};
use sekisho_report::vulnerabilities::{self as report, Publisher, Shown};
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use super::assess::TOOL;
use crate::cli::{Global, VulnerabilityArgs, VulnsArgs, VulnsFormat};
use crate::live::Live;
use crate::printer::Printer;
use crate::reading::Reader;
use crate::vulnerabilities::{Found, Opened};
use crate::{database, evidence, inputs, messages, vulnerabilities};

pub(crate) fn run(args: &VulnsArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let Ok(product) = inputs::product(&args.product, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    let now = inputs::moment(args.now.as_deref())?;
    let folder = args.product.parent().unwrap_or_else(|| Path::new("."));
    // What cannot be answered is told before anything is collected.
    let opened = open(vulnerabilities::find(&args.vulnerabilities, &product, folder, now), printer)?;
    let since = args.since.as_deref().map(|text| since(text, &product, now, printer)).transpose()?;
    let publisher = publisher(args)?;

    let reader = Reader::new(now, !args.isolation.no_isolation);
    let evidence = evidence::collect(&product, folder, &[], &reader, &Live::offline(now), printer);
    // Hosts and domains hold no components: that they were not contacted says nothing here.
    let silent = [ArtefactKind::Host, ArtefactKind::Domain];
    for unread in evidence.unread.iter().filter(|unread| !silent.contains(&unread.artefact.kind)) {
        printer.note(&messages::not_read(&unread.artefact.name, &unread.reason));
    }
    let mut facts = vulnerabilities::facts(&evidence);
    mark_packaged(&mut facts);
    let made = inputs::written(now)?;
    let now_known = examined(&opened, &product, &facts, &made)?;

    let (lang, style) = (printer.lang, printer.style());
    let shown = if args.all { Shown::ALL } else { Shown::default() };
    let text = match since {
        None => match args.format() {
            VulnsFormat::Table => report::table(&now_known, shown, lang, style),
            VulnsFormat::Json => report::json(&now_known),
            VulnsFormat::Cyclonedx => report::cyclonedx(&now_known, lang)?,
            VulnsFormat::Csaf => report::csaf(&now_known, &named(publisher, &now_known, printer)?, lang)?,
            VulnsFormat::Openvex => report::openvex(&now_known, &named(publisher, &now_known, printer)?, lang)?,
        },
        Some(since) => {
            let json = match args.format() {
                VulnsFormat::Table => false,
                VulnsFormat::Json => true,
                _ => return Err(anyhow!(messages::changes_have_no_format().get(lang).to_owned())),
            };
            match since {
                Since::Day(day) => {
                    let recent = vulnerabilities_since(&now_known, day);
                    if json { report::json(&recent) } else { report::since_table(&recent, lang, style) }
                }
                Since::Report(before) => changes(&before, &now_known, json, printer),
                Since::Database(before) => {
                    changes(&examined(&before, &product, &facts, &made)?, &now_known, json, printer)
                }
            }
        }
    };
    printer.data(&text)?;
    Ok(gate(args.fail_on.map(Severity::from), &now_known))
}

fn changes(old: &VulnerabilityReport, new: &VulnerabilityReport, json: bool, printer: &Printer) -> String {
    let changes = vulnerability_changes(old, new);
    if json { report::json(&changes) } else { report::changes_table(&changes, printer.lang, printer.style()) }
}

/// The database, which this command cannot do without.
fn open(found: Found, printer: &Printer) -> anyhow::Result<Box<Opened>> {
    match found {
        Found::Opened(opened) => Ok(opened),
        Found::Unusable(_, error) => Err(database::problem(&error).into()),
        Found::None => Err(anyhow!(messages::no_database().get(printer.lang).to_owned())),
    }
}

/// What a report is compared with.
enum Since {
    /// A day.
    Day(Date),
    /// A report of before.
    Report(Box<VulnerabilityReport>),
    /// A database of before.
    Database(Box<Opened>),
}

/// What a report says of itself.
#[derive(serde::Deserialize)]
struct Format {
    #[serde(default)]
    format: String,
}

/// A day, or a file that is a report or a database.
fn since(text: &str, product: &Product, now: OffsetDateTime, printer: &Printer) -> anyhow::Result<Since> {
    if let Ok(day) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Ok(Since::Day(day));
    }
    let path = PathBuf::from(text);
    let begins = {
        let mut begins = [0; 64];
        let mut file = fs::File::open(&path).with_context(|| messages::no_since(text).get(printer.lang).to_owned())?;
        let read = std::io::Read::read(&mut file, &mut begins)?;
        begins.into_iter().take(read).find(|byte| !byte.is_ascii_whitespace())
    };
    if begins == Some(b'{') {
        let json = fs::read(&path)?;
        let format: Format = serde_json::from_slice(&json).with_context(|| format!("{text} is not valid JSON"))?;
        if format.format != VulnerabilityReport::FORMAT {
            return Err(anyhow!(
                messages::no_report_before(text, VulnerabilityReport::FORMAT).get(printer.lang).to_owned()
            ));
        }
        let before: VulnerabilityReport = serde_json::from_slice(&json).with_context(|| text.to_owned())?;
        return Ok(Since::Report(Box::new(before)));
    }
    let args = VulnerabilityArgs { vulndb: Some(path), ..VulnerabilityArgs::default() };
    Ok(Since::Database(open(vulnerabilities::find(&args, product, Path::new("."), now), printer)?))
}

fn publisher(args: &VulnsArgs) -> anyhow::Result<Option<Publisher>> {
    let both = args.publisher.as_ref().zip(args.namespace.as_ref());
    Ok(both.map(|(name, namespace)| Publisher::new(name, namespace)).transpose()?)
}

/// Who issues the document: whoever was named, else the product's maker.
fn named(given: Option<Publisher>, of: &VulnerabilityReport, printer: &Printer) -> anyhow::Result<Publisher> {
    given.or_else(|| Publisher::of(of)).ok_or_else(|| anyhow!(messages::no_publisher().get(printer.lang).to_owned()))
}

fn examined(opened: &Opened, product: &Product, facts: &[Fact], made: &str) -> anyhow::Result<VulnerabilityReport> {
    let examination = opened.examine(product, facts)?;
    Ok(VulnerabilityReport {
        format: VulnerabilityReport::FORMAT.to_owned(),
        tool: TOOL.to_owned(),
        made: made.to_owned(),
        product: ProductName {
            name: product.name.clone(),
            vendor: product.vendor.clone(),
            model: product.model.clone(),
            version: product.version.clone(),
        },
        database: opened.used.clone(),
        components: examination.inventory.len(),
        inventory: examination.inventory,
        not_judged: examination.not_judged,
        vulnerabilities: examination.vulnerabilities,
    })
}

/// The exit code: whether something is affected that is as severe as the limit, or known to be exploited. A name alone fails nothing. What
/// nobody has scored is at least worth knowing.
fn gate(limit: Option<Severity>, report: &VulnerabilityReport) -> u8 {
    let fails = |fact: &Fact| {
        let Observed::KnownVulnerability(known) = &fact.observed else { return false };
        let severe = known.exploited || Some(known.severity.unwrap_or(Severity::Info)) >= limit;
        known.standing == Standing::Affected && known.confidence != Confidence::NameOnly && !known.disputed && severe
    };
    if limit.is_some() && report.vulnerabilities.iter().any(fails) { exit::GATE_FAILED } else { exit::OK }
}

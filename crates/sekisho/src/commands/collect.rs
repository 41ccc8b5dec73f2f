//! `sekisho collect`: one collector alone, on one artefact or on two that are compared.

use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use sekisho_assess::difference;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::exit;
use sekisho_model::product::Component;
use sekisho_net::client::ClientTest;
use sekisho_report::terminal;
use sekisho_sbom::Tool;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::{CollectArgs, CollectFormat, Global};
use crate::live::Live;
use crate::printer::Printer;
use crate::reading::Reader;
use crate::{evidence, inputs, live, messages};

pub(crate) fn run(args: &CollectArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let kind = ArtefactKind::from(args.collector);
    match kind {
        ArtefactKind::Host | ArtefactKind::Domain => return over_network(kind, args, global, printer),
        ArtefactKind::Client => return client(args, printer),
        _ => {}
    }
    if args.format == CollectFormat::Cyclonedx {
        // A bill of materials is one already: what it lists was not seen by this program.
        if kind == ArtefactKind::Sbom {
            bail!(messages::no_bill_of_a_bill().get(printer.lang).to_owned());
        }
        if args.diff {
            bail!(messages::no_bill_of_a_difference().get(printer.lang).to_owned());
        }
    }
    let now = inputs::moment(args.now.as_deref())?;
    let reader = Reader::new(now, !args.isolation.no_isolation);
    let read = |file: &Path| -> anyhow::Result<Collection> {
        match evidence::one(kind, file, &reader, printer) {
            Err(CollectError::Unusable(problem)) => Err(problem.into()),
            other => Ok(other?),
        }
    };
    match (args.diff, args.files.as_slice()) {
        (false, [file]) => {
            let collection = read(file)?;
            reader.note_missing(printer);
            match args.format {
                CollectFormat::Json => printer.json(&collection)?,
                CollectFormat::Cyclonedx => bill_of_materials(args, &collection, now, printer)?,
                CollectFormat::Text => {
                    printer.data(&terminal::evidence(&collection, args.all, printer.lang, printer.style()))?;
                }
            }
        }
        (true, [old, new]) => {
            let difference = difference(read(old)?, read(new)?);
            reader.note_missing(printer);
            match args.format {
                CollectFormat::Text => {
                    printer.data(&terminal::difference(&difference, printer.lang, printer.style()))?;
                }
                _ => printer.json(&difference)?,
            }
        }
        (false, []) => bail!(messages::no_file_given().get(printer.lang).to_owned()),
        (true, _) => bail!(messages::diff_needs_two().get(printer.lang).to_owned()),
        (false, _) => bail!(messages::two_without_diff().get(printer.lang).to_owned()),
    }
    Ok(exit::OK)
}

/// Looks at the hosts or domains that a product file declares.
fn over_network(kind: ArtefactKind, args: &CollectArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let [file] = args.files.as_slice() else {
        bail!(messages::one_product_file(kind).get(printer.lang).to_owned());
    };
    if args.diff || args.format == CollectFormat::Cyclonedx {
        bail!(messages::no_such_form_of_live().get(printer.lang).to_owned());
    }
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let Ok(product) = inputs::product(file, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    let wanted = |component: &&Component| args.component.as_ref().is_none_or(|id| *id == component.id);
    let declared: Vec<(&Component, &str)> = product
        .components
        .iter()
        .filter(wanted)
        .flat_map(|component| component.artefacts(kind).into_iter().map(move |name| (component, name)))
        .collect();
    if declared.is_empty() {
        bail!(messages::nothing_declared(kind).get(printer.lang).to_owned());
    }
    let live = Live::prepare(&product, file, &args.network, inputs::moment(args.now.as_deref())?, printer)?;
    let mut collections = Vec::new();
    for (component, name) in declared {
        match evidence::live_one(kind, component, name, &live, printer) {
            Ok(collection) => collections.push(collection),
            Err(reason) => printer.say(&format!("{name}: {}", reason.get(printer.lang))),
        }
    }
    match args.format {
        CollectFormat::Json => printer.json(&collections)?,
        _ => {
            for collection in &collections {
                printer.data(&terminal::evidence(collection, args.all, printer.lang, printer.style()))?;
            }
        }
    }
    Ok(if collections.is_empty() { exit::INCOMPLETE } else { exit::OK })
}

/// Waits for a client and shows it certificates that it should refuse.
fn client(args: &CollectArgs, printer: &Printer) -> anyhow::Result<u8> {
    let Some(address) = args.client.listen else {
        bail!(messages::where_to_listen().get(printer.lang).to_owned());
    };
    if args.diff || args.format == CollectFormat::Cyclonedx {
        bail!(messages::no_such_form_of_live().get(printer.lang).to_owned());
    }
    let now = inputs::moment(args.now.as_deref())?;
    let names: Vec<String> = args.client.name.iter().cloned().collect();
    let test = ClientTest::new(address, &names, None, Duration::from_secs(args.network.time.into()));
    let stop = live::interruptible()?;
    let findings = sekisho_net::client::listen(&test, &stop, |address| {
        printer.note(&messages::listening(&address.to_string(), args.network.time));
    });
    let artefact = Artefact {
        name: address.to_string(),
        kind: ArtefactKind::Client,
        subject: "-".to_owned(),
        size: None,
        sha256: None,
        made: now.format(&Rfc3339).ok(),
    };
    let collection = findings.into_collection(artefact, ArtefactKind::Client.aspects());
    match args.format {
        CollectFormat::Json => printer.json(&collection)?,
        _ => printer.data(&terminal::evidence(&collection, args.all, printer.lang, printer.style()))?,
    }
    Ok(exit::OK)
}

fn bill_of_materials(
    args: &CollectArgs,
    collection: &Collection,
    now: OffsetDateTime,
    printer: &Printer,
) -> anyhow::Result<()> {
    // The time is the one that was asked for, or the image's own: two runs give the same document.
    let asked = args.now.is_some() || std::env::var_os("SOURCE_DATE_EPOCH").is_some();
    let asked = asked.then(|| now.format(&Rfc3339)).transpose()?;
    let made = asked.as_deref().or(collection.artefact.made.as_deref());
    let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    printer.json(&sekisho_sbom::bill_of_materials(collection, tool, made))
}

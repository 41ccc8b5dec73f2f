//! `sekisho collect`: one collector alone, on one artefact or on two that are compared.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use sekisho_assess::difference;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::exit;
use sekisho_model::product::Component;
use sekisho_net::client::{Authority, ClientTest};
use sekisho_report::terminal;
use sekisho_sbom::Tool;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::{
    ActiveArgs, ClientArgs, CollectArgs, CollectFormat, Collector, DeclaredArgs, FileArgs, Format, Global, NetworkArgs,
    ShownArgs,
};
use crate::live::Live;
use crate::printer::Printer;
use crate::reading::Reader;
use crate::{evidence, inputs, live, messages};

pub(crate) fn run(args: &CollectArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    match &args.collector {
        Collector::Host(args) => {
            let network = NetworkArgs {
                pace: args.pace.clone(),
                active: args.active.clone(),
                vantage: args.vantage.clone(),
                roots: args.roots.clone(),
                ..NetworkArgs::default()
            };
            over_network(ArtefactKind::Host, &args.declared, &network, &args.shown, global, printer)
        }
        Collector::Domain(args) => {
            let network = NetworkArgs {
                pace: args.pace.clone(),
                resolver: args.resolver.clone(),
                // There are no active tests of a domain to be asked about.
                active: ActiveArgs { yes: true },
                ..NetworkArgs::default()
            };
            over_network(ArtefactKind::Domain, &args.declared, &network, &args.shown, global, printer)
        }
        Collector::Client(args) => client(args, printer),
        files => files.file().map_or(Ok(exit::BAD_INPUT), |(kind, args)| from_files(kind, args, printer)),
    }
}

/// Reads one file, or compares two.
fn from_files(kind: ArtefactKind, args: &FileArgs, printer: &Printer) -> anyhow::Result<u8> {
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
fn over_network(
    kind: ArtefactKind,
    declared: &DeclaredArgs,
    network: &NetworkArgs,
    shown: &ShownArgs,
    global: &Global,
    printer: &Printer,
) -> anyhow::Result<u8> {
    let Some(file) = &declared.product else {
        bail!(messages::one_product_file(kind).get(printer.lang).to_owned());
    };
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let Ok(product) = inputs::product(file, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    let wanted = |component: &&Component| declared.component.as_ref().is_none_or(|id| *id == component.id);
    let found: Vec<(&Component, &str)> = product
        .components
        .iter()
        .filter(wanted)
        .flat_map(|component| component.artefacts(kind).into_iter().map(move |name| (component, name)))
        .collect();
    if found.is_empty() {
        bail!(messages::nothing_declared(kind).get(printer.lang).to_owned());
    }
    let live = Live::prepare(&product, file, network, inputs::moment(shown.now.as_deref())?, printer)?;
    let mut collections = Vec::new();
    for (component, name) in found {
        match evidence::live_one(kind, component, name, &live, printer) {
            Ok(collection) => collections.push(collection),
            Err(reason) => printer.say(&format!("{name}: {}", reason.get(printer.lang))),
        }
    }
    match shown.format {
        Format::Json => printer.json(&collections)?,
        Format::Text => {
            for collection in &collections {
                printer.data(&terminal::evidence(collection, shown.all, printer.lang, printer.style()))?;
            }
        }
    }
    Ok(if collections.is_empty() { exit::INCOMPLETE } else { exit::OK })
}

/// The authority that the client trusts.
fn authority(file: &Path, args: &ClientArgs) -> anyhow::Result<Authority> {
    let read = |file: &Path| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()));
    let key = args.authority_key.as_deref().unwrap_or(file);
    Authority::from_pem(&read(file)?, &read(key)?).map_err(|error| {
        anyhow!(
            "{}: {error} (hint: PEM with the authority's certificate and its unencrypted key in PKCS #8, or the key in --authority-key)",
            file.display()
        )
    })
}

/// Waits for a client and shows it certificates that it should refuse.
fn client(args: &ClientArgs, printer: &Printer) -> anyhow::Result<u8> {
    let Some(address) = args.listen else {
        bail!(messages::where_to_listen().get(printer.lang).to_owned());
    };
    let (shown, seconds) = (&args.shown, args.time.time);
    let now = inputs::moment(shown.now.as_deref())?;
    let names: Vec<String> = args.name.iter().cloned().collect();
    let authority = args.authority.as_deref().map(|file| authority(file, args)).transpose()?;
    let test = ClientTest::new(address, &names, authority.as_ref(), Duration::from_secs(seconds.into()));
    let stop = live::interruptible()?;
    let findings = sekisho_net::client::listen(&test, &stop, |address| {
        printer.note(&messages::listening(&address.to_string(), seconds));
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
    match shown.format {
        Format::Json => printer.json(&collection)?,
        Format::Text => printer.data(&terminal::evidence(&collection, shown.all, printer.lang, printer.style()))?,
    }
    Ok(exit::OK)
}

fn bill_of_materials(
    args: &FileArgs,
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

//! `sekisho collect`: one collector alone, on one artefact or on two that are compared.

use std::path::Path;

use anyhow::bail;
use sekisho_assess::difference;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::exit;
use sekisho_report::terminal;
use sekisho_sbom::Tool;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::{CollectArgs, CollectFormat, Global};
use crate::printer::Printer;
use crate::reading::Reader;
use crate::{evidence, inputs, messages};

pub(crate) fn run(args: &CollectArgs, _: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let kind = ArtefactKind::from(args.collector);
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
        (true, _) => bail!(messages::diff_needs_two().get(printer.lang).to_owned()),
        (false, _) => bail!(messages::two_without_diff().get(printer.lang).to_owned()),
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

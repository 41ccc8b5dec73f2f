//! `sekisho collect`: one collector alone, on one artefact or on two that are compared.

use std::path::Path;

use anyhow::bail;
use sekisho_assess::difference;
use sekisho_model::collect::{CollectError, Collection};
use sekisho_model::exit;
use sekisho_report::terminal;

use crate::cli::{CollectArgs, Format, Global};
use crate::printer::Printer;
use crate::reading::Reader;
use crate::{evidence, inputs, messages};

pub(crate) fn run(args: &CollectArgs, _: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let reader = Reader::new(inputs::moment(args.now.as_deref())?, !args.isolation.no_isolation);
    let read = |file: &Path| -> anyhow::Result<Collection> {
        match evidence::one(args.collector.into(), file, &reader, printer) {
            Err(CollectError::Unusable(problem)) => Err(problem.into()),
            other => Ok(other?),
        }
    };
    match (args.diff, args.files.as_slice()) {
        (false, [file]) => {
            let collection = read(file)?;
            reader.note_missing(printer);
            match args.format {
                Format::Json => printer.json(&collection)?,
                Format::Text => {
                    printer.data(&terminal::evidence(&collection, args.all, printer.lang, printer.style()))?;
                }
            }
        }
        (true, [old, new]) => {
            let difference = difference(read(old)?, read(new)?);
            reader.note_missing(printer);
            match args.format {
                Format::Json => printer.json(&difference)?,
                Format::Text => printer.data(&terminal::difference(&difference, printer.lang, printer.style()))?,
            }
        }
        (true, _) => bail!(messages::diff_needs_two().get(printer.lang).to_owned()),
        (false, _) => bail!(messages::two_without_diff().get(printer.lang).to_owned()),
    }
    Ok(exit::OK)
}

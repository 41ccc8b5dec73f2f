//! `sekisho gap`: what meeting some documents leaves open in another.

use sekisho_crosswalk::{Links, gap};
use sekisho_model::exit;
use sekisho_report::terminal;

use crate::cli::{GapArgs, Global};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &GapArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let want = inputs::document(&catalog, &args.want)?;
    let have = args.have.iter().map(|name| inputs::document(&catalog, name)).collect::<Result<Vec<_>, _>>()?;
    let links = Links::new(&catalog, have.iter().copied().chain([want]));
    let ids: Vec<&str> = have.iter().map(|document| document.id.as_str()).collect();
    let gap = gap(&links, &ids, &want.id);
    if args.json {
        printer.json(&gap)?;
    } else {
        printer.data(&terminal::gap(&gap, args.all, &catalog, printer.lang, printer.style()))?;
    }
    Ok(exit::OK)
}

//! `sekisho mud`: the MUD file of a device, from what the product file declares.

use anyhow::anyhow;
use sekisho_diag::{Problem, Severity};
use sekisho_model::exit;
use sekisho_model::product::{Component, Product};
use sekisho_pcap::{Limits, mud};

use crate::cli::{Global, MudArgs};
use crate::printer::Printer;
use crate::{inputs, messages};

pub(crate) fn run(args: &MudArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let Ok(product) = inputs::product(&args.product, &catalog, printer)? else { return Ok(exit::BAD_INPUT) };
    let component = component(&product, args.component.as_deref(), printer)?;
    let made = inputs::written(inputs::moment(args.now.as_deref())?)?;
    let draft = mud::from_product(&product, &component.id, &args.url, &made)
        .ok_or_else(|| anyhow!("'{}' is no component of the product", component.id))?;
    let file = format!("{:#}\n", mud::write(&draft.mud));
    // What is written is held against the same rules as what is read: an address that is not https is told here, not by the network.
    let (_, problems) = mud::read(file.as_bytes(), "MUD", &Limits::default())?;
    if let Some(problem) = problems.into_iter().find(|problem| problem.severity == Severity::Error) {
        // Its place is in a file that nobody has.
        return Err(Problem { place: None, ..problem }.into());
    }
    for note in &draft.notes {
        printer.note(note);
    }
    printer.data(&file)?;
    Ok(exit::OK)
}

/// The component that was named, else the only device.
fn component<'p>(product: &'p Product, named: Option<&str>, printer: &Printer) -> anyhow::Result<&'p Component> {
    let devices: Vec<&Component> = product.components.iter().filter(|one| one.kind.is_hardware()).collect();
    let found = match (named, devices.as_slice()) {
        (Some(id), _) => product.components.iter().find(|one| one.id == id),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    found.ok_or_else(|| {
        let ids: Vec<&str> = devices.iter().map(|one| one.id.as_str()).collect();
        anyhow!(messages::which_component(named, &ids.join(", ")).get(printer.lang).to_owned())
    })
}

//! `sekisho vulndb`: the database of known vulnerabilities; one file for each of its commands.

mod export;
mod import;
mod status;
mod verify;

use sekisho_vulndb::Moment;

use crate::cli::{VulndbArgs, VulndbCommand};
use crate::inputs;
use crate::printer::Printer;

pub(crate) fn run(args: &VulndbArgs, printer: &Printer) -> anyhow::Result<u8> {
    match &args.command {
        VulndbCommand::Import(args) => import::run(args, printer),
        VulndbCommand::Status(args) => status::run(args, printer),
        VulndbCommand::Export(args) => export::run(args, printer),
        VulndbCommand::Verify(args) => verify::run(args, printer),
    }
}

/// The moment from which ages are counted.
fn moment(given: Option<&str>) -> anyhow::Result<Moment> {
    inputs::moment(given).map(Moment::from)
}

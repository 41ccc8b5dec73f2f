//! `sekisho vulndb verify`: whether a pack is what somebody signed, and what it holds.

use sekisho_model::exit;
use sekisho_report::terminal::{self, VulnerabilityView};
use sekisho_vulndb::{AgeLimits, DatabaseError, pack};

use super::moment;
use crate::cli::VulndbVerifyArgs;
use crate::database;
use crate::messages;
use crate::printer::Printer;

pub(crate) fn run(args: &VulndbVerifyArgs, printer: &Printer) -> anyhow::Result<u8> {
    let now = moment(args.now.as_deref())?;
    let status = pack::verify(&args.pack, &args.key).map_err(|error| {
        let problem = database::problem(&error);
        match error {
            DatabaseError::Signature { .. } => problem.hint(
                "--key takes the file with the signer's public key, or the key itself (RW…); do not use a pack that does not verify",
            ),
            DatabaseError::Io { .. } => problem.hint("the pack and its signature (PACK.minisig) lie beside each other"),
            _ => problem,
        }
    })?;
    let name = args.pack.display().to_string();
    let view = VulnerabilityView { database: &name, now, limits: &AgeLimits::default() };
    let (lang, style) = (printer.lang, printer.style());
    printer.data(
        &(terminal::vulnerability_pack_verified(lang, style)
            + &terminal::vulnerability_status(&status, view, lang, style)),
    )?;
    printer.note(&messages::next_after_verify(&name));
    Ok(exit::OK)
}

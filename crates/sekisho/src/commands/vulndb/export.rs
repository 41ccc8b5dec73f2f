//! `sekisho vulndb export`: a signed copy of the database, for places without a network.

use anyhow::{Context, bail};
use sekisho_model::exit;
use sekisho_vulndb::{DatabaseError, pack};

use crate::cli::VulndbExportArgs;
use crate::database;
use crate::messages;
use crate::printer::Printer;

/// The variable that has the password of the key. Not an option: other users of a machine see those.
const PASSWORD: &str = "SEKISHO_MINISIGN_PASSWORD";

pub(crate) fn run(args: &VulndbExportArgs, printer: &Printer) -> anyhow::Result<u8> {
    let file = database::required_path(args.db.db.as_deref(), printer)?;
    let signature = pack::signature_path(&args.pack);
    if !args.force
        && let Some(there) = [&args.pack, &signature].into_iter().find(|path| path.exists())
    {
        bail!("{}", messages::exists(&there.display().to_string()).get(printer.lang));
    }
    let password = match std::env::var(PASSWORD) {
        Err(std::env::VarError::NotPresent) => None,
        password => Some(password.context(PASSWORD)?),
    };
    pack::export(&file, &args.pack, &args.key, password.as_deref()).map_err(|error| {
        let problem = database::problem(&error);
        match (&error, &password) {
            (DatabaseError::Signature { .. }, None) => {
                problem.hint(format!("a secret key of minisign; if it has a password, set {PASSWORD}"))
            }
            (DatabaseError::Signature { .. }, Some(_)) => {
                problem.hint(format!("a secret key of minisign, whose password {PASSWORD} has"))
            }
            (DatabaseError::Io { path, .. }, _) if *path == args.key => {
                problem.hint("--key names the file with the secret key, as `minisign -G` makes it")
            }
            _ => problem,
        }
    })?;
    let (pack, signature) = (args.pack.display().to_string(), signature.display().to_string());
    printer.note(&messages::written(&pack));
    printer.note(&messages::written(&signature));
    printer.note(&messages::next_after_pack(&pack));
    Ok(exit::OK)
}

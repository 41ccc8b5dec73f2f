//! `sekisho catalog import`: a standard that is not in the catalog becomes a document in a folder for `--catalog`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use sekisho_diag::{Problem, Severity, Sources};
use sekisho_exchange::{ImportFormat, ImportRequest, Limits, import, verify};
use sekisho_model::exit;

use super::export::make_folder_of;
use crate::cli::{Global, ImportArgs};
use crate::printer::Printer;
use crate::{inputs, messages, output};

pub(crate) fn run(args: &ImportArgs, global: &Global, printer: &Printer) -> anyhow::Result<u8> {
    let id_is_good = args
        .id
        .split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if !id_is_good {
        let problem = Problem::error("bad-id", format!("'{}' is not in kebab case", args.id));
        return Err(problem.hint("use lower-case letters, digits and single hyphens: my-standard").into());
    }
    let target = args.out.join("documents").join(format!("{}.yaml", args.id));
    if target.exists() && !args.force {
        bail!("{}", messages::exists(&target.display().to_string()).get(printer.lang));
    }
    // The folder that is written into may hold the document from before; the built-in catalog is what it must fit.
    let Ok(catalog) = inputs::catalog(global, printer) else { return Ok(exit::BAD_INPUT) };
    let limits = Limits::default();
    let name = args.file.display().to_string();
    let bytes = read(&args.file, &limits).with_context(|| format!("cannot read {name}"))?;
    let Some(format) = args.format.map(ImportFormat::from).or_else(|| ImportFormat::of(&name, &bytes)) else {
        bail!("{}", messages::unknown_format(&name).get(printer.lang));
    };
    let columns: Vec<(&str, &str)> = args
        .column
        .iter()
        .map(|given| given.split_once('=').ok_or_else(|| anyhow!("{}", messages::bad_column(given).get(printer.lang))))
        .collect::<anyhow::Result<_>>()?;
    let request = ImportRequest {
        catalog: &catalog,
        file: &name,
        bytes: &bytes,
        id: &args.id,
        title: args.title.as_deref(),
        publisher: args.publisher.as_deref(),
        language: args.text_lang.as_deref().and_then(|lang| lang.parse().ok()),
        modality: args.modality.into(),
        ids: args.ids.into(),
        sheet: args.sheet.as_deref(),
        columns: &columns,
        today: inputs::moment(args.now.as_deref())?.date(),
        limits: &limits,
    };
    let imported = match import(format, request) {
        Ok(imported) => imported,
        Err(problems) => {
            let text = match format {
                ImportFormat::Xlsx => String::new(),
                ImportFormat::Oscal | ImportFormat::Csv => String::from_utf8_lossy(&bytes).into_owned(),
            };
            refuse(&problems, &Sources::from([(name, text)]), printer);
            return Ok(exit::BAD_INPUT);
        }
    };
    let (problems, texts) = verify(&imported, &target.display().to_string(), &catalog);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        refuse(&problems, &texts, printer);
        return Ok(exit::BAD_INPUT);
    }
    make_folder_of(&target)?;
    output::write(&target, &imported.yaml)?;
    if !printer.quiet {
        printer.problems(&imported.notes, &Sources::new());
    }
    printer.problems(&problems, &texts);
    printer.note(&messages::written(&target.display().to_string()));
    let count = imported.document.controls.len();
    printer.note(&messages::imported(count, &args.out.display().to_string(), &args.id));
    Ok(exit::OK)
}

/// The file, but not more of it than shows that it is too large.
fn read(path: &Path, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn refuse(problems: &[Problem], sources: &Sources, printer: &Printer) {
    printer.problems(problems, sources);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    printer.note(&messages::problems_found(errors, problems.len() - errors));
}

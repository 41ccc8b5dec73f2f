//! The files that are made from code and data: JSON Schemas, the reference of the facts, the list of the documents, the test units of TS
//! 103 701, the sample of a vulnerability database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sekisho_catalog::{FileKind, schema};
use sekisho_model::Lang;
use serde_json::Value;

use crate::{documents, facts, sample, say, test_units};

/// Where generated files with the ending of a schema stand; one that nothing generates is stale.
const SCHEMAS: &str = "schemas";
const SCHEMA_ENDING: &str = ".schema.json";

/// What should stand where, by path from the root of the repository.
fn wanted() -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for kind in FileKind::ALL {
        let text = serde_json::to_string_pretty(&sorted(schema(kind)))?;
        files.insert(format!("{SCHEMAS}/{}{SCHEMA_ENDING}", kind.name()), (text + "\n").into());
    }
    let settings = fs::read_to_string(root().join(facts::SETTINGS)).with_context(|| facts::SETTINGS)?;
    files.insert("docs/facts.md".to_owned(), facts::reference(&settings)?.into());
    let catalog = sekisho_builtin::catalog();
    files.insert("docs/documents.md".to_owned(), documents::page(&catalog, Lang::En).into());
    files.insert("docs/documents.ja.md".to_owned(), documents::page(&catalog, Lang::Ja).into());
    let units = fs::read_to_string(root().join(test_units::DATA)).with_context(|| test_units::DATA)?;
    let units = test_units::read(&units)?;
    files.insert("docs/ts-103-701.md".to_owned(), test_units::page(&units, &catalog, Lang::En)?.into());
    files.insert("docs/ts-103-701.ja.md".to_owned(), test_units::page(&units, &catalog, Lang::Ja)?.into());
    files.insert(sample::DATABASE.to_owned(), sample::database(&root())?);
    Ok(files)
}

/// The same value with the keys of every object by name, whether or not some crate of this build makes `serde_json` keep their order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// Writes what is new or changed, and removes schemas that no longer exist.
pub(crate) fn write() -> anyhow::Result<()> {
    let root = root();
    for (name, bytes) in wanted()? {
        let file = root.join(&name);
        if fs::read(&file).is_ok_and(|old| old == bytes) {
            continue;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&file, bytes).with_context(|| format!("cannot write {name}"))?;
        say(&format!("wrote {name}"));
    }
    for name in left_over(&root)? {
        fs::remove_file(root.join(&name)).with_context(|| format!("cannot remove {name}"))?;
        say(&format!("removed {name}"));
    }
    Ok(())
}

/// Fails where a file is not what [`write()`] would write, and names each.
pub(crate) fn check() -> anyhow::Result<()> {
    let root = root();
    let mut stale = Vec::new();
    for (name, new) in wanted()? {
        match fs::read(root.join(&name)) {
            Ok(old) if old == new => {}
            Ok(old) => stale.push(match (str::from_utf8(&old), str::from_utf8(&new)) {
                (Ok(old), Ok(new)) => format!("{name} is stale from line {} on", first_difference(old, new)),
                _ => format!("{name} is stale"),
            }),
            Err(error) => stale.push(format!("{name} cannot be read: {error}")),
        }
    }
    stale.extend(left_over(&root)?.into_iter().map(|name| format!("{name} is no longer generated")));
    if stale.is_empty() {
        return Ok(());
    }
    bail!("{}\nhint: run `cargo xtask generate` and commit what it writes", stale.join("\n"));
}

/// Schemas of kinds that are gone.
fn left_over(root: &Path) -> anyhow::Result<Vec<String>> {
    let wanted = wanted()?;
    let Ok(entries) = fs::read_dir(root.join(SCHEMAS)) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| format!("{SCHEMAS}/{}", entry.file_name().to_string_lossy()))
        .filter(|name| name.ends_with(SCHEMA_ENDING) && !wanted.contains_key(name))
        .collect();
    names.sort();
    Ok(names)
}

/// The first line, from 1, in which two texts differ.
fn first_difference(old: &str, new: &str) -> usize {
    1 + old.lines().zip(new.lines()).take_while(|(a, b)| a == b).count()
}

/// The root of the repository that this program was built from.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_by_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), 2);
        assert_eq!(first_difference("a\n", "a\nb\n"), 2);
    }

    #[test]
    fn every_kind_of_file_and_every_fact_is_written_down() {
        let files = wanted().unwrap();
        assert_eq!(files.len(), FileKind::ALL.len() + 6);
        let facts = str::from_utf8(&files["docs/facts.md"]).unwrap();
        for name in sekisho_model::fact::Observed::NAMES {
            assert!(facts.contains(&format!("\n## {name}\n")), "{name}");
        }
    }
}

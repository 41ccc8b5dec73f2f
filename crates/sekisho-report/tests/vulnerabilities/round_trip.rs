//! What is written is what our own readers of such documents read.

use std::fs;
use std::ops::ControlFlow;

use sekisho_model::Lang;
use sekisho_model::vulnerability::{KnownVulnerability, Standing};
use sekisho_report::vulnerabilities::{Publisher, csaf, cyclonedx, openvex};
use sekisho_vulndb::{
    Database, ImportOptions, Moment, VexDocument, VexFormat, VexProduct, VexStatement, VexStatus, import,
};

use super::report::{facts, report, vulnerabilities};

/// All but the one whose names nobody can read.
fn ours() -> Vec<KnownVulnerability> {
    vulnerabilities().into_iter().filter(|value| value.id != "CVE-2024-99999").collect()
}

fn imported() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let mut report = report();
    report.vulnerabilities = facts(ours());
    let publisher = Publisher::of(&report).unwrap();
    let lang = Lang::En;
    let documents = [
        ("bom.cdx.json", cyclonedx(&report, lang)),
        ("csaf.json", csaf(&report, &publisher, lang)),
        ("openvex.json", openvex(&report, &publisher, lang)),
    ];
    let paths = documents.map(|(name, document)| {
        let path = folder.path().join(name);
        fs::write(&path, document.unwrap()).unwrap();
        path
    });
    let database = folder.path().join("database");
    let options = ImportOptions::new(Moment::parse("2026-12-01").unwrap());
    let told = import(&paths, &database, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(told.problems.is_empty(), "{:?}", told.problems);
    let database = Database::open(&database).unwrap();
    (folder, database)
}

/// What a document states of one component.
fn stated(
    database: &Database,
    value: &KnownVulnerability,
    format: VexFormat,
) -> (VexDocument, VexStatement, VexProduct) {
    let documents: Vec<_> = database.vex(&value.id).unwrap().map(Result::unwrap).collect();
    let [(document, statements)] = documents.iter().filter(|(d, _)| d.format == format).collect::<Vec<_>>()[..] else {
        panic!("{format:?} {}", value.id)
    };
    let pairs =
        statements.iter().flat_map(|statement| statement.products.iter().map(move |product| (statement, product)));
    let found: Vec<_> = pairs
        .filter_map(|(statement, product)| {
            // A bill of materials names the component, the others the product with the component in it.
            let part = if format == VexFormat::CycloneDx { product } else { product.components.first()? };
            let same = part
                .purls
                .iter()
                .chain(&part.cpes)
                .any(|name| [&value.purl, &value.cpe].contains(&&Some(name.clone())))
                || part.name.starts_with(&value.component)
                || part.purls.iter().any(|purl| purl.contains(&format!("/{}", value.component)))
                || format == VexFormat::OpenVex
                    && !value.component.is_ascii()
                    && part.purls.iter().any(|p| p.contains('%'));
            same.then(|| (statement.clone(), part.clone()))
        })
        .collect();
    let [(statement, part)] = found.as_slice() else { panic!("{format:?} {}: {statements:#?}", value.id) };
    (document.clone(), statement.clone(), part.clone())
}

#[test]
fn our_readers_read_the_same_statements() {
    let (_folder, database) = imported();
    for value in ours() {
        let statement = value.statement.clone().unwrap_or_default();
        for format in [VexFormat::CycloneDx, VexFormat::Csaf, VexFormat::OpenVex] {
            let (document, read, part) = stated(&database, &value, format);
            let about = format!("{format:?} {} {}", value.id, value.component);
            let in_triage = format == VexFormat::CycloneDx && statement.status != "affected";
            let expected = match value.standing {
                // That somebody called the product affected is more than that a version is: see the head of the module.
                Standing::Affected if in_triage => VexStatus::UnderInvestigation,
                Standing::Affected => VexStatus::Affected,
                Standing::Unknown => VexStatus::UnderInvestigation,
                Standing::NotAffected => VexStatus::NotAffected,
                Standing::Fixed => VexStatus::Fixed,
            };
            assert_eq!(read.status, expected, "{about}");
            assert_eq!(document.author, "Acme", "{about}");
            assert_eq!(document.modified, Moment::parse("2026-11-20T09:30:00Z"), "{about}");
            assert_eq!(part.purls.first().filter(|_| value.purl.is_some()), value.purl.as_ref(), "{about}");
            assert_eq!(part.cpes.first(), value.cpe.as_ref(), "{about}");
            if format != VexFormat::OpenVex {
                assert_eq!(part.version, value.version.clone().unwrap_or_default(), "{about}");
            }
            // CSAF's other identifiers are taken for no aliases.
            if format != VexFormat::Csaf {
                assert_eq!(read.aliases, value.aliases, "{about}");
            }
            if value.standing == Standing::NotAffected {
                let label = match (format, &*statement.justification) {
                    (VexFormat::CycloneDx, "vulnerable_code_not_in_execute_path") => "code_not_reachable",
                    (_, "vulnerable_code_not_in_execute_path") => "vulnerable_code_not_in_execute_path",
                    (VexFormat::CycloneDx, label) => label,
                    // Said in words, because no label of theirs says as little.
                    _ => "",
                };
                assert_eq!(read.justification, label, "{about}");
                let words = match (format, &*statement.detail) {
                    (VexFormat::Csaf | VexFormat::OpenVex, "") => "protected at the perimeter",
                    (_, detail) => detail,
                };
                assert_eq!(read.detail, words, "{about}");
            }
        }
    }
}

//! SPDX: what its versions and encodings have in common, and the rules of version 2.
//!
//! Sources: *SPDX Specification 2.3* (and 2.2, ISO/IEC 5962:2021), clauses 6 (document), 7 (package), 8.4 and 7.10 (checksums) and
//! 11 (relationships); for version 3 see [`v3`].
//!
//! Every package is a component, the one that the document describes too: SPDX has no other place for it. It has depth 0. Files and
//! snippets are no components.

pub(crate) mod json;
pub(crate) mod tag_value;
pub(crate) mod v3;

use sekisho_diag::{Place, Problem};
use sekisho_model::fact::Component;

use crate::draft::{At, Draft, Field, Slot, cpe, purl, unknown};
use crate::fault::{Fault, shown};
use crate::value::{Party, asserted, hash, party};

/// Takes the version of a document of version 2, such as `SPDX-2.3`.
fn version(draft: &mut Draft<'_>, version: &str, place: Place) -> Result<(), Problem> {
    match version.trim().strip_prefix("SPDX-") {
        Some(known @ ("2.0" | "2.1" | "2.2" | "2.3")) => {
            known.clone_into(&mut draft.sbom.spec_version);
            Ok(())
        }
        _ => Err(Problem::error(
            "unknown-sbom-version",
            format!("'spdxVersion' is '{}', which is not known", shown(version)),
        )
        .at(place)
        .hint("SPDX-2.0 to SPDX-2.3 are read, and SPDX 3.0 as JSON-LD")),
    }
}

/// A package of version 2 as it stands in the document.
#[derive(Debug, Default)]
struct RawPackage<'a> {
    id: Field<'a>,
    name: Field<'a>,
    version: Field<'a>,
    supplier: Field<'a>,
    originator: Field<'a>,
    concluded: Field<'a>,
    declared: Field<'a>,
    checksums: Vec<(Field<'a>, Field<'a>)>,
    references: Vec<RawReference<'a>>,
    /// What the reader itself found wrong.
    faults: Vec<Fault>,
}

/// An external reference: its type and what it points to. The category says nothing that the type does not.
#[derive(Debug, Default)]
struct RawReference<'a> {
    kind: Field<'a>,
    locator: Field<'a>,
}

/// Makes a component of a package.
fn package(draft: &mut Draft<'_>, slot: Slot, mut at: At, raw: RawPackage<'_>) {
    let limits = draft.run.limits;
    let mut faults = raw.faults;
    let mut component = unknown();
    let id = raw.id.read("SPDXID", limits.text, &mut faults);
    if let Some(id) = &id {
        // The identifier says more than a pointer, and stays when the document is written anew in another form.
        id.as_ref().clone_into(&mut at.path);
        component.reference = Some(id.as_ref().to_owned());
        if !draft.graph.bind(slot.node, id) {
            faults.push(Fault::Duplicate(shown(id)));
        }
    } else {
        faults.push(Fault::Missing("SPDXID"));
    }
    let name = raw.name.read("name", limits.text, &mut faults);
    let read = |field: Field<'_>, name, faults: &mut Vec<Fault>| {
        field.read(name, limits.text, faults).and_then(|text| asserted(&text).map(str::to_owned))
    };
    component.version = read(raw.version, "versionInfo", &mut faults);
    let mut of =
        |field, name| read(field, name, &mut faults).and_then(|text| party(&text).map(|(_, name)| name.to_owned()));
    let (supplier, originator) = (of(raw.supplier, "supplier"), of(raw.originator, "originator"));
    component.supplier = supplier.or(originator);
    for licence in
        [read(raw.declared, "licenseDeclared", &mut faults), read(raw.concluded, "licenseConcluded", &mut faults)]
    {
        component.licences.extend(licence.filter(|licence| !component.licences.contains(licence)));
    }
    if raw.checksums.len() > limits.entries {
        faults.push(Fault::TooMany("checksums", limits.entries));
    }
    for (algorithm, value) in raw.checksums.into_iter().take(limits.entries) {
        let algorithm = algorithm.read("checksums/algorithm", limits.text, &mut faults);
        let value = value.read("checksums/checksumValue", limits.text, &mut faults);
        match (algorithm, value) {
            (Some(algorithm), _) if !is_checksum(&algorithm) => {
                faults.push(Fault::NotListed("checksums/algorithm", shown(&algorithm)));
            }
            (Some(algorithm), Some(value)) => match hash(&algorithm, &value) {
                Some(hash) => component.hashes.push(hash),
                None => faults.push(Fault::Hash(shown(&algorithm), shown(&value))),
            },
            _ => faults.push(Fault::Missing("checksums")),
        }
    }
    let identified = references(&mut component, raw.references, limits, &mut faults);
    draft.faults(&at, &faults);
    match name {
        Some(name) => {
            component.name = name.into_owned();
            draft.fill(slot, at, component, identified);
        }
        None => draft.nameless(&at),
    }
}

/// Takes package URL and CPE, the first of each, from the external references; says whether there is another identifier.
fn references(
    component: &mut Component,
    raw: Vec<RawReference<'_>>,
    limits: crate::Limits,
    faults: &mut Vec<Fault>,
) -> bool {
    let mut identified = false;
    if raw.len() > limits.entries {
        faults.push(Fault::TooMany("externalRefs", limits.entries));
    }
    // A CPE of version 2.2 counts only where there is none of 2.3.
    let mut older = None;
    for reference in raw.into_iter().take(limits.entries) {
        let kind = reference.kind.read("externalRefs/referenceType", limits.text, faults);
        let locator = reference.locator.read("externalRefs/referenceLocator", limits.text, faults);
        let Some((kind, locator)) = kind.zip(locator) else {
            faults.push(Fault::Missing("externalRefs"));
            continue;
        };
        // A type may also be written as its address: `http://spdx.org/rdf/references/cpe23Type`.
        match kind.rsplit('/').next().unwrap_or_default() {
            "purl" if component.purl.is_none() => purl(component, locator, faults),
            "cpe23Type" if component.cpe.is_none() => component.cpe = cpe(&locator, faults),
            "cpe22Type" if older.is_none() => older = cpe(&locator, faults),
            "swid" | "swh" | "gitoid" => identified = true,
            _ => {}
        }
    }
    component.cpe = component.cpe.take().or(older);
    identified
}

/// Checksum algorithms of SPDX 2.3, 7.10.1.
fn is_checksum(algorithm: &str) -> bool {
    matches!(
        algorithm,
        "SHA1"
            | "SHA224"
            | "SHA256"
            | "SHA384"
            | "SHA512"
            | "SHA3-256"
            | "SHA3-384"
            | "SHA3-512"
            | "BLAKE2b-256"
            | "BLAKE2b-384"
            | "BLAKE2b-512"
            | "BLAKE3"
            | "MD2"
            | "MD4"
            | "MD5"
            | "MD6"
            | "ADLER32"
    )
}

/// What a relationship says to the dependency graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The first depends on the second.
    Depends,
    /// The second depends on the first.
    DependedOn,
    /// The first contains the second.
    Contains,
    /// The second contains the first.
    ContainedBy,
    /// The first, a document, describes the second.
    Describes,
    /// The second, a document, describes the first.
    DescribedBy,
    /// Nothing.
    Other,
}

/// The meaning of a relationship type of SPDX 2.3, 11.1; none where it is not one of them.
fn meaning(kind: &str) -> Option<Meaning> {
    Some(match kind {
        "DESCRIBES" => Meaning::Describes,
        "DESCRIBED_BY" => Meaning::DescribedBy,
        "CONTAINS" => Meaning::Contains,
        "CONTAINED_BY" | "PACKAGE_OF" => Meaning::ContainedBy,
        "DEPENDS_ON" | "DYNAMIC_LINK" | "STATIC_LINK" | "HAS_PREREQUISITE" => Meaning::Depends,
        "DEPENDENCY_OF"
        | "BUILD_DEPENDENCY_OF"
        | "DEV_DEPENDENCY_OF"
        | "OPTIONAL_DEPENDENCY_OF"
        | "PROVIDED_DEPENDENCY_OF"
        | "TEST_DEPENDENCY_OF"
        | "RUNTIME_DEPENDENCY_OF"
        | "PREREQUISITE_FOR"
        | "OPTIONAL_COMPONENT_OF" => Meaning::DependedOn,
        "AMENDS"
        | "ANCESTOR_OF"
        | "BUILD_TOOL_OF"
        | "COPY_OF"
        | "DATA_FILE_OF"
        | "DEPENDENCY_MANIFEST_OF"
        | "DESCENDANT_OF"
        | "DEV_TOOL_OF"
        | "DISTRIBUTION_ARTIFACT"
        | "DOCUMENTATION_OF"
        | "EXAMPLE_OF"
        | "EXPANDED_FROM_ARCHIVE"
        | "FILE_ADDED"
        | "FILE_DELETED"
        | "FILE_MODIFIED"
        | "GENERATED_FROM"
        | "GENERATES"
        | "METAFILE_OF"
        | "OTHER"
        | "PATCH_APPLIED"
        | "PATCH_FOR"
        | "REQUIREMENT_DESCRIPTION_FOR"
        | "SPECIFICATION_FOR"
        | "TEST_CASE_OF"
        | "TEST_OF"
        | "TEST_TOOL_OF"
        | "VARIANT_OF" => Meaning::Other,
        _ => return None,
    })
}

/// Takes a relationship of version 2.
fn relationship(draft: &mut Draft<'_>, at: &At, from: Field<'_>, kind: Field<'_>, to: Field<'_>) {
    let limit = draft.run.limits.text;
    let mut faults = Vec::new();
    let from = from.read("spdxElementId", limit, &mut faults);
    let kind = kind.read("relationshipType", limit, &mut faults);
    let to = to.read("relatedSpdxElement", limit, &mut faults);
    match (&from, &kind, &to) {
        (Some(from), Some(kind), Some(to)) => match meaning(kind) {
            Some(meaning) => relate(draft, from, meaning, to),
            None => faults.push(Fault::NotListed("relationshipType", shown(kind))),
        },
        (None, ..) => faults.push(Fault::Missing("spdxElementId")),
        (_, None, _) => faults.push(Fault::Missing("relationshipType")),
        (.., None) => faults.push(Fault::Missing("relatedSpdxElement")),
    }
    draft.faults(at, &faults);
}

/// Puts a relationship into the graph. `NONE` says that there is nothing to relate to; `NOASSERTION` says nothing.
fn relate(draft: &mut Draft<'_>, from: &str, meaning: Meaning, to: &str) {
    if to == "NOASSERTION" || from == "NOASSERTION" || meaning == Meaning::Other {
        return;
    }
    if to == "NONE" {
        if matches!(meaning, Meaning::Depends | Meaning::Contains)
            && let Some(node) = draft.graph.reference(from)
        {
            draft.graph.state(node);
        }
        return;
    }
    match meaning {
        Meaning::Describes => describe(draft, to),
        Meaning::DescribedBy => describe(draft, from),
        Meaning::Depends => edge(draft, from, to, true),
        Meaning::DependedOn => edge(draft, to, from, true),
        Meaning::Contains => edge(draft, from, to, false),
        Meaning::ContainedBy => edge(draft, to, from, false),
        Meaning::Other => {}
    }
}

/// Says that `from` depends on `to`, or contains it.
fn edge(draft: &mut Draft<'_>, from: &str, to: &str, depends: bool) {
    if let Some((from, to)) = draft.graph.reference(from).zip(draft.graph.reference(to)) {
        // That a package contains a file says nothing of its dependencies; that it depends on something in another document does.
        if depends {
            draft.graph.state(from);
        }
        draft.graph.edge(from, to);
    }
}

/// Says that the document describes the element called `id`.
fn describe(draft: &mut Draft<'_>, id: &str) {
    if let Some(node) = asserted(id).and_then(|id| draft.graph.reference(id)) {
        draft.graph.root(node);
    }
}

/// Takes one creator of a document of version 2 (6.8).
fn creator(draft: &mut Draft<'_>, text: &str) {
    let limits = draft.run.limits;
    if text.len() > limits.text {
        draft.document_fault(None, &Fault::TooLong("creators", limits.text));
        return;
    }
    match party(text) {
        Some((Party::Tool, name)) => push_new(&mut draft.sbom.tools, name, limits.entries),
        Some((Party::Person | Party::Organization, name)) => push_new(&mut draft.sbom.authors, name, limits.entries),
        Some((Party::Unknown, text)) => draft.document_fault(None, &Fault::Creator(shown(text))),
        None => {}
    }
}

fn push_new(names: &mut Vec<String>, name: &str, most: usize) {
    if names.len() < most && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Takes name and time stamp of a document of version 2.
fn head(draft: &mut Draft<'_>, name: Field<'_>, created: Field<'_>) {
    let mut faults = Vec::new();
    // Stands where what is described has no name of its own: a file.
    draft.sbom.describes = name.read("name", draft.run.limits.text, &mut faults).map(std::borrow::Cow::into_owned);
    match created.read("created", usize::MAX, &mut faults) {
        Some(created) => draft.timestamp(&created, true),
        None => faults.push(Fault::Missing("creationInfo/created")),
    }
    for fault in &faults {
        draft.document_fault(None, fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(references_: &[(&str, &str)]) -> (Component, bool, usize) {
        let raw = references_
            .iter()
            .map(|(kind, locator)| RawReference { kind: Field::text(*kind), locator: Field::text(*locator) })
            .collect();
        let (mut component, mut faults) = (unknown(), Vec::new());
        let identified = references(&mut component, raw, crate::Limits::default(), &mut faults);
        (component, identified, faults.len())
    }

    #[test]
    fn the_newer_form_of_a_cpe_wins() {
        let newer = "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*";
        assert_eq!(taken(&[("cpe22Type", "cpe:/a:x:y:2"), ("cpe23Type", newer)]).0.cpe.as_deref(), Some(newer));
        assert_eq!(taken(&[("cpe22Type", "cpe:/a:b:c:1")]).0.cpe.as_deref(), Some(newer));
        assert_eq!(taken(&[("http://spdx.org/rdf/references/cpe23Type", newer)]).0.cpe.as_deref(), Some(newer));
    }

    #[test]
    fn other_identifiers_count_and_bad_ones_are_reported() {
        assert!(taken(&[("swh", "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2")]).1);
        assert!(!taken(&[("website", "https://example.com")]).1);
        let (component, _, faults) = taken(&[("purl", "nonsense"), ("purl", "pkg:deb/debian/a@1")]);
        assert_eq!((component.purl.as_deref(), faults), (Some("pkg:deb/debian/a@1"), 1));
    }

    #[test]
    fn relationships_have_a_direction_or_none() {
        assert_eq!(meaning("DEPENDS_ON"), Some(Meaning::Depends));
        assert_eq!(meaning("TEST_DEPENDENCY_OF"), Some(Meaning::DependedOn));
        assert_eq!(meaning("CONTAINED_BY"), Some(Meaning::ContainedBy));
        assert_eq!(meaning("GENERATED_FROM"), Some(Meaning::Other));
        assert_eq!(meaning("depends_on"), None);
    }
}

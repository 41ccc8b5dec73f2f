//! `CycloneDX`: what its two encodings have in common.
//!
//! The readers of JSON and XML hand over components as they stand there ([`RawComponent`]); here they are checked against the
//! specification and become facts. What is checked, beyond well-formedness: the fields that become facts and their types, `type`,
//! `scope`, hash algorithms and values, licences (known identifier; exactly one of id, name, expression; no forbidden mix), `bom-ref`
//! (not empty, unique), `ref` of dependencies, `purl`, `cpe`, `swid` (`tagId`, `name`), `serialNumber`, `version`, `timestamp`, the types of
//! patches, issues and data flows, the encoding of licence texts, and names of properties. What breaks a rule is reported as a gap;
//! what can still be understood of the component stands.

pub(crate) mod json;
mod rules;
mod source;
pub(crate) mod write;
pub(crate) mod xml;

use sekisho_diag::{Place, Problem};
use sekisho_model::fact::Component;

use crate::draft::{At, Draft, Field, Slot, cpe, purl, titled, unknown};
use crate::fault::{Fault, Found, shown};
use crate::graph::Node;
use crate::value::{hash, is_licence_id, is_serial};
use rules::{ENCODING, HASH, Listed, SCOPE, TYPE};
use source::RawSource;

/// Version and encoding of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spec {
    /// 1.`minor`.
    minor: u8,
    xml: bool,
}

impl Spec {
    /// The newest version whose schemas this reader was written by.
    const NEWEST: u8 = 6;

    /// The version called `version` of the document `name`; a version that is read with reserve is reported.
    fn new(version: &str, xml: bool, draft: &mut Draft<'_>) -> Result<Self, Problem> {
        let minor = version.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok()).filter(|minor| *minor <= 7);
        let Some(minor) = minor.filter(|minor| version == format!("1.{minor}")) else {
            return Err(Problem::error("unknown-sbom-version", format!("CycloneDX '{}' is not known", shown(version)))
                .at(Place::file(draft.run.artefact))
                .hint("versions 1.0 to 1.7 are read; there is JSON since 1.2"));
        };
        version.clone_into(&mut draft.sbom.spec_version);
        if minor > Self::NEWEST || (!xml && minor < 2) {
            draft.document_fault(None, &Fault::SpecVersion(version.to_owned()));
        }
        Ok(Self { minor, xml })
    }
}

/// A component as it stands in the document.
#[derive(Debug, Default)]
struct RawComponent<'a> {
    kind: Field<'a>,
    reference: Field<'a>,
    name: Field<'a>,
    version: Field<'a>,
    supplier: Field<'a>,
    manufacturer: Field<'a>,
    publisher: Field<'a>,
    scope: Field<'a>,
    purl: Field<'a>,
    cpe: Field<'a>,
    swid: Option<RawSwid<'a>>,
    /// Whether it has a SWHID or `OmniBOR` identifier.
    identified: bool,
    hashes: Vec<RawHash<'a>>,
    licences: Vec<RawLicence<'a>>,
    /// What the properties say of the source package.
    source: RawSource<'a>,
    /// Values of enumerations that do not become facts.
    listed: Vec<(&'static Listed, Field<'a>)>,
    /// What the reader itself found wrong.
    faults: Vec<Fault>,
}

impl RawComponent<'_> {
    /// Reports that `field` should be a list, or an object.
    fn check(&mut self, field: &'static str, read: Result<(), Found>) {
        if let Err(found) = read {
            self.faults.push(Fault::WrongType(field, found));
        }
    }
}

#[derive(Debug, Default)]
struct RawSwid<'a> {
    tag: Field<'a>,
    name: Field<'a>,
}

#[derive(Debug, Default)]
struct RawHash<'a> {
    algorithm: Field<'a>,
    content: Field<'a>,
}

#[derive(Debug, Default)]
struct RawLicence<'a> {
    id: Field<'a>,
    name: Field<'a>,
    expression: Field<'a>,
    encoding: Field<'a>,
    /// Whether it is a licence object, rather than an expression or nothing.
    object: bool,
    /// A property of it lacks its name.
    nameless_property: bool,
}

/// A component under test: reads its fields, binds its reference, and reports all that is wrong. None where it has no name.
fn component(
    draft: &mut Draft<'_>,
    spec: Spec,
    node: Node,
    at: &At,
    raw: RawComponent<'_>,
) -> Option<(Component, bool)> {
    let limits = draft.run.limits;
    let mut faults = raw.faults;
    let mut component = unknown();
    let mut read =
        |field: Field<'_>, name| field.read(name, limits.text, &mut faults).map(std::borrow::Cow::into_owned);

    let with_reference = raw.reference.is_present();
    component.reference = read(raw.reference, "bom-ref");
    let name = read(raw.name, "name");
    component.version = read(raw.version, "version");
    let (supplier, manufacturer, publisher) =
        (read(raw.supplier, "supplier"), read(raw.manufacturer, "manufacturer"), read(raw.publisher, "publisher"));
    component.supplier = supplier.or(manufacturer).or(publisher);
    if let Some(text) = raw.purl.read("purl", limits.text, &mut faults) {
        purl(&mut component, text, &mut faults);
    }
    component.cpe = raw.cpe.read("cpe", limits.text, &mut faults).and_then(|name| cpe(&name, &mut faults));

    if with_reference && component.reference.is_none() {
        faults.push(Fault::Missing("bom-ref"));
    }
    if let Some(reference) = &component.reference
        && !draft.graph.bind(node, reference)
    {
        faults.push(Fault::Duplicate(shown(reference)));
    }
    let mut identified = raw.identified;
    if let Some(swid) = raw.swid {
        let has_tag = swid.tag.read("swid/tagId", limits.text, &mut faults).is_some();
        if !has_tag {
            faults.push(Fault::Missing("swid/tagId"));
        }
        if swid.name.read("swid/name", limits.text, &mut faults).is_none() {
            faults.push(Fault::Missing("swid/name"));
        }
        identified |= has_tag;
    }
    for (listed, field) in [(&TYPE, raw.kind), (&SCOPE, raw.scope)].into_iter().chain(raw.listed) {
        check_listed(listed, field, spec, &mut faults);
    }
    component.hashes = hashes(spec, raw.hashes, limits.entries, &mut faults);
    component.licences = licences(spec, raw.licences, limits, &mut faults);
    draft.faults(at, &faults);
    match name {
        Some(name) => {
            let from_properties = raw.source.read(&name, component.version.as_deref(), limits.text);
            component.source_package = component.source_package.or(from_properties);
            component.name = name;
            Some((component, identified))
        }
        None => None,
    }
}

/// Makes a fact of a listed component.
fn listed_component(draft: &mut Draft<'_>, spec: Spec, slot: Slot, at: At, raw: RawComponent<'_>) {
    match component(draft, spec, slot.node, &at, raw) {
        Some((component, identified)) => draft.fill(slot, at, component, identified),
        None => draft.nameless(&at),
    }
}

/// Takes `metadata.component`: what the document describes, the root of the dependency graph.
fn described_component(draft: &mut Draft<'_>, spec: Spec, node: Node, at: &At, raw: RawComponent<'_>) {
    match component(draft, spec, node, at, raw) {
        Some((component, _)) => draft.sbom.describes = Some(titled(&component.name, component.version.as_deref())),
        None => draft.document_fault(Some(&at.path), &Fault::Missing("name")),
    }
}

fn check_listed(listed: &'static Listed, field: Field<'_>, spec: Spec, faults: &mut Vec<Fault>) {
    let present = field.is_present();
    match field.read(listed.field, usize::MAX, faults) {
        Some(value) if !listed.knows(&value, spec.minor) => faults.push(Fault::NotListed(listed.field, shown(&value))),
        None if present || listed.required => faults.push(Fault::Missing(listed.field)),
        _ => {}
    }
}

fn hashes(spec: Spec, raw: Vec<RawHash<'_>>, most: usize, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut hashes = Vec::with_capacity(raw.len().min(most));
    if raw.len() > most {
        faults.push(Fault::TooMany("hashes", most));
    }
    for raw in raw.into_iter().take(most) {
        let algorithm = raw.algorithm.read(HASH.field, usize::MAX, faults);
        let content = raw.content.read("hashes/content", usize::MAX, faults);
        match (algorithm, content) {
            (Some(algorithm), _) if !HASH.knows(&algorithm, spec.minor) => {
                faults.push(Fault::NotListed(HASH.field, shown(&algorithm)));
            }
            (Some(algorithm), Some(content)) => match hash(&algorithm, &content) {
                Some(hash) => hashes.push(hash),
                None => faults.push(Fault::Hash(shown(&algorithm), shown(&content))),
            },
            (None, _) => faults.push(Fault::Missing(HASH.field)),
            (_, None) => faults.push(Fault::Missing("hashes/content")),
        }
    }
    hashes
}

/// Licences as identifiers, names or expressions, in the order of the document.
fn licences(spec: Spec, raw: Vec<RawLicence<'_>>, limits: crate::Limits, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut licences: Vec<String> = Vec::with_capacity(raw.len().min(limits.entries));
    if raw.len() > limits.entries {
        faults.push(Fault::TooMany("licenses", limits.entries));
    }
    let (mut objects, mut expressions) = (0, 0);
    for raw in raw.into_iter().take(limits.entries) {
        objects += usize::from(raw.object);
        let id = raw.id.read("license/id", limits.text, faults);
        let name = raw.name.read("license/name", limits.text, faults);
        let expression = raw.expression.read("expression", limits.text, faults);
        expressions += usize::from(expression.is_some());
        let choices = [id.is_some(), name.is_some(), expression.is_some()].into_iter().filter(|there| *there).count();
        if choices != 1 || (raw.object && expression.is_some()) {
            faults.push(Fault::LicenceChoice);
        }
        if let Some(id) = &id
            && !is_licence_id(id)
        {
            faults.push(Fault::LicenceId(shown(id)));
        }
        check_listed(&ENCODING, raw.encoding, spec, faults);
        if raw.nameless_property && spec.minor >= 6 {
            faults.push(Fault::Missing("license/properties/name"));
        }
        for licence in [id, name, expression].into_iter().flatten() {
            if !licences.iter().any(|known| *known == licence) {
                licences.push(licence.into_owned());
            }
        }
    }
    // The XML schemas always have had a choice between one expression and a list of licences. JSON let each entry choose up to 1.4, and
    // has the same choice as XML since 1.5. Version 1.7 lets both mix.
    let choice = if spec.xml { spec.minor <= 6 } else { matches!(spec.minor, 5 | 6) };
    if choice && (expressions > 1 || (expressions > 0 && objects > 0)) {
        faults.push(Fault::LicenceMix);
    }
    licences
}

/// Takes a service: it can stand in the dependency graph, and is no component.
fn service(draft: &mut Draft<'_>, spec: Spec, at: &At, raw: RawComponent<'_>) {
    let mut faults = raw.faults;
    let present = raw.reference.is_present();
    match raw.reference.read("bom-ref", draft.run.limits.text, &mut faults) {
        Some(reference) => {
            if let Some(node) = draft.graph.reference(&reference) {
                draft.graph.list(node);
            }
        }
        None if present => faults.push(Fault::Missing("bom-ref")),
        None => {}
    }
    for (listed, field) in raw.listed {
        check_listed(listed, field, spec, &mut faults);
    }
    draft.faults(at, &faults);
}

/// Takes an entry of the dependency graph; none where it names nothing.
fn dependency(draft: &mut Draft<'_>, at: &At, reference: Field<'_>) -> Option<Node> {
    let mut faults = Vec::new();
    let reference = reference.read("ref", draft.run.limits.text, &mut faults);
    if reference.is_none() {
        faults.push(Fault::Missing("ref"));
    }
    draft.faults(at, &faults);
    draft.graph.reference(&reference?)
}

/// Takes the fields of the document itself.
fn head(draft: &mut Draft<'_>, spec: Spec, serial: Field<'_>, timestamp: Field<'_>) {
    let mut faults = Vec::new();
    if serial.is_present() {
        match serial.read("serialNumber", usize::MAX, &mut faults) {
            Some(serial) if is_serial(&serial) => {}
            None if !faults.is_empty() => {}
            serial => faults.push(Fault::Serial(shown(&serial.unwrap_or_default()))),
        }
    }
    let present = timestamp.is_present();
    match timestamp.read("metadata/timestamp", usize::MAX, &mut faults) {
        Some(timestamp) => draft.timestamp(&timestamp, !spec.xml),
        None if present => faults.push(Fault::Missing("metadata/timestamp")),
        None => {}
    }
    for fault in &faults {
        draft.document_fault(None, fault);
    }
}

/// Adds to a list that need not grow beyond one more than `most`: the one more tells that there was more.
fn push<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() <= most {
        list.push(item);
    }
}

/// A tool, author or organisation among those of the document: at most so many as the limit says, each once.
fn name_one(names: &mut Vec<String>, name: Option<String>, most: usize) {
    if let Some(name) = name
        && names.len() < most
        && !names.contains(&name)
    {
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licence(id: &str, expression: &str) -> RawLicence<'static> {
        let field = |text: &str| if text.is_empty() { Field::default() } else { Field::text(text.to_owned()) };
        RawLicence { id: field(id), expression: field(expression), object: !id.is_empty(), ..RawLicence::default() }
    }

    #[test]
    fn when_licences_may_mix() {
        let mixed = |minor, xml| {
            let mut faults = Vec::new();
            let raw = vec![licence("MIT", ""), licence("", "MIT OR ISC")];
            let licences = licences(Spec { minor, xml }, raw, crate::Limits::default(), &mut faults);
            assert_eq!(licences, ["MIT", "MIT OR ISC"]);
            faults == [Fault::LicenceMix]
        };
        assert_eq!([4, 5, 6, 7].map(|minor| mixed(minor, false)), [false, true, true, false]);
        assert_eq!([2, 4, 6, 7].map(|minor| mixed(minor, true)), [true, true, true, false]);
    }

    #[test]
    fn values_come_with_versions() {
        assert!(TYPE.knows("platform", 5) && !TYPE.knows("platform", 4));
        assert!(HASH.knows("BLAKE3", 2) && !HASH.knows("BLAKE3", 1) && !HASH.knows("FOO", 9));
    }
}

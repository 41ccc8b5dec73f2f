//! SPDX 3.0 as JSON-LD.
//!
//! Sources: *SPDX Specification 3.0.1*, model (Core, Software, `SimpleLicensing`, `ExpandedLicensing`) and its JSON-LD serialisation.
//! Not a JSON-LD processor: the document must be compacted with SPDX's context, as the serialisation asks. Read with it are some shapes
//! that writers use: `@id` and `@type`, prefixed and absolute names (`software_Package`, `software:Package`,
//! `https://spdx.org/rdf/3.0.1/terms/Software/Package`), elements inside others, `spdxElements` for `@graph`, and a single element alone.
//!
//! Elements refer to each other in any order, so each is looked at once as it comes, and what it refers to is put in at the end.

mod element;

use std::borrow::Cow;
use std::collections::HashMap;

use sekisho_diag::{Place, Problem};
use serde::de::{MapAccess, SeqAccess};

use super::push_new;
use crate::draft::{At, Draft, Field, Slot, cpe, purl, unknown};
use crate::fault::{Fault, Found, shown};
use crate::graph::Node;
use crate::json::{As, Visit, key, read, value};
use crate::value::{asserted, hash};
use element::{Raw, References, local};

/// Reads the document `source` into `draft`.
pub(crate) fn parse<'a>(draft: &mut Draft<'a>, source: &'a str) -> Result<(), Problem> {
    let name = draft.run.artefact;
    let mut state = State { draft, found: Found3::default() };
    read(source, name, Document { state: &mut state })?;
    state.finish(name)
}

/// What was found and waits for its partner.
#[derive(Default)]
struct Found3 {
    /// Names of agents and tools, and licences by their expressions or names.
    names: HashMap<Node, Named>,
    /// Who supplied and who originated a package.
    parties: Vec<(Slot, Option<Node>, Option<Node>)>,
    /// Which package each node is.
    packages: HashMap<Node, Slot>,
    /// Declared and concluded licences: what has it, and the licence.
    licences: Vec<(Node, Node)>,
    creations: HashMap<Node, Creation>,
    first_creation: Option<Node>,
    collections: Vec<Collection>,
    roots: Vec<Node>,
    /// The version in the address of the context.
    context: Option<String>,
    /// Elements without an identifier of their own.
    blank: u64,
}

struct Named {
    name: String,
    software: bool,
}

#[derive(Default)]
struct Creation {
    version: String,
    created: String,
    by: Vec<Node>,
    using: Vec<Node>,
}

/// A document, or a bill of materials in it.
struct Collection {
    node: Node,
    document: bool,
    name: Option<String>,
    creation: Option<Node>,
    roots: Vec<Node>,
}

struct State<'x, 'a> {
    draft: &'x mut Draft<'a>,
    found: Found3,
}

struct Document<'s, 'x, 'a> {
    state: &'s mut State<'x, 'a>,
}

impl<'de> Visit<'de> for Document<'_, '_, '_> {
    type Out = ();

    fn wrong(self, _: Found) {}

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let state = self.state;
        let mut alone = Raw::default();
        while let Some(key) = key(&mut object)? {
            match &*key {
                "@context" => state.found.context = value(&mut object, ContextVersion)?.or(state.found.context.take()),
                "@graph" | "spdxElements" | "elements" => {
                    value(&mut object, References { state: &mut *state, path: Some("/@graph") }).map(drop)?;
                }
                // The document is one element.
                _ => alone.field(&key, &mut object, state)?,
            }
        }
        if alone.kind.is_present() {
            let at = state.draft.place("", Some(0));
            state.element(alone, at);
        }
        Ok(())
    }
}

/// The version in `https://spdx.org/rdf/3.0.1/spdx-context.jsonld`.
#[derive(Clone, Copy)]
struct ContextVersion;

impl<'de> Visit<'de> for ContextVersion {
    type Out = Option<String>;

    fn wrong(self, _: Found) -> Self::Out {
        None
    }

    fn text(self, text: Cow<'de, str>) -> Self::Out {
        let (_, rest) = text.split_once("/rdf/")?;
        rest.split('/').next().map(str::to_owned)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Out, A::Error> {
        let mut found = None;
        while let Some(next) = list.next_element_seed(As(self))? {
            found = found.or(next);
        }
        Ok(found)
    }
}

impl State<'_, '_> {
    /// Takes an element; comes to its node.
    fn element(&mut self, raw: Raw<'_>, mut at: At) -> Option<Node> {
        let limits = self.draft.run.limits;
        let mut faults = Vec::new();
        let id = match raw.id.get() {
            Some(id) if id.len() <= limits.text => id.to_owned(),
            _ => {
                self.found.blank += 1;
                // No reference can be spelt like this.
                format!("\0{}", self.found.blank)
            }
        };
        if !id.starts_with('\0') {
            at.path.clone_from(&id);
        }
        let Some(kind) = raw.kind.get() else {
            // An object with nothing but an identifier is a reference.
            if raw.name.is_present() {
                self.draft.fault(&at, &Fault::Missing("type"));
            }
            return self.draft.graph.reference(&id);
        };
        match local(kind) {
            "Package" | "AIPackage" | "DatasetPackage" => return self.package(&id, at, raw),
            "Relationship" | "LifecycleScopedRelationship" => self.relationship(&raw, &mut faults),
            "CreationInfo" => {
                let node = self.draft.graph.reference(&id)?;
                let text = |field: &Field<'_>| field.get().unwrap_or_default().chars().take(64).collect();
                let creation = Creation {
                    version: text(&raw.spec_version),
                    created: text(&raw.created),
                    by: raw.by,
                    using: raw.using,
                };
                self.found.first_creation.get_or_insert(node);
                self.found.creations.insert(node, creation);
                return Some(node);
            }
            kind @ ("SpdxDocument" | "Sbom" | "Bom" | "Bundle") => {
                let node = self.draft.graph.reference(&id)?;
                if self.found.collections.len() < limits.entries {
                    self.found.collections.push(Collection {
                        node,
                        document: kind == "SpdxDocument",
                        name: raw.name.read("name", limits.text, &mut faults).map(Cow::into_owned),
                        creation: raw.creation.first().copied(),
                        roots: raw.roots,
                    });
                }
            }
            kind @ ("Agent"
            | "Person"
            | "Organization"
            | "SoftwareAgent"
            | "Tool"
            | "LicenseExpression"
            | "ListedLicense"
            | "CustomLicense"
            | "SimpleLicensingText") => {
                let name = if raw.expression.is_present() { raw.expression } else { raw.name };
                let software = matches!(kind, "SoftwareAgent" | "Tool");
                if let Some(name) = name.read("name", limits.text, &mut faults)
                    && let Some(node) = self.draft.graph.reference(&id)
                {
                    self.found.names.insert(node, Named { name: name.into_owned(), software });
                }
            }
            _ => {}
        }
        self.draft.faults(&at, &faults);
        self.draft.graph.reference(&id)
    }

    fn package(&mut self, id: &str, at: At, raw: Raw<'_>) -> Option<Node> {
        let limits = self.draft.run.limits;
        let slot = self.draft.begin()?;
        let mut faults = Vec::new();
        let mut component = unknown();
        if id.starts_with('\0') {
            faults.push(Fault::Missing("spdxId"));
        } else {
            component.reference = Some(id.to_owned());
            if !self.draft.graph.bind(slot.node, id) {
                faults.push(Fault::Duplicate(shown(id)));
            }
        }
        let name = raw.name.read("name", limits.text, &mut faults);
        component.version = raw
            .version
            .read("software_packageVersion", limits.text, &mut faults)
            .and_then(|version| asserted(&version).map(str::to_owned));
        if let Some(text) = raw.purl.read("software_packageUrl", limits.text, &mut faults) {
            purl(&mut component, text, &mut faults);
        }
        let mut identified = raw.identified;
        let mut older = None;
        if raw.identifiers.len() > limits.entries {
            faults.push(Fault::TooMany("externalIdentifier", limits.entries));
        }
        for (kind, identifier) in raw.identifiers.into_iter().take(limits.entries) {
            let kind = kind.read("externalIdentifierType", limits.text, &mut faults);
            let Some((kind, name)) = kind.zip(identifier.read("identifier", limits.text, &mut faults)) else {
                faults.push(Fault::Missing("externalIdentifier"));
                continue;
            };
            match local(&kind) {
                "packageUrl" | "purl" if component.purl.is_none() => purl(&mut component, name, &mut faults),
                "cpe23" if component.cpe.is_none() => component.cpe = cpe(&name, &mut faults),
                "cpe22" if older.is_none() => older = cpe(&name, &mut faults),
                "swid" | "swhid" | "gitoid" => identified = true,
                _ => {}
            }
        }
        component.cpe = component.cpe.or(older);
        if raw.hashes.len() > limits.entries {
            faults.push(Fault::TooMany("verifiedUsing", limits.entries));
        }
        for (algorithm, digits) in raw.hashes.into_iter().take(limits.entries) {
            let algorithm = algorithm.read("verifiedUsing/algorithm", limits.text, &mut faults);
            let digits = digits.read("verifiedUsing/hashValue", limits.text, &mut faults);
            if let Some((algorithm, digits)) = algorithm.zip(digits) {
                match hash(&algorithm, &digits) {
                    Some(hash) => component.hashes.push(hash),
                    None => faults.push(Fault::Hash(shown(&algorithm), shown(&digits))),
                }
            }
        }
        self.draft.faults(&at, &faults);
        let Some(name) = name else {
            self.draft.nameless(&at);
            return Some(slot.node);
        };
        component.name = name.into_owned();
        self.draft.fill(slot, at, component, identified);
        self.found.packages.insert(slot.node, slot);
        let (supplied, originated) = (raw.supplied.first().copied(), raw.originated.first().copied());
        if supplied.is_some() || originated.is_some() {
            self.found.parties.push((slot, supplied, originated));
        }
        Some(slot.node)
    }

    fn relationship(&mut self, raw: &Raw<'_>, faults: &mut Vec<Fault>) {
        let Some(kind) = raw.relationship.get() else {
            faults.push(Fault::Missing("relationshipType"));
            return;
        };
        let Some(&from) = raw.from.first() else {
            faults.push(Fault::Missing("from"));
            return;
        };
        match local(kind) {
            "describes" => self.found.roots.extend(&raw.to),
            kind @ ("contains"
            | "dependsOn"
            | "hasDynamicLink"
            | "hasStaticLink"
            | "hasPrerequisite"
            | "hasOptionalComponent"
            | "hasOptionalDependency"
            | "hasProvidedDependency") => {
                // That a package contains a file says nothing of its dependencies.
                if raw.to_none || (kind != "contains" && !raw.to.is_empty()) {
                    self.draft.graph.state(from);
                }
                for &to in &raw.to {
                    self.draft.graph.edge(from, to);
                }
            }
            "hasConcludedLicense" | "hasDeclaredLicense" => {
                self.found.licences.extend(raw.to.iter().map(|&to| (from, to)));
            }
            kind if is_other(kind) => {}
            kind => faults.push(Fault::NotListed("relationshipType", shown(kind))),
        }
    }

    /// Puts in what elements refer to.
    fn finish(self, name: &str) -> Result<(), Problem> {
        let Self { draft, found } = self;
        if found.collections.is_empty() && found.creations.is_empty() && found.packages.is_empty() {
            return Err(Problem::error(
                "not-an-sbom",
                "a JSON-LD document without any SPDX document, creation information or package",
            )
            .at(Place::file(name))
            .hint(crate::detect::KNOWN));
        }
        let document = found.collections.iter().find(|one| one.document).or(found.collections.first());
        let creation = document
            .and_then(|document| found.creations.get(&document.creation?))
            .or_else(|| found.creations.get(&found.first_creation?));
        let version = creation.map(|creation| creation.version.clone()).filter(|version| !version.is_empty());
        draft.sbom.spec_version = version.or(found.context).unwrap_or_default();
        match draft.sbom.spec_version.as_str() {
            version if version == "3.0" || version.starts_with("3.0.") => {}
            version if version.starts_with("3.") || version.is_empty() => {
                let fault = Fault::SpecVersion(shown(version));
                draft.document_fault(None, &fault);
            }
            version => {
                return Err(Problem::error(
                    "unknown-sbom-version",
                    format!("SPDX '{}' as JSON-LD is not known", shown(version)),
                )
                .at(Place::file(name))
                .hint("SPDX 3.0 is read as JSON-LD, SPDX 2.0 to 2.3 as JSON or tag-value"));
            }
        }
        match creation {
            Some(creation) => {
                let most = draft.run.limits.entries;
                for named in creation.by.iter().filter_map(|node| found.names.get(node)) {
                    let into = if named.software { &mut draft.sbom.tools } else { &mut draft.sbom.authors };
                    push_new(into, &named.name, most);
                }
                for named in creation.using.iter().filter_map(|node| found.names.get(node)) {
                    push_new(&mut draft.sbom.tools, &named.name, most);
                }
                let created = creation.created.clone();
                draft.timestamp(&created, true);
            }
            None => draft.document_fault(None, &Fault::Missing("creationInfo")),
        }
        draft.sbom.describes = document.and_then(|document| document.name.clone());

        // What a document or bill of materials has as its root may be another of them.
        let mut roots = found.roots;
        roots.extend(document.into_iter().flat_map(|document| &document.roots));
        let by_node: HashMap<Node, &Collection> = found.collections.iter().map(|one| (one.node, one)).collect();
        let mut expanded = Vec::new();
        while let Some(root) = roots.pop() {
            match by_node.get(&root) {
                Some(_) if expanded.contains(&root) => {}
                Some(collection) => {
                    expanded.push(root);
                    roots.extend(&collection.roots);
                }
                None => draft.graph.root(root),
            }
        }
        for (slot, supplied, originated) in found.parties {
            let named =
                |node: Option<Node>| found.names.get(&node?).and_then(|named| asserted(&named.name)).map(str::to_owned);
            let supplier = named(supplied).or_else(|| named(originated));
            if let Some(component) = draft.component(slot) {
                component.supplier = supplier;
            }
        }
        for (of, licence) in found.licences {
            let of = draft.graph.resolve(of);
            if let Some(&slot) = found.packages.get(&of)
                && let Some(licence) = found.names.get(&licence).and_then(|named| asserted(&named.name))
                && let Some(component) = draft.component(slot)
                && !component.licences.iter().any(|known| known == licence)
            {
                component.licences.push(licence.to_owned());
            }
        }
        Ok(())
    }
}

/// Whether `kind` is one of the other relationship types of SPDX 3.0.1, Core, `RelationshipType`.
fn is_other(kind: &str) -> bool {
    matches!(
        kind,
        "affects"
            | "amendedBy"
            | "ancestorOf"
            | "availableFrom"
            | "configures"
            | "coordinatedBy"
            | "copiedTo"
            | "delegatedTo"
            | "descendantOf"
            | "doesNotAffect"
            | "expandsTo"
            | "exploitCreatedBy"
            | "fixedBy"
            | "fixedIn"
            | "foundBy"
            | "generates"
            | "hasAddedFile"
            | "hasAssessmentFor"
            | "hasAssociatedVulnerability"
            | "hasDataFile"
            | "hasDeletedFile"
            | "hasDependencyManifest"
            | "hasDistributionArtifact"
            | "hasDocumentation"
            | "hasEvidence"
            | "hasExample"
            | "hasHost"
            | "hasInput"
            | "hasMetadata"
            | "hasOutput"
            | "hasRequirement"
            | "hasSpecification"
            | "hasTest"
            | "hasTestCase"
            | "hasVariant"
            | "invokedBy"
            | "modifiedBy"
            | "other"
            | "packagedBy"
            | "patchedBy"
            | "publishedBy"
            | "reportedBy"
            | "republishedBy"
            | "serializedInArtifact"
            | "testedOn"
            | "trainedOn"
            | "underInvestigationFor"
            | "usesTool"
    )
}

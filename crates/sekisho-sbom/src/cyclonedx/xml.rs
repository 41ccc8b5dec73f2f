//! `CycloneDX` as XML.

use std::fmt::Write as _;

use sekisho_diag::{Place, Problem};

use super::rules::{FLOW, ISSUE, PATCH};
use super::source::is_wanted;
use super::{
    RawComponent, RawHash, RawLicence, RawSwid, Spec, dependency, described_component, head, licences,
    listed_component, name_one, push, service,
};
use crate::draft::{At, Draft, Field, titled};
use crate::fault::{Fault, shown};
use crate::graph::Node;
use crate::xml::{Tag, Xml};

/// What the namespaces of all versions begin with.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Reads the document `source` into `draft`.
pub(crate) fn parse<'a>(draft: &mut Draft<'a>, source: &'a str) -> Result<(), Problem> {
    let name = draft.run.artefact;
    let (xml, root) = Xml::new(source, name)?;
    let Some(version) = xml.namespace().strip_prefix(NAMESPACE).filter(|_| root.name() == "bom").map(str::to_owned)
    else {
        return Err(foreign(&xml, &root, source, name));
    };
    let spec = Spec::new(&version, true, draft)?;
    let mut reader = Reader { draft, xml, spec, path: "/bom".to_owned(), depth: 0 };
    reader.document(&root)?;
    reader.xml.end()
}

/// Why an XML document is no `CycloneDX` one.
fn foreign(xml: &Xml<'_>, root: &Tag<'_>, source: &str, name: &str) -> Problem {
    let (line, column) = crate::text::position(source, root.offset);
    let (message, hint) = match (root.name(), xml.namespace()) {
        ("RDF", _) => ("SPDX as RDF/XML, which is not read".to_owned(), "convert it to JSON or tag-value"),
        ("SoftwareIdentity", _) => ("a SWID tag, which is not read".to_owned(), crate::detect::KNOWN),
        ("bom", "") => (
            "a <bom> without namespace".to_owned(),
            "a CycloneDX document says its version by xmlns=\"http://cyclonedx.org/schema/bom/1.6\"",
        ),
        (root, namespace) => (
            format!("an XML document of another kind: <{}> of the namespace '{}'", shown(root), shown(namespace)),
            crate::detect::KNOWN,
        ),
    };
    Problem::error("not-an-sbom", message).at(Place::text(name, line, column)).hint(hint)
}

struct Reader<'r, 'a> {
    draft: &'r mut Draft<'a>,
    xml: Xml<'a>,
    spec: Spec,
    /// The element being read, as an `XPath`.
    path: String,
    /// How many components lie around it.
    depth: usize,
}

impl<'a> Reader<'_, 'a> {
    fn document(&mut self, root: &Tag<'_>) -> Result<(), Problem> {
        let serial = self.attribute(root, "serialNumber")?;
        if let Some(version) = self.attribute(root, "version")?.get()
            && !version.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.draft.document_fault(Some("/bom/@version"), &Fault::NotListed("version", shown(version)));
        }
        let mut timestamp = Field::default();
        let mut seen: Vec<&'static str> = Vec::new();
        while let Some(tag) = self.xml.child()? {
            let known =
                ["metadata", "components", "services", "dependencies"].into_iter().find(|known| *known == tag.name());
            let Some(known) = known else {
                self.xml.skip(&tag)?;
                continue;
            };
            if seen.contains(&known) {
                self.draft.document_fault(None, &Fault::Twice(known));
                self.xml.skip(&tag)?;
                continue;
            }
            seen.push(known);
            match known {
                "metadata" => timestamp = self.at(known, Self::metadata)?,
                "components" => self.components(None)?,
                "services" => self.each("services", "service", |reader, tag| reader.service(&tag))?,
                _ => self.dependencies(None)?,
            }
        }
        head(self.draft, self.spec, serial, timestamp);
        Ok(())
    }

    /// Reads with `read` what lies in the element just entered, called `name`.
    fn at<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        let length = self.path.len();
        let _ = write!(self.path, "/{name}");
        let out = read(self);
        self.path.truncate(length);
        out
    }

    /// Reads each element called `item` of the list just entered, called `list`.
    fn each(
        &mut self,
        list: &str,
        item: &str,
        mut read: impl FnMut(&mut Self, Tag<'a>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.at(list, |reader| {
            let mut index = 0_u64;
            while let Some(tag) = reader.xml.child()? {
                if tag.name() == item {
                    index += 1;
                    reader.at(&format!("{item}[{index}]"), |reader| read(reader, tag))?;
                } else {
                    reader.xml.skip(&tag)?;
                }
            }
            Ok(())
        })
    }

    fn place(&mut self, tag: &Tag<'_>) -> At {
        self.draft.place(&self.path, Some(tag.offset))
    }

    fn attribute(&self, tag: &Tag<'_>, name: &str) -> Result<Field<'static>, Problem> {
        Ok(self.xml.attribute(tag, name)?.map(Field::text).unwrap_or_default())
    }

    fn content(&mut self) -> Result<Field<'a>, Problem> {
        Ok(Field::text(self.xml.content()?))
    }

    /// The text of the child called `name` of the element just entered.
    fn under(&mut self, name: &str) -> Result<Field<'a>, Problem> {
        let mut field = Field::default();
        while let Some(tag) = self.xml.child()? {
            if tag.name() == name {
                field.put(self.content()?);
            } else {
                self.xml.skip(&tag)?;
            }
        }
        Ok(field)
    }

    fn metadata(&mut self) -> Result<Field<'a>, Problem> {
        let most = self.draft.run.limits.entries;
        let mut timestamp = Field::default();
        let (mut authors, mut tools) = (Vec::new(), Vec::new());
        let mut faults = Vec::new();
        let mut raw_licences = Vec::new();
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "timestamp" => timestamp.put(self.content()?),
                "authors" => self.each("authors", "author", |reader, _| {
                    name_one(&mut authors, reader.contact()?, most);
                    Ok(())
                })?,
                "manufacturer" if self.spec.minor >= 6 => {
                    let name = self.under("name")?;
                    name_one(&mut authors, name.get().map(str::to_owned), most);
                }
                "tools" => self.tools(&mut tools)?,
                "licenses" => raw_licences = self.licences()?,
                "properties" => {
                    if self.properties(|_, _| {})? {
                        faults.push(Fault::Missing("properties/name"));
                    }
                }
                "component" => self.at("component", |reader| {
                    let node = reader.draft.graph.add();
                    reader.draft.graph.root(node);
                    let (at, raw) = reader.component(&tag, node)?;
                    described_component(reader.draft, reader.spec, node, &at, raw);
                    Ok(())
                })?,
                _ => self.xml.skip(&tag)?,
            }
        }
        licences(self.spec, raw_licences, self.draft.run.limits, &mut faults);
        self.draft.document_faults(&self.path, &faults);
        let limit = self.draft.run.limits.text;
        authors.retain(|name: &String| name.len() <= limit);
        tools.retain(|name: &String| name.len() <= limit);
        self.draft.sbom.authors = authors;
        self.draft.sbom.tools = tools;
        Ok(timestamp)
    }

    /// Name, else e-mail address, of the person just entered.
    fn contact(&mut self) -> Result<Option<String>, Problem> {
        let (mut name, mut email) = (Field::default(), Field::default());
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "name" => name.put(self.content()?),
                "email" => email.put(self.content()?),
                _ => self.xml.skip(&tag)?,
            }
        }
        Ok(name.get().or(email.get()).map(str::to_owned))
    }

    /// Tools up to 1.4, components and services since 1.5.
    fn tools(&mut self, names: &mut Vec<String>) -> Result<(), Problem> {
        let most = self.draft.run.limits.entries;
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "tool" => name_one(names, self.tool()?, most),
                "components" | "services" => {
                    while self.xml.child()?.is_some() {
                        name_one(names, self.tool()?, most);
                    }
                }
                _ => self.xml.skip(&tag)?,
            }
        }
        Ok(())
    }

    fn tool(&mut self) -> Result<Option<String>, Problem> {
        let (mut name, mut version) = (Field::default(), Field::default());
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "name" => name.put(self.content()?),
                "version" => version.put(self.content()?),
                _ => self.xml.skip(&tag)?,
            }
        }
        Ok(name.get().map(|name| titled(name, version.get())))
    }

    /// Reads the components of the list just entered, which lie inside `parent` or on their own.
    fn components(&mut self, parent: Option<Node>) -> Result<(), Problem> {
        self.each("components", "component", |reader, tag| {
            let Some(slot) = reader.draft.begin() else { return reader.xml.skip(&tag) };
            if let Some(parent) = parent {
                reader.draft.graph.include(parent, slot.node);
            }
            let (at, raw) = reader.component(&tag, slot.node)?;
            listed_component(reader.draft, reader.spec, slot, at, raw);
            Ok(())
        })
    }

    /// The fields of the component just entered by `tag`; the components inside it are taken at once.
    fn component(&mut self, tag: &Tag<'_>, node: Node) -> Result<(At, RawComponent<'a>), Problem> {
        let at = self.place(tag);
        let most = self.draft.run.limits.entries;
        let mut raw = RawComponent {
            kind: self.attribute(tag, "type")?,
            reference: self.attribute(tag, "bom-ref")?,
            ..RawComponent::default()
        };
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "name" => raw.name.put(self.content()?),
                "version" => raw.version.put(self.content()?),
                "publisher" => raw.publisher.put(self.content()?),
                "supplier" => raw.supplier.put(self.under("name")?),
                "manufacturer" => raw.manufacturer.put(self.under("name")?),
                "scope" => raw.scope.put(self.content()?),
                "purl" => raw.purl.put(self.content()?),
                "cpe" => raw.cpe.put(self.content()?),
                "swhid" | "omniborId" => raw.identified |= self.content()?.get().is_some(),
                "swid" => {
                    raw.swid =
                        Some(RawSwid { tag: self.attribute(&tag, "tagId")?, name: self.attribute(&tag, "name")? });
                    self.xml.skip(&tag)?;
                }
                "hashes" => {
                    while let Some(tag) = self.xml.child()? {
                        let algorithm = self.attribute(&tag, "alg")?;
                        push(&mut raw.hashes, RawHash { algorithm, content: self.content()? }, most);
                    }
                }
                "licenses" => raw.licences.append(&mut self.licences()?),
                "properties" => {
                    if self.properties(|name, value| raw.source.take(name, value))? {
                        raw.faults.push(Fault::Missing("properties/name"));
                    }
                }
                "pedigree" => self.pedigree(&mut raw)?,
                "components" if self.depth >= self.draft.run.limits.nesting => {
                    self.xml.skip(&tag)?;
                    raw.faults.push(Fault::TooDeep(self.depth));
                }
                "components" => {
                    self.depth += 1;
                    self.components(Some(node))?;
                    self.depth -= 1;
                }
                _ => self.xml.skip(&tag)?,
            }
        }
        Ok((at, raw))
    }

    fn licences(&mut self) -> Result<Vec<RawLicence<'a>>, Problem> {
        let most = self.draft.run.limits.entries;
        let mut licences = Vec::new();
        while let Some(tag) = self.xml.child()? {
            let mut licence = RawLicence::default();
            match tag.name() {
                "expression" => licence.expression.put(self.content()?),
                "license" => {
                    licence.object = true;
                    while let Some(tag) = self.xml.child()? {
                        match tag.name() {
                            "id" => licence.id.put(self.content()?),
                            "name" => licence.name.put(self.content()?),
                            "text" => {
                                licence.encoding.put(self.attribute(&tag, "encoding")?);
                                self.xml.skip(&tag)?;
                            }
                            "properties" => licence.nameless_property |= self.properties(|_, _| {})?,
                            _ => self.xml.skip(&tag)?,
                        }
                    }
                }
                _ => {
                    self.xml.skip(&tag)?;
                    continue;
                }
            }
            push(&mut licences, licence, most);
        }
        Ok(licences)
    }

    /// Hands over name and value of the wanted properties in the list just entered; says whether one lacks its name, which it must have
    /// since 1.6.
    fn properties(&mut self, mut take: impl FnMut(&str, Field<'a>)) -> Result<bool, Problem> {
        let mut nameless = false;
        while let Some(tag) = self.xml.child()? {
            if tag.name() != "property" {
                self.xml.skip(&tag)?;
                continue;
            }
            let name = self.attribute(&tag, "name")?;
            nameless |= !name.is_present();
            match name.get().filter(|name| is_wanted(name)) {
                Some(name) => take(name, self.content()?),
                None => self.xml.skip(&tag)?,
            }
        }
        Ok(nameless && self.spec.minor >= 6)
    }

    /// The types of patches and issues in the pedigree just entered.
    fn pedigree(&mut self, raw: &mut RawComponent<'a>) -> Result<(), Problem> {
        let most = self.draft.run.limits.entries;
        while let Some(tag) = self.xml.child()? {
            if tag.name() != "patches" {
                self.xml.skip(&tag)?;
                continue;
            }
            while let Some(patch) = self.xml.child()? {
                push(&mut raw.listed, (&PATCH, self.attribute(&patch, "type")?), most);
                while let Some(tag) = self.xml.child()? {
                    if tag.name() != "resolves" {
                        self.xml.skip(&tag)?;
                        continue;
                    }
                    while let Some(issue) = self.xml.child()? {
                        push(&mut raw.listed, (&ISSUE, self.attribute(&issue, "type")?), most);
                        self.xml.skip(&issue)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The service just entered by `tag`.
    fn service(&mut self, tag: &Tag<'_>) -> Result<(), Problem> {
        let at = self.place(tag);
        let most = self.draft.run.limits.entries;
        let mut raw = RawComponent { reference: self.attribute(tag, "bom-ref")?, ..RawComponent::default() };
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                // `data/classification@flow` up to 1.4, and `data/dataflow/classification@flow` since 1.5.
                "data" => self.flows(&mut raw, most)?,
                "properties" => {
                    if self.properties(|_, _| {})? {
                        raw.faults.push(Fault::Missing("properties/name"));
                    }
                }
                _ => self.xml.skip(&tag)?,
            }
        }
        service(self.draft, self.spec, &at, raw);
        Ok(())
    }

    fn flows(&mut self, raw: &mut RawComponent<'a>, most: usize) -> Result<(), Problem> {
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "classification" => {
                    push(&mut raw.listed, (&FLOW, self.attribute(&tag, "flow")?), most);
                    self.xml.skip(&tag)?;
                }
                "dataflow" => {
                    while let Some(tag) = self.xml.child()? {
                        if tag.name() == "classification" {
                            push(&mut raw.listed, (&FLOW, self.attribute(&tag, "flow")?), most);
                        }
                        self.xml.skip(&tag)?;
                    }
                }
                _ => self.xml.skip(&tag)?,
            }
        }
        Ok(())
    }

    /// Reads the entries of the dependency graph in the element just entered: of the graph itself, or of an entry for `from`.
    fn dependencies(&mut self, from: Option<Node>) -> Result<(), Problem> {
        let list = if from.is_some() { "" } else { "dependencies" };
        let length = self.path.len();
        if !list.is_empty() {
            let _ = write!(self.path, "/{list}");
        }
        let mut index = 0_u64;
        while let Some(tag) = self.xml.child()? {
            if tag.name() != "dependency" {
                self.xml.skip(&tag)?;
                continue;
            }
            index += 1;
            self.at(&format!("dependency[{index}]"), |reader| {
                let at = reader.place(&tag);
                let reference = reader.attribute(&tag, "ref")?;
                let node = dependency(reader.draft, &at, reference);
                match (node, from) {
                    (Some(node), Some(from)) => reader.draft.graph.edge(from, node),
                    (Some(node), None) => reader.draft.graph.state(node),
                    (None, _) => return reader.xml.skip(&tag),
                }
                // The schema lets entries lie in each other without end; writers use two levels.
                if reader.depth >= reader.draft.run.limits.nesting {
                    reader.draft.fault(&at, &Fault::TooDeep(reader.depth));
                    return reader.xml.skip(&tag);
                }
                reader.depth += 1;
                reader.dependencies(node)?;
                reader.depth -= 1;
                Ok(())
            })?;
        }
        self.path.truncate(length);
        Ok(())
    }
}

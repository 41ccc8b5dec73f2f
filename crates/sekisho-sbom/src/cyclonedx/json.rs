//! `CycloneDX` as JSON.

mod metadata;
mod values;

use std::fmt::Write as _;

use sekisho_diag::Problem;
use serde::de::{MapAccess, SeqAccess};

use super::rules::FLOW;
use super::{RawComponent, Spec, dependency, head, listed_component, push};
use crate::draft::{At, Draft, Field};
use crate::fault::{Fault, Found};
use crate::graph::Node;
use crate::json::{As, TextUnder, TextValue, Visit, each, key, object_start, read, skip, text, value};
use metadata::Metadata;
use values::{Hash, Licence, Pedigree, Property, RawProperty, Swid};

/// Reads the document `source` of the specification `version` into `draft`.
pub(crate) fn parse<'a>(draft: &mut Draft<'a>, source: &'a str, version: &str) -> Result<(), Problem> {
    let spec = Spec::new(version, false, draft)?;
    let name = draft.run.artefact;
    read(source, name, Document { reader: &mut Reader { draft, spec, path: String::new(), depth: 0 } })
}

/// Where the reader stands.
struct Reader<'r, 'a> {
    draft: &'r mut Draft<'a>,
    spec: Spec,
    /// JSON pointer to the value being read.
    path: String,
    /// How many components lie around it.
    depth: usize,
}

impl Reader<'_, '_> {
    /// The place of the object whose first key is `key`.
    fn place(&mut self, key: Option<&str>) -> At {
        let lines = &self.draft.lines;
        let offset = key.and_then(|key| lines.offset_of(key)).map(|at| object_start(lines.text(), at));
        self.draft.place(&self.path, offset)
    }
}

/// The elements of the array under the key just read, each visited with the path to it.
fn walk<'de, A, F>(object: &mut A, reader: &mut Reader<'_, '_>, name: &str, each: F) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    F: Element<'de>,
{
    let length = reader.path.len();
    let _ = write!(reader.path, "/{name}");
    let out = value(object, Walk { reader: &mut *reader, each });
    if let Ok(Err(found)) = &out {
        let at = At { path: reader.path.clone(), ..At::default() };
        reader.draft.fault(&at, &Fault::WrongType("list", *found));
    }
    reader.path.truncate(length);
    out.map(drop)
}

/// What to do with one object of an array.
trait Element<'de>: Copy {
    fn object<A: MapAccess<'de>>(self, reader: &mut Reader<'_, '_>, object: A) -> Result<(), A::Error>;
}

struct Walk<'x, 'r, 'a, F> {
    reader: &'x mut Reader<'r, 'a>,
    each: F,
}

impl<'de, F: Element<'de>> Visit<'de> for Walk<'_, '_, '_, F> {
    type Out = Result<(), Found>;

    fn wrong(self, found: Found) -> Self::Out {
        if found == Found::Null { Ok(()) } else { Err(found) }
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Out, A::Error> {
        let length = self.reader.path.len();
        let mut index = 0_u64;
        loop {
            let _ = write!(self.reader.path, "/{index}");
            let more = list.next_element_seed(As(One { reader: &mut *self.reader, each: self.each }))?;
            self.reader.path.truncate(length);
            if more.is_none() {
                return Ok(Ok(()));
            }
            index += 1;
        }
    }
}

struct One<'x, 'r, 'a, F> {
    reader: &'x mut Reader<'r, 'a>,
    each: F,
}

impl<'de, F: Element<'de>> Visit<'de> for One<'_, '_, '_, F> {
    type Out = ();

    fn wrong(self, found: Found) {
        let at = At { path: self.reader.path.clone(), ..At::default() };
        self.reader.draft.fault(&at, &Fault::WrongType("entry", found));
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.each.object(self.reader, object)
    }
}

struct Document<'x, 'r, 'a> {
    reader: &'x mut Reader<'r, 'a>,
}

impl<'de> Visit<'de> for Document<'_, '_, '_> {
    type Out = ();

    fn wrong(self, _: Found) {}

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.reader;
        let (mut serial, mut timestamp) = (Field::default(), Field::default());
        let mut seen: Vec<&'static str> = Vec::new();
        while let Some(key) = key(&mut object)? {
            let known = ["metadata", "components", "services", "dependencies", "version"]
                .into_iter()
                .find(|known| *known == key);
            if let Some(known) = known {
                if seen.contains(&known) {
                    reader.draft.document_fault(None, &Fault::Twice(known));
                    skip(&mut object)?;
                    continue;
                }
                seen.push(known);
            }
            match &*key {
                "serialNumber" => serial.put(text(&mut object)?),
                "version" => {
                    if let Some(found) = value(&mut object, Kind)?.filter(|found| *found != Found::Number) {
                        reader.draft.document_fault(Some("/version"), &Fault::WrongType("version", found));
                    }
                }
                "metadata" => {
                    "/metadata".clone_into(&mut reader.path);
                    timestamp = value(&mut object, Metadata { reader: &mut *reader })?;
                    reader.path.clear();
                }
                "components" => walk(&mut object, reader, "components", Listed { parent: None })?,
                "services" => walk(&mut object, reader, "services", Service)?,
                "dependencies" => walk(&mut object, reader, "dependencies", Dependency)?,
                _ => skip(&mut object)?,
            }
        }
        head(reader.draft, reader.spec, serial, timestamp);
        Ok(())
    }
}

/// The kind of a value; none for `null`.
struct Kind;

impl Visit<'_> for Kind {
    type Out = Option<Found>;

    fn wrong(self, found: Found) -> Self::Out {
        (found != Found::Null).then_some(found)
    }
}

/// A component that the document lists, inside `parent` or on its own.
#[derive(Clone, Copy)]
struct Listed {
    parent: Option<Node>,
}

impl<'de> Element<'de> for Listed {
    fn object<A: MapAccess<'de>>(self, reader: &mut Reader<'_, '_>, mut object: A) -> Result<(), A::Error> {
        let Some(slot) = reader.draft.begin() else {
            while key(&mut object)?.is_some() {
                skip(&mut object)?;
            }
            return Ok(());
        };
        if let Some(parent) = self.parent {
            reader.draft.graph.include(parent, slot.node);
        }
        let (at, raw) = component(reader, object, slot.node)?;
        listed_component(reader.draft, reader.spec, slot, at, raw);
        Ok(())
    }
}

/// The fields of a component; the components inside it are taken at once.
fn component<'de, A: MapAccess<'de>>(
    reader: &mut Reader<'_, '_>,
    mut object: A,
    node: Node,
) -> Result<(At, RawComponent<'de>), A::Error> {
    let most = reader.draft.run.limits.entries;
    let mut raw = RawComponent::default();
    let mut next = key(&mut object)?;
    let at = reader.place(next.as_deref());
    while let Some(key) = next {
        match &*key {
            "type" => raw.kind.put(text(&mut object)?),
            "bom-ref" => raw.reference.put(text(&mut object)?),
            "name" => raw.name.put(text(&mut object)?),
            "version" => raw.version.put(text(&mut object)?),
            "publisher" => raw.publisher.put(text(&mut object)?),
            "supplier" => raw.supplier.put(value(&mut object, TextUnder("name"))?),
            "manufacturer" => raw.manufacturer.put(value(&mut object, TextUnder("name"))?),
            "scope" => raw.scope.put(text(&mut object)?),
            "purl" => raw.purl.put(text(&mut object)?),
            "cpe" => raw.cpe.put(text(&mut object)?),
            "swid" => raw.swid = value(&mut object, Swid)?,
            "swhid" | "omniborId" => {
                let identified = &mut raw.identified;
                let read = each(&mut object, TextValue, |id: Field<'_>| *identified |= id.get().is_some())?;
                raw.check("identifiers", read);
            }
            "hashes" => {
                let read = each(&mut object, Hash, |hash| push(&mut raw.hashes, hash, most))?;
                raw.check("hashes", read);
            }
            "licenses" => {
                let read = each(&mut object, Licence, |licence| push(&mut raw.licences, licence, most))?;
                raw.check("licenses", read);
            }
            "properties" => {
                let mut nameless = false;
                let source = &mut raw.source;
                let read = each(&mut object, Property, |property: RawProperty<'de>| {
                    nameless |= !property.named;
                    if let Some((name, value)) = property.wanted {
                        source.take(&name, value);
                    }
                })?;
                raw.check("properties", read);
                if nameless && reader.spec.minor >= 6 {
                    raw.faults.push(Fault::Missing("properties/name"));
                }
            }
            "pedigree" => value(&mut object, Pedigree { raw: &mut raw, most })?,
            "components" if reader.depth >= reader.draft.run.limits.nesting => {
                skip(&mut object)?;
                raw.faults.push(Fault::TooDeep(reader.depth));
            }
            "components" => {
                reader.depth += 1;
                walk(&mut object, reader, "components", Listed { parent: Some(node) })?;
                reader.depth -= 1;
            }
            _ => skip(&mut object)?,
        }
        next = crate::json::key(&mut object)?;
    }
    Ok((at, raw))
}

/// A service: it can stand in the dependency graph, and is no component.
#[derive(Clone, Copy)]
struct Service;

impl<'de> Element<'de> for Service {
    fn object<A: MapAccess<'de>>(self, reader: &mut Reader<'_, '_>, mut object: A) -> Result<(), A::Error> {
        let most = reader.draft.run.limits.entries;
        let mut raw = RawComponent::default();
        let mut next = key(&mut object)?;
        let at = reader.place(next.as_deref());
        while let Some(key) = next {
            match &*key {
                "bom-ref" => raw.reference.put(text(&mut object)?),
                "data" => {
                    let read = each(&mut object, TextUnder("flow"), |flow| push(&mut raw.listed, (&FLOW, flow), most))?;
                    raw.check("data", read);
                }
                "properties" if reader.spec.minor >= 6 => {
                    let mut nameless = false;
                    let read = each(&mut object, Property, |property: RawProperty<'_>| nameless |= !property.named)?;
                    raw.check("properties", read);
                    if nameless {
                        raw.faults.push(Fault::Missing("properties/name"));
                    }
                }
                _ => skip(&mut object)?,
            }
            next = crate::json::key(&mut object)?;
        }
        super::service(reader.draft, reader.spec, &at, raw);
        Ok(())
    }
}

/// An entry of the dependency graph.
#[derive(Clone, Copy)]
struct Dependency;

impl<'de> Element<'de> for Dependency {
    fn object<A: MapAccess<'de>>(self, reader: &mut Reader<'_, '_>, mut object: A) -> Result<(), A::Error> {
        let mut reference = Field::default();
        // What an entry depends on may stand before what the entry is about.
        let mut targets: Vec<Node> = Vec::new();
        let mut wrong = Ok(());
        let mut next = key(&mut object)?;
        let at = reader.place(next.as_deref());
        while let Some(key) = next {
            match &*key {
                "ref" => reference.put(text(&mut object)?),
                "dependsOn" => {
                    let draft = &mut *reader.draft;
                    wrong = each(&mut object, TextValue, |target| targets.extend(dependency(draft, &at, target)))?;
                }
                _ => skip(&mut object)?,
            }
            next = crate::json::key(&mut object)?;
        }
        if let Err(found) = wrong {
            reader.draft.fault(&at, &Fault::WrongType("dependsOn", found));
        }
        if let Some(from) = dependency(reader.draft, &at, reference) {
            reader.draft.graph.state(from);
            for to in targets {
                reader.draft.graph.edge(from, to);
            }
        }
        Ok(())
    }
}

//! SPDX 2 as JSON.

use std::fmt::Write as _;

use sekisho_diag::{Place, Problem};
use serde::de::{MapAccess, SeqAccess};

use super::{RawPackage, RawReference, creator, describe, head, package, relationship, version};
use crate::draft::{At, Draft, Field};
use crate::fault::{Fault, Found};
use crate::json::{As, TextValue, Visit, each, key, object_start, read, skip, text, value};

/// Reads the document `source`, whose `spdxVersion` is `spdx_version`, into `draft`.
pub(crate) fn parse<'a>(draft: &mut Draft<'a>, source: &'a str, spdx_version: &str) -> Result<(), Problem> {
    let name = draft.run.artefact;
    version(draft, spdx_version, Place::file(name))?;
    read(source, name, Document { draft })
}

struct Document<'x, 'a> {
    draft: &'x mut Draft<'a>,
}

impl<'de> Visit<'de> for Document<'_, '_> {
    type Out = ();

    fn wrong(self, _: Found) {}

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let draft = self.draft;
        let (mut name, mut created) = (Field::default(), Field::default());
        let mut seen: Vec<&'static str> = Vec::new();
        while let Some(key) = key(&mut object)? {
            let known = ["packages", "relationships", "creationInfo"].into_iter().find(|known| *known == key);
            if let Some(known) = known {
                if seen.contains(&known) {
                    draft.document_fault(None, &Fault::Twice(known));
                    skip(&mut object)?;
                    continue;
                }
                seen.push(known);
            }
            match &*key {
                "name" => name.put(text(&mut object)?),
                "creationInfo" => created = value(&mut object, CreationInfo { draft: &mut *draft })?,
                "documentDescribes" => {
                    let _ = each(&mut object, TextValue, |id: Field<'_>| {
                        id.get().into_iter().for_each(|id| describe(draft, id));
                    })?;
                }
                "packages" => value(&mut object, List { draft: &mut *draft, path: "/packages", each: Package })?,
                "relationships" => {
                    value(&mut object, List { draft: &mut *draft, path: "/relationships", each: Relationship })?;
                }
                _ => skip(&mut object)?,
            }
        }
        head(draft, name, created);
        Ok(())
    }
}

/// `creationInfo`; comes to `created`.
struct CreationInfo<'x, 'a> {
    draft: &'x mut Draft<'a>,
}

impl<'de> Visit<'de> for CreationInfo<'_, '_> {
    type Out = Field<'de>;

    fn wrong(self, found: Found) -> Field<'de> {
        Field::wrong(found)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Field<'de>, A::Error> {
        let mut created = Field::default();
        while let Some(key) = key(&mut object)? {
            match &*key {
                "created" => created.put(text(&mut object)?),
                "creators" => {
                    let read = each(&mut object, TextValue, |one: Field<'_>| {
                        one.get().into_iter().for_each(|one| creator(self.draft, one));
                    })?;
                    if let Err(found) = read {
                        self.draft.document_fault(None, &Fault::WrongType("creationInfo/creators", found));
                    }
                }
                _ => skip(&mut object)?,
            }
        }
        Ok(created)
    }
}

/// What to do with one object of a list.
trait Element<'de>: Copy {
    fn object<A: MapAccess<'de>>(self, draft: &mut Draft<'_>, path: String, object: A) -> Result<(), A::Error>;
}

struct List<'x, 'a, F> {
    draft: &'x mut Draft<'a>,
    path: &'static str,
    each: F,
}

impl<'de, F: Element<'de>> Visit<'de> for List<'_, '_, F> {
    type Out = ();

    fn wrong(self, found: Found) {
        if found != Found::Null {
            self.draft.fault(&At { path: self.path.to_owned(), ..At::default() }, &Fault::WrongType("list", found));
        }
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { draft, path, each } = self;
        let mut index = 0_u64;
        while list.next_element_seed(As(One { list: List { draft: &mut *draft, path, each }, index }))?.is_some() {
            index += 1;
        }
        Ok(())
    }
}

struct One<'x, 'a, F> {
    list: List<'x, 'a, F>,
    index: u64,
}

impl<'de, F: Element<'de>> Visit<'de> for One<'_, '_, F> {
    type Out = ();

    fn wrong(self, found: Found) {
        let at = At { path: format!("{}/{}", self.list.path, self.index), ..At::default() };
        self.list.draft.fault(&at, &Fault::WrongType("entry", found));
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        let mut path = String::with_capacity(self.list.path.len() + 8);
        let _ = write!(path, "{}/{}", self.list.path, self.index);
        self.list.each.object(self.list.draft, path, object)
    }
}

/// The place of the object whose first key is `key`.
fn place(draft: &mut Draft<'_>, path: &str, key: Option<&str>) -> At {
    let offset = key.and_then(|key| draft.lines.offset_of(key)).map(|at| object_start(draft.lines.text(), at));
    draft.place(path, offset)
}

#[derive(Clone, Copy)]
struct Package;

impl<'de> Element<'de> for Package {
    fn object<A: MapAccess<'de>>(self, draft: &mut Draft<'_>, path: String, mut object: A) -> Result<(), A::Error> {
        let Some(slot) = draft.begin() else {
            while key(&mut object)?.is_some() {
                skip(&mut object)?;
            }
            return Ok(());
        };
        let most = draft.run.limits.entries;
        let mut raw = RawPackage::default();
        let mut next = key(&mut object)?;
        let at = place(draft, &path, next.as_deref());
        while let Some(key) = next {
            let mut listed = Ok(());
            match &*key {
                "SPDXID" => raw.id.put(text(&mut object)?),
                "name" => raw.name.put(text(&mut object)?),
                "versionInfo" => raw.version.put(text(&mut object)?),
                "supplier" => raw.supplier.put(text(&mut object)?),
                "originator" => raw.originator.put(text(&mut object)?),
                "licenseConcluded" => raw.concluded.put(text(&mut object)?),
                "licenseDeclared" => raw.declared.put(text(&mut object)?),
                "checksums" => {
                    listed = each(&mut object, Pair("algorithm", "checksumValue"), |pair| {
                        if raw.checksums.len() <= most {
                            raw.checksums.push(pair);
                        }
                    })?;
                }
                "externalRefs" => {
                    listed = each(&mut object, Pair("referenceType", "referenceLocator"), |(kind, locator)| {
                        if raw.references.len() <= most {
                            raw.references.push(RawReference { kind, locator });
                        }
                    })?;
                }
                _ => skip(&mut object)?,
            }
            if let Err(found) = listed {
                raw.faults.push(Fault::WrongType(if key == "checksums" { "checksums" } else { "externalRefs" }, found));
            }
            next = crate::json::key(&mut object)?;
        }
        package(draft, slot, at, raw);
        Ok(())
    }
}

/// Two strings of an object.
#[derive(Clone, Copy)]
struct Pair(&'static str, &'static str);

impl<'de> Visit<'de> for Pair {
    type Out = (Field<'de>, Field<'de>);

    fn wrong(self, found: Found) -> Self::Out {
        (Field::wrong(found), Field::default())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut pair = (Field::default(), Field::default());
        while let Some(key) = key(&mut object)? {
            if key == self.0 {
                pair.0.put(text(&mut object)?);
            } else if key == self.1 {
                pair.1.put(text(&mut object)?);
            } else {
                skip(&mut object)?;
            }
        }
        Ok(pair)
    }
}

#[derive(Clone, Copy)]
struct Relationship;

impl<'de> Element<'de> for Relationship {
    fn object<A: MapAccess<'de>>(self, draft: &mut Draft<'_>, path: String, mut object: A) -> Result<(), A::Error> {
        let (mut from, mut kind, mut to) = (Field::default(), Field::default(), Field::default());
        let mut next = key(&mut object)?;
        let at = place(draft, &path, next.as_deref());
        while let Some(key) = next {
            match &*key {
                "spdxElementId" => from.put(text(&mut object)?),
                "relationshipType" => kind.put(text(&mut object)?),
                "relatedSpdxElement" => to.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
            next = crate::json::key(&mut object)?;
        }
        relationship(draft, &at, from, kind, to);
        Ok(())
    }
}

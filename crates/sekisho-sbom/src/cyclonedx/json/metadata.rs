//! `metadata`: who made the document, with what, when, and what it describes.

use serde::de::{MapAccess, SeqAccess};

use super::values::{Licence, Property, RawProperty};
use super::{Reader, component};
use crate::cyclonedx::{RawComponent, described_component, licences, name_one, push};
use crate::draft::{Field, titled};
use crate::fault::{Fault, Found};
use crate::json::{As, TextUnder, Visit, each, key, skip, text, value};

/// `metadata`; comes to the time stamp.
pub(super) struct Metadata<'x, 'r, 'a> {
    pub(super) reader: &'x mut Reader<'r, 'a>,
}

impl<'de> Visit<'de> for Metadata<'_, '_, '_> {
    type Out = Field<'de>;

    fn wrong(self, found: Found) -> Field<'de> {
        if found != Found::Null {
            self.reader.draft.document_fault(Some("/metadata"), &Fault::WrongType("metadata", found));
        }
        Field::default()
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Field<'de>, A::Error> {
        let Self { reader } = self;
        let mut timestamp = Field::default();
        let mut raw = RawComponent::default();
        let mut nameless = false;
        let most = reader.draft.run.limits.entries;
        let (mut authors, mut tools) = (Vec::new(), Vec::new());
        while let Some(key) = key(&mut object)? {
            match &*key {
                "timestamp" => timestamp.put(text(&mut object)?),
                "authors" => {
                    let read = each(&mut object, Contact, |name: Option<String>| name_one(&mut authors, name, most))?;
                    raw.check("authors", read);
                }
                "manufacturer" if reader.spec.minor >= 6 => {
                    let name = value(&mut object, TextUnder("name"))?;
                    name_one(&mut authors, name.get().map(str::to_owned), most);
                }
                "tools" => value(&mut object, Tools { names: &mut tools, most })?,
                "licenses" => {
                    let read = each(&mut object, Licence, |licence| push(&mut raw.licences, licence, most))?;
                    raw.check("licenses", read);
                }
                "properties" => {
                    let read = each(&mut object, Property, |property: RawProperty<'_>| nameless |= !property.named)?;
                    raw.check("properties", read);
                }
                "component" => {
                    reader.path.push_str("/component");
                    value(&mut object, Described { reader: &mut *reader })?;
                    reader.path.truncate(reader.path.len() - "/component".len());
                }
                _ => skip(&mut object)?,
            }
        }
        let mut faults = raw.faults;
        if nameless && reader.spec.minor >= 6 {
            faults.push(Fault::Missing("properties/name"));
        }
        // The licences of the document itself are no fact; they are looked at because they may show that it is broken.
        licences(reader.spec, raw.licences, reader.draft.run.limits, &mut faults);
        reader.draft.document_faults("/metadata", &faults);
        let limit = reader.draft.run.limits.text;
        authors.retain(|name: &String| name.len() <= limit);
        tools.retain(|name: &String| name.len() <= limit);
        reader.draft.sbom.authors = authors;
        reader.draft.sbom.tools = tools;
        Ok(timestamp)
    }
}

/// `metadata.component`.
struct Described<'x, 'r, 'a> {
    reader: &'x mut Reader<'r, 'a>,
}

impl<'de> Visit<'de> for Described<'_, '_, '_> {
    type Out = ();

    fn wrong(self, found: Found) {
        if found != Found::Null {
            self.reader.draft.document_fault(Some(&self.reader.path), &Fault::WrongType("component", found));
        }
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        let node = self.reader.draft.graph.add();
        self.reader.draft.graph.root(node);
        let (at, raw) = component(self.reader, object, node)?;
        described_component(self.reader.draft, self.reader.spec, node, &at, raw);
        Ok(())
    }
}

/// A person or organisation that is asked: name, else e-mail address.
#[derive(Clone, Copy)]
struct Contact;

impl<'de> Visit<'de> for Contact {
    type Out = Option<String>;

    fn wrong(self, _: Found) -> Self::Out {
        None
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let (mut name, mut email) = (Field::default(), Field::default());
        while let Some(key) = key(&mut object)? {
            match &*key {
                "name" => name.put(text(&mut object)?),
                "email" => email.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
        }
        Ok(name.get().or(email.get()).map(str::to_owned))
    }
}

/// `metadata.tools`: a list of tools up to 1.4, since 1.5 an object with components and services.
struct Tools<'x> {
    names: &'x mut Vec<String>,
    most: usize,
}

impl<'de> Visit<'de> for Tools<'_> {
    type Out = ();

    fn wrong(self, _: Found) {}

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(name) = list.next_element_seed(As(Tool))? {
            name_one(self.names, name, self.most);
        }
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = key(&mut object)? {
            if matches!(&*key, "components" | "services") {
                let _ = each(&mut object, Tool, |name| name_one(self.names, name, self.most))?;
            } else {
                skip(&mut object)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Tool;

impl<'de> Visit<'de> for Tool {
    type Out = Option<String>;

    fn wrong(self, _: Found) -> Self::Out {
        None
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let (mut name, mut version) = (Field::default(), Field::default());
        while let Some(key) = key(&mut object)? {
            match &*key {
                "name" => name.put(text(&mut object)?),
                "version" => version.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
        }
        Ok(name.get().map(|name| titled(name, version.get())))
    }
}

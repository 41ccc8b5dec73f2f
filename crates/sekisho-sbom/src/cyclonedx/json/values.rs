//! What stands in a component: hashes, licences, tags, properties, patches.

use std::borrow::Cow;

use serde::de::MapAccess;

use crate::cyclonedx::rules::{ISSUE, PATCH};
use crate::cyclonedx::source::is_wanted;
use crate::cyclonedx::{RawComponent, RawHash, RawLicence, RawSwid, push};
use crate::draft::Field;
use crate::fault::{Fault, Found};
use crate::json::{TextUnder, Visit, each, key, skip, text, value};

#[derive(Clone, Copy)]
pub(super) struct Swid;

impl<'de> Visit<'de> for Swid {
    type Out = Option<RawSwid<'de>>;

    fn wrong(self, found: Found) -> Self::Out {
        (found != Found::Null).then(|| RawSwid { tag: Field::wrong(found), name: Field::default() })
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut swid = RawSwid::default();
        while let Some(key) = key(&mut object)? {
            match &*key {
                "tagId" => swid.tag.put(text(&mut object)?),
                "name" => swid.name.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
        }
        Ok(Some(swid))
    }
}

#[derive(Clone, Copy)]
pub(super) struct Hash;

impl<'de> Visit<'de> for Hash {
    type Out = RawHash<'de>;

    fn wrong(self, found: Found) -> Self::Out {
        RawHash { algorithm: Field::wrong(found), content: Field::default() }
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut hash = RawHash::default();
        while let Some(key) = key(&mut object)? {
            match &*key {
                "alg" => hash.algorithm.put(text(&mut object)?),
                "content" => hash.content.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
        }
        Ok(hash)
    }
}

/// An entry of `licenses`: `{"license": {…}}` or `{"expression": "…"}`.
#[derive(Clone, Copy)]
pub(super) struct Licence;

impl<'de> Visit<'de> for Licence {
    type Out = RawLicence<'de>;

    fn wrong(self, found: Found) -> Self::Out {
        RawLicence { id: Field::wrong(found), ..RawLicence::default() }
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut licence = RawLicence::default();
        while let Some(key) = key(&mut object)? {
            match &*key {
                "expression" => licence.expression.put(text(&mut object)?),
                "license" => {
                    let inner = value(&mut object, LicenceObject)?;
                    licence = RawLicence { expression: licence.expression, ..inner };
                }
                _ => skip(&mut object)?,
            }
        }
        Ok(licence)
    }
}

struct LicenceObject;

impl<'de> Visit<'de> for LicenceObject {
    type Out = RawLicence<'de>;

    fn wrong(self, found: Found) -> Self::Out {
        RawLicence { id: Field::wrong(found), ..RawLicence::default() }
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut licence = RawLicence { object: true, ..RawLicence::default() };
        while let Some(key) = key(&mut object)? {
            match &*key {
                "id" => licence.id.put(text(&mut object)?),
                "name" => licence.name.put(text(&mut object)?),
                "text" => licence.encoding.put(value(&mut object, TextUnder("encoding"))?),
                "properties" => {
                    let nameless = &mut licence.nameless_property;
                    let _ = each(&mut object, Property, |property: RawProperty<'_>| *nameless |= !property.named)?;
                }
                _ => skip(&mut object)?,
            }
        }
        Ok(licence)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Property;

/// What is wanted of a property.
#[derive(Debug, Default)]
pub(super) struct RawProperty<'de> {
    /// Whether it has a name.
    pub(super) named: bool,
    /// Name and value, where it says something of the source package.
    pub(super) wanted: Option<(Cow<'de, str>, Field<'de>)>,
}

impl<'de> Visit<'de> for Property {
    type Out = RawProperty<'de>;

    fn wrong(self, _: Found) -> RawProperty<'de> {
        RawProperty::default()
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<RawProperty<'de>, A::Error> {
        let (mut name, mut content) = (Field::default(), Field::default());
        while let Some(key) = key(&mut object)? {
            match &*key {
                "name" => name.put(text(&mut object)?),
                "value" => content.put(text(&mut object)?),
                _ => skip(&mut object)?,
            }
        }
        let named = name.is_present();
        let wanted = name.into_text().filter(|name| is_wanted(name)).map(|name| (name, content));
        Ok(RawProperty { named, wanted })
    }
}

/// `pedigree`, of which only the types of patches and issues are looked at: what lies in it is where a component comes from, not
/// what it contains.
pub(super) struct Pedigree<'x, 'de> {
    pub(super) raw: &'x mut RawComponent<'de>,
    pub(super) most: usize,
}

impl<'de> Visit<'de> for Pedigree<'_, 'de> {
    type Out = ();

    fn wrong(self, found: Found) {
        if found != Found::Null {
            self.raw.faults.push(Fault::WrongType("pedigree", found));
        }
    }

    fn object<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = key(&mut object)? {
            if key == "patches" {
                let Self { raw, most } = &mut self;
                let read =
                    each(&mut object, Patch { most: *most }, |(kind, issues): (Field<'de>, Vec<Field<'de>>)| {
                        push(&mut raw.listed, (&PATCH, kind), *most);
                        for issue in issues {
                            push(&mut raw.listed, (&ISSUE, issue), *most);
                        }
                    })?;
                raw.check("pedigree/patches", read);
            } else {
                skip(&mut object)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Patch {
    most: usize,
}

impl<'de> Visit<'de> for Patch {
    type Out = (Field<'de>, Vec<Field<'de>>);

    fn wrong(self, found: Found) -> Self::Out {
        (Field::wrong(found), Vec::new())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let (mut kind, mut issues) = (Field::default(), Vec::new());
        while let Some(key) = key(&mut object)? {
            match &*key {
                "type" => kind.put(text(&mut object)?),
                "resolves" => {
                    let _ = each(&mut object, TextUnder("type"), |issue| push(&mut issues, issue, self.most))?;
                }
                _ => skip(&mut object)?,
            }
        }
        Ok((kind, issues))
    }
}

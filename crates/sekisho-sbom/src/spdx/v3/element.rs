//! An element as it stands in the document: the fields of all the types that matter.

use std::borrow::Cow;

use serde::de::{MapAccess, SeqAccess};

use super::State;
use crate::draft::{At, Field};
use crate::fault::{Fault, Found};
use crate::graph::Node;
use crate::json::{As, TextValue, Visit, each, key, object_start, skip, text, value};

/// The last part of a name that may be prefixed or absolute.
pub(super) fn local(name: &str) -> &str {
    if name.starts_with('@') { name } else { name.rsplit(['/', '#', ':', '_']).next().unwrap_or(name) }
}

/// An element as it stands there: the fields of all the types that matter.
#[derive(Default)]
pub(super) struct Raw<'de> {
    pub(super) id: Field<'de>,
    pub(super) kind: Field<'de>,
    pub(super) name: Field<'de>,
    pub(super) version: Field<'de>,
    pub(super) purl: Field<'de>,
    pub(super) expression: Field<'de>,
    pub(super) relationship: Field<'de>,
    pub(super) spec_version: Field<'de>,
    pub(super) created: Field<'de>,
    pub(super) hashes: Vec<(Field<'de>, Field<'de>)>,
    pub(super) identifiers: Vec<(Field<'de>, Field<'de>)>,
    pub(super) identified: bool,
    pub(super) supplied: Vec<Node>,
    pub(super) originated: Vec<Node>,
    pub(super) from: Vec<Node>,
    pub(super) to: Vec<Node>,
    pub(super) to_none: bool,
    pub(super) by: Vec<Node>,
    pub(super) using: Vec<Node>,
    pub(super) roots: Vec<Node>,
    pub(super) creation: Vec<Node>,
}

impl<'de> Raw<'de> {
    pub(super) fn field<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        object: &mut A,
        state: &mut State<'_, '_>,
    ) -> Result<(), A::Error> {
        let most = state.draft.run.limits.entries;
        let mut refer = |object: &mut A| value(object, References { state: &mut *state, path: None });
        match local(name) {
            "spdxId" | "@id" => self.id.put(text(object)?),
            "type" | "@type" => self.kind.put(value(object, FirstText)?),
            "name" => self.name.put(text(object)?),
            "packageVersion" => self.version.put(text(object)?),
            "packageUrl" => self.purl.put(text(object)?),
            "licenseExpression" => self.expression.put(text(object)?),
            "relationshipType" => self.relationship.put(text(object)?),
            "specVersion" => self.spec_version.put(text(object)?),
            "created" => self.created.put(text(object)?),
            "verifiedUsing" => pairs(object, Pair("algorithm", "hashValue"), &mut self.hashes, most)?,
            "externalIdentifier" => {
                pairs(object, Pair("externalIdentifierType", "identifier"), &mut self.identifiers, most)?;
            }
            "contentIdentifier" => {
                let _ = each(object, Pair("contentIdentifierType", "contentIdentifierValue"), |(_, id)| {
                    self.identified |= id.is_present();
                })?;
            }
            "suppliedBy" => self.supplied = refer(object)?.nodes,
            "originatedBy" => self.originated = refer(object)?.nodes,
            "from" => self.from = refer(object)?.nodes,
            "to" => {
                let to = refer(object)?;
                self.to_none = to.none;
                self.to = to.nodes;
            }
            "createdBy" => self.by = refer(object)?.nodes,
            "createdUsing" => self.using = refer(object)?.nodes,
            "rootElement" => self.roots = refer(object)?.nodes,
            "creationInfo" => self.creation = refer(object)?.nodes,
            // A collection lists its elements; where they stand in it themselves, they are read.
            "element" => refer(object).map(drop)?,
            _ => skip(object)?,
        }
        Ok(())
    }
}

/// The strings of a list of objects.
fn pairs<'de, A: MapAccess<'de>>(
    object: &mut A,
    pair: Pair,
    into: &mut Vec<(Field<'de>, Field<'de>)>,
    most: usize,
) -> Result<(), A::Error> {
    let _ = each(object, pair, |pair| {
        if into.len() <= most {
            into.push(pair);
        }
    })?;
    Ok(())
}

/// Two strings of an object, by the local names of their keys; nothing of an object of a type that has other ones.
#[derive(Clone, Copy)]
struct Pair(&'static str, &'static str);

impl<'de> Visit<'de> for Pair {
    type Out = (Field<'de>, Field<'de>);

    fn wrong(self, found: Found) -> Self::Out {
        (Field::wrong(found), Field::default())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        let mut pair = (Field::default(), Field::default());
        let mut kind = Field::default();
        while let Some(key) = key(&mut object)? {
            match local(&key) {
                name if name == self.0 => pair.0.put(text(&mut object)?),
                name if name == self.1 => pair.1.put(text(&mut object)?),
                "type" | "@type" => kind.put(value(&mut object, FirstText)?),
                _ => skip(&mut object)?,
            }
        }
        // A package verification code is a hash over names and hashes of files, not of the package.
        if kind.get().is_some_and(|kind| local(kind) == "PackageVerificationCode") {
            pair = (Field::default(), Field::default());
        }
        Ok(pair)
    }
}

/// A string, or the first one of a list.
#[derive(Clone, Copy)]
struct FirstText;

impl<'de> Visit<'de> for FirstText {
    type Out = Field<'de>;

    fn wrong(self, found: Found) -> Field<'de> {
        Field::wrong(found)
    }

    fn text(self, text: Cow<'de, str>) -> Field<'de> {
        Field::text(text)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Field<'de>, A::Error> {
        let mut first = Field::default();
        while let Some(next) = list.next_element_seed(As(TextValue))? {
            if !first.is_present() {
                first = next;
            }
        }
        Ok(first)
    }
}

#[derive(Default)]
pub(super) struct Referred {
    nodes: Vec<Node>,
    /// Whether it was said that there is nothing to refer to.
    none: bool,
}

/// One reference or a list of them; an element that stands there itself is taken and referred to.
pub(super) struct References<'s, 'x, 'a> {
    pub(super) state: &'s mut State<'x, 'a>,
    /// The path of the list, where it is one of elements that are reported with their places.
    pub(super) path: Option<&'static str>,
}

impl<'de> Visit<'de> for References<'_, '_, '_> {
    type Out = Referred;

    fn wrong(self, found: Found) -> Referred {
        if found != Found::Null {
            let at = At { path: self.path.unwrap_or_default().to_owned(), ..At::default() };
            self.state.draft.fault(&at, &Fault::WrongType("reference", found));
        }
        Referred::default()
    }

    fn text(self, text: Cow<'de, str>) -> Referred {
        match local(&text) {
            "NoneElement" | "NoneLicense" => Referred { none: true, ..Referred::default() },
            "NoAssertionElement" | "NoAssertionLicense" => Referred::default(),
            _ => Referred { nodes: self.state.draft.graph.reference(&text).into_iter().collect(), none: false },
        }
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Referred, A::Error> {
        let mut all = Referred::default();
        while let Some(one) = list.next_element_seed(As(References { state: &mut *self.state, path: self.path }))? {
            // The elements of the graph need not be remembered, only read.
            if self.path.is_none() {
                all.nodes.extend(one.nodes);
                all.none |= one.none;
            }
        }
        Ok(all)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Referred, A::Error> {
        let state = self.state;
        let mut raw = Raw::default();
        let mut next = key(&mut object)?;
        let lines = &state.draft.lines;
        let offset = next.as_deref().and_then(|key| lines.offset_of(key)).map(|at| object_start(lines.text(), at));
        let at = state.draft.place(self.path.unwrap_or_default(), offset);
        while let Some(key) = next {
            raw.field(&key, &mut object, state)?;
            next = crate::json::key(&mut object)?;
        }
        Ok(Referred { nodes: state.element(raw, at).into_iter().collect(), none: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_all_their_spellings() {
        for name in
            ["Package", "software_Package", "software:Package", "https://spdx.org/rdf/3.0.1/terms/Software/Package"]
        {
            assert_eq!(local(name), "Package");
        }
        assert_eq!(local("@type"), "@type");
    }
}

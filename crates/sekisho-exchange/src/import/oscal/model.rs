//! What of an OSCAL catalog is read; the rest is passed over. Texts are borrowed from the file where JSON lets them.

use std::borrow::{Borrow, Cow};
use std::ops::Deref;

use serde::Deserialize;

/// A text, borrowed where it has no escapes. A type of its own, because serde borrows a `Cow` only where it is the field itself.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Str<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Str<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq<str> for Str<'_> {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Str<'_> {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct File<'a> {
    #[serde(borrow)]
    pub(super) catalog: Option<Catalog<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Catalog<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow, default)]
    pub(super) params: Vec<Param<'a>>,
    #[serde(borrow, default)]
    pub(super) controls: Vec<Control<'a>>,
    #[serde(borrow, default)]
    pub(super) groups: Vec<Group<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) title: Str<'a>,
    #[serde(borrow)]
    pub(super) published: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) last_modified: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) props: Vec<Prop<'a>>,
    #[serde(borrow, default)]
    pub(super) links: Vec<Link<'a>>,
    #[serde(borrow, default)]
    pub(super) parties: Vec<Party<'a>>,
    #[serde(borrow, default)]
    pub(super) responsible_parties: Vec<ResponsibleParty<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Prop<'a> {
    #[serde(borrow)]
    pub(super) name: Str<'a>,
    #[serde(borrow)]
    pub(super) ns: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) value: Str<'a>,
    #[serde(borrow)]
    pub(super) class: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Link<'a> {
    #[serde(borrow)]
    pub(super) href: Str<'a>,
    #[serde(borrow)]
    pub(super) rel: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Party<'a> {
    #[serde(borrow)]
    pub(super) uuid: Str<'a>,
    #[serde(borrow)]
    pub(super) name: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) short_name: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ResponsibleParty<'a> {
    #[serde(borrow)]
    pub(super) role_id: Str<'a>,
    #[serde(borrow, default)]
    pub(super) party_uuids: Vec<Str<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) title: Str<'a>,
    #[serde(borrow, default)]
    pub(super) params: Vec<Param<'a>>,
    #[serde(borrow, default)]
    pub(super) props: Vec<Prop<'a>>,
    #[serde(borrow, default)]
    pub(super) parts: Vec<Part<'a>>,
    #[serde(borrow, default)]
    pub(super) groups: Vec<Group<'a>>,
    #[serde(borrow, default)]
    pub(super) controls: Vec<Control<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Control<'a> {
    #[serde(borrow)]
    pub(super) id: Str<'a>,
    #[serde(borrow)]
    pub(super) title: Str<'a>,
    #[serde(borrow, default)]
    pub(super) params: Vec<Param<'a>>,
    #[serde(borrow, default)]
    pub(super) props: Vec<Prop<'a>>,
    #[serde(borrow, default)]
    pub(super) links: Vec<Link<'a>>,
    #[serde(borrow, default)]
    pub(super) parts: Vec<Part<'a>>,
    #[serde(borrow, default)]
    pub(super) controls: Vec<Control<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) name: Str<'a>,
    #[serde(borrow)]
    pub(super) title: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) props: Vec<Prop<'a>>,
    #[serde(borrow)]
    pub(super) prose: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) parts: Vec<Part<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Param<'a> {
    #[serde(borrow)]
    pub(super) id: Str<'a>,
    #[serde(borrow)]
    pub(super) label: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) values: Vec<Str<'a>>,
    #[serde(borrow)]
    pub(super) select: Option<Select<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Select<'a> {
    #[serde(borrow)]
    pub(super) how_many: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(super) choice: Vec<Str<'a>>,
}

/// The value of the first property called `name` of OSCAL itself, without class.
pub(super) fn prop<'p>(props: &'p [Prop<'_>], name: &str) -> Option<&'p str> {
    let is_own = |ns: Option<&str>| ns.is_none_or(|ns| ns == "http://csrc.nist.gov/ns/oscal");
    let found = props.iter().find(|p| p.name == name && p.class.is_none() && is_own(p.ns.as_deref()));
    found.map(|prop| prop.value.trim()).filter(|value| !value.is_empty())
}

/// The values of all properties of ours called `name`.
pub(super) fn ours<'p>(props: &'p [Prop<'_>], name: &'p str) -> impl Iterator<Item = &'p str> {
    let found = props.iter().filter(move |p| p.name == name && p.ns.as_deref() == Some(crate::identity::NAMESPACE));
    found.map(|prop| prop.value.trim()).filter(|value| !value.is_empty())
}

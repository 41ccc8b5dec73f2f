//! What of OSCAL 1.2.1 is written: the shapes of its JSON, in the order of its fields.

use serde::Serialize;

use crate::identity::NAMESPACE;

/// The version of OSCAL that is written.
pub(super) const VERSION: &str = "1.2.1";

#[derive(Debug, Serialize)]
pub(super) struct CatalogFile {
    pub(super) catalog: Catalog,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Catalog {
    pub(super) uuid: String,
    pub(super) metadata: Metadata,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) controls: Vec<Control>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata {
    pub(super) title: String,
    pub(super) last_modified: String,
    pub(super) version: String,
    pub(super) oscal_version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<Role>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parties: Vec<Party>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) responsible_parties: Vec<ResponsibleParty>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) remarks: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Role {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Party {
    pub(super) uuid: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) short_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ResponsibleParty {
    pub(super) role_id: &'static str,
    pub(super) party_uuids: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Prop {
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ns: Option<&'static str>,
    pub(super) value: String,
}

impl Prop {
    /// A property that OSCAL itself names; none where there is no value, because OSCAL knows no empty ones.
    pub(super) fn of_oscal(name: &'static str, value: &str) -> Option<Self> {
        let value = crate::markup::one_line(value);
        (!value.is_empty()).then_some(Self { name, ns: None, value })
    }

    /// A property of ours.
    pub(super) fn of_ours(name: &'static str, value: &str) -> Option<Self> {
        Some(Self { ns: Some(NAMESPACE), ..Self::of_oscal(name, value)? })
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) controls: Vec<Control>,
}

#[derive(Debug, Serialize)]
pub(super) struct Control {
    pub(super) id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) class: String,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) controls: Vec<Control>,
}

#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ns: Option<&'static str>,
    pub(super) prose: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct MappingFile {
    pub(super) mapping_collection: MappingCollection,
}

#[derive(Debug, Serialize)]
pub(super) struct MappingCollection {
    pub(super) uuid: String,
    pub(super) metadata: Metadata,
    pub(super) provenance: Provenance,
    pub(super) mappings: Vec<Mapping>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Provenance {
    pub(super) method: &'static str,
    pub(super) matching_rationale: &'static str,
    pub(super) status: &'static str,
    pub(super) mapping_description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Mapping {
    pub(super) uuid: String,
    pub(super) source_resource: Resource,
    pub(super) target_resource: Resource,
    pub(super) maps: Vec<Map>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_gap_summary: Option<GapSummary>,
}

#[derive(Debug, Serialize)]
pub(super) struct Resource {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) href: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Map {
    pub(super) uuid: String,
    pub(super) relationship: &'static str,
    pub(super) sources: Vec<Item>,
    pub(super) targets: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) remarks: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Item {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) id_ref: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct GapSummary {
    pub(super) uuid: String,
    pub(super) unmapped_controls: Vec<Selection>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selection {
    pub(super) with_ids: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct ProfileFile {
    pub(super) profile: Profile,
}

#[derive(Debug, Serialize)]
pub(super) struct Profile {
    pub(super) uuid: String,
    pub(super) metadata: Metadata,
    pub(super) imports: Vec<Import>,
    pub(super) merge: Merge,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Import {
    pub(super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_all: Option<IncludeAll>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) include_controls: Vec<Selection>,
}

#[derive(Debug, Serialize)]
pub(super) struct IncludeAll {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Merge {
    pub(super) as_is: bool,
}

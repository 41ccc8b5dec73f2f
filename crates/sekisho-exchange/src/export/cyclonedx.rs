//! `CycloneDX` 1.6: the documents and the hub as `definitions.standards`, the mappings as properties of the requirements.

use std::collections::BTreeMap;

use sekisho_model::catalog::{Control, Document};
use serde::Serialize;

use super::groups::{Entry, Tree};
use super::{ExportFile, ExportRequest, HUB, about, hub_description, hub_title, json_file, publisher, version, word};
use crate::identity::uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    #[serde(rename = "$schema")]
    schema: &'static str,
    #[serde(rename = "bomFormat")]
    format: &'static str,
    spec_version: &'static str,
    serial_number: String,
    version: u32,
    metadata: Metadata,
    definitions: Definitions,
}

#[derive(Serialize)]
struct Metadata {
    timestamp: String,
    tools: Tools,
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Tools {
    components: Vec<Tool>,
}

#[derive(Serialize)]
struct Tool {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Property {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Definitions {
    standards: Vec<Standard>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Standard {
    bom_ref: String,
    name: String,
    version: String,
    description: String,
    owner: String,
    requirements: Vec<Requirement>,
    #[serde(skip_serializing_if = "Vec::is_empty", rename = "externalReferences")]
    references: Vec<Reference>,
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Requirement {
    bom_ref: String,
    identifier: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    descriptions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

/// The one file with everything.
pub(super) fn export(request: ExportRequest<'_>) -> serde_json::Result<Vec<ExportFile>> {
    let mut standards: Vec<Standard> = request.documents.iter().map(|document| standard(document, request)).collect();
    standards.push(hub(request));
    let definitions = Definitions { standards };
    let content = serde_json::to_string(&definitions)?;
    let bom = Bom {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        format: "CycloneDX",
        spec_version: "1.6",
        serial_number: format!("urn:uuid:{}", uuid(&format!("cyclonedx:{content}"))),
        version: 1,
        metadata: Metadata {
            timestamp: request.now.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
            tools: Tools {
                components: vec![Tool { kind: "application", name: "sekisho", version: env!("CARGO_PKG_VERSION") }],
            },
            properties: vec![property("language", request.lang.tag())],
        },
        definitions,
    };
    let name = match request.documents {
        [one] => one.id.as_str(),
        _ => "catalog",
    };
    Ok(vec![json_file(format!("{name}.cdx.json"), &bom)?])
}

fn property(name: &str, value: &str) -> Property {
    Property { name: format!("sekisho:{name}"), value: value.to_owned() }
}

fn standard(document: &Document, request: ExportRequest<'_>) -> Standard {
    let id = &document.id;
    // A group and a control of one document never have the same id, but a section may have a control's.
    let groups: BTreeMap<&str, String> = document
        .controls
        .iter()
        .filter_map(|control| control.group.as_deref())
        .filter(|group| document.controls.iter().all(|control| control.id != *group))
        .map(|group| (group, format!("{id}:group:{group}")))
        .collect();
    let reference = |entry: &str| groups.get(entry).cloned().unwrap_or_else(|| format!("{id}:{entry}"));
    let requirements = Tree::of(document)
        .flat()
        .into_iter()
        .map(|(_, parent, entry)| match entry {
            Entry::Group(group, title) => Requirement {
                bom_ref: reference(group),
                identifier: group.to_owned(),
                title: title.map_or(group, |title| title.get(request.lang)).to_owned(),
                text: String::new(),
                descriptions: Vec::new(),
                parent: parent.map(reference),
                properties: Vec::new(),
            },
            Entry::Control(control) => Requirement {
                bom_ref: reference(&control.id),
                identifier: control.id.clone(),
                title: control.title.get(request.lang).to_owned(),
                text: control.statement.get(request.lang).to_owned(),
                descriptions: control.change.iter().map(|change| change.get(request.lang).to_owned()).collect(),
                parent: parent.map(reference),
                properties: properties(control, request),
            },
        })
        .collect();
    let mut references = Vec::new();
    if document.url.starts_with("https://") || document.url.starts_with("http://") {
        references.push(Reference { kind: "documentation", url: document.url.clone() });
    }
    Standard {
        bom_ref: id.clone(),
        name: document.title.get(request.lang).to_owned(),
        version: version(document).to_owned(),
        description: format!("{} {}", document.summary.get(request.lang), about(document, request.lang)),
        owner: publisher(document, request.lang).to_owned(),
        requirements,
        references,
    }
}

fn properties(control: &Control, request: ExportRequest<'_>) -> Vec<Property> {
    let mut out = vec![property("kind", &word(control.kind)), property("modality", &word(control.modality))];
    out.extend(control.classes.iter().map(|class| property("class", class)));
    out.extend(control.addressees.iter().map(|role| property("addressee", role)));
    out.extend(control.phases.iter().map(|phase| property("phase", phase)));
    out.extend(control.applies_when.iter().map(|condition| property("applies-when", condition)));
    out.extend(control.superseded_in.iter().map(|edition| property("superseded-in", edition)));
    out.push(property("provenance", &word(control.provenance.basis)));
    for mapping in &control.mappings {
        out.push(property(&format!("mapping:{}", mapping.relation.name()), &format!("{HUB}:{}", mapping.objective)));
    }
    if control.complete {
        out.push(property("mapping:complete", "true"));
    }
    out.extend(control.inherits.iter().map(|whole| property("mapping:inherits", whole)));
    out.extend(control.unmapped.iter().map(|why| property("mapping:none", why.get(request.lang))));
    out
}

fn hub(request: ExportRequest<'_>) -> Standard {
    let mut requirements = Vec::new();
    for area in request.catalog.areas() {
        let parent = format!("{HUB}:area:{}", area.area);
        requirements.push(Requirement {
            bom_ref: parent.clone(),
            identifier: area.area.clone(),
            title: area.title.get(request.lang).to_owned(),
            text: String::new(),
            descriptions: Vec::new(),
            parent: None,
            properties: Vec::new(),
        });
        requirements.extend(area.objectives.iter().map(|objective| {
            Requirement {
                bom_ref: format!("{HUB}:{}", objective.id),
                identifier: objective.id.clone(),
                title: objective.title.get(request.lang).to_owned(),
                text: objective.met_when.get(request.lang).to_owned(),
                descriptions: [&objective.intent, &objective.advice, &objective.how_to_check]
                    .map(|text| text.get(request.lang).to_owned())
                    .into(),
                parent: Some(parent.clone()),
                properties: vec![
                    property("kind", &word(objective.kind)),
                    property("applies-when", &objective.applies_when),
                ],
            }
        }));
    }
    Standard {
        bom_ref: HUB.to_owned(),
        name: hub_title().get(request.lang).to_owned(),
        version: request.catalog.digest().get(..12).unwrap_or("0").to_owned(),
        description: hub_description().get(request.lang).to_owned(),
        owner: "Sekisho".to_owned(),
        requirements,
        references: Vec::new(),
    }
}

//! The mappings of a document's controls to the hub as an OSCAL mapping collection.

use sekisho_model::Text;
use sekisho_model::catalog::{Document, Relationship};

use super::super::{ExportRequest, HUB, how_mapped, is_imported, version};
use super::document::Names;
use super::hub::Hub;
use super::metadata;
use super::model::{
    GapSummary, Item, Map, Mapping, MappingCollection, MappingFile, Prop, Provenance, Resource, Selection,
};
use crate::identity::uuid;
use crate::markup::to_markdown;

/// The collection; none where no control is mapped, because OSCAL has no empty ones.
pub(super) fn collection(
    document: &Document,
    names: &Names<'_>,
    hub: &Hub,
    request: ExportRequest<'_>,
) -> Option<MappingFile> {
    let lang = request.lang;
    let mut maps = Vec::new();
    let mut gaps = Vec::new();
    for control in &document.controls {
        if control.unmapped.is_some() {
            gaps.push(names.control(&control.id));
        }
        for mapping in &control.mappings {
            let Some(target) = hub.id(&mapping.objective) else { continue };
            let mut props: Vec<Prop> = Vec::new();
            props.extend(Prop::of_ours("complete", if control.complete { "true" } else { "" }));
            props.extend(mapping.decided_by.iter().filter_map(|check| Prop::of_ours("decided-by", check)));
            maps.push(Map {
                uuid: uuid(&format!("map:{}:{}:{}", document.id, control.id, mapping.objective)),
                relationship: relationship(mapping.relation),
                sources: vec![item(names.control(&control.id))],
                targets: vec![item(target.to_owned())],
                props,
                remarks: to_markdown(mapping.rationale.get(lang)),
            });
        }
    }
    if maps.is_empty() {
        return None;
    }
    let id = &document.id;
    let source_gap_summary = (!gaps.is_empty()).then(|| GapSummary {
        uuid: uuid(&format!("gap:{id}")),
        unmapped_controls: vec![Selection { with_ids: gaps }],
    });
    let title = Text::new(
        format!("{}: mapping to the objectives of Sekisho", document.title.en),
        format!("{}：Sekishoの目標への対応付け", document.title.ja),
    );
    let mut description = how_mapped(document).get(lang).to_owned();
    if document.controls.iter().any(|control| control.inherits.is_some()) {
        description = format!("{description}\n\n{}", on_inheriting().get(lang));
    }
    let content = serde_json::to_string(document).unwrap_or_default();
    Some(MappingFile {
        mapping_collection: MappingCollection {
            uuid: uuid(&format!("mappings:{id}:{lang}:{content}")),
            metadata: metadata::of_sekisho(title.get(lang), version(document), "", request),
            provenance: Provenance {
                method: if is_imported(document) { "human" } else { "hybrid" },
                matching_rationale: "semantic",
                status: if is_imported(document) { "draft" } else { "complete" },
                mapping_description: description,
            },
            mappings: vec![Mapping {
                uuid: uuid(&format!("mapping:{id}")),
                source_resource: resource(id),
                target_resource: resource(HUB),
                maps,
                source_gap_summary,
            }],
        },
    })
}

/// The word of OSCAL for a relationship (NIST IR 8477), read from the control's side as ours is.
fn relationship(relation: Relationship) -> &'static str {
    match relation {
        Relationship::Equal => "equal-to",
        Relationship::SubsetOf => "subset-of",
        Relationship::SupersetOf => "superset-of",
        Relationship::IntersectsWith => "intersects-with",
    }
}

fn item(id_ref: String) -> Item {
    Item { kind: "control", id_ref }
}

fn resource(id: &str) -> Resource {
    Resource { kind: "catalog", href: format!("../catalogs/{id}.json") }
}

/// What is to be known of parts of controls that have no mappings here and are no gap.
fn on_inheriting() -> Text {
    Text::new(
        "A control with the property 'inherits' is part of another one, whose mappings stand for it; it has none here and is no gap.",
        "属性「inherits」を持つ項目は別の項目の一部であり、その項目の対応付けに従うため、ここには現れず、対応付けの欠落でもない。",
    )
}

//! OSCAL: a catalog per document and one of the hub, mapping collections between them, profiles that select from them.
//!
//! ```text
//! catalogs/ID.json                 the controls of a document
//! catalogs/sekisho-objectives.json the hub
//! mappings/ID.json                 a document's controls to the hub
//! profiles/ID.json                 all of a document
//! profiles/ID-objectives.json      the part of the hub that a document asks for
//! profiles/sekisho-objectives.json all of the hub
//! ```

mod document;
mod hub;
mod mapping;
mod metadata;
mod model;
mod profile;

use super::{ExportFile, ExportRequest, HUB, json_file};

/// All files of the export; the catalog of the first document comes first.
pub(super) fn export(request: ExportRequest<'_>) -> serde_json::Result<Vec<ExportFile>> {
    let mut files = Vec::new();
    let mut later = Vec::new();
    let hub = hub::Hub::of(request);
    for document in request.documents {
        let names = document::Names::of(document);
        let id = &document.id;
        files.push(json_file(format!("catalogs/{id}.json"), &document::catalog(document, &names, request))?);
        later.push(json_file(format!("profiles/{id}.json"), &profile::whole_document(document, request))?);
        if let Some(collection) = mapping::collection(document, &names, &hub, request) {
            later.push(json_file(format!("mappings/{id}.json"), &collection)?);
        }
        if let Some(profile) = profile::objectives_of(document, &hub, request) {
            later.push(json_file(format!("profiles/{id}-objectives.json"), &profile)?);
        }
    }
    files.push(json_file(format!("catalogs/{HUB}.json"), &hub.catalog(request))?);
    files.push(json_file(format!("profiles/{HUB}.json"), &profile::whole_hub(request))?);
    files.extend(later);
    Ok(files)
}

//! OSCAL profiles: all of a document, all of the hub, or the part of the hub that a document asks for.

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::catalog::Document;

use super::super::{ExportRequest, HUB, hub_title, version};
use super::hub::Hub;
use super::metadata;
use super::model::{Import, IncludeAll, Merge, Profile, ProfileFile, Selection};
use crate::identity::uuid;

/// A profile that selects all controls of a document.
pub(super) fn whole_document(document: &Document, request: ExportRequest<'_>) -> ProfileFile {
    let title = Text::new(format!("{}: all controls", document.title.en), format!("{}：全項目", document.title.ja));
    profile(&document.id, &title, version(document), all(&document.id), request)
}

/// A profile that selects all objectives.
pub(super) fn whole_hub(request: ExportRequest<'_>) -> ProfileFile {
    let hub = hub_title();
    let title = Text::new(format!("{}: all", hub.en), format!("{}：すべて", hub.ja));
    profile(HUB, &title, Hub::version(request), all(HUB), request)
}

/// A profile that selects the objectives that a document's controls map to; none where they map to none.
pub(super) fn objectives_of(document: &Document, hub: &Hub, request: ExportRequest<'_>) -> Option<ProfileFile> {
    let mappings = document.controls.iter().flat_map(|control| &control.mappings);
    let ids: BTreeSet<&str> = mappings.filter_map(|mapping| hub.id(&mapping.objective)).collect();
    if ids.is_empty() {
        return None;
    }
    let title = Text::new(
        format!("Objectives that {} asks for", document.title.en),
        format!("{}が求める目標", document.title.ja),
    );
    let import = Import {
        href: format!("../catalogs/{HUB}.json"),
        include_all: None,
        include_controls: vec![Selection { with_ids: ids.into_iter().map(str::to_owned).collect() }],
    };
    Some(profile(&format!("{}-objectives", document.id), &title, version(document), import, request))
}

fn all(catalog: &str) -> Import {
    Import {
        href: format!("../catalogs/{catalog}.json"),
        include_all: Some(IncludeAll {}),
        include_controls: Vec::new(),
    }
}

fn profile(id: &str, title: &Text, version: &str, import: Import, request: ExportRequest<'_>) -> ProfileFile {
    let content =
        import.include_controls.iter().flat_map(|s| &s.with_ids).fold(String::new(), |all, id| all + " " + id);
    ProfileFile {
        profile: Profile {
            uuid: uuid(&format!("profile:{id}:{}:{version}:{content}", request.lang)),
            metadata: metadata::of_sekisho(title.get(request.lang), version, "", request),
            imports: vec![import],
            merge: Merge { as_is: true },
        },
    }
}

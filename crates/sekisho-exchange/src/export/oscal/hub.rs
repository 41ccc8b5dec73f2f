//! The hub as an OSCAL catalog: a group per area, a control per objective.

use std::collections::BTreeMap;

use sekisho_model::catalog::Objective;

use super::super::{ExportRequest, hub_description, hub_title, word};
use super::metadata;
use super::model::{Catalog, CatalogFile, Control, Group, Part, Prop};
use crate::identity::{NAMESPACE, Unique, token, uuid};
use crate::markup::{to_markdown, to_markdown_line};

/// The objectives with their ids in OSCAL.
pub(super) struct Hub {
    ids: BTreeMap<String, String>,
}

impl Hub {
    pub(super) fn of(request: ExportRequest<'_>) -> Self {
        let mut unique = Unique::default();
        let ids = request.catalog.objectives().map(|o| (o.id.clone(), unique.take(&token(&o.id)))).collect();
        Self { ids }
    }

    /// The objective's id in OSCAL; none where the catalog does not have it.
    pub(super) fn id(&self, objective: &str) -> Option<&str> {
        self.ids.get(objective).map(String::as_str)
    }

    /// The hub's version: it changes with the catalog.
    pub(super) fn version(request: ExportRequest<'_>) -> &str {
        request.catalog.digest().get(..12).unwrap_or("0")
    }

    pub(super) fn catalog(&self, request: ExportRequest<'_>) -> CatalogFile {
        let areas = request.catalog.areas();
        let groups = areas
            .iter()
            .map(|area| Group {
                id: format!("area-{}", token(&area.area)),
                title: to_markdown_line(area.title.get(request.lang)),
                props: Prop::of_oscal("label", &area.area).into_iter().collect(),
                controls: area.objectives.iter().map(|objective| self.control(objective, request)).collect(),
            })
            .collect();
        let (title, description) = (hub_title(), hub_description());
        let content = serde_json::to_string(areas).unwrap_or_default();
        let (title, description) = (title.get(request.lang), description.get(request.lang));
        CatalogFile {
            catalog: Catalog {
                uuid: uuid(&format!("hub:{}:{content}", request.lang)),
                metadata: metadata::of_sekisho(title, Self::version(request), description, request),
                controls: Vec::new(),
                groups,
            },
        }
    }

    fn control(&self, objective: &Objective, request: ExportRequest<'_>) -> Control {
        let id = self.ids.get(&objective.id).cloned().unwrap_or_else(|| token(&objective.id));
        let part = |suffix: &str, name, ns, text: &sekisho_model::Text| Part {
            id: format!("{id}_{suffix}"),
            name,
            ns,
            prose: to_markdown(text.get(request.lang)),
        };
        let ours = Some(NAMESPACE);
        let parts = vec![
            part("int", "overview", None, &objective.intent),
            part("smt", "statement", None, &objective.met_when),
            part("gdn", "guidance", None, &objective.advice),
            part("chk", "how-to-check", ours, &objective.how_to_check),
            part("qst", "question", ours, &objective.question),
        ];
        let mut props: Vec<Prop> = Vec::new();
        props.extend(Prop::of_oscal("label", &objective.id));
        props.extend(Prop::of_ours("id", &objective.id));
        props.extend(Prop::of_ours("objective-kind", &word(objective.kind)));
        props.extend(Prop::of_ours("applies-when", &objective.applies_when));
        Control {
            title: to_markdown_line(objective.title.get(request.lang)),
            class: word(objective.kind),
            props,
            links: Vec::new(),
            parts,
            controls: Vec::new(),
            id,
        }
    }
}

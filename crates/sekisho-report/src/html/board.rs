//! The score board: where each document and each area stands, in numbers and bars.

use sekisho_model::assessment::Counts;

use super::parts::{Bar, Context, anchor};
use crate::bilingual::Bi;
use crate::messages::page as m;
use crate::texts::name_of;

/// A table of the score board.
pub(super) struct Board<'a> {
    pub(super) title: Bi<'static>,
    pub(super) caption: Bi<'static>,
    /// What a row stands for.
    pub(super) what: Bi<'static>,
    pub(super) rows: Vec<Row<'a>>,
}

/// A row.
pub(super) struct Row<'a> {
    pub(super) anchor: String,
    pub(super) name: Bi<'a>,
    /// What stands under the name.
    pub(super) note: Bi<'a>,
    pub(super) bar: Bar,
    /// The same for required controls alone, where that says something else.
    pub(super) required: Option<Bar>,
}

pub(super) fn view<'a>(context: &Context<'a>) -> [Board<'a>; 2] {
    let documents = context.assessment.documents.iter().map(|result| {
        let document = context.texts.document(&result.id);
        let differs = result.required.total() > 0 && result.required != result.counts;
        Row {
            anchor: anchor("d", &result.id),
            name: Bi::same(document.map_or(result.id.as_str(), name_of)),
            note: document.map_or_else(|| Bi::same(""), |document| Bi::from(&document.title)),
            bar: Bar::new(&result.counts),
            required: differs.then(|| Bar::new(&result.required)),
        }
    });
    let areas = context.texts.areas().iter().filter_map(|area| {
        let mut counts = Counts::default();
        for result in area.objectives.iter().filter_map(|objective| context.objective(&objective.id)) {
            counts.add(result.verdict, result.basis);
        }
        (counts.total() > 0).then(|| Row {
            anchor: anchor("a", &area.area),
            name: Bi::from(&area.title),
            note: Bi::same(""),
            bar: Bar::new(&counts),
            required: None,
        })
    });
    [
        Board {
            title: m::BOARD_DOCUMENTS,
            caption: m::BOARD_DOCUMENTS_CAPTION,
            what: m::DOCUMENT,
            rows: documents.collect(),
        },
        Board { title: m::BOARD_AREAS, caption: m::BOARD_AREAS_CAPTION, what: m::AREA, rows: areas.collect() },
    ]
}

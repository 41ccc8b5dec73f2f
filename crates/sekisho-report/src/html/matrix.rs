//! The matrix as a picture: documents against objectives.

use askama::Template;
use sekisho_model::Lang;
use sekisho_model::crosswalk::{Matrix, MatrixCell};

use super::policy;
use crate::bilingual::Bi;
use crate::messages::{self, navigate as m};
use crate::plain;
use crate::texts::{Texts, name_of};

const STYLE: &str = include_str!("../../templates/page.css");

/// The whole matrix as one self-contained page that opens in the language `initial`.
///
/// # Errors
/// Where the template cannot be written out.
pub fn matrix(matrix: &Matrix, texts: &dyn Texts, initial: Lang) -> askama::Result<String> {
    let documents = matrix
        .documents
        .iter()
        .map(|id| match texts.document(id) {
            Some(document) => (name_of(document).to_owned(), Bi::from(&document.title)),
            None => (id.clone(), Bi::same(id.as_str())),
        })
        .collect();
    let areas = texts
        .areas()
        .iter()
        .map(|area| {
            let rows = area.objectives.iter().filter_map(|objective| {
                let row = matrix.rows.iter().find(|row| row.objective == objective.id)?;
                let cells = row.cells.iter().map(cell).collect();
                Some(Row { id: &objective.id, title: Bi::from(&objective.title), cells })
            });
            Area { title: Bi::from(&area.title), rows: rows.collect() }
        })
        .collect();
    let page = Page {
        lang: initial.tag(),
        title: m::MATRIX_TITLE.get(initial).to_owned(),
        languages: Lang::ALL.map(|lang| (lang.tag(), messages::language(lang), lang == initial)),
        policy: policy::of(STYLE, ""),
        style: STYLE,
        documents,
        areas,
    };
    Ok(plain::visible_lines(&page.render()?).into_owned())
}

#[derive(Template)]
#[template(path = "matrix.html", whitespace = "minimize")]
struct Page<'a> {
    lang: &'static str,
    title: String,
    languages: [(&'static str, &'static str, bool); 2],
    policy: String,
    style: &'static str,
    documents: Vec<(String, Bi<'a>)>,
    areas: Vec<Area<'a>>,
}

struct Area<'a> {
    title: Bi<'a>,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    id: &'a str,
    title: Bi<'a>,
    cells: Vec<CellView>,
}

struct CellView {
    /// The class that colours it.
    class: &'static str,
    required: bool,
    /// What it says to those who do not see the colour.
    label: Option<Bi<'static>>,
    controls: usize,
}

fn cell(cell: &MatrixCell) -> CellView {
    use sekisho_model::catalog::Relationship::{Equal, IntersectsWith, SubsetOf, SupersetOf};
    let (class, label) = match cell.relationship {
        None => ("none", None),
        Some(Equal) => ("equal", Some(m::MATRIX_EQUAL)),
        Some(SupersetOf) => ("superset", Some(m::MATRIX_SUPERSET)),
        Some(SubsetOf) => ("subset", Some(m::MATRIX_SUBSET)),
        Some(IntersectsWith) => ("intersects", Some(m::MATRIX_INTERSECTS)),
    };
    CellView { class, required: cell.required, label, controls: cell.controls }
}

//! Documents against objectives, as a table that fits the terminal.

use sekisho_model::Lang;
use sekisho_model::catalog::ObjectiveFile;
use sekisho_model::crosswalk::{Matrix, MatrixCell};

use super::Style;
use super::crosswalk::sign;
use super::layout::{left, right, width, wrap};
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::messages::navigate as m;
use crate::texts::{Texts, name_of};

/// A row for each document, a column for each area with the number of its objectives that the document asks for; with `area`, a row for each
/// objective of that area and a column for each document. What does not fit in the width goes into a further table below.
pub fn matrix(matrix: &Matrix, area: Option<&str>, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let view = View { matrix, texts, lang, painter: Painter { style } };
    match area.and_then(|id| texts.areas().iter().find(|area| area.area == id)) {
        Some(area) => view.area(area),
        None => view.areas(),
    }
}

struct View<'a> {
    matrix: &'a Matrix,
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
}

impl View<'_> {
    fn names(&self) -> Vec<String> {
        let name = |id: &String| self.texts.document(id).map_or_else(|| id.clone(), |d| name_of(d).to_owned());
        self.matrix.documents.iter().map(name).collect()
    }

    fn areas(&self) -> String {
        let names = self.names();
        let mut out = String::new();
        self.lines(&[Line::new(Tone::Faint, m::MATRIX_BY_AREA.get(self.lang))], &mut out);
        let head: Vec<String> = self.texts.areas().iter().map(|area| area.area.to_uppercase()).collect();
        let rows: Vec<(String, Vec<String>)> = names
            .into_iter()
            .enumerate()
            .map(|(column, name)| {
                let asked = |area: &ObjectiveFile| {
                    let count = area.objectives.iter().filter(|o| self.cell(&o.id, column).controls > 0).count();
                    if count == 0 { "·".to_owned() } else { count.to_string() }
                };
                let mut cells: Vec<String> = self.texts.areas().iter().map(asked).collect();
                let total = self.matrix.rows.iter().filter(|row| row.cells[column].controls > 0).count();
                cells.push(total.to_string());
                (name, cells)
            })
            .collect();
        let head = [head, vec![m::TOTAL.get(self.lang).to_owned()]].concat();
        self.table(&head, &rows, &mut out);
        let legend: Vec<String> = self
            .texts
            .areas()
            .iter()
            .map(|area| format!("{} {}", area.area.to_uppercase(), area.title.get(self.lang)))
            .collect();
        self.lines(&[Line::new(Tone::Faint, legend.join(" · "))], &mut out);
        out
    }

    fn area(&self, area: &ObjectiveFile) -> String {
        let mut out = String::new();
        self.lines(&[Line::new(Tone::Heading, area.title.get(self.lang))], &mut out);
        let rows: Vec<(String, Vec<String>)> = area
            .objectives
            .iter()
            .map(|objective| {
                let cells = (0..self.matrix.documents.len()).map(|column| {
                    let cell = self.cell(&objective.id, column);
                    match cell.relationship {
                        None => "·".to_owned(),
                        Some(relationship) => {
                            format!("{}{}", if cell.required { "!" } else { "" }, sign(self.painter, relationship))
                        }
                    }
                });
                (objective.title.get(self.lang).to_owned(), cells.collect())
            })
            .collect();
        self.table(&self.names(), &rows, &mut out);
        self.lines(&[Line::new(Tone::Faint, m::MATRIX_LEGEND.get(self.lang))], &mut out);
        out
    }

    fn cell(&self, objective: &str, column: usize) -> MatrixCell {
        let row = self.matrix.rows.iter().find(|row| row.objective == objective);
        row.and_then(|row| row.cells.get(column)).copied().unwrap_or_default()
    }

    /// A table with `head` over the columns; split into several where it is too wide.
    fn table(&self, head: &[String], rows: &[(String, Vec<String>)], out: &mut String) {
        let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        let first = widest.min(self.painter.style.width * 2 / 5);
        let mut from = 0;
        while from < head.len() {
            let mut used = first;
            let mut to = from;
            while to < head.len() {
                let column = 1 + width(&head[to]).max(2);
                if used + column > self.painter.style.width && to > from {
                    break;
                }
                used += column;
                to += 1;
            }
            let columns: Vec<usize> = head[from..to].iter().map(|name| width(name).max(2)).collect();
            let line = in_columns(&head[from..to], &columns);
            *out += &self.painter.text(Tone::Heading, &format!("{}{line}", left("", first)));
            out.push('\n');
            for (name, cells) in rows {
                let lines = wrap(name, first);
                let cells = in_columns(&cells[from..to], &columns);
                for (i, line) in lines.iter().enumerate() {
                    let cells = if i == 0 { cells.as_str() } else { "" };
                    let text = format!("{}{cells}", left(line, first));
                    *out += &self.painter.text(Tone::Plain, text.trim_end());
                    out.push('\n');
                }
            }
            from = to;
            if from < head.len() {
                out.push('\n');
            }
        }
    }

    fn lines(&self, lines: &[Line], out: &mut String) {
        tree::lines(self.painter, lines, out);
    }
}

/// Texts, each at the right of its column.
fn in_columns(texts: &[String], columns: &[usize]) -> String {
    texts.iter().zip(columns).fold(String::new(), |line, (text, column)| line + " " + &right(text, *column))
}

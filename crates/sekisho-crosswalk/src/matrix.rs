//! Documents against objectives.

use sekisho_model::catalog::{Modality, Relationship};
use sekisho_model::crosswalk::{Matrix, MatrixCell, MatrixRow};

use crate::links::Links;

/// Which of `documents` (ids that `links` has) asks for which objective; objectives of the whole hub, also those that none asks for.
pub fn matrix(links: &Links<'_>, documents: &[&str]) -> Matrix {
    let rows = links
        .objectives
        .iter()
        .enumerate()
        .map(|(number, objective)| {
            let cells = documents.iter().map(|document| cell(links, number, document)).collect();
            MatrixRow { objective: (*objective).to_owned(), cells }
        })
        .collect();
    Matrix { documents: documents.iter().map(|&id| id.to_owned()).collect(), rows }
}

fn cell(links: &Links<'_>, objective: usize, document: &str) -> MatrixCell {
    let controls = links.controls_of(document);
    let mut cell = MatrixCell::default();
    for (number, link) in links.linked[objective].iter().filter(|(number, _)| controls.contains(number)) {
        cell.controls += 1;
        cell.required |= links.nodes[*number].control.modality == Modality::Must;
        let closer = cell.relationship.is_none_or(|before| closeness(link.relationship) > closeness(before));
        if closer {
            cell.relationship = Some(link.relationship);
        }
    }
    cell
}

fn closeness(relationship: Relationship) -> u8 {
    match relationship {
        Relationship::Equal => 3,
        Relationship::SupersetOf => 2,
        Relationship::SubsetOf => 1,
        Relationship::IntersectsWith => 0,
    }
}

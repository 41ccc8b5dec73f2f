//! The vocabulary: no word twice in a list.

use std::collections::BTreeMap;

use sekisho_model::catalog::{Term, Vocabulary};

use super::{Found, text};
use crate::files::Parsed;

pub(super) fn lint(file: &Parsed<Vocabulary>, found: &mut Found) {
    if !file.is_new() {
        return;
    }
    let v = &file.value;
    let lists: [(&str, &[Term]); 14] = [
        ("roles", &v.roles),
        ("industries", &v.industries),
        ("layers", &v.layers),
        ("phases", &v.phases),
        ("document_kinds", &v.document_kinds),
        ("details", &v.details),
        ("statuses", &v.statuses),
        ("forces", &v.forces),
        ("markets", &v.markets),
        ("control_kinds", &v.control_kinds),
        ("concept_kinds", &v.concept_kinds),
        ("modalities", &v.modalities),
        ("component_kinds", &v.component_kinds),
        ("interface_kinds", &v.interface_kinds),
    ];
    for (list, terms) in lists {
        let mut seen = BTreeMap::new();
        for (i, term) in terms.iter().enumerate() {
            found.unique("word", &term.id, &mut seen, file.place(format!("{list}[{i}].id").as_str()));
            text::lint(&term.label, |lang| file.place(format!("{list}[{i}].label.{lang}").as_str()), found);
        }
    }
    let mut seen = BTreeMap::new();
    for (i, term) in v.traits.iter().enumerate() {
        found.unique("trait", &term.id, &mut seen, file.place(format!("traits[{i}].id").as_str()));
        text::lint(&term.label, |lang| file.place(format!("traits[{i}].label.{lang}").as_str()), found);
        text::lint(&term.meaning, |lang| file.place(format!("traits[{i}].meaning.{lang}").as_str()), found);
    }
}

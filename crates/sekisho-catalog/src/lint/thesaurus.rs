//! The thesaurus: ids once, no word in two terms.

use std::collections::BTreeMap;

use super::Found;
use crate::files::Parts;

pub(super) fn lint(parts: &Parts, found: &mut Found) {
    let mut ids = BTreeMap::new();
    let mut words = BTreeMap::new();
    for file in &parts.thesaurus {
        for (i, term) in file.value.terms.iter().enumerate() {
            found.unique("term", &term.id, &mut ids, file.place(format!("terms[{i}].id").as_str()));
            for (lang, list) in [("en", &term.en), ("ja", &term.ja)] {
                for (w, word) in list.iter().enumerate() {
                    let place = file.place(format!("terms[{i}].{lang}[{w}]").as_str());
                    found.unique("search word", word, &mut words, place);
                }
            }
        }
    }
}

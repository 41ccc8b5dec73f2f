//! The truth list of the bundled example, `examples/smart-camera/planted.yaml`: typed, and compared with what the program says.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The list.
#[derive(Debug, Deserialize)]
pub struct Truth {
    /// What is planted.
    pub planted: Vec<Planted>,
    /// What stands beside it and must not be taken for it.
    pub twins: Vec<Twin>,
    /// The package database, whole.
    pub packages: BTreeMap<String, String>,
    /// Answers that the image contradicts.
    pub contradictions: Vec<Contradiction>,
    /// Answers that have expired.
    pub expired_answers: Vec<String>,
}

/// One planted weakness.
#[derive(Debug, Deserialize)]
pub struct Planted {
    /// Its name in the list.
    pub id: String,
    /// Where it is.
    pub path: Option<String>,
    /// The files it is nested in, from the outside, below `path`.
    #[serde(default)]
    pub nested: Vec<String>,
    /// The fact that shows it.
    pub fact: String,
    /// Fields of the fact that must be so.
    pub expect: Map<String, Value>,
    /// The objective it speaks against.
    pub objective: String,
}

/// A harmless look-alike.
#[derive(Debug, Deserialize)]
pub struct Twin {
    /// Where it is.
    pub path: String,
    /// A fact that is right all the same.
    pub fact: Option<String>,
    /// Its fields.
    #[serde(default)]
    pub expect: Map<String, Value>,
    /// The fact that must not be claimed for the path.
    pub not_fact: Option<String>,
    /// The line that is the look-alike, where others of the same file are not.
    pub line: Option<String>,
}

/// An answer that the image contradicts.
#[derive(Debug, Deserialize)]
pub struct Contradiction {
    /// The objective.
    pub objective: String,
    /// The planted weaknesses that contradict it.
    pub by_planted: Vec<String>,
}

impl Truth {
    /// Reads the list.
    ///
    /// # Panics
    /// Where the file is absent or not of this shape.
    pub fn read() -> Self {
        let path = crate::root().join("examples/smart-camera/planted.yaml");
        let text = fs::read(&path).expect("the example is part of the repository");
        let document = sekisho_yaml::Document::parse("planted.yaml", text, &sekisho_yaml::Limits::default())
            .expect("the list is YAML");
        document.decode().expect("the list is of this shape")
    }

    /// The planted weakness called `id`.
    ///
    /// # Panics
    /// Where there is none.
    pub fn planted(&self, id: &str) -> &Planted {
        self.planted.iter().find(|p| p.id == id).unwrap_or_else(|| panic!("no planted '{id}'"))
    }
}

impl Planted {
    /// Whether `fact`, as the program prints it, shows this weakness.
    pub fn is_shown_by(&self, fact: &Value) -> bool {
        fact["name"] == self.fact.as_str() && self.is_at(fact) && has_fields(fact, &self.expect)
    }

    fn is_at(&self, fact: &Value) -> bool {
        let Some(path) = &self.path else { return true };
        let found = fact["source"]["path"].as_str().unwrap_or_default();
        match self.nested.last() {
            // The path is the one in the innermost archive; the containers around it name the outer file.
            Some(last) => {
                found.ends_with(last.as_str()) && fact["source"]["within"].to_string().contains(path.as_str())
            }
            None => found == path,
        }
    }
}

/// Whether the fact's value has all of `fields`.
pub fn has_fields(fact: &Value, fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, expected)| fact["value"].get(name) == Some(expected))
}

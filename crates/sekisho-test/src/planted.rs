//! The truth list of a bundled example, `examples/NAME/planted.yaml`: typed, and compared with what the program says.

use std::collections::{BTreeMap, BTreeSet};
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
    /// Of the mended image's package database, the versions that are not those of `packages`.
    #[serde(default)]
    pub packages_mended: BTreeMap<String, String>,
    /// The known vulnerabilities that the weak image's packages have, and the source package that each is in.
    #[serde(default)]
    pub vulnerabilities: BTreeMap<String, String>,
    /// Those of them that the mended image's packages have by their versions, too, and that its maker's statements settle.
    #[serde(default)]
    pub vulnerabilities_stated: BTreeSet<String>,
    /// Answers that the image contradicts.
    pub contradictions: Vec<Contradiction>,
    /// Answers that have expired.
    pub expired_answers: Vec<String>,
    /// What is planted and cannot be seen in such an image.
    #[serde(default)]
    pub unseen: Vec<Unseen>,
}

/// Something that cannot be seen: the coverage must say so.
#[derive(Debug, Deserialize)]
pub struct Unseen {
    /// What it is.
    pub what: String,
    /// The aspect that is not looked at.
    pub aspect: String,
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
    /// The file it is in, where the image has files.
    pub path: Option<String>,
    /// What stands there, where the image has none.
    pub text: Option<String>,
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
    /// Reads the list of the example called `example`.
    ///
    /// # Panics
    /// Where the file is absent or not of this shape.
    pub fn read(example: &str) -> Self {
        let path = crate::root().join("examples").join(example).join("planted.yaml");
        let text = fs::read(&path).expect("the example is part of the repository");
        let document = sekisho_yaml::Document::parse("planted.yaml", text, &sekisho_yaml::Limits::default())
            .expect("the list is YAML");
        document.decode().expect("the list is of this shape")
    }

    /// The mended image's package database, whole.
    pub fn mended_packages(&self) -> BTreeMap<String, String> {
        let mut packages = self.packages.clone();
        packages.extend(self.packages_mended.clone());
        packages
    }

    /// Whether `fact`, as the program prints it, is a known vulnerability of the list, in the package that has it.
    pub fn has_vulnerability(&self, fact: &Value) -> bool {
        let package = fact["value"]["id"].as_str().and_then(|id| self.vulnerabilities.get(id));
        fact["name"] == "known-vulnerability"
            && package.is_some_and(|package| fact["value"]["component"] == package.as_str())
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

impl Twin {
    /// Whether `fact`, as the program prints it, is about this.
    pub fn is_about(&self, fact: &Value) -> bool {
        let source = &fact["source"];
        let here = self.path.as_deref().is_none_or(|path| source["path"].as_str() == Some(path));
        let says = |text: &str| {
            [&source["excerpt"], &fact["value"]["url"]]
                .iter()
                .any(|said| said.as_str().is_some_and(|s| s.contains(text)))
        };
        here && self.text.as_deref().is_none_or(says)
    }

    /// What it is called in a message.
    pub fn name(&self) -> &str {
        self.path.as_deref().or(self.text.as_deref()).unwrap_or("(a twin without path and text)")
    }
}

/// Whether the fact's value has all of `fields`.
pub fn has_fields(fact: &Value, fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, expected)| fact["value"].get(name) == Some(expected))
}

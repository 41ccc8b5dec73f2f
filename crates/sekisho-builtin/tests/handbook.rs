//! The catalog holds every row of every table of the JNSA handbook: `handbook-rows.yaml` lists them in its order, each with the item
//! that holds it and words that must stand there.

use std::collections::BTreeSet;

use sekisho_model::catalog::Document;
use serde::Deserialize;
use serde_json::Value;

/// The documents that the handbook describes, by its numbers.
const CHAPTERS: [&str; 20] = [
    "1", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "3", "4", "5", "6", "7.1", "7.2", "7.3", "8", "9", "10",
    "11", "12",
];

/// Its guide to reading the publications of ENISA, which stands before 2.1 and has no number of its own.
const READING_GUIDE: &str = "2";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chapter {
    #[serde(rename = "chapter")]
    number: String,
    document: String,
    tables: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "table")]
    name: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(rename = "row")]
    label: String,
    item: String,
    #[serde(default)]
    says: Says,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Says {
    #[default]
    Nothing,
    Word(String),
    Words(Vec<String>),
}

impl Says {
    fn words(&self) -> &[String] {
        match self {
            Self::Nothing => &[],
            Self::Word(word) => std::slice::from_ref(word),
            Self::Words(words) => words,
        }
    }
}

fn chapters() -> Vec<Chapter> {
    let text = include_str!("handbook-rows.yaml");
    let document = sekisho_yaml::Document::parse("handbook-rows.yaml", text, &sekisho_yaml::Limits::default())
        .expect("the list is YAML");
    document.decode().expect("the list is of this shape")
}

/// A document as it is stored, which is what the rows name the fields of.
struct Stored(Value);

impl Stored {
    fn of(document: &Document) -> Self {
        Self(serde_json::to_value(document).expect("catalog types hold nothing that JSON cannot say"))
    }

    /// The entry of the list `list` whose `key` is `id`.
    fn entry(&self, list: &str, key: &str, id: &str) -> Option<&Value> {
        self.0.get(list)?.as_array()?.iter().find(|entry| entry[key] == id)
    }

    fn control_or_concept(&self, id: &str) -> Option<&Value> {
        self.entry("controls", "id", id).or_else(|| self.entry("concepts", "id", id))
    }

    /// What holds the item of a row; an error where nothing does.
    fn find(&self, item: &str) -> Result<&Value, String> {
        let (kind, name) = item.split_once(':').ok_or_else(|| format!("'{item}' is not KIND:NAME"))?;
        let found = match kind {
            "control" => self.entry("controls", "id", name),
            "concept" => self.entry("concepts", "id", name),
            "contents" => self.entry("contents", "no", name),
            "field" => self.0.get(name),
            "relation" => {
                let (from, to) = name.split_once('→').ok_or_else(|| format!("'{item}' is not relation:ID→ID"))?;
                self.control_or_concept(from)
                    .filter(|x| x["relations"].as_array().is_some_and(|all| all.iter().any(|r| r["to"] == to)))
            }
            "addressee" => {
                let (id, role) = name.split_once('=').ok_or_else(|| format!("'{item}' is not addressee:ID=ROLE"))?;
                self.control_or_concept(id)
                    .filter(|x| x["addressees"].as_array().is_some_and(|all| all.iter().any(|r| r == role)))
            }
            _ => return Err(format!("'{kind}' is no kind of item")),
        };
        found.ok_or_else(|| format!("there is no {item}"))
    }

    /// What is wrong with a row: nothing where the item is there and says all that it must.
    fn miss(&self, row: &Row) -> Option<String> {
        let found = match self.find(&row.item) {
            Ok(found) => found,
            Err(why) => return Some(why),
        };
        let mut text = String::new();
        if row.item.starts_with("field:") {
            gather(found, &mut text);
        } else {
            gather_shown(found, &mut text);
        }
        let missing = row.says.words().iter().find(|word| match found.get("pages").and_then(Value::as_str) {
            Some(pages) if is_page_range(word) => pages != word.as_str(),
            _ => !text.contains(word.as_str()),
        })?;
        Some(format!("{} does not say '{missing}'", row.item))
    }
}

/// Whether a word can only be meant as pages of a section, such as `05-11` or `19~`.
fn is_page_range(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '~'))
}

/// The parts of a control, concept or section that people are shown; not its id, nor our mappings of it.
fn gather_shown(item: &Value, text: &mut String) {
    for part in ["kind", "title", "statement", "summary", "modality", "severity", "pages", "classes", "change"] {
        gather(&item[part], text);
    }
}

/// All that `value` says, in either language.
fn gather(value: &Value, text: &mut String) {
    match value {
        Value::Null => {}
        Value::String(part) => {
            text.push_str(part);
            text.push('\n');
        }
        Value::Bool(_) | Value::Number(_) => {
            text.push_str(&value.to_string());
            text.push('\n');
        }
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, text)),
        Value::Object(parts) => parts.values().for_each(|part| gather(part, text)),
    }
}

#[test]
fn every_row_of_the_handbook_is_in_the_catalog() {
    let catalog = sekisho_builtin::catalog();
    let chapters = chapters();
    let mut rows = 0;
    let mut misses = Vec::new();
    for chapter in &chapters {
        let Ok(document) = catalog.document(&chapter.document) else {
            misses.push(format!("{}: no document '{}'", chapter.number, chapter.document));
            continue;
        };
        if document.handbook.as_deref() != Some(chapter.number.as_str()) {
            misses.push(format!("{}: {} names chapter {:?}", chapter.number, document.id, document.handbook));
        }
        let stored = Stored::of(document);
        for table in &chapter.tables {
            for row in &table.rows {
                rows += 1;
                if let Some(why) = stored.miss(row) {
                    misses.push(format!("{} {} | {} | {}: {why}", chapter.number, document.id, table.name, row.label));
                }
            }
        }
    }
    assert!(misses.is_empty(), "{} of {rows} rows of the handbook are missing:\n{}", misses.len(), misses.join("\n"));
}

#[test]
fn every_chapter_of_the_handbook_has_rows() {
    let chapters = chapters();
    let listed: Vec<_> = chapters.iter().map(|chapter| chapter.number.as_str()).collect();
    let expected: BTreeSet<_> = CHAPTERS.into_iter().chain([READING_GUIDE]).collect();
    assert_eq!(listed.len(), expected.len(), "no chapter twice");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
    for chapter in &chapters {
        assert!(!chapter.tables.is_empty(), "{}", chapter.number);
        for table in &chapter.tables {
            assert!(!table.rows.is_empty(), "{} {}", chapter.number, table.name);
        }
    }
    let catalog = sekisho_builtin::catalog();
    let described: BTreeSet<_> = catalog.documents().filter_map(|document| document.handbook.as_deref()).collect();
    assert_eq!(described, expected, "the documents of the catalog that name a chapter");
}

#[test]
fn a_row_can_be_missed() {
    let catalog = sekisho_builtin::catalog();
    let stored = Stored::of(catalog.document("dhs-strategic-principles-2016").expect("it ships"));
    let miss = |item: &str, says: &str| {
        stored.miss(&Row { label: String::new(), item: item.to_owned(), says: Says::Word(says.to_owned()) })
    };
    assert_eq!(miss("contents:1", "02-04"), None);
    assert_eq!(miss("addressee:dhs-3=developer", ""), None);
    for (item, says) in [
        ("control:dhs-7", ""),
        ("control:dhs-1", "dhs-1"),
        ("control:dhs-1", "耐量子"),
        ("concept:dhs-1", ""),
        ("contents:1", "02"),
        ("contents:9", ""),
        ("field:publisher", "JNSA"),
        ("field:nothing", ""),
        ("relation:dhs-role-3→dhs-5", ""),
        ("addressee:dhs-3=service-provider", ""),
        ("row:1", ""),
        ("dhs-1", ""),
    ] {
        assert!(miss(item, says).is_some(), "{item} {says}");
    }
}

//! A document: read once, then validated, decoded, and asked where things stand.

use sekisho_diag::{Place, Problem, Problems};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::limits::Limits;
use crate::path::{Path, Segment};
use crate::tree::{Node, Tree};
use crate::{decode, input, parse, schema};

/// A YAML or JSON document whose every value knows its place.
///
/// ```
/// use sekisho_yaml::{Document, Limits};
///
/// let document = Document::parse("product.yaml", "name: Lock\nmarkets: [eu, jp]\n", &Limits::default())?;
/// assert_eq!(document.place_of("markets[1]").to_string(), "product.yaml:2:15");
/// # Ok::<(), sekisho_diag::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    tree: Tree,
}

impl Document {
    /// Reads `input`, which the user knows as `file`.
    ///
    /// # Errors
    ///
    /// All problems that could be found: those of syntax (after which nothing more is read), of limits, and of what is
    /// YAML but not supported.
    pub fn parse(file: &str, input: impl AsRef<[u8]>, limits: &Limits) -> Result<Self, Problems> {
        let bytes = input.as_ref();
        // Lines and columns are kept in 32 bits.
        let limit = limits.bytes.min(u32::MAX as usize);
        if bytes.len() > limit {
            let message = format!("the file has {} bytes, more than the {limit} that are read", bytes.len());
            return Err(Problem::error("too-large", message).at(Place::file(file)).into());
        }
        Ok(Self { tree: parse::parse(file, input::text(file, bytes)?, limits)? })
    }

    /// The file as the user named it.
    pub fn file(&self) -> &str {
        &self.tree.file
    }

    /// The document's value.
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.tree)
    }

    /// Where the value at `path` stands; where it does not exist, the nearest value around it that does.
    pub fn place_of(&self, path: impl Into<Path>) -> Place {
        self.nearest(&path.into().0).0.place()
    }

    /// Where the key of the value at `path` stands; an element of a list has none, so it is the element itself.
    pub fn place_of_key(&self, path: impl Into<Path>) -> Place {
        let path = path.into().0;
        let Some((last, parents)) = path.split_last() else { return self.root().place() };
        let (parent, found_all) = self.nearest(parents);
        match last {
            Segment::Key(key) if found_all => parent.place_of_key(key).unwrap_or_else(|| parent.place()),
            _ => self.nearest(&path).0.place(),
        }
    }

    /// The value as far along `path` as it exists, and whether that is all of it.
    fn nearest(&self, path: &[Segment]) -> (Node<'_>, bool) {
        let mut node = self.root();
        for segment in path {
            match node.step(segment) {
                Some(next) => node = next,
                None => return (node, false),
            }
        }
        (node, true)
    }

    /// Every mistake against `schema`, a JSON Schema (draft 2020-12) as `schemars` writes it, each at its place.
    ///
    /// Keywords that `schemars` does not emit for ordinary types are ignored, so an empty answer does not promise that
    /// [`Document::decode`] succeeds; it nearly always does.
    pub fn validate(&self, schema: &Value) -> Vec<Problem> {
        schema::validate(self.root(), schema, self.tree.problems)
    }

    /// The document as a `T`. Call [`Document::validate`] first: it finds all mistakes and says more about each.
    ///
    /// # Errors
    ///
    /// The first mistake, at the place of the value that `T` does not take.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        decode::decode(self.root())
    }

    /// The document as a JSON value. JSON has no infinity and no not-a-number: they become `null`.
    pub fn to_json(&self) -> Value {
        decode::to_json(self.root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse("p.yaml", text, &Limits::default()).unwrap()
    }

    #[test]
    fn places_are_counted_in_characters() {
        let document = document("名前: 錠\n'鍵': {a: [1, &x 錠前], b: *x}\n");
        assert_eq!(document.place_of("名前"), Place::Text { file: "p.yaml".into(), line: 1, column: 5, length: 1 });
        assert_eq!(document.place_of("鍵.a[1]"), Place::Text { file: "p.yaml".into(), line: 2, column: 17, length: 2 });
        assert_eq!(document.place_of("鍵.b"), document.place_of("鍵.a[1]"), "an alias stands where what it names does");
        assert_eq!(document.place_of_key("鍵.b").to_string(), "p.yaml:2:22");
    }

    #[test]
    fn a_path_that_ends_early_gives_the_nearest_value() {
        let document = document("a:\n  - b: 1\n");
        assert_eq!(document.place_of("a[0].b.c").to_string(), "p.yaml:2:8");
        assert_eq!(document.place_of("a[7].b").to_string(), "p.yaml:2:3");
        assert_eq!(document.place_of_key("a[0].x").to_string(), "p.yaml:2:5");
        assert_eq!(document.place_of_key("a[7].b").to_string(), "p.yaml:2:3");
        assert_eq!(document.place_of_key("a[0]").to_string(), "p.yaml:2:5");
        assert_eq!(document.place_of(Path::root()).to_string(), "p.yaml:1:1");
    }

    #[test]
    fn quotes_and_tags_decide_what_a_value_is() {
        let json =
            document("- [1, '1', !!str 1, ! 1, !!int '1', !!float 1, 2.10, ~, '', yes]\n- |\n  true\n").to_json();
        assert_eq!(json, serde_json::json!([[1, "1", "1", "1", 1, 1.0, 2.1, null, "", "yes"], "true\n"]));
        assert_eq!(document("a: 2.10").root().get("a").and_then(Node::text), Some("2.10"));
    }

    #[test]
    fn a_part_of_a_text_has_its_own_place() {
        let text = "a: x yy\nb: '錠 yy'\nc: \"\\t yy\"\nd: |\n\n  x\n   yy\ne: >\n  x\n  yy\n";
        let document = document(text);
        let place = |key: &str| {
            let node = document.root().get(key).unwrap();
            let at = node.text().unwrap().find("yy").unwrap();
            match node.place_of_part(at..at + 2) {
                Place::Text { line, column, length, .. } => (line, column, length),
                other => panic!("{other}"),
            }
        };
        assert_eq!(place("a"), (1, 6, 2));
        assert_eq!(place("b"), (2, 7, 2));
        assert_eq!(place("c"), (3, 4, 7), "escapes: the whole text");
        assert_eq!(place("d"), (7, 4, 2));
        assert_eq!(place("e"), (9, 3, 1), "folded: the whole text");
        assert_eq!(document.root().get("a").unwrap().place_of_part(5..99).to_string(), "p.yaml:1:4");
    }

    #[test]
    fn a_large_file_is_not_read_at_all() {
        let limits = Limits { bytes: 10, ..Limits::default() };
        let problems = Document::parse("p.yaml", "x".repeat(11), &limits).unwrap_err();
        assert_eq!(problems.0[0].code, "too-large");
    }

    #[test]
    fn aliases_are_bounded_by_text_as_well_as_by_number() {
        let text = format!("- &a {}\n{}", "x".repeat(1000), "- *a\n".repeat(1000));
        assert!(Document::parse("p", &text, &Limits::default()).is_ok());
        let problems = Document::parse("p", &text, &Limits { bytes: 100_000, ..Limits::default() }).unwrap_err();
        assert_eq!(problems.0[0].code, "too-large");
    }
}

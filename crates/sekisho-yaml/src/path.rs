//! Where a value stands in a document: `controls[3].mappings[0].objective`.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// The value of a mapping's key.
    Key(String),
    /// A list's element, from 0.
    Index(usize),
}

/// The steps from a document's root to a value.
///
/// Made from text such as `controls[3].mappings[0].objective`, or step by step with [`Path::key`] and [`Path::index`],
/// which also take keys that hold a dot or a bracket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The value of `key` inside this one.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(Segment::Key(key.into()));
        self
    }

    /// The element at `index`, from 0, inside this one.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Segment::Index(index));
        self
    }
}

impl From<&str> for Path {
    /// Reads `a.b[0].c`; what is not a number in brackets belongs to a key.
    fn from(text: &str) -> Self {
        let mut path = Self::root();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let mut key = part;
            let mut indices = Vec::new();
            while let Some((head, index)) = key.strip_suffix(']').and_then(|k| k.rsplit_once('[')) {
                let Ok(index) = index.parse() else { break };
                indices.push(index);
                key = head;
            }
            if !key.is_empty() {
                path = path.key(key);
            }
            path = indices.into_iter().rev().fold(path, Self::index);
        }
        path
    }
}

impl From<&[Segment]> for Path {
    fn from(segments: &[Segment]) -> Self {
        Self(segments.to_vec())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if i == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_steps_are_the_same_path() {
        let steps = Path::root().key("controls").index(3).key("m").index(0).index(1).key("objective");
        assert_eq!(Path::from("controls[3].m[0][1].objective"), steps);
        assert_eq!(steps.to_string(), "controls[3].m[0][1].objective");
        assert_eq!(Path::from("[2].a"), Path::root().index(2).key("a"));
        assert_eq!(Path::from(""), Path::root());
        assert_eq!(Path::from("a[x]"), Path::root().key("a[x]"));
    }
}

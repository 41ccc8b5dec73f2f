//! XML as a tree that knows its lines.
//!
//! quick-xml expands no entities and fetches nothing. A document type definition is passed over where it only names something (`<!DOCTYPE
//! nmaprun>`), and refused where it declares anything.

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use sekisho_diag::{Place, Problem};

use crate::text::{Lines, position};

/// Hint where nothing better can be said.
const AS_WRITTEN: &str = "give the file as the tool wrote it";

/// How deep elements may lie in each other.
const DEPTH: usize = 64;

/// Attributes of one element; they are looked up one after another.
const MOST_ATTRIBUTES: usize = 256;

/// An element.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// The text directly in it.
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The children called `name`.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn first(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// A document, and where it breaks off if it does.
#[derive(Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) root: Element,
    /// The line at which it ends in the midst of an element.
    pub(crate) cut_off: Option<u32>,
}

/// Reads a document of at most `most` elements and attributes. One that breaks off is read as far as it goes.
pub(crate) fn parse(text: &str, name: &str, most: usize) -> Result<Document, Problem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let problem = |offset: usize, message: &str, hint: &'static str| {
        let (line, column) = position(text, offset);
        Problem::error("import-syntax", format!("not valid XML: {message}"))
            .at(Place::text(name, line, column))
            .hint(hint)
    };
    let mut lines = Lines::new(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut left = most;
    let mut cut_off = None;
    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(Error::IllFormed(IllFormedError::MissingEndTag(_)) | Error::Syntax(_)) if !open.is_empty() => {
                cut_off = Some(lines.at(text.len()));
                Event::Eof
            }
            Err(error) => return Err(problem(offset, &crate::text::shortened(&error.to_string(), 200), AS_WRITTEN)),
        };
        match event {
            Event::Start(start) => {
                let mut element = element(&start, lines.at(offset)).map_err(|message| {
                    problem(offset, &message, "only the five entities of XML and character references are read")
                })?;
                left = left.saturating_sub(1 + element.attributes.len());
                if left == 0 || open.len() >= DEPTH || (root.is_some() && open.is_empty()) {
                    return Err(problem(offset, "too many elements, or too deep", AS_WRITTEN));
                }
                element.text = String::new();
                open.push(element);
            }
            Event::End(_) => close(&mut open, &mut root),
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(data) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&data.into_inner());
                }
            }
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    Ok(None) => predefined(&reference.xml10_content()),
                    Err(_) => None,
                };
                let Some(c) = resolved else {
                    return Err(problem(offset, "a reference to an unknown entity", "nothing is expanded or fetched"));
                };
                if let Some(element) = open.last_mut() {
                    element.text.push(c);
                }
            }
            Event::DocType(definition) if definition.contains('[') => {
                return Err(problem(
                    offset,
                    "a document type definition that declares something",
                    "remove the declarations from <!DOCTYPE …>; entities are neither expanded nor fetched",
                ));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !open.is_empty() {
        cut_off = cut_off.or_else(|| Some(lines.at(text.len())));
    }
    while !open.is_empty() {
        close(&mut open, &mut root);
    }
    let root = root.ok_or_else(|| problem(0, "no element at all", AS_WRITTEN))?;
    Ok(Document { root, cut_off })
}

fn close(open: &mut Vec<Element>, root: &mut Option<Element>) {
    if let Some(element) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => *root = Some(element),
        }
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn element(start: &BytesStart<'_>, line: u32) -> Result<Element, String> {
    let mut element = Element { name: start.local_name().into_inner().to_owned(), line, ..Element::default() };
    // The parser's own check compares each attribute with all before it: a tag with a million of them would take forever.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| crate::text::shortened(&error.to_string(), 200))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| "an attribute with a reference to an unknown entity".to_owned())?;
        if element.attributes.len() >= MOST_ATTRIBUTES {
            return Err("too many attributes".to_owned());
        }
        element.attributes.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    Ok(element)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tree_with_lines() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE a>\n<a x='1'>\n <b y='&#xa;&lt;'>t&amp;<![CDATA[<u>]]></b>\n</a>";
        let document = parse(text, "f", 100).unwrap();
        let b = document.root.first("b").unwrap();
        assert_eq!((document.root.line, b.line, b.text.as_str(), b.attribute("y")), (3, 4, "t&<u>", Some("\n<")));
        assert_eq!(document.cut_off, None);
    }

    #[test]
    fn what_breaks_off_is_read_as_far_as_it_goes() {
        for text in ["<a>\n<b>\n<c x='1'/>", "<a>\n<b>\n<c x='1'/><d"] {
            let document = parse(text, "f", 100).unwrap();
            assert_eq!(document.root.first("b").unwrap().children.len(), 1, "{text}");
            assert_eq!(document.cut_off, Some(3), "{text}");
        }
    }

    #[test]
    fn entities_are_refused() {
        for text in ["<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a>&x;</a>", "<a b='&x;'/>", "", "text"] {
            assert!(parse(text, "f", 100).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s)[<>/!?a='\"&;#x\\[\\]\\- \\n]{0,80}") {
            let _ = parse(&text, "f", 100);
        }
    }
}

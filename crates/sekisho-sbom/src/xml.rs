//! Reading XML as a tree, one element at a time.
//!
//! quick-xml expands no entities and fetches nothing; a document type definition, where such would be declared, is refused as a whole.
//! Elements of other namespaces, which `CycloneDX` allows everywhere, are passed over.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use sekisho_diag::{Place, Problem};

use crate::text::position;

/// A reader at some place of a document.
pub(crate) struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    name: &'a str,
    /// The namespace of the elements that are handed out; the root's.
    namespace: String,
}

/// An element's start.
pub(crate) struct Tag<'a> {
    start: BytesStart<'a>,
    /// Where it stands in the text.
    pub(crate) offset: usize,
}

impl Tag<'_> {
    /// The name without prefix.
    pub(crate) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }
}

impl<'a> Xml<'a> {
    /// A reader of `text`, the content of the file called `name`, and its root element with its namespace.
    pub(crate) fn new(text: &'a str, name: &'a str) -> Result<(Self, Tag<'a>), Problem> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut xml = Self { reader, text, name, namespace: String::new() };
        loop {
            let offset = xml.offset();
            let (namespace, event) = match xml.reader.read_resolved_event() {
                Ok((ResolveResult::Bound(namespace), event)) => (namespace.into_inner().to_owned(), event),
                Ok((_, event)) => (String::new(), event),
                Err(error) => return Err(xml.broken(&error)),
            };
            match event {
                Event::Start(start) => {
                    xml.namespace = namespace;
                    return Ok((xml, Tag { start, offset }));
                }
                Event::DocType(_) => return Err(xml.doctype(offset)),
                Event::Eof => return Err(xml.problem(offset, "no element at all")),
                Event::Text(text) if !text.xml10_content().trim().is_empty() => {
                    return Err(xml.problem(offset, "text before the first element"));
                }
                _ => {}
            }
        }
    }

    /// The root's namespace.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next child of the element last entered; none at its end, which is consumed. A child that is handed out is entered: it must be
    /// read to its end, by [`Xml::child`] until it gives none, by [`Xml::content`], or by [`Xml::skip`].
    pub(crate) fn child(&mut self) -> Result<Option<Tag<'a>>, Problem> {
        loop {
            let offset = self.offset();
            let (ours, event) = self.next(offset)?;
            match event {
                Event::Start(start) if ours => return Ok(Some(Tag { start, offset })),
                Event::Start(start) => self.skip(&Tag { start, offset })?,
                Event::End(_) => return Ok(None),
                _ => {}
            }
        }
    }

    /// The text of the element last entered, up to and with its end; elements in it are passed over.
    pub(crate) fn content(&mut self) -> Result<Cow<'a, str>, Problem> {
        let mut content = Cow::Borrowed("");
        let mut add = |more: Cow<'a, str>| {
            if content.is_empty() {
                content = more;
            } else {
                content.to_mut().push_str(&more);
            }
        };
        loop {
            let offset = self.offset();
            match self.next(offset)?.1 {
                // The text between two markups is a slice of the document where line ends need no change.
                Event::Text(text) => match text.into_inner() {
                    Cow::Borrowed(text) if !text.contains('\r') => add(Cow::Borrowed(text)),
                    text => add(Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))),
                },
                Event::CData(data) => add(data.into_inner()),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Some(c),
                        Ok(None) => match &*reference.into_inner() {
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "amp" => Some('&'),
                            "apos" => Some('\''),
                            "quot" => Some('"'),
                            _ => None,
                        },
                        Err(_) => None,
                    };
                    let Some(c) = resolved else { return Err(self.entity(offset)) };
                    add(Cow::Owned(c.to_string()));
                }
                Event::Start(start) => self.skip(&Tag { start, offset })?,
                Event::End(_) => return Ok(content),
                _ => {}
            }
        }
    }

    /// Passes over the element last entered, with all that is in it.
    pub(crate) fn skip(&mut self, tag: &Tag<'_>) -> Result<(), Problem> {
        self.reader.read_to_end(tag.start.name()).map(drop).map_err(|error| self.broken(&error))
    }

    /// The value of an attribute without prefix.
    pub(crate) fn attribute(&self, tag: &Tag<'_>, name: &str) -> Result<Option<String>, Problem> {
        let mut found = None;
        // The parser's own check compares each attribute with all before it: a tag with a million of them would take forever.
        for attribute in tag.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.problem(tag.offset, &error.to_string()))?;
            if attribute.key.into_inner() == name {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| self.entity(tag.offset))?;
                if found.replace(value.into_owned()).is_some() {
                    return Err(self.problem(tag.offset, &format!("the attribute '{name}' stands there twice")));
                }
            }
        }
        Ok(found)
    }

    /// Makes sure that nothing but comments follows the root element.
    pub(crate) fn end(mut self) -> Result<(), Problem> {
        loop {
            let offset = self.offset();
            match self.reader.read_event() {
                Ok(Event::Eof) => return Ok(()),
                Ok(Event::Start(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                    return Err(self.problem(offset, "something stands after the end of the document"));
                }
                Ok(Event::Text(text)) if !text.xml10_content().trim().is_empty() => {
                    return Err(self.problem(offset, "text after the end of the document"));
                }
                Ok(_) => {}
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// The next event, and whether it is an element of the document's own namespace.
    fn next(&mut self, offset: usize) -> Result<(bool, Event<'a>), Problem> {
        let (ours, event) = match self.reader.read_resolved_event() {
            Ok((namespace, event)) => {
                (matches!(namespace, ResolveResult::Bound(bound) if bound.into_inner() == self.namespace), event)
            }
            Err(error) => return Err(self.broken(&error)),
        };
        match event {
            Event::DocType(_) => Err(self.doctype(offset)),
            Event::Eof => Err(self.cut_off()),
            event => Ok((ours, event)),
        }
    }

    /// A problem at `offset`.
    pub(crate) fn problem(&self, offset: usize, message: &str) -> Problem {
        let (line, column) = position(self.text, offset);
        Problem::error("sbom-syntax", format!("not valid XML: {message}"))
            .at(Place::text(self.name, line, column))
            .hint("make the document anew, or mend it by hand at this place")
    }

    fn broken(&self, error: &Error) -> Problem {
        if matches!(error, Error::IllFormed(IllFormedError::MissingEndTag(_)) | Error::Syntax(_)) {
            return self.cut_off();
        }
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        self.problem(offset, &crate::fault::shown(&error.to_string()))
    }

    fn cut_off(&self) -> Problem {
        self.problem(self.text.len(), "the document ends in the midst of an element")
            .hint("the file seems to be cut off; get it once more")
    }

    fn entity(&self, offset: usize) -> Problem {
        self.problem(offset, "a reference to an unknown entity or character")
            .hint("only the five entities of XML and character references are read, nothing is expanded or fetched")
    }

    fn doctype(&self, offset: usize) -> Problem {
        let (line, column) = position(self.text, offset);
        Problem::error(
            "sbom-doctype",
            "a document type definition, which no bill of materials needs and which is not read",
        )
        .at(Place::text(self.name, line, column))
        .hint("remove the <!DOCTYPE …> declaration; entities are neither expanded nor fetched")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_put_together_from_all_its_pieces() {
        let text = "<a xmlns='n'> one &lt;<!-- no -->&#x41;<![CDATA[<b>]]><x>no</x>\r\n</a>";
        let (mut xml, root) = Xml::new(text, "a").unwrap();
        assert_eq!((root.name(), xml.namespace()), ("a", "n"));
        assert_eq!(xml.content().unwrap(), " one <A<b>\n");
        assert!(xml.end().is_ok());
    }

    #[test]
    fn elements_of_other_namespaces_are_passed_over() {
        let text = "<p:a xmlns:p='n' xmlns:q='o'><q:b><p:c/></q:b><c/><p:d e='&quot;'/></p:a>";
        let (mut xml, _) = Xml::new(text, "a").unwrap();
        let tag = xml.child().unwrap().unwrap();
        assert_eq!((tag.name(), xml.attribute(&tag, "e").unwrap().as_deref()), ("d", Some("\"")));
        assert!(xml.child().unwrap().is_none(), "the end of d");
        assert!(xml.child().unwrap().is_none(), "the end of a");
        assert!(xml.end().is_ok());
    }
}

//! Which format a text is in, told by its content: names of files lie.

use std::borrow::Cow;

use sekisho_diag::{Place, Problem};
use serde::de::{DeserializeSeed, Error as _, MapAccess};

use crate::fault::{Found, shown};
use crate::json::{As, Visit, key, skip, syntax, text};
use crate::text::position;

/// Hint of every refusal for want of a known format.
pub(crate) const KNOWN: &str =
    "what is read: CycloneDX 1.0 to 1.7 as JSON or XML, SPDX 2.0 to 2.3 as JSON or tag-value, SPDX 3.0 as JSON-LD";

/// A format and what it takes to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `CycloneDX` as JSON, with its `specVersion`.
    CycloneDxJson(String),
    /// Anything that looks like XML; the reader sees to it that it is `CycloneDX`.
    Xml,
    /// SPDX 2 as JSON, with its `spdxVersion`.
    SpdxJson(String),
    /// SPDX 2 as tag-value.
    SpdxTagValue,
    /// SPDX 3 as JSON-LD.
    Spdx3,
}

/// Tells the format of `text`, the content of the file called `name`.
///
/// # Errors
/// Where it is none of those known; the problem says what was found and what would be read.
pub fn detect(text: &str, name: &str) -> Result<Format, Problem> {
    match text.trim_start().bytes().next() {
        Some(b'{') => json(text, name),
        Some(b'<') => Ok(Format::Xml),
        Some(b'[') => {
            let at = place(text, text.len() - text.trim_start().len(), name);
            Err(Problem::error("not-an-sbom", "a JSON array where a bill of materials is one object")
                .at(at)
                .hint("several documents in one file are not read: give them one by one; expanded JSON-LD must be compacted with SPDX's context"))
        }
        _ => plain(text, name),
    }
}

fn place(text: &str, offset: usize, name: &str) -> Place {
    let (line, column) = position(text, offset);
    Place::text(name, line, column)
}

/// Tag-value has its version in the first section; YAML looks much like it.
fn plain(text: &str, name: &str) -> Result<Format, Problem> {
    for line in text.lines() {
        if line.starts_with("SPDXVersion:") {
            return Ok(Format::SpdxTagValue);
        }
        if line.starts_with("spdxVersion:") || line.starts_with("bomFormat:") {
            return Err(Problem::error("not-an-sbom", "a bill of materials as YAML, which is not read")
                .at(place(text, line.as_ptr() as usize - text.as_ptr() as usize, name))
                .hint("convert it to JSON"));
        }
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let message = format!("no known kind of bill of materials: it begins with '{}'", shown(first.trim()));
    Err(Problem::error("not-an-sbom", message).at(place(text, text.len() - text.trim_start().len(), name)).hint(KNOWN))
}

/// What the top level of a JSON document says of its format, as far as it was read.
#[derive(Debug, Default)]
struct Top {
    bom_format: Option<String>,
    spec_version: Option<String>,
    spdx_version: Option<String>,
    context: Option<Context>,
    graph: bool,
    element: bool,
    keys: Vec<String>,
    offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Context {
    Spdx,
    Other(String),
}

impl Top {
    /// Whether nothing that follows could change the answer.
    fn decided(&self) -> bool {
        self.spdx_version.is_some()
            || (self.bom_format.is_some() && self.spec_version.is_some())
            || (self.context == Some(Context::Spdx) && (self.graph || self.element))
    }
}

fn json(source: &str, name: &str) -> Result<Format, Problem> {
    let mut top = Top::default();
    let mut deserializer = serde_json::Deserializer::from_str(source);
    let read = As(TopLevel { top: &mut top, source }).deserialize(&mut deserializer);
    // The walk ends with an error of its own making once it knows enough.
    if let Err(error) = read
        && !top.decided()
    {
        return Err(syntax(&error, source, name));
    }
    let refuse = |message: String, hint: &str| {
        Err(Problem::error("not-an-sbom", message).at(place(source, top.offset, name)).hint(hint.to_owned()))
    };
    match &top {
        Top { spdx_version: Some(version), .. } => Ok(Format::SpdxJson(version.clone())),
        Top { bom_format: Some(format), spec_version, .. } if format == "CycloneDX" => match spec_version {
            Some(version) => Ok(Format::CycloneDxJson(version.clone())),
            None => refuse(
                "a CycloneDX document without 'specVersion'".to_owned(),
                "the version decides what the fields mean: make the document anew",
            ),
        },
        Top { bom_format: Some(format), .. } => {
            refuse(format!("'bomFormat' is '{}', expected 'CycloneDX'", shown(format)), KNOWN)
        }
        Top { context: Some(Context::Spdx), .. } | Top { context: None, graph: true, .. } => Ok(Format::Spdx3),
        Top { context: Some(Context::Other(context)), .. } => {
            refuse(format!("JSON-LD with the context '{}', which is not SPDX's", shown(context)), KNOWN)
        }
        _ if top.keys.iter().any(|key| key == "predicateType" || key == "payloadType") => refuse(
            "an attestation around a document, not a bill of materials itself".to_owned(),
            "take the 'predicate' out of it",
        ),
        _ if top.keys.iter().any(|key| key == "specVersion") => {
            refuse("'bomFormat' is missing, expected 'CycloneDX'".to_owned(), KNOWN)
        }
        _ if top.keys.is_empty() => refuse("an empty JSON object".to_owned(), KNOWN),
        _ => refuse(format!("a JSON document of another kind: its keys are {}", listed(&top.keys)), KNOWN),
    }
}

fn listed(keys: &[String]) -> String {
    const MOST: usize = 6;
    let mut list = keys.iter().take(MOST).map(|key| format!("'{key}'")).collect::<Vec<_>>().join(", ");
    if keys.len() > MOST {
        list.push_str(" …");
    }
    if list.is_empty() { "none".to_owned() } else { list }
}

struct TopLevel<'t, 's> {
    top: &'t mut Top,
    source: &'s str,
}

impl<'de> Visit<'de> for TopLevel<'_, '_> {
    type Out = ();

    fn wrong(self, _: Found) {}

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        const MOST_KEYS: usize = 20;
        self.top.offset = self.source.len() - self.source.trim_start().len();
        while let Some(key) = key(&mut object)? {
            let read = |into: &mut Option<String>, object: &mut A| {
                let field = text(object)?;
                if into.is_none() {
                    *into = field.get().map(str::to_owned);
                }
                Ok::<_, A::Error>(())
            };
            if self.top.keys.len() < MOST_KEYS {
                self.top.keys.push(shown(&key));
            }
            match &*key {
                "bomFormat" => read(&mut self.top.bom_format, &mut object)?,
                "specVersion" => read(&mut self.top.spec_version, &mut object)?,
                "spdxVersion" => read(&mut self.top.spdx_version, &mut object)?,
                "@context" => {
                    let context = crate::json::value(&mut object, ContextValue)?;
                    self.top.context = context.or(self.top.context.take());
                }
                "@graph" | "spdxElements" | "elements" | "element" => {
                    self.top.graph = true;
                    if self.top.decided() {
                        break;
                    }
                    skip(&mut object)?;
                }
                "type" | "@type" | "spdxId" | "@id" => {
                    self.top.element = true;
                    skip(&mut object)?;
                }
                _ => skip(&mut object)?,
            }
            if self.top.decided() {
                break;
            }
        }
        if self.top.decided() { Err(A::Error::custom("decided")) } else { Ok(()) }
    }
}

/// A JSON-LD context: an address, or a list of addresses and definitions.
#[derive(Clone, Copy)]
struct ContextValue;

impl<'de> Visit<'de> for ContextValue {
    type Out = Option<Context>;

    fn wrong(self, _: Found) -> Self::Out {
        None
    }

    fn text(self, text: Cow<'de, str>) -> Self::Out {
        // `https://spdx.org/rdf/3.0.1/spdx-context.jsonld`, and the same under other hosts of the project.
        let spdx = text.contains("spdx.org/rdf/3") || text.contains("spdx.github.io/spdx-spec/v3");
        Some(if spdx { Context::Spdx } else { Context::Other(text.into_owned()) })
    }

    fn list<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Out, A::Error> {
        let mut found = None;
        while let Some(next) = list.next_element_seed(As(self))? {
            if found != Some(Context::Spdx) {
                found = next.or(found);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Problem {
        detect(text, "a").unwrap_err()
    }

    #[test]
    fn formats_are_told_by_content() {
        for (text, format) in [
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.4"}"#, Format::CycloneDxJson("1.4".into())),
            (
                r#"{"components":[{}],"specVersion":"1.4","x":{},"bomFormat":"CycloneDX"}"#,
                Format::CycloneDxJson("1.4".into()),
            ),
            (r#"{"packages":[],"spdxVersion":"SPDX-2.3"}"#, Format::SpdxJson("SPDX-2.3".into())),
            (r#"{"@graph":[],"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}"#, Format::Spdx3),
            (
                r#"{"@context":["https://spdx.org/rdf/3.0.0/spdx-context.jsonld",{}],"type":"SpdxDocument"}"#,
                Format::Spdx3,
            ),
            ("<?xml version='1.0'?><bom/>", Format::Xml),
            ("# comment\nSPDXVersion: SPDX-2.2\n", Format::SpdxTagValue),
        ] {
            assert_eq!(detect(text, "a").unwrap(), format, "{text}");
        }
    }

    #[test]
    fn the_rest_is_refused_with_a_reason() {
        for (text, part) in [
            (r#"{"bomFormat":"AnotherFormat","specVersion":"1.6"}"#, "'AnotherFormat'"),
            (r#"{"bomFormat":"CycloneDX"}"#, "without 'specVersion'"),
            (r#"{"specVersion":"1.4","components":[]}"#, "'bomFormat' is missing"),
            (r#"{"@context":"https://openvex.dev/ns"}"#, "not SPDX's"),
            (r#"{"_type":"x","predicateType":"https://cyclonedx.org/bom","predicate":{}}"#, "attestation"),
            (r#"{"name":"x"}"#, "'name'"),
            ("{}", "an empty JSON object"),
            ("[]", "array"),
            ("spdxVersion: SPDX-2.3", "YAML"),
            ("hello world", "'hello world'"),
        ] {
            let problem = problem(text);
            assert_eq!(problem.code, "not-an-sbom");
            assert!(problem.message.contains(part), "{text}: {problem}");
            assert!(problem.hint.is_some() && problem.place.is_some(), "{problem}");
        }
    }

    #[test]
    fn broken_json_has_a_place() {
        let problem = problem("{\n  \"a\": tru\n}");
        assert_eq!(problem.code, "sbom-syntax");
        assert!(problem.to_string().starts_with("a:2:"), "{problem}");
    }
}

//! SPDX 2 as tag-value: lines of `Tag: value`, values over several lines in `<text>…</text>`, comments after `#`.
//!
//! Sections follow each other without mark: a package begins with `PackageName`, a file with `FileName`, and so on; relationships may
//! stand anywhere.

use sekisho_diag::{Place, Problem};

use super::{RawPackage, RawReference, creator, head, package, relationship, version};
use crate::draft::{At, Draft, Field, Slot};
use crate::fault::{Fault, shown};
use crate::text::position;

/// Reads the document `source` into `draft`.
pub(crate) fn parse<'a>(draft: &mut Draft<'a>, source: &'a str) -> Result<(), Problem> {
    let mut reader = Reader {
        draft,
        section: Section::Document,
        name: Field::default(),
        created: Field::default(),
        versioned: false,
        relationships: 0,
    };
    let mut rest = source;
    while !rest.is_empty() {
        let offset = source.len() - rest.len();
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = line.split_once(':').filter(|(tag, _)| is_tag(tag)) else {
            let at = reader.draft.place("", Some(offset));
            reader.draft.fault(&at, &Fault::Line(shown(line)));
            continue;
        };
        let mut value = value.trim();
        if value.starts_with("<text>") {
            let start = offset_in(source, value) + "<text>".len();
            let Some(length) = memchr::memmem::find(&source.as_bytes()[start..], b"</text>") else {
                let (line, column) = position(source, start - "<text>".len());
                return Err(Problem::error("sbom-syntax", format!("the text of '{}' does not end", shown(tag)))
                    .at(Place::text(reader.draft.run.artefact, line, column))
                    .hint("a text over several lines ends with </text>; the file may be cut off"));
            };
            value = source[start..start + length].trim();
            let end = start + length + "</text>".len();
            rest = source[end..].split_once('\n').map_or("", |(_, after)| after);
        }
        reader.tag(tag.trim(), value, offset)?;
    }
    reader.end_section();
    let Reader { draft, name, created, .. } = reader;
    head(draft, name, created);
    Ok(())
}

fn offset_in(source: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(source.as_ptr() as usize)
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty() && tag.len() <= 64 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

enum Section<'a> {
    Document,
    Package {
        slot: Option<Slot>,
        at: At,
        raw: Box<RawPackage<'a>>,
    },
    /// A file, a snippet, an extracted licence.
    Other,
}

struct Reader<'x, 'a> {
    draft: &'x mut Draft<'a>,
    section: Section<'a>,
    name: Field<'a>,
    created: Field<'a>,
    versioned: bool,
    relationships: u64,
}

impl<'a> Reader<'_, 'a> {
    fn tag(&mut self, tag: &str, value: &'a str, offset: usize) -> Result<(), Problem> {
        match tag {
            "SPDXVersion" if !self.versioned => {
                self.versioned = true;
                let (line, column) = position(self.draft.lines.text(), offset);
                let place = Place::text(self.draft.run.artefact, line, column);
                version(self.draft, value, place)?;
            }
            "DocumentName" => self.name.put(Field::text(value)),
            "Created" => self.created.put(Field::text(value)),
            "Creator" => creator(self.draft, value),
            "PackageName" => {
                self.end_section();
                let at = self.draft.place("", Some(offset));
                let raw = Box::new(RawPackage { name: Field::text(value), ..RawPackage::default() });
                self.section = Section::Package { slot: self.draft.begin(), at, raw };
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" | "Reviewer" => {
                self.end_section();
                self.section = Section::Other;
            }
            "Relationship" => self.relationship(value, offset),
            _ => self.package_tag(tag, value),
        }
        Ok(())
    }

    fn package_tag(&mut self, tag: &str, value: &'a str) {
        let most = self.draft.run.limits.entries;
        let Section::Package { raw, .. } = &mut self.section else { return };
        let text = Field::text(value);
        match tag {
            "SPDXID" => raw.id.put(text),
            "PackageVersion" => raw.version.put(text),
            "PackageSupplier" => raw.supplier.put(text),
            "PackageOriginator" => raw.originator.put(text),
            "PackageLicenseConcluded" => raw.concluded.put(text),
            "PackageLicenseDeclared" => raw.declared.put(text),
            "PackageChecksum" if raw.checksums.len() <= most => {
                let (algorithm, digits) = value.split_once(':').unwrap_or((value, ""));
                raw.checksums.push((Field::text(algorithm), Field::text(digits)));
            }
            "ExternalRef" if raw.references.len() <= most => {
                let mut words = value.split_ascii_whitespace().skip(1);
                let (kind, locator) = (words.next(), words.next());
                let field = |word: Option<&'a str>| word.map(Field::text).unwrap_or_default();
                raw.references.push(RawReference { kind: field(kind), locator: field(locator) });
            }
            _ => {}
        }
    }

    /// `Relationship: SPDXRef-A CONTAINS SPDXRef-B`.
    fn relationship(&mut self, value: &'a str, offset: usize) {
        let mut words = value.split_ascii_whitespace();
        let mut word = || words.next().map(Field::text).unwrap_or_default();
        let (from, kind, to) = (word(), word(), word());
        let at = self.draft.place(&format!("Relationship[{}]", self.relationships), Some(offset));
        self.relationships += 1;
        relationship(self.draft, &at, from, kind, to);
    }

    fn end_section(&mut self) {
        if let Section::Package { slot: Some(slot), at, raw } = std::mem::replace(&mut self.section, Section::Document)
        {
            package(self.draft, slot, at, *raw);
        }
    }
}

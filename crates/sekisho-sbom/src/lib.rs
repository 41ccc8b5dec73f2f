//! Collector: `CycloneDX` and SPDX bills of materials; and what another collector recognised, written as one ([`bill_of_materials`]).
//!
//! | format | versions | encodings | source |
//! | --- | --- | --- | --- |
//! | `CycloneDX` | 1.2 to 1.6; 1.0 and 1.1 as XML; 1.7 with a gap for what is new in it | JSON, XML | ECMA-424 and the schemas of CycloneDX/specification |
//! | SPDX | 2.0 to 2.3 | JSON, tag-value | SPDX Specification 2.3; 2.2 is ISO/IEC 5962:2021 |
//! | SPDX | 3.0 | JSON-LD | SPDX Specification 3.0.1 |
//!
//! The format is told by the content ([`detect()`]). One document gives one `sbom` fact, first, and one `component` fact for each component
//! it lists, in the order of the document, an outer component before those inside it.
//!
//! What counts as a component: in `CycloneDX`, everything in `components`, at any depth, and what lies inside `metadata.component`, which
//! itself is what the document describes; ancestors in a pedigree, tools and services are none. In SPDX, every package, the described
//! one too (with depth 0); files and snippets are none. How the fields and the NTIA minimum elements are decided stands in the
//! module `quality` and at the functions that read them:
//!
//! - *supplier*: `CycloneDX` `supplier.name`, else `manufacturer.name`, else `publisher`; SPDX 2 `supplier`, else `originator`; SPDX 3
//!   `suppliedBy`, else `originatedBy`.
//! - *licences*: `CycloneDX` identifiers, names, expressions as they stand; SPDX declared, then concluded.
//! - *cpe*: the first of version 2.3, else the first of 2.2, turned into the form of 2.3.
//! - *relationships*: distinct dependency and containment relationships whose two ends the document lists or describes. `CycloneDX`:
//!   `dependsOn`. SPDX 2: `DEPENDS_ON`, `CONTAINS`, the links, prerequisites, and their converses. SPDX 3: likewise.
//! - *depth*: of a component, the shortest way from what is described, along the relationships; where these do not lead to it, also into
//!   components from those around them. Of the document, the greatest of these; where the document does not say where its graph
//!   begins, the greatest from those components that nothing depends on.
//!
//! What cannot be understood is reported. A file that is no bill of materials at all, or breaks off, is a [`CollectError::Unusable`] with
//! its place and a hint. What is wrong with one component, or with the head of the document, is a gap in the coverage of
//! [`Aspect::SbomComponents`] or [`Aspect::SbomDocument`], which then is partial; what could be read stands. Input is hostile until proven
//! otherwise: size, depth, numbers and lengths are limited ([`Limits`]), the time is linear in the size (but for one sorting of the
//! relationships), document type definitions are refused, nothing is expanded or fetched.
//!
//! [`Aspect::SbomComponents`]: sekisho_model::coverage::Aspect::SbomComponents
//! [`Aspect::SbomDocument`]: sekisho_model::coverage::Aspect::SbomDocument

mod cyclonedx;
mod detect;
mod draft;
mod fault;
mod graph;
mod json;
mod limits;
mod quality;
mod spdx;
mod text;
mod value;
mod xml;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use sekisho_diag::{Place, Problem};
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sha2::{Digest as _, Sha256};
use time::Date;

pub use cyclonedx::write::{Tool, bill_of_materials};
pub use detect::{Format, detect};
pub use limits::Limits;

use draft::{Done, Draft, Run};

/// Reads bills of materials.
#[derive(Debug, Clone, Copy)]
pub struct SbomCollector {
    today: Date,
    limits: Limits,
}

impl SbomCollector {
    /// A collector for an assessment made on the day `today`, from which the age of documents is counted.
    pub fn new(today: Date) -> Self {
        Self { today, limits: Limits::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the document `bytes`, which facts and messages call `name`, of the component `subject`.
    ///
    /// # Errors
    /// Where it is no document of a known format, or breaks off.
    pub fn read(
        &self,
        bytes: &[u8],
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Problem> {
        if bytes.len() as u64 > self.limits.file {
            return Err(self.too_large(name));
        }
        // The digest takes about as long as the reading: both cores are used.
        let (done, sha256) = std::thread::scope(|scope| {
            let digest = scope.spawn(|| hex(&Sha256::digest(bytes)));
            (self.facts(bytes, name, subject, progress), digest.join().ok())
        });
        let Done { facts, coverage, made } = done?;
        progress(Progress::Bytes(bytes.len() as u64));
        let artefact = Artefact {
            name: name.to_owned(),
            kind: ArtefactKind::Sbom,
            subject: subject.to_owned(),
            size: Some(bytes.len() as u64),
            sha256,
            made,
        };
        Ok(Collection { artefact, facts, coverage })
    }

    fn facts(&self, bytes: &[u8], name: &str, subject: &str, progress: OnProgress<'_>) -> Result<Done, Problem> {
        let decoded = text::decode(bytes, name)?;
        let text = &*decoded.text;
        let format = detect(text, name)?;
        let run =
            Run { artefact: name, subject, today: self.today, limits: self.limits, progress, shift: decoded.shift };
        let (standard, encoding) = match &format {
            Format::CycloneDxJson(_) => ("cyclonedx", "json"),
            Format::Xml => ("cyclonedx", "xml"),
            Format::SpdxJson(_) => ("spdx", "json"),
            Format::SpdxTagValue => ("spdx", "tag-value"),
            Format::Spdx3 => ("spdx", "json-ld"),
        };
        progress(Progress::Step(&format!("{standard} {encoding}")));
        let mut draft = Draft::new(run, text, standard, encoding);
        if let Some(fault) = &decoded.fault {
            draft.encoding_fault(fault);
        }
        match &format {
            Format::CycloneDxJson(version) => cyclonedx::json::parse(&mut draft, text, version)?,
            Format::Xml => cyclonedx::xml::parse(&mut draft, text)?,
            Format::SpdxJson(version) => spdx::json::parse(&mut draft, text, version)?,
            Format::SpdxTagValue => spdx::tag_value::parse(&mut draft, text)?,
            Format::Spdx3 => spdx::v3::parse(&mut draft, text)?,
        }
        Ok(draft.finish())
    }

    fn too_large(&self, name: &str) -> Problem {
        Problem::error("sbom-too-large", format!("larger than {} bytes", self.limits.file))
            .at(Place::file(name))
            .hint("split the document, one for each component of the product")
    }
}

impl Collector for SbomCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Sbom
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size > self.limits.file {
            return Err(self.too_large(name).into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        // A file may grow while it is read, and a pipe has no size: one byte over the limit is enough to know.
        file.take(self.limits.file.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        Ok(self.read(&bytes, name, subject, progress)?)
    }
}

fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

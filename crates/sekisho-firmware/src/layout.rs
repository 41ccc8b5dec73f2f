//! Walks through an image: region by region, container in container, tree by tree.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use sekisho_model::collect::{OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, ReadState, Region};
use sha2::{Digest, Sha256};
use time::Date;

use crate::blob::Blob;
use crate::classify::{self, Looks};
use crate::findings::{ALL_BUT_LAYOUT, CODE, EVERYTHING, Findings, Place};
use crate::formats::{self, Content, Format, Opened};
use crate::inspect::{self, FileInput, Seen, versions};
use crate::limits::Budget;
use crate::reason;
use crate::scan::{Scanner, at_start};
use crate::tree::{Content as FileContent, Cut, Entry, Kind, Tree, View};
use crate::unread;

/// Above this entropy (bits per byte) data are compressed or encrypted.
const RANDOM: f64 = 7.3;
/// A stretch without format that is smaller holds no file system: it leaves a gap in the layout only.
const SMALL: u64 = 4096;
/// A file of a tree without known beginning is searched for regions from this size on.
const SEARCHED_FILE: u64 = 256 << 10;

/// Partitions begin at multiples of this at least.
const BORDER: u64 = 4096;

/// One run over one image.
pub(crate) struct Walk<'a> {
    pub(crate) budget: Arc<Budget>,
    pub(crate) today: Date,
    pub(crate) progress: OnProgress<'a>,
}

/// What a run of bytes is, for what has no format.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The image, or a part of it in the clear: every byte is accounted for.
    Image,
    /// A decompressed stream: a kernel, an archive.
    Stream,
    /// A file of a tree: an ordinary file, unless a container is found in it.
    File,
}

impl Walk<'_> {
    /// The whole artefact.
    pub(crate) fn image(&self, image: &Blob, name: &str) -> Findings {
        let place = Place::artefact();
        let single = if image.array::<4>(0) == Some(*b"\x7fELF") { Some("elf") } else { build_configuration(image) };
        if let Some(format) = single {
            // A single program, or the configuration one was built with, is a tree of one file.
            let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
            let entry = Entry { path: format!("/{file_name}"), kind: Kind::File(image.len()), ..Entry::default() };
            let mut findings = Findings { recognised: 1, ..Findings::default() };
            let region = Region { format: format.into(), length: image.len(), ..Region::default() };
            findings.see(&place, 0, Seen::new(Observed::Region(region)), None);
            findings.merge(self.tree(
                &OneFile { entries: vec![entry], content: image.clone() },
                &place.inside(format, 0, None),
                0,
            ));
            return findings;
        }
        self.data(image, &place, 0, Role::Image)
    }

    /// Looks for regions in `data` and goes into each.
    pub(crate) fn data(&self, data: &Blob, place: &Place, depth: usize, role: Role) -> Findings {
        let mut findings = Findings::default();
        let mut scanner = Scanner::new(data);
        let mut end = 0;
        let mut declared_end = false;
        let mut rest_of_stream: Vec<(u64, u64)> = Vec::new();
        let program = if role == Role::Image { formats::mcu::program(data, &place.within) } else { None };
        'scan: while let Some(candidates) = scanner.next(end) {
            for candidate in candidates {
                if candidate.offset < end {
                    continue;
                }
                if self.budget.out_of_time() {
                    findings.gap(place, end, EVERYTHING, reason::time());
                    break 'scan;
                }
                let rest = data.tail(candidate.offset);
                let format = formats::ALL[candidate.format];
                // Behind a declared end lie left-overs of what was there before; the next partition begins at a border.
                if declared_end
                    && formats::is_stream(format)
                    && candidate.offset != end
                    && !candidate.offset.is_multiple_of(BORDER)
                {
                    continue;
                }
                let Some(opened) = self.open(format, &rest, place, candidate.offset, &mut findings) else { continue };
                if opened.length == 0 || (opened.open_ended && candidate.offset != 0) {
                    continue;
                }
                match role {
                    Role::Image => {
                        self.between(data, place, end..candidate.offset, declared_end, program, &mut findings);
                    }
                    Role::Stream => rest_of_stream.push((end, candidate.offset - end)),
                    Role::File => {}
                }
                end = candidate.offset.saturating_add(opened.length);
                declared_end = formats::declares_length(format);
                let region = self.region(format, opened, place, candidate.offset, depth);
                if place.clear {
                    (self.progress)(Progress::Facts(&region.facts));
                }
                findings.merge(region);
                if depth == 0 && place.clear {
                    (self.progress)(Progress::Bytes(end));
                }
            }
            if depth == 0 && place.clear {
                (self.progress)(Progress::Bytes(scanner.position().min(data.len())));
            }
        }
        match role {
            Role::Image => self.between(data, place, end..data.len(), declared_end, program, &mut findings),
            Role::Stream => {
                rest_of_stream.push((end, data.len() - end));
                self.rest_of_stream(data, place, &rest_of_stream, &mut findings);
            }
            Role::File => {}
        }
        findings
    }

    /// Accounts for what a decompressed stream has around the regions in it: a kernel has an archive and device trees inside.
    fn rest_of_stream(&self, data: &Blob, place: &Place, stretches: &[(u64, u64)], findings: &mut Findings) {
        // A text that was compressed, such as a kernel's configuration, is a file that has no name of its own.
        let is_text = |bytes: &[u8]| bytes.len() as u64 == data.len() && inspect::text_of(bytes).is_some();
        if findings.recognised == 0 && data.window(0, inspect::MAX_TEXT + 1).is_ok_and(|bytes| is_text(&bytes)) {
            let path =
                place.within.last().and_then(|container| container.split_once("@/")).map_or("/text", |(_, path)| path);
            let name = format!("/{}", path.trim_start_matches('/').trim_end_matches(".gz"));
            let entry = Entry { path: name, kind: Kind::File(data.len()), ..Entry::default() };
            let text = OneFile { entries: vec![entry], content: data.clone() };
            if let Some(entry) = text.entries().first() {
                let mut found = self.file(&text, entry, data.len(), place, self.budget.limits.depth);
                // What stands in the stream itself has no path in it.
                for fact in &mut found.facts {
                    fact.source.path.clone_from(&place.path);
                }
                findings.merge(found);
            }
            let region = Region {
                format: "text".into(),
                length: data.len(),
                read: ReadState::Whole,
                detail: Some("plain text".into()),
                ..Region::default()
            };
            findings.recognised += 1;
            findings.see(place, 0, Seen::new(Observed::Region(region)), None);
            return;
        }
        let mut found = Vec::new();
        for &(at, length) in stretches.iter().filter(|(_, length)| *length > 0) {
            found.extend(self.strings(data, place, at, length, findings));
        }
        let unclaimed: u64 = stretches.iter().map(|(_, length)| length).sum();
        let known = versions::code_kind(&found).is_some();
        if !known && (unclaimed == 0 || (findings.recognised > 0 && Self::is_padding(data, stretches))) {
            return;
        }
        if !known {
            Self::random(data, place, stretches, findings);
        }
        Self::code(found, None, place, 0, data.len(), findings);
    }

    /// Says of stretches of a stream that are compressed or encrypted what they likely are.
    fn random(data: &Blob, place: &Place, stretches: &[(u64, u64)], findings: &mut Findings) {
        for stretch in stretches.iter().flat_map(|&(at, length)| classify::stretches(data, at, length)) {
            if let Looks::Data(entropy) = stretch.looks
                && entropy > RANDOM
                && stretch.length >= SMALL
            {
                let likely = unread::look(&data.slice(stretch.offset, stretch.length));
                findings.gap(place, stretch.offset, EVERYTHING, likely.reason(stretch.length, entropy));
            }
        }
    }

    fn is_padding(data: &Blob, stretches: &[(u64, u64)]) -> bool {
        let unclaimed: u64 = stretches
            .iter()
            .flat_map(|&(at, length)| classify::stretches(data, at, length))
            .filter(|s| matches!(s.looks, Looks::Data(_)))
            .map(|s| s.length)
            .sum();
        unclaimed < SMALL
    }

    /// Tries a format, and survives its reader's failing on what it did not expect.
    pub(crate) fn open(
        &self,
        format: &dyn Format,
        rest: &Blob,
        place: &Place,
        at: u64,
        findings: &mut Findings,
    ) -> Option<Opened> {
        catch_unwind(AssertUnwindSafe(|| format.open(rest, &self.budget))).unwrap_or_else(|_| {
            findings.gap(place, at, EVERYTHING, reason::failed(format.name()));
            None
        })
    }

    /// Reports a region and goes into it.
    pub(crate) fn region(&self, format: &dyn Format, opened: Opened, place: &Place, at: u64, depth: usize) -> Findings {
        let name = formats::region_name(format, &opened);
        (self.progress)(Progress::Step(&format!("{name} at {:#x}", place.offset(at))));
        let mut findings = Findings { recognised: 1, made: opened.made, ..Findings::default() };
        for gap in opened.gaps {
            let aspects = if opened.read == ReadState::Unread { ALL_BUT_LAYOUT } else { EVERYTHING };
            findings.gap(place, at, aspects, gap);
        }
        for observed in opened.observed {
            let excerpt = opened.detail.clone();
            findings.see(place, at, Seen { observed, at: None, line: None, excerpt }, None);
        }
        let files = match &opened.content {
            Content::Tree(tree) => {
                Some(tree.entries().iter().filter(|e| matches!(e.kind, Kind::File(_))).count() as u64)
            }
            _ => None,
        };
        let region = Region {
            format: name.clone(),
            length: opened.length,
            read: opened.read,
            detail: opened.detail,
            files,
            signed: opened.signed,
            checksum_valid: opened.checksum_valid,
        };
        findings.see(place, at, Seen::new(Observed::Region(region)), None);
        let inner = match opened.content {
            Content::Nothing => return findings,
            _ if depth + 1 >= self.budget.limits.depth => {
                findings.gap(place, at, EVERYTHING, reason::depth());
                return findings;
            }
            Content::Payload(offset, blob) => {
                self.data(&blob, &place.inside(&name, at, Some(offset)), depth + 1, Role::Image)
            }
            Content::Decoded(blob) => self.data(&blob, &place.inside(&name, at, None), depth + 1, Role::Image),
            Content::Stream(blob) => self.data(&blob, &place.inside(&name, at, None), depth + 1, Role::Stream),
            Content::Tree(tree) => {
                let place = Place { bundle: opened.bundle, ..place.inside(&name, at, None) };
                self.tree(&*tree, &place, depth + 1)
            }
            Content::Parts(parts) => self.parts(parts, &name, place, at, depth + 1),
        };
        let made = findings.made;
        findings.merge(inner);
        findings.made = made.or(findings.made);
        findings
    }

    /// Accounts for what lies between two regions. Where the data are a microcontroller's program, so is what has no format in them.
    fn between(
        &self,
        data: &Blob,
        place: &Place,
        gap: Range<u64>,
        after_declared: bool,
        program: Option<&'static str>,
        findings: &mut Findings,
    ) {
        let Range { start: from, end: to } = gap;
        if from >= to {
            return;
        }
        for stretch in classify::stretches(data, from, to - from) {
            let region = |format: &str, read, detail: String| Region {
                format: format.into(),
                length: stretch.length,
                read,
                detail: Some(detail),
                ..Region::default()
            };
            match stretch.looks {
                Looks::Padding(byte) => {
                    let region = region("padding", ReadState::Whole, format!("{byte:#04x}"));
                    findings.see(place, stretch.offset, Seen::new(Observed::Region(region)), None);
                }
                // A checksum or the like at the end of a container.
                Looks::Data(_) if stretch.length < 64 && from == stretch.offset && from > 0 => {
                    let region = region("unknown", ReadState::Unread, "a few bytes".into());
                    findings.see(place, stretch.offset, Seen::new(Observed::Region(region)), None);
                }
                Looks::Data(entropy) if after_declared => {
                    let detail = format!("behind the declared end of the region before it; {entropy:.1} bits per byte");
                    findings.see(
                        place,
                        stretch.offset,
                        Seen::new(Observed::Region(region("remainder", ReadState::Unread, detail))),
                        None,
                    );
                    let aspects = if stretch.length < SMALL { &[Aspect::FirmwareLayout] } else { EVERYTHING };
                    findings.gap(place, stretch.offset, aspects, reason::remainder());
                }
                Looks::Data(entropy) if entropy > RANDOM => {
                    let likely = unread::look(&data.slice(stretch.offset, stretch.length));
                    let detail = format!("{entropy:.1} bits per byte: {}", likely.detail());
                    let aspects = if stretch.length < SMALL { &[Aspect::FirmwareLayout] } else { EVERYTHING };
                    findings.gap(place, stretch.offset, aspects, likely.reason(stretch.length, entropy));
                    findings.see(
                        place,
                        stretch.offset,
                        Seen::new(Observed::Region(region("unknown", ReadState::Unread, detail))),
                        None,
                    );
                }
                Looks::Data(_) if is_plain_text(&data.slice(stretch.offset, stretch.length)) => {
                    for (offset, seen) in self.strings(data, place, stretch.offset, stretch.length, findings) {
                        findings.see(place, offset, seen, None);
                    }
                    let region = region("text", ReadState::Whole, "plain text".into());
                    findings.see(place, stretch.offset, Seen::new(Observed::Region(region)), None);
                }
                Looks::Data(entropy) => {
                    if let Some(likely) = unread::xor_key(&data.slice(stretch.offset, stretch.length)) {
                        findings.gap(place, stretch.offset, EVERYTHING, likely.reason(stretch.length, entropy));
                        let detail = format!("{entropy:.1} bits per byte: {}", likely.detail());
                        let region = region("unknown", ReadState::Unread, detail);
                        findings.see(place, stretch.offset, Seen::new(Observed::Region(region)), None);
                        continue;
                    }
                    let found = self.strings(data, place, stretch.offset, stretch.length, findings);
                    Self::code(found, program, place, stretch.offset, stretch.length, findings);
                }
            }
        }
    }

    /// What the strings of `data[at..at + length]` show, each with its offset in `data`.
    fn strings(&self, data: &Blob, place: &Place, at: u64, length: u64, findings: &mut Findings) -> Vec<(u64, Seen)> {
        let found = inspect::raw::inspect(&data.slice(at, length), &self.budget, self.today);
        if found.cut {
            findings.gap(place, at, ALL_BUT_LAYOUT, reason::facts_limit());
        }
        found.seen.into_iter().map(|(offset, seen)| (at + offset, seen)).collect()
    }

    /// Reports program code without a file system (a boot loader, a kernel, a microcontroller's program) by what its strings showed.
    fn code(
        found: Vec<(u64, Seen)>,
        program: Option<&'static str>,
        place: &Place,
        at: u64,
        length: u64,
        findings: &mut Findings,
    ) {
        // What an image header declares to be a program is one, whatever its strings say.
        let declared = (place.program || place.within.iter().any(|container| container.starts_with("uimage@")))
            .then_some("program");
        let kind = versions::code_kind(&found).or(program).or(declared);
        findings.strings = true;
        for (offset, seen) in found {
            findings.see(place, offset, seen, None);
        }
        let (format, detail, gap) = match kind {
            Some(kind) if program.is_some() => {
                findings.programs += 1;
                (kind, "its strings were looked through".to_owned(), Some((CODE, reason::program_strings_only())))
            }
            // A kernel is what it is: its code holds no accounts or services.
            Some("linux-kernel") => ("linux-kernel", "its banner was read".to_owned(), None),
            Some(kind) => (kind, "its strings were looked through".to_owned(), Some((CODE, reason::strings_only()))),
            None if length < SMALL => (
                "unknown",
                "a few bytes".to_owned(),
                Some((&[Aspect::FirmwareLayout] as &'static [Aspect], reason::a_few_bytes())),
            ),
            None => {
                ("unknown", "its strings were looked through".to_owned(), Some((EVERYTHING, reason::unknown(length))))
            }
        };
        if let Some((aspects, reason)) = gap {
            findings.gap(place, at, aspects, reason);
        }
        if kind.is_some() {
            findings.recognised += 1;
        }
        let read = if kind == Some("linux-kernel") {
            ReadState::Whole
        } else if kind.is_some() {
            ReadState::Partial
        } else {
            ReadState::Unread
        };
        let region = Region { format: format.into(), length, read, detail: Some(detail), ..Region::default() };
        findings.see(place, at, Seen::new(Observed::Region(region)), None);
    }

    /// Looks at all files of a tree, in parallel, and then at each system in it as a whole.
    fn tree(&self, tree: &dyn Tree, place: &Place, depth: usize) -> Findings {
        let mut findings = Findings { trees: 1, ..Findings::default() };
        let roots = inspect::roots(tree);
        // Collected in the tree's order, whatever thread is first.
        let of_files: Vec<Findings> = tree
            .entries()
            .par_iter()
            .map(|entry| match entry.kind {
                Kind::File(size) => self.file(tree, entry, size, place, depth),
                Kind::Directory => {
                    let mut of_directory = Findings::default();
                    for seen in inspect::modes::inspect(entry, &[]) {
                        of_directory.see(&place.file(&entry.path), 0, seen, None);
                    }
                    of_directory
                }
                Kind::Link(_) | Kind::Special => Findings::default(),
            })
            .collect();
        for of_file in of_files {
            findings.merge(of_file);
        }
        findings.count_trust_stores();
        inspect::inventory::one_of_each(&mut findings.facts);
        for root in roots {
            findings.roots += 1;
            let view = View::new(tree, root, self.budget.limits.file);
            inspect::inventory::mark_packaged(&view, &mut findings.facts, &place.within);
            for inspector in inspect::SYSTEM {
                match catch_unwind(AssertUnwindSafe(|| inspector(&view))) {
                    Ok(found) => {
                        for (path, seen) in found {
                            if let Some(reason) = inspect::packages::gap(&seen.observed) {
                                findings.gap(&place.file(&path), 0, &[Aspect::FirmwarePackages], reason);
                            }
                            let sha256 = view.entry(&path).and_then(|e| view.bytes_of(e)).map(|b| digest(&b));
                            findings.see(&place.file(&path), 0, seen, sha256.as_deref());
                        }
                    }
                    Err(_) => findings.gap(place, 0, ALL_BUT_LAYOUT, reason::failed("system")),
                }
            }
            let facts = &mut findings.facts;
            match catch_unwind(AssertUnwindSafe(|| inspect::relate::system(&view, &place.within, facts))) {
                Ok(related) => {
                    if !related.whole {
                        let aspects = &[Aspect::FirmwareKeys, Aspect::FirmwareCertificates];
                        findings.gap(place, 0, aspects, reason::settings_limit());
                    }
                    for (path, seen) in related.seen {
                        findings.see(&place.file(&path), 0, seen, None);
                    }
                }
                Err(_) => findings.gap(place, 0, ALL_BUT_LAYOUT, reason::failed("system")),
            }
            for (path, aspects, reason) in view.gaps.take() {
                findings.gap(&place.file(&path), 0, aspects, reason);
            }
        }
        findings
    }

    /// Looks at one file: as a container, where it is one, and as itself.
    fn file(&self, tree: &dyn Tree, entry: &Entry, size: u64, place: &Place, depth: usize) -> Findings {
        let mut findings = Findings::default();
        let place = place.file(&entry.path);
        if self.budget.out_of_time() {
            findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::time());
            return findings;
        }
        let limit = self.budget.limits.file;
        let FileContent { bytes: blob, cut } = tree.content(entry, limit);
        match cut {
            None => {}
            Some(Cut::Limit) => findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::file_limit()),
            Some(Cut::Damaged(why)) => findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::damaged(&entry.path, &why)),
            Some(Cut::Unread(why)) => findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::unread(&entry.path, &why)),
        }
        if size > limit && blob.len() > limit {
            findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::file_limit());
        }
        let Ok(bytes) = blob.window(0, limit as usize) else { return findings };
        let file = FileInput { entry, bytes: &bytes, text: inspect::text_of(&bytes), today: self.today };
        match catch_unwind(AssertUnwindSafe(|| inspect::file(&file))) {
            Ok(mut seen) => {
                if seen.len() > self.budget.limits.facts_per_file {
                    seen.truncate(self.budget.limits.facts_per_file);
                    findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::facts_limit());
                }
                if !seen.is_empty() {
                    let sha256 = digest(&bytes);
                    for seen in seen {
                        findings.see(&place, 0, seen, Some(&sha256));
                    }
                }
            }
            Err(_) => findings.gap(&place, 0, ALL_BUT_LAYOUT, reason::failed(&entry.path)),
        }
        // An image written out in hexadecimal is a container all the same.
        let container = file.text.is_none() || formats::mcu::is_hex_text(&bytes);
        if container && !bytes.starts_with(b"\x7fELF") {
            findings.merge(self.nested(&blob, &place, depth));
        }
        findings
    }

    /// Goes into a file that is a container.
    fn nested(&self, blob: &Blob, place: &Place, depth: usize) -> Findings {
        let mut findings = Findings::default();
        for format in at_start(blob) {
            if matches!(format.name(), "listed" | "device-tree") && blob.len() < SEARCHED_FILE {
                continue;
            }
            if let Some(opened) = self.open(format, blob, place, 0, &mut findings) {
                let end = opened.length;
                findings.merge(self.region(format, opened, place, 0, depth));
                self.following(blob, end, place, depth, &mut findings);
                return findings;
            }
        }
        if formats::mcu::is_cortex_m(blob) {
            // Nothing but a program: every byte is accounted for.
            let mut program = self.data(blob, place, depth, Role::Image);
            program.of_program_files.append(&mut program.gaps);
            findings.merge(program);
        } else if blob.len() >= SEARCHED_FILE {
            // Large files of an update bundle are images, of which everything counts.
            findings.merge(self.data(blob, place, depth, if place.bundle { Role::Stream } else { Role::File }));
        }
        findings
    }
}

/// A tree of the one file that the artefact is.
struct OneFile {
    entries: Vec<Entry>,
    content: Blob,
}

impl Tree for OneFile {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, _entry: &Entry, _limit: u64) -> FileContent {
        FileContent::whole(self.content.clone())
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What an artefact is that is nothing but the configuration which software was built with.
fn build_configuration(image: &Blob) -> Option<&'static str> {
    let start = image.window(0, 1024).ok()?;
    let text = inspect::text_of(&start)?;
    inspect::build_options::software(&text).map(|_| "build-configuration")
}

/// Largest text between regions that is taken for one: a note, a manifest, a certificate.
const MAX_TEXT: u64 = 1 << 20;

/// Whether a stretch is text and, behind it, fill.
fn is_plain_text(data: &Blob) -> bool {
    if data.len() > MAX_TEXT {
        return false;
    }
    let Ok(bytes) = data.window(0, MAX_TEXT as usize) else { return false };
    let end = bytes.iter().rposition(|b| !matches!(b, 0x00 | 0xff)).map_or(0, |i| i + 1);
    let is_text = |bytes: &[u8]| classify::is_text(bytes);
    // The variables of a boot loader's environment without a checksum: `name=value`, each with a zero behind it.
    let is_variable = |piece: &[u8]| piece.contains(&b'=') && is_text(piece);
    end > 16 && (is_text(&bytes[..end]) || bytes[..end].split(|&b| b == 0).all(is_variable))
}

//! Versions that programs carry in their own strings.
//!
//! Only program files are looked at: a text that mentions a version is no component. A rule of `components/` names literals; where a file
//! has one, the printable string around it must match the rule's pattern, or the version must be the string beside it, or the only
//! string of the file that fits. Searching for the literals and concluding from what was found are apart ([`literals`], [`identify`]), so
//! that one pass over a file can serve other inspectors too.

mod cpe;
mod package_note;
pub(crate) mod rule;
mod rules;
mod strings;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use goblin::elf::Elf;
use regex::Regex;
use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{FileInput, Seen};
use rule::{Place, Rule};
use rules::{Entry, RULES, Rules};

/// The kernel's name, as the NVD has it.
const KERNEL: &str = "linux_kernel";
/// Hits of one literal in one file that are looked at.
const MAX_HITS: usize = 1000;

/// A literal found in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its index in [`literals`].
    pub(crate) literal: usize,
    /// Where it begins.
    pub(crate) at: usize,
}

/// What the rules search for in programs. Literals may overlap; every occurrence counts.
pub(crate) fn literals() -> &'static [String] {
    RULES.literals()
}

/// The components that an ELF file's strings name, from the hits of the rules' literals in it.
pub(crate) fn identify(file: &FileInput<'_>, elf: Option<&Elf<'_>>, hits: impl Iterator<Item = Hit>) -> Vec<Seen> {
    conclude(&RULES, file, elf, hits)
}

fn conclude(rules: &Rules, file: &FileInput<'_>, elf: Option<&Elf<'_>>, hits: impl Iterator<Item = Hit>) -> Vec<Seen> {
    let mut search = Search::new(rules, file.bytes);
    search.run(hits, |entry| {
        entry.sign.is_in(file.name())
            // A program that is linked against a shared library repeats what it was built with; what lies in the image is the library.
            && entry.sign.library.as_deref().is_none_or(|library| {
                file.name().starts_with(library) || !is_linked(file.bytes, elf, library)
            })
    });
    search.name(file.name());
    let mut seen: Vec<Seen> = search.seen().into_iter().map(|(_, seen)| seen).collect();
    seen.extend(package_note::inspect(file.bytes));
    seen
}

/// Whether a program is linked against a shared library whose file's name begins like this.
fn is_linked(bytes: &[u8], elf: Option<&Elf<'_>>, library: &str) -> bool {
    match elf {
        Some(elf) => elf.libraries.iter().any(|l| l.starts_with(library)),
        // Of a file that is not whole the strings are what is left.
        None => memchr::memmem::find(bytes, format!("{}.so", library.trim_end_matches('.')).as_bytes()).is_some(),
    }
}

/// Banners of boot loaders, kernels and firmware frameworks in program code without a file system, with their offsets.
pub(crate) fn banners(bytes: &[u8]) -> Vec<(usize, Seen)> {
    banners_of(bytes, super::literals::find(bytes).components.into_iter())
}

/// The same, from the hits of the rules' literals in these bytes.
pub(crate) fn banners_of(bytes: &[u8], hits: impl Iterator<Item = Hit>) -> Vec<(usize, Seen)> {
    let mut search = Search::new(&RULES, bytes);
    search.run(hits.filter(|hit| RULES.is_raw(hit.literal)), |entry| entry.sign.raw);
    search.seen()
}

/// What kind of code these findings show: `linux-kernel`, `u-boot`.
pub(crate) fn code_kind(found: &[(u64, Seen)]) -> Option<&'static str> {
    const KINDS: [(&str, &str); 9] = [
        (KERNEL, "linux-kernel"),
        ("u-boot", "u-boot"),
        ("barebox", "barebox"),
        ("esp-idf", "esp-idf"),
        ("zephyr", "zephyr"),
        ("nuttx", "nuttx"),
        ("threadx", "threadx"),
        ("mbed-os", "mbed-os"),
        ("freertos", "freertos"),
    ];
    let named = |wanted: &str| {
        found.iter().any(|(_, seen)| matches!(&seen.observed, Observed::Component(c) if c.name == wanted))
    };
    KINDS.into_iter().find_map(|(name, kind)| named(name).then_some(kind))
}

/// The kernel that an image's name field tells of, such as `MIPS OpenWrt Linux-4.14.221`.
pub(crate) fn kernel_from_image_name(name: &str) -> Option<Component> {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bLinux[- ](\d+\.\d+(?:\.\d+)?)").ok());
    let version = PATTERN.as_ref()?.captures(name)?.get(1)?.as_str();
    Some(kernel(version))
}

/// A component that the header of an image names with its version. What is no release (`4.4-dev-23-gc0ffee`) has no CPE name.
pub(crate) fn from_header(name: &str, cpe: &str, version: &str) -> Component {
    let release = version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: purl::build("generic", None, name, Some(version)),
        cpe: (release && !cpe.is_empty()).then(|| cpe::name(cpe, version)),
        found_by: FoundBy::ImageHeader,
        ..Component::default()
    }
}

/// The kernel in `version`.
pub(crate) fn kernel(version: &str) -> Component {
    Component {
        name: KERNEL.to_owned(),
        version: Some(version.to_owned()),
        purl: purl::build("generic", None, KERNEL, Some(version)),
        cpe: Some(cpe::name("o:linux:linux_kernel", version)),
        found_by: FoundBy::KernelBanner,
        licences: vec!["GPL-2.0-only".to_owned()],
        ..Component::default()
    }
}

/// How much a version that stands in such a place is worth against others of the same component in the same file.
fn rank(place: Place<'_>) -> u8 {
    match place {
        Place::String(_) => 0,
        Place::Beside(_) => 1,
        Place::Alone(_) => 2,
        Place::FileName(_) => 3,
    }
}

/// A version of a component in a file.
struct Found<'a> {
    rule: &'a Rule,
    rank: u8,
    version: String,
    at: Option<usize>,
    excerpt: String,
}

/// The search in one file.
struct Search<'a> {
    rules: &'a Rules,
    bytes: &'a [u8],
    found: Vec<Found<'a>>,
}

impl<'a> Search<'a> {
    fn new(rules: &'a Rules, bytes: &'a [u8]) -> Self {
        Self { rules, bytes, found: Vec::new() }
    }

    fn run(&mut self, hits: impl Iterator<Item = Hit>, applies: impl Fn(&Entry<'_>) -> bool) {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        // Whether a sign is to be looked at in this file: asked once.
        let mut asked: BTreeMap<usize, bool> = BTreeMap::new();
        let mut alone: BTreeSet<usize> = BTreeSet::new();
        for hit in hits {
            let count = counts.entry(hit.literal).or_default();
            *count += 1;
            if *count > MAX_HITS {
                continue;
            }
            for (index, entry) in self.rules.with_literal(hit.literal) {
                let wanted = *asked.entry(index).or_insert_with(|| applies(&entry) && self.has_context(&entry));
                if !wanted {
                    continue;
                }
                let end = hit.at.saturating_add(entry.sign.literal.as_ref().map_or(0, String::len));
                let string = strings::around(self.bytes, hit.at..end);
                match entry.place {
                    Place::String(_) => self.take(&entry, &string),
                    Place::Beside(_) => self.beside(&entry, &string),
                    // Looks at the whole file, so once is enough.
                    Place::Alone(_) if alone.insert(index) => self.alone(&entry),
                    Place::Alone(_) | Place::FileName(_) => {}
                }
            }
        }
    }

    /// Whether the file has the further texts that a sign asks for, and none of those that speak against it.
    fn has_context(&self, entry: &Entry<'_>) -> bool {
        let has = |text: &String| memchr::memmem::find(self.bytes, text.as_bytes()).is_some();
        entry.sign.with.iter().all(has) && !entry.sign.without.iter().any(has)
    }

    /// The version in `string`, if it fits.
    fn take(&mut self, entry: &Entry<'a>, string: &Range<usize>) {
        if let Some(version) = version(entry, strings::slice(self.bytes, string)) {
            self.add(entry, version, string);
        }
    }

    /// The version in the string just before or just after `string`; none where both could be one and differ.
    fn beside(&mut self, entry: &Entry<'a>, string: &Range<usize>) {
        let fits = strings::neighbours(self.bytes, string).map(|neighbour| {
            let neighbour = neighbour?;
            Some((version(entry, strings::slice(self.bytes, &neighbour))?, neighbour))
        });
        match fits {
            [Some((a, _)), Some((b, _))] if a != b => {}
            [Some((version, at)), _] | [None, Some((version, at))] => self.add(entry, version, &at),
            [None, None] => {}
        }
    }

    /// The version in the only string that fits; none where several different ones do.
    fn alone(&mut self, entry: &Entry<'a>) {
        let mut only: Option<(String, Range<usize>)> = None;
        for string in strings::terminated(self.bytes) {
            let Some(version) = version(entry, strings::slice(self.bytes, &string)) else { continue };
            if only.as_ref().is_some_and(|(other, _)| *other != version) {
                return;
            }
            only.get_or_insert((version, string));
        }
        if let Some((version, string)) = only {
            self.add(entry, version, &string);
        }
    }

    /// What the file's name tells.
    fn name(&mut self, name: &str) {
        for (_, entry) in self.rules.by_name() {
            if let Some(version) = version(&entry, name.as_bytes())
                && self.has_context(&entry)
            {
                let excerpt = name.to_owned();
                self.found.push(Found { rule: entry.rule, rank: rank(entry.place), version, at: None, excerpt });
            }
        }
    }

    fn add(&mut self, entry: &Entry<'a>, version: String, string: &Range<usize>) {
        let rank = rank(entry.place);
        let same =
            |found: &Found<'_>| found.rank == rank && found.version == version && found.rule.name == entry.rule.name;
        if !self.found.iter().any(same) {
            let excerpt = strings::text(self.bytes, string).into_owned();
            self.found.push(Found { rule: entry.rule, rank, version, at: Some(string.start), excerpt });
        }
    }

    /// What remains: of each component what the strongest signs tell. A program can have two copies of a library in it and then tells two
    /// versions of itself; signs that only conclude and do not agree tell nothing.
    fn seen(self) -> Vec<(usize, Seen)> {
        let mut best: BTreeMap<&str, (u8, BTreeSet<&str>)> = BTreeMap::new();
        for found in &self.found {
            let known = best.entry(&found.rule.name).or_insert_with(|| (found.rank, BTreeSet::new()));
            if found.rank < known.0 {
                *known = (found.rank, BTreeSet::new());
            }
            if found.rank == known.0 {
                known.1.insert(&found.version);
            }
        }
        let kept = self.found.iter().filter(|found| {
            best.get(found.rule.name.as_str())
                .is_some_and(|(rank, versions)| found.rank == *rank && (*rank == 0 || versions.len() == 1))
        });
        kept.map(|found| {
            let mut seen = Seen::in_string(Observed::Component(component(found)), &found.excerpt);
            seen.at = found.at.map(|at| at as u64);
            (found.at.unwrap_or_default(), seen)
        })
        .collect()
    }
}

/// The version that a sign sees in `text`.
fn version(entry: &Entry<'_>, text: &[u8]) -> Option<String> {
    let groups = entry.pattern.captures(text)?;
    let told = match &entry.sign.version {
        None => groups.get(1)?.as_bytes().to_vec(),
        Some(template) => {
            let mut out = Vec::new();
            groups.expand(template.as_bytes(), &mut out);
            out
        }
    };
    let told = String::from_utf8(told).ok().filter(|told| !told.is_empty())?;
    if entry.sign.versions.is_empty() { Some(told) } else { entry.sign.versions.get(&told).cloned() }
}

fn component(found: &Found<'_>) -> Component {
    let Found { rule, version, rank, .. } = found;
    let purl = match rule.github.as_deref().and_then(|repository| repository.split_once('/')) {
        Some((owner, name)) => purl::build("github", Some(owner), name, Some(version)),
        None => purl::build("generic", None, &rule.name, Some(version)),
    };
    Component {
        name: rule.name.clone(),
        version: Some(version.clone()),
        purl,
        cpe: rule.cpe.as_deref().map(|product| cpe::name(product, version)),
        found_by: match (rule.name.as_str(), *rank) {
            (KERNEL, _) => FoundBy::KernelBanner,
            (_, 3) => FoundBy::FileName,
            _ => FoundBy::VersionString,
        },
        supplier: rule.supplier.clone(),
        licences: rule.licence.iter().cloned().collect(),
        ..Component::default()
    }
}

#[cfg(test)]
mod tests;

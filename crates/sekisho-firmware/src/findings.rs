//! What was found so far, where one is, and turning both into facts and coverage.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Text;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed, Region, Source};

use crate::inspect::Seen;

/// A set of [`Aspect`]s.
pub(crate) type Aspects = &'static [Aspect];

/// Everything but the layout: what unread data could have held.
pub(crate) const ALL_BUT_LAYOUT: Aspects = &[
    Aspect::FirmwarePackages,
    Aspect::FirmwareComponents,
    Aspect::FirmwareAccounts,
    Aspect::FirmwareKeys,
    Aspect::FirmwareCertificates,
    Aspect::FirmwareServices,
    Aspect::FirmwareSettings,
    Aspect::FirmwareBinaries,
    Aspect::FirmwareCredentials,
    Aspect::FirmwareEndpoints,
    Aspect::FirmwareModes,
    Aspect::FirmwareUpdates,
    Aspect::FirmwareDebug,
    Aspect::FirmwareBuild,
];

/// Everything.
pub(crate) const EVERYTHING: Aspects = &Aspect::FIRMWARE;

/// What raw program code could have held besides what its strings say.
pub(crate) const CODE: Aspects =
    &[Aspect::FirmwareComponents, Aspect::FirmwareKeys, Aspect::FirmwareCertificates, Aspect::FirmwareCredentials];

/// What only a whole system has: nothing can be said of these without a root file system.
const OF_A_SYSTEM: [Aspect; 4] =
    [Aspect::FirmwarePackages, Aspect::FirmwareAccounts, Aspect::FirmwareServices, Aspect::FirmwareSettings];

/// What a whole system has, and what bundles and boot loaders also show without one.
const SHOWN_OUTSIDE_TOO: [Aspect; 2] = [Aspect::FirmwareUpdates, Aspect::FirmwareDebug];

/// Where one is in the nest of containers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// The containers around, outermost first.
    pub(crate) within: Vec<String>,
    /// Offset in the artefact of the beginning of the data at hand; of the outermost container where they do not lie in the clear.
    pub(crate) base: u64,
    /// Whether the data at hand lie in the artefact in the clear, so that offsets add up.
    pub(crate) clear: bool,
    /// The file whose content the data at hand are, where they are one.
    pub(crate) path: Option<String>,
    /// Whether a container around says that the data at hand are a program.
    pub(crate) program: bool,
    /// Whether the files at hand are images for installation.
    pub(crate) bundle: bool,
}

impl Place {
    /// The artefact itself.
    pub(crate) fn artefact() -> Self {
        Self { clear: true, ..Self::default() }
    }

    /// The offset in the artefact of byte `at` of the data at hand.
    pub(crate) fn offset(&self, at: u64) -> u64 {
        if self.clear { self.base + at } else { self.base }
    }

    /// Inside the container `format` that begins at byte `at`; its content lies in the clear at `payload` of it, or does not.
    /// In the clear the name carries the offset in the artefact, in decompressed data the one in these, in a file that file's path.
    pub(crate) fn inside(&self, format: &str, at: u64, payload: Option<u64>) -> Self {
        let mut within = self.within.clone();
        within.push(match &self.path {
            Some(path) if at == 0 => format!("{format}@{path}"),
            Some(path) => format!("{format}@{path}+{at}"),
            _ if self.clear => format!("{format}@{}", self.base + at),
            _ => format!("{format}@{at}"),
        });
        Self {
            within,
            base: self.offset(at) + if self.clear { payload.unwrap_or(0) } else { 0 },
            clear: self.clear && payload.is_some(),
            path: None,
            program: self.program,
            bundle: false,
        }
    }

    /// The file `path` of the tree at hand.
    pub(crate) fn file(&self, path: &str) -> Self {
        Self {
            within: self.within.clone(),
            base: self.base,
            path: Some(path.to_owned()),
            bundle: self.bundle,
            ..Self::default()
        }
    }

    fn source(&self, at: u64) -> Source {
        Source {
            path: self.path.clone(),
            offset: Some(self.offset(at)),
            within: self.within.clone(),
            ..Source::default()
        }
    }
}

/// Facts and gaps, gathered.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) facts: Vec<Fact>,
    pub(crate) gaps: Vec<(Aspects, Gap)>,
    /// Trees that could be read.
    pub(crate) trees: u64,
    /// Root file systems among them.
    pub(crate) roots: u64,
    /// Microcontrollers' programs whose strings were looked through.
    pub(crate) programs: u64,
    /// Gaps of such programs that are files of a tree. They count where the tree is a package around a program; in a system such a file is
    /// one binary among others, as a radio's firmware is.
    pub(crate) of_program_files: Vec<(Aspects, Gap)>,
    /// Regions that were recognised.
    pub(crate) recognised: u64,
    /// Whether any strings of program code were looked through.
    pub(crate) strings: bool,
    /// When the image says it was made, in seconds of the epoch; of the outermost region that says so.
    pub(crate) made: Option<u64>,
}

impl Findings {
    /// Adds what was seen at byte `at` of `place`.
    pub(crate) fn see(&mut self, place: &Place, at: u64, seen: Seen, sha256: Option<&str>) {
        let mut source = place.source(at);
        source.line = seen.line;
        source.at = seen.at.filter(|_| place.path.is_some());
        source.excerpt = seen.excerpt;
        source.sha256 = sha256.map(str::to_owned);
        self.facts.push(Fact { observed: seen.observed, subject: String::new(), source });
    }

    /// Adds something that could not be looked at.
    pub(crate) fn gap(&mut self, place: &Place, at: u64, aspects: Aspects, reason: Text) {
        self.gaps.push((aspects, Gap { path: place.path.clone(), offset: Some(place.offset(at)), reason }));
    }

    /// Adds all that `other` found.
    pub(crate) fn merge(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.gaps.extend(other.gaps);
        self.trees += other.trees;
        self.roots += other.roots;
        self.programs += other.programs;
        self.of_program_files.extend(other.of_program_files);
        self.recognised += other.recognised;
        self.strings |= other.strings;
        self.made = self.made.or(other.made);
    }

    /// Replaces the certificates of a directory of trusted authorities, one a file, by their number: as of a bundle in one file.
    pub(crate) fn count_trust_stores(&mut self) {
        let directory = |fact: &Fact| match &fact.observed {
            Observed::Certificate(c) if c.trust_store => {
                let path = fact.source.path.as_deref()?;
                Some((fact.source.within.clone(), path.rsplit_once('/')?.0.to_owned(), c.expired))
            }
            _ => None,
        };
        let mut stores: BTreeMap<(Vec<String>, String), (usize, usize)> = BTreeMap::new();
        for (within, path, expired) in self.facts.iter().filter_map(directory) {
            let (all, over) = stores.entry((within, path)).or_default();
            *all += 1;
            *over += usize::from(expired);
        }
        stores.retain(|_, (all, _)| *all > BUNDLE);
        if stores.is_empty() {
            return;
        }
        let offset = self.facts.iter().find(|f| directory(f).is_some()).and_then(|f| f.source.offset);
        self.facts.retain(|f| directory(f).is_none_or(|(within, path, _)| !stores.contains_key(&(within, path))));
        for ((within, path), (all, over)) in stores {
            let region = Region {
                format: "certificate-bundle".into(),
                detail: Some(format!("{all} certificates of authorities, {over} of them expired")),
                files: Some(all as u64),
                ..Region::default()
            };
            let source = Source { path: Some(path), offset, within, ..Source::default() };
            self.facts.push(Fact { observed: Observed::Region(region), subject: String::new(), source });
        }
    }

    /// Of two update mechanisms that one script was taken for, leaves the one of which is known how it starts.
    fn settle_update_scripts(&mut self) {
        let known = |fact: &Fact| match &fact.observed {
            Observed::UpdateMechanism(m) if m.mechanism == "script" => Some(m.start.is_some()),
            _ => None,
        };
        let place = |fact: &Fact| (fact.source.within.clone(), fact.source.offset, fact.source.path.clone());
        let started: BTreeSet<_> = self.facts.iter().filter(|f| known(f) == Some(true)).map(place).collect();
        self.facts.retain(|fact| known(fact) != Some(false) || !started.contains(&place(fact)));
    }

    /// The facts in their order: by kind of fact, then by place.
    pub(crate) fn facts(&mut self, artefact: &str, subject: &str) -> Vec<Fact> {
        self.settle_update_scripts();
        let mut facts = std::mem::take(&mut self.facts);
        crate::inspect::relate::image(&mut facts);
        for fact in &mut facts {
            artefact.clone_into(&mut fact.source.artefact);
            subject.clone_into(&mut fact.subject);
        }
        let rank = |fact: &Fact| Observed::NAMES.iter().position(|name| *name == fact.observed.name());
        facts.sort_by(|a, b| {
            let key = |f: &Fact| (rank(f), f.source.offset, f.source.within.len());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.source.within.cmp(&b.source.within))
                .then_with(|| a.source.path.cmp(&b.source.path))
                .then_with(|| a.source.line.cmp(&b.source.line))
                .then_with(|| a.cmp(b))
        });
        facts.dedup();
        facts
    }

    /// How far every aspect was looked at.
    pub(crate) fn coverage(&self, artefact: &str, subject: &str) -> Vec<Coverage> {
        Aspect::FIRMWARE
            .into_iter()
            .map(|aspect| {
                let of_program_files = self.of_program_files.iter().filter(|_| self.roots == 0);
                let mut gaps: Vec<Gap> = self
                    .gaps
                    .iter()
                    .chain(of_program_files)
                    .filter(|(aspects, _)| aspects.contains(&aspect))
                    .map(|(_, gap)| gap.clone())
                    .collect();
                let extent = self.extent(aspect, &mut gaps);
                gaps.sort();
                gaps.dedup();
                limit_gaps(&mut gaps);
                Coverage { aspect, subject: subject.to_owned(), artefact: artefact.to_owned(), extent, gaps }
            })
            .collect()
    }

    /// Whether anything was found of an aspect of [`SHOWN_OUTSIDE_TOO`].
    fn shows(&self, aspect: Aspect) -> bool {
        self.facts.iter().any(|fact| match fact.observed {
            Observed::UpdateImage(_) | Observed::UpdateMechanism(_) => aspect == Aspect::FirmwareUpdates,
            Observed::DebugInterface(_) => aspect == Aspect::FirmwareDebug,
            _ => false,
        })
    }

    fn extent(&self, aspect: Aspect, gaps: &mut Vec<Gap>) -> Extent {
        let nothing = |gaps: &mut Vec<Gap>, reason| {
            gaps.push(Gap { path: None, offset: None, reason });
            Extent::None
        };
        if aspect == Aspect::FirmwareLayout {
            // An image in which nothing was recognised has been looked at to no avail.
            return if self.recognised == 0 || !gaps.is_empty() { Extent::Partial } else { Extent::Complete };
        }
        if self.programs > 0 && self.roots == 0 {
            return Self::extent_of_programs(aspect, gaps);
        }
        if self.roots == 0 && SHOWN_OUTSIDE_TOO.contains(&aspect) && self.shows(aspect) {
            gaps.push(Gap { path: None, offset: None, reason: crate::reason::no_root() });
            return Extent::Partial;
        }
        if self.trees == 0 && !(aspect == Aspect::FirmwareComponents && self.strings) {
            return nothing(gaps, crate::reason::no_files());
        }
        if self.roots == 0 && (OF_A_SYSTEM.contains(&aspect) || SHOWN_OUTSIDE_TOO.contains(&aspect)) {
            return nothing(gaps, crate::reason::no_root());
        }
        if self.trees == 0 {
            gaps.push(Gap { path: None, offset: None, reason: crate::reason::no_files() });
        }
        if gaps.is_empty() { Extent::Complete } else { Extent::Partial }
    }
}

impl Findings {
    /// How far an aspect was looked at where the image is a microcontroller's program and no system: what such a program cannot have is
    /// absent for certain, what it may have in its code was not looked at, and what its strings and its header show was.
    fn extent_of_programs(aspect: Aspect, gaps: &mut Vec<Gap>) -> Extent {
        match aspect {
            // Accounts, services and settings exist in the program's code only; that no file tells of them says nothing of what it does.
            // How its code is hardened, what it was built with and where it takes a debugger cannot be seen either.
            Aspect::FirmwareAccounts
            | Aspect::FirmwareServices
            | Aspect::FirmwareSettings
            | Aspect::FirmwareBinaries
            | Aspect::FirmwareDebug
            | Aspect::FirmwareBuild => {
                gaps.push(Gap { path: None, offset: None, reason: crate::reason::not_visible_in_a_program() });
                Extent::None
            }
            // What the header says of the image was read; what the program checks before it installs another one was not.
            Aspect::FirmwareUpdates => {
                gaps.push(Gap { path: None, offset: None, reason: crate::reason::update_code_not_read() });
                Extent::Partial
            }
            // Without a file system there is no package database and there are no modes: unless something could not be read, none is there.
            // The layout is what the walk found; addresses are in the clear in the strings.
            // Components, keys, certificates and credentials have the gap that only the strings were looked at.
            _ if gaps.is_empty() => Extent::Complete,
            _ => Extent::Partial,
        }
    }
}

/// With more certificates than this a directory of authorities is counted and not listed.
const BUNDLE: usize = 10;

/// Gaps listed of one aspect; a damaged file system could give one for each of its files.
const MAX_GAPS: usize = 200;

fn limit_gaps(gaps: &mut Vec<Gap>) {
    if gaps.len() > MAX_GAPS {
        let left = gaps.len() - MAX_GAPS;
        gaps.truncate(MAX_GAPS);
        let reason =
            Text::new(format!("{left} more gaps are not listed"), format!("ほかに {left} 件の未確認箇所があります"));
        gaps.push(Gap { path: None, offset: None, reason });
    }
}

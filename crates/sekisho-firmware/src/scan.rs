//! Where in a run of bytes a known format may begin.
//!
//! One pass finds the signatures of all formats at once; the data are read in windows, so that their size does not matter.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::blob::Blob;
use crate::formats::{self, Format};

/// Bytes looked through by one thread at a time.
const WINDOW: u64 = 1 << 20;
/// Windows looked through before their candidates are tried.
const BATCH: u64 = 8;

/// A place where a format may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    pub(crate) offset: u64,
    /// Index in [`formats::ALL`].
    pub(crate) format: usize,
}

struct Signatures {
    automaton: Option<AhoCorasick>,
    /// For each pattern: format and where in its region the pattern stands.
    patterns: Vec<(usize, u64)>,
    longest: u64,
}

static SIGNATURES: LazyLock<Signatures> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut bytes = Vec::new();
    for (index, format) in formats::ALL.iter().enumerate() {
        for signature in format.signatures() {
            patterns.push((index, signature.at));
            bytes.push(signature.magic);
        }
    }
    let longest = bytes.iter().map(|b| b.len()).max().unwrap_or(1) as u64;
    let automaton = AhoCorasick::builder().kind(Some(aho_corasick::AhoCorasickKind::DFA)).build(&bytes).ok();
    Signatures { automaton, patterns, longest }
});

/// Goes through a blob from front to back.
pub(crate) struct Scanner<'a> {
    blob: &'a Blob,
    at: u64,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(blob: &'a Blob) -> Self {
        Self { blob, at: 0 }
    }

    /// How far the scan is.
    pub(crate) fn position(&self) -> u64 {
        self.at
    }

    /// The candidates of the next stretch in order, which may lie before `from`; none at the end.
    /// What lies before `from` need not be looked through.
    pub(crate) fn next(&mut self, from: u64) -> Option<Vec<Candidate>> {
        self.at = self.at.max(from);
        if self.at >= self.blob.len() {
            return None;
        }
        let begin = self.at;
        let windows: Vec<u64> = (0..BATCH).map(|i| begin + i * WINDOW).take_while(|&at| at < self.blob.len()).collect();
        let mut candidates: Vec<Candidate> = windows.par_iter().flat_map_iter(|&at| self.window(at)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        self.at = begin + BATCH * WINDOW;
        Some(candidates)
    }

    fn window(&self, at: u64) -> Vec<Candidate> {
        let signatures = &*SIGNATURES;
        let (Some(automaton), Ok(bytes)) =
            (&signatures.automaton, self.blob.window(at, (WINDOW + signatures.longest - 1) as usize))
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for hit in automaton.find_overlapping_iter(&bytes[..]) {
            // What begins behind the window belongs to the next.
            if hit.start() as u64 >= WINDOW {
                continue;
            }
            let (format, place) = signatures.patterns[hit.pattern().as_usize()];
            if let Some(offset) = (at + hit.start() as u64).checked_sub(place) {
                found.push(Candidate { offset, format });
            }
        }
        found
    }
}

/// The formats that may begin at the very beginning of `blob`.
pub(crate) fn at_start(blob: &Blob) -> Vec<&'static dyn Format> {
    formats::ALL
        .iter()
        .filter(|format| {
            format.signatures().iter().any(|s| blob.window(s.at, s.magic.len()).is_ok_and(|bytes| *bytes == *s.magic))
        })
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_across_windows_is_found_once() {
        let mut bytes = vec![0xee; 3 << 20];
        let place = (1 << 20) - 2;
        bytes[place..place + 4].copy_from_slice(b"sqsh");
        let blob = Blob::memory(bytes);
        let mut scanner = Scanner::new(&blob);
        let found = scanner.next(0).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].offset, place as u64);
        assert_eq!(formats::ALL[found[0].format].name(), "squashfs");
        assert!(scanner.next(0).is_none());
    }

    #[test]
    fn a_signature_inside_its_region_names_the_beginning() {
        let mut bytes = vec![0xee; 4096];
        bytes[1000 + 257..1000 + 262].copy_from_slice(b"ustar");
        let blob = Blob::memory(bytes);
        assert_eq!(Scanner::new(&blob).next(0).unwrap()[0].offset, 1000);
        assert_eq!(at_start(&blob.tail(1000))[0].name(), "tar");
    }
}

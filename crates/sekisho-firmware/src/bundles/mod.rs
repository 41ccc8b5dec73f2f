//! Update bundles: archives that are delivered for installation, what they say of themselves and the state of their signatures.
//!
//! An archive is recognised by its members once it is open; what lies in it is looked into like any other file. Whose key a signature was
//! made with cannot be known from the bundle: a signature that fits the certificate beside it is consistent, never trusted.

mod libconfig;
mod mender;
mod ota_zip;
mod package;
mod swupdate;
mod sysupgrade;

use std::sync::Arc;

use sekisho_model::Text;
use sekisho_model::fact::UpdateImage;

use crate::blob::Blob;
use crate::limits::Budget;
use crate::tree::{Entry, Kind, Tree};

/// What an archive was recognised as.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    pub(crate) update: UpdateImage,
    /// What does not hold or could not be checked.
    pub(crate) gaps: Vec<Text>,
}

/// An archive that may be a bundle.
#[derive(Clone, Copy)]
pub(crate) struct Archive<'a> {
    /// The name of its format.
    pub(crate) format: &'static str,
    pub(crate) tree: &'a dyn Tree,
    /// The data from the archive's beginning on, which may go on behind its end.
    pub(crate) data: &'a Blob,
    /// Its length.
    pub(crate) length: u64,
    pub(crate) budget: &'a Arc<Budget>,
}

/// Files whose digests are checked; what a manifest names beyond is said.
const MAX_FILES: usize = 1000;
/// Longest text in a bundle that is read: a manifest.
const MAX_TEXT: u64 = 4 << 20;

impl Archive<'_> {
    fn entry(&self, path: &str) -> Option<&Entry> {
        self.tree.entries().iter().find(|entry| entry.path == path && matches!(entry.kind, Kind::File(_)))
    }

    /// The whole content of a member; none where it is missing, damaged or over the limit.
    fn content(&self, path: &str) -> Option<Blob> {
        let content = self.tree.content(self.entry(path)?, self.budget.limits.stream);
        content.cut.is_none().then_some(content.bytes)
    }

    fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let content = self.tree.content(self.entry(path)?, MAX_TEXT);
        if content.cut.is_some() || content.bytes.len() > MAX_TEXT {
            return None;
        }
        Some(content.bytes.window(0, MAX_TEXT as usize).ok()?.into_owned())
    }

    fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.bytes(path)?).ok()
    }
}

/// What kind of bundle an archive is, if it is one.
pub(crate) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    match archive.format {
        "cpio" => swupdate::recognise(archive),
        "tar" => mender::recognise(archive)
            .or_else(|| sysupgrade::recognise(archive))
            .or_else(|| package::recognise(archive)),
        "ar" => package::recognise(archive),
        "zip" => ota_zip::recognise(archive),
        _ => None,
    }
}

/// A digest that a manifest names, against that of the content.
#[derive(Debug, Default)]
struct Digests {
    held: usize,
    gaps: Vec<Text>,
    broken: bool,
}

impl Digests {
    /// Checks the SHA-256 of `content`; a content that is not there breaks nothing, but is said.
    fn sha256(&mut self, what: &str, expected: &str, content: Option<&Blob>, budget: &Budget) {
        let found = content.and_then(|content| crate::formats::digest::sha256(content, budget));
        match found {
            Some(found) if found.eq_ignore_ascii_case(expected) => self.held += 1,
            Some(_) => {
                self.broken = true;
                self.gaps.push(crate::reason::digest_broken(what));
            }
            None => self.gaps.push(crate::reason::digest_unchecked(what)),
        }
    }

    /// Whether all hold; none where nothing was checked or not all could be.
    fn valid(&self) -> Option<bool> {
        if self.broken {
            return Some(false);
        }
        (self.held > 0 && self.gaps.is_empty()).then_some(true)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::formats;
    use crate::limits::Limits;
    use sekisho_model::fact::Observed;

    /// What a bundle in the repository or of a test is recognised as.
    pub(crate) fn update_of(bytes: &[u8]) -> Option<UpdateImage> {
        let budget = Budget::new(Limits::default());
        let blob = Blob::memory(bytes.to_vec());
        formats::ALL.iter().filter_map(|format| format.open(&blob, &budget)).find_map(|opened| {
            opened.observed.into_iter().find_map(|observed| match observed {
                Observed::UpdateImage(update) => Some(update),
                _ => None,
            })
        })
    }
}

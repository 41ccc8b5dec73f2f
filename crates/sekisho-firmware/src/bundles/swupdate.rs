//! `SWUpdate` images: a cpio archive that begins with `sw-description`, signed beside it, which names the digests of all that follows
//! (<https://sbabic.github.io/swupdate/sw-description.html>, <https://sbabic.github.io/swupdate/signed_images.html>).

use sekisho_cms::{Message, parse};
use sekisho_model::fact::{SignatureState, UpdateImage};

use super::libconfig::{self, Value};
use super::{Archive, Bundle, Digests, MAX_FILES};
use crate::formats::digest::Algorithm;
use crate::reason;

const DESCRIPTION: &str = "/sw-description";
const SIGNATURE: &str = "/sw-description.sig";
/// Lengths of a bare RSA signature in bytes: keys of 1024 to 8192 bits.
const RSA_LENGTHS: [usize; 5] = [128, 256, 384, 512, 1024];

pub(super) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    if archive.tree.entries().first()?.path != DESCRIPTION {
        return None;
    }
    let mut bundle =
        Bundle { update: UpdateImage { format: "swupdate".into(), ..UpdateImage::default() }, ..Bundle::default() };
    let update = &mut bundle.update;
    (update.signature, update.scheme) = signature(archive);
    let Some(software) = archive.text(DESCRIPTION).as_deref().and_then(libconfig::parse) else {
        // It may be encrypted as a whole.
        bundle.gaps.push(reason::manifest_unreadable("sw-description"));
        return Some(bundle);
    };
    let software = software.get("software").unwrap_or(&software);
    update.version = software.get("version").and_then(Value::text).map(str::to_owned);
    update.product = software.get("name").and_then(Value::text).map(str::to_owned);
    let mut found = Found::default();
    found.walk(software);
    update.target = (!found.hardware.is_empty()).then(|| found.hardware.join(", "));
    update.encrypted = Some(found.encrypted);
    update.sources = found.sources;
    let mut digests = Digests::default();
    found.files.sort();
    found.files.dedup();
    if found.files.len() > MAX_FILES {
        bundle.gaps.push(reason::files_limit());
    }
    for (file, sha256) in found.files.iter().take(MAX_FILES) {
        let what = format!("swupdate image {file}");
        digests.sha256(&what, sha256, archive.content(&format!("/{file}")).as_ref(), archive.budget);
    }
    update.digest_valid = digests.valid();
    bundle.gaps.extend(digests.gaps);
    Some(bundle)
}

/// The signature over `sw-description`: a CMS with its certificate, or a bare one whose key is on the device only.
fn signature(archive: Archive<'_>) -> (SignatureState, Option<String>) {
    let Some(signature) = archive.bytes(SIGNATURE) else { return (SignatureState::Absent, None) };
    match parse(&signature) {
        Some(Message::Signed(signed)) => {
            let description = archive.content(DESCRIPTION);
            let verdict =
                signed.verify(|algorithm| Algorithm::from(algorithm).digest(description.as_ref()?, archive.budget));
            (verdict.state, verdict.scheme)
        }
        Some(Message::Enveloped) => (SignatureState::Present, Some("cms".into())),
        None => {
            let scheme = RSA_LENGTHS.contains(&signature.len()).then(|| format!("rsa-{}", signature.len() * 8));
            (SignatureState::Present, scheme)
        }
    }
}

/// What the description's groups say, wherever they stand: boards and software sets nest them differently.
#[derive(Default)]
struct Found {
    files: Vec<(String, String)>,
    hardware: Vec<String>,
    sources: Vec<String>,
    encrypted: bool,
}

impl Found {
    fn walk(&mut self, value: &Value) {
        if let (Some(file), Some(sha256)) =
            (value.get("filename").and_then(Value::text), value.get("sha256").and_then(Value::text))
            // `@name` is a value that the build was to fill in.
            && sha256.len() == 64
        {
            self.files.push((file.to_owned(), sha256.to_owned()));
        }
        if let Some(url) = value.get("url").and_then(Value::text)
            && url.contains("://")
            && !self.sources.iter().any(|other| other == url)
        {
            self.sources.push(url.to_owned());
        }
        for hardware in
            value.get("hardware-compatibility").into_iter().flat_map(Value::children).filter_map(Value::text)
        {
            if !self.hardware.iter().any(|other| other == hardware) {
                self.hardware.push(hardware.to_owned());
            }
        }
        self.encrypted |= value.get("encrypted").is_some_and(Value::is_true);
        for child in value.children() {
            self.walk(child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::update_of;
    use super::*;

    /// Made with `cpio` and `openssl cms` as `SWUpdate`'s manual says; see tests/data/README.md.
    const SIGNED: &[u8] = include_bytes!("../../tests/data/swupdate-cms.swu");

    #[test]
    fn signed_with_digests() {
        let found = update_of(SIGNED).unwrap();
        assert_eq!(
            (found.format.as_str(), found.version.as_deref(), found.target.as_deref()),
            ("swupdate", Some("2.1.0"), Some("1.0, 1.2"))
        );
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Consistent, Some(true)));
        assert_eq!((found.scheme.as_deref(), found.encrypted), (Some("cms rsa-2048 sha256"), Some(false)));
    }

    #[test]
    fn changed_content_and_changed_description() {
        let change = |from: &[u8], to: u8| {
            let mut bytes = SIGNED.to_vec();
            let at = memchr::memmem::find(&bytes, from).unwrap();
            bytes[at] = to;
            update_of(&bytes).unwrap()
        };
        let found = change(b"Hello from a root", b'J');
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Consistent, Some(false)));
        let found = change(b"2.1.0", b'3');
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Broken, Some(true)));
    }

    #[test]
    fn bare_and_absent_signatures() {
        let found = update_of(include_bytes!("../../tests/data/swupdate-rsa.swu")).unwrap();
        assert_eq!((found.signature, found.scheme.as_deref()), (SignatureState::Present, Some("rsa-2048")));
        let found = update_of(include_bytes!("../../tests/data/swupdate-unsigned.swu")).unwrap();
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Absent, Some(true)));
    }
}

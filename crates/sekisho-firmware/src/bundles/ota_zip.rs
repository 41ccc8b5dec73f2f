//! Android's updates as zip archives: metadata in `META-INF`, and a signature over the whole file in the archive's comment
//! (<https://source.android.com/docs/core/ota/sign_builds>, AOSP `bootable/recovery/install/verifier.cpp`).

use sekisho_cms::{Message, parse};
use sekisho_model::fact::{SignatureState, UpdateImage};

use super::{Archive, Bundle};
use crate::formats::digest::Algorithm;

const METADATA: &str = "/META-INF/com/android/metadata";
const SCRIPTS: [&str; 2] =
    ["/META-INF/com/google/android/update-binary", "/META-INF/com/google/android/updater-script"];
/// Length of the footer: where the signature begins and how long the comment is, counted from the end, with two bytes of ones between.
const FOOTER: u64 = 6;

pub(super) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    let metadata = archive.text(METADATA);
    let payload = archive.entry("/payload.bin").is_some() && archive.entry("/payload_properties.txt").is_some();
    if metadata.is_none() && !payload && !SCRIPTS.iter().any(|path| archive.entry(path).is_some()) {
        return None;
    }
    let field = |name: &str| {
        let line = metadata.as_deref()?.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let (signature, scheme) = signature(archive);
    let update = UpdateImage {
        format: "android-ota".into(),
        version: field("post-build"),
        target: field("pre-device"),
        signature,
        scheme,
        ..UpdateImage::default()
    };
    Some(Bundle { update, gaps: Vec::new() })
}

fn signature(archive: Archive<'_>) -> (SignatureState, Option<String>) {
    let file = archive.data.slice(0, archive.length);
    if let Some((signed, der)) = footer(archive) {
        return match parse(&der) {
            Some(Message::Signed(message)) => {
                let verdict = message
                    .verify(|algorithm| Algorithm::from(algorithm).digest(&file.slice(0, signed), archive.budget));
                (verdict.state, verdict.scheme)
            }
            _ => (SignatureState::Present, Some("cms".into())),
        };
    }
    // The older way, as of a Java archive: digests of members in a signed manifest.
    let jar = archive.tree.entries().iter().any(|entry| {
        entry.path.strip_prefix("/META-INF/").is_some_and(|name| {
            !name.contains('/') && [".RSA", ".EC", ".DSA"].iter().any(|ending| name.ends_with(ending))
        })
    });
    if jar { (SignatureState::Present, Some("jar".into())) } else { (SignatureState::Absent, None) }
}

/// How much of the file is signed, and the signature, as the comment's end tells.
fn footer(archive: Archive<'_>) -> Option<(u64, Vec<u8>)> {
    let file = archive.data.slice(0, archive.length);
    let end = file.len();
    let footer = file.array::<6>(end.checked_sub(FOOTER)?)?;
    let word = |at: usize| u64::from(u16::from_le_bytes([footer[at], footer[at + 1]]));
    let (start, comment) = (word(0), word(4));
    if footer[2..4] != [0xff, 0xff] || start <= FOOTER || start > comment {
        return None;
    }
    // The comment and the two bytes that tell its length are what is not signed.
    let signed = end.checked_sub(comment + 2)?;
    if file.array::<2>(signed)? != [footer[4], footer[5]] {
        return None;
    }
    let der = file.exact(end - start, (start - FOOTER) as usize).ok()?;
    Some((signed, der.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::update_of;
    use super::*;

    /// Made with `zip` and `openssl cms` as AOSP's `SignApk` does; see tests/data/README.md.
    const SIGNED: &[u8] = include_bytes!("../../tests/data/ota.zip");

    #[test]
    fn a_signature_in_the_comment() {
        let found = update_of(SIGNED).unwrap();
        assert_eq!((found.version.as_deref(), found.target.as_deref()), (Some("example/board:12/R2"), Some("board")));
        assert_eq!(
            (found.signature, found.scheme.as_deref()),
            (SignatureState::Consistent, Some("cms rsa-2048 sha256"))
        );
        let mut bytes = SIGNED.to_vec();
        let at = memchr::memmem::find(&bytes, b"Hello").unwrap();
        bytes[at] ^= 1;
        assert_eq!(update_of(&bytes).unwrap().signature, SignatureState::Broken);
    }
}

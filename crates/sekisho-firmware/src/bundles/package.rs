//! Packages of Debian (`deb(5)`) and opkg: an archive with `debian-binary`, packed control data and packed files. Neither is signed by itself;
//! the repository's index is.

use sekisho_model::fact::{SignatureState, UpdateImage};

use super::{Archive, Bundle};
use crate::formats;
use crate::reason;

pub(super) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    archive.entry("/debian-binary")?;
    let control = archive.tree.entries().iter().find(|entry| entry.path.starts_with("/control.tar"))?.path.clone();
    archive.tree.entries().iter().find(|entry| entry.path.starts_with("/data.tar"))?;
    // opkg packages are mostly gzipped tars; those in ar look like Debian's, and only the file's name told them apart.
    let format = if archive.format == "tar" { "ipk" } else { "deb" };
    // A signature of `debsigs` is a member of its own.
    let signed = archive.tree.entries().iter().any(|entry| entry.path.starts_with("/_gpg"));
    let mut update = UpdateImage {
        format: format.into(),
        signature: if signed { SignatureState::Present } else { SignatureState::NotApplicable },
        scheme: signed.then(|| "openpgp".into()),
        ..UpdateImage::default()
    };
    let packed = archive.content(&control).and_then(|packed| formats::unpacked(&packed, archive.budget));
    let tree = packed.and_then(|tar| formats::tar_tree(&tar, archive.budget));
    let text = tree.and_then(|tree| {
        let entry = tree.entries().iter().find(|entry| entry.path == "/control")?;
        let bytes = tree.content(entry, 1 << 20).bytes.window(0, 1 << 20).ok()?.into_owned();
        String::from_utf8(bytes).ok()
    });
    let Some(text) = text else {
        return Some(Bundle { update, gaps: vec![reason::manifest_unreadable("control")] });
    };
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    (update.product, update.version, update.target) = (field("Package"), field("Version"), field("Architecture"));
    Some(Bundle { update, gaps: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::super::tests::update_of;
    use super::*;

    #[test]
    fn both_forms() {
        // Made by `dpkg-deb` 1.21 and by `tar`; see tests/data/README.md. The second lies in a gzip stream, of which this is the content.
        for (format, bytes) in [
            ("deb", &include_bytes!("../../tests/data/hello.deb")[..]),
            ("ipk", &include_bytes!("../../tests/data/hello.ipk.tar")[..]),
        ] {
            let found = update_of(bytes).unwrap();
            assert_eq!((found.format.as_str(), found.product.as_deref()), (format, Some("hello")));
            assert_eq!((found.version.as_deref(), found.target.as_deref()), (Some("1.2-3"), Some("all")));
            assert_eq!(found.signature, SignatureState::NotApplicable);
        }
    }
}

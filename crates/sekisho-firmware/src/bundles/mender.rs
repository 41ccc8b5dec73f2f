//! Mender artifacts: a tar with `version`, `manifest` and its signature, a packed header and packed payloads
//! (<https://github.com/mendersoftware/mender-artifact/blob/master/Documentation/artifact-format-v3.md>).

use sekisho_model::fact::{SignatureState, UpdateImage};
use serde_json::Value;

use super::{Archive, Bundle, Digests, MAX_FILES};
use crate::blob::Blob;
use crate::formats;
use crate::reason;
use crate::tree::{Kind, Tree};

/// Payloads that are opened for their digests; the tool writes one.
const MAX_PAYLOADS: usize = 16;

pub(super) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    if archive.tree.entries().first()?.path != "/version" {
        return None;
    }
    let version: Value = serde_json::from_str(&archive.text("/version")?).ok()?;
    if version.get("format")?.as_str() != Some("mender") {
        return None;
    }
    let mut bundle =
        Bundle { update: UpdateImage { format: "mender".into(), ..UpdateImage::default() }, ..Bundle::default() };
    let update = &mut bundle.update;
    // The signature is over the manifest, with a key that only the device knows.
    update.signature =
        if archive.entry("/manifest.sig").is_some() { SignatureState::Present } else { SignatureState::Absent };
    let entries = archive.tree.entries();
    let header = entries.iter().find(|entry| entry.path.starts_with("/header.tar")).map(|entry| entry.path.clone());
    let header = header.and_then(|path| archive.content(&path)).and_then(|packed| tar(&packed, archive));
    match header.as_deref().and_then(|tree| member(tree, "/header-info")) {
        Some(info) => describe(&info, update),
        None => bundle.gaps.push(reason::manifest_unreadable("mender header-info")),
    }
    let Some(manifest) = archive.text("/manifest") else {
        bundle.gaps.push(reason::manifest_unreadable("mender manifest"));
        return Some(bundle);
    };
    // The manifest's digests are those of the files in the packed payloads: `data/0000/rootfs.ext4` lies in `data/0000.tar.gz`.
    let payloads: Vec<(String, Box<dyn Tree>)> = entries
        .iter()
        .filter(|entry| entry.path.starts_with("/data/") && matches!(entry.kind, Kind::File(_)))
        .take(MAX_PAYLOADS)
        .filter_map(|entry| {
            let number = entry.path.strip_prefix("/data/")?.split('.').next()?;
            Some((format!("data/{number}"), tar(&archive.content(&entry.path)?, archive)?))
        })
        .collect();
    let mut digests = Digests::default();
    for (i, line) in manifest.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        if i >= MAX_FILES {
            bundle.gaps.push(reason::files_limit());
            break;
        }
        let Some((sha256, path)) = line.split_once(char::is_whitespace) else {
            bundle.gaps.push(reason::manifest_unreadable("mender manifest"));
            break;
        };
        let path = path.trim();
        let in_payload = payloads.iter().find_map(|(prefix, tree)| {
            content(&**tree, path.strip_prefix(prefix.as_str())?, archive.budget.limits.stream)
        });
        let content = in_payload.or_else(|| archive.content(&format!("/{path}")));
        digests.sha256(&format!("mender {path}"), sha256, content.as_ref(), archive.budget);
    }
    bundle.update.digest_valid = digests.valid();
    bundle.gaps.extend(digests.gaps);
    Some(bundle)
}

fn describe(info: &[u8], update: &mut UpdateImage) {
    let Ok(info) = serde_json::from_slice::<Value>(info) else { return };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let list = |value: Option<&Value>| -> Vec<String> {
        value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (provides, depends) = (info.get("artifact_provides"), info.get("artifact_depends"));
    // Version 2 has them at the top.
    update.version = text(provides.and_then(|p| p.get("artifact_name"))).or_else(|| text(info.get("artifact_name")));
    let mut devices = list(depends.and_then(|d| d.get("device_type")));
    devices.extend(list(info.get("device_types_compatible")));
    update.target = (!devices.is_empty()).then(|| devices.join(", "));
}

fn tar(packed: &Blob, archive: Archive<'_>) -> Option<Box<dyn Tree>> {
    formats::tar_tree(&formats::unpacked(packed, archive.budget)?, archive.budget)
}

fn content(tree: &dyn Tree, path: &str, limit: u64) -> Option<Blob> {
    let entry = tree.entries().iter().find(|entry| entry.path == path)?;
    let content = tree.content(entry, limit);
    content.cut.is_none().then_some(content.bytes)
}

fn member(tree: &dyn Tree, path: &str) -> Option<Vec<u8>> {
    Some(content(tree, path, 1 << 20)?.window(0, 1 << 20).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::update_of;
    use super::*;

    /// Made by `mender-artifact` 3.9; see tests/data/README.md.
    const SIGNED: &[u8] = include_bytes!("../../tests/data/signed.mender");

    #[test]
    fn signed_and_unsigned() {
        let found = update_of(SIGNED).unwrap();
        assert_eq!((found.version.as_deref(), found.target.as_deref()), (Some("release-2"), Some("example-board")));
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Present, Some(true)));
        let found = update_of(include_bytes!("../../tests/data/unsigned.mender")).unwrap();
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Absent, Some(true)));
    }

    #[test]
    fn a_changed_manifest_is_seen() {
        let mut bytes = SIGNED.to_vec();
        let at = memchr::memmem::find(&bytes, b"  header.tar").unwrap();
        bytes[at - 1] = if bytes[at - 1] == b'0' { b'1' } else { b'0' };
        assert_eq!(update_of(&bytes).unwrap().digest_valid, Some(false));
    }
}

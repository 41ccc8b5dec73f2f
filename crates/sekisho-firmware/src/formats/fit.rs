//! FIT, U-Boot's image tree: images with digests and configurations with signatures, in the form of a device tree
//! (<https://docs.u-boot.org/en/latest/usage/fit/source_file_format.html>, the specification at <https://fitspec.osfw.foundation>).

use std::fmt::Write as _;
use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use super::digest::Algorithm;
use super::fdt::{DeviceTree, Node};
use super::part::{Claims, label};
use super::{Content, Format, Opened, Signature, magic, shortened};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Fit;

/// Images whose digests are checked; products have some ten.
const MAX_IMAGES: usize = 256;

/// Whether a device tree is an image tree.
pub(super) fn is_fit(tree: &DeviceTree) -> bool {
    tree.child(tree.root(), "images").is_some()
        && (tree.child(tree.root(), "configurations").is_some() || tree.text(tree.root(), "description").is_some())
}

impl Format for Fit {
    fn name(&self) -> &'static str {
        "fit"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xd0\x0d\xfe\xed")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let tree = DeviceTree::parse(data).filter(is_fit)?;
        let images: Vec<Image> = tree
            .child(tree.root(), "images")
            .map(|node| {
                tree.children(node).take(MAX_IMAGES).map(|image| Image::read(&tree, image, data, budget)).collect()
            })
            .unwrap_or_default();
        let mut claims = Claims::new("fit", data);
        let mut declared = tree.total;
        for image in &images {
            if let Some((offset, length)) = image.place {
                claims.add(&image.name, offset, length, image.program);
                declared = declared.max(offset.saturating_add(length));
            }
        }
        let digests: Vec<bool> =
            images.iter().flat_map(|image| image.digests.iter().map(|(_, holds)| *holds)).collect();
        let digest_valid = (!digests.is_empty()).then(|| digests.iter().all(|&holds| holds));
        let signatures = Signatures::read(&tree);
        let description = tree.text(tree.root(), "description").filter(|text| !text.is_empty());
        let update = UpdateImage {
            format: "fit".into(),
            // The description is free text, which names this or that: it is no product and no version.
            target: signatures.compatible,
            signature: if signatures.with_value > 0 { SignatureState::Present } else { SignatureState::Absent },
            scheme: signatures.algorithms.first().map(|algorithm| scheme(algorithm)),
            encrypted: images.iter().any(|image| image.encrypted).then_some(true),
            digest_valid,
            ..UpdateImage::default()
        };
        let mut detail = format!("U-Boot FIT image '{}'", description.unwrap_or_default());
        for image in &images {
            let _ = write!(detail, "; image {}", image.describe());
        }
        for text in &signatures.described {
            let _ = write!(detail, "; {text}");
        }
        let mut opened = Opened {
            detail: Some(shortened(&detail)),
            checksum_valid: digest_valid,
            signed: Some(signatures.with_value > 0),
            observed: vec![Observed::UpdateImage(update)],
            made: tree.number(tree.root(), "timestamp").map(u64::from).filter(|&made| made != 0),
            ..Opened::default()
        }
        .of_length("fit", declared, data.len());
        if opened.declared.is_none() && !tree.whole {
            opened = opened.damaged(reason::damaged("fit", "its structure ends early"));
        }
        for image in &images {
            if let Some((algorithm, _)) = image.digests.iter().find(|(_, holds)| !holds) {
                let what = format!("fit image {}", label(&image.name));
                opened = opened.damaged(reason::damaged(&what, &format!("its {algorithm} does not hold")));
            }
            if image.encrypted {
                opened = opened.damaged(reason::encrypted(&format!("fit image {}", label(&image.name))));
            }
        }
        for gap in std::mem::take(&mut claims.gaps) {
            opened = opened.damaged(gap);
        }
        opened.content = Content::Parts(claims.into_parts());
        Some(opened)
    }
}

struct Image {
    name: String,
    kind: String,
    compression: String,
    place: Option<(u64, u64)>,
    /// Algorithm and whether the digest holds.
    digests: Vec<(String, bool)>,
    program: bool,
    encrypted: bool,
}

impl Image {
    fn read(tree: &DeviceTree, node: &Node, data: &Blob, budget: &Budget) -> Self {
        let kind = tree.text(node, "type").unwrap_or_default();
        let size = tree.number(node, "data-size").map(u64::from);
        // External data lie behind the tree, whose length counts as a multiple of four, or at an absolute position.
        let external = match (tree.number(node, "data-offset"), tree.number(node, "data-position")) {
            (_, Some(position)) => Some(u64::from(position)),
            (Some(offset), None) => Some(tree.total.next_multiple_of(4) + u64::from(offset)),
            (None, None) => None,
        };
        let place =
            DeviceTree::place(node, "data").or_else(|| Some((external?, size?))).filter(|(_, length)| *length > 0);
        let mut digests = Vec::new();
        for hash in tree.children(node).filter(|child| is_named(child, "hash")) {
            let (Some(algo), Some(value)) = (tree.text(hash, "algo"), tree.bytes(hash, "value")) else { continue };
            let (Some(algorithm), Some((offset, length))) = (Algorithm::of(&algo), place) else { continue };
            let content = data.slice(offset, length);
            let digest = if content.len() == length { algorithm.digest(&content, budget) } else { None };
            // What could not be calculated is not said to be wrong; that the data are short is said elsewhere.
            if let Some(digest) = digest {
                digests.push((algo, digest == value));
            }
        }
        Self {
            name: node.name.clone(),
            program: matches!(
                kind.as_str(),
                "kernel" | "kernel_noload" | "firmware" | "standalone" | "loadable" | "tee"
            ),
            kind,
            compression: tree.text(node, "compression").unwrap_or_default(),
            place,
            digests,
            encrypted: tree.children(node).any(|child| is_named(child, "cipher")),
        }
    }

    fn describe(&self) -> String {
        let length = self.place.map_or(0, |(_, length)| length);
        let mut text =
            format!("{} ({}, compression {}, {length} bytes", label(&self.name), self.kind, self.compression);
        for (algorithm, holds) in &self.digests {
            let _ = write!(text, ", {algorithm} {}", if *holds { "holds" } else { "does not hold" });
        }
        text.push(')');
        text
    }
}

/// Whether a node is called `name`, `name-1` or, in older trees, `name@1`.
fn is_named(node: &Node, name: &str) -> bool {
    node.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '@']))
}

/// What configurations and images say about their signatures.
#[derive(Default)]
struct Signatures {
    /// Signature nodes that hold a signature.
    with_value: usize,
    algorithms: Vec<String>,
    described: Vec<String>,
    compatible: Option<String>,
}

impl Signatures {
    fn read(tree: &DeviceTree) -> Self {
        let mut found = Self::default();
        let default = tree.child(tree.root(), "configurations").and_then(|node| tree.text(node, "default"));
        for group in ["configurations", "images"] {
            let Some(group_node) = tree.child(tree.root(), group) else { continue };
            for node in tree.children(group_node).take(MAX_IMAGES) {
                let is_configuration = group == "configurations";
                let is_default = is_configuration && default.as_deref() == Some(node.name.as_str());
                if is_configuration && (is_default || found.compatible.is_none()) {
                    found.compatible = tree.text(node, "compatible").or(found.compatible.take());
                }
                let mut signatures = Vec::new();
                for signature in tree.children(node).filter(|child| is_named(child, "signature")) {
                    let algorithm = tree.text(signature, "algo").unwrap_or_else(|| "unknown".into());
                    let key = tree.text(signature, "key-name-hint").unwrap_or_default();
                    let has_value = DeviceTree::place(signature, "value").is_some_and(|(_, length)| length > 0);
                    found.with_value += usize::from(has_value);
                    let state = if has_value { "signed" } else { "signature left out" };
                    signatures.push(format!("{state}: {algorithm}, key '{key}'"));
                    found.algorithms.push(algorithm);
                }
                if is_configuration || !signatures.is_empty() {
                    let kind = if is_configuration { "configuration" } else { "image" };
                    let mark = if is_default { " (default)" } else { "" };
                    let state = if signatures.is_empty() { "not signed".to_owned() } else { signatures.join(", ") };
                    found.described.push(format!("{kind} {}{mark} {state}", label(&node.name)));
                }
            }
        }
        found
    }
}

/// U-Boot's `sha256,rsa2048` as the scheme that facts name.
fn scheme(algorithm: &str) -> String {
    let key = algorithm.split(',').nth(1).unwrap_or(algorithm);
    match key {
        "ecdsa256" => "ecdsa-p256".into(),
        "ecdsa384" => "ecdsa-p384".into(),
        "secp521r1" => "ecdsa-p521".into(),
        _ => key.strip_prefix("rsa").map_or_else(|| key.to_owned(), |bits| format!("rsa-{bits}")),
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    /// Made by `mkimage` 2023.01 from one description; see tests/data/README.md.
    const EXTERNAL: &[u8] = include_bytes!("../../tests/data/external.itb");
    const SIGNED: &[u8] = include_bytes!("../../tests/data/signed.itb");
    const UNSIGNED: &[u8] = include_bytes!("../../tests/data/unsigned.itb");

    fn open(bytes: &[u8]) -> Option<Opened> {
        Fit.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    fn update(opened: &Opened) -> &UpdateImage {
        let Some(Observed::UpdateImage(update)) = opened.observed.first() else { panic!() };
        update
    }

    #[test]
    fn inline_and_external_data() {
        for bytes in [EXTERNAL, SIGNED, UNSIGNED] {
            let opened = open(&[bytes, &[0xff; 40]].concat()).unwrap();
            assert!(bytes.len() as u64 - opened.length < 4, "{} {}", opened.length, bytes.len());
            assert_eq!((opened.read, opened.checksum_valid), (ReadState::Whole, Some(true)));
            let Content::Parts(parts) = opened.content else { panic!() };
            let found: Vec<(String, u64, bool)> = parts.map(|p| (p.name, p.data.len(), p.program)).collect();
            assert_eq!(found, [("kernel-1".to_owned(), 43, true), ("fdt-1".to_owned(), 306, false)]);
        }
    }

    #[test]
    fn signatures_are_those_that_are_there() {
        for (bytes, state) in [(SIGNED, SignatureState::Present), (UNSIGNED, SignatureState::Absent)] {
            let opened = open(bytes).unwrap();
            let found = update(&opened);
            assert_eq!((found.signature, found.scheme.as_deref()), (state, Some("rsa-2048")));
            assert_eq!((found.target.as_deref(), found.digest_valid), (Some("example,board"), Some(true)));
        }
        let detail = open(SIGNED).unwrap().detail.unwrap();
        assert!(detail.ends_with("configuration conf-1 (default) signed: sha256,rsa2048, key 'dev'"), "{detail}");
    }

    #[test]
    fn changed_data_and_cut_data_are_said() {
        let mut bytes = EXTERNAL.to_vec();
        let last = bytes.len() - 20;
        bytes[last] ^= 1;
        let opened = open(&bytes).unwrap();
        assert_eq!((update(&opened).digest_valid, opened.read), (Some(false), ReadState::Partial));
        for end in 0..EXTERNAL.len() - 4 {
            assert!(open(&EXTERNAL[..end]).is_none_or(|o| o.read == ReadState::Partial), "{end}");
        }
    }
}

//! OpenWrt's sysupgrade archives for NAND: a tar with one directory `sysupgrade-BOARD` and in it `CONTROL`, `kernel` and `root`
//! (OpenWrt, `scripts/sysupgrade-tar.sh`). The metadata and the signature, where there are any, follow as fwtool's trailer.

use sekisho_model::fact::{SignatureState, UpdateImage};

use super::{Archive, Bundle};

pub(super) fn recognise(archive: Archive<'_>) -> Option<Bundle> {
    let control = archive.tree.entries().iter().find_map(|entry| {
        let directory = entry.path.strip_suffix("/CONTROL")?;
        directory.starts_with("/sysupgrade-").then(|| entry.path.clone())
    })?;
    let text = archive.text(&control)?;
    let board = text.lines().find_map(|line| line.strip_prefix("BOARD="))?.trim().to_owned();
    // With a trailer the update is described there, signature included.
    let rest = archive.data.tail(archive.length);
    if rest.len() >= 16 && rest.array::<4>(rest.len() - 16) == Some(*b"FWx0") {
        return None;
    }
    let update = UpdateImage {
        format: "openwrt-sysupgrade".into(),
        target: Some(board),
        signature: SignatureState::Absent,
        ..UpdateImage::default()
    };
    Some(Bundle { update, gaps: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::super::tests::update_of;
    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, name, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_board_and_no_signature() {
        let mut bytes = archive(&[
            ("sysupgrade-example_board/CONTROL", b"BOARD=example_board\n"),
            ("sysupgrade-example_board/kernel", b"kernel"),
        ]);
        let found = update_of(&bytes).unwrap();
        assert_eq!((found.target.as_deref(), found.signature), (Some("example_board"), SignatureState::Absent));
        bytes.extend(b"FWx0123456789012");
        assert!(update_of(&bytes).is_none());
    }
}

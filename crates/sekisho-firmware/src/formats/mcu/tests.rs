//! The formats against images made by their own tools (`tests/data/mcu/make.sh`).

use std::io::Read;
use std::sync::Arc;

use proptest::prelude::*;
use sekisho_model::fact::{Observed, ReadState, SignatureState, UpdateImage};

use crate::blob::Blob;
use crate::formats::{self, Content, Format, Opened};
use crate::limits::{Budget, Limits};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mcu/", $name)).as_slice()
    };
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

/// What the first format that takes the bytes at their beginning makes of them.
fn open(bytes: &[u8]) -> Option<(&'static str, Opened)> {
    let budget = Budget::new(Limits::default());
    let blob = Blob::memory(bytes.to_vec());
    crate::scan::at_start(&blob).into_iter().find_map(|f| Some((f.name(), f.open(&blob, &Arc::clone(&budget))?)))
}

fn image(opened: &Opened) -> &UpdateImage {
    opened
        .observed
        .iter()
        .find_map(|o| match o {
            Observed::UpdateImage(image) => Some(image),
            _ => None,
        })
        .unwrap()
}

fn content(opened: &Opened) -> Vec<u8> {
    let (Content::Payload(_, blob) | Content::Decoded(blob) | Content::Stream(blob)) = &opened.content else {
        panic!("no content")
    };
    blob.window(0, 1 << 20).unwrap().into_owned()
}

/// The program that all images hold.
fn is_our_program(bytes: &[u8]) -> bool {
    bytes.len() == 1024 && memchr::memmem::find(bytes, b"Golden program 1.2.3").is_some()
}

#[test]
fn mcuboot_with_every_signature() {
    use SignatureState::{Absent, Consistent, Present};
    for (bytes, state, scheme, counter) in [
        (golden!("mcuboot-p256-full.bin"), Consistent, Some("ecdsa-p256"), Some(5)),
        (golden!("mcuboot-p384.bin"), Present, Some("ecdsa-p384"), None),
        (golden!("mcuboot-rsa2048-full.bin"), Consistent, Some("rsa-2048"), None),
        (golden!("mcuboot-rsa3072-full.bin"), Consistent, Some("rsa-3072"), None),
        (golden!("mcuboot-ed25519-full.bin"), Consistent, Some("ed25519"), None),
        (golden!("mcuboot-unsigned.bin"), Absent, None, None),
    ] {
        let (name, opened) = open(bytes).unwrap();
        let said = image(&opened);
        assert_eq!((name, opened.length, opened.read), ("mcuboot", bytes.len() as u64, ReadState::Whole));
        assert_eq!((said.signature, said.scheme.as_deref(), said.rollback_counter), (state, scheme, counter));
        assert_eq!(
            (said.version.as_deref(), said.encrypted, said.digest_valid),
            (Some("1.2.3+4"), Some(false), Some(true))
        );
        assert!(is_our_program(&content(&opened)));

        let mut changed = bytes.to_vec();
        changed[0x20 + 600] ^= 1;
        let (_, opened) = open(&changed).unwrap();
        let broken = if state == Absent { Absent } else { SignatureState::Broken };
        assert_eq!((image(&opened).digest_valid, image(&opened).signature), (Some(false), broken));
        assert!(!opened.gaps.is_empty());
    }
}

#[test]
fn mcuboot_signature_over_the_image_itself() {
    let bytes = golden!("mcuboot-ed25519-pure.bin");
    assert_eq!(image(&open(bytes).unwrap().1).signature, SignatureState::Consistent);
    let mut changed = bytes.to_vec();
    changed[0x20 + 600] ^= 1;
    assert_eq!(image(&open(&changed).unwrap().1).signature, SignatureState::Broken);
}

#[test]
fn mcuboot_encrypted_is_said_and_not_looked_into() {
    let (_, opened) = open(golden!("mcuboot-encrypted.bin")).unwrap();
    let said = image(&opened);
    assert_eq!((said.encrypted, said.digest_valid, said.signature), (Some(true), None, SignatureState::Present));
    assert!(matches!(opened.content, Content::Nothing) && !opened.gaps.is_empty());
}

#[test]
fn a_signature_that_does_not_fit_its_key_is_broken() {
    let mut bytes = golden!("mcuboot-ed25519-full.bin").to_vec();
    // The signature comes last.
    let last = bytes.len() - 1;
    bytes[last - 40] ^= 1;
    let (_, opened) = open(&bytes).unwrap();
    assert_eq!((image(&opened).digest_valid, image(&opened).signature), (Some(true), SignatureState::Broken));
}

#[test]
fn esp_applications() {
    let (name, opened) = open(golden!("esp-app.bin")).unwrap();
    let said = image(&opened);
    assert_eq!((name, opened.length), ("esp-image", golden!("esp-app.bin").len() as u64));
    assert_eq!(
        (said.product.as_deref(), said.version.as_deref(), said.target.as_deref()),
        (Some("golden-node"), Some("2.3.4"), Some("esp32-c3"))
    );
    assert_eq!(
        (said.signature, said.rollback_counter, said.digest_valid),
        (SignatureState::Absent, Some(7), Some(true))
    );
    // 2025-02-03 08:09:10.
    assert_eq!(opened.made, Some(1_738_570_150));
    let idf = opened.observed.iter().find_map(|o| if let Observed::Component(c) = o { Some(c) } else { None }).unwrap();
    assert_eq!((idf.name.as_str(), idf.version.as_deref()), ("esp-idf", Some("5.2.1")));
    assert_eq!(idf.cpe.as_deref(), Some("cpe:2.3:a:espressif:esp-idf:5.2.1:*:*:*:*:*:*:*"));

    for (bytes, scheme) in [
        (unpacked(golden!("esp-app-rsa.bin.gz")), "rsa-3072"),
        (unpacked(golden!("esp-app-ecdsa.bin.gz")), "ecdsa-p256"),
    ] {
        let (_, opened) = open(&bytes).unwrap();
        assert_eq!(
            (image(&opened).signature, image(&opened).scheme.as_deref()),
            (SignatureState::Consistent, Some(scheme))
        );
        assert_eq!(opened.length, bytes.len() as u64);
        // A byte of the padding that the signature covers and the image's own digest does not.
        let mut changed = bytes.clone();
        changed[4000] ^= 1;
        let (_, opened) = open(&changed).unwrap();
        assert_eq!((image(&opened).signature, image(&opened).digest_valid), (SignatureState::Broken, Some(true)));
    }
    let (_, opened) = open(golden!("esp-app-v1.bin")).unwrap();
    assert_eq!(
        (image(&opened).signature, opened.length),
        (SignatureState::Present, golden!("esp-app-v1.bin").len() as u64)
    );
    let (_, opened) = open(golden!("esp-boot.bin")).unwrap();
    assert_eq!(
        (image(&opened).product.as_deref(), image(&opened).version.as_deref()),
        (Some("boot loader"), Some("1"))
    );
}

#[test]
fn esp_storage() {
    let (name, opened) = open(&unpacked(golden!("nvs.bin.gz"))).unwrap();
    assert_eq!((name, opened.read, opened.checksum_valid), ("esp-nvs", ReadState::Whole, Some(true)));
    let credentials: Vec<_> = opened
        .observed
        .iter()
        .filter_map(|o| if let Observed::Credential(c) = o { Some((c.kind.as_str(), c.key.as_deref()?)) } else { None })
        .collect();
    assert_eq!(credentials.len(), 2, "{credentials:?}");
    assert!(credentials.contains(&("wifi-passphrase", "nvs.net80211/sta.pswd")));
    assert!(credentials.contains(&("password", "app/mqtt_password")));
    assert!(!format!("{:?}", opened.observed).contains("Rhubarb"), "a secret is shown");
    let Content::Tree(tree) = opened.content else { panic!() };
    let value = |path: &str| {
        let entry = tree.entries().iter().find(|e| e.path == path).unwrap_or_else(|| panic!("{path}"));
        tree.content(entry, 1 << 20).bytes.window(0, 1 << 20).unwrap().into_owned()
    };
    assert_eq!(value("/app/broker"), b"mqtt://broker.golden-node.net:1883");
    // A value in chunks over several pages.
    assert_eq!(value("/app/long"), vec![b'x'; 9000]);

    let (_, opened) = open(&unpacked(golden!("nvs-encrypted.bin.gz"))).unwrap();
    assert!(opened.gaps.iter().any(|gap| gap.en.contains("encrypted")), "{:?}", opened.gaps);
}

#[test]
fn esp_partition_table() {
    let flash = unpacked(golden!("esp-flash.bin.gz"));
    let (name, opened) = open(&flash[0x8000..]).unwrap();
    assert_eq!((name, opened.length, opened.checksum_valid), ("esp-partition-table", 6 * 32, Some(true)));
    assert!(opened.detail.as_deref().unwrap().contains("ota_0 (app ota_0 at 0x20000, 64 KiB)"), "{:?}", opened.detail);
    assert_eq!(opened.gaps.len(), 1, "the encrypted partition");
    assert_eq!(open(&flash[0xf000..]).unwrap().0, "esp-ota-data");
    assert_eq!(open(&flash[0x11000..]).unwrap().1.length, 144);
    let mut changed = flash[0x8000..0x8100].to_vec();
    changed[5] ^= 0x10;
    assert_eq!(open(&changed).unwrap().1.checksum_valid, Some(false));
}

#[test]
fn zigbee_and_matter() {
    let (name, opened) = open(golden!("program.zigbee")).unwrap();
    let said = image(&opened);
    assert_eq!(
        (name, opened.length, opened.read),
        ("zigbee-ota", golden!("program.zigbee").len() as u64, ReadState::Whole)
    );
    assert_eq!((said.product.as_deref(), said.version.as_deref()), (Some("Golden OTA"), Some("0x01020304")));
    assert_eq!((said.signature, said.scheme.as_deref()), (SignatureState::Present, Some("ecdsa-sect163k1")));
    assert!(is_our_program(&content(&opened)));

    let (name, opened) = open(golden!("program.matter.ota")).unwrap();
    let said = image(&opened);
    assert_eq!((name, said.version.as_deref(), said.digest_valid), ("matter-ota", Some("2.0-golden"), Some(true)));
    assert_eq!(said.target.as_deref(), Some("vendor 0xfff1, product 0x8001"));
    assert!(is_our_program(&content(&opened)));
    let mut changed = golden!("program.matter.ota").to_vec();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(image(&open(&changed).unwrap().1).digest_valid, Some(false));
}

#[test]
fn texts_and_blocks_are_decoded() {
    for (bytes, format) in
        [(golden!("program.hex"), "intel-hex"), (golden!("program.srec"), "s-record"), (golden!("program.uf2"), "uf2")]
    {
        let (name, opened) = open(bytes).unwrap();
        assert_eq!((name, opened.length, opened.read), (format, bytes.len() as u64, ReadState::Whole));
        assert!(is_our_program(&content(&opened)), "{format}");
        assert!(super::is_cortex_m(&Blob::memory(content(&opened))));
    }
    assert_eq!(image(&open(golden!("program.uf2")).unwrap().1).target.as_deref(), Some("rp2040"));
    let mut changed = golden!("program.hex").to_vec();
    changed[200] = if changed[200] == b'0' { b'1' } else { b'0' };
    let (_, opened) = open(&changed).unwrap();
    assert_eq!((image(&opened).digest_valid, opened.read), (Some(false), ReadState::Partial));
}

#[test]
fn hex_records_out_of_order_and_far_apart() {
    // 4 bytes at 0x1000_0000, 2 bytes at 0x10, 2 bytes at 0x0.
    let text =
        b":020000041000EA\n:0400000001020304F2\n:020000040000FA\n:020010000506E3\n:020000000708EF\n:00000001FF\n";
    let (_, opened) = open(text).unwrap();
    let decoded = content(&opened);
    assert_eq!((&decoded[..3], &decoded[16..18]), (&[7, 8, 0xff][..], &[5, 6][..]));
    assert_eq!((&decoded[4096..], opened.read), (&[1, 2, 3, 4][..], ReadState::Whole));
    // The same address twice.
    let text = b":020000000506F3\n:020000000708EF\n:00000001FF\n";
    assert_eq!(open(text).unwrap().1.read, ReadState::Partial);
    assert!(open(b":this is no record\n:nor this\n").is_none());
}

#[test]
fn nordic_packages() {
    for (bytes, state, counter, hash) in [
        (golden!("nordic-signed.zip"), SignatureState::Present, Some(7), Some(true)),
        (golden!("nordic-unsigned.zip"), SignatureState::Absent, None, Some(true)),
    ] {
        let (name, opened) = open(bytes).unwrap();
        let said = image(&opened);
        assert_eq!((name, said.format.as_str(), said.version.as_deref()), ("zip", "nordic-dfu", Some("7")));
        assert_eq!((said.signature, said.rollback_counter, said.digest_valid), (state, counter, hash), "{said:?}");
        assert!(said.target.as_deref().unwrap().starts_with("application, hardware version 52"), "{said:?}");
    }
}

/// Headers that all declare the rest of the data: they are not read again and again.
#[test]
fn many_headers_over_the_same_data() {
    let mut image = Vec::new();
    for _ in 0..4000 {
        // One segment of 512 KiB for an ESP32-C3.
        image.extend(b"\xe9\x01\x02\x20\x20\0\0\x42\xee\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\x01");
        image.extend(b"\x20\0\0\x42\0\0\x08\0");
    }
    image.resize(1 << 20, 0);
    let budget = Budget::new(Limits { expanded: 4 << 20, ..Limits::default() });
    let blob = Blob::memory(image);
    for i in 0..4000 {
        let _ = formats::mcu::EspImage.open(&blob.tail(i * 32), &budget);
    }
    assert!(!budget.check(1 << 20), "they were read");
    // Records without content, one after the other, are one region.
    let records = b":00000005FB\n".repeat(5000);
    assert_eq!(open(&records).unwrap().1.length, records.len() as u64);
}

/// Whole images of each format.
fn goldens() -> Vec<Vec<u8>> {
    [
        golden!("mcuboot-p256-full.bin"),
        golden!("mcuboot-encrypted.bin"),
        golden!("esp-app.bin"),
        golden!("esp-app-v1.bin"),
        golden!("program.zigbee"),
        golden!("program.matter.ota"),
        golden!("program.uf2"),
        golden!("program.hex"),
        golden!("program.srec"),
        golden!("nordic-signed.zip"),
    ]
    .into_iter()
    .map(<[u8]>::to_vec)
    .chain([unpacked(golden!("nvs.bin.gz"))])
    .collect()
}

/// Every format that the bytes begin like; what they hold can be read and stays within what is there.
fn survives(bytes: &[u8]) {
    let budget = Budget::new(Limits { live: 16 << 20, expanded: 64 << 20, ..Limits::default() });
    let blob = Blob::memory(bytes.to_vec());
    for format in crate::scan::at_start(&blob) {
        let Some(opened) = format.open(&blob, &budget) else { continue };
        assert!(opened.length <= blob.len(), "{} is longer than the data", format.name());
        match opened.content {
            Content::Tree(tree) => {
                for entry in tree.entries() {
                    let _ = tree.content(entry, 1 << 16);
                }
            }
            Content::Payload(_, payload) => assert!(payload.len() <= blob.len()),
            Content::Parts(parts) => assert!(parts.take(50).all(|part| part.data.len() <= 64 << 20)),
            Content::Nothing | Content::Stream(_) | Content::Decoded(_) => {}
        }
    }
}

#[test]
fn cut_at_every_byte() {
    for golden in goldens() {
        let step = 1 + golden.len() / 700;
        for end in (0..golden.len()).step_by(step) {
            survives(&golden[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn changed_bytes_never_panic(which in 0_usize..11, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = goldens().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(bytes.len().min(2048));
            bytes[at] = value;
        }
        survives(&bytes);
    }
}

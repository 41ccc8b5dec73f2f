//! The collector against images of microcontrollers: real ones from the shared data, and a flash dump made for the purpose.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

#[macro_use]
mod common;

use std::io::{Read, Write};
use std::path::Path;

use common::{extent, shared};
use sekisho_firmware::FirmwareCollector;
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{
    Component, Credential, Endpoint, Fact, FoundBy, Observed, ReadState, Region, SignatureState, UpdateImage,
};
use time::macros::date;

fn collect_file(path: &Path) -> Collection {
    let name = path.file_name().unwrap().to_str().unwrap();
    FirmwareCollector::new(date!(2026 - 01 - 01)).collect(path, name, "device", &|_| {}).unwrap()
}

fn collect(path: &str) -> Option<Collection> {
    shared(&format!("firmware/{path}")).map(|full| collect_file(&full))
}

fn collect_bytes(bytes: &[u8]) -> Collection {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    collect_file(file.path())
}

fn images(collection: &Collection) -> Vec<&UpdateImage> {
    values!(collection, UpdateImage).into_iter().map(|(_, image)| image).collect()
}

fn first_region(collection: &Collection) -> &Region {
    values!(collection, Region)[0].1
}

/// What can be said of a microcontroller's image and what cannot.
fn coverage_is_honest(collection: &Collection) {
    for aspect in [Aspect::FirmwarePackages, Aspect::FirmwareModes, Aspect::FirmwareEndpoints] {
        assert_eq!(extent(collection, aspect), Extent::Complete, "{aspect:?}");
    }
    for aspect in [Aspect::FirmwareAccounts, Aspect::FirmwareServices, Aspect::FirmwareSettings, Aspect::FirmwareDebug]
    {
        assert_eq!(extent(collection, aspect), Extent::None, "{aspect:?}");
    }
    for aspect in [
        Aspect::FirmwareComponents,
        Aspect::FirmwareKeys,
        Aspect::FirmwareCertificates,
        Aspect::FirmwareCredentials,
        Aspect::FirmwareUpdates,
    ] {
        assert_eq!(extent(collection, aspect), Extent::Partial, "{aspect:?}");
    }
}

#[test]
fn esp32_application() {
    let Some(collection) = collect("esp32/tasmota-14.3.0-esp32c2.bin") else { return };
    let region = first_region(&collection);
    assert_eq!((region.format.as_str(), region.read, region.length), ("esp-image", ReadState::Whole, 2_066_480));
    let [image] = images(&collection)[..] else { panic!() };
    assert_eq!((image.target.as_deref(), image.signature), (Some("esp32-c2"), SignatureState::Absent));
    assert_eq!((image.digest_valid, image.rollback_counter, image.encrypted), (Some(true), Some(0), Some(false)));
    assert_eq!((&image.product, &image.version), (&None, &None), "the description leaves them empty");
    let components: Vec<&Component> = values!(&collection, Component).into_iter().map(|(_, c)| c).collect();
    let idf = components.iter().find(|c| c.name == "esp-idf").unwrap();
    assert_eq!((idf.version.as_deref(), idf.found_by), (Some("5.3.1.241024"), FoundBy::ImageHeader));
    // Matter's test certificates are in it, in DER; the texts of its pages name passwords, none is one.
    let subjects: Vec<&str> = values!(&collection, Certificate).into_iter().map(|(_, c)| c.subject.as_str()).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects.iter().all(|s| s.contains("Matter Dev")));
    assert!(values!(&collection, Credential).is_empty());
    // Where it is told to take its updates from by default, in the clear.
    let updates: Vec<&str> = values!(&collection, Endpoint)
        .into_iter()
        .filter(|(_, e): &(_, &Endpoint)| e.purpose == "update")
        .map(|(_, e)| e.url.as_str())
        .collect();
    assert_eq!(updates, ["http://github.com/HofeBY/Tasmota-Firmware/tasmota32s3.bin"]);
    coverage_is_honest(&collection);
}

#[test]
fn esp8266_boot_loader_and_application() {
    let Some(collection) = collect("esp32/tasmota-14.3.0-esp8266-4M.bin") else { return };
    let images = images(&collection);
    assert_eq!(images.len(), 2);
    for image in images {
        assert_eq!((image.format.as_str(), image.signature), ("esp8266", SignatureState::NotApplicable));
        assert_eq!(image.digest_valid, Some(true));
    }
    assert!(values!(&collection, Credential).is_empty());
}

#[test]
fn mcuboot_images_signed_with_the_published_test_key() {
    for (file, length, counter) in
        [("mcuboot/nrf52840dk-usb-b_smp_dut.bin", 242_439, None), ("mcuboot/tfm_s_signed.bin", 116_594, Some(1))]
    {
        let Some(collection) = collect(file) else { return };
        let region = first_region(&collection);
        assert_eq!(
            (region.format.as_str(), region.read, region.length),
            ("mcuboot", ReadState::Whole, length),
            "{file}"
        );
        let [image] = images(&collection)[..] else { panic!("{file}") };
        assert_eq!((image.signature, image.scheme.as_deref()), (SignatureState::Present, Some("ecdsa-p256")));
        assert_eq!((image.digest_valid, image.rollback_counter), (Some(true), counter), "{file}");
        assert!(image.well_known.as_deref().is_some_and(|whence| whence.ends_with("root-ec-p256.pem")), "{file}");
        assert!(values!(&collection, Region).iter().any(|(_, r)| r.format == "cortex-m"), "{file}");
        assert_eq!(extent(&collection, Aspect::FirmwareLayout), Extent::Complete, "{file}");
        coverage_is_honest(&collection);
    }
}

#[test]
fn a_matter_header() {
    let Some(collection) = collect("containers/binwalk-matter_ota.bin") else { return };
    let [image] = images(&collection)[..] else { panic!() };
    assert_eq!((image.version.as_deref(), image.digest_valid), (Some("1.2.120.0"), Some(true)));
    assert_eq!(image.target.as_deref(), Some("vendor 0x1234, product 0x1234"));
}

#[test]
fn intel_hex_and_a_zip_of_a_program() {
    let Some(collection) = collect("mcu/microbit-micropython-1.0.1.hex") else { return };
    let region = first_region(&collection);
    assert_eq!(
        (region.format.as_str(), region.read, region.checksum_valid),
        ("intel-hex", ReadState::Whole, Some(true))
    );
    assert!(region.detail.as_deref().unwrap().contains("243852 bytes at 0x0, 28 bytes at 0x100010c0"));
    coverage_is_honest(&collection);

    let Some(collection) = collect("mcu/pybricks-primehub-7.28.0.zip") else { return };
    let (fact, _) = values!(&collection, Region).into_iter().find(|(_, r)| r.format == "cortex-m").unwrap();
    assert_eq!(fact.source.path.as_deref(), Some("/firmware-base.bin"));
    coverage_is_honest(&collection);
}

/// Against the public index of Zigbee images, which was made by others from the same files.
#[test]
fn zigbee_images_are_as_their_index_says() {
    let Some(index) = shared("firmware/zigbee-ota/index.json") else { return };
    let index: serde_json::Value = serde_json::from_slice(&std::fs::read(index).unwrap()).unwrap();
    for file in ["1141-0228-01383001-TS202PIR1.zigbee", "1141-0232-01383001-ZG204ZL.zigbee"] {
        let Some(collection) = collect(&format!("zigbee-ota/{file}")) else { return };
        let number = |entry: &serde_json::Value, name: &str| entry[name].as_u64().unwrap();
        let entry =
            index.as_array().unwrap().iter().find(|e| e["fileName"] == file).unwrap_or_else(|| panic!("{file}"));
        let [image] = images(&collection)[..] else { panic!("{file}") };
        assert_eq!(image.version, Some(format!("{:#010x}", number(entry, "fileVersion"))));
        let target = format!(
            "manufacturer {:#06x}, image type {:#06x}",
            number(entry, "manufacturerCode"),
            number(entry, "imageType")
        );
        assert_eq!((image.target.as_deref(), image.signature), (Some(target.as_str()), SignatureState::Absent));
        assert_eq!(first_region(&collection).length, number(entry, "fileSize"));
        coverage_is_honest(&collection);
    }
}

/// Boot loader, partition table, storage, an application with its signature, an encrypted partition.
#[test]
fn a_whole_flash() {
    let mut flash = Vec::new();
    let packed = include_bytes!("data/mcu/esp-flash.bin.gz").as_slice();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut flash).unwrap();
    let collection = collect_bytes(&flash);
    let regions: Vec<(u64, &str)> = values!(&collection, Region)
        .into_iter()
        .filter(|(f, r)| f.source.within.is_empty() && r.format != "padding")
        .map(|(f, r)| (f.source.offset.unwrap(), r.format.as_str()))
        .collect();
    let expected = [
        (0, "esp-image"),
        (0x8000, "esp-partition-table"),
        (0x9000, "esp-nvs"),
        (0xf000, "esp-ota-data"),
        (0x11000, "esp-phy-init"),
        (0x20000, "esp-image"),
        (0x30000, "unknown"),
    ];
    assert_eq!(regions, expected);
    let credentials: Vec<(&str, &str)> = values!(&collection, Credential)
        .into_iter()
        .map(|(_, c): (_, &Credential)| (c.key.as_deref().unwrap_or_default(), c.masked.as_str()))
        .collect();
    for expected in
        [("nvs.net80211/sta.pswd", "R******9"), ("app/mqtt_password", "Q******1"), ("mqtt_password", "Q******1")]
    {
        assert!(credentials.contains(&expected), "{expected:?} in {credentials:?}");
    }
    let endpoints: Vec<&str> =
        values!(&collection, Endpoint).into_iter().map(|(_, e): (_, &Endpoint)| e.url.as_str()).collect();
    assert!(endpoints.contains(&"mqtt://broker.golden-node.net:1883"), "{endpoints:?}");
    assert!(endpoints.contains(&"https://telemetry.golden-node.net/v1"), "{endpoints:?}");
    assert_eq!(images(&collection).iter().filter(|i| i.signature == SignatureState::Consistent).count(), 1);
    // Something could not be read, and nothing counts as looked at.
    for aspect in [Aspect::FirmwareEndpoints, Aspect::FirmwarePackages] {
        assert_eq!(extent(&collection, aspect), Extent::Partial, "{aspect:?}");
    }
    let gaps = &collection.coverage.iter().find(|c| c.aspect == Aspect::FirmwareKeys).unwrap().gaps;
    assert!(gaps.iter().any(|g| g.reason.en.contains("marks 'keys' as encrypted")), "{gaps:?}");
}

#[test]
fn the_collector_takes_hexadecimal_text() {
    for text in [include_bytes!("data/mcu/program.hex").as_slice(), include_bytes!("data/mcu/program.srec")] {
        let collection = collect_bytes(text);
        assert!(values!(&collection, Region).iter().any(|(_, r)| r.format == "cortex-m"));
        let [(fact, credential)] = values!(&collection, Credential)[..] else { panic!() };
        assert_eq!((credential.kind.as_str(), credential.key.as_deref()), ("password", Some("mqtt_password")));
        assert!(!fact.source.excerpt.as_deref().unwrap().contains("Quince"), "a secret is shown");
    }
}

#[test]
fn a_nordic_package_and_what_is_in_it() {
    let collection = collect_bytes(include_bytes!("data/mcu/nordic-signed.zip"));
    assert_eq!(images(&collection).len(), 1);
    let (program, _) = values!(&collection, Region).into_iter().find(|(_, r)| r.format == "cortex-m").unwrap();
    assert_eq!(program.source.path.as_deref(), Some("/program.bin"));
    assert_eq!(values!(&collection, Credential).len(), 1);
    coverage_is_honest(&collection);
}

/// A tar archive of these files.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The program of a coprocessor among a system's files is data of the system; alone in a package it is the product.
#[test]
fn a_program_beside_a_system_and_alone() {
    let mcuboot = include_bytes!("data/mcu/mcuboot-unsigned.bin").as_slice();
    let program = &mcuboot[0x20..0x20 + 1024];
    let system =
        collect_bytes(&tar(&[("etc/passwd", b"root:*:0:0::/:/bin/sh\n"), ("lib/firmware/radio.bin", program)]));
    assert!(values!(&system, Region).iter().any(|(_, r)| r.format == "cortex-m"));
    for aspect in [Aspect::FirmwareKeys, Aspect::FirmwareAccounts, Aspect::FirmwareServices] {
        assert_eq!(extent(&system, aspect), Extent::Complete, "{aspect:?}");
    }
    let package = collect_bytes(&tar(&[("radio.bin", program), ("notes.txt", b"a text\n")]));
    coverage_is_honest(&package);
}

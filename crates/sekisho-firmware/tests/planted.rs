//! What is planted is found, and its harmless twin is not: the faults of `make_firmware.sh` and more, in a tree made for the test.
//!
//! `SEKISHO_CLEAN_ROOT` names an archive (tar, SquashFS …) of a system without secrets, such as one that debootstrap made: it must give
//! no alarm. `SEKISHO_PLANTED_IMAGE` names the image that the shared `make_firmware.sh` builds.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

use std::collections::BTreeSet;
use std::path::Path;

use sekisho_firmware::FirmwareCollector;
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::fact::{Fact, FoundBy, Observed};
use time::macros::date;

fn collect(path: &Path) -> Collection {
    FirmwareCollector::new(date!(2026 - 01 - 01)).collect(path, "image", "device", &|_| {}).unwrap()
}

/// Path and kind of everything that raises an alarm.
fn alarms(collection: &Collection) -> BTreeSet<(String, String)> {
    let kind = |fact: &Fact| match &fact.observed {
        Observed::Credential(c) if !c.inactive => Some(c.kind.clone()),
        Observed::PrivateKey(_) => Some("private-key".to_owned()),
        _ => None,
    };
    let place = |fact: &Fact| fact.source.path.clone().unwrap_or_default();
    collection.facts.iter().filter_map(|fact| Some((place(fact), kind(fact)?))).collect()
}

/// A made-up secret: random enough, and the same in every run.
fn made(alphabet: &str, length: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        alphabet[(state >> 16) as usize % alphabet.len()]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn planted_secrets_and_their_harmless_twins() {
    let word = |n| made("aQ3xZr8LkWm2BvT9pYs5NcD7fGhJ1eRu4", n);
    let key = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/rsa.pkcs8.pem")).unwrap();
    let planted = [
        ("etc/lighttpd/server.key", key.clone(), "private-key"),
        (
            "etc/config/cloud.conf",
            format!("aws_access_key_id = AKIAQ3XZR2LKWM4BVT7P\naws_secret_access_key = {}\n", word(40)),
            "",
        ),
        ("etc/config/mqtt.conf", "host=127.0.0.1\nusername=gateway\npassword=Sup3rS3cretGateway!\n".into(), "password"),
        (
            "www/js/app.js",
            format!("const cfg = {{ api_token: \"ghp_{}\", base: \"/cgi-bin/\" }};\n", word(36)),
            "github-token",
        ),
        ("etc/shadow-vendor", "root:$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/:19000:0:99999:7:::\n".into(), "password-hash"),
        (
            "etc/wpa_supplicant.conf",
            "network={\n  ssid=\"lab\"\n  psk=\"correct horse\"\n}\n".replace(' ', "-"),
            "wifi-passphrase",
        ),
        ("etc/ddns.xml", "<ddns><user>cam</user>\n<password>kR7-pq2x</password></ddns>\n".into(), "password"),
        ("etc/init.d/S90upload", "#!/bin/sh\nftpput -u cam -p kR7pq2x files.vendor.cn a b\n".into(), "password"),
        ("usr/lib/lua/mail.lua", "local cfg = { smtp_pass = 'kR7pq2x' }\n".into(), "password"),
        ("www/config.php", "<?php $dbPassword = 'kR7pq2x';\n".into(), "password"),
        (
            "etc/azure.json",
            format!("{{\"c\": \"HostName=x.azure-devices.net;SharedAccessKey={}=\"}}\n", word(43)),
            "azure-shared-access-key",
        ),
    ];
    let harmless = [
        ("etc/dropbear/dropbear_rsa_host_key", String::new()),
        (
            "etc/ssl/place-holder.key",
            "-----BEGIN PRIVATE KEY-----\nput your key here\n-----END PRIVATE KEY-----\n".into(),
        ),
        ("etc/mqtt.sample", "# password=Sup3rS3cretGateway!\npassword=\n".into()),
        (
            "etc/init.d/S91upload",
            "#!/bin/sh\npassword=$(cat /data/pw)\nftpput -u cam -p $password h a b\ncurl -u \"$U:$P\" h\n".into(),
        ),
        (
            "www/js/login.js",
            "var t = { password: \"Passwort\", token: '#f8f8f2' }; form.password.value = password;\n".into(),
        ),
        ("www/login.html", "<input type=\"password\" name=\"password\" value=\"password\">\n".into()),
        ("usr/share/doc/x/README", "aws_access_key_id = AKIAQ3XZR2LKWM4BVT7P\n".into()),
        ("usr/lib/python3/x.py", "def f():\n    \"\"\"\n    password = 'kR7pq2x'\n    \"\"\"\n".into()),
        ("etc/app.conf", "token=your_token_here\nurl=ftp://user:password@example.com/\n".into()),
        ("etc/nsswitch.conf", "passwd:         files\nshadow:         files\n".into()),
        ("etc/shadow", "root:*:19000:0:99999:7:::\n".into()),
    ];
    let mut builder = tar::Builder::new(Vec::new());
    let files =
        planted.iter().map(|(path, text, _)| (path, text)).chain(harmless.iter().map(|(path, text)| (path, text)));
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, path, text.as_bytes()).unwrap();
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, &builder.into_inner().unwrap()).unwrap();
    let mut expected: BTreeSet<(String, String)> = planted
        .iter()
        .filter(|(.., kind)| !kind.is_empty())
        .map(|(path, _, kind)| (format!("/{path}"), (*kind).to_owned()))
        .collect();
    for kind in ["aws-access-key", "aws-secret-key"] {
        expected.insert(("/etc/config/cloud.conf".into(), kind.into()));
    }
    assert_eq!(alarms(&collect(file.path())), expected);
}

#[test]
fn a_clean_system_raises_no_alarm() {
    let Some(root) = std::env::var_os("SEKISHO_CLEAN_ROOT") else {
        println!("skipped: SEKISHO_CLEAN_ROOT names no archive");
        return;
    };
    let collection = collect(Path::new(&root));
    assert!(collection.facts.iter().any(|fact| matches!(fact.observed, Observed::Account(_))), "no system in it");
    assert_eq!(alarms(&collection), BTreeSet::new());
}

#[test]
fn the_planted_image() {
    let Some(image) = std::env::var_os("SEKISHO_PLANTED_IMAGE") else {
        println!("skipped: SEKISHO_PLANTED_IMAGE names no image");
        return;
    };
    let expected: BTreeSet<(String, String)> = [
        ("/etc/config/cloud.conf", "aws-access-key"),
        ("/etc/config/cloud.conf", "aws-secret-key"),
        ("/etc/config/mqtt.conf", "password"),
        ("/etc/lighttpd/server.key", "private-key"),
        ("/etc/shadow-vendor", "password-hash"),
        ("/etc/ssh/device_ec.pem", "private-key"),
        ("/www/js/app.js", "github-token"),
    ]
    .into_iter()
    .map(|(path, kind)| (path.to_owned(), kind.to_owned()))
    .collect();
    assert_eq!(alarms(&collect(Path::new(&image))), expected);
}

/// By its package database, as `build.sh` of the example writes it from the packages themselves.
#[test]
fn the_examples_packages_know_what_they_were_built_from() {
    let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/smart-camera/firmware/camera-2.4.0.bin");
    let collection = collect(Path::new(image));
    let packages = collection.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::Component(component) if component.found_by == FoundBy::PackageDatabase => Some(component),
        _ => None,
    });
    let mut renamed = BTreeSet::new();
    for package in packages {
        let source = package.source_package.as_ref().unwrap();
        assert_eq!(source.version, None, "{}", package.name);
        if source.name != package.name {
            renamed.insert((package.name.as_str(), source.name.as_str()));
        }
        // The system calls itself hikaricam: it does not say of which release of Debian its packages are.
        assert!(!package.purl.as_ref().unwrap().contains("distro="), "{package:?}");
    }
    let expected = [
        ("dropbear-bin", "dropbear"),
        ("libc6", "glibc"),
        ("libcrypt1", "libxcrypt"),
        ("libgmp10", "gmp"),
        ("libnettle8", "nettle"),
        ("libpcre2-8-0", "pcre2"),
        ("libssl3", "openssl"),
        ("libtomcrypt1", "libtomcrypt"),
        ("libtommath1", "libtommath"),
        ("libxxhash0", "xxhash"),
        ("lighttpd-mod-openssl", "lighttpd"),
        ("zlib1g", "zlib"),
    ];
    assert_eq!(renamed, BTreeSet::from(expected));
}

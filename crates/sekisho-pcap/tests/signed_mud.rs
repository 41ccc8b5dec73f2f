//! Signatures of MUD files, made by OpenSSL as RFC 8520, section 13.1, shows.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use sekisho_model::collect::{Collection, Collector as _};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Observed, SignatureState};
use sekisho_model::traffic::MudFile;
use sekisho_pcap::MudCollector;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

const OPENSSL: &str = "/usr/bin/openssl";
const MUD: &str = r#"{"ietf-mud:mud": {"mud-version": 1, "mud-url": "https://mud.example/camera.json",
  "mud-signature": "https://mud.example/signatures/of-camera.p7s", "last-update": "2026-01-31T12:00:00Z", "cache-validity": 48,
  "is-supported": true, "systeminfo": "camera",
  "from-device-policy": {"access-lists": {"access-list": [{"name": "from"}]}}},
 "ietf-access-control-list:acls": {"acl": [{"name": "from", "type": "ipv4-acl-type", "aces": {"ace": []}}]}}
"#;

/// A folder with a MUD file, and keys to sign it with.
struct Maker(TempDir);

impl Maker {
    fn start() -> Option<Self> {
        if !Path::new(OPENSSL).exists() {
            assert!(std::env::var_os("CI").is_none(), "{OPENSSL} is not installed");
            eprintln!("skipped: {OPENSSL} is not installed");
            return None;
        }
        let maker = Self(tempfile::tempdir().unwrap());
        fs::write(maker.0.path().join("camera.json"), MUD).unwrap();
        for (name, kind) in [("rsa", "rsa:2048"), ("p256", "ec"), ("p521", "ec")] {
            let curve = if name == "p521" { "ec_paramgen_curve:P-521" } else { "ec_paramgen_curve:P-256" };
            let curve: &[&str] = if kind == "ec" { &["-pkeyopt", curve] } else { &[] };
            let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
            let request = ["req", "-x509", "-newkey", kind, "-nodes", "-days", "30", "-subj", "/O=Maker/CN=MUD signer"];
            maker.openssl(&[&request[..], curve, &["-keyout", &key, "-out", &certificate]].concat());
        }
        Some(maker)
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new(OPENSSL).args(arguments).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn sign(&self, with: &str, out: &str, more: &[&str]) {
        let (key, certificate) = (format!("{with}.key"), format!("{with}.pem"));
        let sign = ["cms", "-sign", "-binary", "-in", "camera.json", "-signer", &certificate, "-inkey", &key];
        self.openssl(&[&sign[..], &["-outform", "DER", "-out", out], more].concat());
    }

    fn collect(&self, now: OffsetDateTime) -> Collection {
        MudCollector::default()
            .at(now)
            .collect(&self.0.path().join("camera.json"), "camera.json", "x", &|_| ())
            .unwrap()
    }

    fn read(&self) -> (MudFile, Extent) {
        of(&self.collect(OffsetDateTime::now_utc()))
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.path().join(name)).unwrap();
    }
}

fn of(collection: &Collection) -> (MudFile, Extent) {
    let Observed::MudFile(file) = &collection.facts[0].observed else { panic!() };
    let coverage = collection.coverage.iter().find(|coverage| coverage.aspect == Aspect::MudFile).unwrap();
    (file.clone(), coverage.extent)
}

#[test]
fn signatures_of_openssl() {
    let Some(maker) = Maker::start() else { return };
    let (file, _) = maker.read();
    assert_eq!((file.signature, &file.signature_file), (SignatureState::Present, &None));
    for (with, more, scheme) in [
        ("rsa", &["-noattr"][..], "cms rsa-2048 sha256"),
        ("rsa", &["-nosmimecap"], "cms rsa-2048 sha256"),
        ("p256", &["-noattr", "-md", "sha384"], "cms ecdsa-p256 sha384"),
        ("p256", &[], "cms ecdsa-p256 sha256"),
        // The file in the message itself: not as the RFC wants it, but it is this file.
        ("p256", &["-nodetach"], "cms ecdsa-p256 sha256"),
    ] {
        maker.sign(with, "of-camera.p7s", more);
        let (file, extent) = maker.read();
        assert_eq!((file.signature, file.signature_scheme.as_deref()), (SignatureState::Consistent, Some(scheme)));
        assert_eq!((file.signature_file.as_deref(), extent), (Some("of-camera.p7s"), Extent::Complete));
        assert_eq!(file.signer.as_deref(), Some("O=Maker, CN=MUD signer"));
        assert_eq!((file.signer_issuer == file.signer, file.signer_in_time), (true, Some(true)));
        let (later, _) = of(&maker.collect(OffsetDateTime::now_utc() + Duration::days(31)));
        assert_eq!((later.signature, later.signer_in_time), (SignatureState::Consistent, Some(false)));
        // One byte of white space more, and it is another file.
        let path = maker.0.path().join("camera.json");
        fs::write(&path, format!("{MUD} ")).unwrap();
        let (altered, extent) = maker.read();
        assert_eq!((altered.signature, extent), (SignatureState::Broken, Extent::Complete), "{scheme} {more:?}");
        fs::write(&path, MUD).unwrap();
    }
    // The name that the file itself gives comes first; without such a file, one by custom. That one is not the file's own word: if it does not fit,
    // it may belong to another edition.
    let path = |name: &str| maker.0.path().join(name);
    fs::copy(path("of-camera.p7s"), path("camera.p7s")).unwrap();
    assert_eq!(maker.read().0.signature_file.as_deref(), Some("of-camera.p7s"));
    maker.remove("of-camera.p7s");
    let (file, extent) = maker.read();
    assert_eq!((file.signature_file.as_deref(), file.signature), (Some("camera.p7s"), SignatureState::Consistent));
    assert_eq!(extent, Extent::Complete);
    fs::write(path("camera.json"), format!("{MUD} ")).unwrap();
    let (file, extent) = maker.read();
    assert_eq!((file.signature, extent), (SignatureState::Present, Extent::Partial));
    // Nor is it where it carries its own content.
    fs::write(path("camera.json"), MUD).unwrap();
    maker.sign("p256", "camera.p7s", &["-nodetach"]);
    fs::write(path("camera.json"), format!("{MUD} ")).unwrap();
    assert_eq!(maker.read().0.signature, SignatureState::Present);
    fs::write(path("camera.json"), MUD).unwrap();
    maker.remove("camera.p7s");
    maker.sign("rsa", "camera.json.p7s", &[]);
    assert_eq!(maker.read().0.signature_file.as_deref(), Some("camera.json.p7s"));
    // All that could be it may be opened by a confined process, and nothing else.
    fs::write(maker.0.path().join("other.p7s"), "").unwrap();
    let beside = MudCollector::default().beside(&maker.0.path().join("camera.json"));
    assert_eq!(beside, ["camera.json.p7s", "other.p7s"].map(|name| maker.0.path().join(name)));
}

#[test]
fn what_cannot_be_verified_is_a_gap() {
    let Some(maker) = Maker::start() else { return };
    maker.sign("rsa", "of-camera.p7s", &["-nocerts"]);
    let without = maker.read();
    maker.sign("p521", "of-camera.p7s", &[]);
    let unknown = maker.read();
    fs::write(maker.0.path().join("of-camera.p7s"), "-----BEGIN CMS-----\n").unwrap();
    let garbage = maker.read();
    for (file, extent) in [without, unknown, garbage] {
        assert_eq!((file.signature, extent), (SignatureState::Present, Extent::Partial));
        assert_eq!(file.signature_file.as_deref(), Some("of-camera.p7s"));
    }
}

#[test]
fn damage_never_fits_and_never_panics() {
    let Some(maker) = Maker::start() else { return };
    maker.sign("p256", "of-camera.p7s", &["-noattr"]);
    let path = maker.0.path().join("of-camera.p7s");
    let good = fs::read(&path).unwrap();
    // The last bytes are the signature itself.
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&path, &changed).unwrap();
    assert_eq!(maker.read().0.signature, SignatureState::Broken);
    proptest!(ProptestConfig::with_cases(64), |(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>())| {
        let mut bytes = good.clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        fs::write(&path, &bytes).unwrap();
        let (file, _) = maker.read();
        prop_assert!(!cut || file.signature == SignatureState::Present);
    });
}

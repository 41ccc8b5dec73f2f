//! Signed packs.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{all_kinds, run};
use minisign::KeyPair;
use sekisho_vulndb::{Database, DatabaseError, pack};

#[test]
fn signed_verified_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    all_kinds(&at("in"));
    let status = run(&[&at("in")], &at("vulns.db")).status;
    let keys = KeyPair::generate_unencrypted_keypair().unwrap();
    fs::write(at("key"), keys.sk.to_box(None).unwrap().into_string()).unwrap();
    fs::write(at("key.pub"), keys.pk.to_box().unwrap().into_string()).unwrap();
    let public = at("key.pub").to_string_lossy().into_owned();

    assert_eq!(pack::export(&at("vulns.db"), &at("pack"), &at("key"), None).unwrap(), status);
    assert_eq!(pack::verify(&at("pack"), &public).unwrap(), status);
    assert_eq!(pack::verify(&at("pack"), &keys.pk.to_base64()).unwrap(), status);
    assert!(Database::open(&at("pack")).unwrap().advisories("PyPI", "foo-bar").unwrap().count() == 2);

    // A password that the key does not need does no harm.
    assert_eq!(pack::export(&at("vulns.db"), &at("pack"), &at("key"), Some("a password")).unwrap(), status);

    // A key that is none is an error, wherever it was cut.
    let secret = fs::read_to_string(at("key")).unwrap();
    for end in 0..secret.trim_end().len() {
        fs::write(at("cut"), &secret[..end]).unwrap();
        assert!(pack::export(&at("vulns.db"), &at("never"), &at("cut"), None).is_err(), "{end}");
        assert!(!at("never").exists());
    }

    // Another key, a changed byte, a changed comment, no signature.
    let other = KeyPair::generate_unencrypted_keypair().unwrap().pk.to_base64();
    assert!(matches!(pack::verify(&at("pack"), &other), Err(DatabaseError::Signature { .. })));
    assert!(pack::verify(&at("pack"), "no key").is_err());
    let signature = pack::signature_path(&at("pack"));
    let text = fs::read_to_string(&signature).unwrap();
    assert!(text.contains(&status.digest));
    for end in 0..text.len() - 1 {
        fs::write(&signature, &text[..end]).unwrap();
        assert!(pack::verify(&at("pack"), &public).is_err() || text[end..].trim().is_empty(), "{end}");
    }
    fs::write(&signature, text.replace("digest ", "digest 0")).unwrap();
    assert!(pack::verify(&at("pack"), &public).is_err());
    fs::write(&signature, &text).unwrap();
    let mut bytes = fs::read(at("pack")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(at("pack"), bytes).unwrap();
    assert!(matches!(pack::verify(&at("pack"), &public), Err(DatabaseError::Signature { .. })));
    fs::remove_file(signature).unwrap();
    assert!(pack::verify(&at("pack"), &public).is_err());
    fs::write(at("key.pub"), "untrusted comment: x\n").unwrap();
    assert!(pack::verify(&at("pack"), &public).is_err());
    // What is damaged is not signed.
    assert!(pack::export(&at("pack"), &at("again"), &at("key"), None).is_err());
    assert!(!at("again").exists());
}

#[test]
fn a_key_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    all_kinds(&at("in"));
    run(&[&at("in")], &at("vulns.db"));
    let keys = KeyPair::generate_encrypted_keypair(Some("open sesame".to_owned())).unwrap();
    fs::write(at("key"), keys.sk.to_box(None).unwrap().into_string()).unwrap();
    let export = |password| pack::export(&at("vulns.db"), &at("pack"), &at("key"), password);
    for password in [None, Some("open barley")] {
        assert!(matches!(export(password), Err(DatabaseError::Signature { .. })), "{password:?}");
        assert!(!at("pack").exists() && !at("pack.part").exists());
    }
    export(Some("open sesame")).unwrap();
    pack::verify(&at("pack"), &keys.pk.to_base64()).unwrap();
}

/// A key, a text and its signature made by the program minisign 0.11 (`minisign -G -W`, `minisign -S`): what it signs is verified, as far as a
/// text is verified before it turns out to be no database.
#[test]
fn signatures_of_the_program_minisign() {
    let folder = tempfile::tempdir().unwrap();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for name in ["text", "text.minisig"] {
        fs::copy(data.join(name), folder.path().join(name)).unwrap();
    }
    let key = data.join("minisign.pub").to_string_lossy().into_owned();
    let text = folder.path().join("text");
    assert!(matches!(pack::verify(&text, &key), Err(DatabaseError::NotADatabase { .. })));
    fs::write(&text, "another text\n").unwrap();
    assert!(matches!(pack::verify(&text, &key), Err(DatabaseError::Signature { .. })));
}

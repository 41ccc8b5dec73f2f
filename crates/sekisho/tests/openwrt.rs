//! Real OpenWrt images: the answers that are known of them, without being told what to look for, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;

use sekisho_test::{run, shared_data};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Assesses an image alone, as the shortest product file there is.
fn assess(image: &str) -> Option<Value> {
    let image = shared_data(&format!("firmware/{image}"))?;
    let folder = tempfile::tempdir().unwrap();
    let image = fs::canonicalize(image).unwrap();
    let product =
        format!("name: Router\ncomponents:\n  - id: router\n    kind: device\n    firmware: {:?}\n", image.display());
    fs::write(folder.path().join("product.yaml"), product).unwrap();
    let transcript = run(SEKISHO, folder.path(), &["assess", "product.yaml", "--format", "json"]);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    Some(transcript.json())
}

fn facts<'a>(assessment: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    assessment["facts"].as_array().unwrap().iter().filter(move |f| f["name"] == name)
}

fn verdict<'a>(assessment: &'a Value, objective: &str) -> &'a str {
    let objectives = assessment["objectives"].as_array().unwrap();
    objectives.iter().find(|o| o["id"] == objective).unwrap()["verdict"].as_str().unwrap()
}

/// What is true of both images.
fn common(assessment: &Value, packages: usize) {
    let installed = facts(assessment, "component").filter(|f| f["value"]["found_by"] == "package-database").count();
    assert_eq!(installed, packages);
    let root = facts(assessment, "account").find(|f| f["value"]["user"] == "root").unwrap();
    assert_eq!(root["value"]["password"], "empty");
    assert_eq!(facts(assessment, "private-key").count(), 0, "empty host-key files are place-holders");
    assert_eq!(facts(assessment, "credential").filter(|f| f["value"]["inactive"] == false).count(), 0);
    let setuid = facts(assessment, "file-mode").filter(|f| f["value"]["setuid"] == true).count();
    assert_eq!(setuid, 0);
    let ssh = facts(assessment, "service").find(|f| f["value"]["program"] == "dropbear").unwrap();
    assert_eq!(ssh["value"]["start"], "boot");
    assert_eq!(verdict(assessment, "auth-no-default-password"), "not-met");
    // Nobody gave a bill of materials: that is not known, not failed.
    assert_eq!(verdict(assessment, "dev-sbom"), "open");
}

#[test]
fn openwrt_19_07_7() {
    let Some(assessment) = assess("openwrt-19.07.7-a5-v11-sysupgrade.bin") else { return };
    common(&assessment, 84);
    assert!(
        facts(&assessment, "service").all(|f| f["value"]["program"] != "telnetd" || f["value"]["start"] == "present")
    );
}

#[test]
fn openwrt_15_05_1() {
    let Some(assessment) = assess("openwrt-15.05.1-a5-v11-sysupgrade.bin") else { return };
    common(&assessment, 91);
    // It starts only for as long as root has neither password nor key: a plain search for "telnetd" gets that half right.
    let telnet = facts(&assessment, "service").find(|f| f["value"]["program"] == "telnetd").unwrap();
    assert_eq!(telnet["value"]["start"], "conditional");
    assert!(telnet["value"]["condition"].is_string());
}

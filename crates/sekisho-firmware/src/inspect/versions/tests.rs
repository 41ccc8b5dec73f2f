//! The rules' own examples, and the rules against programs whose version is known.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests stop where something is wrong, and say what they skip"
)]

use std::path::Path;

use sekisho_yaml::{Document, Limits};

use super::*;
use crate::tree::Entry as FileEntry;
use aho_corasick::AhoCorasick;

/// The rule files as they are now.
fn rules() -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("components");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| {
            let file = path.display().to_string();
            Document::parse(&file, std::fs::read(path).unwrap(), &Limits::default()).unwrap().decode().unwrap()
        })
        .collect()
}

fn program(strings: &[String]) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x01\x01\x01\0".to_vec();
    for string in strings {
        bytes.extend_from_slice(string.as_bytes());
        bytes.push(0);
    }
    bytes
}

fn found_in(rules: &Rules, automaton: &AhoCorasick, path: &str, bytes: &[u8]) -> Vec<Component> {
    let entry = FileEntry { path: path.into(), ..FileEntry::default() };
    let file = FileInput { entry: &entry, bytes, text: None, today: time::Date::MIN };
    let hits = automaton
        .find_overlapping_iter(bytes)
        .map(|found| Hit { literal: found.pattern().as_usize(), at: found.start() });
    conclude(rules, &file, super::super::binaries::parse(bytes).as_ref(), hits)
        .into_iter()
        .filter_map(|seen| match seen.observed {
            Observed::Component(component) => Some(component),
            _ => None,
        })
        .collect()
}

fn of(path: &str, strings: &[&str]) -> Vec<(String, String)> {
    let strings: Vec<String> = strings.iter().map(|&s| s.to_owned()).collect();
    let automaton = AhoCorasick::new(literals()).unwrap();
    found_in(&RULES, &automaton, path, &program(&strings)).into_iter().map(|c| (c.name, c.version.unwrap())).collect()
}

#[test]
fn every_example_holds() {
    let all = rules();
    assert!(all.len() >= 120, "{} components", all.len());
    let ready = Rules::new(all.clone());
    let automaton = AhoCorasick::new(ready.literals()).unwrap();
    let mut wrong = Vec::new();
    for rule in &all {
        for example in &rule.examples {
            let path = format!("/x/{}", example.file.as_deref().unwrap_or("program"));
            let found = found_in(&ready, &automaton, &path, &program(&example.strings));
            let versions: Vec<&str> =
                found.iter().filter(|c| c.name == rule.name).filter_map(|c| c.version.as_deref()).collect();
            if versions != example.version.as_deref().into_iter().collect::<Vec<_>>() {
                wrong.push(format!("{}: {example:?} gave {versions:?}", rule.name));
            }
            // What one rule's example shows, no other rule may see.
            if let Some(other) = found.iter().find(|c| c.name != rule.name) {
                wrong.push(format!("{}: {example:?} gave {} too", rule.name, other.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_embedded_is_what_the_files_say() {
    let files: Vec<_> = rules()
        .into_iter()
        .map(|mut rule| {
            rule.examples.clear();
            serde_json::to_value(rule).unwrap()
        })
        .collect();
    let embedded: Vec<serde_json::Value> =
        serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/components.json"))).unwrap();
    assert_eq!(files, embedded);
}

#[test]
fn banners_in_programs() {
    let found = of("/bin/busybox", &["BusyBox v1.30.1 (2021-02-15 15:22:37 UTC)", "x"]);
    assert_eq!(found, [("busybox".into(), "1.30.1".into())]);
    let found = of("/usr/sbin/dnsmasq", &["2.80", "Dnsmasq version %s  %s"]);
    assert_eq!(found, [("dnsmasq".into(), "2.80".into())]);
    let found = of("/lib/libuClibc-0.9.33.2.so", &[]);
    assert_eq!(found, [("uclibc".into(), "0.9.33.2".into())]);
}

#[test]
fn a_mention_is_no_banner() {
    assert_eq!(of("/bin/x", &["needs BusyBox v1.30 or later", "OpenSSL is required"]), []);
    assert_eq!(of("/bin/x", &["see nginx/1.18.0 and others"]), []);
}

#[test]
fn signs_that_only_conclude_must_agree() {
    assert_eq!(of("/usr/bin/wget", &["1.20", "Wget/%s", "x", "1.21", "Wget/%s"]), []);
}

#[test]
fn a_kernel_in_an_image_name() {
    assert_eq!(kernel_from_image_name("MIPS OpenWrt Linux-4.14.221").unwrap().version.as_deref(), Some("4.14.221"));
    assert!(kernel_from_image_name("Linux kernel").is_none());
}

#[test]
fn a_place_in_the_file_is_told() {
    let bytes = program(&["one".into(), "BusyBox v1.30.1 (2021)".into()]);
    let entry = FileEntry { path: "/bin/busybox".into(), ..FileEntry::default() };
    let file = FileInput { entry: &entry, bytes: &bytes, text: None, today: time::Date::MIN };
    let hits = crate::inspect::literals::find(file.bytes).components;
    assert_eq!(identify(&file, None, hits.into_iter())[0].at, Some(12));
}

proptest::proptest! {
    /// Literals in the middle of anything, cut anywhere: no panic, and never more than the file can hold.
    #[test]
    fn any_bytes_will_do(
        parts in proptest::collection::vec((0..10_000_usize, proptest::collection::vec(proptest::prelude::any::<u8>(), 0..12)), 0..20),
        file in "(lib)?[a-z]{2,8}(\\.so)?(\\.[0-9]{1,2}){0,3}",
    ) {
        let mut bytes = b"\x7fELF".to_vec();
        for (literal, around) in &parts {
            bytes.extend(around);
            bytes.extend(literals()[literal % literals().len()].as_bytes());
        }
        let automaton = AhoCorasick::new(literals()).unwrap();
        let found = found_in(&RULES, &automaton, &format!("/{file}"), &bytes);
        proptest::prop_assert!(found.len() <= 2 * parts.len() + 10);
    }
}

mod known;

/// What looking at the first program costs; printed, because a busy machine's clock proves nothing.
#[test]
fn getting_ready_is_cheap() {
    let begun = std::time::Instant::now();
    let ready =
        Rules::new(serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/components.json"))).unwrap());
    let read = begun.elapsed();
    let automaton = AhoCorasick::new(ready.literals()).unwrap();
    println!(
        "{} literals: read in {read:?}, searchable after {:?}, {} KB",
        ready.literals().len(),
        begun.elapsed(),
        automaton.memory_usage() >> 10
    );
    assert!(ready.literals().len() > 250);
    // A literal that is found everywhere makes every file slow.
    assert!(ready.literals().iter().all(|literal| literal.len() >= 4));
}

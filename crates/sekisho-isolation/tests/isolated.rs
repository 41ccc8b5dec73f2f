//! The parent against workers that do not behave. The workers here are shell scripts.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::fs;
use std::time::Duration;

use sekisho_isolation::{Bounds, Isolated, Layer, Message, Start};
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Account, Fact, Observed, Source};

fn fact(user: &str) -> Fact {
    let account = Account { user: user.into(), ..Account::default() };
    Fact { observed: Observed::Account(account), subject: String::new(), source: Source::default() }
}

fn line(message: &Message) -> String {
    serde_json::to_string(message).unwrap()
}

/// What a worker that does `script` leaves; `$1` to `$n` are `lines`.
fn run(script: &str, lines: &[Message], bounds: Bounds) -> (Isolated, Result<Collection, CollectError>) {
    let folder = tempfile::tempdir().unwrap();
    let artefact = folder.path().join("image.bin");
    fs::write(&artefact, b"image").unwrap();
    let mut arguments = vec!["-c".into(), script.into(), "worker".into()];
    arguments.extend(lines.iter().map(|message| line(message).into()));
    let start = Start { program: "/bin/sh".into(), arguments };
    let isolated = Isolated::new(ArtefactKind::Firmware, &Aspect::FIRMWARE, start, bounds);
    let collection = isolated.collect(&artefact, "image.bin", "camera", &|_| {});
    (isolated, collection)
}

/// Checks a collection that was cut short: the facts, and a gap in every aspect. Gives the reason.
fn cut_short(collection: &Collection, facts: usize) -> String {
    assert_eq!(collection.facts.len(), facts);
    assert!(collection.facts.iter().all(|f| f.subject == "camera" && f.source.artefact == "image.bin"));
    assert_eq!(collection.coverage.len(), Aspect::FIRMWARE.len());
    let extent = if facts == 0 { Extent::None } else { Extent::Partial };
    assert!(collection.coverage.iter().all(|c| c.extent == extent && c.gaps.len() == 1));
    assert_eq!((collection.artefact.size, collection.artefact.sha256.as_deref()), (Some(5), None));
    collection.coverage[0].gaps[0].reason.en.clone()
}

#[test]
fn a_crash_leaves_what_was_found() {
    let lines = [
        Message::Confined(vec![Layer::Files, Layer::Resources]),
        Message::Facts(vec![fact("root"), fact("admin")]),
        Message::Facts(vec![fact("root")]),
    ];
    let (isolated, collection) = run("printf '%s\\n' \"$1\" \"$2\" \"$3\"; kill -SEGV $$", &lines, Bounds::default());
    let reason = cut_short(&collection.unwrap(), 2);
    assert!(reason.contains("signal: 11"), "{reason}");
    assert_eq!(isolated.missing(), [Layer::SystemCalls]);
}

#[test]
fn parts_that_were_told_are_kept() {
    let lines = [Message::Facts(vec![fact("root")]), Message::Part(vec![fact("root"), fact("admin")])];
    let collection = run("printf '%s\\n' \"$1\" \"$2\"; kill -SEGV $$", &lines, Bounds::default()).1;
    cut_short(&collection.unwrap(), 2);
}

#[test]
fn one_that_runs_out_of_memory_says_so() {
    let script = "echo 'memory allocation of 4096 bytes failed' >&2; kill -ABRT $$";
    let reason = cut_short(&run(script, &[], Bounds::default()).1.unwrap(), 0);
    assert!(reason.contains("2048 MiB of memory"), "{reason}");
}

#[test]
fn one_that_does_not_end_is_ended() {
    let bounds = Bounds { time: Duration::from_millis(300), ..Bounds::default() };
    let lines = [Message::Facts(vec![fact("root")])];
    let (_, collection) = run("printf '%s\\n' \"$1\"; exec sleep 1000", &lines, bounds);
    let reason = cut_short(&collection.unwrap(), 1);
    assert!(reason.contains("was ended after"), "{reason}");
}

#[test]
fn one_that_talks_nonsense_is_not_believed() {
    let reason = cut_short(&run("echo '{\"say\":\"done\"}'; echo nonsense", &[], Bounds::default()).1.unwrap(), 0);
    assert!(reason.contains("failed"), "{reason}");
}

#[test]
fn one_that_is_done_is_believed_under_the_names_that_the_parent_gives() {
    let artefact = Artefact {
        name: "/somewhere/else".into(),
        kind: ArtefactKind::Firmware,
        subject: String::new(),
        size: Some(5),
        sha256: Some("00".into()),
        made: None,
    };
    let done = Collection { artefact, facts: vec![fact("root")], coverage: Vec::new() };
    let lines = [Message::Part(vec![fact("admin"), fact("guest")]), Message::Done(Box::new(done))];
    let collection = run("printf '%s\\n' \"$1\" \"$2\"", &lines, Bounds::default()).1.unwrap();
    // Parts come in their order, before what is told at the end.
    assert_eq!(collection.facts.iter().map(|f| f.observed.clone()).collect::<Vec<_>>(), {
        ["admin", "guest", "root"].map(|user| fact(user).observed)
    });
    assert_eq!((collection.artefact.name.as_str(), collection.artefact.subject.as_str()), ("image.bin", "camera"));
    assert_eq!(collection.facts[0].source.artefact, "image.bin");
}

#[test]
fn a_worker_that_cannot_be_started_is_an_error() {
    let start = Start { program: "/nonexistent".into(), arguments: Vec::new() };
    let isolated = Isolated::new(ArtefactKind::Firmware, &Aspect::FIRMWARE, start, Bounds::default());
    let folder = tempfile::tempdir().unwrap();
    let artefact = folder.path().join("image.bin");
    fs::write(&artefact, b"image").unwrap();
    let error = isolated.collect(&artefact, "image.bin", "camera", &|_| {}).unwrap_err();
    assert!(matches!(error, CollectError::Io { .. }), "{error:?}");
}

//! Replays the corpus of every fuzz target through the very functions that are fuzzed: an input that once failed stays mended.

#![expect(clippy::unwrap_used, reason = "a test may")]

#[expect(unreachable_pub, reason = "a library there, a module here")]
#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::time::Instant;

use targets::TARGETS;

/// Far beyond what any of the small inputs needs, even in an unoptimised build on a busy machine.
const SLOW: u64 = 60;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn replay(name: &str) {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).expect("a target");
    let corpus = fuzz().join("corpus").join(name);
    let names = names(&corpus);
    assert!(!names.is_empty(), "the corpus of {name} is empty");
    for name in names {
        let file = corpus.join(name);
        let data = fs::read(&file).unwrap();
        let begun = Instant::now();
        let outcome = panic::catch_unwind(|| target(&data));
        assert!(outcome.is_ok(), "{} makes its target fail, see above", file.display());
        assert!(begun.elapsed().as_secs() < SLOW, "{} took {:?}", file.display(), begun.elapsed());
    }
}

macro_rules! replays {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_target_has_a_binary_a_corpus_and_a_test() {
            let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(targets, BTreeSet::from([$(stringify!($name).to_owned()),*]));
            assert_eq!(targets, names(&fuzz().join("corpus")));
            let binaries = names(&fuzz().join("fuzz_targets"));
            assert_eq!(targets.iter().map(|name| format!("{name}.rs")).collect::<BTreeSet<_>>(), binaries);
        }
    };
}

replays! {
    build_configuration capture expr firmware_file firmware_formats firmware_image firmware_system import message mud product published results
    sbom security_txt version vulndb_open vulnerabilities yaml
}

//! The rules against programs whose product and version are known.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use super::*;

fn shared() -> Option<PathBuf> {
    let base = std::env::var_os("SEKISHO_SHARED_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let folder = base.join("binaries/condensed");
    if !folder.exists() {
        println!("skipped: binaries/condensed is not in the shared data (set SEKISHO_SHARED_DATA)");
        return None;
    }
    Some(folder)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The list cuts levels and suffixes off; the name of the archive has them. More than the list says is right where the archive's name
/// says it too, or where it is only the level of a pre-release.
fn is_version(told: &str, listed: &str, archive: &str) -> bool {
    let told = sekisho_version::order::upstream(told);
    let Some(rest) = told.strip_prefix(listed) else { return false };
    rest.is_empty()
        || squeezed(archive).contains(&squeezed(told))
        || regex::Regex::new(r"^[-.~]?(rc|beta|b|alpha|op|p)\d+$").unwrap().is_match(rest)
}

/// The 199 program files of `shared/data/binaries/condensed`: what is left of each is its strings.
#[test]
fn known_programs_exactly_or_not_at_all() {
    let Some(folder) = shared() else { return };
    let ready = Rules::new(rules());
    let automaton = AhoCorasick::new(ready.literals()).unwrap();
    let table = std::fs::read_to_string(folder.join("truth.csv")).unwrap();
    let (mut exact, mut by_note, mut none, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for row in table.lines().skip(1) {
        let row: Vec<&str> = row.split(',').collect();
        let [archive, product, version, others, ..] = row.as_slice() else { panic!("{row:?}") };
        let file = std::fs::File::open(folder.join(archive)).unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
        let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            if !bytes.starts_with(b"\x7fELF") {
                continue;
            }
            for component in found_in(&ready, &automaton, &format!("/{path}"), &bytes) {
                let product = component.cpe.as_deref().and_then(|cpe| cpe.split(':').nth(4)).unwrap_or_default();
                let name = if component.found_by == FoundBy::BuildInfo { String::new() } else { component.name };
                found.insert((format!("{name} {product}"), component.version.unwrap()), path.clone());
            }
        }
        let named = |names: &str, product: &str| names.split(' ').any(|name| name == product);
        let (mut right, mut by_rule) = (false, false);
        for ((names, told), path) in &found {
            // What the distribution noted in the program is right if the archive is of that version.
            let noted = names.trim().is_empty() && squeezed(archive).contains(&squeezed(told));
            if noted || (named(names, product) && is_version(told, version, archive)) {
                right = true;
                by_rule |= !noted;
            } else if !others.split_whitespace().any(|other| named(names, other)) {
                wrong.push(format!("{archive}: {product} {version}: {names} {told} in {path}"));
            }
        }
        if right {
            exact += 1;
            by_note += usize::from(!by_rule);
        } else {
            none.push(format!("{archive}: {product} {version}"));
        }
    }
    println!(
        "exact {exact} ({by_note} only by the note of their package), none {}, wrong {}\n{}\nWRONG\n{}",
        none.len(),
        wrong.len(),
        none.join("\n"),
        wrong.join("\n")
    );
    assert!(wrong.is_empty());
    assert!(exact * 100 >= (exact + none.len()) * 95);
}

/// What Debian's maintainers add to a version: `1.4.59-1+deb11u1`, `2.0.7-4.1`, `8.2112.0+dfsg1`, `4.4.1~git2020`.
fn upstream(packaged: &str) -> &str {
    let version = sekisho_version::order::upstream(packaged);
    let version = version.split('+').next().unwrap_or(version);
    version.trim_end_matches(".dfsg").trim_end_matches("~dfsg").trim_end_matches("~ds").trim_end_matches("-stable")
}

/// The programs of Debian packages, which the rules were not written by; `tests/known_packages.sh` fetches them.
#[test]
fn known_packages_exactly_or_not_at_all() {
    let Some(folder) = std::env::var_os("SEKISHO_KNOWN_PACKAGES").map(PathBuf::from) else {
        println!("skipped: SEKISHO_KNOWN_PACKAGES does not name the folder that tests/known_packages.sh filled");
        return;
    };
    let ready = Rules::new(rules());
    let automaton = AhoCorasick::new(ready.literals()).unwrap();
    let list = include_str!("../../../../tests/known_packages.txt");
    let (mut exact, mut none, mut wrong, mut others) = (0, Vec::new(), BTreeMap::new(), BTreeMap::new());
    for suite in ["bullseye", "bookworm", "trixie", "sid"] {
        for (package, name) in list.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(' ')) {
            let folder = folder.join("programs").join(suite);
            let Ok(packaged) = std::fs::read_to_string(folder.join(format!("{package}.version"))) else { continue };
            // What was packaged between two releases tells the one or the other.
            if ["+git", "+openresty", "+20", "~git"].iter().any(|mark| packaged.contains(mark)) {
                continue;
            }
            let expected = upstream(packaged.trim());
            let mut right = false;
            for path in files(&folder.join(package)) {
                let bytes = std::fs::read(&path).unwrap();
                if !bytes.starts_with(b"\x7fELF") || bytes.len() > 64 << 20 {
                    continue;
                }
                for component in found_in(&ready, &automaton, &path.display().to_string(), &bytes) {
                    let told = component.version.unwrap();
                    if component.name != name {
                        let place = format!("{suite} {package}");
                        others.entry(format!("{} {told}", component.name)).or_insert_with(Vec::new).push(place);
                    } else if is_release(&told, expected) || TELL_OTHERWISE.contains(&(name, expected, &told)) {
                        right = true;
                    } else {
                        let place = format!("{suite} {package} {}: {name} {told}", packaged.trim());
                        wrong.entry(place).or_insert_with(|| path.display().to_string());
                    }
                }
            }
            if right {
                exact += 1;
            } else {
                none.push(format!("{suite} {package} {name} {expected}"));
            }
        }
    }
    println!("exact {exact}, none {}, wrong {}", none.len(), wrong.len());
    println!(
        "NONE\n{}\nWRONG\n{}\nOTHERS",
        none.join("\n"),
        wrong.iter().map(|(what, path)| format!("{what} in {path}")).collect::<Vec<_>>().join("\n")
    );
    for (other, places) in others {
        println!("{other}: {}", places.join(", "));
    }
    assert!(wrong.is_empty());
}

/// Whether a program's version is the package's: the same but for what stands between the numbers, and for zeros at the end; or the same
/// with a level that Debian leaves out (Bash 5.1.4 is in `5.1-2`).
fn is_release(told: &str, expected: &str) -> bool {
    let plain = |version: &str| squeezed(version.trim_end_matches(".0"));
    [told, upstream(told)].iter().any(|told| {
        plain(told) == plain(expected) || told.strip_prefix(expected).is_some_and(|rest| rest.starts_with('.'))
    })
}

/// Programs that tell another version than their package has, because their own makers released them so or Debian built them so.
const TELL_OTHERWISE: [(&str, &str, &str); 6] = [
    ("trousers", "0.3.14", "0.3.13"),
    ("paho-mqtt-c", "1.3.12", "1.3.11"),
    ("openssh", "10.0p1", "10.0p2"),
    ("libgcrypt", "1.8.7", "1.8.8"),
    ("iproute2", "5.10.0", "5.9.0"),
    ("rtl_433", "26.07", "25.12"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => all.push(entry.path()),
                _ => {}
            }
        }
    }
    all.sort();
    all
}

//! Versions that programs carry in their own strings.
//!
//! Only program files are looked at: a text that mentions a version is no component. A rule of [`table`] names a literal; where a file
//! has it, the printable string around it must match the rule's pattern, or the version must be the string beside it.

mod table;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use goblin::elf::Elf;
use regex::Regex;
use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{FileInput, Seen};
use table::{RULES, Rule, Where};

/// The kernel's name, as the NVD has it.
const KERNEL: &str = "linux_kernel";
/// Longest string looked at: no banner is longer.
const MAX_STRING: usize = 512;
/// Hits of one rule in one file that are looked at.
const MAX_HITS: usize = 1000;

struct Compiled {
    automaton: Option<AhoCorasick>,
    /// The pattern of each rule.
    patterns: Vec<Option<Pattern>>,
}

enum Pattern {
    Text(Regex),
    Bytes(regex::bytes::Regex),
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Compiled {
    automaton: AhoCorasick::new(RULES.iter().map(|rule| rule.literal)).ok(),
    patterns: RULES
        .iter()
        .map(|rule| match rule.place {
            Where::String(pattern) | Where::Beside(pattern) => Regex::new(pattern).ok().map(Pattern::Text),
            Where::Alone(pattern) => regex::bytes::Regex::new(pattern).ok().map(Pattern::Bytes),
        })
        .collect(),
});

/// The components that an ELF file's strings name.
pub(super) fn inspect(file: &FileInput<'_>, elf: Option<&Elf<'_>>) -> Vec<Seen> {
    let mut seen: Vec<Seen> = search(file.bytes, |rule| {
        let named = rule.files.is_empty() || rule.files.iter().any(|prefix| file.name().starts_with(prefix));
        // A program that is linked against a shared library repeats what it was built with; what lies in the image is the library.
        let linked = !rule.library.is_empty()
            && !file.name().starts_with(rule.library)
            && is_linked(file.bytes, elf, rule.library);
        named && !linked
    })
    .into_iter()
    .map(|(_, seen)| seen)
    .collect();
    if let Some(component) = from_file_name(file.name()) {
        seen.push(Seen::in_string(Observed::Component(component), file.name()));
    }
    seen
}

/// Whether a program is linked against a shared library whose file's name begins like this.
fn is_linked(bytes: &[u8], elf: Option<&Elf<'_>>, library: &str) -> bool {
    match elf {
        Some(elf) => elf.libraries.iter().any(|l| l.starts_with(library)),
        // Of a file that is not whole the strings are what is left.
        None => memchr::memmem::find(bytes, format!("{}.so", library.trim_end_matches('.')).as_bytes()).is_some(),
    }
}

/// Banners of boot loaders, kernels and firmware frameworks in program code without a file system, with their offsets.
pub(crate) fn banners(bytes: &[u8]) -> Vec<(usize, Seen)> {
    search(bytes, |rule| rule.raw)
}

/// What kind of code these findings show: `linux-kernel`, `u-boot`.
pub(crate) fn code_kind(found: &[(u64, Seen)]) -> Option<&'static str> {
    let named = |wanted: &str| {
        found.iter().any(|(_, seen)| matches!(&seen.observed, Observed::Component(c) if c.name == wanted))
    };
    [(KERNEL, "linux-kernel"), ("u-boot", "u-boot"), ("esp-idf", "esp-idf"), ("zephyr", "zephyr")]
        .into_iter()
        .find_map(|(name, kind)| named(name).then_some(kind))
}

/// The kernel that an image's name field tells of, such as `MIPS OpenWrt Linux-4.14.221`.
pub(crate) fn kernel_from_image_name(name: &str) -> Option<Component> {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bLinux[- ](\d+\.\d+(?:\.\d+)?)").ok());
    let version = PATTERN.as_ref()?.captures(name)?.get(1)?.as_str();
    Some(kernel(version))
}

/// A component that the header of an image names with its version. What is no release (`4.4-dev-23-gc0ffee`) has no CPE name.
pub(crate) fn from_header(name: &str, cpe: &str, version: &str) -> Component {
    let release = version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    Component { found_by: FoundBy::ImageHeader, ..component(name, if release { cpe } else { "" }, version) }
}

/// The kernel in `version`.
pub(crate) fn kernel(version: &str) -> Component {
    Component { found_by: FoundBy::KernelBanner, ..component(KERNEL, "o:linux:linux_kernel", version) }
}

fn search(bytes: &[u8], applies: impl Fn(&Rule) -> bool) -> Vec<(usize, Seen)> {
    let compiled = &*COMPILED;
    let Some(automaton) = &compiled.automaton else { return Vec::new() };
    let mut hits: BTreeMap<usize, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let mut known: HashSet<(&str, String)> = HashSet::new();
    for hit in automaton.find_overlapping_iter(bytes) {
        let index = hit.pattern().as_usize();
        let rule = &RULES[index];
        if !applies(rule) {
            continue;
        }
        let count = hits.entry(index).or_default();
        *count += 1;
        if *count > MAX_HITS {
            continue;
        }
        let Some(pattern) = &compiled.patterns[index] else { continue };
        let string = string_around(bytes, hit.range());
        let version = match (rule.place, pattern) {
            (Where::Beside(_), Pattern::Text(pattern)) => beside(bytes, &string, pattern),
            (_, Pattern::Text(pattern)) => {
                pattern.captures(&text(bytes, &string)).and_then(|c| c.get(1)).map(|m| m.as_str().to_owned())
            }
            (_, Pattern::Bytes(pattern)) => alone(bytes, pattern),
        };
        let Some(version) = version else { continue };
        let at = string.start;
        if !known.insert((rule.name, version.clone())) {
            continue;
        }
        let mut component = component(rule.name, rule.cpe, &version);
        if rule.name == KERNEL {
            component.found_by = FoundBy::KernelBanner;
        }
        found.push((at, Seen::in_string(Observed::Component(component), &text(bytes, &string))));
    }
    found
}

/// A printable character of a string as `strings` sees it.
fn printable(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) || byte == b'\t'
}

/// The printable run around `hit`, cut to [`MAX_STRING`] on either side.
fn string_around(bytes: &[u8], hit: Range<usize>) -> Range<usize> {
    let low = hit.start.saturating_sub(MAX_STRING);
    let high = (hit.end + MAX_STRING).min(bytes.len());
    let start = bytes[low..hit.start].iter().rposition(|&b| !printable(b)).map_or(low, |i| low + i + 1);
    let end = bytes[hit.end..high].iter().position(|&b| !printable(b)).map_or(high, |i| hit.end + i);
    start..end
}

fn text(bytes: &[u8], range: &Range<usize>) -> String {
    String::from_utf8_lossy(&bytes[range.clone()]).into_owned()
}

/// The version in the string just before or just after `string`; none where both could be one and differ.
fn beside(bytes: &[u8], string: &Range<usize>, pattern: &Regex) -> Option<String> {
    // Strings are aligned to four or eight bytes at most.
    const GAP: usize = 8;
    let version = |at: usize| {
        let text = text(bytes, &string_around(bytes, at..at));
        pattern.captures(&text).and_then(|c| c.get(1)).map(|m| m.as_str().to_owned())
    };
    let before = (1..=GAP)
        .map_while(|i| string.start.checked_sub(i))
        .find(|&at| printable(bytes[at]))
        .and_then(|at| version(at + 1));
    let after = (0..GAP)
        .map(|i| string.end + i)
        .take_while(|&at| at < bytes.len())
        .find(|&at| printable(bytes[at]))
        .and_then(version);
    match (before, after) {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => a.or(b),
    }
}

/// The version in the only string that fits; none where several different ones do.
fn alone(bytes: &[u8], pattern: &regex::bytes::Regex) -> Option<String> {
    let mut found: Option<&[u8]> = None;
    for captures in pattern.captures_iter(bytes).take(100) {
        let version = captures.get(1)?.as_bytes();
        if found.is_some_and(|other| other != version) {
            return None;
        }
        found = Some(version);
    }
    found.map(|version| String::from_utf8_lossy(version).into_owned())
}

/// C libraries carry their version in their file's name.
fn from_file_name(name: &str) -> Option<Component> {
    static PATTERN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:libuClibc|ld-uClibc|ld64-uClibc)-(\d+\.\d+\.\d+(?:\.\d+)?)\.so$").ok());
    let version = PATTERN.as_ref()?.captures(name)?.get(1)?.as_str();
    Some(component("uclibc", "a:uclibc:uclibc", version))
}

fn component(name: &str, cpe: &str, version: &str) -> Component {
    Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: purl::build("generic", None, name, Some(version)),
        cpe: cpe_name(cpe, version),
        found_by: FoundBy::VersionString,
        ..Component::default()
    }
}

/// The CPE 2.3 name of `part:vendor:product` in `version`; none where the table knows none.
fn cpe_name(cpe: &str, version: &str) -> Option<String> {
    if cpe.is_empty() {
        return None;
    }
    // The NVD splits OpenSSH's portable level off as an update.
    let (version, update) = match version.split_once('p') {
        Some((version, level)) if cpe.ends_with(":openssh") => (version, format!("p{level}")),
        _ => (version, "*".to_owned()),
    };
    let version = version.trim_end_matches("-devel");
    let mut escaped = String::new();
    for c in version.to_ascii_lowercase().chars() {
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Some(format!("cpe:2.3:{cpe}:{escaped}:{update}:*:*:*:*:*:*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(path: &str, strings: &[&str]) -> Vec<(String, String)> {
        let mut bytes = b"\x7fELF\x01\x01\x01\0".to_vec();
        for string in strings {
            bytes.extend_from_slice(string.as_bytes());
            bytes.push(0);
        }
        let entry = Entry { path: path.into(), ..Entry::default() };
        let file = FileInput { entry: &entry, bytes: &bytes, text: None, today: time::Date::MIN };
        inspect(&file, None)
            .into_iter()
            .map(|seen| {
                let Observed::Component(c) = seen.observed else { panic!() };
                (c.name, c.version.unwrap())
            })
            .collect()
    }

    #[test]
    fn every_rule_compiles_and_captures_a_version() {
        for (rule, pattern) in RULES.iter().zip(&COMPILED.patterns) {
            let pattern = pattern.as_ref().unwrap_or_else(|| panic!("{}: pattern does not compile", rule.name));
            let groups = match pattern {
                Pattern::Text(pattern) => pattern.captures_len(),
                Pattern::Bytes(pattern) => pattern.captures_len(),
            };
            assert_eq!(groups, 2, "{}", rule.name);
            assert!(rule.cpe.is_empty() || rule.cpe.split(':').count() == 3, "{}", rule.name);
        }
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
    fn a_kernel_in_an_image_name() {
        assert_eq!(kernel_from_image_name("MIPS OpenWrt Linux-4.14.221").unwrap().version.as_deref(), Some("4.14.221"));
        assert!(kernel_from_image_name("Linux kernel").is_none());
    }

    #[test]
    fn cpe_names() {
        assert_eq!(cpe_name("a:openbsd:openssh", "6.8p1").unwrap(), "cpe:2.3:a:openbsd:openssh:6.8:p1:*:*:*:*:*:*");
        assert_eq!(cpe_name("", "1"), None);
    }
}

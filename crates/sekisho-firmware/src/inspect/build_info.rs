//! What compilers write into programs: Go's build information, Rust's list of dependencies (cargo-auditable).

use std::io::Read;

use flate2::read::ZlibDecoder;
use goblin::elf::Elf;
use memchr::memmem;
use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::Seen;

/// Dependencies of one program.
const MAX_DEPENDENCIES: usize = 5000;
/// Bytes of a list of dependencies, unpacked (cargo-auditable's own reader has the same order of limit).
const MAX_LIST: u64 = 8 << 20;

/// What the compiler of a program wrote into it.
pub(super) fn inspect(bytes: &[u8], elf: &Elf<'_>) -> Vec<Seen> {
    let mut seen = go(bytes, elf);
    seen.extend(rust(bytes, elf));
    seen
}

fn section<'a>(bytes: &'a [u8], elf: &Elf<'_>, name: &str) -> Option<(usize, &'a [u8])> {
    let header = elf.section_headers.iter().find(|header| elf.shdr_strtab.get_at(header.sh_name) == Some(name))?;
    let range = header.file_range()?;
    Some((range.start, bytes.get(range)?))
}

fn seen(component: Component, at: usize) -> Seen {
    let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
    let mut seen = Seen::in_string(Observed::Component(component), &excerpt);
    seen.at = Some(at as u64);
    seen
}

/// Go's build information (Go source, `debug/buildinfo`: "The build info blob left by the linker").
fn go(bytes: &[u8], elf: &Elf<'_>) -> Vec<Seen> {
    const MAGIC: &[u8] = b"\xff Go buildinf:";
    let Some((start, section)) = section(bytes, elf, ".go.buildinfo") else { return Vec::new() };
    let Some(at) = memmem::find(section, MAGIC) else { return Vec::new() };
    let Some((version, modules)) = section.get(at..).and_then(|blob| go_strings(blob, bytes, elf)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    // `go1.20.1`, with what was switched on behind a blank.
    let release = version
        .split(' ')
        .next()
        .and_then(|v| v.strip_prefix("go"))
        .filter(|v| v.starts_with(|c: char| c.is_ascii_digit()));
    if let Some(release) = release {
        all.push(Component {
            name: "go".to_owned(),
            version: Some(release.to_owned()),
            purl: purl::build("golang", None, "stdlib", Some(release)),
            cpe: Some(format!("cpe:2.3:a:golang:go:{release}:*:*:*:*:*:*:*")),
            found_by: FoundBy::BuildInfo,
            licences: vec!["BSD-3-Clause".to_owned()],
            ..Component::default()
        });
    }
    for line in modules.lines() {
        let mut fields = line.split('\t');
        let (kind, path, version) = (fields.next(), fields.next(), fields.next());
        let (Some(kind @ ("mod" | "dep" | "=>")), Some(path), Some(version)) = (kind, path, version) else { continue };
        // What stands behind an arrow was built in place of what stands before it.
        if kind == "=>" {
            all.pop();
        }
        all.extend(go_module(path, version));
        if all.len() > MAX_DEPENDENCIES {
            break;
        }
    }
    all.into_iter().map(|component| seen(component, start.saturating_add(at))).collect()
}

fn go_module(path: &str, version: &str) -> Option<Component> {
    if path.is_empty() || path.len() > 512 || version.len() > 128 {
        return None;
    }
    let version = Some(version).filter(|v| !v.is_empty() && *v != "(devel)");
    let (namespace, name) = match path.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, path),
    };
    Some(Component {
        name: path.to_owned(),
        version: version.map(str::to_owned),
        purl: purl::build("golang", namespace, name, version),
        found_by: FoundBy::BuildInfo,
        ..Component::default()
    })
}

/// The compiler's version and the list of modules.
fn go_strings(blob: &[u8], bytes: &[u8], elf: &Elf<'_>) -> Option<(String, String)> {
    let flags = *blob.get(15)?;
    let (version, modules) = if flags & 2 != 0 {
        // Since Go 1.18 the strings follow, each after its length.
        let (version, rest) = go_string(blob.get(32..)?)?;
        (version.to_vec(), go_string(rest).map(|(modules, _)| modules.to_vec()).unwrap_or_default())
    } else {
        let size = usize::from(*blob.get(14)?);
        let big = flags & 1 != 0;
        let pointed = |at: usize| {
            let header = word(blob, at, size, big)?;
            let string = at_address(bytes, elf, header)?;
            let (address, len) = (word(string, 0, size, big)?, word(string, size, size, big)?);
            at_address(bytes, elf, address)?.get(..usize::try_from(len).ok()?).map(<[u8]>::to_vec)
        };
        (pointed(16)?, pointed(16_usize.checked_add(size)?).unwrap_or_default())
    };
    // A mark of 16 bytes stands before and after the list.
    let modules = modules.get(16..modules.len().saturating_sub(16)).unwrap_or_default();
    let modules = modules.get(..modules.len().min(MAX_LIST as usize)).unwrap_or_default();
    Some((String::from_utf8(version).ok()?, String::from_utf8_lossy(modules).into_owned()))
}

/// A string after its length as a variable-length integer, and what follows.
fn go_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut len = 0_usize;
    for (i, &byte) in bytes.iter().take(5).enumerate() {
        len |= usize::from(byte & 0x7f) << (7 * i);
        if byte < 0x80 {
            let rest = bytes.get(i + 1..)?;
            return Some((rest.get(..len)?, rest.get(len..)?));
        }
    }
    None
}

/// A word of four or eight bytes.
fn word(bytes: &[u8], at: usize, size: usize, big: bool) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?).filter(|_| matches!(size, 4 | 8))?;
    let add = |n: u64, b: &u8| (n << 8) | u64::from(*b);
    Some(if big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
}

/// The bytes of a program from a virtual address on.
fn at_address<'a>(bytes: &'a [u8], elf: &Elf<'_>, address: u64) -> Option<&'a [u8]> {
    let segment = elf.program_headers.iter().find(|p| {
        p.p_type == goblin::elf::program_header::PT_LOAD
            && address.checked_sub(p.p_vaddr).is_some_and(|at| at < p.p_filesz)
    })?;
    let at = segment.p_offset.checked_add(address.checked_sub(segment.p_vaddr)?)?;
    bytes.get(usize::try_from(at).ok()?..)
}

/// The dependencies that cargo-auditable keeps (<https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>).
fn rust(bytes: &[u8], elf: &Elf<'_>) -> Vec<Seen> {
    let Some((start, section)) = section(bytes, elf, ".dep-v0") else { return Vec::new() };
    let mut json = Vec::new();
    if ZlibDecoder::new(section).take(MAX_LIST).read_to_end(&mut json).is_err() {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&json) else { return Vec::new() };
    let packages = value.get("packages").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = |package: &serde_json::Value| {
        let field = |name: &str| package.get(name).and_then(serde_json::Value::as_str);
        // What only built the program is not in it.
        if field("kind") == Some("build") {
            return None;
        }
        let (name, version) = (field("name")?, field("version")?);
        Some(Component {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            purl: purl::build("cargo", None, name, Some(version)),
            found_by: FoundBy::BuildInfo,
            ..Component::default()
        })
    };
    packages.iter().take(MAX_DEPENDENCIES).filter_map(one).map(|component| seen(component, start)).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::inspect::binaries;

    /// A 64-bit little-endian ELF file of one section.
    fn elf(name: &str, content: &[u8]) -> Vec<u8> {
        let names = format!("\0{name}\0.shstrtab\0").into_bytes();
        let mut bytes = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
        bytes.resize(64, 0);
        let at = bytes.len() as u64;
        bytes.extend_from_slice(content);
        let names_at = bytes.len() as u64;
        bytes.extend_from_slice(&names);
        let table = bytes.len() as u64;
        let mut header = |name: u32, kind: u32, offset: u64, size: u64| {
            for word in [name, kind] {
                bytes.extend(word.to_le_bytes());
            }
            for word in [0, 0, offset, size] {
                bytes.extend(word.to_le_bytes());
            }
            bytes.extend([0; 24]);
        };
        header(0, 0, 0, 0);
        header(1, 1, at, content.len() as u64);
        header(name.len() as u32 + 2, 3, names_at, names.len() as u64);
        bytes[40..48].copy_from_slice(&table.to_le_bytes());
        bytes[52..54].copy_from_slice(&64_u16.to_le_bytes());
        bytes[58..64].copy_from_slice(&[64, 0, 3, 0, 2, 0]);
        bytes
    }

    fn of(bytes: &[u8]) -> Vec<Option<String>> {
        let elf = binaries::parse(bytes).unwrap();
        inspect(bytes, &elf)
            .into_iter()
            .map(|seen| {
                assert_eq!(seen.at, Some(64));
                let Observed::Component(c) = seen.observed else { panic!() };
                c.purl
            })
            .collect()
    }

    #[test]
    fn go_modules() {
        let mut blob = b"\xff Go buildinf:\x08\x02".to_vec();
        blob.resize(32, 0);
        let list = "0123456789abcdefpath\tour/cmd\nmod\tour.net/cmd\t(devel)\t\ndep\tgithub.com/us/old\tv1.0.0\th1:x\n=>\tgithub.com/us/new\tv1.2.0\th1:y\n0123456789abcdef";
        for text in ["go1.20.1 X:x", list] {
            let len = text.len();
            if len < 128 {
                blob.push(len as u8);
            } else {
                blob.extend([(len & 0x7f) as u8 | 0x80, (len >> 7) as u8]);
            }
            blob.extend(text.bytes());
        }
        let found = of(&elf(".go.buildinfo", &blob));
        let found: Vec<_> = found.iter().map(|p| p.as_deref().unwrap()).collect();
        assert_eq!(
            found,
            ["pkg:golang/stdlib@1.20.1", "pkg:golang/our.net/cmd", "pkg:golang/github.com/us/new@v1.2.0"]
        );
        for end in 0..blob.len() {
            of(&elf(".go.buildinfo", &blob[..end]));
        }
    }

    #[test]
    fn rust_crates() {
        let json = br#"{"packages":[{"name":"a","version":"1.0.0","source":"local","root":true},{"name":"b","version":"2.0.0","kind":"build"},{"name":"c","version":"3.0.0"}]}"#;
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(json).unwrap();
        let found = of(&elf(".dep-v0", &zlib.finish().unwrap()));
        assert_eq!(found, [Some("pkg:cargo/a@1.0.0".into()), Some("pkg:cargo/c@3.0.0".into())]);
        assert!(of(&elf(".dep-v0", b"no zlib")).is_empty());
    }

    proptest! {
        #[test]
        fn damage_does_no_harm(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), new in any::<bool>()) {
            let mut blob = b"\xff Go buildinf:\x08".to_vec();
            blob.push(if new { 2 } else { 0 });
            blob.extend([0x40; 24]);
            blob.extend(b"\x06go1.20\x20mod\tours\tv1.0.0\n");
            let mut bytes = elf(".go.buildinfo", &blob);
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(elf) = binaries::parse(&bytes) {
                prop_assert!(inspect(&bytes, &elf).len() <= MAX_DEPENDENCIES);
                let _ = crate::inspect::build_id::of(&bytes, &elf);
            }
        }
    }
}

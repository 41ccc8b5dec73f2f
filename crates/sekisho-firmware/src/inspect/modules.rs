//! Kernel modules: the kernel they were built for, and drivers that are none of the kernel's own.

use std::sync::LazyLock;

use goblin::elf::Elf;
use regex::Regex;
use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{FileInput, Seen, versions};

/// Fields of one module.
const MAX_FIELDS: usize = 2000;

/// What a module says of itself in its section `.modinfo`: `key=value`, each ended by a NUL (`include/linux/moduleparam.h`).
pub(super) fn inspect(file: &FileInput<'_>, elf: &Elf<'_>) -> Vec<Seen> {
    // `4.14.221 mod_unload MIPS32_R2 32BIT`: the release, of which the numbers are the version.
    static RELEASE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\d+\.\d+(?:\.\d+)?)(?:[-+ ]|$)").ok());
    static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[vV]?(\d+(?:\.\d+)+[\w.+-]*)$").ok());
    let section = elf.section_headers.iter().find(|header| elf.shdr_strtab.get_at(header.sh_name) == Some(".modinfo"));
    let Some((range, content)) =
        section.and_then(goblin::elf::SectionHeader::file_range).and_then(|r| Some((r.clone(), file.bytes.get(r)?)))
    else {
        return Vec::new();
    };
    let fields: Vec<(&str, &str, usize)> = content
        .split(|&b| b == 0)
        .take(MAX_FIELDS)
        .scan(range.start, |at, field| {
            let begin = *at;
            *at = at.saturating_add(field.len()).saturating_add(1);
            Some((field, begin))
        })
        .filter_map(|(field, at)| {
            let (key, value) = std::str::from_utf8(field).ok()?.split_once('=')?;
            Some((key, value, at))
        })
        .collect();
    let get = |wanted: &str| fields.iter().find(|(key, ..)| *key == wanted);
    let seen = |component: Component, text: &str, at: usize| {
        let mut seen = Seen::in_string(Observed::Component(component), text);
        seen.at = Some(at as u64);
        seen
    };
    let mut found = Vec::new();
    if let Some((_, magic, at)) = get("vermagic")
        && let Some(version) = RELEASE.as_ref().and_then(|release| release.captures(magic)).and_then(|c| c.get(1))
    {
        found.push(seen(Component { found_by: FoundBy::ModuleInfo, ..versions::kernel(version.as_str()) }, magic, *at));
    }
    // A driver of the kernel's own is of the kernel's version.
    if get("intree").is_none()
        && let Some((_, value, at)) = get("version")
        && let Some(version) = VERSION.as_ref().and_then(|version| version.captures(value)).and_then(|c| c.get(1))
    {
        let name = get("name").map_or_else(|| file.name().split('.').next().unwrap_or_default(), |(_, name, _)| name);
        let component = Component {
            name: name.to_owned(),
            version: Some(version.as_str().to_owned()),
            purl: purl::build("generic", None, name, Some(version.as_str())),
            found_by: FoundBy::ModuleInfo,
            licences: get("license").map(|(_, licence, _)| (*licence).to_owned()).into_iter().collect(),
            ..Component::default()
        };
        if !name.is_empty() {
            found.push(seen(component, value, *at));
        }
    }
    found
}

//! Options that software in the image was built with: the kernel's configuration, BusyBox's, U-Boot's, ESP-IDF's, Zephyr's.
//!
//! The configuration lies in the image as a file (`/boot/config-…`, `/proc/config.gz`'s copy, a forgotten `.config`), or in the kernel
//! itself (`CONFIG_IKCONFIG`: a gzip stream between `IKCFG_ST` and `IKCFG_ED`, which is opened like every other). It is known by its first
//! lines. Only options of [`table::OPTIONS`] are reported; one that the configuration does not mention is not.

pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sekisho_model::fact::{BuildOption, Observed};

use super::{FileInput, Seen};
use table::OPTIONS;

/// The lines at the beginning that say what the configuration is of.
const HEAD_LINES: usize = 8;

/// What a configuration is of; none where the text is none.
pub(crate) fn software(text: &str) -> Option<&'static str> {
    let head: Vec<&str> =
        text.lines().take(HEAD_LINES).take_while(|line| line.starts_with('#') || line.is_empty()).collect();
    // The generators' own words: scripts/kconfig/confdata.c of the kernel, whose copies the others use, and Kconfiglib.
    head.iter().find(|line| line.contains("utomatically generated") || line.contains("Kconfiglib"))?;
    head.iter().find_map(|line| {
        let has = |part: &str| line.contains(part);
        if has("U-Boot") {
            Some("u-boot")
        } else if has("Busybox version") || has("BusyBox version") {
            Some("busybox")
        } else if has("ESP-IDF") {
            Some("esp-idf")
        } else if has("Zephyr Kernel Configuration") {
            Some("zephyr")
        } else if (has("Linux/") && has("Kernel Configuration")) || has("Linux kernel version:") {
            Some("linux")
        } else {
            None
        }
    })
}

/// The options in a file that is a configuration.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    static KNOWN: LazyLock<BTreeSet<(&str, &str)>> =
        LazyLock::new(|| OPTIONS.iter().map(|option| (option.software, option.name)).collect());
    let Some(text) = file.text.as_deref() else { return Vec::new() };
    if !text.starts_with('#') {
        return Vec::new();
    }
    let Some(software) = software(text) else { return Vec::new() };
    // As make reads it: the last line that sets an option counts.
    let mut found: BTreeMap<&str, (usize, &str, String)> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        if let Some((option, value)) = option(line)
            && KNOWN.contains(&(software, option))
        {
            found.insert(option, (index, line, value));
        }
    }
    found
        .into_iter()
        .map(|(option, (index, line, value))| {
            let fact = BuildOption { software: software.to_owned(), option: option.to_owned(), value };
            Seen::at_line(Observed::BuildOption(fact), index, line)
        })
        .collect()
}

/// Name and value of `CONFIG_X=y` and `# CONFIG_X is not set`.
fn option(line: &str) -> Option<(&str, String)> {
    if let Some(rest) = line.strip_prefix("# CONFIG_") {
        return Some((rest.strip_suffix(" is not set")?, "n".to_owned()));
    }
    let (name, value) = line.strip_prefix("CONFIG_")?.split_once('=')?;
    let value = value.trim();
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    Some((name, super::shorten(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(text: &str) -> Vec<(String, String, String)> {
        let entry = Entry { path: "/boot/config-5.4".into(), ..Entry::default() };
        let file = FileInput { entry: &entry, bytes: text.as_bytes(), text: Some(text.into()), today: time::Date::MIN };
        inspect(&file)
            .into_iter()
            .map(|seen| {
                let Observed::BuildOption(o) = seen.observed else { panic!() };
                (o.software, o.option, o.value)
            })
            .collect()
    }

    #[test]
    fn what_is_set_what_is_not_and_what_is_not_mentioned() {
        let text = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4.1 Kernel Configuration\n#\nCONFIG_STRICT_KERNEL_RWX=y\n# CONFIG_MODULE_SIG is not set\nCONFIG_DEFAULT_MMAP_MIN_ADDR=4096\nCONFIG_NOT_OF_INTEREST=y\n# CONFIG_STRICT_KERNEL_RWX is not a comment\n";
        let is = |option: &str, value: &str| ("linux".to_owned(), option.to_owned(), value.to_owned());
        assert_eq!(
            of(text),
            [is("DEFAULT_MMAP_MIN_ADDR", "4096"), is("MODULE_SIG", "n"), is("STRICT_KERNEL_RWX", "y")]
        );
    }

    #[test]
    fn the_head_tells_whose_it_is() {
        for (head, expected) in [
            ("#\n# Automatically generated make config: don't edit\n# Busybox version: 1.22.1\n", Some("busybox")),
            ("#\n# Automatically generated make config: don't edit\n# Linux kernel version: 2.6.36\n", Some("linux")),
            (
                "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/mips 3.10.14 Kernel Configuration\n",
                Some("linux"),
            ),
            ("#\n# Automatically generated file; DO NOT EDIT.\n# U-Boot 2020.04 Configuration\n", Some("u-boot")),
            (
                "#\n# Automatically generated file. DO NOT EDIT.\n# Espressif IoT Development Framework (ESP-IDF) 5.1.2 Project Configuration\n",
                Some("esp-idf"),
            ),
            ("#\n# Automatically generated file; DO NOT EDIT.\n# Buildroot 2020.02 Configuration\n", None),
            ("# Linux/arm 5.4 Kernel Configuration, a note of somebody\n", None),
            ("CONFIG_X=y\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4 Kernel Configuration\n", None),
        ] {
            assert_eq!(software(head), expected, "{head}");
        }
    }

    #[test]
    fn the_table_names_each_option_once() {
        let mut names: Vec<_> = OPTIONS.iter().map(|option| (option.software, option.name)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), OPTIONS.len());
        assert!(OPTIONS.iter().all(|option| !option.why.is_empty() && !option.name.starts_with("CONFIG_")));
    }
}

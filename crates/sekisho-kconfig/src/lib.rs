//! Configurations of builds in the form of Kconfig: whose a configuration is, and which of its options bear on security.
//!
//! Linux, BusyBox, U-Boot, ESP-IDF, Zephyr, Buildroot and OpenWrt all write the same lines (`CONFIG_X=y`, `# CONFIG_X is not set`), and say
//! in the first of them whose they are. The same file is found in firmware images and given as a file of its own: both read it here.

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

pub use table::{Known, OPTIONS};

/// The lines at the beginning that say what the configuration is of.
const HEAD_LINES: usize = 8;

/// Options whose value is a secret.
const SECRETS: [&str; 1] = ["BR2_TARGET_GENERIC_ROOT_PASSWD"];

/// One option as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<'t> {
    /// Its name, without `CONFIG_`.
    pub option: &'t str,
    /// `y`, `m`, `n`, a number or a text without its quotes; a secret is masked.
    pub value: String,
    /// Line, from 0.
    pub index: usize,
    /// The line as it stands there; absent where it holds a secret.
    pub line: Option<&'t str>,
}

/// What a configuration is of; none where the text is none.
pub fn software(text: &str) -> Option<&'static str> {
    let head: Vec<&str> =
        text.lines().take(HEAD_LINES).take_while(|line| line.starts_with('#') || line.is_empty()).collect();
    // The generators' own words: scripts/kconfig/confdata.c of the kernel, whose copies the others use, and Kconfiglib.
    head.iter().find(|line| line.contains("utomatically generated") || line.contains("Kconfiglib"))?;
    head.iter().find_map(|line| named(line))
}

/// Whose a configuration is by the line in its head that says so.
pub fn named(line: &str) -> Option<&'static str> {
    let has = |part: &str| line.contains(part);
    if has("U-Boot") {
        Some("u-boot")
    } else if has("Busybox version") || has("BusyBox version") {
        Some("busybox")
    } else if has("ESP-IDF") {
        Some("esp-idf")
    } else if has("Zephyr Kernel Configuration") {
        Some("zephyr")
    } else if has("Buildroot ") && has("Configuration") {
        Some("buildroot")
    } else if has("OpenWrt Configuration") || has("OpenWrt version:") {
        Some("openwrt")
    } else if (has("Linux/") && has("Kernel Configuration")) || has("Linux kernel version:") {
        Some("linux")
    } else {
        None
    }
}

/// The options of [`OPTIONS`] that the configuration of `software` sets, by name; one that it does not mention is not there.
pub fn settings<'t>(text: &'t str, software: &str) -> Vec<Setting<'t>> {
    static KNOWN: LazyLock<BTreeSet<(&str, &str)>> =
        LazyLock::new(|| OPTIONS.iter().map(|option| (option.software, option.name)).collect());
    // As make reads it: the last line that sets an option counts.
    let mut found: BTreeMap<&str, Setting<'t>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        if let Some((option, value)) = option(line)
            && KNOWN.contains(&(software, option))
        {
            let secret = SECRETS.contains(&option);
            let value = if secret { masked(value) } else { value.to_owned() };
            found.insert(option, Setting { option, value, index, line: (!secret).then_some(line) });
        }
    }
    found.into_values().collect()
}

/// Name and value of `CONFIG_X=y` and `# CONFIG_X is not set`; Buildroot's names begin with `BR2_` instead, and keep it.
pub fn option(line: &str) -> Option<(&str, &str)> {
    let name = |text: &'_ str| text.starts_with("CONFIG_") || text.starts_with("BR2_");
    if let Some(rest) = line.strip_prefix("# ") {
        let whole = rest.strip_suffix(" is not set").filter(|rest| name(rest))?;
        return Some((whole.strip_prefix("CONFIG_").unwrap_or(whole), "n"));
    }
    let (whole, value) = line.split_once('=').filter(|(whole, _)| name(whole))?;
    let value = value.trim();
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    Some((whole.strip_prefix("CONFIG_").unwrap_or(whole).trim_end(), value))
}

/// A secret with nothing but its first and last characters; of a short one not even these.
fn masked(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [first, .., last] if chars.len() > 8 => format!("{first}…{last}"),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<(&str, String, usize)> {
        let software = software(text).unwrap_or("none");
        settings(text, software).into_iter().map(|s| (s.option, s.value, s.index)).collect()
    }

    #[test]
    fn what_is_set_what_is_not_and_what_is_not_mentioned() {
        let text = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4.1 Kernel Configuration\n#\nCONFIG_STRICT_KERNEL_RWX=y\n# CONFIG_MODULE_SIG is not set\nCONFIG_DEFAULT_MMAP_MIN_ADDR=4096\nCONFIG_NOT_OF_INTEREST=y\n# CONFIG_STRICT_KERNEL_RWX is not a comment\n";
        let is = |option: &'static str, value: &str, index| (option, value.to_owned(), index);
        assert_eq!(
            of(text),
            [is("DEFAULT_MMAP_MIN_ADDR", "4096", 6), is("MODULE_SIG", "n", 5), is("STRICT_KERNEL_RWX", "y", 4)]
        );
    }

    #[test]
    fn a_password_is_masked() {
        let text = "# Automatically generated file; DO NOT EDIT.\n# Buildroot 2024.02 Configuration\nBR2_TARGET_GENERIC_ROOT_PASSWD=\"correct horse\"\n# BR2_TARGET_ENABLE_ROOT_LOGIN is not set\n";
        let found = settings(text, "buildroot");
        assert_eq!((found[1].value.as_str(), found[1].line), ("c…e", None));
        assert_eq!((found[0].option, found[0].value.as_str()), ("BR2_TARGET_ENABLE_ROOT_LOGIN", "n"));
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
            ("#\n# Automatically generated file; DO NOT EDIT.\n# Buildroot 2020.02 Configuration\n", Some("buildroot")),
            ("#\n# Automatically generated file; DO NOT EDIT.\n# OpenWrt Configuration\n", Some("openwrt")),
            ("#\n# Automatically generated file; DO NOT EDIT.\n# crosstool-NG 1.24 Configuration\n", None),
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

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,300}") {
            let _ = software(&text);
            for known in ["linux", "buildroot"] {
                let _ = settings(&text, known);
            }
        }
    }
}

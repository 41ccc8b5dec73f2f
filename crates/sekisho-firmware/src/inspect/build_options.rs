//! Options that software in the image was built with: the kernel's configuration, BusyBox's, U-Boot's, ESP-IDF's, Zephyr's.
//!
//! The configuration lies in the image as a file (`/boot/config-…`, `/proc/config.gz`'s copy, a forgotten `.config`), or in the kernel
//! itself (`CONFIG_IKCONFIG`: a gzip stream between `IKCFG_ST` and `IKCFG_ED`, which is opened like every other). What it says is read by
//! `sekisho-kconfig`; one that it does not mention is not reported.

use sekisho_model::fact::{BuildOption, Observed};

pub(crate) use sekisho_kconfig::software;

use super::{FileInput, Seen};

/// The options in a file that is a configuration.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let Some(text) = file.text.as_deref() else { return Vec::new() };
    if !text.starts_with('#') {
        return Vec::new();
    }
    let Some(software) = software(text) else { return Vec::new() };
    sekisho_kconfig::settings(text, software)
        .into_iter()
        .map(|setting| {
            let value = super::shorten(&setting.value);
            let fact = BuildOption { software: software.to_owned(), option: setting.option.to_owned(), value };
            Seen::at_line(Observed::BuildOption(fact), setting.index, setting.line.unwrap_or(setting.option))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    #[test]
    fn each_option_with_its_line() {
        let text = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4.1 Kernel Configuration\n#\n# CONFIG_MODULE_SIG is not set\n";
        let entry = Entry { path: "/boot/config-5.4".into(), ..Entry::default() };
        let file = FileInput { entry: &entry, bytes: text.as_bytes(), text: Some(text.into()), today: time::Date::MIN };
        let seen = inspect(&file);
        let fact = BuildOption { software: "linux".into(), option: "MODULE_SIG".into(), value: "n".into() };
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].observed, Observed::BuildOption(fact));
    }
}

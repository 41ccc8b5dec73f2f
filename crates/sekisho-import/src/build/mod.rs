//! Configuration files of builds, and the lists of packages that builds leave behind.

mod manifest;
mod yocto;

use std::path::Path;

use sekisho_diag::{Place, Problem};
use sekisho_model::Text;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{BuildOption, Observed, Source};

use crate::draft::Draft;
use crate::limits::Limits;
use crate::{artefact, text};

const KNOWN: &str = "what is read: the .config of Linux, BusyBox, U-Boot, Zephyr, Buildroot and OpenWrt, ESP-IDF's sdkconfig, prj.conf, \
                     Yocto's local.conf, image manifests and license.manifest, OpenWrt's manifests";

/// Reads configurations of builds.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuildCollector {
    limits: Limits,
}

impl BuildCollector {
    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the file `bytes`, which facts and messages call `name`, of the component `subject`.
    ///
    /// # Errors
    /// Where it is nothing of a build that is known.
    pub fn read(
        &self,
        bytes: &[u8],
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Problem> {
        let text = text::decode(bytes, name, KNOWN)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut draft = Draft::new(self.limits);
        if let Some(software) = sekisho_kconfig::software(text) {
            progress(Progress::Step(software));
            options(text, software, &mut draft);
        } else if let Some(software) = fragment(text, name) {
            progress(Progress::Step(software));
            options(text, software, &mut draft);
            let reason = Text::new(
                "only the options that this file sets are known, not those left at their defaults; the configuration that the build makes of it \
                 (.config) has all of them",
                "このファイルで設定されたオプションしか分からず、既定値のままのものは不明である。ビルドが生成する設定（.config）にはすべてが含まれる",
            );
            draft.gap(None, reason);
        } else if let Some(kind) = manifest::detect(text) {
            progress(Progress::Step(kind.name()));
            manifest::read(text, kind, &mut draft);
            let reason = Text::new(
                "a list of packages says nothing of the options that they were built with",
                "パッケージの一覧からは、ビルド時のオプションは分からない",
            );
            draft.gap(None, reason);
        } else if yocto::is(text) {
            progress(Progress::Step("yocto"));
            yocto::read(text, &mut draft);
            let reason = Text::new(
                "other configuration files and recipes of the build may change what this file sets",
                "このファイルの設定は、ビルドの他の設定ファイルやレシピで変更されうる",
            );
            draft.gap(None, reason);
        } else {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let message = format!("no known configuration of a build: it begins with '{}'", text::shortened(first, 60));
            return Err(Problem::error("build-unknown", message).at(Place::text(name, 1, 1)).hint(KNOWN));
        }
        progress(Progress::Bytes(bytes.len() as u64));
        Ok(draft.finish(artefact::of(bytes, ArtefactKind::Build, name, subject), Aspect::BuildOptions))
    }
}

impl Collector for BuildCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Build
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let bytes = artefact::open(path, name, self.limits.file)?;
        Ok(self.read(&bytes, name, subject, progress)?)
    }
}

fn options(text: &str, software: &str, draft: &mut Draft) {
    for setting in sekisho_kconfig::settings(text, software) {
        let fact = BuildOption {
            software: software.to_owned(),
            option: setting.option.to_owned(),
            value: draft.short(&setting.value),
        };
        let line = u32::try_from(setting.index + 1).ok();
        let excerpt = setting.line.map(|line| draft.short(line));
        draft.fact_at(Observed::BuildOption(fact), Source { line, excerpt, ..Source::default() });
    }
}

/// Options that occur in the configuration of one software only, or begin so, for files without a head: `prj.conf`, `sdkconfig.defaults`,
/// `defconfig`. The first that fits decides.
const MARKS: [(&str, &[&str]); 6] = [
    (
        "esp-idf",
        &["IDF_TARGET", "ESP_", "ESPTOOLPY_", "FREERTOS_", "SECURE_BOOT_V2_ENABLED", "LWIP_", "PARTITION_TABLE_"],
    ),
    ("openwrt", &["TARGET_ROOTFS_", "PACKAGE_", "TARGET_DEVICE_", "VERSION_DIST", "PKG_ASLR_", "BUSYBOX_CUSTOM"]),
    (
        "u-boot",
        &[
            "SYS_TEXT_BASE",
            "TEXT_BASE",
            "DEFAULT_DEVICE_TREE",
            "SPL",
            "BOOTDELAY",
            "BOOTCOMMAND",
            "CMD_BOOTZ",
            "SYS_BOARD",
        ],
    ),
    (
        "zephyr",
        &[
            "GPIO",
            "BT_",
            "NET_L2_",
            "NET_CONFIG_",
            "NET_SOCKETS",
            "MAIN_STACK_SIZE",
            "MCUBOOT_",
            "BOOTLOADER_MCUBOOT",
            "KERNEL_BIN_NAME",
            "PRINTK",
            "CBPRINTF_",
            "NEWLIB_LIBC",
        ],
    ),
    ("busybox", &["FEATURE_", "BUSYBOX", "LFS", "DESKTOP", "ASH"]),
    ("linux", &["MODULES", "BLOCK", "EMBEDDED", "EXPERT", "LOCALVERSION", "ARCH_", "SYSVIPC", "BLK_DEV_", "CMDLINE"]),
];

/// Whose a configuration without a generator's head is; none where the text is none or it cannot be told.
fn fragment(text: &str, name: &str) -> Option<&'static str> {
    let (mut options, mut others) = (Vec::new(), 0_usize);
    for line in text.lines() {
        let line = line.trim_end();
        if let Some((option, _)) = sekisho_kconfig::option(line) {
            options.push(option);
        } else if !line.is_empty() && !line.starts_with('#') {
            others += 1;
        }
    }
    if options.is_empty() || others > options.len() / 10 {
        return None;
    }
    if options.iter().any(|option| option.starts_with("BR2_")) {
        return Some("buildroot");
    }
    // A minimal configuration of ESP-IDF names itself without the words of a generator.
    if let Some(software) = text.lines().take(8).filter(|line| line.starts_with('#')).find_map(sekisho_kconfig::named) {
        return Some(software);
    }
    // These names are fixed by the build systems themselves.
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if file.starts_with("sdkconfig") {
        return Some("esp-idf");
    }
    if file == "prj.conf" {
        return Some("zephyr");
    }
    MARKS.iter().find_map(|(software, marks)| {
        let fits = |option: &&str| {
            marks.iter().any(|mark| if mark.ends_with('_') { option.starts_with(mark) } else { option == mark })
        };
        options.iter().any(fits).then_some(*software)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Software, option, value, line.
    type Set = (String, String, String, Option<u32>);

    fn of(text: &str, name: &str) -> (Vec<Set>, bool) {
        let found = BuildCollector::default().read(text.as_bytes(), name, "device", &|_| {}).unwrap();
        let complete = found.coverage[0].gaps.is_empty();
        let options = found.facts.into_iter().filter_map(|fact| match fact.observed {
            Observed::BuildOption(o) => Some((o.software, o.option, o.value, fact.source.line)),
            _ => None,
        });
        (options.collect(), complete)
    }

    fn is(software: &str, option: &str, value: &str, line: u32) -> Set {
        (software.into(), option.into(), value.into(), Some(line))
    }

    #[test]
    fn a_whole_configuration_is_complete() {
        let text = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 6.1.1 Kernel Configuration\n#\nCONFIG_KGDB=y\n# CONFIG_MODULE_SIG is not set\n";
        assert_eq!(of(text, ".config"), (vec![is("linux", "KGDB", "y", 5), is("linux", "MODULE_SIG", "n", 6)], true));
    }

    #[test]
    fn a_fragment_is_not() {
        let text = "# Shell\nCONFIG_SHELL=y\nCONFIG_BT_SMP_SC_ONLY=n\n";
        let expected = vec![is("zephyr", "BT_SMP_SC_ONLY", "n", 3), is("zephyr", "SHELL", "y", 2)];
        assert_eq!(of(text, "app/prj.conf"), (expected.clone(), false));
        assert_eq!(of(text, "other.conf"), (expected, false));
        let text = "# This file was generated using idf.py save-defconfig.\n# Espressif IoT Development Framework (ESP-IDF) 5.2.1 Project Minimal Configuration\nCONFIG_ESP_HTTPS_OTA_ALLOW_HTTP=y\n";
        assert_eq!(of(text, "defaults").0, [is("esp-idf", "ESP_HTTPS_OTA_ALLOW_HTTP", "y", 3)]);
        let text = "BR2_TARGET_GENERIC_ROOT_PASSWD=\"letmein-now\"\nBR2_SSP_STRONG=y\n";
        let expected =
            [is("buildroot", "BR2_SSP_STRONG", "y", 2), is("buildroot", "BR2_TARGET_GENERIC_ROOT_PASSWD", "l…w", 1)];
        assert_eq!(of(text, "camera_defconfig").0, expected);
    }

    #[test]
    fn what_is_no_configuration_is_refused_with_a_hint() {
        for text in ["hello world\n", "{}", "CONFIG_NOBODY_KNOWS=y\n"] {
            let problem = BuildCollector::default().read(text.as_bytes(), "a", "d", &|_| {}).unwrap_err();
            assert_eq!(problem.code, "build-unknown");
            assert!(problem.hint.is_some());
        }
    }
}

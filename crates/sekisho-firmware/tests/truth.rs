//! The collector against images whose content is known.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

#[macro_use]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use common::{extent, shared};
use sekisho_firmware::FirmwareCollector;
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{
    Account, Binary, BinaryKind, BuildOption, Component, DebugInterface, Fact, FoundBy, Hardening, Observed,
    PasswordState, ReadState, Region, Relro, Service, Setting, Start, UpdateMechanism, WritableCode,
};
use time::macros::date;

/// Collected once per image, for all tests.
fn collect(path: &str) -> Option<Collection> {
    static DONE: LazyLock<Mutex<BTreeMap<String, Collection>>> = LazyLock::new(Mutex::default);
    let full = shared(&format!("firmware/{path}"))?;
    let mut done = DONE.lock().unwrap();
    if !done.contains_key(path) {
        let collection = FirmwareCollector::new(date!(2026 - 01 - 01)).collect(&full, path, "device", &|_| {}).unwrap();
        done.insert(path.to_owned(), collection);
    }
    done.get(path).cloned()
}

fn path(fact: &Fact) -> &str {
    fact.source.path.as_deref().unwrap_or_default()
}

fn start_of(collection: &Collection) -> BTreeMap<String, Start> {
    values!(collection, Service).into_iter().map(|(_, s): (_, &Service)| (s.program.clone(), s.start)).collect()
}

/// The one service of a program.
fn service(collection: &Collection, program: &str) -> Service {
    let all: Vec<&Service> =
        values!(collection, Service).into_iter().map(|(_, s)| s).filter(|s: &&Service| s.program == program).collect();
    assert_eq!(all.len(), 1, "{program}: {all:?}");
    all[0].clone()
}

/// Kind, whether it asks, and how it starts, of every debug interface.
fn debug(collection: &Collection) -> BTreeSet<(String, Option<bool>, Option<Start>)> {
    values!(collection, DebugInterface)
        .into_iter()
        .map(|(_, d): (_, &DebugInterface)| (d.kind.clone(), d.authenticated, d.start))
        .collect()
}

/// Command, place, file system and start of everything that runs from writable storage.
fn writable(collection: &Collection) -> Vec<(String, String, Option<String>, Start)> {
    values!(collection, WritableCode)
        .into_iter()
        .map(|(_, w): (_, &WritableCode)| (w.command.clone(), w.mount.clone(), w.filesystem.clone(), w.start))
        .collect()
}

/// What takes updates, whether it verifies, what it trusts, whether it fetches in the clear.
fn updates(collection: &Collection) -> Vec<(String, Option<bool>, Option<String>, bool)> {
    values!(collection, UpdateMechanism)
        .into_iter()
        .map(|(_, u): (_, &UpdateMechanism)| (u.mechanism.clone(), u.verifies, u.trust_anchor.clone(), u.cleartext))
        .collect()
}

fn packages(collection: &Collection) -> BTreeMap<String, String> {
    values!(collection, Component)
        .into_iter()
        .filter(|(_, c): &(_, &Component)| c.found_by == FoundBy::PackageDatabase)
        .map(|(_, c)| (c.name.clone(), c.version.clone().unwrap()))
        .collect()
}

fn by_string(collection: &Collection) -> BTreeSet<(String, String)> {
    values!(collection, Component)
        .into_iter()
        .filter(|(_, c): &(_, &Component)| c.found_by != FoundBy::PackageDatabase)
        .map(|(_, c)| (c.name.clone(), c.version.clone().unwrap()))
        .collect()
}

fn set(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn expected_packages(release: &str) -> BTreeMap<String, String> {
    let file = shared(&format!("firmware/truth/openwrt-{release}-opkg-packages.json")).unwrap();
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// How an OpenWrt image takes updates, and what is written over it: the package manager checks its feeds against the keys in the image, an
/// image for `sysupgrade` is flashed as it comes (`ucert` is missing), and the data partition lies over everything.
fn openwrt_updates(collection: &Collection, keys: bool) {
    let anchor = keys.then(|| "/etc/opkg/keys".to_owned());
    assert_eq!(
        updates(collection),
        [("opkg".to_owned(), Some(true), anchor, true), ("sysupgrade".to_owned(), Some(false), None, false)]
    );
    assert_eq!(
        writable(collection),
        [("/etc/init.d/rcS S boot".to_owned(), "/".to_owned(), Some("overlay".to_owned()), Start::Boot)]
    );
}

/// What both OpenWrt images have in common: read completely, nothing claimed that is not there.
fn openwrt(collection: &Collection, release: &str, files: u64) {
    assert_eq!(packages(collection), expected_packages(release));
    for coverage in &collection.coverage {
        assert_eq!(coverage.extent, Extent::Complete, "{coverage:?}");
    }
    let squashfs: Vec<_> =
        values!(collection, Region).into_iter().filter(|(_, r): &(_, &Region)| r.format == "squashfs").collect();
    assert_eq!((squashfs.len(), squashfs[0].1.files), (1, Some(files)));
    assert!(values!(collection, PrivateKey).is_empty());
    assert!(values!(collection, Certificate).is_empty());
    assert!(values!(collection, Credential).is_empty(), "{:?}", values!(collection, Credential));
    assert!(values!(collection, FileMode).is_empty());
    for (fact, endpoint) in values!(collection, Endpoint) {
        assert_eq!(endpoint.purpose, "package-feed", "{fact:?}");
    }
    for (_, account) in values!(collection, Account) as Vec<(&Fact, &Account)> {
        let expected = if account.user == "root" { PasswordState::Empty } else { PasswordState::Locked };
        assert_eq!(account.password, expected, "{account:?}");
        assert_eq!(account.login_shell, account.user == "root", "{account:?}");
    }
    let settings: BTreeSet<_> = values!(collection, Setting)
        .into_iter()
        .map(|(_, s): (_, &Setting)| (s.setting.clone(), s.value.clone()))
        .collect();
    assert_eq!(
        settings,
        set(&[("password-login", "yes"), ("rebind-protection", "yes"), ("root-password-login", "yes")])
    );
}

#[test]
fn openwrt_19_07() {
    let Some(collection) = collect("openwrt-19.07.7-a5-v11-sysupgrade.bin") else { return };
    openwrt(&collection, "19.07.7", 589);
    assert_eq!(
        by_string(&collection),
        set(&[
            ("OpenWrt", "19.07.7"),
            ("busybox", "1.30.1"),
            ("dnsmasq", "2.80"),
            ("hostapd", "2.9"),
            ("iptables", "1.8.3"),
            ("linux_kernel", "4.14.221"),
            ("musl", "1.1.24"),
            ("wpa_supplicant", "2.9"),
        ])
    );
    let starts = start_of(&collection);
    assert_eq!(starts.get("dropbear"), Some(&Start::Boot));
    assert_eq!(starts.get("dnsmasq"), Some(&Start::Boot));
    assert_eq!(starts.get("telnetd"), None);
    assert_eq!(starts.keys().collect::<Vec<_>>(), ["dnsmasq", "dropbear", "logd", "login.sh", "odhcpd"]);
    assert_eq!(values!(&collection, Account).len(), 6);
    assert_eq!(service(&collection, "dropbear").listens, ["tcp/22"]);
    assert_eq!(service(&collection, "dnsmasq").listens, ["tcp/53", "udp/53"]);
    openwrt_updates(&collection, true);
    // The console gives a shell, or a login for root, who has no password.
    assert_eq!(debug(&collection), BTreeSet::from([("serial-console".to_owned(), Some(false), Some(Start::Boot))]));
}

#[test]
fn openwrt_15_05() {
    let Some(collection) = collect("openwrt-15.05.1-a5-v11-sysupgrade.bin") else { return };
    openwrt(&collection, "15.05.1", 662);
    let found = by_string(&collection);
    for expected in set(&[
        ("busybox", "1.23.2"),
        ("dropbear", "2015.67"),
        ("dnsmasq", "2.73"),
        ("uclibc", "0.9.33.2"),
        ("linux_kernel", "3.18.23"),
    ]) {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let starts = start_of(&collection);
    assert_eq!(starts.get("telnetd"), Some(&Start::Conditional));
    assert_eq!(starts.get("dropbear"), Some(&Start::Boot));
    let services: Vec<(&Fact, &Service)> = values!(&collection, Service);
    let (fact, telnet) = services.iter().find(|(_, s)| s.program == "telnetd").unwrap();
    assert_eq!(path(fact), "/etc/init.d/telnet");
    let condition = telnet.condition.as_deref().unwrap();
    assert!(condition.contains("has_ssh_pubkey") && condition.contains("has_root_pwd"), "{condition}");
    assert!(telnet.command.as_deref().unwrap().contains("-l /bin/login.sh"));
    assert_eq!((telnet.listens.as_slice(), telnet.cleartext), (["tcp/23".to_owned()].as_slice(), Some(true)));
    assert_eq!(service(&collection, "dropbear").listens, ["tcp/22"]);
    // The package database and the keys of its feeds are both there.
    openwrt_updates(&collection, true);
    assert_eq!(
        debug(&collection),
        BTreeSet::from([
            ("serial-console".to_owned(), Some(false), Some(Start::Boot)),
            // It lets root in, who has no password, and runs for as long as that is so.
            ("network-shell".to_owned(), Some(false), Some(Start::Conditional)),
        ])
    );
}

#[test]
fn a_camera_with_a_known_password() {
    let Some(collection) = collect("digoo-bb-m2-flash-8MiB.sanitised.bin") else { return };
    let accounts: Vec<(&Fact, &Account)> = values!(&collection, Account);
    assert_eq!(accounts.len(), 1);
    let (fact, root) = accounts[0];
    assert_eq!(
        (root.password, root.scheme.as_deref(), root.known_password.as_deref()),
        (PasswordState::Hash, Some("md5"), Some("hslwificam"))
    );
    assert!(root.hash_world_readable && root.login_shell);
    assert_eq!((path(fact), fact.source.offset), ("/etc/passwd", Some(0x26_0000)));
    assert_eq!(
        by_string(&collection),
        set(&[
            ("busybox", "1.22.1"),
            ("glibc", "2.16"),
            ("linux_kernel", "3.10.14"),
            ("miniupnpc", "1.4"),
            ("openssl", "0.9.8g"),
            ("u-boot", "2013.07"),
            ("wpa_supplicant", "0.7.3"),
        ])
    );
    let services: Vec<(&Fact, &Service)> = values!(&collection, Service);
    let boot: BTreeSet<_> =
        services.iter().filter(|(_, s)| s.start == Start::Boot).map(|(_, s)| s.program.as_str()).collect();
    assert_eq!(boot, BTreeSet::from(["getty", "telnetd"]));
    let of_inetd: Vec<_> = services
        .iter()
        .filter(|(f, _)| path(f) == "/etc/inetd.conf")
        .map(|(_, s)| (s.program.as_str(), s.start))
        .collect();
    assert_eq!(of_inetd.iter().filter(|(p, _)| *p == "tftpd").count(), 1);
    assert_eq!(service(&collection, "telnetd").listens, ["tcp/23"]);
    let tftp = service(&collection, "tftpd");
    assert_eq!(
        (tftp.command.as_deref(), tftp.user.as_deref(), tftp.listens.as_slice()),
        (Some("tftpd -c /tmp"), Some("root"), ["udp/69".to_owned()].as_slice())
    );
    assert_eq!(
        writable(&collection),
        [("/system/init/ipcam.sh".to_owned(), "/system".to_owned(), Some("jffs2".to_owned()), Start::Boot)]
    );
    assert!(updates(&collection).is_empty(), "{:?}", updates(&collection));
    assert_eq!(
        debug(&collection),
        BTreeSet::from([
            // In the boot loader's code, which says that any key will do, and in the environment, which does not say.
            ("boot-prompt".to_owned(), Some(false), Some(Start::Boot)),
            ("boot-prompt".to_owned(), None, Some(Start::Boot)),
            ("serial-console".to_owned(), None, None),
            ("serial-console".to_owned(), Some(true), Some(Start::Boot)),
        ])
    );
    assert!(of_inetd.len() == 7 && of_inetd.iter().all(|(_, start)| *start == Start::Present), "{of_inetd:?}");
    // The configuration lies in raw flash, mounted at `/system`: what it holds in clear text is found.
    let regions: Vec<(&Fact, &Region)> = values!(&collection, Region);
    let jffs2 = regions.iter().find(|(_, r)| r.format == "jffs2").unwrap();
    assert_eq!((jffs2.0.source.offset, jffs2.1.read, jffs2.1.files), (Some(0x5e_0000), ReadState::Whole, Some(50)));
    let keys: BTreeSet<_> = values!(&collection, PrivateKey).into_iter().map(|(f, _)| path(f).to_owned()).collect();
    assert_eq!(keys, BTreeSet::from(["/www/pem/ck.pem".to_owned()]));
    // Left-overs behind the kernel's end give nothing.
    let end = 0x4_0000 + 0x1f_1573;
    assert!(regions.iter().any(|(f, r)| r.format == "remainder" && f.source.offset == Some(end)), "{regions:?}");
    for fact in &collection.facts {
        let offset = fact.source.offset.unwrap();
        assert!(matches!(fact.observed, Observed::Region(_)) || !(end..0x26_0000).contains(&offset), "{fact:?}");
    }
    for aspect in
        [Aspect::FirmwareAccounts, Aspect::FirmwareKeys, Aspect::FirmwareServices, Aspect::FirmwareCredentials]
    {
        assert_eq!(extent(&collection, aspect), Extent::Partial);
    }
}

#[test]
fn a_camera_in_partitions() {
    let Some(root) = collect("xiaomi-dafang-5.5.1.177/rootfs.bin") else { return };
    let accounts: Vec<(&Fact, &Account)> = values!(&root, Account);
    assert_eq!(accounts[0].1.known_password.as_deref(), Some("ismart12"));
    assert_eq!(accounts[0].1.scheme.as_deref(), Some("des"));
    let found = by_string(&root);
    for expected in set(&[
        ("busybox", "1.22.1"),
        ("openssl", "1.0.2f"),
        ("libcurl", "7.36.0"),
        ("uclibc", "0.9.33.2"),
        ("paho-mqtt-c", "1.1.0"),
    ]) {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert_eq!(start_of(&root).get("telnetd"), Some(&Start::Boot));
    let user = values!(&root, Setting)
        .into_iter()
        .any(|(_, s): (_, &Setting)| s.program == "boa" && s.setting == "user" && s.value == "0");
    assert!(user);
    assert_eq!(service(&root, "boa").start, Start::Present);
    assert_eq!(service(&root, "telnetd").listens, ["tcp/23"]);
    assert_eq!(
        writable(&root),
        [("/system/init/app_init.sh".to_owned(), "/system".to_owned(), Some("jffs2".to_owned()), Start::Conditional)]
    );
    assert_eq!(debug(&root), BTreeSet::from([("serial-console".to_owned(), Some(true), Some(Start::Boot))]));
    // What the script on the other partition starts was not seen.
    assert_eq!(extent(&root, Aspect::FirmwareServices), Extent::Partial);
    assert!(updates(&root).is_empty(), "flash_eraseall of a data partition is no update: {:?}", updates(&root));
    let modes: BTreeSet<_> = values!(&root, FileMode).into_iter().map(|(f, _)| path(f).to_owned()).collect();
    assert_eq!(modes.len(), 2);

    let kernel = collect("xiaomi-dafang-5.5.1.177/kernel.bin").unwrap();
    assert_eq!(by_string(&kernel), set(&[("linux_kernel", "3.10.14")]));
    for aspect in [Aspect::FirmwareAccounts, Aspect::FirmwareServices, Aspect::FirmwareKeys] {
        assert_eq!(extent(&kernel, aspect), Extent::None);
    }
    let driver = collect("xiaomi-dafang-5.5.1.177/driver.bin").unwrap();
    assert_eq!(values!(&driver, Binary).len(), 8);
    assert_eq!(extent(&driver, Aspect::FirmwareAccounts), Extent::None);
    assert_eq!(extent(&driver, Aspect::FirmwareBinaries), Extent::Complete);
}

/// The file systems of the table, and the images they lie in.
const IMAGES: [(&str, &str); 5] = [
    ("openwrt-19.07.7 rootfs", "openwrt-19.07.7-a5-v11-sysupgrade.bin"),
    ("openwrt-15.05.1 rootfs", "openwrt-15.05.1-a5-v11-sysupgrade.bin"),
    ("digoo rootfs (offset 0x260000)", "digoo-bb-m2-flash-8MiB.sanitised.bin"),
    ("dafang rootfs.bin", "xiaomi-dafang-5.5.1.177/rootfs.bin"),
    ("dafang driver.bin", "xiaomi-dafang-5.5.1.177/driver.bin"),
];
#[test]
fn boot_loaders_tell_of_their_prompt() {
    let Some(dafang) = collect("xiaomi-dafang-5.5.1.177/uboot.bin") else { return };
    assert_eq!(
        debug(&dafang),
        BTreeSet::from([
            ("boot-prompt".to_owned(), Some(false), Some(Start::Boot)),
            ("serial-console".to_owned(), None, None),
        ])
    );
    assert_eq!(extent(&dafang, Aspect::FirmwareDebug), Extent::Partial, "a system there may be elsewhere");
    assert_eq!(extent(&dafang, Aspect::FirmwareUpdates), Extent::None);
    let a5 = collect("a5-v11-u-boot-1.1.3.uimage").unwrap();
    assert_eq!(debug(&a5), BTreeSet::from([("boot-prompt".to_owned(), None, Some(Start::Boot))]));
}

/// Every ELF file's machine, relocation hardening, stack and symbols against `readelf`.
#[test]
fn elf_hardening() {
    let Some(table) = shared("firmware/truth/elf.csv") else { return };
    let text = std::fs::read_to_string(table).unwrap();
    for (label, image) in IMAGES {
        let collection = collect(image).unwrap();
        // The table is about the root file systems.
        let found: BTreeMap<&str, &Binary> = values!(&collection, Binary)
            .into_iter()
            .filter(|(f, _)| f.source.within.last().is_some_and(|within| within.starts_with("squashfs@")))
            .map(|(f, b)| (path(f), b))
            .collect();
        let mut rows = 0;
        for row in text.lines().skip(1) {
            let row: Vec<&str> = row.split(',').collect();
            let [filesystem, path, machine, class, endian, kind, interpreter, relro, stack, canary, stripped] =
                row.as_slice()
            else {
                panic!("{row:?}")
            };
            if *filesystem != label {
                continue;
            }
            rows += 1;
            let binary = found.get(path).unwrap_or_else(|| panic!("{label} {path} is missing"));
            let at = format!("{label} {path} {binary:?}");
            assert_eq!((binary.machine.as_str(), *machine), ("mips", "MIPS R3000"), "{at}");
            assert_eq!((binary.bits, *class, binary.endian.as_str()), (32, "ELF32", *endian), "{at}");
            let expected_kind = match (*kind, *interpreter) {
                ("EXEC", _) | ("DYN", "True") => BinaryKind::Program,
                ("DYN", _) => BinaryKind::Library,
                _ => BinaryKind::Relocatable,
            };
            // The C library can be started to tell its version: it has an interpreter and is a library all the same.
            if !path.contains(".so") {
                assert_eq!(binary.kind, expected_kind, "{at}");
            }
            if *kind != "REL" {
                let expected = match *relro {
                    "full" => Relro::Full,
                    "partial" => Relro::Partial,
                    _ => Relro::None,
                };
                assert_eq!(binary.relro, Some(expected), "{at}");
                let expected = match *stack {
                    "executable" => Some(false),
                    "not-executable" => Some(true),
                    _ => None,
                };
                assert_eq!(binary.nx, expected, "{at}");
                // OpenWrt cuts the section headers off, and without them readelf lists no symbols unless told to go by the
                // dynamic table (`-D`): the table's "no" for these images is readelf's, not the programs'.
                if !label.starts_with("openwrt") {
                    assert_eq!(binary.stack_protector, Some(*canary == "True"), "{at}");
                }
                assert_eq!(binary.stripped, *stripped == "True", "{at}");
            }
        }
        assert_eq!(found.len(), rows, "{label}");
    }
}

/// The sums over each root file system against those of the table.
#[test]
fn hardening_in_sum() {
    let Some(file) = shared("firmware/truth/filesystems.json") else { return };
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let rows = std::fs::read_to_string(shared("firmware/truth/elf.csv").unwrap()).unwrap();
    for (label, image) in IMAGES.iter().filter(|(label, _)| *label != "dafang driver.bin") {
        let collection = collect(image).unwrap();
        let sums: BTreeMap<String, &Hardening> =
            values!(&collection, Hardening).into_iter().map(|(_, h): (_, &Hardening)| (h.of.clone(), h)).collect();
        let all = sums["all"];
        let of = |key: &str| truth["filesystems"][label][key].as_u64().unwrap();
        assert_eq!(all.counted, of("elf_programs") + of("elf_shared_objects"), "{label}");
        assert_eq!(all.relro_full, of("programs_or_libs_relro_full"), "{label}");
        assert_eq!(all.relro_partial, of("programs_or_libs_relro_partial"), "{label}");
        assert_eq!(all.counted - all.relro_full - all.relro_partial, of("programs_or_libs_relro_none"), "{label}");
        assert_eq!(all.nx, of("gnu_stack_not_executable"), "{label}");
        // See `elf_hardening` on what readelf cannot tell of OpenWrt's files.
        if !label.starts_with("openwrt") {
            assert_eq!(all.stack_protector, of("programs_or_libs_with_stack_chk_fail"), "{label}");
        }
        // The table takes libraries with an interpreter for position-independent programs.
        let libraries =
            rows.lines().filter(|r| r.starts_with(label) && r.contains(",DYN,True,") && r.contains(".so")).count();
        assert_eq!(all.pie + libraries as u64, of("programs_pie"), "{label}");
        assert_eq!(all.programs + libraries as u64, of("elf_programs"), "{label}");
        let network = sums["network"];
        assert!(network.programs > 0 && network.counted > network.programs && network.counted < all.counted, "{label}");
    }
}

/// What calls `listen` or serves by name faces the network, with the libraries it loads; other programs do not.
#[test]
fn what_faces_the_network() {
    let Some(collection) = collect("xiaomi-dafang-5.5.1.177/rootfs.bin") else { return };
    let facing: Vec<&str> = values!(&collection, Binary)
        .into_iter()
        .filter(|(_, b): &(_, &Binary)| b.network_facing)
        .map(|(f, _)| path(f))
        .collect();
    assert_eq!(facing, ["/bin/busybox", "/usr/bin/iperf", "/usr/boa/boa"]);
    for (fact, binary) in values!(&collection, Binary) as Vec<(&Fact, &Binary)> {
        assert!(binary.network_facing || binary.unsafe_functions.is_empty(), "{fact:?}");
    }
    let boa =
        values!(&collection, Binary).into_iter().find(|(f, _): &(&Fact, &Binary)| path(f).ends_with("/boa")).unwrap();
    assert!(boa.1.unsafe_functions.iter().any(|f| f == "strcpy") && !boa.1.libraries.is_empty(), "{boa:?}");
}

/// A kernel's configuration given alone.
#[test]
fn a_kernel_configuration() {
    let Some(collection) = collect("containers/fact-kernel.config") else { return };
    let options: BTreeMap<String, String> = values!(&collection, BuildOption)
        .into_iter()
        .map(|(_, o): (_, &BuildOption)| {
            assert_eq!(o.software, "linux");
            (o.option.clone(), o.value.clone())
        })
        .collect();
    // Each as the file has it, and all that it has.
    let text = std::fs::read_to_string(shared("firmware/containers/fact-kernel.config").unwrap()).unwrap();
    assert!(options.len() > 50, "{options:?}");
    for (option, value) in &options {
        let line = match value.as_str() {
            "n" => format!("# CONFIG_{option} is not set"),
            value => format!("CONFIG_{option}={value}"),
        };
        assert!(text.lines().any(|l| l == line), "{line}");
    }
    assert_eq!(options.get("STRICT_KERNEL_RWX").map(String::as_str), Some("y"));
    assert_eq!(extent(&collection, Aspect::FirmwareBuild), Extent::Complete);
    assert_eq!(extent(&collection, Aspect::FirmwareAccounts), Extent::None);
    assert!(collection.facts.iter().all(|f| matches!(f.observed, Observed::BuildOption(_) | Observed::Region(_))));
}

/// A router of 2009: version 2, big endian, LZMA in a vendor's form. Its files are whole, which its programs' own headers show.
#[test]
fn squashfs_of_a_vendor() {
    let Some(collection) = collect("containers/binwalk-squashfs_v2.bin") else { return };
    let regions: Vec<(&Fact, &Region)> = values!(&collection, Region);
    assert_eq!((regions[0].1.read, regions[0].1.files), (ReadState::Whole, Some(263)));
    for coverage in &collection.coverage {
        assert_eq!(coverage.extent, Extent::Complete, "{coverage:?}");
    }
    let binaries: Vec<(&Fact, &Binary)> = values!(&collection, Binary);
    assert!(binaries.len() > 50 && binaries.iter().all(|(_, b)| b.machine == "mips" && b.endian == "big"));
}

#[test]
fn two_runs_give_the_same() {
    let Some(first) = collect("openwrt-19.07.7-a5-v11-sysupgrade.bin") else { return };
    let full = shared("firmware/openwrt-19.07.7-a5-v11-sysupgrade.bin").unwrap();
    let second = FirmwareCollector::new(date!(2026 - 01 - 01))
        .collect(&full, "openwrt-19.07.7-a5-v11-sysupgrade.bin", "device", &|_| {})
        .unwrap();
    assert_eq!(serde_json::to_string(&first.facts).unwrap(), serde_json::to_string(&second.facts).unwrap());
    assert_eq!(first.coverage, second.coverage);
}

/// Samples of one format each: recognised by name, read or said not to be, without a claim beyond that.
#[test]
fn every_container_is_named() {
    for (file, format, read) in [
        ("containers/binwalk-7z.bin", "7z", ReadState::Whole),
        ("containers/binwalk-bzip2.bin", "bzip2", ReadState::Whole),
        ("containers/binwalk-cramfs.bin", "cramfs", ReadState::Whole),
        ("containers/binwalk-gzip.bin", "gzip", ReadState::Whole),
        ("containers/binwalk-mbr.bin", "mbr", ReadState::Whole),
        ("containers/binwalk-qcow.bin", "qcow2", ReadState::Unread),
        ("containers/binwalk-romfs.bin", "romfs", ReadState::Whole),
        ("containers/binwalk-squashfs.bin", "squashfs", ReadState::Whole),
        ("containers/binwalk-yaffs2.bin", "yaffs2", ReadState::Whole),
        ("containers/binwalk-arcadyan.bin", "arcadyan", ReadState::Whole),
        ("containers/diffoscope-android1.img", "android-boot", ReadState::Whole),
        ("containers/diffoscope-devicetree1.dtb", "device-tree", ReadState::Whole),
        ("containers/diffoscope-test1.ext4", "ext4", ReadState::Whole),
        ("containers/diffoscope-test1.cpio", "cpio", ReadState::Whole),
        ("containers/diffoscope-test1.fat12", "fat", ReadState::Whole),
        ("containers/diffoscope-test1.iso", "iso9660", ReadState::Whole),
        ("containers/diffoscope-test1.squashfs", "squashfs", ReadState::Whole),
        ("containers/fact-netusb_vulnerable.elf", "elf", ReadState::Whole),
        ("fit/u-boot-2023.01-nanopi_neo2.fit.itb", "fit", ReadState::Whole),
        ("rauc/good-bundle.raucb", "rauc", ReadState::Whole),
    ] {
        let Some(collection) = collect(file) else { return };
        let regions: Vec<(&Fact, &Region)> = values!(&collection, Region);
        let region = regions.first().unwrap_or_else(|| panic!("{file}: nothing"));
        assert_eq!((region.1.format.as_str(), region.1.read), (format, read), "{file}");
        for aspect in [Aspect::FirmwareAccounts, Aspect::FirmwareServices, Aspect::FirmwarePackages] {
            assert_ne!(extent(&collection, aspect), Extent::Complete, "{file} has no system in it");
        }
    }
}

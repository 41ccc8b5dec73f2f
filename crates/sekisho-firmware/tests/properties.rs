//! No input makes a parser panic or run away.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

use proptest::prelude::*;
use sekisho_firmware::entry_points;

/// Bytes that begin like something.
fn seeded() -> impl Strategy<Value = Vec<u8>> {
    let magic = prop::sample::select(vec![
        b"hsqs".to_vec(),
        b"sqsh".to_vec(),
        b"\x27\x05\x19\x56".to_vec(),
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(),
        b"\xfd7zXZ\0".to_vec(),
        b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0".to_vec(),
        b"\x28\xb5\x2f\xfd".to_vec(),
        b"070701".to_vec(),
        b"070707".to_vec(),
        b"\xc7\x71".to_vec(),
        b"BZh91AY&SY".to_vec(),
        b"\x04\x22\x4d\x18\x64\x40\xa7".to_vec(),
        b"\x02\x21\x4c\x18".to_vec(),
        b"\x89LZO\0\r\n\x1a\n".to_vec(),
        b"7z\xbc\xaf\x27\x1c".to_vec(),
        b"!<arch>\n".to_vec(),
        b"\xed\xab\xee\xdb".to_vec(),
        b"HDR0".to_vec(),
        b"ANDROID!".to_vec(),
        b"VNDRBOOT\x03\0\0\0\0\x10\0\0".to_vec(),
        b"\x3a\xff\x26\xed\x01\0\0\0\x1c\0\x0c\0\0\x10\0\0".to_vec(),
        b"CrAU\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\x01\0\0\0\0\0".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"\x85\x19\x01\xe0".to_vec(),
        b"UBI#\x01".to_vec(),
        b"\x31\x18\x10\x06".to_vec(),
        b"\x01\0\0\0\x01\0\0\0\xff\xff".to_vec(),
        b"\x45\x3d\xcd\x28".to_vec(),
        b"-rom1fs-".to_vec(),
        b"shsq".to_vec(),
        b"\xd0\x0d\xfe\xed".to_vec(),
        b"\x7fELF\x01\x01\x01\0".to_vec(),
        b"\x7fELF\x02\x02\x01\0".to_vec(),
        b"-----BEGIN RSA PRIVATE KEY-----\n".to_vec(),
        b"-----BEGIN CERTIFICATE-----\n".to_vec(),
        b"\x30\x82\x01\x00\x02\x01\x00".to_vec(),
        b"\0\0\0\x07ssh-rsa".to_vec(),
    ]);
    (magic, prop::collection::vec(any::<u8>(), 0..3000)).prop_map(|(mut magic, rest)| {
        magic.extend(rest);
        magic
    })
}

/// A golden file, cut at one place and changed at another.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.extension().is_none_or(|ending| ending != "md"));
    files.sort();
    assert!(files.len() > 20);
    let places = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>());
    (prop::sample::select(files), places).prop_map(|(path, (end, at, change))| {
        let mut bytes = std::fs::read(path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        // One in two keeps its length.
        if change % 2 == 0 {
            bytes.truncate(end.index(bytes.len()) + 1);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn formats(data in seeded()) {
        entry_points::formats(&data);
    }

    #[test]
    fn damaged_files(data in damaged()) {
        entry_points::formats(&data);
        prop_assert!(entry_points::image(&data).unwrap() < 1000);
    }

    #[test]
    fn images(data in seeded()) {
        let facts = entry_points::image(&data).unwrap();
        prop_assert!(facts < 1000);
    }

    #[test]
    fn files(data in seeded(), path in "/(etc|bin|www)/[a-z.]{1,12}") {
        entry_points::file(&path, &data);
    }

    #[test]
    fn texts(text in ".{0,500}", path in prop::sample::select(vec!["/etc/passwd-", "/etc/app.conf", "/www/a.js", "/www/a.html", "/etc/init.d/x", "/etc/wpa_supplicant.conf"])) {
        entry_points::file(path, text.as_bytes());
    }

    #[test]
    fn secrets(text in "(user|AKIA|ghp_|eyJ|[$]1[$]|[$]2b[$]10[$]|curl -u |ftpput -p |password=|[:=\"'. \n#A-Za-z0-9/+]){0,200}", path in prop::sample::select(vec!["/etc/htpasswd", "/etc/htdigest", "/etc/samba/smbpasswd", "/etc/httpd.conf", "/etc/auth.txt", "/etc/config/rpcd", "/etc/ppp/chap-secrets", "/etc/ipsec.secrets", "/etc/lighttpd-plain.user", "/www/a.php", "/usr/lib/a.pm", "/usr/lib/a.py", "/etc/a.xml", "/etc/up.sh"])) {
        entry_points::file(path, text.as_bytes());
    }

    #[test]
    fn configurations(lines in "((# )?CONFIG_[A-Z_]{1,20}(=y|=\"[^\n]{0,9}| is not set|)\n){0,40}") {
        entry_points::file("/boot/config", format!("#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4 Kernel Configuration\n{lines}").as_bytes());
    }

    #[test]
    fn systems(script in "[a-z(){}\\[\\];&|$\"' \n!=0-9/.-]{0,300}", table in "[a-z:/# \n0-9x$*!]{0,200}", config in "[a-z ='\"\n#0-9:{}]{0,200}") {
        entry_points::system(&[
            ("/etc/init.d/rcS", &script),
            ("/etc/inittab", &format!("::sysinit:/etc/init.d/rcS\n{table}")),
            ("/etc/passwd", &table),
            ("/etc/shadow", &table),
            ("/etc/inetd.conf", &config),
            ("/usr/lib/opkg/status", &config),
            ("/etc/config/dropbear", &config),
            ("/etc/ssh/sshd_config", &config),
            ("/etc/mosquitto/mosquitto.conf", &config),
            ("/etc/lighttpd/lighttpd.conf", &config),
            ("/lib/systemd/system/telnetd.service", &config),
        ]);
    }

    /// The corpus of whole systems, changed at a few places and cut.
    #[test]
    fn changed_systems(seed in 0_usize..1000, cut in 0_usize..3000, flips in prop::collection::vec((0_usize..3000, any::<u8>()), 0..12)) {
        let seeds = systems_of_the_corpus();
        let mut bytes = seeds[seed % seeds.len()].clone();
        for (at, byte) in flips {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        bytes.truncate(bytes.len().min(cut));
        let text = String::from_utf8_lossy(&bytes);
        let files: Vec<(&str, &str)> =
            text.split("=== ").skip(1).map(|file| file.split_once('\n').unwrap_or((file, ""))).collect();
        entry_points::system(&files);
    }
}

fn systems_of_the_corpus() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/firmware_system");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).filter(|bytes| !bytes.is_empty()).collect()
}

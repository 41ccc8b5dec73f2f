//! Servers from Debian, well and badly set up.

use std::fs;
use std::path::Path;
use std::process::Command;

use sekisho_model::network::FailureKind;
use sekisho_model::product::Authorized;

use super::{Server, failures, free, greeting, installed, keys, look, seen};

pub(crate) const SSHD: &str = "/usr/sbin/sshd";
pub(crate) const KEYGEN: &str = "/usr/bin/ssh-keygen";

/// OpenSSH with host keys of these kinds and sizes, and these settings.
pub(crate) fn openssh(folder: &Path, keys: &[(&str, &str)], settings: &str) -> Server {
    let address = free();
    let mut config =
        format!("ListenAddress 127.0.0.1\nPort {}\nPidFile none\nUsePAM no\nStrictModes no\n", address.port());
    config += settings;
    for (kind, bits) in keys {
        let path = folder.join(format!("{kind}{bits}"));
        let mut keygen = Command::new(KEYGEN);
        keygen.args(["-q", "-t", kind, "-N", ""]).arg("-f").arg(&path);
        if !bits.is_empty() {
            keygen.args(["-b", bits]);
        }
        assert!(keygen.status().unwrap().success());
        config += &format!("\nHostKey {}", path.display());
    }
    let path = folder.join("sshd_config");
    fs::write(&path, config + "\n").unwrap();
    // Where it separates privileges it wants this folder.
    let _ = fs::create_dir_all("/run/sshd");
    Server::start(Command::new(SSHD).args(["-D", "-e", "-f"]).arg(path), address)
}

/// What `ssh-keygen` says of a public key: size and fingerprint.
fn told(path: &Path) -> (u32, String) {
    let output = Command::new(KEYGEN).arg("-lf").arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = text.split(' ');
    (words.next().unwrap().parse().unwrap(), words.next().unwrap().to_owned())
}

pub(crate) const GOOD: &str = "KexAlgorithms curve25519-sha256\nCiphers aes256-gcm@openssh.com,aes128-ctr\n\
    MACs hmac-sha2-256-etm@openssh.com\nHostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512\n\
    PasswordAuthentication no\nKbdInteractiveAuthentication no";

#[test]
fn a_sound_server_is_clean() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = [("ed25519", ""), ("ecdsa", "256"), ("rsa", "3072")];
    let server = openssh(folder.path(), &made, GOOD);
    let before = greeting(server.address);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!((offered.protocol.as_str(), offered.weak.len(), offered.broken.len()), ("2.0", 0, 0));
    assert!(offered.software.starts_with("OpenSSH_"));
    assert_eq!(offered.key_exchange, ["curve25519-sha256"]);
    assert_eq!(offered.ciphers, ["aes256-gcm@openssh.com", "aes128-ctr"]);
    assert_eq!(offered.macs, ["hmac-sha2-256-etm@openssh.com"]);
    assert_eq!(offered.authentication, ["publickey"]);
    assert_eq!(
        (offered.prefix_truncation, offered.password_login, offered.open_login),
        (Some(false), Some(false), Some(false))
    );
    let mut shown: Vec<_> = keys(&findings).iter().map(|key| (key.bits.unwrap(), key.fingerprint.clone())).collect();
    let mut own: Vec<_> =
        made.iter().map(|(kind, bits)| told(&folder.path().join(format!("{kind}{bits}.pub")))).collect();
    shown.sort();
    own.sort();
    assert_eq!(shown, own);
    assert_eq!(findings.gaps, []);
    assert_eq!(greeting(server.address), before);
}

#[test]
fn what_is_weak_is_found() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bad = "KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1\nCiphers aes128-cbc,3des-cbc\n\
        MACs hmac-md5,hmac-sha1-etm@openssh.com\nHostKeyAlgorithms ssh-rsa\nRequiredRSASize 1024\n\
        PasswordAuthentication yes";
    let server = openssh(folder.path(), &[("rsa", "1024")], bad);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!(offered.broken, ["diffie-hellman-group1-sha1", "3des-cbc"]);
    let (methods, rest) = offered.weak.split_at(2);
    assert_eq!(methods, ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"]);
    assert_eq!(rest, ["ssh-rsa", "aes128-cbc", "3des-cbc", "hmac-md5"]);
    assert_eq!((offered.password_login, offered.open_login), (Some(true), Some(false)));
    assert!(offered.authentication.contains(&"password".to_owned()));
    // Its CBC with encrypt-then-MAC would allow it; Debian's OpenSSH knows the strict exchange.
    assert_eq!(offered.prefix_truncation, Some(false));
    let shown: Vec<_> = keys(&findings).iter().map(|key| (key.kind.as_str(), key.bits)).collect();
    assert_eq!(shown, [("ssh-rsa", Some(1024))]);
    assert_eq!(findings.gaps, []);
    assert!(greeting(server.address).is_some());
}

#[test]
fn a_protected_conversation_is_held_in_every_way() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    for (method, cipher, mac) in [
        ("curve25519-sha256", "chacha20-poly1305@openssh.com", "hmac-sha2-256"),
        ("curve25519-sha256@libssh.org", "aes128-gcm@openssh.com", "hmac-sha2-256"),
        ("ecdh-sha2-nistp256", "aes256-gcm@openssh.com", "hmac-md5"),
        ("ecdh-sha2-nistp384", "aes128-ctr", "hmac-sha2-256-etm@openssh.com"),
        ("diffie-hellman-group14-sha256", "aes192-ctr", "hmac-sha2-512-etm@openssh.com"),
        ("diffie-hellman-group16-sha512", "aes256-ctr", "hmac-sha2-256"),
        ("diffie-hellman-group14-sha1", "aes128-cbc", "hmac-sha2-512"),
        ("diffie-hellman-group1-sha1", "aes192-cbc", "hmac-sha1-etm@openssh.com"),
        ("diffie-hellman-group-exchange-sha256", "aes256-cbc", "hmac-sha1"),
        ("diffie-hellman-group-exchange-sha1", "3des-cbc", "hmac-sha1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!("KexAlgorithms {method}\nCiphers {cipher}\nMACs {mac}");
        let server = openssh(folder.path(), &[("ed25519", "")], &settings);
        let findings = look(server.address, Authorized::Probe);
        assert_eq!(seen(&findings).open_login, Some(false), "{method} {cipher} {mac} {findings:?}");
    }
}

#[test]
fn what_is_not_spoken_here_is_a_gap() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = openssh(folder.path(), &[("ed25519", "")], "KexAlgorithms sntrup761x25519-sha512@openssh.com");
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!((offered.weak.len(), offered.password_login, offered.open_login), (0, None, None));
    assert_eq!((failures(&findings), findings.gaps.len()), (vec![FailureKind::Other], 1));
}

pub(crate) const DROPBEAR: &str = "/usr/sbin/dropbear";
pub(crate) const DROPBEARKEY: &str = "/usr/bin/dropbearkey";

/// Dropbear with an RSA and an Ed25519 key, and these options.
pub(crate) fn dropbear(folder: &Path, options: &[&str]) -> Server {
    let address = free();
    let mut command = Command::new(DROPBEAR);
    command.args(["-F", "-E", "-p", &address.to_string()]).args(options).arg("-P").arg(folder.join("pid"));
    for (kind, bits) in [("rsa", "2048"), ("ed25519", "256")] {
        let path = folder.join(kind);
        let made = Command::new(DROPBEARKEY).args(["-t", kind, "-s", bits, "-f"]).arg(&path).output().unwrap();
        assert!(made.status.success());
        command.arg("-r").arg(path);
    }
    Server::start(&mut command, address)
}

#[test]
fn dropbear_is_understood() {
    if !installed(&[DROPBEAR, DROPBEARKEY]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = dropbear(folder.path(), &["-s"]);
    let before = greeting(server.address);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert!(offered.software.starts_with("dropbear"), "{offered:?}");
    assert_eq!((offered.password_login, offered.open_login), (Some(false), Some(false)));
    let mut shown: Vec<_> = keys(&findings).iter().map(|key| (key.kind.as_str(), key.bits)).collect();
    shown.sort_unstable();
    assert_eq!(shown, [("ssh-ed25519", Some(256)), ("ssh-rsa", Some(2048))]);
    assert_eq!(findings.gaps, []);
    assert_eq!(greeting(server.address), before);
}

/// All that OpenSSH can be told to offer.
fn everything() -> String {
    let list = |what: &str| {
        let output = Command::new("/usr/bin/ssh").args(["-Q", what]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().replace('\n', ",")
    };
    let (methods, ciphers, macs) = (list("kex"), list("cipher"), list("mac"));
    format!("KexAlgorithms {methods}\nCiphers {ciphers}\nMACs {macs}\nHostKeyAlgorithms +ssh-rsa")
}

#[test]
fn another_tool_sees_the_same() {
    const AUDIT: &str = "/usr/bin/ssh-audit";
    if !installed(&[AUDIT, SSHD, KEYGEN, "/usr/bin/ssh", DROPBEAR, DROPBEARKEY]) {
        return;
    }
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = [("ed25519", ""), ("ecdsa", "521"), ("rsa", "3072")];
    for server in [openssh(one.path(), &made, &everything()), dropbear(two.path(), &["-s"])] {
        let port = server.address.port().to_string();
        let output = Command::new(AUDIT).args(["-j", "-p", &port, "127.0.0.1"]).output().unwrap();
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        // Older versions list names, newer ones objects.
        let names = |list: &str| -> Vec<String> {
            let name = |entry: &serde_json::Value| entry.as_str().or(entry["algorithm"].as_str()).unwrap().to_owned();
            theirs[list].as_array().unwrap().iter().map(name).collect()
        };
        let findings = look(server.address, Authorized::Probe);
        let ours = seen(&findings);
        let signals = ["kex-strict-s-v00@openssh.com", "kexguess2@matt.ucc.asn.au", "ext-info-s"];
        let methods: Vec<_> = names("kex").into_iter().filter(|name| !signals.contains(&name.as_str())).collect();
        assert_eq!(ours.key_exchange, methods);
        assert_eq!(ours.host_keys, names("key"));
        assert_eq!(ours.ciphers, names("enc"));
        assert_eq!(ours.macs, names("mac"));
        for theirs in theirs["fingerprints"].as_array().unwrap() {
            if theirs["hash_alg"] == "SHA256" {
                let key = keys(&findings).into_iter().find(|key| theirs["hostkey"] == key.kind.as_str()).unwrap();
                assert_eq!(key.fingerprint, format!("SHA256:{}", theirs["hash"].as_str().unwrap()));
            }
        }
        for theirs in theirs["key"].as_array().unwrap() {
            if let Some(size) = theirs["keysize"].as_u64().filter(|_| theirs["algorithm"] == "rsa-sha2-256") {
                let key = keys(&findings).into_iter().find(|key| key.kind == "ssh-rsa").unwrap();
                assert_eq!(key.bits.map(u64::from), Some(size));
            }
        }
    }
}

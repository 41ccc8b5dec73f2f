//! What the facts of one system, and of one image, have to do with each other: which service uses which key, which program loads which
//! library, where the same key lies twice.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Binary, BinaryKind, Fact, Hardening, Observed, Relro};

use super::{Seen, file_name, uci};
use crate::tree::{Kind, View};

/// What came out of relating the facts of a system.
pub(crate) struct Related {
    /// What follows from all of them.
    pub(crate) seen: Vec<(String, Seen)>,
    /// Whether every file of settings was looked through for keys.
    pub(crate) whole: bool,
}

/// Relates the facts of the system that `view` shows; `facts` may hold those of other trees, too.
pub(crate) fn system(view: &View<'_>, within: &[String], facts: &mut [Fact]) -> Related {
    let here = |fact: &Fact| fact.source.within == within;
    let whole = used_by(view, facts, &here);
    Related { seen: hardening(view, facts, &here), whole }
}

/// Relates the keys and certificates of the whole image.
pub(crate) fn image(facts: &mut [Fact]) {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fact in facts.iter() {
        if let Observed::PrivateKey(key) = &fact.observed
            && let Some(fingerprint) = &key.fingerprint
        {
            keys.entry(fingerprint.clone()).or_default().insert(place(fact));
        }
    }
    for fact in facts {
        let at = place(fact);
        match &mut fact.observed {
            Observed::PrivateKey(key) => {
                let places = key.fingerprint.as_ref().and_then(|fingerprint| keys.get(fingerprint));
                key.copies =
                    places.into_iter().flatten().filter(|other| **other != at).take(MAX_COPIES).cloned().collect();
            }
            Observed::Certificate(certificate) => {
                certificate.key_in_image =
                    certificate.fingerprint.as_ref().is_some_and(|print| keys.contains_key(print));
            }
            _ => {}
        }
    }
}

/// Copies of one key that are listed.
const MAX_COPIES: usize = 20;

/// Where a fact was seen, as people read it.
fn place(fact: &Fact) -> String {
    let source = &fact.source;
    let last = match (&source.path, source.line) {
        (Some(path), Some(line)) if line > 1 => format!("{path}:{line}"),
        (Some(path), _) => path.clone(),
        (None, _) => format!("offset {}", source.offset.unwrap_or_default()),
    };
    source.within.iter().map(String::as_str).chain([last.as_str()]).collect::<Vec<_>>().join(" ")
}

/// A program, its settings files, and the settings that name a file with a key or a certificate.
struct Uses {
    program: &'static str,
    /// Whether a file, by path and name, is one of its settings.
    file: fn(&str, &str) -> bool,
    keys: &'static [&'static str],
}

const USES: &[Uses] = &[
    Uses {
        program: "lighttpd",
        file: |path, name| name == "lighttpd.conf" || path.contains("/lighttpd/conf"),
        keys: &["ssl.pemfile", "ssl.privkey", "ssl.ca-file"],
    },
    Uses {
        program: "nginx",
        file: |path, name| name == "nginx.conf" || path.contains("/nginx/"),
        keys: &[
            "ssl_certificate",
            "ssl_certificate_key",
            "ssl_client_certificate",
            "ssl_trusted_certificate",
            "proxy_ssl_certificate",
            "proxy_ssl_certificate_key",
        ],
    },
    Uses {
        program: "apache2",
        file: |path, name| name == "httpd.conf" || path.contains("/apache2/"),
        keys: &["sslcertificatefile", "sslcertificatekeyfile"],
    },
    Uses {
        program: "mosquitto",
        file: |path, name| name == "mosquitto.conf" || path.contains("/mosquitto/conf.d/"),
        keys: &["certfile", "keyfile", "cafile", "bridge_certfile", "bridge_keyfile", "bridge_cafile"],
    },
    Uses {
        program: "stunnel",
        file: |path, name| name.starts_with("stunnel") || path.contains("/stunnel/"),
        keys: &["cert", "key", "cafile"],
    },
    Uses { program: "sshd", file: |_, name| name == "sshd_config", keys: &["hostkey", "hostcertificate"] },
    Uses {
        program: "hostapd",
        file: |_, name| name.starts_with("hostapd") && name.ends_with(".conf"),
        keys: &["private_key", "server_cert", "ca_cert"],
    },
    Uses {
        program: "wpa_supplicant",
        file: |_, name| name.starts_with("wpa_supplicant") && name.ends_with(".conf"),
        keys: &["private_key", "private_key2", "client_cert", "client_cert2", "ca_cert", "ca_cert2"],
    },
    Uses {
        program: "openvpn",
        file: |path, name| path.contains("/openvpn/") && (name.ends_with(".conf") || name.ends_with(".ovpn")),
        keys: &["cert", "key", "ca", "pkcs12"],
    },
    Uses { program: "vsftpd", file: |_, name| name == "vsftpd.conf", keys: &["rsa_cert_file", "rsa_private_key_file"] },
];

/// OpenWrt's settings: the file's name is the program's.
const UCI_USES: &[(&str, &[&str])] = &[
    ("uhttpd", &["cert", "key"]),
    ("openvpn", &["cert", "key", "ca"]),
    ("mosquitto", &["certfile", "keyfile", "cafile"]),
];

/// Where programs look for their host keys without being told (dropbear's `default_options.h`, OpenSSH's `sshd_config(5)`).
const DEFAULTS: [(&str, &str, [&str; 4]); 2] = [
    (
        "dropbear",
        "/etc/dropbear/",
        ["dropbear_rsa_host_key", "dropbear_dss_host_key", "dropbear_ecdsa_host_key", "dropbear_ed25519_host_key"],
    ),
    ("sshd", "/etc/ssh/", ["ssh_host_rsa_key", "ssh_host_dsa_key", "ssh_host_ecdsa_key", "ssh_host_ed25519_key"]),
];

/// A settings file is not larger.
const MAX_SETTINGS: u64 = 1 << 20;
/// Bytes of settings looked through in one system: far more than any has.
const MAX_READ: u64 = 64 << 20;

/// Says of keys and certificates which services use them; whether all settings could be looked through.
fn used_by(view: &View<'_>, facts: &mut [Fact], here: &dyn Fn(&Fact) -> bool) -> bool {
    let targets: BTreeSet<String> = facts
        .iter()
        .filter(|fact| here(fact) && matches!(fact.observed, Observed::PrivateKey(_) | Observed::Certificate(_)))
        .filter_map(|fact| fact.source.path.clone())
        .filter(|path| path.starts_with(&view.root))
        .collect();
    if targets.is_empty() {
        return true;
    }
    let mut left = MAX_READ;
    let mut whole = true;
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut names = |program: &str, directory: &str, value: &str| {
        let path = if value.starts_with('/') { value.to_owned() } else { format!("{directory}/{value}") };
        if let Some(entry) = view.resolve(&path).filter(|entry| targets.contains(&entry.path)) {
            users.entry(entry.path.clone()).or_default().insert(program.to_owned());
        }
    };
    for entry in view.tree.entries() {
        let Kind::File(size @ 1..=MAX_SETTINGS) = entry.kind else { continue };
        let Some(path) = entry.path.strip_prefix(&view.root) else { continue };
        let name = file_name(path);
        let directory = path.strip_suffix(name).unwrap_or("/").trim_end_matches('/');
        let openwrt = UCI_USES.iter().find(|(program, _)| path == format!("/etc/config/{program}"));
        if openwrt.is_none() && !USES.iter().any(|user| (user.file)(path, name)) {
            continue;
        }
        let Some(rest) = left.checked_sub(size) else {
            whole = false;
            break;
        };
        left = rest;
        let Some(text) = view.text_of(entry) else { continue };
        if let Some((program, options)) = openwrt {
            let sections = uci::parse(&text);
            for (option, value, _) in sections.iter().flat_map(|section| &section.options) {
                if options.contains(&option.as_str()) {
                    names(program, "", value);
                }
            }
            continue;
        }
        for user in USES.iter().filter(|user| (user.file)(path, name)) {
            for (key, value) in text.lines().filter_map(assignment) {
                if user.keys.contains(&key.to_ascii_lowercase().as_str()) {
                    names(user.program, directory, value);
                }
            }
        }
    }
    let mut programs = BTreeSet::new();
    for fact in facts.iter().filter(|fact| here(fact)) {
        let Observed::Service(service) = &fact.observed else { continue };
        programs.insert(service.program.clone());
        for word in service.command.iter().flat_map(|command| command.split(|c: char| c.is_whitespace() || c == '=')) {
            let word = word.trim_matches(['"', '\'', ';']);
            if word.starts_with('/') {
                names(&service.program, "", word);
            }
        }
    }
    for (program, directory, files) in DEFAULTS.iter().filter(|(program, ..)| programs.contains(*program)) {
        for file in files {
            names(program, directory.trim_end_matches('/'), file);
        }
    }
    for fact in facts.iter_mut().filter(|fact| here(fact)) {
        let Some(found) = fact.source.path.as_ref().and_then(|path| users.get(path)) else { continue };
        match &mut fact.observed {
            Observed::PrivateKey(key) => add(&mut key.used_by, found),
            Observed::Certificate(certificate) => add(&mut certificate.used_by, found),
            _ => {}
        }
    }
    whole
}

fn add(used_by: &mut Vec<String>, found: &BTreeSet<String>) {
    used_by.extend(found.iter().cloned());
    used_by.sort();
    used_by.dedup();
}

/// Name and value of a line of settings: `name = "value"`, `name value;`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if line.starts_with(['#', ';']) {
        return None;
    }
    let (key, value) = line.split_once(|c: char| c == '=' || c.is_whitespace())?;
    let value = value.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(|c: char| c.is_whitespace() || c == ';').next()?,
    };
    (!value.is_empty()).then_some((key, value))
}

/// The hardening of the programs and libraries of a system, of all of them and of what faces the network.
fn hardening(view: &View<'_>, facts: &[Fact], here: &dyn Fn(&Fact) -> bool) -> Vec<(String, Seen)> {
    let mut binaries: BTreeMap<&str, &Binary> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| here(fact)) {
        if let (Observed::Binary(binary), Some(path)) = (&fact.observed, &fact.source.path)
            && matches!(binary.kind, BinaryKind::Program | BinaryKind::Library)
            && path.starts_with(&view.root)
        {
            binaries.insert(path, binary);
        }
    }
    if binaries.is_empty() {
        return Vec::new();
    }
    let network = facing_the_network(view, &binaries);
    let path = if view.root.is_empty() { "/" } else { &view.root };
    let mut found = vec![(path.to_owned(), Seen::new(Observed::Hardening(summed("all", binaries.values().copied()))))];
    if !network.is_empty() {
        let summary = summed("network", network.iter().filter_map(|path| binaries.get(path).copied()));
        found.push((path.to_owned(), Seen::new(Observed::Hardening(summary))));
    }
    found
}

fn summed<'a>(of: &str, binaries: impl Iterator<Item = &'a Binary>) -> Hardening {
    let mut sum = Hardening { of: of.to_owned(), ..Hardening::default() };
    for binary in binaries {
        sum.counted += 1;
        sum.programs += u64::from(binary.kind == BinaryKind::Program);
        sum.pie += u64::from(binary.pie == Some(true));
        sum.nx += u64::from(binary.nx == Some(true));
        sum.relro_full += u64::from(binary.relro == Some(Relro::Full));
        sum.relro_partial += u64::from(binary.relro == Some(Relro::Partial));
        sum.stack_protector += u64::from(binary.stack_protector == Some(true));
        sum.fortify += u64::from(binary.fortify == Some(true));
    }
    sum
}

/// The paths of the programs that face the network and of the libraries that they load, one through another.
fn facing_the_network<'a>(view: &View<'_>, binaries: &BTreeMap<&'a str, &'a Binary>) -> BTreeSet<&'a str> {
    let mut reached: BTreeSet<&str> =
        binaries.iter().filter(|(_, binary)| binary.network_facing).map(|(path, _)| *path).collect();
    if reached.is_empty() {
        return reached;
    }
    // Where a library of each name lies; most are links to the file with the full version.
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in view.tree.entries() {
        if let Some(path) = entry.path.strip_prefix(&view.root)
            && matches!(entry.kind, Kind::File(_) | Kind::Link(_))
            && file_name(path).contains(".so")
        {
            named.entry(file_name(path)).or_default().push(path);
        }
    }
    let mut pending: Vec<&str> = reached.iter().copied().collect();
    while let Some(path) = pending.pop() {
        let Some(binary) = binaries.get(path) else { continue };
        for library in &binary.libraries {
            let Some(places) = named.get(file_name(library)) else { continue };
            let own = binary.runpath.as_deref().unwrap_or_default();
            let Some(place) = places.iter().min_by_key(|place| (rank(place, own), **place)) else { continue };
            let Some(file) = view.resolve(place) else { continue };
            if let Some((path, _)) = binaries.get_key_value(file.path.as_str())
                && reached.insert(path)
            {
                pending.push(path);
            }
        }
    }
    reached
}

/// In which order the loader looks: the program's own places, the system's (ld.so(8)), elsewhere.
fn rank(path: &str, own: &str) -> usize {
    let directory = path.strip_suffix(file_name(path)).unwrap_or(path).trim_end_matches('/');
    if own.split(':').any(|place| place.trim_end_matches('/') == directory) {
        return 0;
    }
    let depth = directory.matches('/').count();
    match directory {
        "/lib" | "/lib64" => 1,
        "/usr/lib" | "/usr/lib64" => 2,
        _ if directory.starts_with("/lib/") || directory.starts_with("/usr/lib/") => 2 + depth,
        _ => 20 + depth,
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::BinaryKind::{Library, Program};
    use sekisho_model::fact::{Certificate, PrivateKey, Service, Source};

    use super::*;
    use crate::tree::tests::FakeTree;

    fn fact(path: &str, observed: Observed) -> Fact {
        Fact { observed, subject: String::new(), source: Source { path: Some(path.into()), ..Source::default() } }
    }

    fn key(path: &str, fingerprint: &str) -> Fact {
        fact(path, Observed::PrivateKey(PrivateKey { fingerprint: Some(fingerprint.into()), ..PrivateKey::default() }))
    }

    fn users(facts: &[Fact], path: &str) -> Vec<String> {
        let fact = facts.iter().find(|fact| fact.source.path.as_deref() == Some(path)).unwrap();
        match &fact.observed {
            Observed::PrivateKey(key) => key.used_by.clone(),
            Observed::Certificate(certificate) => certificate.used_by.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn settings_command_lines_and_defaults_name_keys() {
        let tree = FakeTree::new(&[
            ("/etc/ssl/web.key", 0o600, "x"),
            ("/etc/ssl/web.crt", 0o644, "x"),
            ("/etc/ssl/link.key", 0o777, "-> web.key"),
            ("/etc/nginx/certs/a.key", 0o600, "x"),
            ("/etc/ssl/unused.key", 0o600, "x"),
            ("/etc/uhttpd.key", 0o600, "x"),
            ("/etc/dropbear/dropbear_rsa_host_key", 0o600, "x"),
            ("/etc/vpn.pem", 0o600, "x"),
            (
                "/etc/lighttpd/lighttpd.conf",
                0o644,
                "#ssl.pemfile = \"/etc/ssl/unused.key\"\nssl.pemfile = \"/etc/ssl/link.key\"\n",
            ),
            ("/etc/mosquitto/mosquitto.conf", 0o644, "keyfile /etc/ssl/web.key\ncertfile /etc/ssl/web.crt\n"),
            ("/etc/nginx/nginx.conf", 0o644, "http {\n  ssl_certificate_key certs/a.key;\n}\n"),
            ("/etc/config/uhttpd", 0o644, "config uhttpd main\n\toption key '/etc/uhttpd.key'\n"),
        ]);
        let service = |program: &str, command: &str| {
            let service = Service { program: program.into(), command: Some(command.into()), ..Service::default() };
            fact("/etc/init.d/rcS", Observed::Service(service))
        };
        let mut facts: Vec<Fact> =
            ["/etc/ssl/web.key", "/etc/nginx/certs/a.key", "/etc/ssl/unused.key", "/etc/uhttpd.key"]
                .into_iter()
                .chain(["/etc/dropbear/dropbear_rsa_host_key", "/etc/vpn.pem"])
                .map(|path| key(path, path))
                .collect();
        facts.push(fact("/etc/ssl/web.crt", Observed::Certificate(Certificate::default())));
        facts.extend([service("dropbear", "dropbear -p 22"), service("mini_httpd", "mini_httpd -S -E /etc/vpn.pem &")]);
        let related = system(&tree.view(), &[], &mut facts);
        assert!(related.whole && related.seen.is_empty());
        assert_eq!(users(&facts, "/etc/ssl/web.key"), ["lighttpd", "mosquitto"]);
        assert_eq!(users(&facts, "/etc/ssl/web.crt"), ["mosquitto"]);
        assert_eq!(users(&facts, "/etc/nginx/certs/a.key"), ["nginx"]);
        assert_eq!(users(&facts, "/etc/uhttpd.key"), ["uhttpd"]);
        assert_eq!(users(&facts, "/etc/dropbear/dropbear_rsa_host_key"), ["dropbear"]);
        assert_eq!(users(&facts, "/etc/vpn.pem"), ["mini_httpd"]);
        assert!(users(&facts, "/etc/ssl/unused.key").is_empty());
    }

    #[test]
    fn the_same_key_twice_and_its_certificate() {
        let certificate = |print: &str| {
            Observed::Certificate(Certificate { fingerprint: Some(print.into()), ..Certificate::default() })
        };
        let mut facts = vec![
            key("/etc/a.pem", "one"),
            key("/usr/share/b.pem", "one"),
            key("/etc/c.pem", "two"),
            fact("/etc/a.crt", certificate("one")),
            fact("/etc/ca.crt", certificate("three")),
        ];
        image(&mut facts);
        let Observed::PrivateKey(first) = &facts[0].observed else { panic!() };
        assert_eq!(first.copies, ["/usr/share/b.pem"]);
        let Observed::PrivateKey(third) = &facts[2].observed else { panic!() };
        assert!(third.copies.is_empty());
        let in_image: Vec<bool> = facts[3..]
            .iter()
            .map(|fact| matches!(&fact.observed, Observed::Certificate(c) if c.key_in_image))
            .collect();
        assert_eq!(in_image, [true, false]);
    }

    #[test]
    fn network_programs_count_with_their_libraries() {
        let tree = FakeTree::new(&[
            ("/usr/sbin/webd", 0o755, "x"),
            ("/bin/ls", 0o755, "x"),
            ("/lib/libssl.so.1", 0o777, "-> libssl.so.1.1.1"),
            ("/lib/libssl.so.1.1.1", 0o755, "x"),
            ("/lib/libcrypto.so.1", 0o755, "x"),
            ("/opt/old/libcrypto.so.1", 0o755, "x"),
            ("/lib/libother.so", 0o755, "x"),
        ]);
        let binary = |path: &str, kind, network_facing, libraries: &[&str]| {
            let libraries = libraries.iter().map(|l| (*l).to_owned()).collect();
            fact(
                path,
                Observed::Binary(Binary { kind, network_facing, libraries, nx: Some(true), ..Binary::default() }),
            )
        };
        let mut facts = vec![
            binary("/usr/sbin/webd", Program, true, &["libssl.so.1", "libmissing.so"]),
            binary("/bin/ls", Program, false, &["libother.so"]),
            // A cycle ends.
            binary("/lib/libssl.so.1.1.1", Library, false, &["libcrypto.so.1"]),
            binary("/lib/libcrypto.so.1", Library, false, &["libssl.so.1"]),
            binary("/opt/old/libcrypto.so.1", Library, false, &[]),
            binary("/lib/libother.so", Library, false, &[]),
        ];
        let found: Vec<Hardening> = system(&tree.view(), &[], &mut facts)
            .seen
            .into_iter()
            .map(|(_, seen)| {
                let Observed::Hardening(hardening) = seen.observed else { panic!() };
                hardening
            })
            .collect();
        assert_eq!((found[0].of.as_str(), found[0].counted, found[0].programs), ("all", 6, 2));
        assert_eq!((found[1].of.as_str(), found[1].counted, found[1].programs, found[1].nx), ("network", 3, 1, 3));
    }
}

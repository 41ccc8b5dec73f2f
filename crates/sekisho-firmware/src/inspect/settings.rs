//! Settings of known daemons that bear on security, in one vocabulary.
//!
//! | program | file | setting | values |
//! | --- | --- | --- | --- |
//! | `dropbear` | `/etc/config/dropbear`, `/etc/default/dropbear` | `password-login`, `root-password-login`, `empty-password` | `yes`, `no` |
//! | `dropbear` | its command line where it is started | `password-login`, `root-login` (with a password), `empty-password` | `yes`, `no` |
//! | `sshd` | `/etc/ssh/sshd_config` | `password-login`, `empty-password` | `yes`, `no` |
//! | `sshd` | | `root-login` | `yes`, `no`, `prohibit-password` … |
//! | `sshd` | | `protocol` | `1`, `2`, `2,1` |
//! | `mosquitto` | `mosquitto.conf`, `conf.d` | `anonymous`, `tls`, `client-certificates` | `yes`, `no` |
//! | `mosquitto` | | `tls-min-version` | `1.0` … `1.3` |
//! | `lighttpd` | `lighttpd.conf`, `conf.d` | `tls`, `directory-listing` | `yes`, `no` |
//! | `lighttpd`, `nginx` | | `tls-min-version` | `ssl3`, `1.0` … `1.3` |
//! | `nginx` | `nginx.conf`, `conf.d`, `sites-enabled` | `tls`, `directory-listing`, `server-tokens` | `yes`, `no` |
//! | `lighttpd`, `nginx`, `boa` | | `user` | account or id |
//! | `boa` | `boa.conf` | `directory-listing` | `yes` |
//! | `hostapd`, `wpa_supplicant` | `hostapd*.conf`, `wpa_supplicant*.conf`, `/etc/config/wireless` | `wifi-security` | `open`, `wep`, `wpa`, `wpa2`, `wpa3`, `wpa-eap` |
//! | | | `wifi-passphrase` | masked |
//! | | | `wps` | `yes`, `no` |
//! | `vsftpd` | `vsftpd.conf` | `anonymous`, `tls`, `anonymous-write` | `yes`, `no` |
//! | `snmpd` | `snmpd.conf` | `community`, `write-community` | the community, as `public` and `private` are known to everybody; others masked |
//! | `uhttpd` | `/etc/config/uhttpd` | `tls`, `redirect-https` | `yes`, `no` |
//! | `telnetd` | none | | its options are part of the service's command |
//!
//! What a file does not say is not reported: defaults differ between versions. The command line of `dropbear` says it all: every version lets
//! people log in with a password unless `-s`, and root unless `-g` or `-w`. Files of programs that are not in the image are left out.

use std::collections::BTreeMap;

use sekisho_model::fact::{Observed, Setting, Start};

use super::{Seen, file_name, mask, uci};
use crate::tree::{Entry, Kind, View};

/// Settings of one system that are listed.
const MAX_SETTINGS: usize = 500;

type Found = Vec<(String, Seen)>;

/// The settings of a system.
pub(super) fn inspect(view: &View<'_>) -> Found {
    let mut found = Vec::new();
    dropbear(view, &mut found);
    wireless(view, &mut found);
    uhttpd(view, &mut found);
    for entry in view.tree.entries() {
        if !matches!(entry.kind, Kind::File(1..=1_000_000))
            || !entry.path.starts_with(&view.root)
            || is_sample(&entry.path)
        {
            continue;
        }
        let name = file_name(&entry.path);
        let in_folder = |folder: &str| entry.path.contains(&format!("/{folder}/")) && name.ends_with(".conf");
        let reader: fn(&Entry, &str, &mut Found) = match name {
            "sshd_config" => sshd,
            "mosquitto.conf" => mosquitto,
            _ if in_folder("mosquitto/conf.d") => mosquitto,
            "lighttpd.conf" => lighttpd,
            _ if in_folder("lighttpd/conf.d") || in_folder("lighttpd/conf-enabled") => lighttpd,
            "nginx.conf" => nginx,
            _ if in_folder("nginx/conf.d") || entry.path.contains("/nginx/sites-enabled/") => nginx,
            "boa.conf" => boa,
            "vsftpd.conf" => vsftpd,
            "snmpd.conf" => snmpd,
            _ if name.ends_with(".conf") && name.starts_with("hostapd") => hostapd,
            _ if name.ends_with(".conf") && name.starts_with("wpa_supplicant") => wpa_supplicant,
            _ => continue,
        };
        if let Some(text) = view.text_of(entry) {
            reader(entry, &text, &mut found);
        }
    }
    found.truncate(MAX_SETTINGS);
    found
}

/// Says of each setting how its program starts: the settings of a program that nothing starts are in force nowhere.
pub(super) fn with_starts(seen: &mut [(String, Seen)]) {
    let mut starts: BTreeMap<String, Start> = BTreeMap::new();
    for (_, seen) in seen.iter() {
        if let Observed::Service(service) = &seen.observed {
            let start = starts.entry(service.program.clone()).or_insert(service.start);
            *start = service.start.min(*start);
        }
    }
    for (_, seen) in seen.iter_mut() {
        if let Observed::Setting(setting) = &mut seen.observed {
            setting.start = starts.get(&setting.program).copied();
        }
    }
}

fn is_sample(path: &str) -> bool {
    ["/usr/share/doc", "/examples/", "/usr/share/base-files/", ".example", ".sample", ".dist"]
        .iter()
        .any(|part| path.contains(part))
}

fn add(
    found: &mut Found,
    entry: &Entry,
    index: usize,
    line: &str,
    program: &str,
    setting: &str,
    value: impl Into<String>,
) {
    let setting =
        Setting { program: program.to_owned(), setting: setting.to_owned(), value: value.into(), start: None };
    found.push((entry.path.clone(), Seen::at_line(Observed::Setting(setting), index, line)));
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Lines that are no comments, without what is commented out behind them.
fn active(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.split(" #").next().unwrap_or(line).trim();
        (!line.is_empty() && !line.starts_with(['#', ';'])).then_some((index, line))
    })
}

/// `key value` or `key=value`, without quotes and semicolon.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(|c: char| c == '=' || c.is_whitespace())?;
    Some((key.trim(), value.trim().trim_start_matches('=').trim().trim_end_matches(';').trim_matches(['"', '\''])))
}

fn dropbear(view: &View<'_>, found: &mut Found) {
    if let Some((entry, text)) = view.text("/etc/config/dropbear") {
        for section in uci::parse(&text).iter().filter(|s| s.kind == "dropbear") {
            for (option, name) in [
                ("PasswordAuth", "password-login"),
                ("RootPasswordAuth", "root-password-login"),
                ("RootLogin", "root-login"),
            ] {
                if let Some((value, line)) = section.get(option)
                    && let Some(on) = uci::boolean(value)
                {
                    add(found, entry, line, &format!("option {option} '{value}'"), "dropbear", name, yes_no(on));
                }
            }
        }
    }
    // Options on the command line, wherever a daemon's defaults stand.
    for path in ["/etc/default/dropbear", "/etc/conf.d/dropbear", "/etc/sysconfig/dropbear"] {
        let Some((entry, text)) = view.text(path) else { continue };
        for (index, line) in active(&text) {
            if let Some((key, value)) = pair(line)
                && (key.contains("ARGS") || key.contains("OPT"))
            {
                for option in value.split_whitespace().filter(|w| w.starts_with('-') && !w.starts_with("--")) {
                    for (letter, name, value) in [
                        ('B', "empty-password", "yes"),
                        ('s', "password-login", "no"),
                        ('g', "root-password-login", "no"),
                        ('w', "root-login", "no"),
                    ] {
                        if option.contains(letter) {
                            add(found, entry, index, line, "dropbear", name, value);
                        }
                    }
                }
            }
        }
    }
}

/// The settings that the command lines of started services say.
pub(super) fn of_commands(services: &[(String, Seen)]) -> Found {
    let mut found = Vec::new();
    for (path, seen) in services {
        let Observed::Service(service) = &seen.observed else { continue };
        let started = matches!(service.start, Start::Boot | Start::Conditional);
        let Some(command) = service.command.as_deref().filter(|_| started && service.program == "dropbear") else {
            continue;
        };
        // An option that is put together at run time could be any.
        if command.contains(['$', '`']) || !command.split_whitespace().next().is_some_and(|w| w.ends_with("dropbear")) {
            continue;
        }
        let options: Vec<&str> =
            command.split_whitespace().filter(|w| w.starts_with('-') && !w.starts_with("--")).collect();
        let has = |letters: &[char]| options.iter().any(|option| option.contains(letters));
        let password = !has(&['s']);
        let settings = [
            ("password-login", password),
            ("root-login", password && !has(&['g', 'w'])),
            ("empty-password", password && has(&['B'])),
        ];
        for (name, on) in settings {
            let setting =
                Setting { program: "dropbear".into(), setting: name.into(), value: yes_no(on).into(), start: None };
            found.push((path.clone(), Seen { observed: Observed::Setting(setting), ..seen.clone() }));
        }
    }
    found
}

fn sshd(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let Some((key, value)) = pair(line) else { continue };
        let value = value.to_ascii_lowercase();
        let name = match key.to_ascii_lowercase().as_str() {
            // What is behind a condition holds for some only.
            "match" => break,
            "passwordauthentication" => "password-login",
            "permitemptypasswords" => "empty-password",
            "permitrootlogin" => "root-login",
            "protocol" => "protocol",
            _ => continue,
        };
        let value = if value == "without-password" { "prohibit-password".to_owned() } else { value };
        add(found, entry, index, line, "sshd", name, value);
    }
}

fn mosquitto(entry: &Entry, text: &str, found: &mut Found) {
    let mut tls: Option<(usize, String, bool)> = None;
    for (index, line) in active(text) {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "allow_anonymous" => add(found, entry, index, line, "mosquitto", "anonymous", yes_no(value == "true")),
            "require_certificate" => {
                add(found, entry, index, line, "mosquitto", "client-certificates", yes_no(value == "true"));
            }
            "tls_version" => {
                if let Some(version) = tls_version(value) {
                    add(found, entry, index, line, "mosquitto", "tls-min-version", version);
                }
            }
            // Each listener is with or without TLS; the certificate stands behind its listener.
            "listener" | "port" => {
                if let Some((index, line, encrypted)) = tls.take() {
                    add(found, entry, index, &line, "mosquitto", "tls", yes_no(encrypted));
                }
                tls = Some((index, line.to_owned(), false));
            }
            "certfile" => {
                if let Some((_, _, encrypted)) = &mut tls {
                    *encrypted = true;
                } else {
                    tls = Some((index, line.to_owned(), true));
                }
            }
            _ => {}
        }
    }
    if let Some((index, line, encrypted)) = tls {
        add(found, entry, index, &line, "mosquitto", "tls", yes_no(encrypted));
    }
}

/// A protocol version as the various programs write it.
fn tls_version(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().trim_start_matches("tls").trim_start_matches('v') {
        "ssl2" | "sslv2" => "ssl2",
        "ssl3" | "sslv3" => "ssl3",
        "1" | "1.0" => "1.0",
        "1.1" => "1.1",
        "1.2" => "1.2",
        "1.3" => "1.3",
        _ => return None,
    })
}

fn lighttpd(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_start_matches('>').trim().trim_matches('"');
        match key.trim().trim_end_matches('+').trim() {
            "ssl.engine" => add(found, entry, index, line, "lighttpd", "tls", yes_no(value == "enable")),
            "ssl.openssl.ssl-conf-cmd" => {
                // ("MinProtocol" => "TLSv1.2") or ("Protocol" => "-TLSv1.1, …")
                let parts: Vec<&str> = line.split('"').collect();
                if let Some(at) = parts.iter().position(|p| *p == "MinProtocol")
                    && let Some(version) = parts.get(at + 2).and_then(|v| tls_version(v))
                {
                    add(found, entry, index, line, "lighttpd", "tls-min-version", version);
                }
            }
            "ssl.use-sslv3" if value == "enable" => {
                add(found, entry, index, line, "lighttpd", "tls-min-version", "ssl3");
            }
            "ssl.use-sslv2" if value == "enable" => {
                add(found, entry, index, line, "lighttpd", "tls-min-version", "ssl2");
            }
            "dir-listing.activate" | "server.dir-listing" => {
                add(found, entry, index, line, "lighttpd", "directory-listing", yes_no(value == "enable"));
            }
            "server.username" => add(found, entry, index, line, "lighttpd", "user", value),
            _ => {}
        }
    }
}

fn nginx(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "ssl_protocols" => {
                let lowest = value
                    .split_whitespace()
                    .filter_map(tls_version)
                    .min_by_key(|v| ["ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3"].iter().position(|known| known == v));
                if let Some(version) = lowest {
                    add(found, entry, index, line, "nginx", "tls-min-version", version);
                }
            }
            "listen" => {
                let encrypted = value.split_whitespace().any(|w| w == "ssl" || w == "quic");
                add(found, entry, index, line, "nginx", "tls", yes_no(encrypted));
            }
            "autoindex" => add(found, entry, index, line, "nginx", "directory-listing", yes_no(value == "on")),
            "server_tokens" => add(found, entry, index, line, "nginx", "server-tokens", yes_no(value == "on")),
            "user" => add(found, entry, index, line, "nginx", "user", value.split_whitespace().next().unwrap_or(value)),
            _ => {}
        }
    }
}

fn boa(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        match pair(line) {
            Some(("User", value)) => add(found, entry, index, line, "boa", "user", value),
            Some(("DirectoryMaker", _)) => add(found, entry, index, line, "boa", "directory-listing", "yes"),
            _ => {}
        }
    }
}

fn vsftpd(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let on = yes_no(matches!(value.trim().to_ascii_uppercase().as_str(), "YES" | "TRUE" | "1"));
        match key.trim() {
            "anonymous_enable" => add(found, entry, index, line, "vsftpd", "anonymous", on),
            "anon_upload_enable" => add(found, entry, index, line, "vsftpd", "anonymous-write", on),
            "ssl_enable" => add(found, entry, index, line, "vsftpd", "tls", on),
            _ => {}
        }
    }
}

fn snmpd(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (name, community) = match words.as_slice() {
            ["rocommunity" | "rocommunity6", community, ..] | ["com2sec", _, _, community, ..] => {
                ("community", *community)
            }
            ["rwcommunity" | "rwcommunity6", community, ..] => ("write-community", *community),
            _ => continue,
        };
        let value = if matches!(community, "public" | "private") { community.to_owned() } else { mask(community) };
        add(found, entry, index, &line.replace(community, &value), "snmpd", name, value.clone());
    }
}

fn passphrase(found: &mut Found, entry: &Entry, index: usize, line: &str, program: &str, secret: &str) {
    add(found, entry, index, &line.replace(secret, &mask(secret)), program, "wifi-passphrase", mask(secret));
}

fn hostapd(entry: &Entry, text: &str, found: &mut Found) {
    let mut security: Option<(usize, &str, &str)> = None;
    let mut first = None;
    for (index, line) in active(text) {
        first = first.or(Some((index, line)));
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "wpa" => {
                let name = match value {
                    "2" => "wpa2",
                    "1" | "3" => "wpa",
                    _ => "open",
                };
                security = Some((index, line, name));
            }
            "wpa_key_mgmt" if value.contains("SAE") && !value.contains("PSK") => security = Some((index, line, "wpa3")),
            "wpa_key_mgmt" if value.contains("EAP") => security = Some((index, line, "wpa-eap")),
            key if key.starts_with("wep_key") => security = Some((index, line, "wep")),
            "wpa_passphrase" | "wpa_psk" | "sae_password" => passphrase(found, entry, index, line, "hostapd", value),
            "wps_state" => add(found, entry, index, line, "hostapd", "wps", yes_no(value != "0")),
            _ => {}
        }
    }
    // An access point whose file says nothing of WPA or WEP is open.
    let has_network = active(text).any(|(_, l)| l.starts_with("ssid=") || l.starts_with("ssid "));
    let security = security.or_else(|| first.filter(|_| has_network).map(|(i, l)| (i, l, "open")));
    if let Some((index, line, name)) = security {
        add(found, entry, index, line, "hostapd", "wifi-security", name);
    }
}

fn wpa_supplicant(entry: &Entry, text: &str, found: &mut Found) {
    for (index, line) in active(text) {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "psk" if value.len() >= 8 => passphrase(found, entry, index, line, "wpa_supplicant", value),
            "key_mgmt" => {
                let name = if value == "NONE" {
                    "open"
                } else if value.contains("SAE") && !value.contains("PSK") {
                    "wpa3"
                } else if value.contains("PSK") {
                    "wpa2"
                } else if value.contains("EAP") {
                    "wpa-eap"
                } else {
                    continue;
                };
                add(found, entry, index, line, "wpa_supplicant", "wifi-security", name);
            }
            _ => {}
        }
    }
}

/// OpenWrt's `/etc/config/wireless`.
fn wireless(view: &View<'_>, found: &mut Found) {
    let Some((entry, text)) = view.text("/etc/config/wireless") else { return };
    for section in uci::parse(&text).iter().filter(|s| s.kind == "wifi-iface") {
        if let Some((value, line)) = section.get("encryption") {
            let name = match value {
                "none" => "open",
                v if v.starts_with("wep") => "wep",
                v if v.starts_with("sae") && !v.contains("mixed") => "wpa3",
                v if v.starts_with("psk2") || v.contains("sae-mixed") => "wpa2",
                v if v.starts_with("psk") => "wpa",
                _ => "wpa-eap",
            };
            add(found, entry, line, &format!("option encryption '{value}'"), "hostapd", "wifi-security", name);
        }
        if let Some((value, line)) = section.get("key") {
            passphrase(found, entry, line, &format!("option key '{value}'"), "hostapd", value);
        }
    }
}

fn uhttpd(view: &View<'_>, found: &mut Found) {
    let Some((entry, text)) = view.text("/etc/config/uhttpd") else { return };
    for section in uci::parse(&text).iter().filter(|s| s.kind == "uhttpd") {
        let https = section.get("listen_https");
        if let Some((value, line)) = https.or_else(|| section.get("listen_http")) {
            add(found, entry, line, value, "uhttpd", "tls", yes_no(https.is_some()));
        }
        if let Some((value, line)) = section.get("redirect_https")
            && let Some(on) = uci::boolean(value)
        {
            add(found, entry, line, value, "uhttpd", "redirect-https", yes_no(on));
        }
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::Service;

    use super::*;
    use crate::tree::tests::FakeTree;

    fn of(path: &str, text: &str) -> Vec<(String, String, String)> {
        let tree = FakeTree::new(&[(path, 0o644, text)]);
        inspect(&tree.view())
            .into_iter()
            .map(|(_, seen)| {
                let Observed::Setting(s) = seen.observed else { panic!() };
                (s.program, s.setting, s.value)
            })
            .collect()
    }

    fn one(path: &str, text: &str, program: &str, setting: &str, value: &str) {
        assert_eq!(of(path, text), [(program.to_owned(), setting.to_owned(), value.to_owned())], "{text}");
    }

    #[test]
    fn each_program() {
        one(
            "/etc/config/dropbear",
            "config dropbear\n option RootPasswordAuth 'on'\n",
            "dropbear",
            "root-password-login",
            "yes",
        );
        one("/etc/default/dropbear", "DROPBEAR_EXTRA_ARGS=\"-B\"\n", "dropbear", "empty-password", "yes");
        one(
            "/etc/ssh/sshd_config",
            "#PermitRootLogin no\nPermitRootLogin without-password\n",
            "sshd",
            "root-login",
            "prohibit-password",
        );
        one("/etc/mosquitto/mosquitto.conf", "allow_anonymous true\n", "mosquitto", "anonymous", "yes");
        one("/etc/mosquitto/mosquitto.conf", "listener 8883\ncertfile /etc/x.pem\n", "mosquitto", "tls", "yes");
        one("/etc/lighttpd/lighttpd.conf", "ssl.engine = \"enable\"\n", "lighttpd", "tls", "yes");
        one(
            "/etc/lighttpd/lighttpd.conf",
            "ssl.openssl.ssl-conf-cmd = (\"MinProtocol\" => \"TLSv1\")\n",
            "lighttpd",
            "tls-min-version",
            "1.0",
        );
        one("/etc/nginx/nginx.conf", "  ssl_protocols TLSv1.2 TLSv1.1 TLSv1.3;\n", "nginx", "tls-min-version", "1.1");
        one("/usr/boa/boa.conf", "User 0\n", "boa", "user", "0");
        one("/etc/vsftpd.conf", "anonymous_enable=NO\n", "vsftpd", "anonymous", "no");
        one("/etc/snmp/snmpd.conf", "rocommunity public\n", "snmpd", "community", "public");
        one("/etc/hostapd.conf", "ssid=x\n", "hostapd", "wifi-security", "open");
        one("/etc/wpa_supplicant.conf", " psk=\"correct horse\"\n", "wpa_supplicant", "wifi-passphrase", "c******e");
        one("/etc/config/uhttpd", "config uhttpd main\n list listen_http 0.0.0.0:80\n", "uhttpd", "tls", "no");
    }

    #[test]
    fn samples_and_comments_say_nothing() {
        assert!(of("/usr/share/doc/examples/sshd_config", "PermitRootLogin yes\n").is_empty());
        assert!(of("/etc/mosquitto/mosquitto.conf", "# allow_anonymous true\n").is_empty());
    }

    #[test]
    fn settings_know_how_their_program_starts() {
        let setting = |program: &str| {
            let setting = Setting { program: program.into(), setting: "tls".into(), value: "no".into(), start: None };
            (String::from("/etc/x.conf"), Seen::new(Observed::Setting(setting)))
        };
        let service = |program: &str, start| {
            let service = Service { program: program.into(), start, ..Service::default() };
            (String::from("/etc/inittab"), Seen::new(Observed::Service(service)))
        };
        let mut seen = vec![
            setting("nginx"),
            setting("mosquitto"),
            setting("hostapd"),
            service("nginx", Start::Disabled),
            service("nginx", Start::Boot),
            service("mosquitto", Start::Present),
        ];
        with_starts(&mut seen);
        let starts: Vec<Option<Start>> = seen
            .iter()
            .filter_map(|(_, seen)| if let Observed::Setting(s) = &seen.observed { Some(s.start) } else { None })
            .collect();
        assert_eq!(
            starts,
            [Some(Start::Boot), Some(Start::Present), None],
            "the surest way; none where it is not known"
        );
    }
}

//! Settings of known daemons that bear on security, in one vocabulary.
//!
//! | program | file | setting | values |
//! | --- | --- | --- | --- |
//! | `dropbear` | `/etc/config/dropbear`, `/etc/default/dropbear` | `password-login`, `root-password-login`, `root-login`, `empty-password` | `yes`, `no` |
//! | `dropbear` | its command line where it is started | `password-login`, `root-login` (with a password), `empty-password` | `yes`, `no` |
//! | `sshd` | `/etc/ssh/sshd_config`, `sshd_config.d` | `password-login`, `empty-password` | `yes`, `no` |
//! | `sshd` | | `root-login` | `yes`, `no`, `prohibit-password` … |
//! | `sshd` | | `protocol` | `1`, `2`, `2,1` |
//! | `mosquitto` | `mosquitto.conf`, `conf.d` | `anonymous`, `tls`, `client-certificates` | `yes`, `no` |
//! | `lighttpd` | `lighttpd.conf`, `conf.d` | `tls`, `directory-listing`, `authentication` | `yes`, `no` |
//! | `nginx` | `nginx.conf`, `conf.d`, `sites-enabled` | `tls`, `directory-listing`, `server-tokens`, `authentication` | `yes`, `no` |
//! | `apache2` | `apache2.conf`, `httpd.conf`, `sites-enabled` | `tls`, `directory-listing`, `server-tokens` | `yes`, `no` |
//! | `mosquitto`, `lighttpd`, `nginx`, `apache2` | | `tls-min-version` | `ssl2`, `ssl3`, `1.0` … `1.3` |
//! | `lighttpd`, `nginx`, `apache2`, `boa`, `thttpd`, `mini_httpd` | | `user` | account or id |
//! | `boa`, `thttpd`, `mini_httpd` | `boa.conf`, `thttpd.conf`, `mini_httpd.conf` | `directory-listing`; `tls` (`mini_httpd`) | `yes`, `no` |
//! | `httpd` (BusyBox) | `/etc/httpd.conf` | `authentication` | `yes` |
//! | `goahead` | `route.txt` | `authentication` | `yes`, `no`: of its routes, one each |
//! | `uhttpd` | `/etc/config/uhttpd` | `tls`, `redirect-https`, `directory-listing` | `yes`, `no` |
//! | `hostapd`, `wpa_supplicant` | `hostapd*.conf`, `wpa_supplicant*.conf`, `/etc/config/wireless` | `wifi-security` | `open`, `wep`, `wpa`, `wpa2`, `wpa3`, `wpa-eap` |
//! | | | `wifi-passphrase` | masked |
//! | | | `wps` | `yes`, `no` |
//! | `hostapd` | | `management-frame-protection` | `no`, `optional`, `required` |
//! | `hostapd` | | `client-isolation` | `yes`, `no` |
//! | `vsftpd` | `vsftpd.conf` | `anonymous`, `tls`, `anonymous-write`, `local-login`, `chroot` | `yes`, `no` |
//! | `proftpd` | `proftpd.conf` | `anonymous`, `tls`, `root-login`, `chroot`; `user` | `yes`, `no`; account |
//! | `pure-ftpd` | `pure-ftpd.conf`, `/etc/pure-ftpd/conf/` | `anonymous`, `tls`, `chroot` | `yes`, `no` |
//! | `snmpd` | `snmpd.conf` | `community`, `write-community` | the community, as `public` and `private` are known to everybody; others masked |
//! | `snmpd` | | `v3-level`, `v3-write-level` | `noauth`, `auth`, `priv` |
//! | `dnsmasq` | `dnsmasq.conf`, `dnsmasq.d`, `/etc/config/dhcp` | `tftp`, `rebind-protection`, `dnssec` | `yes`, `no` |
//! | `miniupnpd` | `miniupnpd.conf`, `/etc/config/upnpd` | `secure-mode`, `port-mapping` | `yes`, `no` |
//! | `smbd` | `smb.conf` | `anonymous` (guests, one for each share), `anonymous-write`, `empty-password`, `signing` | `yes`, `no` |
//! | `smbd` | | `smb-min-version` | `1`, `2`, `3` |
//! | `rsyncd` | `rsyncd.conf` | `authentication`, `write` (one for each module); `user` | `yes`, `no`; account or id |
//! | `redis-server` | `redis.conf` | `authentication`, `protected-mode`, `tls` | `yes`, `no` |
//! | `avahi-daemon` | `avahi-daemon.conf` | `publishing`, `reflector` | `yes`, `no` |
//! | `telnetd` | none | | its options are part of the service's command |
//!
//! What a file does not say is not reported: defaults differ between versions. The command line of `dropbear` says it all: every version lets
//! people log in with a password unless `-s`, and root unless `-g` or `-w`. Files of programs that are not in the image are left out.

mod ftp;
mod mqtt;
mod names;
mod ssh;
mod stores;
mod web;
mod wireless;

use std::collections::BTreeMap;

use sekisho_model::fact::{Observed, Setting, Start};

use super::services::Launch;
use super::{Seen, file_name};
use crate::tree::{Entry, Kind, View};

/// Settings of one system that are listed.
const MAX_SETTINGS: usize = 500;

/// A configuration file of more bytes is none.
const MAX_FILE: u64 = 1_000_000;

/// What the settings of a system say.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The settings, each with the path of the tree where it stands.
    pub(super) seen: Vec<(String, Seen)>,
    /// Where programs listen.
    pub(super) listens: Vec<Listens>,
}

/// A port that a program's file names.
#[derive(Debug)]
pub(super) struct Listens {
    pub(super) program: &'static str,
    /// The file, as a path of the tree.
    pub(super) path: String,
    /// As [`socket`](super::services::socket) writes it.
    pub(super) port: String,
}

impl Settings {
    /// The account that a program gives its rights up for.
    pub(super) fn user_of(&self, program: &str) -> Option<String> {
        self.seen.iter().find_map(|(_, seen)| match &seen.observed {
            Observed::Setting(s) if s.program == program && s.setting == "user" => Some(s.value.clone()),
            _ => None,
        })
    }
}

/// A file of a program, and where to put what it says.
struct File<'a> {
    program: &'static str,
    entry: &'a Entry,
    text: &'a str,
    found: &'a mut Settings,
}

impl<'a> File<'a> {
    /// Adds a setting that stands in line `index`.
    fn set(&mut self, index: usize, line: &str, setting: &str, value: impl Into<String>) {
        let (program, value) = (self.program.to_owned(), value.into());
        let setting = Setting { program, setting: setting.to_owned(), value, start: None };
        self.found.seen.push((self.entry.path.clone(), Seen::at_line(Observed::Setting(setting), index, line)));
    }

    /// Adds a setting that is a switch, where its value is one.
    fn set_switch(&mut self, index: usize, line: &str, setting: &str, value: &str) {
        if let Some(on) = switch(value) {
            self.set(index, line, setting, on);
        }
    }

    /// Adds a switch that says the contrary of the setting.
    fn set_inverted(&mut self, index: usize, line: &str, setting: &str, value: &str) {
        if let Some(on) = switch(value) {
            self.set(index, line, setting, yes_no(on == "no"));
        }
    }

    /// Adds a port that it listens on.
    fn listens(&mut self, port: Option<String>) {
        if let Some(port) = port.filter(|_| self.found.listens.len() < MAX_SETTINGS) {
            self.found.listens.push(Listens { program: self.program, path: self.entry.path.clone(), port });
        }
    }

    /// Lines that are no comments, without what is commented out behind them.
    fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        active(self.text)
    }
}

/// What reads a program's file.
type Reader = fn(&mut File<'_>);

/// The program and the reader of a file, by its place in the system.
fn reader_of(path: &str) -> Option<(&'static str, Reader)> {
    let name = file_name(path);
    let conf = name.ends_with(".conf");
    let within = |folder: &str| path.contains(&format!("/{folder}/"));
    let found: (&'static str, Reader) = match path {
        "/etc/config/dropbear" => ("dropbear", ssh::dropbear_uci),
        "/etc/default/dropbear" | "/etc/conf.d/dropbear" | "/etc/sysconfig/dropbear" => {
            ("dropbear", ssh::dropbear_defaults)
        }
        "/etc/config/wireless" => ("hostapd", wireless::uci),
        "/etc/config/uhttpd" => ("uhttpd", web::uhttpd),
        "/etc/config/dhcp" => ("dnsmasq", names::dnsmasq_uci),
        "/etc/config/upnpd" => ("miniupnpd", names::upnpd_uci),
        "/etc/default/telnetd" => return None,
        _ => match name {
            "sshd_config" => ("sshd", ssh::sshd),
            _ if conf && within("sshd_config.d") => ("sshd", ssh::sshd),
            "mosquitto.conf" => ("mosquitto", mqtt::mosquitto),
            _ if conf && within("mosquitto/conf.d") => ("mosquitto", mqtt::mosquitto),
            "lighttpd.conf" => ("lighttpd", web::lighttpd),
            _ if conf && (within("lighttpd/conf.d") || within("lighttpd/conf-enabled")) => ("lighttpd", web::lighttpd),
            "nginx.conf" => ("nginx", web::nginx),
            _ if conf && within("nginx/conf.d") || within("nginx/sites-enabled") => ("nginx", web::nginx),
            "apache2.conf" => ("apache2", web::apache),
            "ports.conf" if within("apache2") => ("apache2", web::apache),
            _ if conf && (within("apache2/sites-enabled") || within("apache2/conf-enabled")) => {
                ("apache2", web::apache)
            }
            "httpd.conf" if within("httpd/conf") || within("apache2") || within("apache") => ("apache2", web::apache),
            "httpd.conf" => ("httpd", web::busybox),
            "boa.conf" => ("boa", web::boa),
            "thttpd.conf" => ("thttpd", web::thttpd),
            "mini_httpd.conf" => ("mini_httpd", web::thttpd),
            "route.txt" => ("goahead", web::goahead),
            "vsftpd.conf" => ("vsftpd", ftp::vsftpd),
            "proftpd.conf" => ("proftpd", ftp::proftpd),
            "pure-ftpd.conf" => ("pure-ftpd", ftp::pure_ftpd),
            _ if path.starts_with("/etc/pure-ftpd/conf/") => ("pure-ftpd", ftp::pure_ftpd_folder),
            "snmpd.conf" => ("snmpd", names::snmpd),
            "dnsmasq.conf" => ("dnsmasq", names::dnsmasq),
            _ if conf && within("dnsmasq.d") => ("dnsmasq", names::dnsmasq),
            "miniupnpd.conf" => ("miniupnpd", names::miniupnpd),
            "avahi-daemon.conf" => ("avahi-daemon", names::avahi),
            "smb.conf" => ("smbd", stores::samba),
            "rsyncd.conf" => ("rsyncd", stores::rsyncd),
            "redis.conf" => ("redis-server", stores::redis),
            _ if conf && name.starts_with("hostapd") => ("hostapd", wireless::hostapd),
            _ if conf && name.starts_with("wpa_supplicant") => ("wpa_supplicant", wireless::wpa_supplicant),
            _ => return None,
        },
    };
    Some(found)
}

/// The reader of a program's file, whatever the file is called: its command line names it.
fn reader_for(program: &str) -> Option<(&'static str, Reader)> {
    let usual = match program {
        "sshd" => "/etc/ssh/sshd_config",
        "mosquitto" => "/etc/mosquitto/mosquitto.conf",
        "lighttpd" => "/etc/lighttpd/lighttpd.conf",
        "nginx" => "/etc/nginx/nginx.conf",
        "apache2" => "/etc/apache2/apache2.conf",
        "httpd" => "/etc/httpd.conf",
        "thttpd" => "/etc/thttpd.conf",
        "mini_httpd" => "/etc/mini_httpd.conf",
        "vsftpd" => "/etc/vsftpd.conf",
        "proftpd" => "/etc/proftpd.conf",
        "pure-ftpd" => "/etc/pure-ftpd.conf",
        "snmpd" => "/etc/snmp/snmpd.conf",
        "dnsmasq" => "/etc/dnsmasq.conf",
        "miniupnpd" => "/etc/miniupnpd.conf",
        "avahi-daemon" => "/etc/avahi/avahi-daemon.conf",
        "smbd" => "/etc/samba/smb.conf",
        "redis-server" => "/etc/redis.conf",
        "hostapd" => "/etc/hostapd.conf",
        "wpa_supplicant" => "/etc/wpa_supplicant.conf",
        _ => return None,
    };
    reader_of(usual)
}

/// The settings of a system: of files that are where such files are, and of those that command lines name.
pub(super) fn read(view: &View<'_>, launches: &[Launch]) -> Settings {
    let mut found = Settings::default();
    let mut named: BTreeMap<&str, (&'static str, Reader)> = BTreeMap::new();
    for launch in launches.iter().filter(|launch| launch.starts()) {
        let Some(reader) = reader_for(launch.program()) else { continue };
        for word in launch.words.iter().skip(1) {
            // `-c /etc/x`, `-f/etc/x`, `--config=/etc/x`, `/etc/x`.
            let path = word.find('/').and_then(|at| word.get(at..)).unwrap_or_default();
            if let Some(entry) = view.resolve(path).filter(|_| !path.is_empty()) {
                named.insert(entry.path.as_str(), reader);
            }
        }
    }
    for entry in view.tree.entries() {
        if !matches!(entry.kind, Kind::File(1..=MAX_FILE)) || !entry.path.starts_with(&view.root) {
            continue;
        }
        let by_place = reader_of(view.system_path(&entry.path)).filter(|_| !is_sample(view.system_path(&entry.path)));
        let Some((program, reader)) = by_place.or_else(|| named.get(entry.path.as_str()).copied()) else { continue };
        if let Some(text) = view.text_of(entry) {
            reader(&mut File { program, entry, text: &text, found: &mut found });
        }
    }
    let commands = of_commands(launches);
    found.seen.splice(0..0, commands);
    found.seen.truncate(MAX_SETTINGS);
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

/// The settings that the command lines of started services say.
fn of_commands(launches: &[Launch]) -> Vec<(String, Seen)> {
    let mut found = Vec::new();
    for launch in launches.iter().filter(|launch| launch.starts() && launch.program() == "dropbear") {
        // An option that is put together at run time could be any.
        if !launch.perhaps.is_empty() || launch.words.iter().any(|word| word.contains(['$', '`'])) {
            continue;
        }
        for (setting, value) in ssh::dropbear_command(&launch.words) {
            let setting =
                Setting { program: "dropbear".into(), setting: setting.into(), value: value.into(), start: None };
            let mut seen = Seen::in_string(Observed::Setting(setting), &launch.text);
            seen.line = launch.line.and_then(|line| u32::try_from(line + 1).ok());
            found.push((launch.path.clone(), seen));
        }
    }
    found
}

/// Whether a file is a template or an example; one that a command line names is none.
fn is_sample(path: &str) -> bool {
    path.starts_with("/usr/share/")
        || ["/examples/", "/templates/", ".example", ".sample", ".dist"].iter().any(|part| path.contains(part))
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A switch as most programs write it.
fn switch(value: &str) -> Option<&'static str> {
    Some(match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "enable" | "enabled" => "yes",
        "no" | "false" | "off" | "0" | "disable" | "disabled" => "no",
        _ => return None,
    })
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

/// The versions that [`tls_version`] knows, the lowest first.
const TLS_VERSIONS: [&str; 6] = ["ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3"];

/// The lowest of the versions that a list names.
fn lowest_tls<'a>(words: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    words.filter_map(tls_version).min_by_key(|v| TLS_VERSIONS.iter().position(|known| known == v))
}

#[cfg(test)]
mod tests;

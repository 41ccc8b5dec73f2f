//! Services and how they start: what lies in an image, what starts, and under which conditions.
//!
//! Every init system that is known is read as what it is ([`launches`]): `inittab`, `rcS`, the links of runlevels and of OpenWrt's
//! `rc.d`, procd, OpenRC, runit and s6, systemd, Android's `init.rc`, cron, `inetd.conf` and `xinetd.d`. Scripts are followed, not
//! searched: comments, messages and `killall telnetd` start nothing. A condition that the image decides (a variable that is set, a
//! program that is there) is decided; one that it does not decide makes the start conditional.

mod android;
mod command;
mod cron;
mod decide;
mod inetd;
mod inittab;
mod launch;
mod openrc;
mod ports;
mod procd;
mod programs;
mod run;
mod supervised;
mod systemd;
mod uci_functions;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Observed, Service, Start};

use super::settings::Settings;
use super::{Seen, file_name, shorten};
use crate::tree::{Kind, View};
pub(super) use android::properties as android_properties;
pub(super) use inittab::shell_instead;
use launch::MAX_LAUNCHES;
pub(super) use launch::{Launch, OF_SCRIPTS, is_getty, is_shell};
pub(super) use ports::{endpoint, socket};
use programs::{DAEMONS, Daemon, daemon_named};

/// Services of one system that are listed.
const MAX_SERVICES: usize = 500;

/// Whether a program is a network-facing daemon by name.
pub(super) fn is_network_daemon(name: &str) -> bool {
    DAEMONS.iter().any(|d| d.name == name)
        || matches!(name, "wpad" | "hostapd" | "wpa_supplicant" | "pppd" | "ntpd" | "chronyd" | "udhcpc" | "odhcp6c")
}

/// Everything that the system's init starts, would start, or is kept from starting.
pub(super) fn launches(view: &View<'_>) -> Vec<Launch> {
    let mut all = Vec::new();
    inittab::launches(view, &mut all);
    openrc::launches(view, &mut all);
    systemd::launches(view, &mut all);
    android::launches(view, &mut all);
    let mut more = Vec::new();
    supervised::launches(view, &all, &mut more);
    all.append(&mut more);
    cron::launches(view, &all, &mut more);
    all.append(&mut more);
    let off = inittab::switched_off(view, &all);
    all.extend(off);
    strongest(&mut all);
    inetd::launches(view, &all, &mut more);
    all.append(&mut more);
    all.truncate(MAX_LAUNCHES);
    all
}

/// What the script at `path` of the system starts; none where it is no script.
pub(super) fn reached_by(view: &View<'_>, path: &str) -> Option<Vec<Launch>> {
    view.text(path)?;
    let mut runner = run::Runner::new(view, "script");
    runner.script(path, &[]);
    Some(runner.reached)
}

/// One line of one script that is reached in several ways starts in the surest of them.
fn strongest(launches: &mut Vec<Launch>) {
    let mut kept: BTreeMap<(String, Option<usize>, String), usize> = BTreeMap::new();
    let mut out: Vec<Launch> = Vec::new();
    for launch in launches.drain(..) {
        let key = (launch.path.clone(), launch.line, launch.words.join(" "));
        match kept.get(&key).and_then(|&at| out.get_mut(at)) {
            Some(other) if other.start <= launch.start => {}
            Some(other) => *other = launch,
            None => {
                kept.insert(key, out.len());
                out.push(launch);
            }
        }
    }
    // What a loop or a function does once for certain says all of what it does not do another time.
    let started: BTreeSet<(String, Option<usize>, String)> = out.iter().filter(|l| l.starts()).map(place_of).collect();
    out.retain(|launch| launch.starts() || !started.contains(&place_of(launch)));
    *launches = out;
}

fn place_of(launch: &Launch) -> (String, Option<usize>, String) {
    (launch.path.clone(), launch.line, launch.program().to_owned())
}

/// The services of a system, from what its init starts and what lies in it.
pub(super) fn inspect(view: &View<'_>, launches: &[Launch], settings: &Settings) -> Vec<(String, Seen)> {
    let mut found: Vec<(String, Seen)> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let started: BTreeSet<&str> = launches.iter().filter(|l| l.starts()).map(Launch::program).collect();
    for launch in launches {
        let Some(service) = service(launch, view, settings) else { continue };
        // A script that nothing starts says nothing new of a program that something else starts.
        if launch.by == Some("init.d") && launch.start == Start::Disabled && started.contains(launch.program()) {
            continue;
        }
        known.insert(service.program.clone());
        let mut seen = Seen::in_string(Observed::Service(service), &launch.text);
        seen.line = launch.line.and_then(|line| u32::try_from(line + 1).ok());
        found.push((launch.path.clone(), seen));
    }
    present(view, &known, &mut found);
    found.truncate(MAX_SERVICES);
    found
}

/// Whether a command starts something that is listed.
fn is_service(launch: &Launch) -> bool {
    protocol(launch).is_some()
}

/// What a command speaks, and whether that is in the clear; none where it is no service.
fn protocol(launch: &Launch) -> Option<(String, Option<bool>)> {
    let name = launch.program();
    let words = || launch.words.iter().skip(1).map(String::as_str);
    if let Some(service) = &launch.protocol {
        // A super-server's entry; its own small services are in the clear, all of them.
        return Some(match daemon_named(name) {
            Some(daemon) => (daemon.protocol.to_owned(), daemon.cleartext),
            None => (service.clone(), (name == service).then_some(true)),
        });
    }
    // `dnsmasq --test`, `sshd -t`, `lighttpd -v` start nothing.
    if words().any(|w| matches!(w, "--test" | "--version" | "-V" | "--help")) {
        return None;
    }
    let checks_its_file = matches!(name, "sshd" | "nginx" | "lighttpd" | "apache2" | "proftpd");
    if checks_its_file && words().any(|w| matches!(w, "-t" | "-tt" | "-T" | "--configtest" | "configtest")) {
        return None;
    }
    if let Some(daemon) = daemon_named(name) {
        return Some((daemon.protocol.to_owned(), daemon.cleartext));
    }
    let console = launch.console.is_some() && (is_shell(name) || matches!(name, "login" | "login.sh" | "sulogin"));
    if is_getty(name) || console {
        return Some(("console".to_owned(), None));
    }
    match name {
        "ntpd" if words().any(|w| w == "-l") => Some(("ntp".to_owned(), None)),
        _ if is_remote_shell(launch) => Some(("shell".to_owned(), Some(true))),
        _ => None,
    }
}

/// A shell given to whoever connects: `nc -l -p 4444 -e /bin/sh`.
pub(super) fn is_remote_shell(launch: &Launch) -> bool {
    let short =
        |letter| launch.words.iter().skip(1).any(|w| w.starts_with('-') && !w.starts_with("--") && w.contains(letter));
    let shell = launch.words.iter().skip(1).any(|word| is_shell(word) || word.contains("/sh"));
    match launch.program() {
        "nc" | "ncat" | "netcat" => short('l') && shell,
        "socat" => {
            launch.words.iter().any(|w| w.to_ascii_uppercase().contains("-LISTEN:"))
                && launch.words.iter().any(|w| w.to_ascii_uppercase().starts_with("EXEC:") && w.contains("sh"))
        }
        _ => false,
    }
}

/// The fact for a command.
fn service(launch: &Launch, view: &View<'_>, settings: &Settings) -> Option<Service> {
    let (protocol, cleartext) = protocol(launch)?;
    let name = launch.program().trim_start_matches('-');
    // `getty -n -l /bin/sh` asks nobody for anything: what runs is the shell.
    let program = shell_instead(&launch.words).filter(|_| is_getty(name)).unwrap_or(name);
    let program = daemon_named(program).map_or(program, |daemon| daemon.name);
    Some(Service {
        program: program.to_owned(),
        protocol: Some(protocol),
        start: launch.start,
        started_by: launch.by.map(str::to_owned),
        condition: launch.condition.clone(),
        command: Some(shorten(&launch.words.join(" "))),
        listens: ports::of(launch, view, settings),
        user: launch.user.clone().or_else(|| settings.user_of(program)),
        cleartext,
    })
}

/// Daemons that lie in the image and that nothing starts.
fn present(view: &View<'_>, known: &BTreeSet<String>, found: &mut Vec<(String, Seen)>) {
    let directories = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
    let mut elsewhere: BTreeMap<&str, &Daemon> = BTreeMap::new();
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    for daemon in DAEMONS.iter().filter(|d| !known.contains(d.name)) {
        let usual = directories.iter().map(|d| format!("{}{d}/{}", view.root, daemon.name));
        match usual.into_iter().find(|path| view.entry(path).is_some()) {
            Some(place) => {
                places.insert(daemon.name, place);
            }
            None => {
                elsewhere.insert(daemon.name, daemon);
            }
        }
    }
    // Vendors put programs where they like; a file of that name that is a program is one.
    for entry in view.tree.entries() {
        let name = file_name(&entry.path);
        if elsewhere.contains_key(name)
            && !places.contains_key(name)
            && matches!(entry.kind, Kind::File(_))
            && entry.path.starts_with(&view.root)
            && !entry.path.contains("/etc/")
            && view.bytes_of(entry).is_some_and(|bytes| bytes.starts_with(b"\x7fELF"))
        {
            places.insert(name, entry.path.clone());
        }
    }
    for daemon in DAEMONS {
        let Some(place) = places.get(daemon.name) else { continue };
        let service = Service {
            program: daemon.name.to_owned(),
            protocol: Some(daemon.protocol.to_owned()),
            start: Start::Present,
            cleartext: daemon.cleartext,
            ..Service::default()
        };
        found.push((place.clone(), Seen::in_string(Observed::Service(service), place)));
    }
}

#[cfg(test)]
mod tests;

//! Services and how they start: what lies in an image, what starts, and under which conditions.
//!
//! Looked at are `inittab`, `rcS`, the scripts that these reach, OpenWrt's `rc.d` links, System V's, systemd's units and `inetd.conf`.
//! Scripts are followed, not searched: comments, messages and `killall telnetd` start nothing. A condition that the image decides
//! (a variable that is set, a program that is there) is decided; one that it does not decide makes the start conditional.

mod decide;
mod programs;
mod run;
mod systemd;
mod words;

use std::collections::BTreeSet;

use sekisho_model::fact::{Observed, Service, Start};

use super::{Seen, file_name, shorten};
use crate::tree::{Kind, View};
use programs::{DAEMONS, daemon_named};
use run::{Guard, Reached, Runner};

/// Services of one system that are listed.
const MAX_SERVICES: usize = 500;

/// Whether a program is a network-facing daemon by name.
pub(super) fn is_network_daemon(name: &str) -> bool {
    DAEMONS.iter().any(|d| d.name == name)
        || matches!(name, "wpad" | "hostapd" | "wpa_supplicant" | "pppd" | "ntpd" | "chronyd" | "udhcpc" | "odhcp6c")
}

/// A service with where it was seen.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) line: Option<usize>,
    pub(super) text: String,
    pub(super) service: Service,
}

/// The services of a system.
pub(super) fn inspect(view: &View<'_>) -> Vec<(String, Seen)> {
    let mut found = Vec::new();
    let mut inetd: Option<Start> = None;
    boot_scripts(view, &mut found);
    systemd::units(view, &mut found);
    for service in found.iter().filter(|f| matches!(f.service.program.as_str(), "inetd" | "xinetd")) {
        inetd = Some(inetd.map_or(service.service.start, |start| start.min(service.service.start)));
    }
    strongest(&mut found);
    inetd_conf(view, inetd, &mut found);
    disabled_scripts(view, &mut found);
    present(view, &mut found);
    found.truncate(MAX_SERVICES);
    found
        .into_iter()
        .map(|f| {
            let mut seen = Seen::in_string(Observed::Service(f.service), &f.text);
            seen.line = f.line.and_then(|line| u32::try_from(line + 1).ok());
            (f.path, seen)
        })
        .collect()
}

/// One line of one script that is reached in several ways starts in the surest of them.
fn strongest(found: &mut Vec<Found>) {
    let mut kept: Vec<Found> = Vec::new();
    for service in found.drain(..) {
        let same = kept
            .iter_mut()
            .find(|k| k.path == service.path && k.line == service.line && k.service.program == service.service.program);
        match same {
            Some(other) if other.service.start <= service.service.start => {}
            Some(other) => *other = service,
            None => kept.push(service),
        }
    }
    *found = kept;
}

/// Follows everything that init starts.
fn boot_scripts(view: &View<'_>, found: &mut Vec<Found>) {
    let mut rc_ran = false;
    let openwrt = view.exists("/etc/rc.common") && view.exists("/etc/rc.d");
    if let Some((entry, text)) = view.text("/etc/inittab") {
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            let fields: Vec<&str> = line.splitn(4, ':').collect();
            let [_, _, action, process] = fields.as_slice() else { continue };
            if line.starts_with('#')
                || !matches!(
                    *action,
                    "sysinit"
                        | "respawn"
                        | "respawnlate"
                        | "askfirst"
                        | "askconsole"
                        | "askconsolelate"
                        | "once"
                        | "wait"
                        | "boot"
                        | "bootwait"
                )
            {
                continue;
            }
            let process = process.split(" #").next().unwrap_or(process).trim().trim_start_matches('-');
            if let Some(console) = console(process) {
                found.push(Found {
                    path: entry.path.clone(),
                    line: Some(index),
                    text: line.to_owned(),
                    service: console,
                });
                continue;
            }
            let script = process.split_whitespace().next().unwrap_or_default();
            if openwrt && script == "/etc/init.d/rcS" {
                continue;
            }
            rc_ran |= script.starts_with("/etc/") && file_name(script).starts_with("rc");
            let mut runner = Runner::new(view);
            runner.line(process, &entry.path, index);
            reached(runner.reached, if script.ends_with("/rcS") { "rcS" } else { "inittab" }, found);
        }
    }
    if openwrt {
        for (script, name) in links(view, "/etc/rc.d") {
            let procd = view.text(&script).is_some_and(|(_, text)| text.contains("USE_PROCD=1"));
            let mut runner = Runner::new(view);
            runner.script(&script, &["boot"]);
            let before = found.len();
            reached(runner.reached, if procd { "procd" } else { "rc.d" }, found);
            if found.len() == before
                && let Some(hotplug) = hotplug(view, &name)
            {
                // `boot() { return 0; }`: a hotplug script starts it as soon as an interface is there.
                let mut runner = Runner::new(view);
                runner.under(Guard { text: format!("an event that runs {hotplug}"), holds: None });
                runner.script(&script, &["start"]);
                reached(runner.reached, "hotplug.d", found);
            }
        }
        return;
    }
    let rcs = ["/etc/init.d/rcS", "/etc/rc.d/rcS", "/etc/rcS"].into_iter().find(|p| view.exists(p));
    if let Some(rcs) = rcs
        && !rc_ran
    {
        let mut runner = Runner::new(view);
        runner.script(rcs, &[]);
        reached(runner.reached, "rcS", found);
    }
    for directory in ["/etc/rcS.d", "/etc/rc2.d", "/etc/rc3.d", "/etc/rc5.d"] {
        for (script, _) in links(view, directory) {
            let mut runner = Runner::new(view);
            runner.script(&script, &["start"]);
            reached(runner.reached, "rc.d", found);
        }
    }
}

/// The hotplug script that starts the service `name`.
fn hotplug(view: &View<'_>, name: &str) -> Option<String> {
    let directory = format!("{}/etc/hotplug.d/", view.root);
    let call = format!("/etc/init.d/{name}");
    let entry =
        view.tree.entries().iter().filter(|e| e.path.starts_with(&directory) && matches!(e.kind, Kind::File(_))).find(
            |e| {
                view.text_of(e)
                    .is_some_and(|text| text.lines().any(|l| !l.trim_start().starts_with('#') && l.contains(&call)))
            },
        )?;
    Some(entry.path.strip_prefix(&view.root).unwrap_or(&entry.path).to_owned())
}

/// The start links of a directory, in their order: the script as a path of the system, and its name.
fn links(view: &View<'_>, directory: &str) -> Vec<(String, String)> {
    view.children(&format!("{}{directory}", view.root))
        .filter_map(|e| {
            let name = file_name(&e.path);
            let digits = name.get(1..3)?;
            (name.starts_with('S') && digits.bytes().all(|b| b.is_ascii_digit()) && !matches!(e.kind, Kind::Directory))
                .then(|| (format!("{directory}/{name}"), name.get(3..).unwrap_or_default().to_owned()))
        })
        .collect()
}

/// A login or shell on a terminal, where a process is one.
fn console(process: &str) -> Option<Service> {
    let words: Vec<&str> = process.split_whitespace().collect();
    let program = file_name(words.first()?.trim_start_matches('-'));
    let login = matches!(
        program,
        "getty" | "agetty" | "mgetty" | "mingetty" | "login" | "login.sh" | "sh" | "ash" | "bash" | "sulogin"
    );
    // A shell that runs a command or a script is none for people.
    let interactive =
        login && !words.iter().skip(1).any(|w| *w == "-c" || (w.starts_with('/') && !w.starts_with("/dev/")));
    // `getty -n -l /bin/sh` asks nobody for anything: what runs is the shell.
    let instead = words.iter().position(|w| matches!(*w, "-l" | "--login-program")).and_then(|i| words.get(i + 1));
    let shell = instead.map(|w| file_name(w)).filter(|w| matches!(*w, "sh" | "ash" | "bash"));
    let program = shell.unwrap_or(program);
    (interactive || shell.is_some()).then(|| Service {
        program: program.to_owned(),
        protocol: Some("console".into()),
        start: Start::Boot,
        started_by: Some("inittab".into()),
        command: Some(shorten(process)),
        ..Service::default()
    })
}

/// Whether a command starts something that is listed.
fn is_service(words: &[String]) -> bool {
    words.first().is_some_and(|first| {
        daemon_named(first).is_some() || matches!(file_name(first), "getty" | "agetty" | "mgetty" | "ntpd")
    })
}

/// Turns the commands that were reached into services.
fn reached(commands: Vec<Reached>, started_by: &str, found: &mut Vec<Found>) {
    for command in commands {
        let Some(first) = command.words.first() else { continue };
        let name = file_name(first);
        let daemon = daemon_named(first);
        let terminal = matches!(name, "getty" | "agetty" | "mgetty");
        let (protocol, cleartext) = match daemon {
            Some(daemon) => (daemon.protocol, daemon.cleartext),
            None if terminal => ("console", None),
            None if name == "ntpd" && command.words.iter().any(|w| w == "-l") => ("ntp", None),
            None => continue,
        };
        // `dnsmasq --test`, `sshd -t`, `lighttpd -v` start nothing.
        if command.words.iter().skip(1).any(|w| matches!(w.as_str(), "--test" | "--version" | "-V" | "--help")) {
            continue;
        }
        let (start, condition) = start_of(&command.guards);
        found.push(Found {
            path: command.path,
            line: Some(command.line),
            text: command.text,
            service: Service {
                program: name.to_owned(),
                protocol: Some(protocol.to_owned()),
                start,
                started_by: Some(started_by.to_owned()),
                condition,
                command: Some(shorten(&command.words.join(" "))),
                user: None,
                cleartext,
                ..Service::default()
            },
        });
    }
}

/// How something behind these conditions starts, and the conditions that switch it off or leave it open. One that the image decides to
/// hold is none.
fn start_of(guards: &[Guard]) -> (Start, Option<String>) {
    let text = |wanted: Option<bool>| {
        let mut texts: Vec<&str> = guards.iter().filter(|g| g.holds == wanted).map(|g| g.text.as_str()).collect();
        texts.dedup();
        Some(texts.join(" && ")).filter(|t| !t.is_empty()).map(|t| t.chars().take(500).collect())
    };
    if guards.iter().any(|g| g.holds == Some(false)) {
        (Start::Disabled, text(Some(false)))
    } else if guards.iter().any(|g| g.holds.is_none()) {
        (Start::Conditional, text(None))
    } else {
        (Start::Boot, None)
    }
}

/// `inetd.conf` and `xinetd.d`: started where the super-server is, otherwise only there.
fn inetd_conf(view: &View<'_>, inetd: Option<Start>, found: &mut Vec<Found>) {
    if let Some((entry, text)) = view.text("/etc/inetd.conf") {
        for (index, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            // service, socket, protocol, wait, user, server, arguments; some vendors' files have a word in front.
            let Some(socket) = fields.iter().position(|f| matches!(*f, "stream" | "dgram")) else { continue };
            if line.trim_start().starts_with('#') || socket == 0 || fields.len() < socket + 5 {
                continue;
            }
            let server = fields[socket + 4];
            let server =
                if file_name(server) == "tcpd" { fields.get(socket + 5).copied().unwrap_or(server) } else { server };
            let name = if server == "internal" { fields[socket - 1] } else { file_name(server) };
            let daemon = daemon_named(server);
            found.push(Found {
                path: entry.path.clone(),
                line: Some(index),
                text: line.to_owned(),
                service: Service {
                    program: name.to_owned(),
                    protocol: Some(daemon.map_or(fields[socket - 1], |d| d.protocol).to_owned()),
                    start: inetd.unwrap_or(Start::Present),
                    started_by: inetd.map(|_| "inetd".to_owned()),
                    condition: None,
                    command: Some(shorten(&fields[socket + 4..].join(" "))),
                    user: Some(fields[socket + 3].to_owned()),
                    cleartext: daemon.map_or(Some(true), |d| d.cleartext),
                    ..Service::default()
                },
            });
        }
    }
    for entry in view.children(&format!("{}/etc/xinetd.d", view.root)) {
        let Some(text) = view.text_of(entry) else { continue };
        let field = |name: &str| {
            text.lines().find_map(|l| {
                l.trim().split_once('=').filter(|(k, _)| k.trim() == name).map(|(_, v)| v.trim().to_owned())
            })
        };
        let Some(server) = field("server") else { continue };
        let off = field("disable").is_some_and(|v| v == "yes");
        let daemon = daemon_named(&server);
        found.push(Found {
            path: entry.path.clone(),
            line: None,
            text: format!("server = {server}"),
            service: Service {
                program: file_name(&server).to_owned(),
                protocol: daemon.map(|d| d.protocol.to_owned()),
                start: if off { Start::Disabled } else { inetd.unwrap_or(Start::Present) },
                started_by: Some("inetd".to_owned()),
                condition: off.then(|| "disable = yes".to_owned()),
                command: None,
                user: field("user"),
                cleartext: daemon.and_then(|d| d.cleartext),
                ..Service::default()
            },
        });
    }
}

/// Init scripts that nothing links or calls: there, and switched off.
fn disabled_scripts(view: &View<'_>, found: &mut Vec<Found>) {
    let started: BTreeSet<String> = found.iter().map(|f| f.service.program.clone()).collect();
    let linked: BTreeSet<String> = ["/etc/rc.d", "/etc/rcS.d", "/etc/rc2.d", "/etc/rc3.d", "/etc/rc5.d"]
        .iter()
        .flat_map(|d| links(view, d))
        .map(|(_, name)| name)
        .collect();
    for entry in view.children(&format!("{}/etc/init.d", view.root)) {
        let name = file_name(&entry.path);
        if name.starts_with("rc") || linked.contains(name) {
            continue;
        }
        let system_path = entry.path.strip_prefix(&view.root).unwrap_or(&entry.path);
        let mut runner = Runner::new(view);
        runner.script(system_path, &["start"]);
        let mut of_script = Vec::new();
        reached(runner.reached, "init.d", &mut of_script);
        for mut service in of_script {
            if started.contains(&service.service.program) || service.path != entry.path {
                continue;
            }
            service.service.start = Start::Disabled;
            service.service.condition = Some("nothing starts this script".to_owned());
            found.push(service);
        }
    }
}

/// Daemons that lie in the image and that nothing starts.
fn present(view: &View<'_>, found: &mut Vec<Found>) {
    let known: BTreeSet<String> = found.iter().map(|f| f.service.program.clone()).collect();
    let directories = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
    for daemon in DAEMONS.iter().filter(|d| !known.contains(d.name)) {
        let usual =
            directories.iter().map(|d| format!("{}{d}/{}", view.root, daemon.name)).find(|p| view.entry(p).is_some());
        // Vendors put programs where they like; a file of that name that is a program is one.
        let place = usual.or_else(|| {
            let end = format!("/{}", daemon.name);
            let named = view.tree.entries().iter().filter(|e| e.path.starts_with(&view.root) && e.path.ends_with(&end));
            named
                .filter(|e| matches!(e.kind, Kind::File(_)) && !e.path.contains("/etc/"))
                .find(|e| view.bytes_of(e).is_some_and(|b| b.starts_with(b"\x7fELF")))
                .map(|e| e.path.clone())
        });
        if let Some(place) = place {
            found.push(Found {
                path: place.clone(),
                line: None,
                text: place,
                service: Service {
                    program: daemon.name.to_owned(),
                    protocol: Some(daemon.protocol.to_owned()),
                    start: Start::Present,
                    cleartext: daemon.cleartext,
                    ..Service::default()
                },
            });
        }
    }
}

#[cfg(test)]
mod tests;

//! systemd's units: what the targets want, what sockets start, what is there and switched off.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Service, Start};

use super::super::{file_name, shorten};
use super::Found;
use super::programs::daemon_named;
use crate::tree::{Kind, View};

/// Where units lie; the first one found of a name counts.
const PLACES: [&str; 3] = ["/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"];

/// The services that units start.
pub(super) fn units(view: &View<'_>, found: &mut Vec<Found>) {
    let mut wanted = BTreeSet::new();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut masked = BTreeSet::new();
    for place in PLACES {
        for entry in view.children(&format!("{}{place}", view.root)) {
            let name = file_name(&entry.path);
            if matches!(entry.kind, Kind::Directory) && (name.ends_with(".wants") || name.ends_with(".requires")) {
                // What only a rescue or shutdown wants does not run.
                if !["rescue", "emergency", "shutdown", "reboot", "poweroff", "halt"]
                    .iter()
                    .any(|t| name.starts_with(t))
                {
                    wanted.extend(view.children(&entry.path).map(|e| file_name(&e.path).to_owned()));
                }
            } else if name.ends_with(".service") || name.ends_with(".socket") {
                if matches!(&entry.kind, Kind::Link(target) if target == "/dev/null") {
                    masked.insert(name.to_owned());
                }
                all.entry(name.to_owned()).or_insert_with(|| format!("{place}/{name}"));
            }
        }
    }
    for (name, path) in &all {
        let Some((entry, text)) = view.text(path) else { continue };
        let Some(stem) = name.strip_suffix(".service") else { continue };
        let get = |key: &str| {
            text.lines().enumerate().find_map(|(i, l)| {
                l.trim().split_once('=').filter(|(k, _)| k.trim() == key).map(|(_, v)| (i, v.trim()))
            })
        };
        let Some((line, command)) = get("ExecStart") else { continue };
        let command = command.trim_start_matches(['-', '@', ':', '+', '!']);
        let first = command.split_whitespace().next().unwrap_or_default();
        let daemon = daemon_named(first);
        let terminal = matches!(file_name(first), "agetty" | "getty");
        if daemon.is_none() && !terminal {
            continue;
        }
        // `dropbear@.service` is started as `dropbear.socket` has connections, `getty@.service` as `getty@tty1.service`.
        let base = stem.trim_end_matches('@');
        let runs = wanted.iter().any(|w| {
            w == name
                || *w == format!("{base}.socket")
                || (stem.ends_with('@') && w.starts_with(stem) && w.ends_with(".service"))
        });
        let off = masked.contains(name);
        let condition = ["ConditionPathExists", "ConditionFileNotEmpty", "ConditionKernelCommandLine"]
            .iter()
            .find_map(|k| get(k).map(|(_, v)| format!("{k}={v}")));
        let start = match (runs && !off, &condition) {
            (true, Some(_)) => Start::Conditional,
            (true, None) => Start::Boot,
            (false, _) => Start::Disabled,
        };
        found.push(Found {
            path: entry.path.clone(),
            line: Some(line),
            text: command.to_owned(),
            service: Service {
                program: file_name(first).to_owned(),
                protocol: Some(daemon.map_or("console", |d| d.protocol).to_owned()),
                start,
                started_by: Some("systemd".into()),
                condition: if start == Start::Disabled {
                    Some(if off { "masked" } else { "not enabled" }.into())
                } else {
                    condition
                },
                command: Some(shorten(command)),
                user: get("User").map(|(_, v)| v.to_owned()),
                cleartext: daemon.and_then(|d| d.cleartext),
                ..Service::default()
            },
        });
    }
}

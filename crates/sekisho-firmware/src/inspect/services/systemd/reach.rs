//! What the boot pulls in: from the default target along what units want and require, sockets, timers and paths, and presets.

use std::collections::{BTreeMap, VecDeque};

use super::super::super::file_name;
use super::sockets;
use super::unit::{PLACES, Unit, instance_of, template_of};
use crate::tree::{Kind, View};

/// Targets that every normal boot reaches, with or without their own files in the image (`man bootup`).
const REACHED: [&str; 12] = [
    "sysinit.target",
    "basic.target",
    "sockets.target",
    "timers.target",
    "paths.target",
    "local-fs.target",
    "local-fs-pre.target",
    "swap.target",
    "network.target",
    "network-online.target",
    "remote-fs.target",
    "getty.target",
];

/// Targets that only somebody's wish or an end of operation reaches.
const UNUSUAL: [&str; 11] = [
    "rescue",
    "emergency",
    "shutdown",
    "reboot",
    "poweroff",
    "halt",
    "kexec",
    "umount",
    "final",
    "system-update",
    "exit",
];

/// Units followed at most.
const MAX_REACHED: usize = 10_000;

/// How a unit comes to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    /// The boot pulls it in, or opens its socket.
    Boot,
    /// As something happens.
    Condition(String),
}

/// How each unit comes to start, and where its sockets listen.
#[derive(Debug, Default)]
pub(super) struct Reach {
    how: BTreeMap<String, How>,
    listens: BTreeMap<String, Vec<String>>,
}

impl Reach {
    pub(super) fn of(view: &View<'_>, units: &BTreeMap<String, Unit>) -> Self {
        let wants = directories(view);
        let mut reach = Self::default();
        let mut pending: VecDeque<(String, How)> = VecDeque::new();
        let default = default_target(view);
        for target in REACHED.iter().copied().chain([default.as_str()]) {
            pending.push_back((target.to_owned(), How::Boot));
        }
        reach.follow(units, &wants, &mut pending);
        // Wanted by what the boot itself does not reach: a device that appears, a target that something else asks for.
        for (by, names) in &wants {
            let unusual = UNUSUAL.iter().any(|t| by.strip_suffix(".target") == Some(*t));
            let idle = (by == "multi-user.target" || by == "graphical.target") && !reach.how.contains_key(by);
            if unusual || idle || reach.how.contains_key(by) {
                continue;
            }
            for name in names {
                pending.push_back((name.clone(), How::Condition(format!("wanted by {by}"))));
            }
        }
        reach.follow(units, &wants, &mut pending);
        if first_boot_enables(view) {
            let presets = presets(view);
            for (name, unit) in units.iter().filter(|(_, unit)| unit.has_install() && !unit.masked) {
                // A template is enabled as the instance that it names, if it names one.
                let Some(name) = enabled_as(name, unit) else { continue };
                if let Some(rule) = preset(&presets, &name) {
                    pending.push_back((name, How::Condition(format!("preset at the first boot: {rule}"))));
                }
            }
            reach.follow(units, &wants, &mut pending);
        }
        reach
    }

    pub(super) fn how(&self, name: &str) -> Option<&How> {
        self.how.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.how.keys().map(String::as_str)
    }

    pub(super) fn listens(&self, name: &str) -> Vec<String> {
        self.listens.get(name).cloned().unwrap_or_default()
    }

    fn follow(
        &mut self,
        units: &BTreeMap<String, Unit>,
        wants: &BTreeMap<String, Vec<String>>,
        pending: &mut VecDeque<(String, How)>,
    ) {
        while let Some((name, how)) = pending.pop_front() {
            let known = self.how.get(&name);
            if self.how.len() >= MAX_REACHED || known.is_some_and(|old| *old == How::Boot || how != How::Boot) {
                continue;
            }
            let unit = units.get(&name).or_else(|| units.get(&template_of(&name)?));
            self.how.insert(name.clone(), how.clone());
            if unit.is_some_and(|unit| unit.masked) {
                continue;
            }
            for next in wants.get(&name).into_iter().flatten() {
                pending.push_back((next.clone(), how.clone()));
            }
            let Some(unit) = unit else { continue };
            for key in ["Wants", "Requires", "BindsTo", "Upholds", "Requisite"] {
                for next in unit.units("Unit", key) {
                    pending.push_back((
                        next.replace("%i", instance_of(&name)).replace("%I", instance_of(&name)),
                        how.clone(),
                    ));
                }
            }
            self.activates(&name, unit, &how, units, pending);
        }
    }

    /// What a socket, timer or path starts.
    fn activates(
        &mut self,
        name: &str,
        unit: &Unit,
        how: &How,
        units: &BTreeMap<String, Unit>,
        pending: &mut VecDeque<(String, How)>,
    ) {
        let Some((stem, kind)) = name.rsplit_once('.') else { return };
        let section = match kind {
            "socket" => "Socket",
            "timer" => "Timer",
            "path" => "Path",
            _ => return,
        };
        let key = if kind == "socket" { "Service" } else { "Unit" };
        let accepts =
            unit.get("Socket", "Accept").is_some_and(|a| matches!(a.value.as_str(), "yes" | "true" | "1" | "on"));
        // With Accept= each connection has its instance; the template stands for them.
        let own = if accepts { format!("{stem}@.service") } else { format!("{stem}.service") };
        let started = unit.get(section, key).map_or(own, |a| a.value.clone());
        let quoted = |keys: &[&str]| {
            let all: Vec<String> = keys
                .iter()
                .flat_map(|key| unit.all(section, key).into_iter().map(move |a| format!("{key}={}", a.value)))
                .collect();
            all.join(", ")
        };
        let how = match (kind, how) {
            ("socket", how) => {
                self.listens.entry(started.clone()).or_default().extend(sockets(unit));
                how.clone()
            }
            (_, How::Condition(condition)) => How::Condition(condition.clone()),
            ("timer", _) => How::Condition(quoted(&[
                "OnCalendar",
                "OnBootSec",
                "OnStartupSec",
                "OnActiveSec",
                "OnUnitActiveSec",
                "OnUnitInactiveSec",
            ])),
            _ => How::Condition(quoted(&[
                "PathExists",
                "PathExistsGlob",
                "PathChanged",
                "PathModified",
                "DirectoryNotEmpty",
            ])),
        };
        if units.contains_key(&started) || template_of(&started).is_some() {
            pending.push_back((started, how));
        }
    }
}

/// What the directories `X.wants` and `X.requires` hold, by X.
fn directories(view: &View<'_>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in PLACES {
        for directory in view.directories(place) {
            let by = [".wants", ".requires", ".upholds"].iter().find_map(|end| directory.strip_suffix(end));
            let Some(by) = by else { continue };
            let names = view.listing(&format!("{place}/{directory}"));
            let names = names.into_iter().map(|e| file_name(&e.path).to_owned()).filter(|n| n.contains('.'));
            all.entry(by.to_owned()).or_default().extend(names);
        }
    }
    all
}

/// The target of a boot: what `default.target` leads to, else the usual one.
fn default_target(view: &View<'_>) -> String {
    PLACES
        .iter()
        .find_map(|place| match view.entry(&format!("{}{place}/default.target", view.root)).map(|e| &e.kind) {
            Some(Kind::Link(target)) => Some(file_name(target).to_owned()),
            _ => None,
        })
        .unwrap_or_else(|| "multi-user.target".to_owned())
}

/// What enabling a unit enables.
fn enabled_as(name: &str, unit: &Unit) -> Option<String> {
    let Some((prefix, kind)) = name.split_once("@.") else { return Some(name.to_owned()) };
    let instance = unit.get("Install", "DefaultInstance")?;
    Some(format!("{prefix}@{}.{kind}", instance.value))
}

/// Whether the first boot sets every unit as the presets say (`man machine-id`, "First Boot Semantics").
fn first_boot_enables(view: &View<'_>) -> bool {
    let has_systemd = ["/lib/systemd/systemd", "/usr/lib/systemd/systemd"].iter().any(|path| view.exists(path));
    let unset = match view.resolve("/etc/machine-id") {
        None => true,
        Some(entry) => view.text_of(entry).is_some_and(|text| text.trim() == "uninitialized"),
    };
    has_systemd && unset
}

/// The rules of the presets in their order (`man systemd.preset`).
fn presets(view: &View<'_>) -> Vec<(bool, String)> {
    let places = ["/etc/systemd/system-preset", "/usr/lib/systemd/system-preset", "/lib/systemd/system-preset"];
    let mut files: BTreeMap<&str, &crate::tree::Entry> = BTreeMap::new();
    for entry in places.iter().flat_map(|place| view.listing(place)).filter(|e| e.path.ends_with(".preset")) {
        files.entry(file_name(&entry.path)).or_insert(entry);
    }
    let texts = files.values().filter_map(|entry| view.text_of(entry));
    texts
        .flat_map(|text| {
            let rules = text.lines().filter_map(|line| {
                let mut words = line.split_whitespace();
                match (words.next()?, words.next()?) {
                    ("enable", pattern) => Some((true, pattern.to_owned())),
                    ("disable", pattern) => Some((false, pattern.to_owned())),
                    _ => None,
                }
            });
            rules.collect::<Vec<_>>()
        })
        .take(2000)
        .collect()
}

/// The rule that enables `name`; what no rule names is enabled.
fn preset(rules: &[(bool, String)], name: &str) -> Option<String> {
    match rules.iter().find(|(_, pattern)| super::super::words::glob(pattern, name)) {
        Some((true, pattern)) => Some(format!("enable {pattern}")),
        Some((false, _)) => None,
        None => Some("no rule, so enabled".to_owned()),
    }
}

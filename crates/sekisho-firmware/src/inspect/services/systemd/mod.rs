//! systemd: what the boot's target pulls in, what sockets and timers start, what is switched off (`man systemd.unit`, `man bootup`).

mod reach;
mod unit;

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::Start;

use super::super::file_name;
use super::launch::Launch;
use super::ports;
use super::run::Runner;
use crate::tree::{Kind, View};
use reach::{How, Reach};
use unit::{PLACES, Unit, instance_of};

/// Units of one system that are looked at.
const MAX_UNITS: usize = 5000;

/// The commands of all units.
pub(super) fn launches(view: &View<'_>, out: &mut Vec<Launch>) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for place in PLACES {
        let units = view.listing(place).into_iter().filter(|e| !matches!(e.kind, Kind::Directory));
        names.extend(units.map(|e| file_name(&e.path)).filter(|n| is_unit(n)));
    }
    if names.is_empty() {
        return;
    }
    let units: BTreeMap<String, Unit> =
        names.into_iter().take(MAX_UNITS).filter_map(|name| Some((name.to_owned(), Unit::load(view, name)?))).collect();
    let reach = Reach::of(view, &units);
    // Instances of templates have no file of their own.
    let instances: Vec<String> = reach.names().filter(|name| !units.contains_key(*name)).map(str::to_owned).collect();
    for name in &instances {
        if let Some(unit) = unit::template_of(name).and_then(|template| units.get(&template)) {
            service(view, name, unit, &reach, out);
        }
    }
    for (name, unit) in &units {
        // A template by itself starts nothing; it is worth a word where none of its instances was seen.
        let template = name.contains("@.");
        let prefix = name.split_once("@.").map_or(name.as_str(), |(prefix, _)| prefix);
        if template && instances.iter().any(|i| i.split_once('@').is_some_and(|(p, _)| p == prefix)) {
            continue;
        }
        service(view, name, unit, &reach, out);
    }
    rc_local(view, out);
}

fn is_unit(name: &str) -> bool {
    [".service", ".socket", ".timer", ".path", ".target", ".mount", ".automount"]
        .iter()
        .any(|kind| name.ends_with(kind))
}

fn service(view: &View<'_>, name: &str, unit: &Unit, reach: &Reach, out: &mut Vec<Launch>) {
    if name.ends_with(".mount") {
        out.extend(mount(name, unit, reach));
    }
    if !name.ends_with(".service") {
        return;
    }
    let (start, condition) = start_of(view, name, unit, reach);
    let user = unit.get("Service", "User").map(|a| a.value.clone());
    let listens = reach.listens(name);
    let terminal = unit
        .get("Service", "TTYPath")
        .map(|a| a.value.replace("%I", instance_of(name)).replace("%i", instance_of(name)));
    for assignment in ["ExecStartPre", "ExecStart"].iter().flat_map(|key| unit.all("Service", key)) {
        let command = assignment.value.trim_start_matches(['-', '@', ':', '+', '!', '|']);
        let command = specifiers(command, name);
        let mut runner = Runner::new(view, "systemd");
        environment(view, unit, &mut runner);
        runner.line(&command, &assignment.path, assignment.line);
        let own = assignment.path.as_str();
        for mut launch in runner.reached {
            // What a script does that the unit runs is seen where it stands; the unit says how it starts.
            if launch.path == own {
                launch.text.clone_from(&command);
                launch.listens.clone_from(&listens);
                launch.console.clone_from(&terminal);
            }
            launch.at_most(start, condition.as_deref());
            launch.user = launch.user.or_else(|| user.clone());
            out.push(launch);
        }
    }
}

/// The variables that a service is given.
fn environment(view: &View<'_>, unit: &Unit, runner: &mut Runner<'_>) {
    let mut set = |text: &str| {
        for (_, name, value) in super::super::system::assignments(text) {
            runner.variables.insert(name.to_owned(), Some(value.to_owned()));
        }
    };
    for assignment in unit.all("Service", "Environment") {
        // `"A=b c" D=e`: one assignment a word.
        for word in super::super::uci::words(&assignment.value) {
            set(&word);
        }
    }
    for assignment in unit.all("Service", "EnvironmentFile") {
        if let Some((_, text)) = view.text(assignment.value.trim_start_matches('-')) {
            set(&text);
        }
    }
}

/// `%i`, `%I` and `%n` as they are for this unit; environment variables stay.
fn specifiers(text: &str, name: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let instance = instance_of(name);
    text.replace("%i", instance).replace("%I", instance).replace("%n", name).replace("%%", "%")
}

/// A mount unit as the command that it stands for.
fn mount(name: &str, unit: &Unit, reach: &Reach) -> Option<Launch> {
    let get = |key: &str| unit.get("Mount", key);
    let (what, place) = (get("What")?, get("Where")?);
    let mut words = vec!["mount".to_owned()];
    for (option, key) in [("-t", "Type"), ("-o", "Options")] {
        if let Some(assignment) = get(key) {
            words.extend([option.to_owned(), assignment.value.clone()]);
        }
    }
    words.extend([what.value.clone(), place.value.clone()]);
    let text = words.join(" ");
    let mut launch = Launch::new(words, &place.path, Some(place.line), &text, "systemd");
    match reach.how(name) {
        Some(How::Boot) if !unit.masked => {}
        Some(How::Condition(condition)) if !unit.masked => launch.at_most(Start::Conditional, Some(condition)),
        _ => launch.at_most(Start::Disabled, Some("not enabled")),
    }
    Some(launch)
}

/// How a service starts: what pulls it in, and its own conditions.
fn start_of(view: &View<'_>, name: &str, unit: &Unit, reach: &Reach) -> (Start, Option<String>) {
    if unit.masked {
        return (Start::Disabled, Some("masked".to_owned()));
    }
    let pulled = match reach.how(name) {
        Some(How::Boot) => None,
        Some(How::Condition(condition)) => Some(condition.clone()),
        None => return (Start::Disabled, Some("not enabled".to_owned())),
    };
    let mut open: Vec<String> = pulled.into_iter().collect();
    for (key, value) in unit.conditions() {
        match holds(view, key, value) {
            Some(true) => {}
            Some(false) => return (Start::Disabled, Some(format!("{key}={value}"))),
            None => open.push(format!("{key}={value}")),
        }
    }
    if open.is_empty() { (Start::Boot, None) } else { (Start::Conditional, Some(open.join(" && "))) }
}

/// Whether a condition holds, where the image decides it.
fn holds(view: &View<'_>, key: &str, value: &str) -> Option<bool> {
    // With `|` in front one of several is enough.
    if value.starts_with('|') {
        return None;
    }
    let (negated, value) = value.strip_prefix('!').map_or((false, value), |rest| (true, rest.trim()));
    let holds = match key.trim_start_matches("Condition").trim_start_matches("Assert") {
        "PathExists" | "PathIsDirectory" | "FileIsExecutable" => {
            let programs = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/lib/", "/usr/lib/", "/usr/libexec/"];
            match view.resolve(value) {
                Some(entry) if key.ends_with("Directory") => entry.kind == Kind::Directory,
                Some(_) => true,
                None if programs.iter().any(|place| value.starts_with(place)) => false,
                None => return None,
            }
        }
        // The image is that of a device.
        "Virtualization" if matches!(value, "container" | "vm" | "yes" | "lxc" | "docker") => false,
        _ => return None,
    };
    Some(holds != negated)
}

/// `/etc/rc.local`, which systemd's generator makes a service of where it is executable (`man systemd-rc-local-generator`).
fn rc_local(view: &View<'_>, out: &mut Vec<Launch>) {
    let generator = "systemd/system-generators/systemd-rc-local-generator";
    let has_generator = ["/lib", "/usr/lib"].iter().any(|place| view.exists(&format!("{place}/{generator}")));
    let executable = view.resolve("/etc/rc.local").is_some_and(|e| e.mode.is_none_or(|mode| mode & 0o111 != 0));
    if has_generator && executable {
        let mut runner = Runner::new(view, "rc.local");
        runner.script("/etc/rc.local", &["start"]);
        out.extend(runner.reached);
    }
}

/// What a socket unit listens on.
fn sockets(unit: &Unit) -> Vec<String> {
    let of = |key: &str, transport: &str| -> Vec<String> {
        unit.all("Socket", key).into_iter().filter_map(|a| ports::endpoint(transport, &a.value)).collect()
    };
    [of("ListenStream", "tcp"), of("ListenDatagram", "udp")].concat()
}

#[cfg(test)]
mod tests;

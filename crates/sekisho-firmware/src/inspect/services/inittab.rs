//! `inittab` of BusyBox and sysvinit, and what follows from it: `rcS`, the directories of the runlevels, `rc.local`.

use std::collections::BTreeSet;

use super::super::file_name;
use super::launch::{Launch, is_getty, is_shell};
use super::run::{Guard, Runner};
use crate::tree::{Kind, View};

/// Actions under which a process runs in a normal boot (BusyBox, `init/init.c`; `man 5 inittab`; OpenWrt's procd, `inittab.c`).
const STARTING: [&str; 10] = [
    "sysinit",
    "respawn",
    "respawnlate",
    "askfirst",
    "askconsole",
    "askconsolelate",
    "once",
    "wait",
    "boot",
    "bootwait",
];

/// The runlevels that a boot can end in: without `initdefault` these are the ones that distributions use.
const USUAL_LEVELS: &str = "235";

/// Follows everything that init starts.
pub(super) fn launches(view: &View<'_>, out: &mut Vec<Launch>) {
    let openwrt = view.exists("/etc/rc.common") && view.exists("/etc/rc.d");
    let mut rc_ran = false;
    let levels = levels(view);
    if !runs_systemd(view)
        && let Some((entry, text)) = view.text("/etc/inittab")
    {
        let rows: Vec<(usize, &str, Row<'_>)> =
            text.lines().enumerate().filter_map(|(i, line)| Some((i, line, row(line)?))).collect();
        let has_default = rows.iter().any(|(_, _, row)| row.action == "initdefault");
        for (index, line, row) in rows {
            // BusyBox has no runlevels and ignores the field; sysvinit has them once it is told which is the default.
            let of_level = !has_default
                || row.levels.is_empty()
                || matches!(row.action, "sysinit" | "boot" | "bootwait")
                || row.levels.contains(|c| levels.contains(c));
            if !STARTING.contains(&row.action) || !of_level {
                continue;
            }
            if let Some(mut console) = console(row.process) {
                console.path.clone_from(&entry.path);
                console.line = Some(index);
                line.trim().clone_into(&mut console.text);
                console.console = Some(if row.id.is_empty() { "console".to_owned() } else { row.id.to_owned() });
                out.push(console);
                continue;
            }
            let script = row.process.split_whitespace().next().unwrap_or_default();
            if openwrt && script == "/etc/init.d/rcS" {
                continue;
            }
            rc_ran |= script.starts_with("/etc/") && file_name(script).starts_with("rc");
            let mut runner = Runner::new(view, if script.ends_with("/rcS") { "rcS" } else { "inittab" });
            runner.line(row.process, &entry.path, index);
            out.extend(runner.reached);
        }
    }
    if openwrt {
        openwrt_links(view, out);
        return;
    }
    let rcs = ["/etc/init.d/rcS", "/etc/rc.d/rcS", "/etc/rcS"].into_iter().find(|p| view.exists(p));
    if let Some(rcs) = rcs
        && !rc_ran
        && !runs_systemd(view)
    {
        let mut runner = Runner::new(view, "rcS");
        runner.script(rcs, &[]);
        out.extend(runner.reached);
    }
    for (directory, script) in level_directories(&levels).iter().flat_map(|d| links(view, d, 'S').map(move |l| (d, l)))
    {
        let mut runner = Runner::new(view, "rc.d");
        runner.script(&format!("{directory}/{script}"), &["start"]);
        out.extend(runner.reached);
    }
}

/// The runlevel that a boot ends in, as sysvinit is told, or those that it could.
fn levels(view: &View<'_>) -> String {
    let table = view.text("/etc/inittab").filter(|_| !runs_systemd(view)).map(|(_, text)| text);
    let rows = table.as_deref().into_iter().flat_map(str::lines).filter_map(row);
    let mut default =
        rows.filter(|row| row.action == "initdefault" && !row.levels.is_empty()).map(|row| row.levels.to_owned());
    default.next().unwrap_or_else(|| USUAL_LEVELS.to_owned())
}

/// The directories whose links a boot into these runlevels follows.
fn level_directories(levels: &str) -> Vec<String> {
    let mut all = vec!["/etc/rcS.d".to_owned()];
    for level in levels.chars().filter(char::is_ascii_digit) {
        all.push(format!("/etc/rc{level}.d"));
        all.push(format!("/etc/rc.d/rc{level}.d"));
    }
    all
}

/// Whether init is systemd.
pub(super) fn runs_systemd(view: &View<'_>) -> bool {
    let init = ["/sbin/init", "/usr/sbin/init", "/init", "/linuxrc"].iter().find_map(|path| view.resolve(path));
    init.is_some_and(|entry| file_name(&entry.path) == "systemd")
}

struct Row<'a> {
    id: &'a str,
    levels: &'a str,
    action: &'a str,
    process: &'a str,
}

fn row(line: &str) -> Option<Row<'_>> {
    let line = line.trim();
    let mut fields = line.splitn(4, ':');
    let (id, levels, action) = (fields.next()?, fields.next()?, fields.next()?);
    let process = fields.next().unwrap_or_default();
    let process = process.split(" #").next().unwrap_or(process).trim().trim_start_matches('-');
    (!line.starts_with('#')).then_some(Row { id, levels, action, process })
}

/// A login or shell on a terminal, where a process is one.
fn console(process: &str) -> Option<Launch> {
    let words: Vec<String> = process.split_whitespace().map(str::to_owned).collect();
    let program = file_name(words.first()?.trim_start_matches('-'));
    let login = is_getty(program) || is_shell(program) || matches!(program, "login" | "login.sh" | "sulogin");
    // A shell that runs a command or a script is none for people.
    let interactive =
        login && !words.iter().skip(1).any(|w| *w == "-c" || (w.starts_with('/') && !w.starts_with("/dev/")));
    (interactive || shell_instead(&words).is_some()).then(|| Launch::new(words, "", None, process, "inittab"))
}

/// The shell that `getty -n -l /bin/sh` runs: it asks nobody for anything.
pub(in super::super) fn shell_instead(words: &[String]) -> Option<&str> {
    let at = words.iter().position(|w| matches!(w.as_str(), "-l" | "--login-program"))?;
    words.get(at + 1).map(|word| file_name(word)).filter(|name| is_shell(name))
}

/// The links of OpenWrt's `rc.d`, each to a script that rc.common runs.
fn openwrt_links(view: &View<'_>, out: &mut Vec<Launch>) {
    for link in links(view, "/etc/rc.d", 'S') {
        let script = format!("/etc/rc.d/{link}");
        let procd = view.text(&script).is_some_and(|(_, text)| text.lines().any(|l| l.trim() == "USE_PROCD=1"));
        let mut runner = Runner::new(view, if procd { "procd" } else { "rc.d" });
        runner.script(&script, &["boot"]);
        let nothing = !runner.reached.iter().any(super::is_service);
        out.extend(runner.reached);
        if nothing && let Some(hotplug) = hotplug(view, link.get(3..).unwrap_or_default()) {
            // `boot() { return 0; }`: a hotplug script starts it as soon as an interface is there.
            let mut runner = Runner::new(view, "hotplug.d");
            runner.under(Guard { text: format!("an event that runs {hotplug}"), holds: None });
            runner.script(&script, &["start"]);
            out.extend(runner.reached);
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
    Some(view.system_path(&entry.path).to_owned())
}

/// The links of a runlevel's directory that begin with `letter` and two digits, in their order.
fn links<'a>(view: &View<'a>, directory: &str, letter: char) -> impl Iterator<Item = &'a str> + use<'a> {
    view.listing(directory).into_iter().filter_map(move |entry| {
        let name = file_name(&entry.path);
        let digits = name.get(1..3)?;
        (name.starts_with(letter)
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !matches!(entry.kind, Kind::Directory))
        .then_some(name)
    })
}

/// Scripts of `init.d` that nothing links or calls, and `rc.local` where nothing runs it: there, and switched off.
pub(super) fn switched_off(view: &View<'_>, started: &[Launch]) -> Vec<Launch> {
    let mut linked: BTreeSet<&str> = ["/etc/rc.d", "/etc/rcS.d"].iter().flat_map(|d| links(view, d, 'S')).collect();
    for directory in level_directories(&levels(view)) {
        linked.extend(links(view, &directory, 'S'));
    }
    let linked: BTreeSet<&str> = linked.iter().filter_map(|link| link.get(3..)).collect();
    let reached: BTreeSet<&str> = started.iter().map(|launch| launch.path.as_str()).collect();
    let mut scripts = view.listing("/etc/init.d");
    scripts.extend(view.resolve("/etc/rc.local"));
    let mut out = Vec::new();
    for entry in scripts {
        let name = file_name(&entry.path);
        let system_path = view.system_path(&entry.path);
        let rc = name.starts_with("rc") && name != "rc.local";
        if rc || linked.contains(name) || reached.contains(entry.path.as_str()) {
            continue;
        }
        let mut runner = Runner::new(view, "init.d");
        runner.script(system_path, &["start"]);
        let condition = "nothing starts this script";
        out.extend(runner.reached.into_iter().filter(|launch| launch.path == entry.path).map(|launch| Launch {
            start: sekisho_model::fact::Start::Disabled,
            condition: Some(condition.to_owned()),
            ..launch
        }));
    }
    out
}

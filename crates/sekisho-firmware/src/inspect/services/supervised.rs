//! Supervision by directory: runit (`man runsvdir`, `man runsv`) and s6 (`s6-svscan`), where each directory is a service and its `run` what
//! runs.

use super::super::file_name;
use super::launch::Launch;
use super::programs::daemon_named;
use super::run::{Guard, Runner};
use crate::tree::View;

/// The directories that runsvdir watches, as distributions place them, and runit's stage that begins it.
const RUNIT: [&str; 5] =
    ["/etc/service", "/service", "/var/service", "/etc/runit/runsvdir/default", "/etc/runit/runsvdir/current"];

/// s6-overlay's and s6's own.
const S6: [&str; 2] = ["/etc/services.d", "/etc/s6/service"];

/// The services that are supervised.
pub(super) fn launches(view: &View<'_>, so_far: &[Launch], out: &mut Vec<Launch>) {
    let begun = |programs: &[&str]| so_far.iter().filter(|l| programs.contains(&l.program())).map(|l| l.start).min();
    let exists = |paths: &[&str]| paths.iter().any(|path| view.exists(path));
    let runit = begun(&["runsvdir", "runit-init"]).is_some()
        || exists(&["/etc/runit/2", "/sbin/runit-init", "/usr/sbin/runsvdir-start"]);
    for directory in RUNIT {
        of_directory(view, directory, "runit", runit, out);
    }
    let s6 = begun(&["s6-svscan"]).is_some()
        || exists(&["/init", "/bin/s6-svscan", "/usr/bin/s6-svscan", "/command/s6-svscan"]);
    for directory in S6 {
        of_directory(view, directory, "s6", s6, out);
    }
    let watched: Vec<String> = out.iter().map(|launch| launch.path.clone()).collect();
    let before = out.len();
    of_directory(view, "/etc/sv", "runit", false, out);
    // What is linked into a watched directory was seen there.
    let mut at = 0;
    out.retain(|launch| {
        at += 1;
        at <= before || !watched.contains(&launch.path)
    });
}

fn of_directory(view: &View<'_>, directory: &str, by: &'static str, runs: bool, out: &mut Vec<Launch>) {
    let mut names: Vec<&str> = view.listing(directory).iter().map(|entry| file_name(&entry.path)).collect();
    names.extend(view.directories(directory));
    names.sort_unstable();
    names.dedup();
    for name in names {
        let place = format!("{directory}/{name}");
        let Some((entry, text)) = view.text(&format!("{place}/run")) else { continue };
        let mut runner = Runner::new(view, by);
        if !runs {
            runner.under(Guard { text: format!("nothing watches {directory}"), holds: Some(false) });
        } else if view.exists(&format!("{place}/down")) {
            runner.under(Guard { text: format!("{place}/down exists"), holds: Some(false) });
        }
        if text.lines().next().is_some_and(|first| first.contains("execlineb")) {
            execline(&text, &entry.path, &mut runner);
        } else {
            runner.script(&format!("{place}/run"), &[]);
        }
        out.extend(runner.reached);
    }
}

/// execline chains its commands: the program stands behind all that prepares for it.
fn execline(text: &str, path: &str, runner: &mut Runner<'_>) {
    let plain: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')).collect();
    let words: Vec<(usize, &str)> =
        plain.iter().flat_map(|(index, line)| line.split_whitespace().map(move |word| (*index, word))).collect();
    let Some(at) = words.iter().position(|(_, word)| daemon_named(word).is_some()) else { return };
    let account = words[..at].iter().position(|(_, word)| file_name(word) == "s6-setuidgid").map(|i| i + 1);
    let begin = account.and_then(|i| words.get(i).filter(|_| i < at)).map(|(_, account)| *account);
    let index = words[at].0;
    let command: Vec<&str> = words[at..].iter().map(|(_, word)| *word).collect();
    let command = match begin {
        Some(account) => format!("s6-setuidgid {account} {}", command.join(" ")),
        None => command.join(" "),
    };
    runner.line(&command, path, index);
}

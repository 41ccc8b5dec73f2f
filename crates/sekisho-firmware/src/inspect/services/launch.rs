//! What an init system starts: commands, each with how and under which condition, whatever the init system.

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Start;

use super::super::file_name;
use super::programs::daemon_named;
use super::run::Guard;
use crate::findings::Aspects;

/// Commands of one system that are kept.
pub(super) const MAX_LAUNCHES: usize = 10_000;

/// What a script that was not followed could have started.
pub(in super::super) const OF_SCRIPTS: Aspects =
    &[Aspect::FirmwareServices, Aspect::FirmwareSettings, Aspect::FirmwareUpdates, Aspect::FirmwareDebug];

/// Longest condition that is shown, in characters.
const MAX_CONDITION: usize = 500;

/// A command that an init system starts, would start, or is kept from starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Launch {
    /// The words of the command, variables replaced where they are known.
    pub(in super::super) words: Vec<String>,
    /// Words that follow where conditions hold that the image does not decide.
    pub(in super::super) perhaps: Vec<String>,
    /// The file that says so, as a path of the tree, and the line from 0.
    pub(in super::super) path: String,
    pub(in super::super) line: Option<usize>,
    /// As it stands there.
    pub(in super::super) text: String,
    pub(in super::super) start: Start,
    /// The condition under which it starts, or for which it does not.
    pub(in super::super) condition: Option<String>,
    /// What starts it: `rcS`, `inittab`, `systemd` …
    pub(in super::super) by: Option<&'static str>,
    /// The account it runs as, where that is said.
    pub(in super::super) user: Option<String>,
    /// Sockets that something else opens for it.
    pub(in super::super) listens: Vec<String>,
    /// The terminal that it is attached to, where it is meant for people.
    pub(in super::super) console: Option<String>,
    /// The protocol, where the file names one.
    pub(in super::super) protocol: Option<String>,
}

impl Launch {
    pub(super) fn new(words: Vec<String>, path: &str, line: Option<usize>, text: &str, by: &'static str) -> Self {
        Self {
            words,
            perhaps: Vec::new(),
            path: path.to_owned(),
            line,
            text: text.to_owned(),
            start: Start::Boot,
            condition: None,
            by: Some(by),
            user: None,
            listens: Vec::new(),
            console: None,
            protocol: None,
        }
    }

    /// The program's name; that of what one program serves as, where it has one of its own: `rsync --daemon`.
    pub(in super::super) fn program(&self) -> &str {
        match self.words.first().map_or("", |word| file_name(word)) {
            "rsync" if self.words.iter().any(|word| word == "--daemon") => "rsyncd",
            name => name,
        }
    }

    /// Whether it comes to run, at every boot or under a condition.
    pub(in super::super) fn starts(&self) -> bool {
        matches!(self.start, Start::Boot | Start::Conditional)
    }

    /// Makes the start no surer than `start` under `condition`.
    pub(super) fn at_most(&mut self, start: Start, condition: Option<&str>) {
        if start == Start::Boot && condition.is_none() {
            return;
        }
        self.start = self.start.max(start);
        if let Some(condition) = condition {
            self.condition = Some(match self.condition.take() {
                Some(inner) => joined(&[condition, &inner]),
                None => joined(&[condition]),
            });
        }
    }

    /// The script or program that is run: behind a shell's name that of the script.
    pub(in super::super) fn target(&self) -> Option<&str> {
        let first = self.words.first()?;
        if is_shell(first) || matches!(first.as_str(), "." | "source") {
            return self.words.iter().skip(1).find(|word| !word.starts_with('-')).map(String::as_str);
        }
        Some(first)
    }
}

/// Conditions put together as one text.
fn joined(conditions: &[&str]) -> String {
    conditions.join(" && ").chars().take(MAX_CONDITION).collect()
}

/// How something behind these conditions starts, and the conditions that switch it off or leave it open. One that the image decides to
/// hold is none.
pub(super) fn start_of(guards: &[Guard]) -> (Start, Option<String>) {
    let text = |wanted: Option<bool>| {
        let mut texts: Vec<&str> = guards.iter().filter(|g| g.holds == wanted).map(|g| g.text.as_str()).collect();
        texts.dedup();
        Some(joined(&texts)).filter(|t| !t.is_empty())
    };
    if guards.iter().any(|g| g.holds == Some(false)) {
        (Start::Disabled, text(Some(false)))
    } else if guards.iter().any(|g| g.holds.is_none()) {
        (Start::Conditional, text(None))
    } else {
        (Start::Boot, None)
    }
}

/// Whether a program is a shell, by its name.
pub(in super::super) fn is_shell(word: &str) -> bool {
    matches!(file_name(word.trim_start_matches('-')), "sh" | "ash" | "bash" | "dash" | "hush" | "mksh")
}

/// Whether a program asks for a login on a terminal, or gives one.
pub(in super::super) fn is_getty(name: &str) -> bool {
    matches!(name, "getty" | "agetty" | "mgetty" | "mingetty" | "fgetty" | "ngetty" | "uugetty")
}

/// Programs besides daemons whose being started says something: of mounts, updates, debugging, the network.
const TELLING: [&str; 41] = [
    "mount",
    "mount_root",
    "ubiattach",
    "sysctl",
    "insmod",
    "modprobe",
    "ntpd",
    "crond",
    "cron",
    "hostapd",
    "wpa_supplicant",
    "runsvdir",
    "runit-init",
    "s6-svscan",
    "sysupgrade",
    "mtd",
    "mtd_write",
    "flashcp",
    "flash_eraseall",
    "flash_erase",
    "nandwrite",
    "ubiupdatevol",
    "dd",
    "swupdate",
    "rauc",
    "mender",
    "mender-update",
    "mender-auth",
    "hawkbit-updater",
    "rauc-hawkbit-updater",
    "fwupd",
    "fwupdmgr",
    "opkg",
    "apt-get",
    "unattended-upgrade",
    "ostree",
    "rsync",
    "nc",
    "ncat",
    "netcat",
    "socat",
];

/// Whether a command is worth keeping.
pub(super) fn is_telling(words: &[String]) -> bool {
    words.first().is_some_and(|first| {
        let name = file_name(first);
        first.starts_with('/')
            || matches!(first.as_str(), "." | "source")
            || is_shell(first)
            || daemon_named(first).is_some()
            || is_getty(name)
            || TELLING.contains(&name)
    })
}

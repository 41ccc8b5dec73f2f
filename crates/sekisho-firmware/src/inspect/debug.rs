//! Interfaces meant for development that a system opens: consoles, debug servers, shells on the network, the kernel's own.

use sekisho_model::fact::{DebugInterface, Observed, Start};

use super::services::{Launch, android_properties, is_getty, is_remote_shell, is_shell, shell_instead};
use super::{Seen, boot_environment, file_name, services, shorten};
use crate::tree::{Entry, View};

/// Facts of one system.
const MAX_FACTS: usize = 200;

/// Files that hold the kernel's command line: of the Raspberry Pi's loader, extlinux, GRUB, U-Boot's `uEnv.txt` and Armbian's.
const COMMAND_LINES: [&str; 9] = [
    "/boot/cmdline.txt",
    "/boot/firmware/cmdline.txt",
    "/cmdline.txt",
    "/boot/extlinux/extlinux.conf",
    "/extlinux/extlinux.conf",
    "/boot/grub/grub.cfg",
    "/boot/uEnv.txt",
    "/uEnv.txt",
    "/boot/armbianEnv.txt",
];

/// The debug interfaces of a system.
pub(super) fn inspect(view: &View<'_>, launches: &[Launch]) -> Vec<(String, Seen)> {
    let mut found = Vec::new();
    for launch in launches {
        if let Some(interface) = of_launch(view, launch) {
            let mut seen = Seen::in_string(Observed::DebugInterface(interface), &launch.text);
            seen.line = launch.line.and_then(|line| u32::try_from(line + 1).ok());
            found.push((launch.path.clone(), seen));
        }
    }
    found.extend(generated_console(view, launches));
    kernel_settings(view, &mut found);
    for path in COMMAND_LINES {
        let Some((entry, text)) = view.text(path) else { continue };
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
            for interface in boot_environment::of_command_line(line) {
                found.push((entry.path.clone(), Seen::at_line(Observed::DebugInterface(interface), index, line)));
            }
        }
    }
    found.truncate(MAX_FACTS);
    found
}

fn of_launch(view: &View<'_>, launch: &Launch) -> Option<DebugInterface> {
    let name = launch.program().trim_start_matches('-');
    let detail = shorten(&launch.words.join(" "));
    let (kind, authenticated) = match name {
        _ if is_getty(name) || launch.console.is_some() && is_login(name) => {
            let device = terminal(launch);
            if !is_serial(&device) {
                // A terminal of its own, or a screen, which is no debug interface unless it gives a shell to everybody.
                return (launch.starts() && asks(view, launch) == Some(false)).then(|| DebugInterface {
                    kind: "local-console".to_owned(),
                    detail: format!("{device}: {detail}"),
                    authenticated: Some(false),
                    start: Some(launch.start),
                });
            }
            return Some(DebugInterface {
                kind: "serial-console".to_owned(),
                detail: format!("{device}: {detail}"),
                authenticated: asks(view, launch),
                start: Some(launch.start),
            });
        }
        "adbd" => ("adb", adb_asks(view)),
        "gdbserver" | "lldb-server" | "tcf-agent" => ("gdbserver", Some(false)),
        "sshd" if launch.words.iter().skip(1).any(|w| matches!(w.as_str(), "-d" | "-dd" | "-ddd")) => {
            ("sshd-debug", None)
        }
        "telnetd" | "utelnetd" | "in.telnetd" => {
            let login = option_value(&launch.words, "-l")?;
            match asks_of(view, login) {
                // A login of its own is telnet as it is everywhere.
                Some(true) => return None,
                answer => ("network-shell", answer),
            }
        }
        _ if is_remote_shell(launch) => ("network-shell", Some(false)),
        _ => return None,
    };
    Some(DebugInterface { kind: kind.to_owned(), detail, authenticated, start: Some(launch.start) })
}

fn is_login(name: &str) -> bool {
    is_shell(name) || matches!(name, "login" | "login.sh" | "sulogin")
}

/// The terminal that a login is on.
fn terminal(launch: &Launch) -> String {
    let plain = |word: &&String| {
        let name = word.trim_start_matches("/dev/");
        !word.starts_with('-') && ["tty", "console", "hvc", "ttyS", "xvc"].iter().any(|prefix| name.starts_with(prefix))
    };
    let of_words = launch.words.iter().skip(1).find(plain).map(|word| word.trim_start_matches("/dev/").to_owned());
    of_words.or_else(|| launch.console.as_ref().map(|c| c.trim_start_matches("/dev/").to_owned())).unwrap_or_default()
}

/// Whether a terminal is a serial line: all but the virtual ones (`tty1`), by the kernel's `Documentation/admin-guide/devices.txt`.
/// `console` is what the kernel was told; on a device without a screen that is a serial line.
pub(super) fn is_serial(device: &str) -> bool {
    let name = device.trim_start_matches("/dev/");
    let virtual_terminal = name.strip_prefix("tty").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let known = ["tty", "console", "hvc", "xvc"].iter().any(|prefix| name.starts_with(prefix));
    known && !virtual_terminal
}

/// Whether a login on a terminal asks for a password.
fn asks(view: &View<'_>, launch: &Launch) -> Option<bool> {
    let words = &launch.words;
    let name = launch.program().trim_start_matches('-');
    let automatic = words.iter().skip(1).any(|w| w == "--autologin" || w.starts_with("--autologin="))
        || (name == "agetty" && words.iter().skip(1).any(|w| w == "-a"))
        || (name == "login" && words.iter().skip(1).any(|w| w == "-f"));
    if is_shell(name) || automatic || shell_instead(words).is_some() {
        return Some(false);
    }
    if is_getty(name)
        && let Some(login) = option_value(words, "-l").or_else(|| option_value(words, "--login-program"))
    {
        return asks_of(view, login);
    }
    if name.ends_with(".sh") {
        return words.first().and_then(|script| asks_of(view, script));
    }
    Some(!root_is_open(view))
}

/// Whether the login program `program` asks for a password: `login` does where root has one, a shell never; a script as it goes.
fn asks_of(view: &View<'_>, program: &str) -> Option<bool> {
    let name = file_name(program);
    if is_shell(name) {
        return Some(false);
    }
    if matches!(name, "login" | "sulogin") {
        return Some(!root_is_open(view));
    }
    let reached = services::reached_by(view, program)?;
    let shells: Vec<Start> =
        reached.iter().filter(|l| is_shell(l.program()) && interactive(l)).map(|launch| launch.start).collect();
    let login = reached.iter().any(|l| matches!(l.program(), "login" | "sulogin"));
    if shells.contains(&Start::Boot) || (root_is_open(view) && (login || !shells.is_empty())) {
        // Either way nobody is asked.
        return Some(false);
    }
    match (login, shells.iter().all(|start| *start == Start::Disabled)) {
        (true, true) => Some(true),
        _ => None,
    }
}

/// A shell that takes its commands from the terminal.
fn interactive(launch: &Launch) -> bool {
    launch.words.iter().skip(1).all(|word| word.starts_with('-') && word != "-c")
}

fn option_value<'w>(words: &'w [String], option: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| word == option)?;
    words.get(at + 1).map(String::as_str)
}

/// Whether root needs no password.
fn root_is_open(view: &View<'_>) -> bool {
    let field = |path: &str| {
        let (_, text) = view.text(path)?;
        let line = text.lines().find(|line| line.starts_with("root:"))?;
        line.split(':').nth(1).map(str::to_owned)
    };
    match field("/etc/passwd").as_deref() {
        Some("x") | None => field("/etc/shadow").as_deref() == Some(""),
        Some(password) => password.is_empty(),
    }
}

/// Whether the Android debug bridge asks whose key it is (`ro.adb.secure`, AOSP `packages/modules/adb/daemon/main.cpp`).
fn adb_asks(view: &View<'_>) -> Option<bool> {
    let properties = android_properties(view);
    if properties.is_empty() {
        return None;
    }
    Some(properties.get("ro.adb.secure").is_some_and(|value| value == "1"))
}

/// systemd starts a login on the kernel's console where its generator is there and nobody masked it (`man systemd-getty-generator`).
fn generated_console(view: &View<'_>, launches: &[Launch]) -> Option<(String, Seen)> {
    let place = ["/lib", "/usr/lib"]
        .iter()
        .map(|place| format!("{place}/systemd/system-generators/systemd-getty-generator"))
        .find(|path| view.exists(path))?;
    let template = launches.iter().find(|l| l.path.ends_with("/serial-getty@.service"))?;
    if template.condition.as_deref() == Some("masked") {
        return None;
    }
    let interface = DebugInterface {
        kind: "serial-console".to_owned(),
        detail: "systemd-getty-generator: serial-getty@ on the kernel's console".to_owned(),
        authenticated: asks(view, template),
        start: Some(Start::Conditional),
    };
    Some((view.resolve(&place)?.path.clone(), Seen::new(Observed::DebugInterface(interface))))
}

/// `kernel.sysrq` in the files that set the kernel's variables at boot (`man sysctl.d`).
fn kernel_settings(view: &View<'_>, found: &mut Vec<(String, Seen)>) {
    let mut files: Vec<&Entry> = ["/usr/lib/sysctl.d", "/lib/sysctl.d", "/etc/sysctl.d"]
        .iter()
        .flat_map(|place| view.listing(place))
        .filter(|e| e.path.ends_with(".conf"))
        .collect();
    files.sort_by_key(|entry| file_name(&entry.path));
    files.extend(view.resolve("/etc/sysctl.conf"));
    // The last file that sets it wins.
    let mut last: Option<(&Entry, usize, String)> = None;
    for entry in files {
        let Some((entry, text)) = view.text(view.system_path(&entry.path)) else { continue };
        for (index, line) in text.lines().enumerate() {
            let Some((key, value)) = line.split_once('=') else { continue };
            if matches!(key.trim().trim_start_matches('-'), "kernel.sysrq" | "kernel/sysrq") {
                last = Some((entry, index, value.trim().to_owned()));
            }
        }
    }
    let Some((entry, index, value)) = last.filter(|(_, _, value)| value != "0") else { return };
    let interface = DebugInterface {
        kind: "kernel-debug".to_owned(),
        detail: format!("kernel.sysrq={value}"),
        authenticated: None,
        start: Some(Start::Boot),
    };
    let line = format!("kernel.sysrq = {value}");
    found.push((entry.path.clone(), Seen::at_line(Observed::DebugInterface(interface), index, &line)));
}

#[cfg(test)]
mod tests;

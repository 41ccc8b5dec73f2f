//! Scripts that write firmware into flash, or run what they fetch: what they fetch from where, and whether they check it.

use std::collections::BTreeSet;

use sekisho_model::fact::UpdateMechanism;

use super::super::services::is_shell;
use super::super::shell::{Statement, StatementKind, parse};
use super::super::{FileInput, Seen, file_name};
use super::{System, mechanism, without_credentials};

/// Commands of one script that are looked at.
const MAX_COMMANDS: usize = 5000;

/// A larger text is no script that somebody wrote.
const MAX_SCRIPT: usize = 256 << 10;

/// Words of which a script that updates has one.
const MARKS: [&str; 7] = ["mtd", "flashcp", "nandwrite", "ubiupdatevol", "dd ", "curl", "wget"];

/// Partitions that hold data of the unit, not code: writing these is no update.
const DATA: [&str; 13] = [
    "config",
    "nvram",
    "env",
    "art",
    "factory",
    "caldata",
    "board_data",
    "rootfs_data",
    "param",
    "persist",
    "misc",
    "log",
    "radio",
];

/// What one script shows by itself; how it starts is not known from it.
pub(in super::super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    // What sysupgrade does is told of sysupgrade.
    let part_of_sysupgrade = file.entry.path.contains("/lib/upgrade/") || file.name() == "sysupgrade";
    let Some(text) = file.text.as_deref().filter(|_| !part_of_sysupgrade) else { return Vec::new() };
    if !is_script(file.name(), text) {
        return Vec::new();
    }
    of_text(text).into_iter().map(|found| Seen::at_line(mechanism(found.mechanism), found.line, &found.text)).collect()
}

/// The scripts that init starts, with how.
pub(super) fn launched(system: &System<'_>, found: &mut Vec<(String, Seen)>) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for launch in system.launches.iter().filter(|launch| launch.starts() && writes(&launch.words).is_some()) {
        if launch.path.contains("/lib/upgrade/") || !seen.insert(launch.path.as_str()) {
            continue;
        }
        let text = system.view.entry(&launch.path).and_then(|entry| system.view.text_of(entry));
        let Some(of_script) = text.and_then(|text| of_text(&text)) else { continue };
        let value = UpdateMechanism { start: Some(launch.start), ..of_script.mechanism };
        found.push((launch.path.clone(), Seen::at_line(mechanism(value), of_script.line, &of_script.text)));
    }
}

fn is_script(name: &str, text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let shell = first.starts_with("#!") && first.split_whitespace().any(|word| is_shell(word.trim_start_matches("#!")));
    text.len() <= MAX_SCRIPT && (shell || name.ends_with(".sh")) && MARKS.iter().any(|mark| text.contains(mark))
}

/// What makes a script an update mechanism, and where.
struct Found {
    mechanism: UpdateMechanism,
    line: usize,
    text: String,
}

/// A command of a script.
struct Command<'a> {
    words: &'a [String],
    line: usize,
    text: &'a str,
}

fn of_text(text: &str) -> Option<Found> {
    let statements = parse(text);
    let mut commands = Vec::new();
    let mut functions = BTreeSet::new();
    let mut piped = None;
    collect(&statements, &mut commands, &mut functions, &mut piped);
    let flash = commands.iter().find(|c| writes(c.words).is_some()).map(|c| (c.line, c.text));
    let (line, statement) = flash.or(piped)?;
    let fetches =
        commands.iter().any(|c| matches!(program(c.words), "wget" | "curl" | "tftp" | "ftpget" | "uclient-fetch"));
    let check = commands.iter().filter(|c| c.line <= line).find(|c| is_check(c.words));
    let known = commands.iter().all(|c| is_known(program(c.words), &functions));
    let verifies = match check {
        Some(_) => Some(true),
        None if known => Some(false),
        // A program of the vendor's own may check.
        None => None,
    };
    let value = UpdateMechanism {
        mechanism: "script".to_owned(),
        verifies,
        trust_anchor: check.and_then(|c| key_of(c.words)),
        sources: if fetches { sources(&commands) } else { Vec::new() },
        ..UpdateMechanism::default()
    };
    Some(Found { mechanism: value, line, text: statement.to_owned() })
}

/// Every command in these statements, the functions they define, and a pipe from the network into a shell.
fn collect<'a>(
    statements: &'a [Statement],
    commands: &mut Vec<Command<'a>>,
    functions: &mut BTreeSet<&'a str>,
    piped: &mut Option<(usize, &'a str)>,
) {
    for statement in statements {
        if commands.len() >= MAX_COMMANDS {
            return;
        }
        let mut into = |inner: &'a [Statement]| collect(inner, commands, functions, piped);
        match &statement.kind {
            StatementKind::Command(words) => {
                commands.push(Command { words, line: statement.line, text: &statement.text });
            }
            StatementKind::Chain(first, rest) => {
                into(std::slice::from_ref(first));
                for (_, next) in rest {
                    into(std::slice::from_ref(next));
                }
            }
            StatementKind::If(arms, otherwise) => {
                for (condition, body) in arms {
                    into(condition);
                    into(body);
                }
                into(otherwise);
            }
            StatementKind::For(_, _, body) => into(body),
            StatementKind::While(condition, body) => {
                into(condition);
                into(body);
            }
            StatementKind::Case(_, arms) => arms.iter().for_each(|(_, body)| into(body)),
            StatementKind::Function(name, body) => {
                into(body);
                functions.insert(name);
            }
            StatementKind::Group(inner) => {
                into(inner);
                let pipeline = !statement.text.starts_with(['{', '(']);
                let of = |statement: Option<&'a Statement>| match statement.map(|s| &s.kind) {
                    Some(StatementKind::Command(words)) => program(words),
                    _ => "",
                };
                if pipeline && matches!(of(inner.first()), "wget" | "curl") && is_shell(of(inner.last())) {
                    piped.get_or_insert((statement.line, &statement.text));
                }
            }
            StatementKind::Not(inner) => into(std::slice::from_ref(inner)),
        }
    }
}

/// The program of a command, without what stands before it.
fn program(words: &[String]) -> &str {
    let word = words.iter().find(|word| {
        let assigns =
            word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        !assigns && !matches!(word.as_str(), "exec" | "busybox" | "nohup" | "sudo" | "command")
    });
    word.map_or("", |word| file_name(word.trim_matches(['"', '\''])))
}

/// The device that a command writes firmware to.
fn writes(words: &[String]) -> Option<&str> {
    let plain: Vec<&str> =
        words.iter().skip(1).map(|w| w.trim_matches(['"', '\''])).filter(|w| !w.starts_with('-')).collect();
    let device = match program(words) {
        "mtd" | "mtd_write" if plain.contains(&"write") => plain.last().copied(),
        "flashcp" | "flash_image" if plain.len() >= 2 => plain.last().copied(),
        "nandwrite" | "ubiupdatevol" => plain.first().copied(),
        "dd" => plain
            .iter()
            .find_map(|word| word.strip_prefix("of="))
            .map(|device| device.trim_matches(['"', '\'']))
            .filter(|device| device.starts_with("/dev/mtd") || device.starts_with("/dev/mmcblk")),
        _ => None,
    }?;
    let name = device.to_ascii_lowercase();
    (!DATA.iter().any(|data| name.contains(data))).then_some(device)
}

/// Whether a command checks a signature.
fn is_check(words: &[String]) -> bool {
    let has = |option: &str| words.iter().any(|word| word == option);
    match program(words) {
        "openssl" => ["-verify", "-prverify", "-CAfile", "verify"].iter().any(|o| has(o)),
        "gpg" | "gpg2" => has("--verify"),
        "gpgv" | "sbverify" | "fwtool_check_signature" => true,
        "usign" | "signify" | "ucert" => has("-V"),
        "minisign" => words.iter().any(|word| word.starts_with("-V")),
        "ssh-keygen" => has("-Y"),
        "cosign" => has("verify") || has("verify-blob"),
        _ => false,
    }
}

/// The key that such a command checks against.
fn key_of(words: &[String]) -> Option<String> {
    let options = ["-verify", "-prverify", "-CAfile", "-inkey", "-p", "-P", "--keyring", "--cert", "--key"];
    let at = words.iter().position(|word| options.contains(&word.as_str()))?;
    words.get(at + 1).map(|word| word.trim_matches(['"', '\'']).to_owned()).filter(|word| !word.starts_with('-'))
}

/// Addresses that the script names outside of messages.
fn sources(commands: &[Command<'_>]) -> Vec<String> {
    let silent = ["echo", "logger", "printf", "cat", "log"];
    let mut found = Vec::new();
    for command in commands.iter().filter(|c| !silent.contains(&program(c.words))) {
        for word in command.words {
            let Some(at) = ["http://", "https://", "ftp://"].iter().filter_map(|scheme| word.find(scheme)).min() else {
                continue;
            };
            let url = word.get(at..).unwrap_or_default();
            let end = url.find(['"', '\'', '`', ' ', ';', ')', '|']).unwrap_or(url.len());
            found.push(without_credentials(url.get(..end).unwrap_or_default()));
        }
        if program(command.words) == "tftp"
            && let Some(host) = command.words.iter().skip(1).rfind(|w| !w.starts_with('-') && w.contains('.'))
        {
            found.push(format!("tftp://{}", host.trim_matches(['"', '\''])));
        }
    }
    found
}

/// What every shell and BusyBox has, and the tools that write flash: none of these checks a signature by itself.
const UTILITIES: &str = "\
    . : [ [[ alias ash awk basename bash break bunzip2 bzcat bzip2 case cat cd chgrp chmod chown chroot clear cmp command continue cp cpio \
    crc32 curl cut date dash dd declare devmem df dirname dmesg do done du echo egrep env eval exec exit export expr false fdisk fgrep find \
    flash_erase flash_eraseall flash_image flash_unlock flashcp free ftpget fuser fw_printenv fw_setenv getopts grep gunzip gzip halt head \
    hexdump hostname id ifconfig init insmod ip kill killall killall5 let ln local log logger login losetup ls lsmod lzma md5sum mdev mkdir \
    mkfifo mknod mktemp modprobe more mount mountpoint mtd mtd_debug mtd_write mv nanddump nandwrite nc netstat nohup nvram od pgrep pidof \
    ping pivot_root poweroff print printf ps pwd read readlink readonly realpath reboot reset return rm rmdir rmmod route run-parts sed \
    seq set setsid sh sha1sum sha256sum sha512sum shift sleep sort source start-stop-daemon stat strings stty su sudo swapoff switch_root \
    sync sysctl tail tar tee telnetd test tftp time timeout top touch tr trap true tty type ubiattach ubidetach ubiformat ubimkvol \
    ubirmvol ubirsvol ubiupdatevol uclient-fetch ulimit umask umount uname uniq unlzma unset unsquashfs unxz unzip uptime usleep vi wait watchdog wc \
    wget which xargs xz xzcat yes zcat";

fn is_known(name: &str, functions: &BTreeSet<&str>) -> bool {
    name.is_empty() || functions.contains(name) || UTILITIES.split_whitespace().any(|utility| utility == name)
}

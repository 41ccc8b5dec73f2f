//! What a boot loader's environment and the kernel's command line tell of debug interfaces.
//!
//! U-Boot's variables are those of its `doc/usage/environment.rst` and `doc/README.autoboot`, the kernel's parameters those of its
//! `Documentation/admin-guide/kernel-parameters.txt`.

use sekisho_model::fact::{DebugInterface, Observed, Start};

use super::debug::is_serial;
use super::{Seen, shorten};

/// Variables that are looked at, and the bytes of one.
const MAX_VARIABLES: usize = 2000;
const MAX_VARIABLE: usize = 16 << 10;

/// Variables that ask for a secret before the prompt opens.
const STOP_SECRETS: [&str; 3] = ["bootstopkeysha256", "bootstopkeycrypt", "bootstopusesha256"];

/// Debug interfaces that the variables of an environment show, in their order.
pub(crate) fn of_variables<'v>(variables: impl Iterator<Item = &'v [u8]>) -> Vec<DebugInterface> {
    let pairs: Vec<(String, String)> = variables
        .take(MAX_VARIABLES)
        .filter(|variable| variable.len() <= MAX_VARIABLE)
        .filter_map(|variable| {
            let text = String::from_utf8_lossy(variable);
            let (name, value) = text.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect();
    let secret = pairs.iter().any(|(name, value)| STOP_SECRETS.contains(&name.as_str()) && !value.is_empty());
    let mut found = Vec::new();
    for (name, value) in &pairs {
        if name == "bootdelay" {
            found.extend(prompt(value, secret.then_some(true)));
        } else if name.contains("bootargs") {
            found.extend(of_command_line(value));
        } else if name.to_ascii_lowercase().contains("jtag") {
            found.push(DebugInterface {
                kind: "jtag".to_owned(),
                detail: shorten(&format!("{name}={value}")),
                ..DebugInterface::default()
            });
        }
    }
    found.dedup();
    found
}

/// What `bootdelay` says: -2 lets nobody in, -1 waits at the prompt, 0 lets in who was there before; more is a time to press a key in.
fn prompt(value: &str, authenticated: Option<bool>) -> Option<DebugInterface> {
    let delay: i32 = value.trim().parse().ok()?;
    let start = match delay {
        ..=-2 => Some(Start::Disabled),
        0 => None,
        _ => Some(Start::Boot),
    };
    Some(DebugInterface { kind: "boot-prompt".to_owned(), detail: format!("bootdelay={delay}"), authenticated, start })
}

/// Debug interfaces that a kernel's command line opens.
pub(crate) fn of_command_line(line: &str) -> Vec<DebugInterface> {
    let mut found = Vec::new();
    for word in line.split([' ', '\t', '"', '\'']).take(MAX_VARIABLES) {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let (kind, authenticated, start) = match name {
            // The kernel talks there; whether anybody may answer is up to init.
            "console" if is_serial(value.split(',').next().unwrap_or_default()) => ("serial-console", None, None),
            "init" | "rdinit" if value.ends_with("/sh") || value.ends_with("/ash") || value.ends_with("/bash") => {
                ("serial-console", Some(false), Some(Start::Boot))
            }
            "kgdboc" | "kgdbwait" | "kgdbcon" | "kgdbdbgp" | "sysrq_always_enabled" => {
                ("kernel-debug", None, Some(Start::Boot))
            }
            "systemd.debug_shell" | "systemd.debug-shell" if value != "0" => {
                ("local-console", Some(false), Some(Start::Boot))
            }
            // `jtag=on` of i.MX kernels keeps the clock of the debug port running.
            "jtag" => ("jtag", None, None),
            _ => continue,
        };
        let detail = shorten(word);
        found.push(DebugInterface { kind: kind.to_owned(), detail, authenticated, start });
    }
    found
}

/// An environment's length at most: the largest that boards give it.
const MAX_ENVIRONMENT: usize = 512 << 10;

/// What U-Boot says while it waits, where any key will do (`common/autoboot.c`).
const ANY_KEY: &[u8] = b"Hit any key to stop autoboot";

/// The default environments that lie in a boot loader's code, each interface with its offset.
pub(crate) fn in_code(code: &[u8]) -> Vec<(usize, Seen)> {
    let mut found: Vec<(usize, Seen)> = Vec::new();
    let any_key = memchr::memmem::find(code, ANY_KEY).is_some();
    let mut end = 0;
    for at in memchr::memmem::find_iter(code, b"bootdelay=") {
        if at < end || at == 0 || code.get(at - 1) != Some(&0) {
            continue;
        }
        // Back to the empty string in front of the first variable, on to the one behind the last.
        let from = code.get(at.saturating_sub(MAX_ENVIRONMENT)..at).unwrap_or_default();
        let begin = memchr::memmem::rfind(from, b"\0\0").map_or(at - from.len(), |zero| at - from.len() + zero + 2);
        let rest = code.get(at..code.len().min(at + MAX_ENVIRONMENT)).unwrap_or_default();
        let Some(length) = memchr::memmem::find(rest, b"\0\0") else { continue };
        end = at + length;
        let block = code.get(begin..end).unwrap_or_default();
        let variables = || block.split(|&b| b == 0).filter(|v| v.contains(&b'='));
        // One variable alone could be a message; an environment has several that a board needs.
        if !variables().any(|v| v.starts_with(b"bootcmd=") || v.starts_with(b"baudrate=")) {
            continue;
        }
        for mut interface in of_variables(variables()) {
            if interface.kind == "boot-prompt" && interface.authenticated.is_none() && any_key {
                interface.authenticated = Some(false);
            }
            let excerpt = format!("default environment: {}", interface.detail);
            let seen = Seen::in_string(Observed::DebugInterface(interface), &excerpt);
            if !found.iter().any(|(_, other)| other.observed == seen.observed) {
                found.push((at, seen));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(variables: &[&str]) -> Vec<(String, String, Option<bool>, Option<Start>)> {
        of_variables(variables.iter().map(|v| v.as_bytes()))
            .into_iter()
            .map(|i| (i.kind, i.detail, i.authenticated, i.start))
            .collect()
    }

    #[test]
    fn the_delay_decides() {
        for (variable, start) in [
            ("bootdelay=3", Some(Some(Start::Boot))),
            ("bootdelay=-1", Some(Some(Start::Boot))),
            ("bootdelay=0", Some(None)),
            ("bootdelay=-2", Some(Some(Start::Disabled))),
            ("bootdelay=", None),
            ("mybootdelay=3", None),
        ] {
            assert_eq!(kinds(&[variable]).first().map(|k| k.3), start, "{variable}");
        }
        assert_eq!(kinds(&["bootdelay=2", "bootstopkeysha256=ab"])[0].2, Some(true));
    }

    #[test]
    fn command_lines() {
        let found = kinds(&["bootargs=console=ttyS1,115200n8 mem=39M init=/linuxrc root=/dev/mtdblock2 kgdboc=ttyS0"]);
        let kinds: Vec<(&str, &str)> = found.iter().map(|k| (k.0.as_str(), k.1.as_str())).collect();
        assert_eq!(kinds, [("serial-console", "console=ttyS1,115200n8"), ("kernel-debug", "kgdboc=ttyS0")]);
        assert_eq!(of_command_line("console=tty1 quiet init=/sbin/init"), []);
        assert_eq!(of_command_line("init=/bin/sh")[0].authenticated, Some(false));
    }

    #[test]
    fn a_default_environment_in_code() {
        let mut code = b"U-Boot 2013.07\0Hit any key to stop autoboot: %2d \0\0\0".to_vec();
        let begin = code.len();
        code.extend(b"bootargs=console=ttyS1\0bootcmd=sf probe\0bootdelay=1\0baudrate=115200\0\0rest");
        let found = in_code(&code);
        let Observed::DebugInterface(prompt) = &found[1].1.observed else { panic!("{found:?}") };
        assert_eq!((prompt.detail.as_str(), prompt.authenticated), ("bootdelay=1", Some(false)));
        assert!(found[0].0 > begin);
        assert!(in_code(b"\0bootdelay=1\0\0").is_empty(), "a word alone is no environment");
        assert!(in_code(b"bootcmd=x\0bootdelay=%d\0baudrate=1\0\0").is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(parts in prop::collection::vec(prop::sample::select(vec![
            &b"bootdelay="[..], b"bootcmd=", b"\0", b"\0\0", b"1", b"-", b"baudrate=9", b"bootargs=console=", b"ttyS0", b"\xff",
        ]), 0..60)) {
            let _ = in_code(&parts.concat());
        }
    }
}

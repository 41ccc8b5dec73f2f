//! Secure shell: `dropbear`, OpenSSH.

use super::super::services::{endpoint, socket};
use super::super::uci;
use super::{File, pair, yes_no};

/// `/etc/config/dropbear`.
pub(super) fn dropbear_uci(file: &mut File<'_>) {
    for section in uci::parse(file.text).iter().filter(|s| s.kind == "dropbear") {
        for (option, name) in [
            ("PasswordAuth", "password-login"),
            ("RootPasswordAuth", "root-password-login"),
            ("RootLogin", "root-login"),
        ] {
            if let Some((value, line)) = section.get(option)
                && let Some(on) = uci::boolean(value)
            {
                file.set(line, &format!("option {option} '{value}'"), name, yes_no(on));
            }
        }
        if let Some((port, _)) = section.get("Port") {
            file.listens(socket("tcp", "", port));
        }
    }
}

/// Options on the command line, wherever a daemon's defaults stand.
pub(super) fn dropbear_defaults(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        if key == "DROPBEAR_PORT" {
            file.listens(endpoint("tcp", value));
        }
        if !key.contains("ARGS") && !key.contains("OPT") {
            continue;
        }
        for option in value.split_whitespace().filter(|w| w.starts_with('-') && !w.starts_with("--")) {
            for (letter, name, value) in [
                ('B', "empty-password", "yes"),
                ('s', "password-login", "no"),
                ('g', "root-password-login", "no"),
                ('w', "root-login", "no"),
            ] {
                if option.contains(letter) {
                    file.set(index, line, name, value);
                }
            }
        }
    }
}

/// Options of `dropbear` that take a value, which is not to be read as options (`svr-runopts.c`).
const WITH_VALUE: [&str; 14] = ["-b", "-r", "-D", "-p", "-l", "-P", "-W", "-K", "-I", "-T", "-G", "-c", "-d", "-O"];

/// What a command line of `dropbear` says: it says it all.
pub(super) fn dropbear_command(words: &[String]) -> [(&'static str, &'static str); 3] {
    let mut options = String::new();
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&word.as_str()) {
            words.next();
        } else if word.starts_with('-') && !word.starts_with("--") {
            // `-p22` is one option with its value.
            let with_value = word.get(..2).is_some_and(|option| WITH_VALUE.contains(&option));
            options.push_str(if with_value { "" } else { word });
        }
    }
    let password = !options.contains('s');
    [
        ("password-login", yes_no(password)),
        ("root-login", yes_no(password && !options.contains(['g', 'w']))),
        ("empty-password", yes_no(password && options.contains('B'))),
    ]
}

/// `sshd_config`.
pub(super) fn sshd(file: &mut File<'_>) {
    let mut ports: Vec<&str> = Vec::new();
    let mut addresses: Vec<&str> = Vec::new();
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        let name = match key.to_ascii_lowercase().as_str() {
            // What is behind a condition holds for some only.
            "match" => break,
            "passwordauthentication" => "password-login",
            "permitemptypasswords" => "empty-password",
            "permitrootlogin" => "root-login",
            "protocol" => "protocol",
            "port" => {
                ports.push(value);
                continue;
            }
            "listenaddress" => {
                addresses.push(value);
                continue;
            }
            _ => continue,
        };
        let value = value.to_ascii_lowercase();
        file.set(index, line, name, if value == "without-password" { "prohibit-password".to_owned() } else { value });
    }
    // An address without a port listens on every port that is named.
    let ports = if ports.is_empty() { vec!["22"] } else { ports };
    for address in &addresses {
        match endpoint("tcp", address).filter(|_| address.contains(':')) {
            Some(own) => file.listens(Some(own)),
            None => {
                for port in &ports {
                    file.listens(socket("tcp", address, port));
                }
            }
        }
    }
    if addresses.is_empty() {
        for port in &ports {
            file.listens(socket("tcp", "", port));
        }
    }
}

//! What keeps and shares files and data: Samba, rsync, Redis.

use super::super::services::socket;
use super::{File, pair, switch, yes_no};

/// `smb.conf` (`man smb.conf`): sections of shares, keys with blanks in them.
pub(super) fn samba(file: &mut File<'_>) {
    let mut guest: Option<(usize, String)> = None;
    let mut writable = false;
    let lines: Vec<(usize, &str)> = file.lines().collect();
    for (index, line) in lines {
        if line.starts_with('[') {
            close_share(file, guest.take(), std::mem::take(&mut writable));
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        match (key.as_str(), switch(value)) {
            ("guest ok" | "public", Some("yes")) => guest = Some((index, line.to_owned())),
            ("guest ok" | "public", Some(on)) => file.set(index, line, "anonymous", on),
            ("writable" | "writeable" | "write ok", Some(on)) => writable = on == "yes",
            ("read only", Some(on)) => writable = on == "no",
            ("null passwords", Some(on)) => file.set(index, line, "empty-password", on),
            ("server min protocol" | "min protocol", _) => {
                let version = match value.to_ascii_uppercase().as_str() {
                    "CORE" | "COREPLUS" | "LANMAN1" | "LANMAN2" | "NT1" => "1",
                    text if text.starts_with("SMB2") => "2",
                    text if text.starts_with("SMB3") => "3",
                    _ => continue,
                };
                file.set(index, line, "smb-min-version", version);
            }
            ("server signing", _) => {
                let on = matches!(value.to_ascii_lowercase().as_str(), "mandatory" | "required" | "force");
                file.set(index, line, "signing", yes_no(on));
            }
            ("smb ports", _) => {
                for port in value.split([' ', ',']) {
                    file.listens(socket("tcp", "", port));
                }
            }
            _ => {}
        }
    }
    close_share(file, guest, writable);
}

fn close_share(file: &mut File<'_>, guest: Option<(usize, String)>, writable: bool) {
    if let Some((index, line)) = guest {
        file.set(index, &line, "anonymous", "yes");
        if writable {
            file.set(index, &line, "anonymous-write", "yes");
        }
    }
}

/// `rsyncd.conf` (`man rsyncd.conf`): global settings, then modules.
pub(super) fn rsyncd(file: &mut File<'_>) {
    let (mut port, mut address) = (None, "");
    let mut module: Option<(usize, &str, bool)> = None;
    let lines: Vec<(usize, &str)> = file.lines().collect();
    let close = |file: &mut File<'_>, module: Option<(usize, &str, bool)>| {
        if let Some((index, line, asks)) = module {
            file.set(index, line, "authentication", yes_no(asks));
        }
    };
    // What stands before the first module is the default of all.
    let mut default_asks = false;
    for (index, line) in lines {
        if line.starts_with('[') {
            close(file, module.take());
            module = Some((index, line, default_asks));
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        match key.as_str() {
            "auth users" => match &mut module {
                Some((_, _, asks)) => *asks = !value.is_empty(),
                None => default_asks = !value.is_empty(),
            },
            "read only" => file.set_inverted(index, line, "write", value),
            "uid" => file.set(index, line, "user", value),
            "port" => port = Some(value),
            "address" => address = value,
            _ => {}
        }
    }
    close(file, module);
    if port.is_some() || !address.is_empty() {
        file.listens(socket("tcp", address, port.unwrap_or("873")));
    }
}

/// `redis.conf`.
pub(super) fn redis(file: &mut File<'_>) {
    let mut port = "6379";
    let mut addresses: Vec<&str> = Vec::new();
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key.to_ascii_lowercase().as_str() {
            "requirepass" => {
                file.set(index, &format!("requirepass {}", super::super::mask(value)), "authentication", "yes");
            }
            "protected-mode" => file.set_switch(index, line, "protected-mode", value),
            "port" => port = value,
            // A dash in front lets it go where the address is not there.
            "bind" => addresses = value.split_whitespace().map(|a| a.trim_start_matches('-')).collect(),
            "tls-port" => {
                file.set(index, line, "tls", yes_no(value != "0"));
                file.listens(socket("tcp", "", value));
            }
            _ => {}
        }
    }
    if addresses.is_empty() {
        addresses.push("");
    }
    for address in addresses {
        file.listens(socket("tcp", address, port));
    }
}

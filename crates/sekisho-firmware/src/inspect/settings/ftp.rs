//! File transfer: vsftpd, ProFTPD, Pure-FTPd.

use super::super::services::socket;
use super::{File, pair, yes_no};

/// `vsftpd.conf` (`man vsftpd.conf`).
pub(super) fn vsftpd(file: &mut File<'_>) {
    let (mut port, mut address) = (None, "");
    for (index, line) in file.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim();
        let name = match key.trim() {
            "anonymous_enable" => "anonymous",
            "anon_upload_enable" => "anonymous-write",
            "ssl_enable" => "tls",
            "local_enable" => "local-login",
            "chroot_local_user" => "chroot",
            "listen_port" => {
                port = Some(value);
                continue;
            }
            "listen_address" => {
                address = value;
                continue;
            }
            _ => continue,
        };
        let on = matches!(value.to_ascii_uppercase().as_str(), "YES" | "TRUE" | "1");
        file.set(index, line, name, yes_no(on));
    }
    if port.is_some() || !address.is_empty() {
        file.listens(socket("tcp", address, port.unwrap_or("21")));
    }
}

/// `proftpd.conf`.
pub(super) fn proftpd(file: &mut File<'_>) {
    let mut inside_anonymous = false;
    for (index, line) in file.lines() {
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("<anonymous") {
            inside_anonymous = true;
            file.set(index, line, "anonymous", "yes");
        }
        inside_anonymous &= !lower.starts_with("</anonymous");
        let Some((key, value)) = pair(line) else { continue };
        match key.to_ascii_lowercase().as_str() {
            // `Port 0` is how a further server shares the first one's.
            "port" => file.listens(socket("tcp", "", value)),
            "tlsengine" => file.set_switch(index, line, "tls", value),
            "rootlogin" => file.set_switch(index, line, "root-login", value),
            "defaultroot" => file.set(index, line, "chroot", yes_no(value != "none")),
            "user" if !inside_anonymous => file.set(index, line, "user", value),
            _ => {}
        }
    }
}

/// `pure-ftpd.conf`.
pub(super) fn pure_ftpd(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        if let Some((key, value)) = pair(line) {
            pure_ftpd_option(file, index, line, key, value);
        }
    }
}

/// Debian's folder of one file for each option.
pub(super) fn pure_ftpd_folder(file: &mut File<'_>) {
    let name = super::file_name(&file.entry.path).to_owned();
    if let Some((index, line)) = file.lines().next() {
        pure_ftpd_option(file, index, &format!("{name} {line}"), &name, line);
    }
}

fn pure_ftpd_option(file: &mut File<'_>, index: usize, line: &str, key: &str, value: &str) {
    match key {
        "NoAnonymous" => file.set_inverted(index, line, "anonymous", value),
        // 0 is off, 1 lets both, 2 and 3 refuse what is not encrypted.
        "TLS" => file.set(index, line, "tls", yes_no(value != "0")),
        "ChrootEveryone" => file.set_switch(index, line, "chroot", value),
        "Bind" => {
            let (address, port) = value.rsplit_once(',').unwrap_or(("", value));
            file.listens(socket("tcp", address, port));
        }
        _ => {}
    }
}

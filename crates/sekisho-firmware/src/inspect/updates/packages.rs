//! Package managers: opkg, apt, apk, dnf.

use sekisho_model::fact::UpdateMechanism;

use super::super::{Seen, file_name};
use super::{System, ini, mechanism, on, without_credentials};

pub(super) fn inspect(system: &System<'_>, found: &mut Vec<(String, Seen)>) {
    found.extend(opkg(system));
    found.extend(apt(system));
    found.extend(apk(system));
    dnf(system, found);
}

/// opkg checks the feeds' lists where `check_signature` is set (`libopkg/opkg_conf.c`); the packages' digests stand in these.
fn opkg(system: &System<'_>) -> Option<(String, Seen)> {
    let program = system.program(&["opkg", "opkg-cl"])?;
    let mut sources = Vec::new();
    let mut verifies = None;
    let mut at = None;
    for (entry, text) in system.texts(&["/etc/opkg.conf", "/etc/opkg/opkg.conf", "/etc/opkg"], ".conf") {
        at = at.or(Some(entry));
        verifies = verifies.or(Some(false));
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["src" | "src/gz", _, url, ..] => sources.push(without_credentials(url)),
                ["option", "check_signature", value @ ..] => verifies = Some(value.first().is_none_or(|v| *v != "0")),
                _ => {}
            }
        }
    }
    let keys = "/etc/opkg/keys";
    let has_keys = !system.view.listing(keys).is_empty();
    let value = UpdateMechanism {
        mechanism: "opkg".to_owned(),
        verifies,
        trust_anchor: (verifies == Some(true) && has_keys).then(|| keys.to_owned()),
        sources,
        cleartext: false,
        start: Some(system.start(&["opkg", "opkg-cl"])),
    };
    let path = at.unwrap_or(program).path.clone();
    Some((path, Seen::in_string(mechanism(value), "opkg")))
}

/// apt checks unless it is told not to (`man apt-secure`, `man sources.list`).
fn apt(system: &System<'_>) -> Option<(String, Seen)> {
    system.program(&["apt-get", "apt"])?;
    let lists = system.texts(&["/etc/apt/sources.list", "/etc/apt/sources.list.d"], "");
    let mut sources = Vec::new();
    let mut trusted = false;
    let mut anchor: Option<String> = None;
    for (entry, text) in &lists {
        if entry.path.ends_with(".sources") {
            for line in text.lines() {
                let Some((key, value)) = line.split_once(':') else { continue };
                match key.to_ascii_lowercase().as_str() {
                    "uris" => sources.extend(value.split_whitespace().map(without_credentials)),
                    "trusted" => trusted |= on(value.trim()) == Some(true),
                    // The key itself may stand there over several lines.
                    "signed-by" if value.trim().starts_with('/') => anchor = Some(value.trim().to_owned()),
                    _ => {}
                }
            }
            continue;
        }
        for line in text.lines().map(str::trim) {
            let Some(rest) = line.strip_prefix("deb ").map(str::trim) else { continue };
            let (options, rest) = match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
                Some((options, rest)) => (options, rest),
                None => ("", rest),
            };
            sources.extend(rest.split_whitespace().next().map(without_credentials));
            for option in options.split_whitespace() {
                trusted |= matches!(option, "trusted=yes" | "allow-insecure=yes");
                anchor = option.strip_prefix("signed-by=").map(str::to_owned).or(anchor);
            }
        }
    }
    let careless = system.texts(&["/etc/apt/apt.conf", "/etc/apt/apt.conf.d"], "").iter().any(|(_, text)| {
        text.lines().map(str::trim).filter(|line| !line.starts_with("//")).any(|line| {
            ["APT::Get::AllowUnauthenticated", "Acquire::AllowInsecureRepositories"].iter().any(|option| {
                line.strip_prefix(option)
                    .is_some_and(|rest| on(rest.trim().trim_matches(['"', ';', ' '])) == Some(true))
            })
        })
    });
    let (entry, _) = lists.first()?;
    let keyrings = ["/etc/apt/trusted.gpg.d", "/etc/apt/trusted.gpg"];
    let verifies = !trusted && !careless;
    let value = UpdateMechanism {
        mechanism: "apt".to_owned(),
        verifies: Some(verifies),
        trust_anchor: anchor
            .or_else(|| keyrings.iter().find(|path| system.view.exists(path)).map(|path| (*path).to_owned()))
            .filter(|_| verifies),
        sources,
        cleartext: false,
        start: Some(system.start(&[
            "apt-get",
            "apt",
            "unattended-upgrade",
            "unattended-upgrades",
            "apt.systemd.daily",
        ])),
    };
    Some((entry.path.clone(), Seen::in_string(mechanism(value), "apt")))
}

/// apk checks unless `--allow-untrusted` (`man apk-repositories`, `man apk-keys`).
fn apk(system: &System<'_>) -> Option<(String, Seen)> {
    system.program(&["apk"])?;
    let lists = system.texts(&["/etc/apk/repositories", "/etc/apk/repositories.d"], ".list");
    let (entry, _) = lists.first()?;
    let lines = lists.iter().flat_map(|(_, text)| text.lines().map(str::trim)).filter(|l| !l.starts_with('#'));
    let sources = lines
        .filter_map(|line| line.split_whitespace().find(|word| word.contains("://")))
        .map(without_credentials)
        .collect();
    let untrusted = system
        .view
        .text("/etc/apk/config")
        .is_some_and(|(_, text)| text.lines().any(|line| line.trim().trim_start_matches('-') == "allow-untrusted"));
    let keys = "/etc/apk/keys";
    let value = UpdateMechanism {
        mechanism: "apk".to_owned(),
        verifies: Some(!untrusted),
        trust_anchor: (!untrusted && !system.view.listing(keys).is_empty()).then(|| keys.to_owned()),
        sources,
        cleartext: false,
        start: Some(system.start(&["apk"])),
    };
    Some((entry.path.clone(), Seen::in_string(mechanism(value), "apk")))
}

/// dnf and yum: each enabled repository, by its own `gpgcheck` or that of `dnf.conf` (`man dnf.conf`).
fn dnf(system: &System<'_>, found: &mut Vec<(String, Seen)>) {
    let Some(program) = system.program(&["dnf", "dnf5", "microdnf", "yum"]) else { return };
    let name = if file_name(&program.path).contains("yum") { "yum" } else { "dnf" };
    let of_main = system.texts(&["/etc/dnf/dnf.conf", "/etc/yum.conf"], ".conf");
    let checks = of_main.iter().find_map(|(_, text)| {
        ini(text)
            .find(|(section, key, ..)| *section == "main" && *key == "gpgcheck")
            .and_then(|(_, _, value, _)| on(value))
    });
    for (entry, text) in system.texts(&["/etc/yum.repos.d"], ".repo") {
        let sections: Vec<(&str, usize)> = ini(&text).fold(Vec::new(), |mut all, (section, _, _, line)| {
            if !all.iter().any(|(known, _)| *known == section) {
                all.push((section, line));
            }
            all
        });
        for (section, line) in sections {
            let get = |wanted: &str| {
                ini(&text).find(|(s, key, ..)| *s == section && *key == wanted).map(|(_, _, value, _)| value)
            };
            if get("enabled").and_then(on) == Some(false) {
                continue;
            }
            let verifies = get("gpgcheck").and_then(on).or(checks);
            let sources = ["baseurl", "metalink", "mirrorlist"]
                .iter()
                .filter_map(|key| get(key))
                .flat_map(str::split_whitespace)
                .map(without_credentials)
                .collect();
            let value = UpdateMechanism {
                mechanism: name.to_owned(),
                verifies,
                trust_anchor: get("gpgkey").filter(|_| verifies == Some(true)).map(str::to_owned),
                sources,
                cleartext: false,
                start: Some(system.start(&["dnf", "yum", "microdnf", "dnf-automatic"])),
            };
            found.push((
                entry.path.clone(),
                Seen::at_line(mechanism(value), line.saturating_sub(1), &format!("[{section}]")),
            ));
        }
    }
}

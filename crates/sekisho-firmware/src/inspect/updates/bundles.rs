//! Installers of whole images and bundles: OpenWrt's sysupgrade, SWUpdate, RAUC, Mender, OSTree, fwupd, swupd, Android.

use sekisho_model::fact::UpdateMechanism;
use serde_json::Value;

use super::super::Seen;
use super::{System, ini, mechanism, on, without_credentials};

pub(super) fn inspect(system: &System<'_>, found: &mut Vec<(String, Seen)>) {
    found.extend(sysupgrade(system));
    found.extend(swupdate(system));
    found.extend(rauc(system));
    found.extend(mender(system));
    ostree(system, found);
    found.extend(fwupd(system));
    found.extend(swupd(system));
    found.extend(android(system));
}

/// OpenWrt refuses images without a signature only where `REQUIRE_IMAGE_SIGNATURE` is set to 1 and `ucert` is there
/// (`/lib/upgrade/fwtool.sh`); releases before 18.06 have no signatures at all.
fn sysupgrade(system: &System<'_>) -> Option<(String, Seen)> {
    let program = system.program(&["sysupgrade"])?;
    let text = system.view.text_of(program)?;
    if !text.contains("/lib/upgrade") {
        return None;
    }
    let mut required = false;
    let mut checks = false;
    for (_, text) in system.texts(&["/lib/upgrade", "/etc/sysupgrade.conf", "/etc/uci-defaults"], "") {
        checks |= text.contains("fwtool_check_signature");
        required |= text.lines().any(|line| {
            matches!(
                line.trim().trim_start_matches("export "),
                "REQUIRE_IMAGE_SIGNATURE=1" | "REQUIRE_IMAGE_SIGNATURE=\"1\""
            )
        });
    }
    let verifies = checks && required && system.program(&["ucert"]).is_some();
    let value = UpdateMechanism {
        mechanism: "sysupgrade".to_owned(),
        verifies: Some(verifies),
        trust_anchor: verifies.then(|| "/etc/opkg/keys".to_owned()),
        start: Some(system.start(&["sysupgrade"])),
        ..UpdateMechanism::default()
    };
    Some((program.path.clone(), Seen::in_string(mechanism(value), "sysupgrade")))
}

/// SWUpdate checks with the key that `-k` or `public-key-file` names; without one it takes images as they come
/// (SWUpdate's documentation, "Update images from verified source").
fn swupdate(system: &System<'_>) -> Option<(String, Seen)> {
    let program = system.program(&["swupdate"])?;
    let mut at = program;
    let mut key: Option<String> = None;
    let mut sources: Vec<String> = Vec::new();
    if let Some((entry, text)) = system.view.text("/etc/swupdate.cfg") {
        at = entry;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', '/'])) {
            let Some((name, value)) = line.split_once(['=', ':']) else { continue };
            let value = value.trim().trim_end_matches(';').trim_matches('"');
            match name.trim() {
                "public-key-file" | "ca-path" if key.is_none() && name.trim() == "public-key-file" => {
                    key = Some(value.to_owned());
                }
                "url" => sources.push(without_credentials(value)),
                _ => {}
            }
        }
    }
    let commands: Vec<_> = system.commands("swupdate").collect();
    // The start scripts take more options from these, as a shell does.
    let fragments = system.texts(&["/etc/default/swupdate", "/etc/swupdate/conf.d", "/usr/lib/swupdate/conf.d"], "");
    let of_commands = commands.iter().flat_map(|launch| launch.words.iter().chain(&launch.perhaps).map(String::as_str));
    let of_fragments = fragments.iter().flat_map(|(_, text)| text.split([' ', '\t', '\n', '"', '\'', '=']));
    let words: Vec<&str> = of_commands.chain(of_fragments).collect();
    for pair in words.windows(2) {
        match pair {
            ["-k" | "--key", value] if value.starts_with('/') => key = key.or_else(|| Some((*value).to_owned())),
            [_, value] if value.contains("://") => sources.push(without_credentials(value)),
            _ => {}
        }
    }
    // An option put together at run time could be a key.
    let open = words.iter().any(|word| word.starts_with('$'));
    let verifies = match (&key, commands.is_empty() || open) {
        (Some(_), _) => Some(true),
        (None, true) => None,
        (None, false) => Some(false),
    };
    let value = UpdateMechanism {
        mechanism: "swupdate".to_owned(),
        verifies,
        trust_anchor: key,
        sources,
        cleartext: false,
        start: Some(system.start(&["swupdate"])),
    };
    Some((at.path.clone(), Seen::in_string(mechanism(value), "swupdate")))
}

/// RAUC installs nothing that does not verify against its keyring (RAUC's documentation, "Reference", section `[keyring]`).
fn rauc(system: &System<'_>) -> Option<(String, Seen)> {
    system.program(&["rauc"])?;
    let places = ["/etc/rauc/system.conf", "/run/rauc/system.conf", "/usr/lib/rauc/system.conf"];
    let (entry, text) = places.iter().find_map(|path| system.view.text(path))?;
    let keyring = ini(&text).find(|(section, key, ..)| *section == "keyring" && matches!(*key, "path" | "directory"));
    let mut sources = Vec::new();
    if let Some((_, text)) = system.view.text("/etc/rauc-hawkbit-updater/config.conf") {
        let get = |wanted: &str| ini(&text).find(|(_, key, ..)| *key == wanted).map(|(_, _, value, _)| value);
        if let Some(server) = get("hawkbit_server") {
            let scheme = if get("ssl").and_then(on) == Some(false) { "http" } else { "https" };
            sources.push(format!("{scheme}://{server}"));
        }
    }
    let value = UpdateMechanism {
        mechanism: "rauc".to_owned(),
        verifies: keyring.map(|_| true),
        // Paths are relative to the file.
        trust_anchor: keyring.map(|(_, _, path, _)| match path.strip_prefix('/') {
            Some(_) => path.to_owned(),
            None => format!("{}/{path}", system.view.system_path(&entry.path).trim_end_matches("/system.conf")),
        }),
        sources,
        cleartext: false,
        start: Some(system.start(&["rauc", "rauc-hawkbit-updater"])),
    };
    let index = keyring.map_or(0, |(.., line)| line);
    Some((
        entry.path.clone(),
        Seen::at_line(mechanism(value), index, keyring.map_or("system.conf", |(_, _, path, _)| path)),
    ))
}

/// Mender checks signatures where a key is set (Mender's documentation, "Configuration file", `ArtifactVerifyKey`).
fn mender(system: &System<'_>) -> Option<(String, Seen)> {
    system.program(&["mender", "mender-update", "mender-client"])?;
    let mut keys: Vec<String> = Vec::new();
    let mut sources: Vec<String> = Vec::new();
    let mut at = None;
    for path in ["/etc/mender/mender.conf", "/var/lib/mender/mender.conf"] {
        let Some((entry, text)) = system.view.text(path) else { continue };
        let Ok(Value::Object(settings)) = serde_json::from_str::<Value>(&text) else { continue };
        at = at.or(Some(entry));
        let list = |name: &str| settings.get(name).and_then(Value::as_array).into_iter().flatten();
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        keys.extend(settings.get("ArtifactVerifyKey").and_then(text));
        keys.extend(list("ArtifactVerifyKeys").filter_map(text));
        sources.extend(settings.get("ServerURL").and_then(text));
        sources.extend(list("Servers").filter_map(|server| server.get("ServerURL").and_then(text)));
    }
    let value = UpdateMechanism {
        mechanism: "mender".to_owned(),
        // Without its file nothing is known of it.
        verifies: at.map(|_| !keys.is_empty()),
        trust_anchor: keys.into_iter().next(),
        sources: sources.iter().map(|url| without_credentials(url)).collect(),
        cleartext: false,
        start: Some(system.start(&["mender", "mender-update", "mender-client", "mender-updated"])),
    };
    Some((at?.path.clone(), Seen::in_string(mechanism(value), "mender.conf")))
}

/// OSTree's remotes: each checks unless told not to (`man ostree.repo-config`).
fn ostree(system: &System<'_>, found: &mut Vec<(String, Seen)>) {
    let places = ["/etc/ostree/remotes.d", "/ostree/repo/config", "/sysroot/ostree/repo/config"];
    for (entry, text) in system.texts(&places, ".conf") {
        let mut remotes: Vec<&str> =
            ini(&text).map(|(section, ..)| section).filter(|s| s.starts_with("remote ")).collect();
        remotes.dedup();
        for remote in remotes {
            let get = |wanted: &str| ini(&text).find(|(s, key, ..)| *s == remote && *key == wanted);
            let Some((_, _, url, line)) = get("url") else { continue };
            let value_of = |key: &str| get(key).map(|(_, _, value, _)| value);
            let gpg = value_of("gpg-verify").and_then(on).unwrap_or(true);
            let sign = value_of("sign-verify").is_some_and(|value| on(value) != Some(false));
            let value = UpdateMechanism {
                mechanism: "ostree".to_owned(),
                verifies: Some(gpg || sign),
                trust_anchor: value_of("gpgkeypath")
                    .or_else(|| value_of("verification-ed25519-file"))
                    .map(str::to_owned),
                sources: vec![without_credentials(url)],
                cleartext: false,
                start: Some(system.start(&["ostree", "rpm-ostree", "rpm-ostreed", "aktualizr", "aktualizr-lite"])),
            };
            found.push((entry.path.clone(), Seen::at_line(mechanism(value), line, url)));
        }
    }
}

/// fwupd trusts what its keys signed unless `OnlyTrusted=false` (`man fwupd.conf`).
fn fwupd(system: &System<'_>) -> Option<(String, Seen)> {
    let program = system.program(&["fwupd", "fwupdmgr", "fwupdtool"])?;
    let settings = system.texts(&["/etc/fwupd/fwupd.conf", "/etc/fwupd/daemon.conf"], ".conf");
    let trusted = settings
        .iter()
        .find_map(|(_, text)| ini(text).find(|(_, key, ..)| *key == "OnlyTrusted").map(|(_, _, value, _)| on(value)));
    let mut sources = Vec::new();
    for (_, text) in system.texts(&["/etc/fwupd/remotes.d"], ".conf") {
        let get = |wanted: &str| ini(&text).find(|(_, key, ..)| *key == wanted).map(|(_, _, value, _)| value);
        if get("Enabled").and_then(on) == Some(true) {
            sources.extend(get("MetadataURI").filter(|uri| uri.starts_with("http")).map(without_credentials));
        }
    }
    let keys = "/etc/pki/fwupd";
    let value = UpdateMechanism {
        mechanism: "fwupd".to_owned(),
        verifies: Some(trusted.flatten() != Some(false)),
        trust_anchor: (!system.view.listing(keys).is_empty()).then(|| keys.to_owned()),
        sources,
        cleartext: false,
        start: Some(system.start(&["fwupd", "fwupdmgr"])),
    };
    Some((program.path.clone(), Seen::in_string(mechanism(value), "fwupd")))
}

/// Clear Linux's swupd checks its manifests against the certificate that it was built with (`man swupd`).
fn swupd(system: &System<'_>) -> Option<(String, Seen)> {
    let program = system.program(&["swupd"])?;
    let anchor = "/usr/share/clear/update-ca/Swupd_Root.pem";
    let has_anchor = system.view.exists(anchor);
    let sources = ["/etc/swupd/contenturl", "/usr/share/defaults/swupd/contenturl"]
        .iter()
        .find_map(|path| system.view.text(path))
        .map(|(_, text)| without_credentials(text.trim()));
    let value = UpdateMechanism {
        mechanism: "swupd".to_owned(),
        verifies: has_anchor.then_some(true),
        trust_anchor: has_anchor.then(|| anchor.to_owned()),
        sources: sources.into_iter().collect(),
        cleartext: false,
        start: Some(system.start(&["swupd"])),
    };
    Some((program.path.clone(), Seen::in_string(mechanism(value), "swupd")))
}

/// Android checks packages against the certificates that lie in the system (AOSP, "Sign builds for release").
fn android(system: &System<'_>) -> Option<(String, Seen)> {
    let anchor = "/system/etc/security/otacerts.zip";
    let entry = system.view.resolve(anchor)?;
    let value = UpdateMechanism {
        mechanism: "android-ota".to_owned(),
        verifies: Some(true),
        trust_anchor: Some(anchor.to_owned()),
        start: Some(system.start(&["update_engine", "recovery"])),
        ..UpdateMechanism::default()
    };
    Some((entry.path.clone(), Seen::in_string(mechanism(value), "otacerts.zip")))
}

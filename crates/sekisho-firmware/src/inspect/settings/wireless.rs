//! Wireless networks: `hostapd`, `wpa_supplicant`, OpenWrt's description of both.

use super::super::{mask, uci};
use super::{File, pair, yes_no};

fn passphrase(file: &mut File<'_>, index: usize, line: &str, secret: &str) {
    file.set(index, &line.replace(secret, &mask(secret)), "wifi-passphrase", mask(secret));
}

/// `hostapd.conf`.
pub(super) fn hostapd(file: &mut File<'_>) {
    let mut security: Option<(usize, &str, &str)> = None;
    let mut first = None;
    for (index, line) in file.lines() {
        first = first.or(Some((index, line)));
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "wpa" => {
                let name = match value {
                    "2" => "wpa2",
                    "1" | "3" => "wpa",
                    _ => "open",
                };
                security = Some((index, line, name));
            }
            "wpa_key_mgmt" if value.contains("SAE") && !value.contains("PSK") => security = Some((index, line, "wpa3")),
            "wpa_key_mgmt" if value.contains("EAP") => security = Some((index, line, "wpa-eap")),
            key if key.starts_with("wep_key") => security = Some((index, line, "wep")),
            "wpa_passphrase" | "wpa_psk" | "sae_password" => passphrase(file, index, line, value),
            "ieee80211w" => {
                let level = match value {
                    "0" => "no",
                    "1" => "optional",
                    "2" => "required",
                    _ => continue,
                };
                file.set(index, line, "management-frame-protection", level);
            }
            "ap_isolate" => file.set(index, line, "client-isolation", yes_no(value == "1")),
            "wps_state" => file.set(index, line, "wps", yes_no(value != "0")),
            _ => {}
        }
    }
    // An access point whose file says nothing of WPA or WEP is open.
    let has_network = file.lines().any(|(_, l)| l.starts_with("ssid=") || l.starts_with("ssid "));
    let security = security.or_else(|| first.filter(|_| has_network).map(|(i, l)| (i, l, "open")));
    if let Some((index, line, name)) = security {
        file.set(index, line, "wifi-security", name);
    }
}

/// `wpa_supplicant.conf`.
pub(super) fn wpa_supplicant(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "psk" if value.len() >= 8 => passphrase(file, index, line, value),
            "key_mgmt" => {
                let name = if value == "NONE" {
                    "open"
                } else if value.contains("SAE") && !value.contains("PSK") {
                    "wpa3"
                } else if value.contains("PSK") {
                    "wpa2"
                } else if value.contains("EAP") {
                    "wpa-eap"
                } else {
                    continue;
                };
                file.set(index, line, "wifi-security", name);
            }
            _ => {}
        }
    }
}

/// OpenWrt's `/etc/config/wireless`.
pub(super) fn uci(file: &mut File<'_>) {
    for section in uci::parse(file.text).iter().filter(|s| s.kind == "wifi-iface") {
        if let Some((value, line)) = section.get("encryption") {
            let name = match value {
                "none" => "open",
                v if v.starts_with("wep") => "wep",
                v if v.starts_with("sae") && !v.contains("mixed") => "wpa3",
                v if v.starts_with("psk2") || v.contains("sae-mixed") => "wpa2",
                v if v.starts_with("psk") => "wpa",
                _ => "wpa-eap",
            };
            file.set(line, &format!("option encryption '{value}'"), "wifi-security", name);
        }
        if let Some((value, line)) = section.get("key") {
            passphrase(file, line, &format!("option key '{value}'"), value);
        }
    }
}

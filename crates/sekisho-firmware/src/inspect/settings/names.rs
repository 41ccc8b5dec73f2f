//! What helps a network work: names, addresses, discovery, port mapping, management (dnsmasq, avahi, miniupnpd, snmpd).

use super::super::mask;
use super::super::services::{endpoint, socket};
use super::super::uci;
use super::{File, pair, yes_no};

/// `dnsmasq.conf` (`man dnsmasq`): the long options without their dashes.
pub(super) fn dnsmasq(file: &mut File<'_>) {
    let mut port = "53";
    let mut addresses: Vec<&str> = Vec::new();
    let (mut dhcp, mut tftp) = (false, false);
    for (index, line) in file.lines() {
        let (key, value) = line.split_once('=').map_or((line, ""), |(key, value)| (key.trim(), value.trim()));
        match key {
            "port" => port = value,
            "listen-address" => addresses.extend(value.split(',').map(str::trim)),
            "dhcp-range" => dhcp = true,
            "enable-tftp" => {
                tftp = true;
                file.set(index, line, "tftp", "yes");
            }
            "stop-dns-rebind" => file.set(index, line, "rebind-protection", "yes"),
            "dnssec" => file.set(index, line, "dnssec", "yes"),
            _ => {}
        }
    }
    let addresses = if addresses.is_empty() { vec![""] } else { addresses };
    for address in addresses {
        for transport in ["tcp", "udp"] {
            file.listens(socket(transport, address, port));
        }
    }
    for (on, port) in [(dhcp, "67"), (tftp, "69")] {
        file.listens(socket("udp", "", port).filter(|_| on));
    }
}

/// `/etc/config/dhcp`.
pub(super) fn dnsmasq_uci(file: &mut File<'_>) {
    for section in uci::parse(file.text).iter().filter(|s| s.kind == "dnsmasq") {
        let port = section.get("port").map_or("53", |(port, _)| port);
        for transport in ["tcp", "udp"] {
            file.listens(socket(transport, "", port));
        }
        for (option, name) in
            [("rebind_protection", "rebind-protection"), ("enable_tftp", "tftp"), ("dnssec", "dnssec")]
        {
            if let Some((value, line)) = section.get(option)
                && let Some(on) = uci::boolean(value)
            {
                file.set(line, &format!("option {option} '{value}'"), name, yes_no(on));
            }
        }
    }
}

/// `miniupnpd.conf`.
pub(super) fn miniupnpd(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        let name = match key {
            "secure_mode" => "secure-mode",
            "enable_upnp" | "enable_natpmp" => "port-mapping",
            "port" | "http_port" => {
                file.listens(socket("tcp", "", value));
                file.listens(socket("udp", "", "1900"));
                continue;
            }
            _ => continue,
        };
        file.set_switch(index, line, name, value);
    }
}

/// `/etc/config/upnpd`.
pub(super) fn upnpd_uci(file: &mut File<'_>) {
    for section in uci::parse(file.text).iter().filter(|s| s.kind == "upnpd") {
        for (option, name) in [("secure_mode", "secure-mode"), ("enable_upnp", "port-mapping")] {
            if let Some((value, line)) = section.get(option)
                && let Some(on) = uci::boolean(value)
            {
                file.set(line, &format!("option {option} '{value}'"), name, yes_no(on));
            }
        }
        if let Some((port, _)) = section.get("port") {
            file.listens(socket("tcp", "", port));
            file.listens(socket("udp", "", "1900"));
        }
    }
}

/// `avahi-daemon.conf`.
pub(super) fn avahi(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "disable-publishing" => file.set_inverted(index, line, "publishing", value),
            "enable-reflector" => file.set_switch(index, line, "reflector", value),
            _ => {}
        }
    }
}

/// `snmpd.conf` (`man snmpd.conf`).
pub(super) fn snmpd(file: &mut File<'_>) {
    for (index, line) in file.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (name, community) = match words.as_slice() {
            ["rocommunity" | "rocommunity6", community, ..] | ["com2sec", _, _, community, ..] => {
                ("community", *community)
            }
            ["rwcommunity" | "rwcommunity6", community, ..] => ("write-community", *community),
            [kind @ ("rouser" | "rwuser"), _, level @ ("noauth" | "auth" | "priv"), ..] => {
                let name = if *kind == "rouser" { "v3-level" } else { "v3-write-level" };
                file.set(index, line, name, *level);
                continue;
            }
            ["agentaddress" | "agentAddress", addresses @ ..] => {
                for address in addresses.iter().flat_map(|word| word.split(',')) {
                    let (transport, rest) = match address.split_once(':') {
                        Some(("udp" | "udp6", rest)) => ("udp", rest),
                        Some(("tcp" | "tcp6", rest)) => ("tcp", rest),
                        _ => ("udp", address),
                    };
                    // An address alone is on the usual port.
                    let port = endpoint(transport, rest).or_else(|| socket(transport, rest, "161"));
                    file.listens(port);
                }
                continue;
            }
            _ => continue,
        };
        let value = if matches!(community, "public" | "private") { community.to_owned() } else { mask(community) };
        file.set(index, &line.replace(community, &value), name, value.clone());
    }
}

//! `ssh-audit -j`, versions 2 and 3, one target or a list of them.

use sekisho_model::fact::Observed;
use sekisho_model::ssh::{SshHostKey, SshServer};

use super::finding::{Finding, Outcome};
use super::ssh;
use crate::draft::Draft;
use crate::json::Node;

const TOOL: &str = "ssh-audit";

/// Algorithms of one kind that are read.
const MOST: usize = 256;

pub(super) fn read(root: &Node, draft: &mut Draft) {
    draft.tool = Some(TOOL.to_owned());
    let targets = if root.items().is_empty() { std::slice::from_ref(root) } else { root.items() };
    for target in targets {
        self::target(target, draft);
    }
}

fn target(node: &Node, draft: &mut Draft) {
    let line = Some(node.line);
    let (address, port) = endpoint(node.text_of("target").unwrap_or_default(), node.word_of("port").as_deref());
    let mut keys: Vec<(String, Option<u32>)> = Vec::new();
    if node.get("kex").is_some() || node.get("enc").is_some() {
        let names = |key: &str| -> Vec<String> {
            node.items_of(key)
                .iter()
                .take(MOST)
                .filter_map(|item| item.text().or_else(|| item.text_of("algorithm")))
                .map(|name| draft.short(name))
                .collect()
        };
        let raw = node.at(&["banner", "raw"]).and_then(Node::text).and_then(ssh::banner);
        let (protocol, software) = raw.unwrap_or_default();
        let mut server = SshServer {
            address: address.clone(),
            port,
            protocol,
            software,
            key_exchange: names("kex"),
            host_keys: names("key"),
            ciphers: names("enc"),
            macs: names("mac"),
            ..SshServer::default()
        };
        ssh::judge(&mut server);
        keys = node
            .items_of("key")
            .iter()
            .take(MOST)
            .filter_map(|key| {
                let bits = key.word_of("keysize").and_then(|bits| bits.parse().ok()).filter(|bits| *bits > 0);
                Some((key.text_of("algorithm")?.to_owned(), bits))
            })
            .collect();
        draft.fact(Observed::SshServer(Box::new(server)), line);
    }
    for fingerprint in node.items_of("fingerprints").iter().take(MOST) {
        self::fingerprint(fingerprint, &address, port, &keys, draft);
    }
    for cve in node.items_of("cves") {
        let title = cve.text_of("description").unwrap_or_default();
        let finding = Finding {
            rule: cve.text_of("name").unwrap_or_default(),
            title,
            location: location(&address, port),
            ..Finding::default()
        };
        finding.put(TOOL, Outcome::Finding, Some(cve.line), draft);
    }
    recommendations(node, &address, port, draft);
    for (key, value) in node.members() {
        const READ: [&str; 11] = [
            "banner",
            "compression",
            "cves",
            "enc",
            "fingerprints",
            "kex",
            "key",
            "mac",
            "recommendations",
            "target",
            "port",
        ];
        let empty =
            value.is_null() || (value.items().is_empty() && value.members().is_empty() && value.text().is_none());
        if key == "additional_notes" {
            for note in value.items() {
                let finding = Finding {
                    rule: "additional-notes",
                    title: note.text().unwrap_or_default(),
                    location: location(&address, port),
                    ..Finding::default()
                };
                finding.put(TOOL, Outcome::Note, Some(note.line), draft);
            }
        } else if !READ.contains(&key.as_str()) && !empty {
            draft.strange(key, Some(value.line));
        }
    }
}

fn fingerprint(node: &Node, address: &str, port: u16, keys: &[(String, Option<u32>)], draft: &mut Draft) {
    // MD5's are of the same keys.
    if node.text_of("hash_alg").is_some_and(|algorithm| algorithm != "SHA256") {
        return;
    }
    let (Some(hash), Some(kind)) = (node.text_of("hash"), node.text_of("hostkey")) else {
        return draft.strange("fingerprints", Some(node.line));
    };
    // RSA keys sign by several names (RFC 8332), and the size stands at any of them.
    let same = |name: &str| name == kind || (kind == "ssh-rsa" && name.starts_with("rsa-sha2-"));
    let bits = keys.iter().find(|(name, bits)| same(name) && bits.is_some()).and_then(|(_, bits)| *bits);
    let fact = SshHostKey {
        address: address.to_owned(),
        port,
        kind: draft.short(kind),
        bits: bits.or_else(|| fixed(kind)),
        fingerprint: draft.short(&format!("SHA256:{}", hash.trim_start_matches("SHA256:").trim_end_matches('='))),
    };
    draft.fact(Observed::SshHostKey(fact), Some(node.line));
}

/// Kinds of keys whose size is in their name or definition.
pub(super) fn fixed(kind: &str) -> Option<u32> {
    Some(match kind {
        "ssh-ed25519" | "ecdsa-sha2-nistp256" => 256,
        "ssh-ed448" => 448,
        "ecdsa-sha2-nistp384" => 384,
        "ecdsa-sha2-nistp521" => 521,
        _ => return None,
    })
}

/// `recommendations`: by level, by what to do, by kind of algorithm.
fn recommendations(node: &Node, address: &str, port: u16, draft: &mut Draft) {
    let levels = node.get("recommendations").map_or(&[][..], Node::members);
    for (level, actions) in levels {
        for (action, kinds) in actions.members() {
            for (kind, algorithms) in kinds.members() {
                for algorithm in algorithms.items() {
                    let name = algorithm.text().or_else(|| algorithm.text_of("name")).unwrap_or_default();
                    let notes = algorithm.text_of("notes").unwrap_or_default();
                    let finding = Finding {
                        rule: &format!("{action}-{kind}"),
                        title: &format!("{name} {notes}"),
                        severity: Some(level),
                        location: location(address, port),
                        ..Finding::default()
                    };
                    // To add something is advice; to remove or change something means that it should not be so.
                    let outcome =
                        if action == "add" || level == "informational" { Outcome::Note } else { Outcome::Finding };
                    finding.put(TOOL, outcome, Some(algorithm.line), draft);
                }
            }
        }
    }
}

fn location(address: &str, port: u16) -> Option<String> {
    (!address.is_empty()).then(|| super::endpoint::Endpoint { address: address.to_owned(), port }.shown())
}

/// `host`, `host:port`, `[address]:port`; the port is 22 where none is told.
fn endpoint(target: &str, port: Option<&str>) -> (String, u16) {
    let told = port.and_then(|port| port.parse().ok());
    if target.parse::<std::net::IpAddr>().is_ok() {
        return (target.to_owned(), told.unwrap_or(22));
    }
    match target.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            (crate::text::shortened(host, 255), port.parse().ok().or(told).unwrap_or(22))
        }
        _ => (crate::text::shortened(target, 255), told.unwrap_or(22)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        assert_eq!(endpoint("127.0.0.1", None), ("127.0.0.1".into(), 22));
        assert_eq!(endpoint("device:2222", None), ("device".into(), 2222));
        assert_eq!(endpoint("[::1]:2222", None), ("::1".into(), 2222));
        assert_eq!(endpoint("::1", Some("23")), ("::1".into(), 23));
    }
}

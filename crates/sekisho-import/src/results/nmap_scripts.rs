//! What nmap's scripts brought: those that the facts have words for, and all others as findings.

use sekisho_algorithms::tls::Suite;
use sekisho_model::fact::Observed;
use sekisho_model::network::ServiceAccess;
use sekisho_model::ssh::{SshHostKey, SshServer};
use time::OffsetDateTime;

use super::endpoint::{Endpoint, Tls};
use super::finding::{Finding, Outcome};
use super::nmap::TOOL;
use super::{certificate, ssh};
use crate::draft::Draft;
use crate::xml::Element;

/// Entries of one list that are read.
const MOST: usize = 1024;

/// Reads the scripts of a port.
pub(super) fn read(
    port: &Element,
    endpoint: &Endpoint,
    transport: &str,
    tls: bool,
    now: OffsetDateTime,
    draft: &mut Draft,
) {
    let mut server = Tls::new(endpoint);
    transport.clone_into(&mut server.server.transport);
    server.line = Some(port.line);
    let banner = port.all("script").find(|script| script.attribute("id") == Some("banner"));
    let banner = banner.and_then(|script| script.attribute("output")).and_then(ssh::banner);
    // A port may have scripts without end, and its service stand behind them.
    let service = port.first("service");
    for script in port.all("script") {
        let done = match script.attribute("id").unwrap_or_default() {
            "ssl-cert" => pem(script).and_then(|pem| certificate::read(pem, now)).map(|read| {
                server.certificate(read, Some(script.line));
                if !tls {
                    // The script asks for the change to TLS itself where the protocol has one.
                    server.server.starttls = service.and_then(starttls);
                }
            }),
            "ssl-enum-ciphers" => ciphers(script, &mut server),
            "ssh2-enum-algos" => algorithms(script, service, endpoint, banner.as_ref(), draft),
            "ssh-hostkey" => host_keys(script, endpoint, draft),
            "ftp-anon" => anonymous(script, endpoint, transport, draft),
            "snmp-sysdescr" => snmp(script, endpoint, draft),
            _ => None,
        };
        if done.is_none() {
            other(script, Some(endpoint.shown()), draft);
        }
    }
    server.finish(draft);
}

/// A script that the facts have no words for, or whose output is not as it should be.
pub(super) fn other(script: &Element, location: Option<String>, draft: &mut Draft) {
    let output = script.attribute("output").unwrap_or_default();
    // The library `vulns` writes its verdict so.
    let vulnerable = output.contains("State: VULNERABLE") || output.contains("State: LIKELY VULNERABLE");
    let failed = output.starts_with("ERROR:");
    let outcome = if failed {
        Outcome::Failed
    } else if vulnerable {
        Outcome::Finding
    } else if output.contains("State: NOT VULNERABLE") {
        Outcome::Passed
    } else {
        Outcome::Note
    };
    let rule = script.attribute("id").unwrap_or_default();
    let finding = Finding { rule, title: output, location, weaknesses: vec![output], ..Finding::default() };
    finding.put(TOOL, outcome, Some(script.line), draft);
}

fn table<'e>(element: &'e Element, key: &str) -> Option<&'e Element> {
    element.all("table").find(|table| table.attribute("key") == Some(key))
}

fn field<'e>(element: &'e Element, key: &str) -> Option<&'e str> {
    element.all("elem").find(|field| field.attribute("key") == Some(key)).map(|field| field.text.as_str())
}

fn pem(script: &Element) -> Option<&str> {
    field(script, "pem")
}

fn starttls(service: &Element) -> Option<String> {
    let name = service.attribute("name")?;
    matches!(name, "smtp" | "imap" | "pop3" | "ftp").then(|| name.to_owned())
}

/// `ssl-enum-ciphers`: a table for each version that is agreed to. Of the others it does not say whether they were refused.
fn ciphers(script: &Element, server: &mut Tls) -> Option<()> {
    let (mut preferences, mut read) = (Vec::new(), false);
    for table in script.all("table") {
        let version = match table.attribute("key")? {
            "SSLv3" => "ssl3",
            "TLSv1.0" => "tls1.0",
            "TLSv1.1" => "tls1.1",
            "TLSv1.2" => "tls1.2",
            "TLSv1.3" => "tls1.3",
            _ => continue,
        };
        read = true;
        server.told = true;
        server.server.versions.push(version.to_owned());
        for cipher in self::table(table, "ciphers")?.all("table").take(MOST) {
            let suite = Suite::named(field(cipher, "name")?)?;
            server.suite(version, suite);
            // `secp256r1`, `ecdh_x25519`, `dh 2048`, `rsa 2048`.
            let exchange = field(cipher, "kex_info").unwrap_or_default();
            if let Some(bits) = exchange.strip_prefix("dh ").and_then(|bits| bits.trim().parse().ok()) {
                server.dh(bits);
            } else {
                let _ = server.group(exchange);
            }
        }
        // TLS 1.3 has no compression, and nmap lists none there.
        if let Some(compressors) = self::table(table, "compressors") {
            let compresses = compressors.all("elem").any(|name| name.text.trim() != "NULL");
            server.server.compression = Some(compresses || server.server.compression == Some(true));
        }
        preferences.push(field(table, "cipher preference").unwrap_or_default());
    }
    server.all_listed = read;
    // `client`, `server`, `indeterminate`; TLS 1.3's order matters less, but it is the server's or not all the same.
    server.server.server_order = match preferences.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => match *first {
            "server" => Some(true),
            "client" => Some(false),
            _ => None,
        },
        _ => None,
    };
    read.then_some(())
}

/// `ssh2-enum-algos`.
fn algorithms(
    script: &Element,
    service: Option<&Element>,
    endpoint: &Endpoint,
    banner: Option<&(String, String)>,
    draft: &mut Draft,
) -> Option<()> {
    let names = |key: &str| -> Vec<String> {
        table(script, key)
            .map(|table| table.all("elem").take(MOST).map(|elem| draft.short(&elem.text)).collect())
            .unwrap_or_default()
    };
    let attribute = |key: &str| service.and_then(|service| service.attribute(key));
    // Without the banner, what nmap took from it: `protocol 2.0`, and product and version in nmap's own writing.
    let (protocol, software) = banner.cloned().unwrap_or_else(|| {
        let told = attribute("extrainfo").and_then(|info| info.split_once("protocol ")).map_or("", |(_, rest)| rest);
        let protocol: String = told.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(8).collect();
        let software = [attribute("product"), attribute("version")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        (protocol, draft.short(&software))
    });
    let mut server = SshServer {
        address: endpoint.address.clone(),
        port: endpoint.port,
        protocol,
        software,
        key_exchange: names("kex_algorithms"),
        host_keys: names("server_host_key_algorithms"),
        ciphers: names("encryption_algorithms"),
        macs: names("mac_algorithms"),
        ..SshServer::default()
    };
    if server.key_exchange.is_empty() || server.ciphers.is_empty() {
        return None;
    }
    ssh::judge(&mut server);
    draft.fact(Observed::SshServer(Box::new(server)), Some(script.line));
    Some(())
}

/// `ssh-hostkey`: the keys themselves, of which the fingerprint is made.
fn host_keys(script: &Element, endpoint: &Endpoint, draft: &mut Draft) -> Option<()> {
    let mut keys = Vec::new();
    for table in script.all("table").take(MOST) {
        let key = data_encoding::BASE64.decode(field(table, "key")?.trim().as_bytes()).ok()?;
        let fingerprint = data_encoding::BASE64_NOPAD
            .encode(&data_encoding::HEXLOWER.decode(crate::artefact::sha256(&key).as_bytes()).ok()?);
        keys.push(SshHostKey {
            address: endpoint.address.clone(),
            port: endpoint.port,
            kind: draft.short(field(table, "type")?),
            bits: field(table, "bits").and_then(|bits| bits.trim().parse().ok()),
            fingerprint: format!("SHA256:{fingerprint}"),
        });
    }
    if keys.is_empty() {
        return None;
    }
    for key in keys {
        draft.fact(Observed::SshHostKey(key), Some(script.line));
    }
    Some(())
}

/// `ftp-anon`: it speaks where anonymous users are let in, and where the answer was none of those expected.
fn anonymous(script: &Element, endpoint: &Endpoint, transport: &str, draft: &mut Draft) -> Option<()> {
    let output = script.attribute("output")?;
    let granted = output.trim_start().starts_with("Anonymous FTP login allowed");
    let fact = ServiceAccess {
        address: endpoint.address.clone(),
        transport: transport.to_owned(),
        port: endpoint.port,
        protocol: "ftp".to_owned(),
        attempt: "anonymous".to_owned(),
        granted: granted.then_some(true),
        kind: if output.contains("[NSE: writeable]") { "write" } else { "read" }.to_owned(),
        detail: Some(draft.short(output)),
    };
    draft.fact(Observed::ServiceAccess(fact), Some(script.line));
    Some(())
}

/// `snmp-sysdescr`: it reads the description with the community that nmap was given, which is `public` where none was.
fn snmp(script: &Element, endpoint: &Endpoint, draft: &mut Draft) -> Option<()> {
    let output = script.attribute("output").filter(|output| !output.starts_with("ERROR"))?;
    let fact = ServiceAccess {
        address: endpoint.address.clone(),
        transport: "udp".to_owned(),
        port: endpoint.port,
        protocol: "snmp".to_owned(),
        attempt: "read".to_owned(),
        granted: Some(true),
        kind: "read".to_owned(),
        detail: Some(draft.short(output)),
    };
    draft.fact(Observed::ServiceAccess(fact), Some(script.line));
    Some(())
}

//! `nmap -oX`: hosts, ports, services, and the scripts of `nmap_scripts`. The format: nmap's `docs/nmap.dtd`.

use sekisho_model::Text;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::network::{NetworkHost, NetworkService};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::endpoint::Endpoint;
use super::nmap_scripts;
use crate::draft::Draft;
use crate::xml::Element;

pub(super) const TOOL: &str = "nmap";

pub(super) fn read(root: &Element, now: OffsetDateTime, draft: &mut Draft) {
    let version = root.attribute("version").unwrap_or_default();
    draft.tool = Some(draft.short(format!("{TOOL} {version}").trim()));
    let start = root.attribute("start").and_then(|start| start.parse().ok());
    draft.made = start
        .and_then(|start| OffsetDateTime::from_unix_timestamp(start).ok())
        .and_then(|start| start.format(&Rfc3339).ok());
    let asked = |protocol: &str| -> u32 {
        root.all("scaninfo")
            .filter(|info| info.attribute("protocol") == Some(protocol))
            .filter_map(|info| info.attribute("numservices")?.parse::<u32>().ok())
            .fold(0, u32::saturating_add)
    };
    let asked = Asked { tcp: asked("tcp"), udp: asked("udp") };
    let mut hosts = 0_usize;
    for element in &root.children {
        match element.name.as_str() {
            "host" => {
                hosts += 1;
                host(element, &asked, now, draft);
            }
            // Scripts that run once, before or after everything.
            "prescript" | "postscript" => {
                for script in element.all("script") {
                    nmap_scripts::other(script, None, draft);
                }
            }
            "scaninfo" | "verbose" | "debugging" | "taskbegin" | "taskprogress" | "taskend" | "hosthint"
            | "runstats" | "target" | "output" => {}
            other => draft.strange(other, Some(element.line)),
        }
    }
    let finished = root.first("runstats").and_then(|stats| stats.first("finished"));
    if finished.is_none_or(|finished| finished.attribute("exit").is_some_and(|exit| exit != "success")) {
        draft.gap(None, Text::new("nmap did not finish its run", "nmapの実行が最後まで完了していない"));
    }
    if hosts == 0 {
        draft.gap(None, Text::new("the results hold no host", "結果にホストが含まれていない"));
    }
}

/// Ports of each transport that every host was asked for.
struct Asked {
    tcp: u32,
    udp: u32,
}

fn host(element: &Element, asked: &Asked, now: OffsetDateTime, draft: &mut Draft) {
    let line = Some(element.line);
    let address = element
        .all("address")
        .find(|address| matches!(address.attribute("addrtype"), Some("ipv4" | "ipv6")))
        .and_then(|address| address.attribute("addr"));
    let Some(address) = address.map(|address| draft.short(address)) else {
        return draft.strange("host without an address", line);
    };
    if element.first("status").is_some_and(|status| status.attribute("state") == Some("down")) {
        let reason = Text::new("nmap took the host to be down", "nmapはこのホストを停止中と判断した");
        return draft.gap(Some(address), reason);
    }
    if element.attribute("timedout") == Some("true") {
        let reason =
            Text::new("nmap gave the host up for lack of time", "nmapは時間切れでこのホストの調査を打ち切った");
        draft.gap(Some(address.clone()), reason);
    }
    let names = element.first("hostnames");
    let name = names.and_then(|names| {
        let mut all = names.all("hostname");
        all.find(|name| name.attribute("type") == Some("user")).and_then(|name| name.attribute("name"))
    });
    let mut fact = NetworkHost {
        address: address.clone(),
        name: name.map(|name| draft.short(name)),
        tcp_asked: asked.tcp,
        udp_asked: asked.udp,
        ..NetworkHost::default()
    };
    for ports in element.all("ports") {
        for extra in ports.all("extraports") {
            let count = extra.attribute("count").and_then(|count| count.parse().ok()).unwrap_or(0);
            // These are not told apart by transport; where only one was asked, they are its.
            if asked.udp == 0 {
                counted(&mut fact, extra.attribute("state").unwrap_or_default(), count);
            }
        }
        for port in ports.all("port") {
            self::port(port, &address, &mut fact, now, draft);
        }
    }
    for scripts in element.all("hostscript") {
        for script in scripts.all("script") {
            nmap_scripts::other(script, Some(address.clone()), draft);
        }
    }
    draft.fact(Observed::NetworkHost(fact), line);
}

fn counted(fact: &mut NetworkHost, state: &str, count: u32) {
    let field = match state {
        "open" => &mut fact.tcp_open,
        "closed" | "unfiltered" => &mut fact.tcp_refused,
        _ => &mut fact.tcp_silent,
    };
    *field = field.saturating_add(count);
}

fn port(element: &Element, address: &str, host: &mut NetworkHost, now: OffsetDateTime, draft: &mut Draft) {
    let transport = element.attribute("protocol").unwrap_or("tcp");
    let Some(port) = element.attribute("portid").and_then(|port| port.parse::<u16>().ok()) else {
        return draft.strange("port without a number", Some(element.line));
    };
    if !matches!(transport, "tcp" | "udp") {
        return draft.strange(transport, Some(element.line));
    }
    let state = element.first("state").and_then(|state| state.attribute("state")).unwrap_or_default();
    if transport == "tcp" {
        counted(host, state, 1);
    } else if state == "open" {
        host.udp_open = host.udp_open.saturating_add(1);
    }
    if state != "open" {
        return;
    }
    let endpoint = Endpoint { address: address.to_owned(), port };
    let service = element.first("service");
    let names: Vec<&str> =
        service.map(|service| service.all("cpe").map(|cpe| cpe.text.trim()).collect()).unwrap_or_default();
    let fact = self::service(service, &endpoint, transport, draft);
    let source = Source {
        line: Some(element.line),
        excerpt: (!names.is_empty()).then(|| draft.short(&names.join(" "))),
        ..Source::default()
    };
    let tls = fact.tls;
    draft.fact_at(Observed::NetworkService(fact), source);
    nmap_scripts::read(element, &endpoint, transport, tls, now, draft);
}

fn service(service: Option<&Element>, endpoint: &Endpoint, transport: &str, draft: &Draft) -> NetworkService {
    let mut fact = NetworkService {
        address: endpoint.address.clone(),
        transport: transport.to_owned(),
        port: endpoint.port,
        ..NetworkService::default()
    };
    let Some(service) = service else { return fact };
    let (protocol, implied) = protocol(service.attribute("name").unwrap_or_default());
    // `table`: by the number of the port; `probed`: by what it answered.
    let probed = service.attribute("method") == Some("probed");
    let tunnel = service.attribute("tunnel") == Some("ssl");
    fact.tls = tunnel || (probed && implied);
    fact.protocol = protocol.map(|protocol| draft.short(protocol));
    if fact.protocol.is_none() && fact.tls {
        fact.protocol = Some("tls".to_owned());
    }
    fact.product = service.attribute("product").map(|product| draft.short(product));
    fact.version = service.attribute("version").map(|version| draft.short(version));
    fact.recognised_by = fact.protocol.is_some().then(|| if probed { "probe" } else { "port" }.to_owned());
    if probed && let Some(protocol) = &fact.protocol {
        fact.cleartext = if fact.tls { Some(false) } else { cleartext(protocol) };
    }
    fact
}

/// Our word for a service as nmap calls it (its `nmap-services` and `nmap-service-probes`), and whether the name implies TLS around it.
fn protocol(name: &str) -> (Option<&str>, bool) {
    let (name, tls) = match name.strip_prefix("ssl/") {
        Some(inner) => (inner, true),
        None => (name, false),
    };
    let (known, implied) = match name {
        "" | "unknown" | "tcpwrapped" => return (None, tls),
        "ssl" => ("tls", true),
        "http" | "http-proxy" | "http-alt" | "upnp-http" => ("http", false),
        "https" | "https-alt" => ("http", true),
        "domain" => ("dns", false),
        "domain-s" => ("dns", true),
        "secure-mqtt" => ("mqtt", true),
        "imaps" => ("imap", true),
        "pop3s" => ("pop3", true),
        "smtps" => ("smtp", true),
        "submission" => ("smtp", false),
        "ftps" => ("ftp", true),
        "telnets" => ("telnet", true),
        "mbap" => ("modbus", false),
        "zeroconf" => ("mdns", false),
        "coaps" => ("coap", true),
        "rtsps" => ("rtsp", true),
        other => (other, false),
    };
    (Some(known), tls || implied)
}

/// Whether a protocol without TLS around it carries its data in the clear; none where that is not known.
fn cleartext(protocol: &str) -> Option<bool> {
    match protocol {
        "http" | "ftp" | "telnet" | "mqtt" | "smtp" | "imap" | "pop3" | "rtsp" | "coap" | "dns" | "mdns" | "ssdp"
        | "upnp" | "modbus" | "bacnet" | "tftp" | "redis" | "amqp" | "ldap" | "rsh" | "rlogin" | "syslog" | "irc" => {
            Some(true)
        }
        "ssh" | "tls" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_services() {
        assert_eq!(protocol("https"), (Some("http"), true));
        assert_eq!(protocol("ssl/ftp"), (Some("ftp"), true));
        assert_eq!(protocol("tcpwrapped"), (None, false));
        assert_eq!(protocol("microsoft-ds"), (Some("microsoft-ds"), false));
    }
}

//! The ports that a service will listen on, as far as its command line, its settings or its protocol's default tell.

use std::collections::BTreeMap;

use sekisho_model::fact::Start;

use super::super::settings::Settings;
use super::launch::Launch;
use super::programs::daemon_named;
use crate::tree::View;

/// Ports of one service that are listed.
const MAX_PORTS: usize = 32;

/// How a program's command line says where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing, or in a way that is not read.
    Nothing,
    /// `-p 80`, `-p 192.0.2.1:80`, with these options and these transports.
    Option(&'static [&'static str], &'static str),
    /// A word of its own: `:2345`, `host:2345`.
    Word,
}

/// A port as facts write it: `tcp/23`, or `tcp/127.0.0.1:23` on one address only. None where the port is none.
pub(in super::super) fn socket(transport: &str, address: &str, port: &str) -> Option<String> {
    let transport = if transport.starts_with("udp") { "udp" } else { "tcp" };
    let port: u16 = port.trim().parse().ok().filter(|port| *port > 0)?;
    let address = address.trim().trim_start_matches('[').trim_end_matches(']');
    Some(match address {
        "" | "*" | "0" | "0.0.0.0" | "::" | "any" | "0:0:0:0:0:0:0:0" => format!("{transport}/{port}"),
        address if address.contains(':') => format!("{transport}/[{address}]:{port}"),
        address => format!("{transport}/{address}:{port}"),
    })
}

/// `80`, `:80`, `*:80`, `192.0.2.1:80`, `[::1]:80` as a port.
pub(in super::super) fn endpoint(transport: &str, text: &str) -> Option<String> {
    let text = text.trim();
    match text.rsplit_once(':') {
        // Not an address of version 6 without a port.
        Some((address, port)) if !address.contains(':') || address.ends_with(']') || address == "::" => {
            socket(transport, address, port)
        }
        Some(_) => None,
        None => socket(transport, "", text),
    }
}

/// The names of services and their numbers: the system's own, else the usual.
pub(super) struct Names {
    of_system: BTreeMap<(String, String), String>,
}

/// Services that `inetd.conf` names, by IANA's registry of service names and port numbers.
const REGISTERED: [(&str, &str); 22] = [
    ("echo", "7"),
    ("discard", "9"),
    ("systat", "11"),
    ("daytime", "13"),
    ("netstat", "15"),
    ("qotd", "17"),
    ("chargen", "19"),
    ("ftp", "21"),
    ("ssh", "22"),
    ("telnet", "23"),
    ("smtp", "25"),
    ("time", "37"),
    ("bootps", "67"),
    ("tftp", "69"),
    ("finger", "79"),
    ("http", "80"),
    ("pop3", "110"),
    ("imap", "143"),
    ("https", "443"),
    ("exec", "512"),
    ("login", "513"),
    ("shell", "514"),
];

impl Names {
    pub(super) fn of(view: &View<'_>) -> Self {
        let mut of_system = BTreeMap::new();
        if let Some((_, text)) = view.text("/etc/services") {
            for line in text.lines().take(20_000) {
                let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
                let (Some(name), Some((port, transport))) =
                    (words.next(), words.next().and_then(|w| w.split_once('/')))
                else {
                    continue;
                };
                for name in std::iter::once(name).chain(words.take(8)) {
                    of_system.entry((name.to_owned(), transport.to_owned())).or_insert_with(|| port.to_owned());
                }
            }
        }
        Self { of_system }
    }

    /// The port's number.
    pub(super) fn number(&self, service: &str, transport: &str) -> Option<String> {
        if service.parse::<u16>().is_ok() {
            return Some(service.to_owned());
        }
        let transport = if transport.starts_with("udp") { "udp" } else { "tcp" };
        let known = self.of_system.get(&(service.to_owned(), transport.to_owned())).cloned();
        known.or_else(|| REGISTERED.iter().find(|(name, _)| *name == service).map(|(_, port)| (*port).to_owned()))
    }

    /// The socket that a super-server opens for a service.
    pub(super) fn socket(&self, service: &str, transport: &str) -> Vec<String> {
        // `address:service` binds to one address.
        let (address, service) = service.rsplit_once(':').unwrap_or(("", service));
        self.number(service, transport).and_then(|port| socket(transport, address, &port)).into_iter().collect()
    }
}

/// The ports of a service.
pub(super) fn of(launch: &Launch, view: &View<'_>, settings: &Settings) -> Vec<String> {
    if !launch.listens.is_empty() {
        return launch.listens.clone();
    }
    let from_inetd = launch.protocol.is_some();
    let Some(daemon) = daemon_named(launch.program()).filter(|_| !from_inetd && launch.start != Start::Present) else {
        return Vec::new();
    };
    let said = of_command(launch, daemon.says);
    let mut ports = match said {
        Said::Ports(ports) => ports,
        // It listens somewhere, and where is not known before it runs.
        Said::Unknown => return Vec::new(),
        Said::Nothing => {
            let named = launch.words.iter().skip(1).map(|word| word.trim_start_matches("--config=")).find_map(|word| {
                let entry = view.resolve(word).filter(|_| word.starts_with('/'))?;
                settings.listens.iter().any(|l| l.path == entry.path).then_some(entry.path.as_str())
            });
            let of_settings: Vec<String> = settings
                .listens
                .iter()
                .filter(|l| l.program == daemon.name && named.is_none_or(|path| path == l.path))
                .map(|l| l.port.clone())
                .collect();
            if of_settings.is_empty() { daemon.ports.iter().map(|p| (*p).to_owned()).collect() } else { of_settings }
        }
    };
    ports.sort();
    ports.dedup();
    ports.truncate(MAX_PORTS);
    ports
}

enum Said {
    Ports(Vec<String>),
    Unknown,
    Nothing,
}

fn of_command(launch: &Launch, says: Says) -> Said {
    let words = launch.words.get(1..).unwrap_or_default();
    let ports = match says {
        Says::Nothing => return Said::Nothing,
        Says::Option(options, transport) => {
            let open = |words: &[String]| words.iter().any(|w| options.iter().any(|o| matches_option(w, o)));
            if open(&launch.perhaps) {
                return Said::Unknown;
            }
            let mut ports = Vec::new();
            for (index, word) in words.iter().enumerate() {
                let Some(option) = options.iter().find(|option| matches_option(word, option)) else { continue };
                let value = match word.strip_prefix(option) {
                    Some("") => words.get(index + 1).map(String::as_str),
                    Some(rest) => Some(rest.trim_start_matches('=')),
                    None => None,
                };
                for transport in transport.split('+') {
                    match value.and_then(|value| endpoint(transport, value)) {
                        Some(port) => ports.push(port),
                        None => return Said::Unknown,
                    }
                }
            }
            ports
        }
        Says::Word => words.iter().filter(|w| w.contains(':')).filter_map(|w| endpoint("tcp", w)).collect(),
    };
    if ports.is_empty() { Said::Nothing } else { Said::Ports(ports) }
}

/// `-p`, `-p80` and `--port=80`, but not `-P` or `-pidfile`.
fn matches_option(word: &str, option: &str) -> bool {
    match word.strip_prefix(option) {
        Some("") => true,
        Some(rest) if option.starts_with("--") => rest.starts_with('='),
        Some(rest) => rest.starts_with(|c: char| c.is_ascii_digit() || c == '[' || c == '$' || c == ':'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_as_they_are_written() {
        for (text, port) in [
            ("80", Some("tcp/80")),
            ("*:80", Some("tcp/80")),
            ("0.0.0.0:80", Some("tcp/80")),
            ("[::]:80", Some("tcp/80")),
            ("127.0.0.1:8080", Some("tcp/127.0.0.1:8080")),
            ("[::1]:22", Some("tcp/[::1]:22")),
            ("fe80::1", None),
            ("0", None),
            ("65536", None),
            ("$PORT", None),
            ("/run/x.sock", None),
        ] {
            assert_eq!(endpoint("tcp", text).as_deref(), port, "{text}");
        }
    }

    #[test]
    fn options_are_told_apart() {
        assert!(matches_option("-p", "-p") && matches_option("-p80", "-p") && matches_option("--port=1", "--port"));
        assert!(!matches_option("-pidfile", "-p") && !matches_option("--ports", "--port"));
    }
}

//! Looks at one TLS server and writes the facts as JSON: `cargo run --example tls -- 127.0.0.1:443 [NAME|-] [udp|smtp|imap|pop3|ftp]`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for trying out")]

use std::time::Instant;

use sekisho_net::tls::{Starttls, look};
use sekisho_net::{Bounds, Budget, Endpoint, Stop};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).map(String::as_str);
    let Some(address) = argument(0).and_then(|address| address.parse().ok()) else {
        eprintln!("usage: tls ADDRESS:PORT [NAME|-] [udp|smtp|imap|pop3|ftp]");
        return;
    };
    let name = argument(1).filter(|name| *name != "-");
    let starttls = match argument(2) {
        Some("smtp") => Some(Starttls::Smtp),
        Some("imap") => Some(Starttls::Imap),
        Some("pop3") => Some(Starttls::Pop3),
        Some("ftp") => Some(Starttls::Ftp),
        _ => None,
    };
    let endpoint = if argument(2) == Some("udp") { Endpoint::udp(address, name) } else { Endpoint::tcp(address, name) };
    let budget = Budget::new(Bounds::default(), Stop::default());
    let start = Instant::now();
    let findings = look(&endpoint, starttls, None, time::OffsetDateTime::now_utc(), &budget);
    for (fact, _) in &findings.facts {
        println!("{}", serde_json::to_string(fact).unwrap_or_default());
    }
    for (_, gap) in &findings.gaps {
        println!("gap: {}", gap.reason.en);
    }
    eprintln!("{} requests in {:?}", budget.spent(), start.elapsed());
}

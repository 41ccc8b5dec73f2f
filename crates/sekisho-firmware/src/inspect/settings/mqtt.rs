//! Message brokers: `mosquitto`.

use super::super::services::socket;
use super::{File, pair, tls_version, yes_no};

/// `mosquitto.conf` (`man mosquitto.conf`).
pub(super) fn mosquitto(file: &mut File<'_>) {
    let mut tls: Option<(usize, String, bool)> = None;
    for (index, line) in file.lines() {
        let Some((key, value)) = pair(line) else { continue };
        match key {
            "allow_anonymous" => file.set(index, line, "anonymous", yes_no(value == "true")),
            "require_certificate" => file.set(index, line, "client-certificates", yes_no(value == "true")),
            "tls_version" => {
                if let Some(version) = tls_version(value) {
                    file.set(index, line, "tls-min-version", version);
                }
            }
            // Each listener is with or without TLS; the certificate stands behind its listener.
            "listener" | "port" => {
                let mut words = value.split_whitespace();
                let (port, address) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                file.listens(socket("tcp", address, port));
                if let Some((index, line, encrypted)) = tls.take() {
                    file.set(index, &line, "tls", yes_no(encrypted));
                }
                tls = Some((index, line.to_owned(), false));
            }
            "certfile" => {
                if let Some((_, _, encrypted)) = &mut tls {
                    *encrypted = true;
                } else {
                    tls = Some((index, line.to_owned(), true));
                }
            }
            _ => {}
        }
    }
    if let Some((index, line, encrypted)) = tls {
        file.set(index, &line, "tls", yes_no(encrypted));
    }
}

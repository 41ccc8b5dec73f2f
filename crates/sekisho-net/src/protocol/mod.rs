//! The messages of the protocols that are asked: requests as bytes, answers as far as they tell something. Nothing here touches a socket.
//!
//! A port proves nothing: a protocol is recognised by what the other side sent, or not at all.

pub(crate) mod adb;
pub(crate) mod bacnet;
pub(crate) mod datagram;
pub(crate) mod dns;
pub(crate) mod greeting;
pub(crate) mod head;
pub(crate) mod modbus;
pub(crate) mod mqtt;
pub(crate) mod snmp;
pub(crate) mod telnet;
pub(crate) mod tftp;
pub(crate) mod tls;

/// What an answer told of the service that gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Protocol, by the names of `NetworkService::protocol`.
    pub(crate) protocol: &'static str,
    /// Product that it says it is.
    pub(crate) product: Option<String>,
    /// Version that it says it is.
    pub(crate) version: Option<String>,
}

impl Told {
    /// A protocol whose answer names no product.
    pub(crate) fn new(protocol: &'static str) -> Self {
        Self { protocol, ..Self::default() }
    }

    /// A protocol with what its answer says of the software.
    pub(crate) fn with(protocol: &'static str, (product, version): (Option<String>, Option<String>)) -> Self {
        Self { protocol, product, version }
    }
}

/// What is shown of bytes that a service sent: printable, in one line, and no longer than names are.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim().chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Whether one text stands in another, whatever the case.
pub(crate) fn mentions(text: &str, word: &str) -> bool {
    text.to_ascii_lowercase().contains(&word.to_ascii_lowercase())
}

/// Product and version as `Server:` headers and banners write them: `nginx/1.22.1 (Debian)`, `OpenSSH_9.2p1`; a text of another form is the
/// product as a whole.
pub(crate) fn software(text: &str) -> (Option<String>, Option<String>) {
    let text = shown(text.as_bytes());
    let token = text.split_whitespace().next().unwrap_or_default();
    match token.split_once(['/', '_']) {
        Some((product, version)) if !product.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()) => {
            (Some(product.to_owned()), Some(version.trim_end_matches([',', ';', ')']).to_owned()))
        }
        _ if text.is_empty() => (None, None),
        _ => (Some(text), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn software_with_and_without_a_version() {
        let told = |text| {
            let (product, version) = software(text);
            (product.unwrap_or_default(), version.unwrap_or_default())
        };
        assert_eq!(told("nginx/1.22.1 (Debian)"), ("nginx".into(), "1.22.1".into()));
        assert_eq!(told("OpenSSH_9.2p1"), ("OpenSSH".into(), "9.2p1".into()));
        assert_eq!(told("Mini web server 1.0 ZTE"), ("Mini web server 1.0 ZTE".into(), String::new()));
        assert_eq!(told("uc_httpd"), ("uc_httpd".into(), String::new()));
        assert_eq!(told("  "), (String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400), first in 0usize..14) {
            let starts: [&[u8]; 14] = [
                b"", b"SSH-", b"220 ", b"HTTP/1.1 200 ", b"\xff\xfb\x01", b"AMQP", b"\x16\x03\x01", b"\x20\x02",
                b"\x4a\0\0\0\x0a", b"RFB 003.", b"\x30\x82", b"\x81\x0a",
                b"\x5e\x01\x84\0\0\0\0\x02\0\0\0\0\x01a\xc0\x0c\0\x0c\0\x01\0\0\0\x0a\0\x02\xc0", b"\x64\x45\x5e\x01seki",
            ];
            let bytes = [starts[first], &bytes].concat();
            let _ = (greeting::recognise(&bytes), head::Head::read(&bytes), tls::is_answer(&bytes), mqtt::connack(&bytes));
            let _ = (bacnet::read(&bytes), modbus::read(&bytes), snmp::read(&bytes), dns::services(&bytes), adb::read(&bytes));
            let _ = (tftp::read(&bytes), telnet::Terminal::default().take(&bytes));
            for question in &datagram::QUESTIONS {
                let _ = (question.told)(&bytes);
            }
            let _ = shown(&bytes);
        }
    }
}

//! The head of an answer as HTTP has it, and RTSP, SIP and SSDP after it (RFC 9112, 7826, 3261).

use super::{Told, shown, software};

/// Status and headers of an answer, and what came after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Name before the version: `HTTP`, `RTSP`, `SIP`, `ICY`.
    pub(crate) protocol: String,
    /// Status.
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// What follows the empty line.
    pub(crate) body: Vec<u8>,
}

impl Head {
    /// Reads an answer; none where its first line is no status line.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let line = line(&mut rest)?;
        let (version, after) = line.split_once(' ')?;
        let (protocol, number) = version.split_once('/')?;
        if !number.starts_with(|c: char| c.is_ascii_digit()) || !protocol.chars().all(|c| c.is_ascii_uppercase()) {
            return None;
        }
        let status = after.trim_start().get(..3)?.parse().ok()?;
        let mut headers = Vec::new();
        while let Some(header) = self::line(&mut rest) {
            if header.is_empty() || headers.len() == 100 {
                break;
            }
            if let Some((name, value)) = header.split_once(':') {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Some(Self { protocol: protocol.to_owned(), status, headers, body: rest.to_vec() })
    }

    /// The first header of this name, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The service that gives such answers.
    pub(crate) fn told(&self) -> Option<Told> {
        let protocol = match self.protocol.as_str() {
            "HTTP" => "http",
            "RTSP" => "rtsp",
            "SIP" => "sip",
            _ => return None,
        };
        let software = self.header("server").map(software).unwrap_or_default();
        Some(Told::with(protocol, software))
    }
}

/// The next line; none where nothing is left.
fn line(rest: &mut &[u8]) -> Option<String> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
    let (line, after) = rest.split_at(end);
    *rest = after.get(1..).unwrap_or_default();
    Some(shown_line(line))
}

/// Longer than what is shown elsewhere, for addresses stand in headers.
fn shown_line(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() <= 200 { shown(line) } else { String::from_utf8_lossy(line).chars().take(2000).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer() {
        let head = Head::read(b"HTTP/1.1 401 Unauthorized\r\nServer: lighttpd/1.4.69\r\nX: y\r\n\r\nbody").unwrap();
        assert_eq!((head.status, head.body.as_slice()), (401, &b"body"[..]));
        let told = head.told().unwrap();
        assert_eq!(told.protocol, "http");
        assert_eq!((told.product.as_deref(), told.version.as_deref()), (Some("lighttpd"), Some("1.4.69")));
    }

    #[test]
    fn other_protocols_of_the_same_form() {
        assert_eq!(Head::read(b"RTSP/1.0 200 OK\r\n\r\n").unwrap().told().unwrap().protocol, "rtsp");
        assert_eq!(Head::read(b"SIP/2.0 200 OK\n\n").unwrap().told().unwrap().protocol, "sip");
        assert_eq!(Head::read(b"GET / HTTP/1.1\r\n\r\n"), None);
        assert_eq!(Head::read(b"HTTP/1.1 abc\r\n\r\n"), None);
        assert_eq!(Head::read(b""), None);
    }
}

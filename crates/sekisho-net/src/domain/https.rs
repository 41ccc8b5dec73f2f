//! Fetching one small file over HTTPS (HTTP/1.1, RFC 9112), from a host that the domain's own records lead to.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use sekisho_model::coverage::Aspect;
use sekisho_model::network::FailureKind;
use time::OffsetDateTime;

use super::certificate;
use super::look::Look;
use crate::budget::Budget;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::secure::Secure;

/// Bytes of the lines before the file.
const HEAD: usize = 32 << 10;
/// Bytes of the file.
const BODY: usize = 64 << 10;

/// What a server answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    /// Its type, without parameters, in lower case.
    pub(super) media: Option<String>,
    /// Where it sends the client instead.
    pub(super) location: Option<String>,
    pub(super) body: Vec<u8>,
    /// Whether the server's certificate is for the host's name and in its time.
    pub(super) certificate_fits: Option<bool>,
}

/// What asking for a file came to.
pub(super) enum Got {
    /// The host's name has no address.
    NoHost,
    /// This.
    Page(Page),
    /// No proper answer, which is noted already.
    Failed,
}

/// Gets `path` from `host`.
pub(super) fn get(look: &mut Look<'_>, aspect: Aspect, host: &str, path: &str) -> Got {
    let Some(addresses) = look.addresses(&[aspect], host) else { return Got::Failed };
    if addresses.is_empty() {
        return Got::NoHost;
    }
    let port = look.resolver.reach().https;
    let mut last = Failure::new(FailureKind::Unresolved);
    match look.endpoints(&addresses, port) {
        Ok(endpoints) => {
            for endpoint in endpoints.into_iter().take(3) {
                match fetch(look.budget, endpoint, host, path, look.now) {
                    Ok(page) => return Got::Page(page),
                    Err(failure) if failure.ends_everything() => {
                        last = failure;
                        break;
                    }
                    Err(failure) => last = failure,
                }
            }
        }
        Err(failure) => last = failure,
    }
    look.unanswered(&[aspect], host, Some(port), "http-get", &last);
    Got::Failed
}

fn fetch(budget: &Budget, at: SocketAddr, host: &str, path: &str, now: OffsetDateTime) -> Result<Page, Failure> {
    let mut stream = Secure::open(Connection::open(budget, at)?, Some(host))?;
    let certificate_fits = certificate::fits(&stream.certificates(), host, now);
    let agent = concat!("sekisho/", env!("CARGO_PKG_VERSION"));
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: text/plain\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        // Some servers keep the connection although they were asked to close it.
        if let Some(page) = read(&bytes, false)? {
            return Ok(Page { certificate_fits, ..page });
        }
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        bytes.extend(buffer.iter().take(count));
        if bytes.len() > HEAD + 2 * BODY {
            return Err(Failure::new(FailureKind::TooMuch));
        }
    }
    let page = read(&bytes, true)?.ok_or_else(|| Failure::new(FailureKind::Closed))?;
    Ok(Page { certificate_fits, ..page })
}

/// Reads an answer as far as it has come; `None` where more of it must. `ended`: nothing will.
fn read(bytes: &[u8], ended: bool) -> Result<Option<Page>, Failure> {
    let Some(end) = bytes.windows(4).take(HEAD).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > HEAD { Err(Failure::new(FailureKind::TooMuch)) } else { Ok(None) };
    };
    let (head, body) = bytes.split_at_checked(end + 4).unwrap_or((bytes, &[]));
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1."))
        .and_then(|line| line.split(' ').nth(1))
        .filter(|code| code.len() == 3)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| Failure::nonsense("no answer of HTTP/1"))?;
    let mut page = Page { status, ..Page::default() };
    let mut length = None;
    let mut chunked = false;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => {
                length = Some(value.parse::<usize>().map_err(|_| Failure::nonsense("a broken length"))?);
            }
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "content-type" => {
                page.media = Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
            }
            "location" => page.location = Some(value.to_owned()),
            _ => {}
        }
    }
    let body = if chunked {
        dechunked(body)?
    } else {
        match length {
            Some(length) => body.get(..length).map(<[u8]>::to_vec),
            None => ended.then(|| body.to_vec()),
        }
    };
    if body.as_ref().map_or(length.unwrap_or_default(), Vec::len) > BODY {
        return Err(Failure::new(FailureKind::TooMuch));
    }
    Ok(body.map(|body| Page { body, ..page }))
}

/// The content of a body in chunks; `None` where its end has not come.
fn dechunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let broken = || Failure::nonsense("broken chunks");
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else { return Ok(None) };
        let size = rest.get(..end).and_then(|line| std::str::from_utf8(line).ok()).ok_or_else(broken)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| broken())?;
        if size == 0 {
            return Ok(Some(body));
        }
        if size > BODY || body.len() > BODY {
            return Err(Failure::new(FailureKind::TooMuch));
        }
        let Some(chunk) = rest.get(end + 2..end + 2 + size) else { return Ok(None) };
        body.extend(chunk);
        let Some(after) = rest.get(end + 4 + size..) else { return Ok(None) };
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> Result<Option<Page>, Failure> {
        read(text.as_bytes(), true)
    }

    #[test]
    fn forms_of_bodies() {
        let page =
            whole("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi and more");
        let page = page.unwrap().unwrap();
        assert_eq!((page.status, page.media.as_deref(), &*page.body), (200, Some("text/plain"), &b"hi"[..]));
        let page = whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n");
        assert_eq!(page.unwrap().unwrap().body, b"hi!");
        let page = whole("HTTP/1.0 404 Not Found\r\n\r\nno");
        assert_eq!(page.unwrap().unwrap().status, 404);
        assert_eq!(whole("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi").unwrap(), None);
        assert_eq!(whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi").unwrap(), None);
    }

    #[test]
    fn nonsense() {
        assert_eq!(whole("220 hello\r\n\r\n").unwrap_err().kind, FailureKind::Nonsense);
        let huge = whole("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nhi");
        assert_eq!(huge.unwrap_err().kind, FailureKind::TooMuch);
        let huge = whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhi");
        assert_eq!(huge.unwrap_err().kind, FailureKind::TooMuch);
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), chunks in "[0-9a-f\r\n;]{0,40}") {
            let _ = read(&bytes, true);
            let _ = dechunked(chunks.as_bytes());
            let _ = whole(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        }
    }
}

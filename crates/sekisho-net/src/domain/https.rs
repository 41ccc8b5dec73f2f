//! Fetching one small file over HTTPS, from a host that the domain's own records lead to.

use std::net::SocketAddr;

use sekisho_model::coverage::Aspect;
use sekisho_model::network::FailureKind;
use time::OffsetDateTime;
use url::Url;

use super::certificate;
use super::look::Look;
use crate::budget::Budget;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::http::{Request, Response};
use crate::secure::Secure;

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
    let url = Url::parse(&format!("https://{host}{path}")).map_err(|error| Failure::nonsense(error.to_string()))?;
    let mut stream = Secure::open(Connection::open(budget, at)?, Some(host))?;
    let certificate_fits = certificate::fits(&stream.certificates(), host, now);
    let response = Request::get(&url).exchange(&mut stream)?;
    Ok(Page { certificate_fits, ..read(response)? })
}

/// What of an answer counts here. A file that breaks off is none.
fn read(response: Response) -> Result<Page, Failure> {
    if let Some(failure) = response.cut {
        return Err(failure);
    }
    if response.body.len() > BODY {
        return Err(Failure::new(FailureKind::TooMuch));
    }
    let media = response.header("content-type").and_then(|kind| kind.split(';').next());
    Ok(Page {
        status: response.status,
        media: media.map(|kind| kind.trim().to_ascii_lowercase()),
        location: response.header("location").map(str::to_owned),
        body: response.body,
        certificate_fits: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<Page, Failure> {
        Response::read(&mut text.as_bytes(), "GET", BODY + 2).and_then(read)
    }

    #[test]
    fn forms_of_bodies() {
        let page =
            whole("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi and more");
        let page = page.unwrap();
        assert_eq!((page.status, page.media.as_deref(), &*page.body), (200, Some("text/plain"), &b"hi"[..]));
        let page = whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n");
        assert_eq!(page.unwrap().body, b"hi!");
        assert_eq!(whole("HTTP/1.0 404 Not Found\r\n\r\nno").unwrap().status, 404);
    }

    #[test]
    fn what_is_not_whole_is_no_file() {
        for (text, kind) in [
            ("220 hello\r\n\r\n", FailureKind::Nonsense),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", FailureKind::Closed),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi", FailureKind::Closed),
        ] {
            assert_eq!(whole(text).unwrap_err().kind, kind, "{text}");
        }
        let huge = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(BODY + 1));
        assert_eq!(whole(&huge).unwrap_err().kind, FailureKind::TooMuch);
    }
}

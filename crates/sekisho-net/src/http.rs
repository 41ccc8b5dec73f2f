//! Requests and answers of HTTP/1.1 (RFC 9112), as far as a look at a server needs them.

use std::fmt::Write as _;
use std::io::{Read, Write};

use flate2::read::GzDecoder;
use sekisho_model::network::FailureKind;
use url::Url;

use crate::failure::Failure;

/// The longest head that is read.
const HEAD: usize = 64 << 10;
/// The most header fields in it.
const FIELDS: usize = 128;
/// The longest body that is kept where nothing else is said, before and after it is unpacked.
const BODY: usize = 512 << 10;
/// Interim answers (1xx) before the final one.
const INTERIM: usize = 4;

/// A question.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: &'a Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// The longest body of an answer that is kept, before and after it is unpacked.
    pub(crate) room: usize,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Why the body ends before its end.
    pub(crate) cut: Option<Failure>,
}

impl<'a> Request<'a> {
    pub(crate) fn get(url: &'a Url) -> Self {
        Self { method: "GET", url, headers: Vec::new(), body: Vec::new(), room: BODY }
    }

    /// What a browser sends for a form.
    pub(crate) fn post(url: &'a Url, fields: &[(String, String)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())];
        Self { method: "POST", url, headers, body: body.into_bytes(), room: BODY }
    }

    /// The path and query, as the request line names them.
    pub(crate) fn target(url: &Url) -> String {
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    fn head(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let host = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sekisho/{}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n",
            self.method,
            Self::target(self.url),
            env!("CARGO_PKG_VERSION"),
        );
        for (name, value) in &self.headers {
            // What the other side once said (cookies, tokens) must not begin a line of its own.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if !self.body.is_empty() || self.method == "POST" {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        head.push_str("\r\n");
        head
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// Where no whole head of an answer comes. A body that breaks off is kept, with the reason.
    pub(crate) fn exchange(&self, wire: &mut (impl Read + Write)) -> Result<Response, Failure> {
        let mut bytes = self.head().into_bytes();
        bytes.extend_from_slice(&self.body);
        wire.write_all(&bytes)?;
        wire.flush()?;
        Response::read(wire, self.method, self.room)
    }
}

impl Response {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// All headers of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Whether browsers take it for a page: they guess where no type is told.
    pub(crate) fn is_html(&self) -> bool {
        self.header("content-type").is_none_or(|kind| kind.to_ascii_lowercase().contains("html"))
    }

    /// The body as text: in the encoding that the header or the page names, else UTF-8.
    pub(crate) fn text(&self) -> String {
        let start = String::from_utf8_lossy(self.body.get(..1024).unwrap_or(&self.body)).to_ascii_lowercase();
        let declared = self.header("content-type").map(str::to_ascii_lowercase);
        let label = declared.as_deref().and_then(charset).or_else(|| charset(&start));
        let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        encoding.unwrap_or(encoding_rs::UTF_8).decode(&self.body).0.into_owned()
    }

    /// Reads an answer to a request of this method, with at most `room` bytes of body.
    pub(crate) fn read(wire: &mut impl Read, method: &str, room: usize) -> Result<Self, Failure> {
        let mut incoming = Incoming { wire, buffer: Vec::new(), at: 0, room };
        for _ in 0..INTERIM {
            let mut response = head(&incoming.head()?)?;
            if (100..200).contains(&response.status) {
                continue;
            }
            // RFC 9112, section 6.3.
            if method != "HEAD" && !matches!(response.status, 204 | 304) {
                response.read_body(&mut incoming);
                response.unpack(room);
            }
            return Ok(response);
        }
        Err(Failure::nonsense("interim answers without end"))
    }

    fn read_body<R: Read>(&mut self, incoming: &mut Incoming<'_, R>) {
        let chunked =
            self.all("transfer-encoding").any(|coding| coding.to_ascii_lowercase().trim_end().ends_with("chunked"));
        let length = self.header("content-length").and_then(|length| length.trim().parse::<usize>().ok());
        let mut body = Vec::new();
        let ended = if chunked {
            incoming.chunks(&mut body)
        } else if let Some(length) = length {
            incoming.take(length, &mut body)
        } else {
            incoming.rest(&mut body)
        };
        self.body = body;
        self.cut = ended.err();
    }

    /// Small devices hold their pages packed and send them so whatever they are asked for.
    fn unpack(&mut self, room: usize) {
        let coding = self.header("content-encoding").map(|coding| coding.trim().to_ascii_lowercase());
        match coding.as_deref() {
            None | Some("identity" | "") => {}
            Some("gzip" | "x-gzip") => {
                let mut body = Vec::new();
                let read = GzDecoder::new(self.body.as_slice()).take(room as u64 + 1).read_to_end(&mut body);
                if body.len() > room {
                    body.truncate(room);
                    self.cut = Some(Failure::new(FailureKind::TooMuch));
                } else if read.is_err() && self.cut.is_none() {
                    self.cut = Some(Failure::nonsense("content-encoding: gzip"));
                }
                self.body = body;
            }
            Some(other) => {
                self.cut = Some(Failure::nonsense(format!(
                    "content-encoding: {}",
                    other.chars().take(20).collect::<String>()
                )));
                self.body.clear();
            }
        }
    }
}

/// The value of `charset=` in lower-case text.
fn charset(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'']);
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).next()
}

fn head(bytes: &[u8]) -> Result<Response, Failure> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Response::new(&mut fields);
    let mut config = httparse::ParserConfig::default();
    // As browsers do: small servers are careless.
    config
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    match config.parse_response(&mut parsed, bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(Failure::new(FailureKind::Closed)),
        Err(httparse::Error::TooManyHeaders) => return Err(Failure::new(FailureKind::TooMuch)),
        Err(error) => return Err(Failure::nonsense(error.to_string())),
    }
    let headers = parsed
        .headers
        .iter()
        .map(|field| (field.name.to_ascii_lowercase(), String::from_utf8_lossy(field.value).trim().to_owned()))
        .collect();
    Ok(Response { status: parsed.code.unwrap_or_default(), headers, ..Response::default() })
}

/// What comes in, with what was read too far.
struct Incoming<'w, R> {
    wire: &'w mut R,
    buffer: Vec<u8>,
    at: usize,
    /// Bytes of body that are kept.
    room: usize,
}

impl<R: Read> Incoming<'_, R> {
    fn left(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Reads on; whether anything came.
    fn fill(&mut self) -> Result<bool, Failure> {
        let mut next = [0; 8192];
        let read = self.wire.read(&mut next)?;
        self.buffer.drain(..self.at.min(self.buffer.len()));
        self.at = 0;
        self.buffer.extend_from_slice(next.get(..read).unwrap_or_default());
        Ok(read > 0)
    }

    /// All up to and with the empty line.
    fn head(&mut self) -> Result<Vec<u8>, Failure> {
        let mut searched = 0;
        loop {
            let left = self.left();
            if !left.is_empty() && !left.iter().zip(b"HTTP/").all(|(is, should)| is == should) {
                return Err(Failure::nonsense("no status line"));
            }
            let lines = left.iter().enumerate().skip(searched).filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            let end = lines.into_iter().find_map(|at| match left.get(at + 1..) {
                Some([b'\n', ..]) => Some(at + 2),
                Some([b'\r', b'\n', ..]) => Some(at + 3),
                _ => None,
            });
            if let Some(end) = end {
                let head = left.get(..end).unwrap_or_default().to_vec();
                self.at += end;
                return Ok(head);
            }
            if left.len() > HEAD {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            searched = left.len().saturating_sub(2);
            if !self.fill()? {
                return Err(Failure::new(FailureKind::Closed));
            }
        }
    }

    /// Moves `count` bytes into `body`.
    fn take(&mut self, count: usize, body: &mut Vec<u8>) -> Result<(), Failure> {
        let mut missing = count;
        loop {
            let now = missing.min(self.left().len());
            let room = self.room.saturating_sub(body.len());
            body.extend_from_slice(self.left().get(..now.min(room)).unwrap_or_default());
            if now > room {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            self.at += now;
            missing -= now;
            if missing == 0 {
                return Ok(());
            }
            if !self.fill()? {
                return Err(Failure::new(FailureKind::Closed));
            }
        }
    }

    /// Everything until the other side closes.
    fn rest(&mut self, body: &mut Vec<u8>) -> Result<(), Failure> {
        loop {
            self.take(self.left().len(), body)?;
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// RFC 9112, section 7.1. Trailers are of no interest.
    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<(), Failure> {
        loop {
            let line = self.line()?;
            let size = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
            let size = std::str::from_utf8(size).ok().filter(|size| !size.starts_with('+'));
            let size = size.and_then(|size| usize::from_str_radix(size, 16).ok());
            match size {
                None => return Err(Failure::nonsense("chunk size")),
                Some(0) => return Ok(()),
                Some(size) => self.take(size, body)?,
            }
            if !self.line()?.is_empty() {
                return Err(Failure::nonsense("end of chunk"));
            }
        }
    }

    /// A short line without its end.
    fn line(&mut self) -> Result<Vec<u8>, Failure> {
        loop {
            if let Some(end) = self.left().iter().position(|byte| *byte == b'\n') {
                let line = self.left().get(..end).unwrap_or_default().trim_ascii_end().to_vec();
                self.at += end + 1;
                return Ok(line);
            }
            if self.left().len() > 256 {
                return Err(Failure::nonsense("line of a chunk"));
            }
            if !self.fill()? {
                return Err(Failure::new(FailureKind::Closed));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(mut bytes: &[u8]) -> Result<Response, Failure> {
        Response::read(&mut bytes, "GET", BODY)
    }

    #[test]
    fn bodies_of_every_length() {
        let length = read(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef").unwrap();
        assert_eq!((length.body.as_slice(), &length.cut), (b"abc".as_slice(), &None));
        let chunked =
            read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
        assert_eq!(chunked.unwrap().body, b"abc0123456789");
        let closed = read(b"HTTP/1.0 200 OK\nServer: x\n\nabc").unwrap();
        assert_eq!((closed.body.as_slice(), closed.header("server")), (b"abc".as_slice(), Some("x")));
        let early = read(b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc").unwrap();
        assert_eq!((early.body.as_slice(), early.cut.unwrap().kind), (b"abc".as_slice(), FailureKind::Closed));
        let interim = read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nabc").unwrap();
        assert_eq!((interim.status, interim.body.len()), (204, 0));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(read(b"SSH-2.0-OpenSSH\r\n").unwrap_err().kind, FailureKind::Nonsense);
        assert_eq!(read(b"HTTP/1.1 200 OK\r\n").unwrap_err().kind, FailureKind::Closed);
        assert_eq!(read(b"").unwrap_err().kind, FailureKind::Closed);
        let endless = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(20_000)].concat();
        assert_eq!(read(&endless).unwrap_err().kind, FailureKind::TooMuch);
        let many = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(200), b"\r\n".to_vec()].concat();
        assert_eq!(read(&many).unwrap_err().kind, FailureKind::TooMuch);
    }

    #[test]
    fn packed_bodies_are_unpacked_within_bounds() {
        let pack = |bytes: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(bytes).unwrap();
            [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec(), encoder.finish().unwrap()].concat()
        };
        assert_eq!(read(&pack(b"<p>small")).unwrap().body, b"<p>small");
        let bomb = read(&pack(&vec![0; 50 << 20])).unwrap();
        assert_eq!((bomb.body.len(), bomb.cut.unwrap().kind), (BODY, FailureKind::TooMuch));
    }

    #[test]
    fn text_is_read_in_its_encoding() {
        let response = Response { body: b"<meta charset=Shift_JIS>\x83\x8d\x83\x4f".to_vec(), ..Response::default() };
        assert!(response.text().ends_with("ログ"));
    }

    #[test]
    fn no_header_breaks_out_of_its_line() {
        let url = Url::parse("http://192.0.2.1:8080/a?b=c").unwrap();
        let mut request = Request::get(&url);
        request.headers.push(("Cookie", "a=b\r\nX: y".to_owned()));
        let head = request.head();
        assert!(
            head.starts_with("GET /a?b=c HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n") && head.contains("Cookie: a=bX: y\r\n")
        );
    }

    proptest! {
        #[test]
        fn any_bytes(bytes: Vec<u8>, length in 0usize..100, chunked: bool) {
            let _ = read(&bytes);
            let coding = if chunked { "Transfer-Encoding: chunked".to_owned() } else { format!("Content-Length: {length}") };
            let mut whole = format!("HTTP/1.1 200 OK\r\n{coding}\r\nContent-Encoding: gzip\r\n\r\n").into_bytes();
            whole.extend_from_slice(&bytes);
            if let Ok(response) = read(&whole) {
                prop_assert!(response.body.len() <= BODY);
                let _ = response.text();
            }
        }
    }
}

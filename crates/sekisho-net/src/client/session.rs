//! One connection of a client, to the point where it shows what it makes of the certificate.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::server::Acceptor;
use rustls::{AlertDescription, Error, ProtocolVersion, ServerConnection};

use super::certificates::{self, Presented};
use super::{ClientTest, alert};
use crate::budget::{Stop, TICK};

/// Bytes of a client that are read.
const MOST: u64 = 256 << 10;

/// What a client did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Whether it asked for TLS at all, in a version that is spoken here, so that it was shown the certificate.
    pub(super) shown: bool,
    /// Whether it finished the handshake.
    pub(super) finished: bool,
    /// Whether it sent application data.
    pub(super) sent: bool,
    /// Whether it ended the connection itself.
    pub(super) ended: bool,
    pub(super) alert: Option<AlertDescription>,
    pub(super) server_name: Option<String>,
    pub(super) version: Option<&'static str>,
}

impl Seen {
    /// Whether it took the certificate, as far as this connection alone tells.
    pub(super) fn accepted(&self) -> Option<bool> {
        if self.sent {
            Some(true)
        } else {
            self.alert.filter(|alert| alert::refuses_certificate(*alert)).map(|_| false)
        }
    }
}

/// Presents a certificate to a client, and waits until it sends data or ends the connection.
pub(super) fn hold(
    stream: &TcpStream,
    presented: Presented,
    test: &ClientTest<'_>,
    until: Instant,
    stop: &Stop,
) -> Seen {
    let mut seen = Seen::default();
    let mut line = Line { stream, until, stop, left: MOST };
    if stream.set_nonblocking(false).is_err() {
        return seen;
    }
    let mut acceptor = Acceptor::default();
    let accepted = loop {
        match acceptor.read_tls(&mut line) {
            Ok(0) | Err(_) => return seen,
            Ok(_) => {}
        }
        match acceptor.accept() {
            Ok(None) => {}
            Ok(Some(accepted)) => break accepted,
            Err((_, mut alert)) => {
                let _ = alert.write_all(&mut line);
                return seen;
            }
        }
    };
    seen.server_name = accepted.client_hello().server_name().map(str::to_owned);
    let mut names = test.names.to_vec();
    if let Some(name) = seen.server_name.as_ref().filter(|name| !names.contains(name)) {
        names.push(name.clone());
    }
    let Ok(config) = certificates::server(presented, &names, test.authority) else { return seen };
    match accepted.into_connection(config) {
        Ok(connection) => {
            seen.shown = true;
            converse(connection, &mut line, &mut seen);
        }
        // No version or suite in common.
        Err((_, mut alert)) => {
            let _ = alert.write_all(&mut line);
        }
    }
    seen
}

fn converse(mut connection: ServerConnection, line: &mut Line<'_>, seen: &mut Seen) {
    loop {
        while connection.wants_write() {
            if connection.write_tls(line).is_err() {
                break;
            }
        }
        let read = connection.read_tls(line);
        let state = match &read {
            // What still lies there is worked off all the same.
            Ok(_) => connection.process_new_packets(),
            Err(error) => {
                seen.ended = !matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Interrupted);
                return;
            }
        };
        seen.version = connection.protocol_version().and_then(version_name);
        seen.finished = !connection.is_handshaking();
        match state {
            Ok(state) => {
                seen.sent |= state.plaintext_bytes_to_read() > 0;
                seen.ended = state.peer_has_closed() || matches!(read, Ok(0));
            }
            Err(Error::AlertReceived(alert)) => {
                seen.alert = Some(alert);
                seen.ended = true;
            }
            Err(_) => {
                let _ = connection.write_tls(line);
                return;
            }
        }
        if seen.sent || seen.ended {
            connection.send_close_notify();
            let _ = connection.write_tls(line);
            return;
        }
    }
}

fn version_name(version: ProtocolVersion) -> Option<&'static str> {
    match version {
        ProtocolVersion::TLSv1_2 => Some("tls1.2"),
        ProtocolVersion::TLSv1_3 => Some("tls1.3"),
        _ => None,
    }
}

/// The connection, within its bounds.
struct Line<'s> {
    stream: &'s TcpStream,
    until: Instant,
    stop: &'s Stop,
    left: u64,
}

impl Line<'_> {
    fn slice(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() || self.stop.asked() { Err(ErrorKind::TimedOut.into()) } else { Ok(left.min(TICK)) }
    }
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(self.slice()?))?;
            if self.left == 0 {
                return Err(ErrorKind::TimedOut.into());
            }
            match (&mut &*self.stream).take(self.left).read(buffer) {
                Err(error) if is_pause(&error) => {}
                Ok(read) => {
                    self.left -= read as u64;
                    return Ok(read);
                }
                other => return other,
            }
        }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            self.stream.set_write_timeout(Some(self.slice()?))?;
            match (&mut &*self.stream).write(bytes) {
                Err(error) if is_pause(&error) => {}
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

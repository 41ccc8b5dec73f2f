//! Lets a client connect to a server that it should refuse, and notes what it does.
//!
//! The certificates are made in memory, each with one fault. What counts: a client **accepted** a certificate where it sent application data after
//! the handshake; it **refused** it where it broke off with an alert about certificates. A finished handshake alone does not count: in TLS 1.3
//! the client's Finished means that its TLS has accepted the certificate, but some programs look at the name only after it and before they send
//! (curl does). A client that ends the connection without a word refused the certificate only if it sent data under the one that it should trust,
//! presented in the same test; else what it did does not tell.

mod alert;
mod certificates;
mod session;
mod test;

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;

pub use certificates::Authority;

use crate::budget::{Stop, TICK};
use crate::findings::Findings;
use certificates::Presented;
use test::Clients;

/// What is looked at.
const ASPECTS: &[Aspect] = &[Aspect::ClientTls];

/// A test of clients.
#[derive(Debug, Clone, Copy)]
pub struct ClientTest<'a> {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// Names and addresses by which clients know the server. The name that a client asks for (RFC 6066, section 3) is taken beside them.
    pub names: &'a [String],
    /// An authority that the clients trust. Without one, every certificate has an untrusted signer as a second fault.
    pub authority: Option<&'a Authority>,
    /// How long to listen.
    pub time: Duration,
    /// Times that each certificate is presented until it is seen what a client makes of it.
    pub attempts: u32,
    /// How long a client may take for one connection.
    pub conversation: Duration,
}

impl<'a> ClientTest<'a> {
    /// A test with three attempts and ten seconds for a connection.
    pub fn new(address: SocketAddr, names: &'a [String], authority: Option<&'a Authority>, time: Duration) -> Self {
        Self { address, names, authority, time, attempts: 3, conversation: Duration::from_secs(10) }
    }
}

/// Listens until it was seen what each client makes of each certificate, the time is up, or the user stops it. `on_ready` is told where it listens.
pub fn listen(test: &ClientTest<'_>, stop: &Stop, on_ready: impl FnOnce(SocketAddr)) -> Findings {
    let mut findings = Findings::default();
    let place = test.address.to_string();
    let opened = TcpListener::bind(test.address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    let listener = match opened {
        Ok((listener, address)) => {
            on_ready(address);
            listener
        }
        Err(error) => {
            let reason = Text::new(
                format!("it was not possible to listen there: {error}"),
                format!("この待ち受けアドレスを開けなかった：{error}"),
            );
            findings.gap(ASPECTS, &place, &reason);
            return findings;
        }
    };
    let end = Instant::now() + test.time;
    let mut clients = Clients::new(test);
    while Instant::now() < end && !stop.asked() && !clients.all_decided() {
        match listener.accept() {
            Ok((stream, peer)) => {
                let Some(presented) = clients.next(peer.ip()) else { continue };
                let until = end.min(Instant::now() + test.conversation);
                let seen = session::hold(&stream, presented, test, until, stop);
                clients.note(peer.ip(), presented, seen);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(TICK / 4),
            // One that went away again before it was taken, say.
            Err(_) => thread::sleep(TICK),
        }
    }
    clients.tell(&mut findings, &place);
    findings
}

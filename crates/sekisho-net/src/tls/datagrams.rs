//! One hello over UDP (DTLS 1.0, RFC 4347; 1.2, RFC 6347), and the answer to it: cookies, fragments, lost datagrams.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use sekisho_model::network::FailureKind;

use super::answer::{Answer, Reader};
use super::hello::{Offer, client_hello};
use super::stream::be24;
use super::version::Version;
use crate::budget::{Budget, TICK};
use crate::failure::Failure;

/// Times that a hello is sent, and how long its answer is waited for: doubled each time, from the second that RFC 6347, section 4.2.4.1, begins
/// with.
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_secs(1);

/// Datagrams of one answer that are read.
const DATAGRAMS: usize = 200;

/// Messages that are put together at the same time, and how far ahead they may be numbered.
const MESSAGES: u16 = 16;

/// Sends a hello from a fresh port, and again with the server's cookie.
///
/// # Errors
/// Where there is no answer in time, or it is none of DTLS's.
pub(super) fn ask(budget: &Budget, address: SocketAddr, offer: &Offer<'_>) -> Result<Answer, Failure> {
    let any: SocketAddr =
        if address.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(address)?;
    let mut exchange = Exchange { budget, socket, sent: 0, end: budget.conversation_end(), offer };
    let answer = exchange.answer();
    // A server that waits for the client's turn would send its own again and again: an alert, `user_canceled`, ends that.
    if matches!(answer, Ok(Answer::Agreed(_))) {
        let _ = exchange.send(21, &[2, 90]);
    }
    answer
}

struct Exchange<'a> {
    budget: &'a Budget,
    socket: UdpSocket,
    /// Records sent so far, which number them.
    sent: u8,
    end: Instant,
    offer: &'a Offer<'a>,
}

impl Exchange<'_> {
    fn answer(&mut self) -> Result<Answer, Failure> {
        let (mut cookie, mut turn) = (Vec::new(), 0);
        let mut messages = Messages::default();
        let mut reader = Reader::default();
        let mut datagrams = 0;
        for round in 0..TRIES {
            self.budget.spend()?;
            self.hello(turn, &cookie)?;
            let mut until = Instant::now() + WAIT * 2_u32.pow(round);
            while let Some(datagram) = self.receive(until)? {
                datagrams += 1;
                if datagrams > DATAGRAMS {
                    return Err(Failure::new(FailureKind::TooMuch));
                }
                for (kind, body) in records(&datagram) {
                    match (kind, body) {
                        (22, body) => messages.take(body),
                        // Fatal, or good-bye.
                        (21, [level, code]) if (*level == 2 || *code == 0) && reader.is_empty() => {
                            return Ok(Answer::Alert(*code));
                        }
                        _ => {}
                    }
                }
                while let Some((kind, body)) = messages.next() {
                    if kind == 3 {
                        // HelloVerifyRequest: version, cookie. Only the first counts; a copy of it is old.
                        let new = body.get(3..).unwrap_or_default();
                        if cookie.is_empty()
                            && !new.is_empty()
                            && body.get(2).map(|n| usize::from(*n)) == Some(new.len())
                        {
                            cookie = new.to_vec();
                            turn = 1;
                            self.budget.spend()?;
                            self.hello(turn, &cookie)?;
                            until = Instant::now() + WAIT;
                        }
                    } else if !reader.take(kind, &body) {
                        return Err(Failure::nonsense(format!("a message of type {kind}")));
                    }
                }
                if reader.is_done() {
                    return finish(reader);
                }
            }
        }
        if reader.is_empty() { Err(Failure::new(FailureKind::TimedOut)) } else { finish(reader) }
    }

    fn hello(&mut self, turn: u8, cookie: &[u8]) -> Result<(), Failure> {
        let body = client_hello(self.offer, cookie);
        let length = (body.len() as u32).to_be_bytes();
        let length = length.get(1..).unwrap_or_default();
        // Type, length, number, and one fragment that is the whole.
        let message = [&[1], length, &[0, turn], &[0; 3], length, &body].concat();
        self.send(22, &message)
    }

    fn send(&mut self, kind: u8, body: &[u8]) -> Result<(), Failure> {
        let version = Version::Dtls10.code().to_be_bytes();
        let length = (body.len() as u16).to_be_bytes();
        let record = [&[kind], version.as_slice(), &[0, 0, 0, 0, 0, 0, 0, self.sent], &length, body].concat();
        self.sent = self.sent.wrapping_add(1);
        self.socket.send(&record)?;
        Ok(())
    }

    /// The next datagram; none where none comes until then.
    fn receive(&self, until: Instant) -> Result<Option<Vec<u8>>, Failure> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            self.budget.check()?;
            let left = until.min(self.end).saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.socket.set_read_timeout(Some(left.min(TICK)))?;
            match self.socket.recv(&mut buffer) {
                Ok(read) => {
                    buffer.truncate(read);
                    return Ok(Some(buffer));
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn finish(reader: Reader) -> Result<Answer, Failure> {
    let flight = reader.finish().ok_or_else(|| Failure::nonsense("no hello"))?;
    Ok(Answer::Agreed(Box::new(flight)))
}

/// The records of a datagram that are not encrypted: type and body.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            let (header, after) = rest.split_first_chunk::<13>()?;
            let [kind @ 20..=23, 0xfe, 0xff | 0xfd, epoch @ ..] = header else { return None };
            let [0, 0, _, _, _, _, _, _, high, low] = epoch else { return None };
            let body = after.get(..usize::from(u16::from_be_bytes([*high, *low])))?;
            rest = after.get(body.len()..)?;
            if !body.is_empty() {
                return Some((*kind, body));
            }
        }
    })
}

/// Puts fragments together (RFC 6347, section 4.2.3), and gives the messages in their order.
#[derive(Debug, Default)]
struct Messages {
    /// By number: type, and bytes with the note whether each is there.
    parts: BTreeMap<u16, (u8, Vec<Option<u8>>)>,
    /// Number of the message that comes next.
    next: u16,
    /// Whether the server's hello was seen.
    begun: bool,
}

impl Messages {
    fn take(&mut self, mut fragments: &[u8]) {
        while let Some((header, rest)) = fragments.split_first_chunk::<12>() {
            let [kind, whole @ .., _, _, _, _, _, _, _, _] = header;
            let [_, _, _, _, high, low, offset @ ..] = header;
            let (whole, number) = (be24(whole), u16::from_be_bytes([*high, *low]));
            let (offset, length) = (be24(offset), be24(offset.get(3..).unwrap_or_default()));
            let Some(body) = rest.get(..length) else { return };
            fragments = rest.get(length..).unwrap_or_default();
            // A server that answered with a cookie goes on with 1, or begins anew with 0 where it kept nothing: both occur.
            if *kind == 2 && !self.begun {
                self.next = number;
                self.begun = true;
            }
            let wanted = number >= self.next && number - self.next < MESSAGES;
            if !wanted || whole > Reader::MOST || offset + length > whole {
                continue;
            }
            let (_, bytes) = self.parts.entry(number).or_insert_with(|| (*kind, vec![None; whole]));
            for (place, byte) in bytes.iter_mut().skip(offset).zip(body) {
                *place = Some(*byte);
            }
        }
    }

    /// The next message, where it is whole.
    fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let bytes: Vec<u8> = self.parts.get(&self.next)?.1.iter().copied().collect::<Option<_>>()?;
        let (kind, _) = self.parts.remove(&self.next)?;
        self.next = self.next.saturating_add(1);
        Some((kind, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fragment(kind: u8, number: u8, whole: u8, offset: u8, body: &[u8]) -> Vec<u8> {
        [&[kind, 0, 0, whole, 0, number, 0, 0, offset, 0, 0, body.len() as u8], body].concat()
    }

    #[test]
    fn fragments_in_any_order() {
        let mut messages = Messages::default();
        messages.take(&fragment(11, 1, 2, 0, b"zz"));
        messages.take(&fragment(2, 0, 5, 3, b"de"));
        assert_eq!(messages.next(), None);
        // An overlap is none the worse.
        messages.take(&[fragment(2, 0, 5, 0, b"ab"), fragment(2, 0, 5, 1, b"bc")].concat());
        assert_eq!(messages.next(), Some((2, b"abcde".to_vec())));
        assert_eq!(messages.next(), Some((11, b"zz".to_vec())));
        assert_eq!(messages.next(), None);
    }

    proptest! {
        #[test]
        fn nothing_breaks_putting_together(datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..20)) {
            let mut messages = Messages::default();
            for datagram in &datagrams {
                records(datagram).for_each(|(_, body)| messages.take(body));
                messages.take(datagram);
                while messages.next().is_some() {}
            }
            prop_assert!(messages.parts.len() <= usize::from(MESSAGES));
        }
    }
}

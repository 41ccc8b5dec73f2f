//! One hello over TCP, and the answer to it.

use sekisho_model::network::FailureKind;

use super::answer::{Answer, Flight, Reader};
use super::hello::{Offer, client_hello, message, record};
use super::ssl2;
use super::version::Version;
use crate::connection::Connection;
use crate::failure::Failure;

/// The longest record: 2^14 bytes, and what compressing or encrypting may add (RFC 5246, section 6.2.3).
const RECORD: usize = (1 << 14) + 2048;

/// Records of one answer that are read.
pub(super) const RECORDS: usize = 64;

/// Sends a hello over a fresh connection.
///
/// # Errors
/// Where there is no answer in time, or it is none of TLS's.
pub(super) fn ask(mut connection: Connection<'_>, offer: &Offer<'_>) -> Result<Answer, Failure> {
    let hello = match offer.version {
        Version::Ssl2 => ssl2::client_hello(),
        version => record(22, version, &message(1, &client_hello(offer, &[]))),
    };
    let answer = connection.send(&hello).and_then(|()| connection.receive_exactly(1));
    let first = match answer {
        // Whether that is a refusal depends on what comes of other hellos.
        Err(failure) if matches!(failure.kind, FailureKind::Closed | FailureKind::Reset) => {
            return Ok(Answer::Cut(failure.kind));
        }
        other => other?,
    };
    match first.as_slice() {
        [20..=23] => records(&mut connection, first),
        [head] if offer.version == Version::Ssl2 => ssl2::answer(&mut connection, *head),
        _ => Err(Failure::nonsense("the first byte is no record's")),
    }
}

/// Reads records until the server's turn is over. `first` is the first byte.
fn records(connection: &mut Connection<'_>, first: Vec<u8>) -> Result<Answer, Failure> {
    let (mut reader, mut waiting, mut first) = (Reader::default(), Vec::new(), Some(first));
    for _ in 0..RECORDS {
        let record = match next_record(connection, first.take()) {
            Ok(record) => record,
            Err(failure) => return broken_off(reader, failure),
        };
        match record {
            (22, body) => waiting.extend(body),
            (21, body) => match body.as_slice() {
                // A warning, such as that the name is not known (RFC 6066, section 3), unless it says good-bye.
                [1, warning] if *warning != 0 => continue,
                [_, code] => {
                    return Ok(reader.finish().map_or(Answer::Alert(*code), |flight| Answer::Agreed(Box::new(flight))));
                }
                _ => return broken_off(reader, Failure::nonsense("an alert of another length")),
            },
            // The change of ciphers that TLS 1.3 sends for the sake of middleboxes comes after the hello; nothing else can come here.
            (kind, _) => return broken_off(reader, Failure::nonsense(format!("a record of type {kind}"))),
        }
        while let Some((kind, body, rest)) = next_message(&waiting) {
            if !reader.take(kind, body) {
                let failure = Failure::nonsense(format!("a message of type {kind}"));
                return broken_off(reader, failure);
            }
            if reader.is_done() {
                return finished(reader);
            }
            waiting = rest.to_vec();
        }
        if waiting.get(1..4).is_some_and(|length| be24(length) > Reader::MOST) {
            return broken_off(reader, Failure::new(FailureKind::TooMuch));
        }
    }
    broken_off(reader, Failure::new(FailureKind::TooMuch))
}

fn finished(reader: Reader) -> Result<Answer, Failure> {
    reader.finish().map(|flight: Flight| Answer::Agreed(Box::new(flight))).ok_or_else(|| Failure::nonsense("no hello"))
}

/// What comes of an answer that did not end well: after the server's hello it has agreed, whatever follows.
fn broken_off(reader: Reader, failure: Failure) -> Result<Answer, Failure> {
    match reader.finish() {
        Some(flight) if !failure.ends_everything() => {
            Ok(Answer::Agreed(Box::new(Flight { failure: Some(failure), ..flight })))
        }
        _ => Err(failure),
    }
}

/// The next record: its type and its body. `first` is its first byte, where that was read already.
pub(super) fn next_record(connection: &mut Connection<'_>, first: Option<Vec<u8>>) -> Result<(u8, Vec<u8>), Failure> {
    let mut header = first.unwrap_or_default();
    header.extend(connection.receive_exactly(5 - header.len().min(5))?);
    match header.as_slice() {
        [kind @ 20..=23, 3, _, high, low] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if length > RECORD {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            Ok((*kind, if length == 0 { Vec::new() } else { connection.receive_exactly(length)? }))
        }
        _ => Err(Failure::nonsense("no header of a record")),
    }
}

/// The first whole message: its type, its body, what follows.
pub(super) fn next_message(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let ([kind, length @ ..], rest) = bytes.split_first_chunk::<4>()?;
    let body = rest.get(..be24(length))?;
    Some((*kind, body, rest.get(body.len()..)?))
}

pub(super) fn be24(bytes: &[u8]) -> usize {
    bytes.iter().take(3).fold(0, |number, byte| number << 8 | usize::from(*byte))
}

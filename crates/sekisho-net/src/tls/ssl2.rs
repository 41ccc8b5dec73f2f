//! The hello of SSL 2.0 and the server's answer ("The SSL Protocol", Netscape 1995; the hello also in RFC 5246, appendix E.2).

use super::answer::{Answer, Flight, ServerHello};
use super::hello::prefixed16;
use super::version::Version;
use crate::connection::Connection;
use crate::failure::Failure;
use sekisho_algorithms::tls::SSL2;

/// The longest answer that is read: its length has 15 bits.
const MOST: usize = 0x7fff;

/// A record with a hello that offers every suite.
pub(super) fn client_hello() -> Vec<u8> {
    let suites: Vec<u8> = SSL2.iter().flat_map(|(code, _)| code.to_be_bytes().into_iter().skip(1)).collect();
    let challenge = [0x5e; 16];
    let mut body = vec![1];
    body.extend(Version::Ssl2.code().to_be_bytes());
    for length in [suites.len(), 0, challenge.len()] {
        body.extend((length as u16).to_be_bytes());
    }
    body.extend(suites);
    body.extend(challenge);
    let mut record = Vec::new();
    prefixed16(&mut record, &body);
    if let Some(first) = record.first_mut() {
        // No padding: two bytes of length with the highest bit set.
        *first |= 0x80;
    }
    record
}

/// Reads the answer, whose first byte is `head`.
pub(super) fn answer(connection: &mut Connection<'_>, head: u8) -> Result<Answer, Failure> {
    if head & 0x80 == 0 {
        return Err(Failure::nonsense("no record of SSL 2.0"));
    }
    let low = connection.receive_exactly(1)?;
    let length = usize::from(head & 0x7f) << 8 | low.first().map_or(0, |low| usize::from(*low));
    let body = connection.receive_exactly(length.min(MOST))?;
    read(&body).ok_or_else(|| Failure::nonsense("no message of SSL 2.0"))
}

fn read(body: &[u8]) -> Option<Answer> {
    let be16 = |at: usize| Some(u16::from_be_bytes([*body.get(at)?, *body.get(at + 1)?]));
    match body.first()? {
        // ERROR.
        0 => Some(Answer::Alert(body.get(2).copied().unwrap_or(0))),
        // SERVER-HELLO.
        4 => {
            let version = be16(3)?;
            let (certificate, suites) = (usize::from(be16(5)?), usize::from(be16(7)?));
            let der = body.get(11..11 + certificate)?;
            let suites = body.get(11 + certificate..11 + certificate + suites)?;
            let suites: Vec<u32> = suites
                .chunks_exact(3)
                .map(|code| code.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)))
                .collect();
            Some(Answer::Agreed(Box::new(Flight {
                hello: ServerHello { version, ..ServerHello::default() },
                chain: if der.is_empty() { Vec::new() } else { vec![der.to_vec()] },
                // It asks for the client's certificate only later.
                done: false,
                ssl2_suites: suites.into_iter().filter(|code| SSL2.iter().any(|(known, _)| known == code)).collect(),
                ..Flight::default()
            })))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_servers_hello() {
        let body =
            [&[4, 0, 1, 0, 2, 0, 2, 0, 6, 0, 16], b"de".as_slice(), &[1, 0, 0x80, 7, 0, 0xc0], &[9; 16]].concat();
        let Some(Answer::Agreed(flight)) = read(&body) else { panic!("not read") };
        assert_eq!((flight.hello.version, flight.ssl2_suites), (2, vec![0x01_0080, 0x07_00c0]));
        assert_eq!(flight.chain, [b"de"]);
    }

    #[test]
    fn the_hello_is_one_that_others_read() {
        let hello = client_hello();
        assert_eq!(hello.len(), 2 + 9 + 21 + 16);
        assert_eq!(hello[..5], [0x80, 46, 1, 0, 2]);
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(body in prop::collection::vec(any::<u8>(), 0..100), kind in 0u8..6) {
            read(&body);
            read(&[&[kind], body.as_slice()].concat());
        }
    }
}

//! What a server answers to a hello, up to where it would go on only with a client that means it.

use sekisho_model::network::FailureKind;
use tls_parser::{
    ECParametersContent, parse_dh_params, parse_ec_parameters, parse_tls_handshake_msg_certificate,
    parse_tls_handshake_server_hello,
};

use super::suites::{self, Exchange};
use crate::failure::Failure;

/// Certificates of one chain that are kept.
pub(super) const CHAIN: usize = 16;

/// The random bytes of a server's hello that asks for another one (RFC 8446, section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
    0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The answer to one hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The server goes on.
    Agreed(Box<Flight>),
    /// It refuses with an alert, whose code this is. SSL 2.0's error is one too.
    Alert(u8),
    /// It closed or reset the connection without a byte.
    Cut(FailureKind),
}

/// The server's hello.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ServerHello {
    pub(super) version: u16,
    pub(super) suite: u16,
    pub(super) compressed: bool,
    /// Whether it asks for another hello with a share of [`Self::group`].
    pub(super) retry: bool,
    /// The group of its share, in TLS 1.3.
    pub(super) group: Option<u16>,
    /// Numbers of its extensions.
    pub(super) extensions: Vec<u16>,
}

/// The server's messages up to the end of its first turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Flight {
    pub(super) hello: ServerHello,
    /// Its certificates in DER, its own first; at most [`CHAIN`].
    pub(super) chain: Vec<Vec<u8>>,
    /// The curve that it exchanges keys over, before TLS 1.3.
    pub(super) group: Option<u16>,
    /// Size of the prime that it exchanges keys over, in bits.
    pub(super) dh_bits: Option<u32>,
    pub(super) asks_certificate: bool,
    pub(super) stapled: bool,
    /// Whether its turn was seen to the end: then what was not in it was not there.
    pub(super) done: bool,
    /// Why it was not.
    pub(super) failure: Option<Failure>,
    /// Suites of SSL 2.0.
    pub(super) ssl2_suites: Vec<u32>,
}

/// Messages of the handshake as they come in, up to [`Self::MOST`] bytes in one.
#[derive(Debug, Default)]
pub(super) struct Reader {
    flight: Option<Flight>,
}

impl Reader {
    /// The longest message that is taken: sixteen large certificates.
    pub(super) const MOST: usize = 128 << 10;

    /// Takes one message. False where it can't be one of the handshake at this place.
    pub(super) fn take(&mut self, kind: u8, body: &[u8]) -> bool {
        let Some(flight) = &mut self.flight else {
            if kind != 2 {
                return false;
            }
            self.flight = server_hello(body).map(|hello| Flight { hello, ..Flight::default() });
            return self.flight.is_some();
        };
        match kind {
            11 => flight.chain = certificates(body),
            12 => key_exchange(flight, body),
            13 => flight.asks_certificate = true,
            14 => flight.done = true,
            22 => flight.stapled = true,
            _ => return false,
        }
        true
    }

    /// Whether the server's hello has not come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.flight.is_none()
    }

    /// Whether nothing more is to come that can be read: after TLS 1.3's hello all is encrypted.
    pub(super) fn is_done(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.done || flight.hello.version == 0x0304)
    }

    /// What was seen; none before the server's hello.
    pub(super) fn finish(self) -> Option<Flight> {
        self.flight
    }
}

/// Reads the body of a server's hello.
pub(super) fn server_hello(body: &[u8]) -> Option<ServerHello> {
    // DTLS's is TLS's but for the version (RFC 6347, section 4.2.1).
    let said = body.first_chunk().map(|version| u16::from_be_bytes(*version))?;
    let as_tls = match said {
        0xfeff => [&[3, 2], body.get(2..)?].concat(),
        0xfefd => [&[3, 3], body.get(2..)?].concat(),
        _ => body.to_vec(),
    };
    let (_, hello) = parse_tls_handshake_server_hello(&as_tls).ok()?;
    let mut read = ServerHello {
        version: said,
        suite: hello.cipher.0,
        compressed: hello.compression.0 != 0,
        retry: hello.random == RETRY,
        ..ServerHello::default()
    };
    for (kind, data) in extensions(hello.ext.unwrap_or_default()) {
        let first = data.first_chunk().map(|value| u16::from_be_bytes(*value));
        match kind {
            43 => read.version = first?,
            51 => read.group = first,
            _ => {}
        }
        read.extensions.push(kind);
    }
    Some(read)
}

fn extensions(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let ([kind_high, kind_low, high, low], after) = rest.split_first_chunk()?;
        let data = after.get(..usize::from(u16::from_be_bytes([*high, *low])))?;
        rest = after.get(data.len()..)?;
        Some((u16::from_be_bytes([*kind_high, *kind_low]), data))
    })
}

pub(super) fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    match parse_tls_handshake_msg_certificate(body) {
        Ok((_, tls_parser::TlsMessageHandshake::Certificate(message))) => {
            message.cert_chain.iter().take(CHAIN).map(|certificate| certificate.data.to_vec()).collect()
        }
        _ => Vec::new(),
    }
}

fn key_exchange(flight: &mut Flight, body: &[u8]) {
    let (exchange, hint) = suites::exchange(flight.hello.suite);
    let body = if hint {
        let length = body.first_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
        body.get(2 + length..).unwrap_or_default()
    } else {
        body
    };
    match exchange {
        Exchange::Ec => {
            if let Ok((_, parameters)) = parse_ec_parameters(body)
                && let ECParametersContent::NamedGroup(group) = parameters.params_content
            {
                flight.group = Some(group.0);
            }
        }
        Exchange::Dh => flight.dh_bits = parse_dh_params(body).ok().and_then(|(_, parameters)| bits(parameters.dh_p)),
        Exchange::Other => {}
    }
}

fn bits(number: &[u8]) -> Option<u32> {
    let first = number.iter().position(|byte| *byte != 0)?;
    let digits = number.get(first..)?;
    Some(u32::try_from(digits.len()).ok()? * 8 - digits.first()?.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_of_numbers() {
        assert_eq!(bits(&[0, 0, 0x80, 0]), Some(16));
        assert_eq!(bits(&[1]), Some(1));
        assert_eq!(bits(&[0]), None);
    }

    proptest! {
        #[test]
        fn no_message_breaks_the_reader(messages in prop::collection::vec(
            (prop_oneof![Just(2u8), Just(11), Just(12), Just(13), Just(14), any::<u8>()],
             prop::collection::vec(any::<u8>(), 0..200)), 0..8)) {
            let mut reader = Reader::default();
            for (kind, body) in messages {
                reader.take(kind, &body);
            }
            reader.finish();
        }

        #[test]
        fn nothing_after_a_hello_breaks_the_reader(suite in any::<u16>(), kind in 0u8..24, body in
            prop::collection::vec(any::<u8>(), 0..300), version in prop_oneof![Just([3u8, 0]), Just([3, 3]), Just([0xfe, 0xfd])]) {
            let hello = [&version, [7u8; 32].as_slice(), &[0], &suite.to_be_bytes(), &[0], &body].concat();
            let mut reader = Reader::default();
            prop_assert!(reader.take(2, &hello));
            reader.take(kind, &body);
        }
    }
}

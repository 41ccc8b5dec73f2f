//! Whether a DTLS server wants a key that it shares with its clients (RFC 4279): then only who has the key gets inside.

use super::answer::Answer;
use super::datagrams;
use super::groups;
use super::hello::Offer;
use super::version::Version;
use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// Suites with a shared key that devices have: with CCM (RFC 6655, RFC 8442), GCM (RFC 5487, RFC 8442), `ChaCha20` (RFC 7905), CBC (RFC 4279, 5487,
/// 5489). None of them is offered with the others, for they need no certificate and would be chosen instead of it.
const SUITES: [u16; 16] = [
    0xc0a8, 0xc0a9, 0xc0a4, 0xc0a5, 0xd003, 0xd005, 0x00a8, 0x00a9, 0xd001, 0xd002, 0xccab, 0xccac, 0x00ae, 0xc037,
    0x008c, 0xc035,
];

/// Offers nothing but suites with a shared key. The handshake goes no further than the server's turn.
///
/// # Errors
/// Where there is no answer in time, or it is none of DTLS's.
pub fn wants_shared_key(endpoint: &Endpoint, budget: &Budget) -> Result<bool, Failure> {
    let offer = Offer {
        version: Version::Dtls12,
        suites: &SUITES,
        groups: &[groups::SECP256R1, groups::X25519],
        shares: false,
        fallback: false,
        compression: true,
        renegotiation: Some(&[]),
        server_name: endpoint.name.as_deref(),
    };
    Ok(match datagrams::ask(budget, endpoint.address, &offer)? {
        Answer::Agreed(flight) => SUITES.contains(&flight.hello.suite),
        _ => false,
    })
}

//! The client's half of the exchange of keys.

use num_bigint::BigUint;
use ring::agreement::{self, ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::rand::SystemRandom;
use sekisho_model::network::FailureKind;
use tls_parser::{ECParametersContent, parse_dh_params, parse_ecdh_params};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

use super::suite::Exchange;
use crate::diffie_hellman::{LARGEST, Pair, improper};
use crate::failure::Failure;
use crate::random;
use crate::tls::groups::{SECP256R1, SECP384R1, X25519 as X25519_GROUP};
use crate::tls::hello::{prefixed8, prefixed16};
use crate::tls::version::Version;

/// The curves over which keys can be exchanged.
pub(super) const GROUPS: [u16; 3] = [X25519_GROUP, SECP256R1, SECP384R1];

/// What the client sends, and the secret that both sides share then.
pub(super) struct Exchanged {
    /// The body of its message.
    pub(super) message: Vec<u8>,
    pub(super) secret: Vec<u8>,
}

/// Exchanges keys. `version` is the one that the client offered, `said` the server's message on it, `certificate` the server's own in DER.
pub(super) fn exchange(
    exchange: Exchange,
    version: Version,
    said: &[u8],
    certificate: &[u8],
) -> Result<Exchanged, Failure> {
    match exchange {
        Exchange::Rsa => encrypted(version, certificate),
        Exchange::Ecdhe => over_curve(said),
        Exchange::Dhe => over_prime(said),
    }
}

fn over_curve(said: &[u8]) -> Result<Exchanged, Failure> {
    let (_, parameters) = parse_ecdh_params(said).map_err(|_| improper())?;
    let ECParametersContent::NamedGroup(group) = parameters.curve_params.params_content else { return Err(improper()) };
    let curve: &agreement::Algorithm = match group.0 {
        X25519_GROUP => &X25519,
        SECP256R1 => &ECDH_P256,
        SECP384R1 => &ECDH_P384,
        _ => return Err(improper()),
    };
    let private = EphemeralPrivateKey::generate(curve, &SystemRandom::new()).map_err(|_| random::none())?;
    let public = private.compute_public_key().map_err(|_| random::none())?;
    let theirs = UnparsedPublicKey::new(curve, parameters.public.point);
    let secret = agree_ephemeral(private, &theirs, <[u8]>::to_vec).map_err(|_| improper())?;
    let mut message = Vec::new();
    prefixed8(&mut message, public.as_ref());
    Ok(Exchanged { message, secret })
}

fn over_prime(said: &[u8]) -> Result<Exchanged, Failure> {
    let (_, parameters) = parse_dh_params(said).map_err(|_| improper())?;
    if parameters.dh_p.len() * 8 > LARGEST {
        return Err(Failure { kind: FailureKind::TooMuch, detail: Some("size of a group".to_owned()) });
    }
    let pair = Pair::new(BigUint::from_bytes_be(parameters.dh_p), &BigUint::from_bytes_be(parameters.dh_g))?;
    let secret = pair.secret(parameters.dh_ys)?;
    let mut message = Vec::new();
    prefixed16(&mut message, &pair.public());
    Ok(Exchanged { message, secret })
}

/// RSA as of PKCS #1 version 1.5 (RFC 8017, section 7.2), for keys of any size, also those that libraries refuse as too short.
fn encrypted(version: Version, certificate: &[u8]) -> Result<Exchanged, Failure> {
    let no_key = || Failure::nonsense("no RSA key in the server's certificate");
    let (_, certificate) = X509Certificate::from_der(certificate).map_err(|_| no_key())?;
    let Ok(PublicKey::RSA(key)) = certificate.public_key().parsed() else { return Err(no_key()) };
    let (modulus, exponent) = (BigUint::from_bytes_be(key.modulus), BigUint::from_bytes_be(key.exponent));
    if key.modulus.len() * 8 > LARGEST + 8 || exponent.bits() > 64 {
        return Err(Failure { kind: FailureKind::TooMuch, detail: Some("size of an RSA key".to_owned()) });
    }
    let size = usize::try_from(modulus.bits().div_ceil(8)).unwrap_or_default();
    let mut secret = vec![0; 48];
    random::fill(&mut secret)?;
    if let Some(offered) = secret.first_chunk_mut() {
        // So that nobody in between makes them fall back (RFC 5246, section 7.4.7.1).
        *offered = version.code().to_be_bytes();
    }
    let mut filling = vec![0; size.checked_sub(3 + secret.len()).filter(|length| *length >= 8).ok_or_else(no_key)?];
    random::fill(&mut filling)?;
    // The first zero ends the filling.
    for byte in &mut filling {
        *byte = (*byte).max(1);
    }
    let block = [&[0, 2], filling.as_slice(), &[0], &secret].concat();
    let number = BigUint::from_bytes_be(&block).modpow(&exponent, &modulus).to_bytes_be();
    let mut message = Vec::new();
    prefixed16(&mut message, &[vec![0; size.saturating_sub(number.len())], number].concat());
    Ok(Exchanged { message, secret })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_that_a_server_says_panics(said in prop::collection::vec(any::<u8>(), 0..200), curve in 0u16..40) {
            let named = [&[3], curve.to_be_bytes().as_slice(), &[said.len() as u8], &said].concat();
            for way in [Exchange::Rsa, Exchange::Ecdhe, Exchange::Dhe] {
                let _ = exchange(way, Version::Tls12, &said, &said);
                let _ = exchange(way, Version::Tls12, &named, &named);
            }
        }
    }
}

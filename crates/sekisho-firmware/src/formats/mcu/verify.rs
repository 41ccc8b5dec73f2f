//! Whether a signature fits a digest and the public key that came with it.

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pss, RsaPublicKey};
use sekisho_model::fact::SignatureState;

/// ECDSA over P-256 with the key as an uncompressed point; the signature in DER or as r and s.
pub(super) fn p256(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<SignatureState> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    // imgtool pads signatures in DER to a fixed length; the element tells how much of it counts.
    let der = signature.get(..usize::from(*signature.get(1)?) + 2).unwrap_or(signature);
    let signature =
        p256::ecdsa::Signature::from_der(der).or_else(|_| p256::ecdsa::Signature::from_slice(signature)).ok()?;
    Some(state(key.verify_prehash(digest, &signature).is_ok()))
}

/// Ed25519 over `message`.
pub(super) fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> Option<SignatureState> {
    let key = EdKey::from_bytes(key.try_into().ok()?).ok()?;
    let signature = EdSignature::from_slice(signature).ok()?;
    Some(state(key.verify_strict(message, &signature).is_ok()))
}

/// RSASSA-PSS with SHA-256 and a salt of 32 bytes; modulus big endian.
pub(super) fn rsa_pss(modulus: &[u8], exponent: u32, digest: &[u8], signature: &[u8]) -> Option<SignatureState> {
    let bits = u32::try_from(modulus.len().checked_mul(8)?).ok()?;
    let n = BoxedUint::from_be_slice(modulus, bits).ok()?;
    let key = RsaPublicKey::new(n, BoxedUint::from(exponent)).ok()?;
    Some(state(key.verify(Pss::<sha2::Sha256>::new_with_salt(32), digest, signature).is_ok()))
}

fn state(fits: bool) -> SignatureState {
    if fits { SignatureState::Consistent } else { SignatureState::Broken }
}

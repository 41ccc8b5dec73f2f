//! Public keys of certificates, and whether a signature fits one.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::Digest;
use x509_cert::Certificate;
use x509_cert::der::Encode;
use x509_cert::der::asn1::ObjectIdentifier;

use crate::digest::Algorithm;

/// RFC 4055.
pub(crate) const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
// RFC 5480, section 2.1.
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";

/// A public key.
pub(crate) enum Key {
    Rsa(Box<RsaPublicKey>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    /// A kind that is not verified here, by its name.
    Other(String),
}

impl Key {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let info = certificate.tbs_certificate().subject_public_key_info();
        let algorithm = info.algorithm.oid.to_string();
        let parameters = info.algorithm.parameters.as_ref();
        let other = || Self::Other(algorithm.clone());
        match algorithm.as_str() {
            RSA_ENCRYPTION | RSASSA_PSS => info
                .to_der()
                .ok()
                .and_then(|der| RsaPublicKey::from_public_key_der(&der).ok())
                .map_or_else(other, |key| Self::Rsa(Box::new(key))),
            EC_PUBLIC_KEY => {
                let point = info.subject_public_key.raw_bytes();
                let curve = parameters.and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
                let key = match curve.map(|oid| oid.to_string()).as_deref() {
                    Some(P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256),
                    Some(P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384),
                    _ => None,
                };
                key.unwrap_or_else(|| Self::Other("ecdsa".into()))
            }
            // RFC 8410, section 3.
            "1.3.101.112" => Self::Other("ed25519".into()),
            _ => other(),
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Rsa(key) => format!("rsa-{}", key.size() * 8),
            Self::P256(_) => "ecdsa-p256".into(),
            Self::P384(_) => "ecdsa-p384".into(),
            Self::Other(name) => name.clone(),
        }
    }

    /// Whether the signature fits; none where this kind of signature is not verified here.
    pub(crate) fn verify(&self, algorithm: Algorithm, pss: bool, digest: &[u8], signature: &[u8]) -> Option<bool> {
        match self {
            Self::Rsa(key) if pss => Some(match algorithm {
                Algorithm::Sha256 => pss_fits::<sha2::Sha256>(key, digest, signature),
                Algorithm::Sha384 => pss_fits::<sha2::Sha384>(key, digest, signature),
                Algorithm::Sha512 => pss_fits::<sha2::Sha512>(key, digest, signature),
                Algorithm::Sha1 => return None,
            }),
            Self::Rsa(key) => {
                let scheme = Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: algorithm.info().into() };
                Some(key.verify(scheme, digest, signature).is_ok())
            }
            Self::P256(key) => {
                let signature = p256::ecdsa::Signature::from_der(signature);
                Some(signature.is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()))
            }
            Self::P384(key) => {
                let signature = p384::ecdsa::Signature::from_der(signature);
                Some(signature.is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()))
            }
            Self::Other(_) => None,
        }
    }
}

/// Whether a signature fits, whatever the length of its salt.
fn pss_fits<D: Digest>(key: &RsaPublicKey, digest: &[u8], signature: &[u8]) -> bool
where
    Pss<D>: rsa::traits::SignatureScheme,
{
    let mut scheme = Pss::<D>::new();
    scheme.salt_len = None;
    key.verify(scheme, digest, signature).is_ok()
}

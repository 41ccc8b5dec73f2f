//! Signed messages as RAUC, `SWUpdate` and Android carry them (CMS, RFC 5652): whether the signature fits the content and the certificate
//! that came with it. The certificate's chain is not looked at.

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sekisho_model::fact::SignatureState;
use sha2::Digest;
use x509_cert::Certificate;
use x509_cert::der::asn1::OctetString;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::formats::digest::Algorithm;

/// A message.
pub(crate) enum Message {
    /// Signed, with or without the content in it.
    Signed(Box<Signed>),
    /// Encrypted for recipients: nothing in it can be read.
    Enveloped,
}

/// A signed message.
pub(crate) struct Signed {
    data: SignedData,
}

/// What came of checking a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) state: SignatureState,
    pub(crate) scheme: Option<String>,
    /// Who the certificate that came with it is about.
    pub(crate) signer: Option<String>,
}

// RFC 5652, sections 5.1 and 6.1.
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const ENVELOPED_DATA: &str = "1.2.840.113549.1.7.3";
/// RFC 5652, section 11.2.
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// RFC 4055.
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
// RFC 5480, section 2.1.
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";

/// Reads a message; none where the bytes are not one.
pub(crate) fn parse(der: &[u8]) -> Option<Message> {
    let info = ContentInfo::from_der(der).ok()?;
    match info.content_type.to_string().as_str() {
        SIGNED_DATA => Some(Message::Signed(Box::new(Signed { data: info.content.decode_as().ok()? }))),
        ENVELOPED_DATA => Some(Message::Enveloped),
        _ => None,
    }
}

impl Signed {
    /// The content that the message carries.
    pub(crate) fn content(&self) -> Option<&[u8]> {
        Some(self.data.encap_content_info.econtent.as_ref()?.value())
    }

    /// Checks all signatures; `digest` gives the digest of the content that is signed.
    pub(crate) fn verify(&self, digest: impl Fn(Algorithm) -> Option<Vec<u8>>) -> Verdict {
        let mut verdicts = self.data.signer_infos.0.iter().map(|signer| self.verify_one(signer, &digest));
        let none = Verdict { state: SignatureState::Absent, scheme: Some("cms".into()), signer: None };
        let first = verdicts.next().unwrap_or(none);
        // One that does not fit outweighs all that do, and so does one that could not be checked outweigh those that do.
        verdicts.fold(first, |worst, next| if severity(next.state) > severity(worst.state) { next } else { worst })
    }

    fn verify_one(&self, signer: &SignerInfo, digest: &impl Fn(Algorithm) -> Option<Vec<u8>>) -> Verdict {
        let certificate = self.certificate(&signer.sid);
        let name = certificate.map(|c| c.tbs_certificate().subject().to_string());
        let algorithm = digest_algorithm(&signer.digest_alg.oid.to_string());
        let key = certificate.map(Key::of);
        let scheme = match (&key, algorithm) {
            (Some(key), Some((_, name))) => format!("cms {} {name}", key.name()),
            _ => "cms".to_owned(),
        };
        let verdict = |state| Verdict { state, scheme: Some(scheme.clone()), signer: name.clone() };
        let (Some(key), Some((algorithm, _))) = (key, algorithm) else { return verdict(SignatureState::Present) };
        let Some(content) = digest(algorithm) else { return verdict(SignatureState::Present) };
        // What is signed is the set of attributes, where there is one, of which one is the digest of the content.
        let covered = match &signer.signed_attrs {
            None => content,
            Some(attributes) => {
                let digest_attribute = attributes.iter().find(|a| a.oid.to_string() == MESSAGE_DIGEST);
                let value = digest_attribute.and_then(|a| a.values.get(0)?.decode_as::<OctetString>().ok());
                if value.is_none_or(|value| value.as_bytes() != content) {
                    return verdict(SignatureState::Broken);
                }
                let Ok(der) = attributes.to_der() else { return verdict(SignatureState::Present) };
                hash(algorithm, &der)
            }
        };
        let pss = signer.signature_algorithm.oid.to_string() == RSASSA_PSS;
        match key.verify(algorithm, pss, &covered, signer.signature.as_bytes()) {
            Some(true) => verdict(SignatureState::Consistent),
            Some(false) => verdict(SignatureState::Broken),
            None => verdict(SignatureState::Present),
        }
    }

    /// The certificate of a signer, if the message carries it.
    fn certificate(&self, signer: &SignerIdentifier) -> Option<&Certificate> {
        let certificates = self.data.certificates.as_ref()?.0.iter().filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        });
        certificates.into_iter().find(|certificate| {
            let tbs = certificate.tbs_certificate();
            match signer {
                SignerIdentifier::IssuerAndSerialNumber(id) => {
                    *tbs.issuer() == id.issuer && *tbs.serial_number() == id.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(id) => tbs
                    .get_extension::<SubjectKeyIdentifier>()
                    .is_ok_and(|found| found.is_some_and(|(_, found)| found.0 == id.0)),
            }
        })
    }
}

fn severity(state: SignatureState) -> u8 {
    match state {
        SignatureState::NotApplicable | SignatureState::Consistent => 0,
        SignatureState::Present => 1,
        SignatureState::Absent => 2,
        SignatureState::Broken => 3,
    }
}

/// RFC 5754, section 2, and RFC 3370, section 2.1.
fn digest_algorithm(oid: &str) -> Option<(Algorithm, &'static str)> {
    Some(match oid {
        "1.3.14.3.2.26" => (Algorithm::Sha1, "sha1"),
        "2.16.840.1.101.3.4.2.1" => (Algorithm::Sha256, "sha256"),
        "2.16.840.1.101.3.4.2.2" => (Algorithm::Sha384, "sha384"),
        "2.16.840.1.101.3.4.2.3" => (Algorithm::Sha512, "sha512"),
        _ => return None,
    })
}

/// The digest of bytes in memory.
pub(crate) fn hash(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Crc32 => crate::formats::crc32(bytes).to_be_bytes().to_vec(),
        Algorithm::Md5 => md5::Md5::digest(bytes).to_vec(),
        Algorithm::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
        Algorithm::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
        Algorithm::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
        Algorithm::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
    }
}

enum Key {
    Rsa(Box<RsaPublicKey>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    /// A kind that is not verified here, by its name.
    Other(String),
}

impl Key {
    fn of(certificate: &Certificate) -> Self {
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
                let curve = parameters.and_then(|p| p.decode_as::<x509_cert::der::asn1::ObjectIdentifier>().ok());
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

    fn name(&self) -> String {
        match self {
            Self::Rsa(key) => format!("rsa-{}", key.size() * 8),
            Self::P256(_) => "ecdsa-p256".into(),
            Self::P384(_) => "ecdsa-p384".into(),
            Self::Other(name) => name.clone(),
        }
    }

    /// Whether the signature fits; none where this kind of signature is not verified here.
    fn verify(&self, algorithm: Algorithm, pss: bool, digest: &[u8], signature: &[u8]) -> Option<bool> {
        match self {
            Self::Rsa(key) if pss => Some(match algorithm {
                Algorithm::Sha256 => pss_fits::<sha2::Sha256>(key, digest, signature),
                Algorithm::Sha384 => pss_fits::<sha2::Sha384>(key, digest, signature),
                Algorithm::Sha512 => pss_fits::<sha2::Sha512>(key, digest, signature),
                _ => return None,
            }),
            Self::Rsa(key) => {
                let scheme = Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: digest_info(algorithm)?.into() };
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

/// The beginning of a `DigestInfo` (RFC 8017, section 9.2, note 1).
fn digest_info(algorithm: Algorithm) -> Option<Vec<u8>> {
    let (oid, length): (&[u8], u8) = match algorithm {
        Algorithm::Sha1 => (&[0x2b, 0x0e, 0x03, 0x02, 0x1a], 20),
        Algorithm::Sha256 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], 32),
        Algorithm::Sha384 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02], 48),
        Algorithm::Sha512 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03], 64),
        Algorithm::Crc32 | Algorithm::Md5 => return None,
    };
    let inner = oid.len() as u8 + 4;
    let mut out = vec![0x30, inner + 4 + length, 0x30, inner, 0x06, oid.len() as u8];
    out.extend_from_slice(oid);
    out.extend([0x05, 0x00, 0x04, length]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &[u8] = b"The text that is signed.\n";

    fn verdict(der: &[u8], content: &[u8]) -> Verdict {
        let Some(Message::Signed(signed)) = parse(der) else { panic!() };
        assert!(signed.content().is_none());
        signed.verify(|algorithm| Some(hash(algorithm, content)))
    }

    /// Made by `openssl cms`; see tests/data/README.md.
    const SIGNATURES: [(&str, &[u8]); 5] = [
        ("cms rsa-2048 sha256", include_bytes!("../../tests/data/cms-rsa.der")),
        ("cms rsa-2048 sha256", include_bytes!("../../tests/data/cms-rsa-pss.der")),
        ("cms rsa-2048 sha512", include_bytes!("../../tests/data/cms-rsa-noattr.der")),
        ("cms ecdsa-p256 sha256", include_bytes!("../../tests/data/cms-p256.der")),
        ("cms ecdsa-p384 sha384", include_bytes!("../../tests/data/cms-p384.der")),
    ];

    #[test]
    fn signatures_that_fit_and_that_do_not() {
        for (scheme, der) in SIGNATURES {
            let found = verdict(der, CONTENT);
            assert_eq!((found.state, found.scheme.as_deref()), (SignatureState::Consistent, Some(scheme)));
            assert_eq!(verdict(der, b"Another text.\n").state, SignatureState::Broken);
            let mut bytes = der.to_vec();
            let last = bytes.len() - 3;
            bytes[last] ^= 1;
            assert_eq!(verdict(&bytes, CONTENT).state, SignatureState::Broken, "{scheme}");
        }
    }

    #[test]
    fn without_the_certificate_it_is_only_there() {
        let found = verdict(include_bytes!("../../tests/data/cms-nocerts.der"), CONTENT);
        assert_eq!((found.state, found.signer), (SignatureState::Present, None));
    }

    #[test]
    fn damage_gives_no_panic_and_no_new_consistency() {
        for (_, der) in SIGNATURES {
            for at in 0..der.len() {
                assert!(parse(&der[..at]).is_none());
            }
            for at in (0..der.len()).step_by(7) {
                let mut bytes = der.to_vec();
                bytes[at] ^= 0x20;
                if let Some(Message::Signed(signed)) = parse(&bytes) {
                    let _ = signed.verify(|algorithm| Some(hash(algorithm, CONTENT)));
                }
            }
        }
    }
}

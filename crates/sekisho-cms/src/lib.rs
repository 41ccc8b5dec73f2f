//! Signed messages (CMS, RFC 5652) as RAUC, `SWUpdate` and Android carry them, and as MUD files are signed with (RFC 8520, section 13): whether
//! the signature fits the content and the certificate that came with it. The certificate's dates and chain are not looked at.
//!
//! Verified are RSA (PKCS #1 v1.5 and PSS) and ECDSA on P-256 and P-384, with SHA-1 and SHA-2; every other kind is present, neither consistent nor
//! broken.

mod digest;
mod key;

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use sekisho_model::fact::SignatureState;
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier, OctetString};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::SubjectKeyIdentifier;

pub use digest::Algorithm;
use key::{Key, RSASSA_PSS};

/// A message.
#[derive(Debug)]
pub enum Message {
    /// Signed, with or without the content in it.
    Signed(Box<Signed>),
    /// Encrypted for recipients: nothing in it can be read.
    Enveloped,
}

/// A signed message.
#[derive(Debug)]
pub struct Signed {
    data: SignedData,
}

/// What came of checking a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it fits.
    pub state: SignatureState,
    /// How it was made, as `cms rsa-2048 sha256`; `cms` where that cannot be told.
    pub scheme: Option<String>,
    /// Who the certificate that came with it is about.
    pub signer: Option<String>,
    /// That certificate (DER).
    pub certificate: Option<Vec<u8>>,
}

// RFC 5652, sections 5.1 and 6.1.
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const ENVELOPED_DATA: &str = "1.2.840.113549.1.7.3";
// RFC 5652, sections 11.1 and 11.2.
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// Reads a message; none where the bytes are not one.
pub fn parse(der: &[u8]) -> Option<Message> {
    let info = ContentInfo::from_der(der).ok()?;
    match info.content_type.to_string().as_str() {
        SIGNED_DATA => Some(Message::Signed(Box::new(Signed { data: info.content.decode_as().ok()? }))),
        ENVELOPED_DATA => Some(Message::Enveloped),
        _ => None,
    }
}

impl Signed {
    /// The content that the message carries.
    pub fn content(&self) -> Option<&[u8]> {
        Some(self.data.encap_content_info.econtent.as_ref()?.value())
    }

    /// Checks all signatures; `digest` gives the digest of the content that is signed.
    pub fn verify(&self, digest: impl Fn(Algorithm) -> Option<Vec<u8>>) -> Verdict {
        let mut verdicts = self.data.signer_infos.0.iter().map(|signer| self.verify_one(signer, &digest));
        let none =
            Verdict { state: SignatureState::Absent, scheme: Some("cms".into()), signer: None, certificate: None };
        let first = verdicts.next().unwrap_or(none);
        // One that does not fit outweighs all that do, and so does one that could not be checked outweigh those that do.
        verdicts.fold(first, |worst, next| if severity(next.state) > severity(worst.state) { next } else { worst })
    }

    fn verify_one(&self, signer: &SignerInfo, digest: &impl Fn(Algorithm) -> Option<Vec<u8>>) -> Verdict {
        let certificate = self.certificate(&signer.sid);
        let name = certificate.map(|c| c.tbs_certificate().subject().to_string());
        let der = certificate.and_then(|c| c.to_der().ok());
        let algorithm = Algorithm::of(&signer.digest_alg.oid.to_string());
        let key = certificate.map(Key::of);
        let scheme = match (&key, algorithm) {
            (Some(key), Some(algorithm)) => format!("cms {} {}", key.name(), algorithm.name()),
            _ => "cms".to_owned(),
        };
        let verdict =
            |state| Verdict { state, scheme: Some(scheme.clone()), signer: name.clone(), certificate: der.clone() };
        let (Some(key), Some(algorithm)) = (key, algorithm) else { return verdict(SignatureState::Present) };
        let Some(content) = digest(algorithm) else { return verdict(SignatureState::Present) };
        // What is signed is the set of attributes, where there is one, of which one is the digest of the content.
        let covered = match &signer.signed_attrs {
            None => content,
            Some(attributes) => {
                let attribute = |oid: &str| attributes.iter().find(|a| a.oid.to_string() == oid)?.values.get(0);
                let value = attribute(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
                // The type keeps one kind of content from being taken for another (section 5.3).
                let kind = attribute(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
                if value.is_none_or(|value| value.as_bytes() != content)
                    || kind != Some(self.data.encap_content_info.econtent_type)
                {
                    return verdict(SignatureState::Broken);
                }
                let Ok(der) = attributes.to_der() else { return verdict(SignatureState::Present) };
                algorithm.digest(&der)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CONTENT: &[u8] = b"The text that is signed.\n";

    fn verdict(der: &[u8], content: &[u8]) -> Verdict {
        let Some(Message::Signed(signed)) = parse(der) else { panic!() };
        assert!(signed.content().is_none());
        signed.verify(|algorithm| Some(algorithm.digest(content)))
    }

    /// Made by `openssl cms`; see tests/data/README.md.
    const SIGNATURES: [(&str, &[u8]); 5] = [
        ("cms rsa-2048 sha256", include_bytes!("../tests/data/cms-rsa.der")),
        ("cms rsa-2048 sha256", include_bytes!("../tests/data/cms-rsa-pss.der")),
        ("cms rsa-2048 sha512", include_bytes!("../tests/data/cms-rsa-noattr.der")),
        ("cms ecdsa-p256 sha256", include_bytes!("../tests/data/cms-p256.der")),
        ("cms ecdsa-p384 sha384", include_bytes!("../tests/data/cms-p384.der")),
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
        let found = verdict(include_bytes!("../tests/data/cms-nocerts.der"), CONTENT);
        assert_eq!((found.state, found.signer, found.certificate), (SignatureState::Present, None, None));
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
                    let _ = signed.verify(|algorithm| Some(algorithm.digest(CONTENT)));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            which in 0..SIGNATURES.len(),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            prop_assert!(parse(&bytes).is_none());
            let mut changed = SIGNATURES[which].1.to_vec();
            for (at, byte) in changes {
                let at = at.index(changed.len());
                changed[at] = byte;
            }
            if let Some(Message::Signed(signed)) = parse(&changed) {
                let _ = signed.verify(|algorithm| Some(algorithm.digest(CONTENT)));
            }
        }
    }
}

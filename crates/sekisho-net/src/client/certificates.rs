//! Certificates for the test, each with one fault, made in memory.

use std::sync::Arc;
use std::time::SystemTime;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// What is presented to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presented {
    SelfSigned,
    WrongName,
    Expired,
    NotYetValid,
    UntrustedRoot,
    /// The counter-check: nothing is wrong with it.
    Trusted,
}

impl Presented {
    /// All, in the order in which they are presented: the counter-check comes first, for if that fails the others tell little.
    pub(super) const ALL: [Self; 6] =
        [Self::Trusted, Self::SelfSigned, Self::WrongName, Self::Expired, Self::NotYetValid, Self::UntrustedRoot];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SelfSigned => "self-signed",
            Self::WrongName => "wrong-name",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::UntrustedRoot => "untrusted-root",
            Self::Trusted => "trusted",
        }
    }

    /// Whether its fault is the signer itself.
    pub(super) fn is_about_signer(self) -> bool {
        matches!(self, Self::SelfSigned | Self::UntrustedRoot)
    }
}

/// An authority that clients trust: its certificate and its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl std::fmt::Debug for Authority {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// Reads certificate and key in PEM; both may stand in one text. Keys are those that ring reads: ECDSA on P-256 and P-384, Ed25519, RSA in
    /// PKCS #8.
    ///
    /// # Errors
    /// With what is wrong with them.
    pub fn from_pem(certificate: &str, key: &str) -> Result<Self, String> {
        let broken = |error: &dyn std::fmt::Display| format!("the key: {error}");
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| broken(&error))?;
        let key = KeyPair::try_from(key.secret_der()).map_err(|error| broken(&error))?;
        let broken = |error: &dyn std::fmt::Display| format!("the certificate: {error}");
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| broken(&error))?;
        let (_, parsed) = X509Certificate::from_der(&der).map_err(|error| broken(&error))?;
        if !parsed.is_ca() {
            return Err(broken(&"it is no authority's: its basic constraints don't let it sign others"));
        }
        if parsed.public_key().subject_public_key.data != key.public_key_raw() {
            return Err("the key is not that of the certificate".to_owned());
        }
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(|error| broken(&error))?;
        Ok(Self { issuer, certificate: der })
    }

    /// One that nobody trusts.
    fn unknown() -> Result<Self, rcgen::Error> {
        let mut parameters = CertificateParams::new(Vec::new())?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        parameters.distinguished_name.push(DnType::CommonName, "Sekisho test authority that nobody trusts");
        dated(&mut parameters, -1, 30);
        let key = KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?.der().clone();
        Ok(Self { issuer: Issuer::new(parameters, key), certificate })
    }
}

/// A server that presents a certificate for `names`, with its fault.
///
/// # Errors
/// With what could not be made.
pub(super) fn server(
    presented: Presented,
    names: &[String],
    authority: Option<&Authority>,
) -> Result<Arc<ServerConfig>, String> {
    let other = ["another-name.sekisho.invalid".to_owned()];
    let names = if presented == Presented::WrongName { other.as_slice() } else { names };
    let (chain, key) = make(presented, names, authority).map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| error.to_string())?;
    // A session that is resumed shows no certificate.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    Ok(Arc::new(config))
}

fn make(
    presented: Presented,
    names: &[String],
    authority: Option<&Authority>,
) -> Result<(Vec<CertificateDer<'static>>, KeyPair), rcgen::Error> {
    let mut parameters = CertificateParams::new(names.to_vec())?;
    parameters.distinguished_name.push(DnType::CommonName, names.first().map_or("sekisho.invalid", String::as_str));
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    match presented {
        Presented::Expired => dated(&mut parameters, -60, -30),
        Presented::NotYetValid => dated(&mut parameters, 30, 60),
        _ => dated(&mut parameters, -1, 30),
    }
    let key = KeyPair::generate()?;
    if presented == Presented::SelfSigned {
        return Ok((vec![parameters.self_signed(&key)?.der().clone()], key));
    }
    let unknown;
    let authority = match authority {
        Some(authority) if presented != Presented::UntrustedRoot => authority,
        _ => {
            unknown = Authority::unknown()?;
            &unknown
        }
    };
    let own = parameters.signed_by(&key, &authority.issuer)?.der().clone();
    Ok((vec![own, authority.certificate.clone()], key))
}

/// Good from so many days from now to so many days from now.
fn dated(parameters: &mut CertificateParams, from: i64, to: i64) {
    let now = OffsetDateTime::from(SystemTime::now());
    parameters.not_before = now + Duration::days(from);
    parameters.not_after = now + Duration::days(to);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate and its key, in PEM.
    fn pair(authority: bool) -> (String, String) {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        if authority {
            parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        (parameters.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn certificate_and_key_may_stand_in_one_text() {
        let (certificate, key) = pair(true);
        assert!(Authority::from_pem(&certificate, &key).is_ok());
        for both in [format!("{certificate}{key}"), format!("{key}{certificate}")] {
            assert!(Authority::from_pem(&both, &both).is_ok());
        }
    }

    #[test]
    fn what_can_sign_nothing_is_no_authority() {
        let wrong = |certificate: &str, key: &str| Authority::from_pem(certificate, key).err().unwrap_or_default();
        let ((certificate, key), (other, its_key)) = (pair(true), pair(false));
        assert!(wrong(&certificate, &its_key).contains("not that of the certificate"));
        assert!(wrong(&other, &its_key).contains("no authority"));
        assert!(wrong(&certificate, &certificate).starts_with("the key"));
        assert!(wrong(&key, &key).starts_with("the certificate"));
    }
}

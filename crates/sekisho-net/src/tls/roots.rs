//! Certificates that are trusted, and whether a chain leads to one of them.

use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// Certificates that are trusted.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    anchors: Vec<TrustAnchor<'static>>,
    /// The certificates themselves, where they were given: a server's own may be among them.
    certificates: Vec<CertificateDer<'static>>,
}

impl Roots {
    /// The roots that Mozilla trusts for servers, as of when this program was built.
    pub fn bundled() -> Self {
        Self { anchors: webpki_roots::TLS_SERVER_ROOTS.to_vec(), certificates: Vec::new() }
    }

    /// The certificates of a PEM file.
    ///
    /// # Errors
    /// With what is wrong, where there is none or one can't be read.
    pub fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        if certificates.is_empty() {
            return Err("no certificate in it".to_owned());
        }
        let anchors = certificates
            .iter()
            .map(|der| anchor_from_trusted_cert(der).map(|anchor| anchor.to_owned()).map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?;
        Ok(Self { anchors, certificates })
    }

    /// These and `others`.
    #[must_use]
    pub fn with(mut self, others: &Self) -> Self {
        self.anchors.extend(others.anchors.iter().cloned());
        self.certificates.extend(others.certificates.iter().cloned());
        self
    }

    /// The same as rustls takes them.
    pub(crate) fn store(&self) -> RootCertStore {
        RootCertStore { roots: self.anchors.clone() }
    }

    /// Whether `chain`, a server's certificates with its own first, leads to a trusted one, signature by signature (RFC 5280, section 6), at the
    /// moment `at` (seconds since 1970). Names are not looked at.
    pub(super) fn trust(&self, chain: &[Vec<u8>], at: u64) -> bool {
        let Some((own, others)) = chain.split_first() else { return false };
        let own = CertificateDer::from(own.as_slice());
        if self.certificates.iter().any(|trusted| **trusted == *own) {
            return true;
        }
        let others: Vec<CertificateDer<'_>> = others.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        EndEntityCert::try_from(&own).is_ok_and(|certificate| {
            certificate
                .verify_for_usage(
                    ring::default_provider().signature_verification_algorithms.all,
                    &self.anchors,
                    &others,
                    UnixTime::since_unix_epoch(Duration::from_secs(at)),
                    KeyUsage::server_auth(),
                    None,
                    None,
                )
                .is_ok()
        })
    }
}

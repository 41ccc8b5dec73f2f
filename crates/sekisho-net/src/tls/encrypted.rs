//! What a server of TLS 1.3 says only inside its encryption: its certificates, whether it wants one of the client, and proof of non-revocation.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};

use super::answer::{CHAIN, Flight};
use crate::connection::Connection;
use crate::failure::Failure;

/// Shakes hands, and tells what was seen in the meantime, even where the handshake failed in the end.
///
/// # Errors
/// Where no certificate was seen.
pub(super) fn look(mut connection: Connection<'_>, server_name: Option<&str>) -> Result<Flight, Failure> {
    let seen = Arc::new(Witness::default());
    let peer = connection.peer()?;
    let name = server_name
        .and_then(|name| ServerName::try_from(name.to_owned()).ok())
        .unwrap_or_else(|| ServerName::IpAddress(peer.ip().into()));
    let broken = |error: rustls::Error| Failure::nonsense(error.to_string());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(seen.clone())
        .with_client_cert_resolver(seen.clone());
    let mut client = ClientConnection::new(Arc::new(config), name).map_err(broken)?;
    let mut outcome = Ok(());
    while client.is_handshaking() && outcome.is_ok() {
        outcome = client.complete_io(&mut connection).map(drop);
    }
    let mut flight = seen.flight.lock().unwrap_or_else(PoisonError::into_inner).clone();
    flight.done = outcome.is_ok();
    match outcome {
        Err(error) if flight.chain.is_empty() => Err(error.into()),
        _ => Ok(flight),
    }
}

/// Notes what comes by and refuses nothing: it is here to see, not to trust.
#[derive(Debug, Default)]
struct Witness {
    flight: Mutex<Flight>,
}

impl Witness {
    fn note(&self, what: impl FnOnce(&mut Flight)) {
        what(&mut self.flight.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.note(|flight| {
            flight.chain = std::iter::once(own).chain(others).take(CHAIN).map(|der| der.to_vec()).collect();
            flight.stapled = !ocsp.is_empty();
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

impl ResolvesClientCert for Witness {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.note(|flight| flight.asks_certificate = true);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

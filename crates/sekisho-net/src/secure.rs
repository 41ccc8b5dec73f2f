//! A conversation inside TLS. What is looked at is not trusted: no certificate is refused, and whether it should be trusted is seen by other means.
//! Only where what the server says is taken for its maker's word does it have to be trusted ([`Secure::trusted`]).

use std::io::{self, Read, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, ProtocolVersion, SignatureScheme,
    StreamOwned,
};

use rustls::time_provider::TimeProvider;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::tls::Roots;

/// A connection inside TLS 1.2 or 1.3. With a server that speaks only older versions there is none.
pub struct Secure<'b> {
    stream: StreamOwned<ClientConnection, Connection<'b>>,
}

impl<'b> Secure<'b> {
    /// Shakes hands over `connection`, asking for `name`, or for the address where there is no name.
    ///
    /// # Errors
    /// Where the server doesn't agree to TLS 1.2 or 1.3, or does not answer in time.
    pub fn open(connection: Connection<'b>, name: Option<&str>) -> Result<Self, Failure> {
        Self::shake(connection, name, config()?)
    }

    /// The same with a server that has to be who it says: its certificate leads to one of `roots`, is for the name and valid at `now`.
    ///
    /// # Errors
    /// Besides, as [`FailureKind::Untrusted`] where the certificate is none to trust.
    ///
    /// [`FailureKind::Untrusted`]: sekisho_model::network::FailureKind::Untrusted
    pub fn trusted(
        connection: Connection<'b>,
        name: Option<&str>,
        roots: &Roots,
        now: OffsetDateTime,
    ) -> Result<Self, Failure> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(Moment(now)))
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(&error))?
            .with_root_certificates(roots.store())
            .with_no_client_auth();
        Self::shake(connection, name, Arc::new(config))
    }

    fn shake(connection: Connection<'b>, name: Option<&str>, config: Arc<ClientConfig>) -> Result<Self, Failure> {
        let peer = connection.peer()?;
        let name = name
            .and_then(|name| ServerName::try_from(name.to_owned()).ok())
            .unwrap_or_else(|| ServerName::IpAddress(peer.ip().into()));
        let client = ClientConnection::new(config, name).map_err(|error| broken(&error))?;
        let mut stream = StreamOwned::new(client, connection);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self { stream })
    }

    /// As [`Connection::patience`].
    pub fn patience(&mut self, time: Option<Duration>) {
        self.stream.sock.patience(time);
    }

    /// The version that was agreed on, as facts name it.
    pub fn version(&self) -> Option<&'static str> {
        match self.stream.conn.protocol_version()? {
            ProtocolVersion::TLSv1_2 => Some("tls1.2"),
            ProtocolVersion::TLSv1_3 => Some("tls1.3"),
            _ => None,
        }
    }

    /// The certificates that the server presented, its own first, in DER.
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        self.stream.conn.peer_certificates().unwrap_or_default().iter().map(|der| der.to_vec()).collect()
    }
}

impl Read for Secure<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stream.read(buffer) {
            // Many small servers close without saying so first; the protocol inside tells whether the answer was whole.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            other => other,
        }
    }
}

impl Write for Secure<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The moment as of which certificates are valid.
#[derive(Debug)]
struct Moment(OffsetDateTime);

impl TimeProvider for Moment {
    fn current_time(&self) -> Option<UnixTime> {
        u64::try_from(self.0.unix_timestamp())
            .ok()
            .map(|seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

fn broken(error: &rustls::Error) -> Failure {
    Failure::nonsense(error.to_string())
}

fn config() -> Result<Arc<ClientConfig>, Failure> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| Arc::new(config)).clone())
}

/// Accepts every certificate, but not a handshake that its key did not sign.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        lenient(
            certificate,
            rustls::crypto::verify_tls12_signature(
                message,
                certificate,
                signed,
                &self.0.signature_verification_algorithms,
            ),
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        lenient(
            certificate,
            rustls::crypto::verify_tls13_signature(
                message,
                certificate,
                signed,
                &self.0.signature_verification_algorithms,
            ),
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// What rustls found, but that a signature which it cannot verify is taken as it is: of a certificate that its parser refuses (version 1, odd
/// extensions), and of a short RSA key, which ring does not verify and which `BadSignature` says nothing about.
fn lenient(
    certificate: &CertificateDer<'_>,
    verified: Result<HandshakeSignatureValid, rustls::Error>,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    match verified {
        Err(rustls::Error::InvalidCertificate(
            CertificateError::BadSignature | CertificateError::ApplicationVerificationFailure,
        )) if !has_short_key(certificate) => verified,
        _ => Ok(HandshakeSignatureValid::assertion()),
    }
}

fn has_short_key(certificate: &CertificateDer<'_>) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return false };
    matches!(sekisho_x509::key(&certificate), (kind, Some(bits)) if kind == "rsa" && bits < 2048)
}

//! Whether a certificate is for a name and in its time. Who signed it is another question.

use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// Whether the first of `chain` is for `name`, by its alternative names only (RFC 9525), and valid at `now`; `None` where there is none or it
/// can't be read.
pub(crate) fn fits(chain: &[Vec<u8>], name: &str, now: OffsetDateTime) -> Option<bool> {
    let der = chain.first()?;
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let validity = certificate.validity();
    let now = now.unix_timestamp();
    let in_time = validity.not_before.timestamp() <= now && now <= validity.not_after.timestamp();
    Some(in_time && is_for(der, name))
}

/// Whether a certificate is for `name`. One that is too old a form to have alternative names is for none.
fn is_for(der: &[u8], name: &str) -> bool {
    let Ok(name) = ServerName::try_from(name) else { return false };
    let der = CertificateDer::from(der);
    ParsedCertificate::try_from(&der).is_ok_and(|certificate| verify_server_name(&certificate, &name).is_ok())
}

//! Certificates that were presented in the clear.

use sekisho_model::traffic::TrafficCertificate;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// Names of one certificate that are kept.
const NAMES: usize = 64;

/// Reads a certificate (DER); `then` is when it was presented, in nanoseconds since 1970.
pub(crate) fn read(der: &[u8], then: Option<i64>) -> Option<TrafficCertificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let (not_before, not_after) = sekisho_x509::validity(&parsed).unwrap_or_default();
    let (key_algorithm, key_bits) = sekisho_x509::key(&parsed);
    let shown = |name: &String| crate::protocol::shown(name.as_bytes());
    Some(TrafficCertificate {
        subject: shortened(parsed.subject().to_string()),
        issuer: shortened(parsed.issuer().to_string()),
        names: sekisho_x509::names(&parsed).iter().take(NAMES).map(shown).collect(),
        not_before,
        not_after,
        valid_then: then.map(|then| sekisho_x509::is_valid(&parsed, then.div_euclid(1_000_000_000))),
        self_signed: sekisho_x509::is_self_signed(&parsed),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(&parsed),
        fingerprint: sekisho_x509::fingerprint(&parsed),
        ..TrafficCertificate::default()
    })
}

fn shortened(name: String) -> String {
    const MOST: usize = 512;
    if name.chars().nth(MOST).is_none() { name } else { name.chars().take(MOST).chain(['…']).collect() }
}

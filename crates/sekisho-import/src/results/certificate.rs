//! Certificates that other tools kept whole (PEM).

use sekisho_model::tls::TlsCertificate;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// Names and addresses of one certificate that are kept.
const NAMES: usize = 64;

/// Characters of a distinguished name that are kept.
const NAME: usize = 512;

/// Reads the first certificate in `pem`, as a fact without host and place. Line breaks may have become blanks, or be missing.
pub(crate) fn read(pem: &str, now: OffsetDateTime) -> Option<TlsCertificate> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = data_encoding::BASE64.decode(body.as_bytes()).ok()?;
    let (_, parsed) = X509Certificate::from_der(&der).ok()?;
    let short = |text: &str| crate::text::shortened(text, NAME);
    let (not_before, not_after) = sekisho_x509::validity(&parsed)?;
    let (key_algorithm, key_bits) = sekisho_x509::key(&parsed);
    let now = now.unix_timestamp();
    Some(TlsCertificate {
        subject: short(&parsed.subject().to_string()),
        issuer: short(&parsed.issuer().to_string()),
        names: sekisho_x509::names(&parsed).iter().take(NAMES).map(|name| short(name)).collect(),
        not_before,
        not_after,
        valid_now: Some(sekisho_x509::is_valid(&parsed, now)),
        days_left: Some(sekisho_x509::days_left(&parsed, now)),
        self_signed: sekisho_x509::is_self_signed(&parsed),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(&parsed),
        authority: parsed.is_ca(),
        revocation: sekisho_x509::revocation(&parsed).iter().take(NAMES).map(|told| short(told)).collect(),
        fingerprint: sekisho_x509::fingerprint(&parsed),
        ..TlsCertificate::default()
    })
}

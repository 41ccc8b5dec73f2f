//! Certificates that other tools kept whole (PEM).

use sekisho_model::tls::TlsCertificate;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
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

/// Takes back that a certificate has run out where the tool saw it before it did, or at a moment that is not known: the server may have another one
/// since. `made` is when the tool ran, RFC 3339.
pub(crate) fn seen_at(certificate: &mut TlsCertificate, made: Option<&str>) {
    let moment = |text: &str| OffsetDateTime::parse(text, &Rfc3339).ok();
    let expired = certificate.days_left.is_some_and(|days| days < 0);
    let then = made.and_then(moment).zip(moment(&certificate.not_after)).is_some_and(|(made, end)| end < made);
    if expired && !then {
        certificate.valid_now = None;
        certificate.days_left = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_run_out_only_where_the_tool_saw_it_so() {
        let expired = TlsCertificate {
            not_after: "2026-06-01T00:00:00Z".to_owned(),
            valid_now: Some(false),
            days_left: Some(-30),
            ..TlsCertificate::default()
        };
        let told = |made| {
            let mut certificate = expired.clone();
            seen_at(&mut certificate, made);
            (certificate.valid_now, certificate.days_left)
        };
        assert_eq!(told(Some("2026-06-20T00:00:00Z")), (Some(false), Some(-30)));
        assert_eq!(told(Some("2026-05-20T00:00:00Z")), (None, None));
        assert_eq!(told(None), (None, None));
    }
}

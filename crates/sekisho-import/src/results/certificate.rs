//! Certificates that other tools kept whole (PEM).

use sekisho_model::tls::TlsCertificate;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer as _;

/// Names and addresses of one certificate that are kept.
const NAMES: usize = 64;

const DAY: i64 = 24 * 60 * 60;

/// Characters of a distinguished name that are kept.
const NAME: usize = 512;

/// Reads the first certificate in `pem`, as a fact without host and place. Line breaks may have become blanks, or be missing.
pub(crate) fn read(pem: &str, now: OffsetDateTime) -> Option<TlsCertificate> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = data_encoding::BASE64.decode(body.as_bytes()).ok()?;
    let (_, parsed) = X509Certificate::from_der(&der).ok()?;
    let (from, to) = (parsed.validity().not_before.to_datetime(), parsed.validity().not_after.to_datetime());
    let (key_algorithm, key_bits) = sekisho_x509::key(&parsed);
    let names = parsed.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter().filter_map(name).take(NAMES).collect());
    let authority = parsed.basic_constraints().ok().flatten().is_some_and(|constraints| constraints.value.ca);
    Some(TlsCertificate {
        subject: crate::text::shortened(&parsed.subject().to_string(), NAME),
        issuer: crate::text::shortened(&parsed.issuer().to_string(), NAME),
        names: names.unwrap_or_default(),
        not_before: from.format(&Rfc3339).ok()?,
        not_after: to.format(&Rfc3339).ok()?,
        valid_now: Some(from <= now && now <= to),
        days_left: Some((to - now).whole_seconds().div_euclid(DAY)),
        self_signed: parsed.subject() == parsed.issuer(),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(&parsed),
        authority,
        revocation: revocation(&parsed),
        fingerprint: crate::artefact::sha256(parsed.public_key().raw),
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

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(crate::text::shortened(name, NAME)),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|four| std::net::IpAddr::from(four).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|sixteen| std::net::IpAddr::from(sixteen).to_string()),
        },
        _ => None,
    }
}

/// Where revocation can be asked or is listed (RFC 5280, sections 4.2.1.13 and 4.2.2.1).
fn revocation(certificate: &X509Certificate<'_>) -> Vec<String> {
    // id-ad-ocsp
    const OCSP: &str = "1.3.6.1.5.5.7.48.1";
    let mut found = Vec::new();
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::AuthorityInfoAccess(access) => {
                let asked =
                    access.accessdescs.iter().filter(|description| description.access_method.to_id_string() == OCSP);
                found.extend(asked.filter_map(|description| address(&description.access_location)));
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.iter() {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                        found.extend(names.iter().filter_map(address));
                    }
                }
            }
            _ => {}
        }
    }
    found.truncate(NAMES);
    found
}

fn address(name: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::URI(uri) = name { Some(crate::text::shortened(uri, NAME)) } else { None }
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

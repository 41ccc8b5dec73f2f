//! Certificates that were presented in the clear.

use sekisho_model::traffic::TrafficCertificate;
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

/// Names of one certificate that are kept.
const NAMES: usize = 64;

/// Reads a certificate (DER); `then` is when it was presented, in nanoseconds since 1970.
pub(crate) fn read(der: &[u8], then: Option<i64>) -> Option<TrafficCertificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let (from, to) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
    let moment = |seconds: i64| super::rfc3339(seconds.checked_mul(1_000_000_000)?).or(Some(String::new()));
    let names = parsed.subject_alternative_name().ok().flatten().map(|extension| {
        let name = |name: &GeneralName<'_>| match name {
            GeneralName::DNSName(name) => Some(crate::protocol::shown(name.as_bytes())),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        };
        extension.value.general_names.iter().filter_map(name).take(NAMES).collect()
    });
    let (key_algorithm, key_bits) = sekisho_x509::key(&parsed);
    Some(TrafficCertificate {
        subject: shortened(parsed.subject().to_string()),
        issuer: shortened(parsed.issuer().to_string()),
        names: names.unwrap_or_default(),
        not_before: moment(from)?,
        not_after: moment(to)?,
        valid_then: then.map(|then| (from..=to).contains(&then.div_euclid(1_000_000_000))),
        self_signed: parsed.subject() == parsed.issuer(),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(&parsed),
        fingerprint: crate::hex(&Sha256::digest(parsed.public_key().raw)),
        ..TrafficCertificate::default()
    })
}

/// Whether a certificate is for the host: by its alternative names, or, where it has none, by its common name (RFC 9525, section 6; the latter
/// RFC 2818 allowed).
pub(crate) fn is_for(certificate: &TrafficCertificate, host: &str) -> bool {
    let fits = |name: &str| {
        let (name, host) = (name.to_ascii_lowercase(), host.to_ascii_lowercase());
        // A wildcard stands for one label.
        name == host
            || name.strip_prefix("*.").is_some_and(|rest| host.split_once('.').is_some_and(|(_, other)| other == rest))
    };
    if certificate.names.is_empty() {
        let common = certificate.subject.split(", ").filter_map(|part| part.strip_prefix("CN=")).last();
        return common.is_some_and(fits);
    }
    certificate.names.iter().any(|name| fits(name))
}

fn shortened(name: String) -> String {
    const MOST: usize = 512;
    if name.chars().nth(MOST).is_none() { name } else { name.chars().take(MOST).chain(['…']).collect() }
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::IpAddr::from(four).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|sixteen| std::net::IpAddr::from(sixteen).to_string())
}

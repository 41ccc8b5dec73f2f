//! Certificates that a server presents, as facts (RFC 5280).

use std::net::IpAddr;

use sekisho_model::tls::TlsCertificate;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer as _;

use super::roots::Roots;
use crate::endpoint::Endpoint;

/// Names, and addresses for revocation, of one certificate that are kept.
const NAMES: usize = 64;

/// Characters of one text that are kept.
const TEXT: usize = 512;

const DAY: i64 = 24 * 60 * 60;

/// A chain as facts, the server's own certificate first; those that can't be read are left out.
pub(super) fn facts(
    chain: &[Vec<u8>],
    endpoint: &Endpoint,
    roots: Option<&Roots>,
    now: OffsetDateTime,
) -> Vec<TlsCertificate> {
    let read = |(position, der): (usize, &Vec<u8>)| {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let mut fact = read(&parsed, now)?;
        fact.address = endpoint.host();
        fact.port = endpoint.address.port();
        fact.position = u32::try_from(position).ok()?;
        if position == 0 {
            fact.name_matches = endpoint.name.as_deref().map(|name| is_for(&fact, name));
            // Whether it has run out is another question: it is asked as of a moment at which the certificate is good.
            let (from, to) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
            let at = u64::try_from(now.unix_timestamp().min(to).max(from)).unwrap_or_default();
            fact.trusted = roots.map(|roots| roots.trust(chain, at));
        }
        Some(fact)
    };
    chain.iter().enumerate().filter_map(read).collect()
}

fn read(parsed: &X509Certificate<'_>, now: OffsetDateTime) -> Option<TlsCertificate> {
    let (from, to) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
    let now = now.unix_timestamp();
    let (key_algorithm, key_bits) = sekisho_x509::key(parsed);
    Some(TlsCertificate {
        subject: shown(&parsed.subject().to_string()),
        issuer: shown(&parsed.issuer().to_string()),
        names: names(parsed),
        not_before: moment(from)?,
        not_after: moment(to)?,
        valid_now: Some((from..=to).contains(&now)),
        days_left: Some((to - now).div_euclid(DAY)),
        self_signed: parsed.subject() == parsed.issuer(),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(parsed),
        authority: parsed.is_ca(),
        revocation: revocation(parsed),
        fingerprint: hex(&Sha256::digest(parsed.public_key().raw)),
        ..TlsCertificate::default()
    })
}

fn names(parsed: &X509Certificate<'_>) -> Vec<String> {
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(shown(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    };
    let extension = parsed.subject_alternative_name().ok().flatten();
    extension.map(|names| names.value.general_names.iter().filter_map(name).take(NAMES).collect()).unwrap_or_default()
}

/// Where its revocation can be asked (RFC 5280, section 4.2.2.1) and is listed (section 4.2.1.13).
fn revocation(parsed: &X509Certificate<'_>) -> Vec<String> {
    let uri = |kind: &str, name: &GeneralName<'_>| match name {
        GeneralName::URI(uri) => Some(format!("{kind} {}", shown(uri))),
        _ => None,
    };
    let mut all = Vec::new();
    for extension in parsed.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::AuthorityInfoAccess(access) => {
                let ocsp = access.iter().filter(|way| way.access_method.to_id_string() == "1.3.6.1.5.5.7.48.1");
                all.extend(ocsp.filter_map(|way| uri("ocsp", &way.access_location)));
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.iter() {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                        all.extend(names.iter().filter_map(|name| uri("crl", name)));
                    }
                }
            }
            _ => {}
        }
    }
    all.truncate(NAMES);
    all
}

/// Whether a certificate is for `name`: by its alternative names (RFC 6125, section 6.4), or, where it has none, by its common name (section
/// 6.4.4), as clients that are still about do. An address has to stand there as one.
fn is_for(certificate: &TlsCertificate, name: &str) -> bool {
    let wanted = name.trim_end_matches('.').to_ascii_lowercase();
    let literal: Option<IpAddr> = wanted.parse().ok();
    let fits = |presented: &str| {
        let presented = presented.trim_end_matches('.').to_ascii_lowercase();
        match (literal, presented.strip_prefix("*.")) {
            (Some(wanted), _) => presented.parse() == Ok(wanted),
            (None, None) => presented == wanted,
            // The star stands for the whole leftmost label, and for no other (section 6.4.3).
            (None, Some(rest)) => {
                wanted.split_once('.').is_some_and(|(first, other)| !first.is_empty() && other == rest)
            }
        }
    };
    if certificate.names.is_empty() {
        let common = certificate.subject.split(", ").filter_map(|part| part.strip_prefix("CN=")).last();
        return common.is_some_and(fits);
    }
    certificate.names.iter().any(|presented| fits(presented))
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn moment(seconds: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
}

fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(TEXT).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(names: &[&str], subject: &str, wanted: &str) -> bool {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        is_for(&TlsCertificate { names, subject: subject.to_owned(), ..TlsCertificate::default() }, wanted)
    }

    #[test]
    fn names_match_as_rfc_6125_says() {
        assert!(matches(&["device.example"], "", "DEVICE.example."));
        assert!(matches(&["*.example"], "", "device.example"));
        assert!(!matches(&["*.example"], "", "a.device.example"));
        assert!(!matches(&["*.example"], "", "example"));
        assert!(!matches(&["*"], "", "device"));
        assert!(!matches(&["d*.example"], "", "device.example"));
        assert!(matches(&["192.0.2.1"], "", "192.0.2.1"));
        assert!(matches(&["2001:db8::1"], "", "2001:db8:0::1"));
        assert!(!matches(&["*.0.2.1"], "", "192.0.2.1"));
        assert!(matches(&[], "O=Maker, CN=device.example", "device.example"));
        assert!(!matches(&["other.example"], "CN=device.example", "device.example"));
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(der in prop::collection::vec(any::<u8>(), 0..200)) {
            let endpoint = Endpoint::tcp(([127, 0, 0, 1], 443).into(), Some("device.example"));
            facts(&[der], &endpoint, Some(&Roots::default()), OffsetDateTime::UNIX_EPOCH);
        }
    }
}

//! How facts name what is in X.509 certificates (RFC 5280): the same, wherever the certificate was seen.
//!
//! What comes back is as long as the certificate makes it; who keeps it shortens it.

mod name;

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::public_key::PublicKey;

pub use name::{is_for, is_named};

/// The alternative names that are names of hosts or addresses (section 4.2.1.6).
pub fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    };
    let extension = certificate.subject_alternative_name().ok().flatten();
    extension.map(|names| names.value.general_names.iter().filter_map(name).collect()).unwrap_or_default()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// The first and the last moment of its validity (RFC 3339).
pub fn validity(certificate: &X509Certificate<'_>) -> Option<(String, String)> {
    let moment = |time: OffsetDateTime| time.format(&Rfc3339).ok();
    let validity = certificate.validity();
    Some((moment(validity.not_before.to_datetime())?, moment(validity.not_after.to_datetime())?))
}

/// Whether it is valid at `moment`, in seconds since 1970; the first and the last one count.
pub fn is_valid(certificate: &X509Certificate<'_>, moment: i64) -> bool {
    let validity = certificate.validity();
    (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&moment)
}

/// Whole days from `moment`, in seconds since 1970, to the end of its validity; below zero where it has ended.
pub fn days_left(certificate: &X509Certificate<'_>, moment: i64) -> i64 {
    certificate.validity().not_after.timestamp().saturating_sub(moment).div_euclid(24 * 60 * 60)
}

/// Whether it names itself as its issuer. The signature is not checked.
pub fn is_self_signed(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject() == certificate.issuer()
}

/// SHA-256 of its public key, in lower-case hexadecimal.
pub fn fingerprint(certificate: &X509Certificate<'_>) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(certificate.public_key().raw))
}

/// Where its revocation can be asked (section 4.2.2.1) as `ocsp http://…`, and is listed (section 4.2.1.13) as `crl http://…`.
pub fn revocation(certificate: &X509Certificate<'_>) -> Vec<String> {
    // id-ad-ocsp
    const OCSP: &str = "1.3.6.1.5.5.7.48.1";
    let uri = |kind: &str, name: &GeneralName<'_>| match name {
        GeneralName::URI(uri) => Some(format!("{kind} {uri}")),
        _ => None,
    };
    let mut all = Vec::new();
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::AuthorityInfoAccess(access) => {
                let asked = access.iter().filter(|way| way.access_method.to_id_string() == OCSP);
                all.extend(asked.filter_map(|way| uri("ocsp", &way.access_location)));
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
    all
}

/// Algorithm of a certificate's public key (`rsa`, `ec`, `dsa`, `ed25519`, `ed448`, else its object identifier), and its size in bits where
/// that is known.
pub fn key(certificate: &X509Certificate<'_>) -> (String, Option<u32>) {
    let info = certificate.public_key();
    match info.parsed() {
        Ok(PublicKey::RSA(rsa)) => ("rsa".into(), u32::try_from(rsa.key_size()).ok()),
        Ok(PublicKey::EC(point)) => ("ec".into(), u32::try_from(point.key_size()).ok()),
        Ok(PublicKey::DSA(_)) => ("dsa".into(), None),
        // RFC 8410, section 3.
        _ => match info.algorithm.algorithm.to_id_string().as_str() {
            "1.3.101.112" => ("ed25519".into(), Some(256)),
            "1.3.101.113" => ("ed448".into(), Some(448)),
            other => (other.to_owned(), None),
        },
    }
}

/// Algorithm that a certificate is signed with, such as `sha256-rsa` (RFC 3279, 4055, 5758, 8410); an unknown one by its object identifier.
pub fn signature(certificate: &X509Certificate<'_>) -> String {
    let oid = certificate.signature_algorithm.algorithm.to_id_string();
    let name = match oid.as_str() {
        "1.2.840.113549.1.1.2" => "md2-rsa",
        "1.2.840.113549.1.1.4" => "md5-rsa",
        "1.2.840.113549.1.1.5" => "sha1-rsa",
        "1.2.840.113549.1.1.10" => "rsa-pss",
        "1.2.840.113549.1.1.11" => "sha256-rsa",
        "1.2.840.113549.1.1.12" => "sha384-rsa",
        "1.2.840.113549.1.1.13" => "sha512-rsa",
        "1.2.840.113549.1.1.14" => "sha224-rsa",
        "1.2.840.10040.4.3" => "sha1-dsa",
        "1.2.840.10045.4.1" => "ecdsa-sha1",
        "1.2.840.10045.4.3.2" => "ecdsa-sha256",
        "1.2.840.10045.4.3.3" => "ecdsa-sha384",
        "1.2.840.10045.4.3.4" => "ecdsa-sha512",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        _ => return oid,
    };
    name.to_owned()
}

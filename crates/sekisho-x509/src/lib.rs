//! How facts name the keys and signatures of X.509 certificates (RFC 5280): the same, wherever the certificate was seen.

use x509_parser::certificate::X509Certificate;
use x509_parser::public_key::PublicKey;

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

//! X.509 certificates, in PEM and DER.

use memchr::memmem;
use sekisho_model::fact::{Certificate, Observed, ReadState, Region};
use time::Date;
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer;

use super::{FileInput, Seen, known_keys};

/// With more certificates than this a file is a bundle of authorities, counted and not listed.
const BUNDLE: usize = 10;
/// Certificates looked at in one file.
const MAX_CERTIFICATES: usize = 2000;
/// A file in DER is not larger.
const MAX_DER: usize = 64 << 10;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The certificates in a file; of a bundle how many there are.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let mut found: Vec<(Option<usize>, Certificate)> = Vec::new();
    for at in memmem::find_iter(file.bytes, BEGIN).take(MAX_CERTIFICATES) {
        if let Ok((pem, _)) = Pem::read(std::io::Cursor::new(&file.bytes[at..]))
            && let Some(certificate) = certificate(&pem.contents, file.today)
        {
            found.push((file.text.is_some().then_some(at), certificate));
        }
    }
    if found.is_empty() && file.bytes.len() <= MAX_DER && file.bytes.starts_with(&[0x30, 0x82]) {
        found.extend(certificate(file.bytes, file.today).map(|c| (None, c)));
    }
    if found.len() > BUNDLE {
        let expired = found.iter().filter(|(_, c)| c.expired).count();
        let region = Region {
            format: "certificate-bundle".into(),
            length: file.bytes.len() as u64,
            read: ReadState::Whole,
            detail: Some(format!("{} certificates of authorities, {expired} of them expired", found.len())),
            ..Region::default()
        };
        return vec![Seen::new(Observed::Region(region))];
    }
    let store =
        ["/ssl/certs/", "/ca-certificates/", "/pki/ca-trust/"].iter().any(|part| file.entry.path.contains(part));
    found
        .into_iter()
        .map(|(at, mut certificate)| {
            certificate.trust_store = store && certificate.authority;
            let mut seen = Seen::in_string(Observed::Certificate(certificate.clone()), &certificate.subject);
            seen.line = at.and_then(|at| u32::try_from(memchr::memchr_iter(b'\n', &file.bytes[..at]).count() + 1).ok());
            seen
        })
        .collect()
}

/// The certificates in program code, in PEM and DER, each with its offset.
pub(super) fn in_code(code: &[u8], today: Date) -> Vec<(usize, Seen)> {
    let pem = memmem::find_iter(code, BEGIN).filter_map(|at| {
        // A C string has its line ends in it, and its end behind it.
        let block = code.get(at..code.len().min(at + MAX_DER))?;
        let (pem, _) = Pem::read(std::io::Cursor::new(block)).ok()?;
        Some((at, certificate(&pem.contents, today)?))
    });
    // A sequence of more than 255 bytes that begins with another, as a certificate does.
    let der = memmem::find_iter(code, &[0x30, 0x82]).filter_map(|at| {
        let head = code.get(at..at + 5)?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]])) + 4;
        let block = code.get(at..at + length).filter(|_| head[4] == 0x30)?;
        Some((at, certificate(block, today)?))
    });
    pem.chain(der)
        .map(|(at, certificate)| {
            let subject = certificate.subject.clone();
            (at, Seen::in_string(Observed::Certificate(certificate), &subject))
        })
        .collect()
}

fn certificate(der: &[u8], today: Date) -> Option<Certificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let (key_algorithm, key_bits) = sekisho_x509::key(&parsed);
    let (not_before, not_after) = sekisho_x509::validity(&parsed)?;
    let fingerprint = sekisho_x509::fingerprint(&parsed);
    // The day on which it ends still counts as valid.
    let expired = today.midnight().assume_utc().unix_timestamp() > parsed.validity().not_after.timestamp();
    Some(Certificate {
        subject: parsed.subject().to_string(),
        issuer: parsed.issuer().to_string(),
        not_before,
        not_after,
        expired,
        self_signed: sekisho_x509::is_self_signed(&parsed),
        authority: parsed.is_ca(),
        trust_store: false,
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(&parsed),
        well_known: known_keys::origin(&fingerprint),
        fingerprint: Some(fingerprint),
        ..Certificate::default()
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::tree::Entry;

    /// Made for this test: `C=JP, O=Example, CN=camera.test`, P-256, valid on 2026-11-23; its key was thrown away.
    const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIBvzCCAWWgAwIBAgIUAK+mSJm6YPD3wfMLqJ/qxatp8kMwCgYIKoZIzj0EAwIw\nNTELMAkGA1UEBhMCSlAxEDAOBgNVBAoMB0V4YW1wbGUxFDASBgNVBAMMC2NhbWVy\nYS50ZXN0MB4XDTI2MTEyMzAwMTc1OVoXDTI2MTEyNDAwMTc1OVowNTELMAkGA1UE\nBhMCSlAxEDAOBgNVBAoMB0V4YW1wbGUxFDASBgNVBAMMC2NhbWVyYS50ZXN0MFkw\nEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsU64epfWKerv16h2ZACZ0jme1EQtB47+\nAnABBTZmU0Qr8o9FvmwP6ytpt6DC8fym/a3TPS8sfNj04EnTsJHg/aNTMFEwHQYD\nVR0OBBYEFP0E+zJHwBlxLOTL3/xuFNyYsXlkMB8GA1UdIwQYMBaAFP0E+zJHwBlx\nLOTL3/xuFNyYsXlkMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIh\nANQAtIp+NDogeSu3Iru3Kyjeomxdbtb+Gx8N5q//8GtAAiAxYQRp7CD52eb7obZG\nTmIGeugr7SNCIaHXLbyUFpkPVw==\n-----END CERTIFICATE-----\n";

    fn of(path: &str, text: &str, today: Date) -> Vec<Observed> {
        let entry = Entry { path: path.into(), ..Entry::default() };
        let file =
            FileInput { entry: &entry, bytes: text.as_bytes(), text: super::super::text_of(text.as_bytes()), today };
        inspect(&file).into_iter().map(|seen| seen.observed).collect()
    }

    fn one(path: &str, text: &str, today: Date) -> Certificate {
        let found = of(path, text, today);
        let [Observed::Certificate(certificate)] = found.as_slice() else { panic!("{found:?}") };
        certificate.clone()
    }

    #[test]
    fn a_certificate_and_its_end() {
        let certificate = one("/etc/server.pem", PEM, date!(2030 - 01 - 01));
        assert_eq!(certificate.subject, "C=JP, O=Example, CN=camera.test");
        assert!(certificate.expired && certificate.self_signed && !certificate.trust_store);
        assert_eq!((certificate.key_algorithm.as_str(), certificate.key_bits), ("ec", Some(256)));
        assert_eq!(certificate.signature, "ecdsa-sha256");
        // As `openssl x509 -pubkey | openssl pkey -pubin -outform DER | sha256sum` gives it.
        assert_eq!(
            certificate.fingerprint.as_deref(),
            Some("dd5d08de6d8c370b7d03003035fb3f51e55bccc920db5ddffaaadbc83a9c34eb")
        );
        assert_eq!(certificate.well_known, None);
        assert!(!one("/etc/server.pem", PEM, date!(2026 - 11 - 23)).expired);
        // It is an authority's (as `openssl req -x509` makes them), and trusted where such lie.
        assert!(one("/etc/ssl/certs/x.pem", PEM, date!(2026 - 01 - 01)).trust_store);
    }

    #[test]
    fn a_bundle_is_counted() {
        let found = of("/etc/ssl/cert.pem", &PEM.repeat(11), date!(2026 - 01 - 01));
        assert!(matches!(found.as_slice(), [Observed::Region(r)] if r.format == "certificate-bundle"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(of("/etc/x.pem", broken, date!(2026 - 01 - 01)).is_empty());
    }
}

//! TLSA records (RFC 6698, RFC 7671) of mail servers (RFC 7672): which certificates may be presented.

use std::sync::Arc;
use std::time::Duration;

use domain::base::iana::Rtype;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sha2::{Digest as _, Sha256, Sha512};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::answer::{Answer, Data};
use super::dnssec::{Security, judge};
use super::look::Look;

/// One TLSA record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    /// 2: an authority that has to be in the chain; 3: the server's own certificate. 0 and 1 do not count for mail (RFC 7672, section 3.1.3).
    pub(crate) usage: u8,
    /// 0: the whole certificate; 1: its public key.
    pub(crate) selector: u8,
    /// 0: as it is; 1: SHA-256; 2: SHA-512.
    pub(crate) matching: u8,
    /// What it has to be.
    pub(crate) data: Vec<u8>,
}

impl Pin {
    /// Whether mail servers can use it at all.
    fn is_usable(&self) -> bool {
        let length = match self.matching {
            0 => !self.data.is_empty(),
            1 => self.data.len() == 32,
            2 => self.data.len() == 64,
            _ => false,
        };
        matches!(self.usage, 2 | 3) && self.selector <= 1 && length
    }

    fn is_of(&self, der: &[u8]) -> bool {
        let part = match self.selector {
            0 => Some(der),
            1 => {
                X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate.tbs_certificate.subject_pki.raw)
            }
            _ => None,
        };
        let Some(part) = part else { return false };
        match self.matching {
            0 => part == self.data,
            1 => Sha256::digest(part)[..] == self.data,
            2 => Sha512::digest(part)[..] == self.data,
            _ => false,
        }
    }
}

/// The pins of a mail server: none where there are none that count, `None` where that can't be told.
pub(super) fn pins(look: &mut Look<'_>, aspect: Aspect, host: &str, port: u16) -> Option<Vec<Pin>> {
    let name = format!("_{port}._tcp.{host}");
    let answer = look.ask(&[aspect], &name, Rtype::TLSA)?;
    let pins = usable(&answer);
    if pins.is_empty() {
        return Some(pins);
    }
    match judge(look, &name, Rtype::TLSA) {
        Security::Secure(_) => Some(pins),
        // Without signatures they count for nothing (RFC 7672, section 2.1.1).
        Security::Insecure => Some(Vec::new()),
        Security::Bogus(why) => {
            let reason = Text::new(
                format!("there are TLSA records, but their DNSSEC signatures do not hold ({why})"),
                format!("TLSAレコードがあるが、DNSSECの署名が正しくない（{why}）"),
            );
            look.findings.gap(&[aspect], &name, &reason);
            None
        }
        Security::Unknown(why) => {
            let reason = Text::new(
                format!("there are TLSA records, but their DNSSEC signatures could not be verified ({why})"),
                format!("TLSAレコードがあるが、DNSSECの署名を検証できなかった（{why}）"),
            );
            look.findings.gap(&[aspect], &name, &reason);
            None
        }
    }
}

fn usable(answer: &Answer) -> Vec<Pin> {
    let pins = answer.records.iter().filter_map(|data| match data {
        Data::Tlsa(pin) => Some(pin.clone()),
        _ => None,
    });
    pins.filter(Pin::is_usable).collect()
}

/// Whether a chain is one that the pins allow for the server `name`.
pub(super) fn allow(pins: &[Pin], chain: &[Vec<u8>], name: &str, now: OffsetDateTime) -> bool {
    let Some((own, others)) = chain.split_first() else { return false };
    pins.iter().any(|pin| match pin.usage {
        // Neither its names nor its dates matter (RFC 7672, section 3.1.1).
        3 => pin.is_of(own),
        2 => others.iter().any(|authority| pin.is_of(authority) && leads_to(authority, own, others, name, now)),
        _ => false,
    })
}

/// Whether the server's certificate is for `name` and leads, signature by signature, to `authority`.
fn leads_to(authority: &[u8], own: &[u8], others: &[Vec<u8>], name: &str, now: OffsetDateTime) -> bool {
    let mut roots = RootCertStore::empty();
    if roots.add(CertificateDer::from(authority.to_vec())).is_err() {
        return false;
    }
    let provider = Arc::new(ring::default_provider());
    let Ok(verifier) = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build() else {
        return false;
    };
    let others: Vec<CertificateDer<'_>> = others.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let seconds = u64::try_from(now.unix_timestamp()).unwrap_or_default();
    let moment = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let Ok(name) = ServerName::try_from(name) else { return false };
    verifier.verify_server_cert(&CertificateDer::from(own), &others, &name, &[], moment).is_ok()
}

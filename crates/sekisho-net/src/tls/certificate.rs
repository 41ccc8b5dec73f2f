//! Certificates that a server presents, as facts (RFC 5280).

use sekisho_model::tls::TlsCertificate;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::roots::Roots;
use crate::endpoint::Endpoint;

/// Names, and addresses for revocation, of one certificate that are kept.
const NAMES: usize = 64;

/// Characters of one text that are kept.
const TEXT: usize = 512;

/// A chain as facts, the server's own certificate first; those that can't be read are left out.
pub(super) fn facts(
    chain: &[Vec<u8>],
    endpoint: &Endpoint,
    roots: Option<&Roots>,
    now: OffsetDateTime,
) -> Vec<TlsCertificate> {
    let now = now.unix_timestamp();
    let read = |(position, der): (usize, &Vec<u8>)| {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let mut fact = read(&parsed, now)?;
        fact.address = endpoint.host();
        endpoint.transport.name().clone_into(&mut fact.transport);
        fact.port = endpoint.address.port();
        fact.position = u32::try_from(position).ok()?;
        if position == 0 {
            fact.name_matches =
                endpoint.name.as_deref().map(|name| sekisho_x509::is_for(&fact.names, &fact.subject, name));
            // Whether it has run out is another question: it is asked as of a moment at which the certificate is good.
            let (from, to) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
            let at = u64::try_from(now.min(to).max(from)).unwrap_or_default();
            fact.trusted = roots.map(|roots| roots.trust(chain, at));
        }
        Some(fact)
    };
    chain.iter().enumerate().filter_map(read).collect()
}

fn read(parsed: &X509Certificate<'_>, now: i64) -> Option<TlsCertificate> {
    let (not_before, not_after) = sekisho_x509::validity(parsed)?;
    let (key_algorithm, key_bits) = sekisho_x509::key(parsed);
    Some(TlsCertificate {
        subject: shown(&parsed.subject().to_string()),
        issuer: shown(&parsed.issuer().to_string()),
        names: sekisho_x509::names(parsed).iter().take(NAMES).map(|name| shown(name)).collect(),
        not_before,
        not_after,
        valid_now: Some(sekisho_x509::is_valid(parsed, now)),
        days_left: Some(sekisho_x509::days_left(parsed, now)),
        self_signed: sekisho_x509::is_self_signed(parsed),
        key_algorithm,
        key_bits,
        signature: sekisho_x509::signature(parsed),
        authority: parsed.is_ca(),
        revocation: sekisho_x509::revocation(parsed).iter().take(NAMES).map(|told| shown(told)).collect(),
        fingerprint: sekisho_x509::fingerprint(parsed),
        ..TlsCertificate::default()
    })
}

fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(der in prop::collection::vec(any::<u8>(), 0..200)) {
            let endpoint = Endpoint::tcp(([127, 0, 0, 1], 443).into(), Some("device.example"));
            facts(&[der], &endpoint, Some(&Roots::default()), OffsetDateTime::UNIX_EPOCH);
        }
    }
}

//! What stands in a domain's zone about the zone and its services as a whole: signatures (DNSSEC), mail servers, who may issue certificates.

use domain::base::iana::Rtype;
use sekisho_model::coverage::Aspect;
use sekisho_model::mail::MailDomain;

use super::answer::Data;
use super::dnssec::{Security, judge};
use super::look::{Look, shortened};
use super::tags::{Tags, is_version};

/// Mail servers that facts list.
const SERVERS: usize = 50;
/// CAA records that facts list.
const ISSUERS: usize = 50;

const ASPECTS: [Aspect; 1] = [Aspect::DomainMail];

/// Whether the zone is signed. `zone` is the one that the domain lies in.
pub(super) fn signatures(look: &mut Look<'_>, zone: &str, value: &mut MailDomain) {
    let Some(start) = look.ask(&ASPECTS, zone, Rtype::SOA) else { return };
    let Some(delegation) = look.ask(&ASPECTS, zone, Rtype::DS) else { return };
    value.dnssec_signed = Some(!delegation.records.is_empty() && start.signed);
    value.dnssec_verified = Some(start.verified);
    validate(look, zone, value);
}

/// Computes whether the beginning of the zone is signed up to a trusted key.
pub(super) fn validate(look: &mut Look<'_>, zone: &str, value: &mut MailDomain) {
    let security = judge(look, zone, Rtype::SOA);
    value.dnssec = Some(security.name().to_owned());
    value.dnssec_reason = security.reason().map(str::to_owned);
    value.dnssec_algorithm = match security {
        Security::Secure(algorithm) => Some(algorithm),
        _ => None,
    };
}

/// The mail servers.
pub(super) fn mail_servers(look: &mut Look<'_>, value: &mut MailDomain) {
    let Some(answer) = look.ask(&ASPECTS, &value.domain.clone(), Rtype::MX) else { return };
    let mut servers: Vec<(u16, String)> = answer
        .records
        .iter()
        .filter_map(|data| match data {
            Data::Exchange { preference, host } => Some((*preference, host.clone())),
            _ => None,
        })
        .collect();
    servers.sort();
    servers.dedup();
    value.mx_found = Some(!servers.is_empty());
    value.null_mx = matches!(servers.as_slice(), [(_, host)] if host.is_empty());
    value.mail_servers =
        servers.into_iter().map(|(_, host)| host).filter(|host| !host.is_empty()).take(SERVERS).collect();
}

/// Whether reports on TLS are asked for (RFC 8460, section 3).
pub(super) fn tls_reports(look: &mut Look<'_>, value: &mut MailDomain) {
    let Some(answer) = look.ask(&ASPECTS, &format!("_smtp._tls.{}", value.domain), Rtype::TXT) else { return };
    let records: Vec<&str> = answer.texts().filter(|text| is_version(text, "TLSRPTv1")).collect();
    value.tls_reporting = Some(match records.as_slice() {
        [record] => asks_for_reports(record),
        _ => false,
    });
}

fn asks_for_reports(record: &str) -> bool {
    let addresses = Tags::parse(record).and_then(|tags| tags.get("rua").map(str::to_owned));
    addresses.is_some_and(|addresses| {
        addresses.split(',').all(|address| {
            let address = address.trim();
            address.starts_with("mailto:") || address.starts_with("https://")
        })
    })
}

/// Who may issue certificates: the records of the domain, or of the nearest one above it that has any (RFC 8659, section 3).
pub(super) fn issuers(look: &mut Look<'_>, value: &mut MailDomain) {
    let domain = value.domain.clone();
    let mut at = Some(domain.as_str());
    while let Some(name) = at {
        let Some(answer) = look.ask(&ASPECTS, name, Rtype::CAA) else { return };
        let mut found: Vec<String> = answer
            .records
            .iter()
            .filter_map(|data| match data {
                Data::Issuance(text) => Some(shortened(text)),
                _ => None,
            })
            .take(ISSUERS)
            .collect();
        if !found.is_empty() {
            found.sort();
            value.caa_found = Some(true);
            value.caa = found;
            return;
        }
        at = name.split_once('.').map(|(_, parent)| parent);
    }
    value.caa_found = Some(false);
}

#[cfg(test)]
mod tests {
    use super::asks_for_reports;

    #[test]
    fn reports_on_tls() {
        assert!(asks_for_reports("v=TLSRPTv1; rua=mailto:reports@example.com,https://example.com/tls"));
        assert!(!asks_for_reports("v=TLSRPTv1;") && !asks_for_reports("v=TLSRPTv1; rua=reports@example.com"));
    }
}

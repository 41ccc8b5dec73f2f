//! Facts about domains, their mail and their `security.txt` as people read them.

use sekisho_model::mail::{DkimKey, MailDomain, MailMessage, MailServer, SecurityTxt};

use super::Columns;
use super::cell::{Cell, days, flag, if_so, list, maybe, maybe_flag, named, number, raw};
use crate::messages::facts as m;
use crate::messages::mail as l;
use crate::messages::tls as t;

pub(super) fn domain(x: &MailDomain) -> Columns {
    vec![
        (l::DOMAIN, raw(&x.domain)),
        (l::SPF_ALL, x.spf_all.as_deref().map_or(Cell::Empty, |all| named(all, l::spf))),
        (l::SPF_VALID, maybe_flag(x.spf_valid)),
        (l::DMARC_POLICY, x.dmarc_policy.as_deref().map_or(Cell::Empty, |policy| named(policy, l::dmarc))),
        (l::MTA_STS, x.mta_sts.as_deref().map_or(Cell::Empty, |mode| named(mode, l::mta_sts))),
        (l::DNSSEC, x.dnssec.as_deref().map_or(Cell::Empty, |state| named(state, l::dnssec))),
        (l::DNSSEC_SIGNED, maybe_flag(x.dnssec_signed)),
        (l::DANE, maybe_flag(x.dane)),
        (l::CAA, list(&x.caa)),
        (l::DNSSEC_REASON, maybe(x.dnssec_reason.as_deref())),
        (l::DNSSEC_ALGORITHM, maybe(x.dnssec_algorithm.as_deref())),
        (l::DNSSEC_VERIFIED, maybe_flag(x.dnssec_verified)),
        (l::DNSSEC_BOGUS, if_so(x.dnssec_bogus)),
        (
            l::DMARC_SUBDOMAINS,
            x.dmarc_subdomain_policy.as_deref().map_or(Cell::Empty, |policy| named(policy, l::dmarc)),
        ),
        (l::DMARC_PERCENT, number(x.dmarc_percent)),
        (l::DMARC_REPORTS, maybe_flag(x.dmarc_reports)),
        (l::DMARC_WEAK_DAYS, days(x.dmarc_weak_days)),
        (l::TLS_REPORTING, maybe_flag(x.tls_reporting)),
        (l::NULL_MX, if_so(x.null_mx)),
        (l::MAIL_SERVERS, list(&x.mail_servers)),
        (l::SPF_LOOKUPS, number(x.spf_lookups)),
        (l::SPF, maybe(x.spf.as_deref())),
        (l::DMARC, maybe(x.dmarc.as_deref())),
    ]
}

pub(super) fn key(x: &DkimKey) -> Columns {
    vec![
        (l::SELECTOR, raw(&x.selector)),
        (l::DOMAIN, raw(&x.domain)),
        (l::RECORD_FOUND, flag(x.found)),
        (m::ALGORITHM, maybe(x.key_algorithm.as_deref())),
        (m::BITS, x.key_bits.map_or(Cell::Empty, |bits| Cell::Raw(bits.to_string()))),
        (l::TESTING, if_so(x.testing)),
        (l::REVOKED, if_so(x.revoked)),
    ]
}

pub(super) fn server(x: &MailServer) -> Columns {
    vec![
        (m::SERVER, raw(&x.host)),
        (l::DOMAIN, raw(&x.domain)),
        (l::OFFERS_TLS, maybe_flag(x.starttls)),
        (l::BEST_VERSION, maybe(x.version.as_deref())),
        (l::CERTIFICATE_FITS, maybe_flag(x.certificate_fits)),
        (l::DANE_MATCHES, maybe_flag(x.dane_matches)),
    ]
}

pub(super) fn message(x: &MailMessage) -> Columns {
    vec![
        (l::SENDER, raw(&x.domain)),
        (l::DATE, maybe(x.date.as_deref())),
        (l::SIGNATURES, list(&x.signatures)),
        (l::ALIGNED, maybe_flag(x.aligned)),
        (l::RECEIVED_OVER_TLS, maybe_flag(x.received_over_tls)),
    ]
}

pub(super) fn security_txt(x: &SecurityTxt) -> Columns {
    vec![
        (m::ADDRESS, raw(&x.url)),
        (l::FILE_FOUND, flag(x.found)),
        (l::FITS_RFC, if x.found { flag(x.valid) } else { Cell::Empty }),
        (l::PROBLEMS, list(&x.problems)),
        (l::CONTACTS, list(&x.contacts)),
        (l::EXPIRES, maybe(x.expires.as_deref().map(crate::age::day_of).as_deref())),
        (t::DAYS_LEFT, days(x.days_left)),
        (l::POLICIES, list(&x.policies)),
        (l::LANGUAGES, list(&x.languages)),
        (m::SIGNED, if x.found { Cell::Word(m::signature(x.signature)) } else { Cell::Empty }),
    ]
}

//! A look at a domain: its records for mail and trust, its mail servers, where it says how to report a flaw.
//!
//! Everything is asked of one [`Resolver`]. That there is no record is concluded only from an answer that says so; where the name server fails,
//! refuses or is silent, the field stays absent, and the failure is a fact and a gap.

mod answer;
mod certificate;
mod dane;
pub(crate) mod dkim;
mod dmarc;
pub(crate) mod dnssec;
mod https;
pub(crate) mod look;
mod mta_sts;
mod reporting;
mod resolver;
pub mod security_txt;
mod server;
mod spf;
mod spf_record;
pub(crate) mod tags;
mod zone;

use domain::base::iana::Rtype;
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::mail::MailDomain;
use sekisho_model::network::FailureKind;
use sekisho_model::product::Domain;
use time::OffsetDateTime;

use crate::budget::Budget;
use crate::failure::Failure;
use crate::findings::Findings;
pub use dnssec::TrustAnchors;
use look::{Look, source};
pub(crate) use resolver::is_name;
pub use resolver::{Reach, Resolver};

/// Looks at a domain of the product as it is at `now`.
pub fn look(domain: &Domain, resolver: &Resolver, now: OffsetDateTime, budget: &Budget) -> Findings {
    let mut look = Look { resolver, budget, now, findings: Findings::default() };
    let name = domain.name.trim_end_matches('.').to_ascii_lowercase();
    if !resolver::is_name(&name) {
        let reason = Text::new(
            "not a name of the DNS; names in other scripts are written with xn-- here",
            "DNSの名前ではない（国際化ドメイン名はxn--で始まる形で書く）",
        );
        look.findings.gap(&Aspect::DOMAIN, &domain.name, &reason);
        return look.findings;
    }
    let mut value = MailDomain { domain: name.clone(), sends_mail: domain.mail, ..MailDomain::default() };
    match zone_of(&mut look, &name) {
        Zone::NothingToAsk => return look.findings,
        Zone::Is(zone) => zone::signatures(&mut look, &zone, &mut value),
        Zone::NotTold => look.findings.gap(
            &[Aspect::DomainMail],
            &name,
            &Text::new(
                "whether its zone is signed was not looked at: the answer does not tell the zone, as where the domain is an alias",
                "ゾーンの署名の有無は調べていない（ドメインが別名（CNAME）であるなど、応答からゾーンが分からない）",
            ),
        ),
    }
    zone::mail_servers(&mut look, &mut value);
    spf::look_at(&mut look, &mut value);
    dmarc::look_at(&mut look, &mut value, domain.dmarc_since.as_deref());
    dkim::look_at(&mut look, &name, &domain.dkim_selectors);
    mta_sts::look_at(&mut look, &mut value);
    zone::tls_reports(&mut look, &mut value);
    zone::issuers(&mut look, &mut value);
    server::look_at(&mut look, &mut value);
    look.findings.fact(Observed::MailDomain(Box::new(value)), source(&name));
    reporting::look_at(&mut look, &name);
    look.findings
}

/// The zone that a domain lies in.
enum Zone {
    /// This.
    Is(String),
    /// The answer does not tell.
    NotTold,
    /// The domain does not exist, or nothing can be asked about it; this is said already.
    NothingToAsk,
}

/// Finds the zone of the domain.
fn zone_of(look: &mut Look<'_>, name: &str) -> Zone {
    match look.resolver.ask(look.budget, name, Rtype::SOA) {
        Ok(answer) if answer.exists => {
            // Behind an alias it is the zone of another.
            let zone = if answer.records.is_empty() { answer.zone } else { Some(name.to_owned()) };
            return zone.filter(|_| !answer.aliased).map_or(Zone::NotTold, Zone::Is);
        }
        Ok(_) => {
            let failure = Failure { kind: FailureKind::Unresolved, detail: Some("NXDOMAIN".to_owned()) };
            look.unanswered(&Aspect::DOMAIN, name, None, "dns-soa", &failure);
        }
        Err(failure) => {
            look.unanswered(&Aspect::DOMAIN, name, None, "dns-soa", &failure);
            if look.resolver.is_bogus(look.budget, name) {
                let mut value = MailDomain { domain: name.to_owned(), dnssec_bogus: true, ..MailDomain::default() };
                // The domain as its zone: behind a name server that refuses to answer, no other is told.
                zone::validate(look, name, &mut value);
                look.findings.fact(Observed::MailDomain(Box::new(value)), source(name));
            }
        }
    }
    Zone::NothingToAsk
}

//! Domains against real servers on this machine: Knot DNS with signed zones, Unbound that verifies them, nginx, a mail server; and against a name
//! server that means harm.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

mod hostile;
mod servers;

use std::fs;

use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Observed, SignatureState};
use sekisho_model::mail::{DkimKey, MailDomain, MailServer, SecurityTxt};
use sekisho_model::network::{FailureKind, ProbeFailure};
use sekisho_model::product::Domain;
use sekisho_net::domain::{Resolver, look, security_txt};
use sekisho_net::message::MessageCollector;
use sekisho_net::{Bounds, Budget, Findings, Stop};
use sekisho_test::shared_data;
use time::OffsetDateTime;
use time::macros::datetime;

use servers::Servers;

macro_rules! all {
    ($name:ident, $variant:ident) => {
        fn $name(findings: &Findings) -> Vec<&$variant> {
            let found = findings.facts.iter().filter_map(|(observed, _)| match observed {
                Observed::$variant(value) => Some(value),
                _ => None,
            });
            #[allow(clippy::borrow_deref_ref, reason = "some are in a box")]
            found.map(|value| &*value).map(|value| -> &$variant { value }).collect()
        }
    };
}
all!(domains, MailDomain);
all!(keys, DkimKey);
all!(mail_servers, MailServer);
all!(files, SecurityTxt);
all!(failures, ProbeFailure);

fn budget() -> Budget {
    Budget::new(Bounds::default(), Stop::default())
}

fn domain(name: &str) -> Domain {
    let dkim_selectors = ["now", "old", "none"].map(str::to_owned).to_vec();
    Domain { name: name.to_owned(), dkim_selectors, dmarc_since: Some("2020-01-01".to_owned()), ..Domain::default() }
}

#[test]
fn good_and_bad_domains() {
    let Some(servers) = Servers::start() else { return };
    let resolver = servers.resolver();
    let see = |name: &str| look(&domain(name), &resolver, OffsetDateTime::now_utc(), &budget());
    good(&see("good.test"));
    bad(&see("bad.test"));
    parked(&see("parked.test"));
    pinned(&see("pinned.test"));
    bogus(&see("bogus.test"));
    absent(&see("absent.test"));
    signatures(&servers);
    // The servers answer as before.
    good(&see("good.test"));
    messages(&servers);
}

/// What is computed, and not the name server's word.
fn signatures(servers: &Servers) {
    let see = |name: &str, resolver: &Resolver| {
        let findings = look(&domain(name), resolver, OffsetDateTime::now_utc(), &budget());
        let found = domains(&findings)[0].clone();
        let codes = [found.dnssec, found.dnssec_reason, found.dnssec_algorithm].map(Option::unwrap_or_default);
        (codes, found.dane, found.dnssec_verified)
    };
    for (resolver, verifies) in [(servers.resolver(), true), (servers.authority(), false)] {
        for (name, state, reason, algorithm) in [
            ("good.test", "secure", "", "ecdsap256sha256"),
            ("rsa.test", "secure", "", "rsasha256"),
            ("p384.test", "secure", "", "ecdsap384sha384"),
            ("ed25519.test", "secure", "", "ed25519"),
            ("sha512.test", "unknown", "algorithm", ""),
            ("bad.test", "insecure", "", ""),
            ("bogus.test", "bogus", "bad-signature", ""),
            ("expired.test", "bogus", "expired", ""),
            ("wrong-ds.test", "bogus", "no-key", ""),
        ] {
            let (found, ..) = see(name, &resolver);
            assert_eq!(found, [state, reason, algorithm], "{name}, {verifies}");
        }
        let (_, dane, verified) = see("good.test", &resolver);
        assert_eq!((dane, verified), (Some(true), Some(verifies)));
        assert_eq!(see("bad.test", &resolver).1, Some(false));
    }
    // Without a trusted key nothing is claimed, whatever the name server says.
    let (found, dane, verified) = see("good.test", &servers.without_anchor());
    assert_eq!((found, dane, verified), (["unknown", "no-anchor", ""].map(str::to_owned), None, Some(true)));
    // Signatures have a time: what holds today does not in ten years.
    let later = OffsetDateTime::now_utc() + time::Duration::days(3650);
    let findings = look(&domain("good.test"), &servers.resolver(), later, &budget());
    assert_eq!(domains(&findings)[0].dnssec_reason.as_deref(), Some("expired"));
}

/// What another implementation signs is found to be signed, with the key from the zone.
fn messages(servers: &Servers) {
    let collector = MessageCollector::default().with_resolver(servers.resolver(), Stop::default());
    let state = |bytes: &[u8]| {
        let collection = collector.read(bytes, "a.eml", "x");
        assert_eq!(collection.coverage[0].extent, Extent::Complete);
        let found = collection.facts.iter().find_map(|fact| match &fact.observed {
            Observed::MailMessage(message) => Some(message.clone()),
            _ => None,
        });
        let message = found.unwrap();
        assert_eq!(message.received_over_tls, Some(true));
        (message.signatures.join(" "), message.aligned)
    };
    for (header, body) in [("simple", "simple"), ("simple", "relaxed"), ("relaxed", "simple"), ("relaxed", "relaxed")] {
        let signed = servers.message(header, body, false);
        assert_eq!(state(&signed), ("good.test/rsa: pass".to_owned(), Some(true)), "{header}/{body}");
        let forged = String::from_utf8(signed).unwrap().replace("update", "invoice");
        assert_eq!(state(forged.as_bytes()), ("good.test/rsa: fail".to_owned(), Some(false)));
    }
    let mut part = servers.message("relaxed", "relaxed", true);
    assert_eq!(state(&part).0, "good.test/rsa: pass");
    part.extend(b"and pay here\r\n");
    assert_eq!(state(&part).0, "good.test/rsa: partial");
    let unknown = String::from_utf8(part).unwrap().replace("s=rsa", "s=gone");
    assert_eq!(state(unknown.as_bytes()).0, "good.test/gone: no-key");
}

/// The certificate is not the one that the zone names, and for another host.
fn pinned(findings: &Findings) {
    assert_eq!((failures(findings), &findings.gaps), (vec![], &vec![]));
    let server = mail_servers(findings)[0];
    assert_eq!((domains(findings)[0].dane, server.starttls), (Some(true), Some(true)));
    assert_eq!((server.certificate_fits, server.dane_matches), (Some(false), Some(false)));
}

/// Real files, held against what can be read in them.
#[test]
fn files_of_others() {
    let read = |name: &str, url: &str| {
        let path = shared_data(&format!("security-txt/{name}"))?;
        Some(security_txt::read(&fs::read_to_string(path).unwrap(), url, datetime!(2026-11-23 12:00 UTC)))
    };
    if let Some(signed) = read("internet.nl-security.txt", "https://internet.nl/.well-known/security.txt") {
        assert!(signed.valid && signed.problems.is_empty(), "{signed:?}");
        assert_eq!((signed.signature, signed.days_left), (SignatureState::Present, Some(137)));
    }
    // A template: its date is not filled in.
    if let Some(template) = read("curl-security.txt.in", "https://curl.se/.well-known/security.txt") {
        assert_eq!((template.problems, template.languages), (vec!["bad-expires".to_owned()], vec!["en".to_owned()]));
    }
}

fn good(findings: &Findings) {
    assert_eq!((failures(findings), &findings.gaps), (vec![], &vec![]));
    let domain = domains(findings)[0];
    assert_eq!((domain.mx_found, &domain.mail_servers[..]), (Some(true), &["mail.good.test".to_owned()][..]));
    assert_eq!((domain.spf_found, domain.spf_valid, domain.spf_lookups), (Some(true), Some(true), Some(2)));
    assert_eq!((domain.spf_all.as_deref(), domain.spf_problems.len()), (Some("fail"), 0));
    assert_eq!((domain.dmarc_found, domain.dmarc_policy.as_deref()), (Some(true), Some("reject")));
    assert_eq!((domain.dmarc_reports, domain.dmarc_weak_days), (Some(true), None));
    assert_eq!((domain.mta_sts.as_deref(), domain.mta_sts_problems.len()), (Some("enforce"), 0));
    assert_eq!((domain.tls_reporting, domain.dane), (Some(true), Some(true)));
    assert_eq!((domain.dnssec_signed, domain.dnssec_verified, domain.dnssec_bogus), (Some(true), Some(true), false));
    assert_eq!((domain.caa_found, &domain.caa[..]), (Some(true), &["0 issue \"ca.test\"".to_owned()][..]));
    let found: Vec<_> = keys(findings).into_iter().map(|key| (key.selector.as_str(), key.found, key.revoked)).collect();
    assert_eq!(found, [("now", true, false), ("old", true, true), ("none", false, false)]);
    assert_eq!((keys(findings)[0].key_bits, keys(findings)[0].key_algorithm.as_deref()), (Some(256), Some("ed25519")));
    let server = mail_servers(findings)[0];
    assert_eq!((server.starttls, server.version.as_deref()), (Some(true), Some("tls1.3")));
    assert_eq!((server.certificate_fits, server.dane_matches), (Some(true), Some(true)));
    let file = files(findings)[0];
    assert!(file.found && file.valid && file.problems.is_empty(), "{file:?}");
    assert_eq!(file.signature, SignatureState::Absent);
}

fn bad(findings: &Findings) {
    assert_eq!((failures(findings), &findings.gaps), (vec![], &vec![]));
    let domain = domains(findings)[0];
    assert_eq!((domain.spf_valid, domain.spf_all.as_deref()), (Some(false), Some("pass")));
    assert_eq!(domain.spf_problems, ["loop", "no-record"]);
    assert_eq!((domain.dmarc_policy.as_deref(), domain.dmarc_testing), (Some("none"), Some(false)));
    assert!(domain.dmarc_weak_days.is_some_and(|days| days > 180));
    assert_eq!((domain.mta_sts_found, &domain.mta_sts), (Some(false), &None));
    assert_eq!(domain.mta_sts_problems, ["certificate", "mx-mismatch"]);
    assert_eq!((domain.tls_reporting, domain.dane, domain.caa_found), (Some(false), Some(false), Some(false)));
    assert_eq!((domain.dnssec_signed, domain.dnssec_verified), (Some(false), Some(false)));
    let server = mail_servers(findings)[0];
    assert_eq!((server.starttls, server.certificate_fits, server.dane_matches), (Some(false), None, None));
    let file = files(findings)[0];
    assert!(file.found && !file.valid);
    assert_eq!(file.problems, ["bad-contact", "certificate", "expired", "not-https", "old-place"]);
}

/// A domain that neither sends nor takes mail, and says so; it has no web server.
fn parked(findings: &Findings) {
    assert_eq!((failures(findings), &findings.gaps), (vec![], &vec![]));
    let domain = domains(findings)[0];
    assert!(domain.null_mx && domain.mail_servers.is_empty());
    assert_eq!((domain.dane, domain.spf_all.as_deref(), domain.spf_valid), (None, Some("fail"), Some(true)));
    assert_eq!(domain.dmarc_inherited.as_deref(), Some("test"));
    assert_eq!(domain.dmarc_policy.as_deref(), Some("quarantine"));
    assert_eq!((files(findings)[0].found, mail_servers(findings).len()), (false, 0));
}

fn bogus(findings: &Findings) {
    let domain = domains(findings)[0];
    assert!(domain.dnssec_bogus);
    assert_eq!((domain.spf_found, domain.mx_found, domain.dmarc_found), (None, None, None));
    let failure = failures(findings)[0];
    assert_eq!((failure.failure, failure.detail.as_deref()), (FailureKind::Unresolved, Some("SERVFAIL")));
    for aspect in Aspect::DOMAIN {
        assert!(findings.gaps.iter().any(|(of, _)| *of == aspect));
    }
}

fn absent(findings: &Findings) {
    assert!(domains(findings).is_empty());
    assert_eq!(failures(findings)[0].detail.as_deref(), Some("NXDOMAIN"));
}

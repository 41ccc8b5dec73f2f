//! DMARC (RFC 7489, since replaced by RFC 9989): what receivers shall do with mail that is forged in the domain's name.
//!
//! Where a domain has no record of its own, the one that holds is found by walking up the tree of names, as RFC 9989 (section 4.10) has it, not by a
//! list of public suffixes, as RFC 7489 had it: the records themselves say where an organization begins.

use domain::base::iana::Rtype;
use sekisho_model::coverage::Aspect;
use sekisho_model::mail::MailDomain;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

use super::look::{Look, shortened};
use super::tags::{Tags, is_version};

/// Names that are asked for at most (RFC 9989, section 4.10).
const STEPS: usize = 8;

const ASPECTS: [Aspect; 1] = [Aspect::DomainMail];

/// Looks for the DMARC record that holds for the domain.
pub(super) fn look_at(look: &mut Look<'_>, value: &mut MailDomain, since: Option<&str>) {
    let mut found: Vec<(String, String)> = Vec::new();
    for at in steps(&value.domain) {
        let Some(answer) = look.ask(&ASPECTS, &format!("_dmarc.{at}"), Rtype::TXT) else { return };
        let records: Vec<&str> = answer.texts().filter(|text| is_version(text, "DMARC1")).collect();
        match records.as_slice() {
            [] => {}
            [record] => found.push((at.clone(), (*record).to_owned())),
            // Several are as good as none.
            _ => value.dmarc_problems.push("several-records".to_owned()),
        }
        if found.iter().any(|(owner, _)| *owner == value.domain) {
            break;
        }
    }
    let Some((owner, text)) = holding(&value.domain, &found) else {
        value.dmarc_found = Some(false);
        return;
    };
    value.dmarc_found = Some(true);
    value.dmarc = Some(shortened(text));
    let own = *owner == value.domain;
    value.dmarc_inherited = (!own).then(|| owner.clone());
    let record = Record::parse(text);
    value.dmarc_problems.extend(record.problems.iter().map(|problem| (*problem).to_owned()));
    value.dmarc_policy = if own { record.policy } else { record.subdomains.or(record.policy) }.map(str::to_owned);
    value.dmarc_subdomain_policy =
        record.subdomains.filter(|subdomains| own && Some(*subdomains) != record.policy).map(str::to_owned);
    value.dmarc_percent = record.percent;
    value.dmarc_reports = Some(record.reports);
    value.dmarc_testing = Some(record.testing);
    if !record.enforces(value.dmarc_policy.as_deref()) {
        value.dmarc_weak_days = since.and_then(|day| days_since(day, look.now));
    }
}

/// The domain and those above it that are asked for a record.
fn steps(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    let mut steps = vec![domain.to_owned()];
    // Of a long name the labels in the middle are passed over.
    let most = (labels.len() - 1).min(STEPS - 1);
    steps.extend((1..=most).rev().map(|count| labels[labels.len() - count..].join(".")));
    steps
}

/// Which of the records on the way up holds: the domain's own, else that of its organization, else that of the public suffix.
fn holding<'f>(domain: &str, found: &'f [(String, String)]) -> Option<&'f (String, String)> {
    let says = |text: &str, suffix: &str| Tags::parse(text).is_some_and(|tags| tags.get("psd") == Some(suffix));
    let (organization, above): (Vec<_>, Vec<_>) = {
        let suffix = found.iter().position(|(owner, text)| owner != domain && says(text, "y")).unwrap_or(found.len());
        let (below, above) = found.split_at_checked(suffix).unwrap_or((found, &[]));
        (below.iter().collect(), above.iter().collect())
    };
    let own = organization.iter().find(|(owner, _)| owner == domain);
    let declared = || organization.iter().find(|(_, text)| says(text, "n"));
    own.or_else(declared).or_else(|| organization.last()).or_else(|| above.first()).copied()
}

/// What a record says, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Record {
    policy: Option<&'static str>,
    subdomains: Option<&'static str>,
    percent: Option<u32>,
    reports: bool,
    testing: bool,
    problems: Vec<&'static str>,
}

impl Record {
    fn parse(text: &str) -> Self {
        let Some(tags) = Tags::parse(text) else {
            return Self { problems: vec!["syntax"], ..Self::default() };
        };
        let mut record = Self { policy: tags.get("p").and_then(policy), ..Self::default() };
        if tags.get("p").is_none() {
            record.problems.push("no-policy");
        } else if record.policy.is_none() {
            record.problems.push("bad-policy");
        }
        if let Some(text) = tags.get("sp") {
            record.subdomains = policy(text);
            if record.subdomains.is_none() {
                record.problems.push("bad-subdomain-policy");
            }
        }
        record.percent = match tags.get("pct") {
            None => Some(100),
            Some(text) => text.parse().ok().filter(|percent| *percent <= 100),
        };
        if record.percent.is_none() {
            record.problems.push("bad-percent");
        }
        for (name, counts) in [("rua", true), ("ruf", false)] {
            let Some(addresses) = tags.get(name) else { continue };
            let valid = addresses.split(',').all(|address| is_report_address(address.trim()));
            record.reports |= counts && valid;
            if !valid && !record.problems.contains(&"bad-report-address") {
                record.problems.push("bad-report-address");
            }
        }
        record.testing = tags.get("t").is_some_and(|flag| flag.eq_ignore_ascii_case("y"));
        record
    }

    /// Whether receivers are asked to do anything about forged mail. Testing lowers each policy by one (RFC 9989, section 4.7).
    fn enforces(&self, policy: Option<&str>) -> bool {
        let asks = match policy {
            Some("reject") => true,
            Some("quarantine") => !self.testing,
            _ => false,
        };
        asks && self.percent != Some(0)
    }
}

fn policy(text: &str) -> Option<&'static str> {
    ["none", "quarantine", "reject"].into_iter().find(|known| text.eq_ignore_ascii_case(known))
}

/// A URI, with a limit of size after it or without (RFC 7489, section 6.2; RFC 9989, C.5, has dropped the limit).
fn is_report_address(text: &str) -> bool {
    let (address, limit) = text.split_once('!').map_or((text, None), |(address, limit)| (address, Some(limit)));
    let limited = limit.is_none_or(|limit| {
        let digits = limit.strip_suffix(['k', 'm', 'g', 't', 'K', 'M', 'G', 'T']).unwrap_or(limit);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let (scheme, rest) = address.split_once(':').unwrap_or_default();
    let reachable = match scheme.to_ascii_lowercase().as_str() {
        "mailto" => rest.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()),
        "https" => rest.starts_with("//"),
        _ => false,
    };
    limited && reachable
}

/// Days from a day (`YYYY-MM-DD`) to now.
fn days_since(day: &str, now: OffsetDateTime) -> Option<i64> {
    let day = time::Date::parse(day, &Iso8601::DATE).ok()?;
    Some((now.date() - day).whole_days()).filter(|days| *days >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn the_way_up() {
        assert_eq!(steps("a.example.com"), ["a.example.com", "example.com", "com"]);
        assert_eq!(steps("com"), ["com"]);
        let long = steps("a.b.c.d.e.f.g.h.i.example.com");
        assert_eq!((long.len(), long[1].as_str(), long[7].as_str()), (8, "e.f.g.h.i.example.com", "com"));
    }

    #[test]
    fn which_record_holds() {
        let own = pairs(&[("a.b.c", "v=DMARC1;p=none"), ("b.c", "v=DMARC1;p=reject")]);
        assert_eq!(holding("a.b.c", &own).unwrap().0, "a.b.c");
        let above = pairs(&[("b.c.d", "v=DMARC1;p=none"), ("c.d", "v=DMARC1;p=reject")]);
        assert_eq!(holding("a.b.c.d", &above).unwrap().0, "c.d");
        let declared = pairs(&[("b.c.d", "v=DMARC1;p=none;psd=n"), ("c.d", "v=DMARC1;p=reject")]);
        assert_eq!(holding("a.b.c.d", &declared).unwrap().0, "b.c.d");
        let suffix = pairs(&[("b.c.d", "v=DMARC1;p=none"), ("c.d", "v=DMARC1;p=reject;psd=y")]);
        assert_eq!(holding("a.b.c.d", &suffix).unwrap().0, "b.c.d");
        let only_suffix = pairs(&[("c.d", "v=DMARC1;p=reject;psd=y")]);
        assert_eq!(holding("a.b.c.d", &only_suffix).unwrap().0, "c.d");
        assert_eq!(holding("a.b", &[]), None);
    }

    #[test]
    fn records() {
        let good =
            Record::parse("v=DMARC1; p=reject; sp=quarantine; pct=50; rua=mailto:a@example.com!10m,mailto:b@c.d");
        assert_eq!(
            (good.policy, good.subdomains, good.percent, good.reports, good.problems.len()),
            (Some("reject"), Some("quarantine"), Some(50), true, 0)
        );
        for (text, problem) in [
            ("v=DMARC1", "no-policy"),
            ("v=DMARC1; p=block", "bad-policy"),
            ("v=DMARC1; p=none; sp=x", "bad-subdomain-policy"),
            ("v=DMARC1; p=none; pct=101", "bad-percent"),
            ("v=DMARC1; p=none; rua=a@example.com", "bad-report-address"),
            ("v=DMARC1; p=none; p=none", "syntax"),
            ("v=DMARC1; p", "syntax"),
        ] {
            assert_eq!(Record::parse(text).problems, [problem], "{text}");
        }
    }

    #[test]
    fn what_enforces() {
        for (text, enforces) in [
            ("v=DMARC1; p=reject", true),
            ("v=DMARC1; p=quarantine; pct=10", true),
            ("v=DMARC1; p=none", false),
            ("v=DMARC1; p=reject; pct=0", false),
            ("v=DMARC1; p=reject; t=y", true),
            ("v=DMARC1; p=quarantine; t=y", false),
        ] {
            let record = Record::parse(text);
            assert_eq!(record.enforces(record.policy), enforces, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", domain in "[a-z.]{0,40}") {
            let _ = Record::parse(&text);
            let _ = Record::parse(&format!("v=DMARC1; {text}"));
            let _ = steps(&domain);
            let _ = days_since(&text, OffsetDateTime::UNIX_EPOCH);
        }
    }
}

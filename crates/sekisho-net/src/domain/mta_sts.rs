//! MTA-STS (RFC 8461): whether a domain asks that mail to it is sent over verified TLS only.

use domain::base::iana::Rtype;
use sekisho_model::coverage::Aspect;
use sekisho_model::mail::MailDomain;

use super::https::{Got, Page, get};
use super::look::Look;
use super::resolver::is_name;
use super::tags::{Tags, is_version};
use crate::failure::Failure;

/// The longest time for which a policy may be kept, in seconds (section 3.2).
const LONGEST: u64 = 31_557_600;

/// Looks for the record and the policy of the domain.
pub(super) fn look_at(look: &mut Look<'_>, value: &mut MailDomain) {
    let name = format!("_mta-sts.{}", value.domain);
    let Some(answer) = look.ask(&[Aspect::DomainMail], &name, Rtype::TXT) else { return };
    let records: Vec<&str> = answer.texts().filter(|text| is_version(text, "STSv1")).collect();
    let problem = match records.as_slice() {
        [] => {
            value.mta_sts_found = Some(false);
            return;
        }
        [record] => (!is_record(record)).then_some("bad-record"),
        _ => Some("several-records"),
    };
    if let Some(problem) = problem {
        // The domain is taken to have none (section 3.1).
        value.mta_sts_found = Some(false);
        value.mta_sts_problems.push(problem.to_owned());
        return;
    }
    let host = format!("mta-sts.{}", value.domain);
    let page = match get(look, Aspect::DomainMail, &host, "/.well-known/mta-sts.txt") {
        Got::Failed => return,
        Got::NoHost => Page { status: 404, ..Page::default() },
        // Overload and the like say nothing about the policy.
        Got::Page(page) if page.status >= 500 || page.status == 429 => {
            let failure = Failure::nonsense(format!("status {}", page.status));
            let port = look.resolver.reach().https;
            look.unanswered(&[Aspect::DomainMail], &host, Some(port), "http-get", &failure);
            return;
        }
        Got::Page(page) => page,
    };
    let mut problems = Vec::new();
    let policy = judge(&page, &value.mail_servers, &mut problems);
    value.mta_sts_problems.extend(problems.into_iter().map(str::to_owned));
    value.mta_sts_found = Some(policy.is_some());
    if let Some(policy) = policy {
        value.mta_sts = Some(policy.mode.to_owned());
        value.mta_sts_max_age = Some(policy.max_age);
    }
}

/// Whether a record is as section 3.1 has it.
fn is_record(text: &str) -> bool {
    let id = Tags::parse(text).and_then(|tags| tags.get("id").map(str::to_owned));
    id.is_some_and(|id| (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The policy of a page, where senders would take it.
fn judge(page: &Page, servers: &[String], problems: &mut Vec<&'static str>) -> Option<Policy> {
    // Redirects are not followed (section 3.3).
    if page.status != 200 {
        problems.push("no-policy");
        return None;
    }
    if page.certificate_fits != Some(true) {
        problems.push("certificate");
    }
    if page.media.as_deref() != Some("text/plain") {
        problems.push("bad-type");
    }
    let policy = std::str::from_utf8(&page.body).ok().and_then(Policy::parse);
    match &policy {
        None => problems.push("bad-policy"),
        Some(policy) if servers.iter().any(|server| !policy.names(server)) => problems.push("mx-mismatch"),
        Some(_) => {}
    }
    policy.filter(|_| !problems.iter().any(|problem| matches!(*problem, "certificate" | "bad-type")))
}

/// A policy (section 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Policy {
    mode: &'static str,
    max_age: u64,
    servers: Vec<String>,
}

impl Policy {
    fn parse(text: &str) -> Option<Self> {
        let mut version = None;
        let mut mode = None;
        let mut max_age = None;
        let mut servers = Vec::new();
        let mut lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        for line in lines {
            let (key, value) = line.split_once(':')?;
            let value = value.trim_matches([' ', '\t']);
            // Of what stands there twice the first counts.
            match key.trim_end_matches([' ', '\t']) {
                "version" => version = version.or(Some(value)),
                "mode" => mode = mode.or(Some(value)),
                "max_age" => max_age = max_age.or(Some(value)),
                "mx" => servers.push(value.to_ascii_lowercase()),
                _ => {}
            }
        }
        if version != Some("STSv1") {
            return None;
        }
        let mode = ["enforce", "testing", "none"].into_iter().find(|known| Some(*known) == mode)?;
        let max_age = max_age.filter(|text| text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit()))?;
        let max_age = max_age.parse().ok().filter(|age| *age <= LONGEST)?;
        let named = servers.iter().all(|server| is_name(server.strip_prefix("*.").unwrap_or(server)));
        (named && (mode == "none" || !servers.is_empty())).then_some(Self { mode, max_age, servers })
    }

    /// Whether a mail server is one that it names (section 4.1).
    fn names(&self, server: &str) -> bool {
        self.mode == "none"
            || self.servers.iter().any(|pattern| match pattern.strip_prefix("*.") {
                Some(parent) => server.split_once('.').is_some_and(|(_, rest)| rest == parent),
                None => pattern == server,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn policies() {
        let text =
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n";
        let policy = Policy::parse(text).unwrap();
        assert_eq!((policy.mode, policy.max_age), ("enforce", 604_800));
        assert!(policy.names("mail.example.com") && policy.names("a.example.net"));
        assert!(!policy.names("a.b.example.net") && !policy.names("example.net") && !policy.names("mail2.example.com"));
        for text in [
            "",
            "version: STSv2\nmode: none\nmax_age: 1\n",
            "version: STSv1\nmode: enforce\nmax_age: 1\n",
            "version: STSv1\nmode: none\nmax_age: 31557601\n",
            "version: STSv1\nmode: maybe\nmx: a.b\nmax_age: 1\n",
            "version: STSv1\nmode: none\nmax_age: -1\n",
            "<html>\n",
        ] {
            assert_eq!(Policy::parse(text), None, "{text}");
        }
    }

    #[test]
    fn records() {
        assert!(is_record("v=STSv1; id=20160831085700Z;"));
        assert!(!is_record("v=STSv1;") && !is_record("v=STSv1; id=a-b") && !is_record("v=STSv1; id="));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", lines in "((version|mode|mx|max_age): ?[a-zA-Z0-9.*]{0,8}\r?\n){0,6}") {
            let _ = is_record(&text);
            let _ = Policy::parse(&text);
            let _ = Policy::parse(&lines).map(|policy| policy.names(&text));
        }
    }
}

//! What services over UDP tell whoever asks.

use std::time::Duration;

use sekisho_model::network::{FailureKind, ServiceAccess};

use super::{ASPECT, access, add};
use crate::budget::Budget;
use crate::connection::{ask_any_port, ask_for};
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::protocol::snmp::{Answer, Version};
use crate::protocol::{dns, shown, tftp};

const TIME: Duration = Duration::from_secs(2);
/// Longest list of names that is shown.
const SHOWN: usize = 400;

/// Reads the description of the system with the community that makers ship. No other community is tried, and nothing is written.
pub(super) fn snmp(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    use crate::protocol::snmp;
    let ask = |request: &[u8]| ask_for(budget, endpoint.address, request, 2, TIME, |bytes| snmp::read(bytes).is_some());
    let told = |granted, detail| {
        let fact = access(endpoint, "snmp", "community-public", "read", Some(granted));
        ServiceAccess { detail: Some(detail), ..fact }
    };
    let mut refused = None;
    for version in [Version::Two, Version::One] {
        let attempt = ask(&snmp::get(version));
        match attempt.map(|bytes| snmp::read(&bytes)) {
            Ok(Some(Answer::System(detail))) => return add(findings, endpoint, told(true, detail)),
            Ok(Some(Answer::Accepted(what))) => {
                return add(findings, endpoint, told(true, format!("community accepted, answered with {what}")));
            }
            // What the community may do can differ from version to version.
            Ok(Some(Answer::Refused(error))) => refused = Some(error),
            Ok(Some(Answer::Engine) | None) => {}
            Err(failure) if failure.kind == FailureKind::TimedOut => {}
            Err(failure) => {
                findings.failed(&ASPECT, endpoint, "snmp-get", &failure);
                return;
            }
        }
    }
    if let Some(error) = refused {
        return add(findings, endpoint, told(false, error.to_owned()));
    }
    // An agent is silent to a community that it does not know (RFC 3416, section 3, after RFC 1901). That it was that, and no loss on the way,
    // shows where it still answers what needs no community.
    match ask(&snmp::discovery()) {
        Ok(_) => add(findings, endpoint, told(false, "answers version 3 only".to_owned())),
        Err(failure) => findings.failed(&ASPECT, endpoint, "snmp-get", &failure),
    }
}

/// Reads the kinds of services that are announced on the local network.
pub(super) fn mdns(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    let request = dns::services_query();
    let answer = ask_for(budget, endpoint.address, &request, 2, TIME, |bytes| dns::services(bytes).is_some());
    match answer {
        Ok(bytes) => {
            let names: Vec<String> = dns::services(&bytes).unwrap_or_default().into_iter().collect();
            let detail = (!names.is_empty()).then(|| listed(&names));
            add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, "mdns", "read", "read", Some(true)) });
        }
        Err(failure) => findings.failed(&ASPECT, endpoint, "mdns-services", &failure),
    }
}

/// Asks for a file that does not exist: TFTP knows no log-in, but may refuse all the same.
pub(super) fn tftp(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    match ask_any_port(budget, endpoint.address, tftp::REQUEST, 2, TIME).map(|bytes| tftp::read(&bytes)) {
        Ok(Some(answer)) => {
            let (granted, detail) = match answer {
                tftp::Answer::Data => (Some(true), None),
                // That there is no such file is told to who may read.
                tftp::Answer::Error(1, text) => (Some(true), Some(text)),
                tftp::Answer::Error(2, text) => (Some(false), Some(text)),
                tftp::Answer::Error(code, text) => {
                    let failure = Failure { kind: FailureKind::Other, detail: Some(format!("error {code}")) };
                    findings.failed(&ASPECT, endpoint, "tftp-read", &failure);
                    (None, Some(text))
                }
            };
            add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, "tftp", "read", "read", granted) });
        }
        Ok(None) => findings.failed(&ASPECT, endpoint, "tftp-read", &Failure::new(FailureKind::Nonsense)),
        Err(failure) => findings.failed(&ASPECT, endpoint, "tftp-read", &failure),
    }
}

/// Names in one line, not longer than a line is read.
pub(super) fn listed(names: &[String]) -> String {
    let mut list = String::new();
    for (number, name) in names.iter().enumerate() {
        if list.len() + name.len() > SHOWN {
            return format!("{list} … ({} more)", names.len() - number);
        }
        if number > 0 {
            list.push_str(", ");
        }
        list.push_str(&shown(name.as_bytes()));
    }
    list
}

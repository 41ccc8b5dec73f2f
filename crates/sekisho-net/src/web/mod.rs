//! Web servers: what their first page and its headers say, what lies open, and, where that is authorized, what a test account's sessions show.

mod active;
mod authentication;
mod change_form;
mod cookie;
mod forms;
mod headers;
mod html;
mod json;
mod known;
mod limit;
mod login;
mod password;
mod probe;
mod reflection;
mod session;
mod site;
mod visitor;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::product::Authorized;

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::findings::Findings;
use crate::host::Port;
use site::Site;

/// Looks at the web server at `endpoint`, which speaks HTTP inside TLS where `tls` says so, as far as is `authorized`.
///
/// Nothing but this server is asked, wherever its pages and redirects lead to.
pub fn look(endpoint: &Endpoint, tls: bool, port: Option<&Port>, authorized: Authorized, budget: &Budget) -> Findings {
    let mut findings = Findings::default();
    if authorized == Authorized::Passive {
        return findings;
    }
    let site = match Site::new(endpoint, tls, budget) {
        Ok(site) => site,
        Err(failure) => {
            findings.failed(&[Aspect::NetworkWeb], endpoint, "http-get", &failure);
            return findings;
        }
    };
    let first = probe::probe(&site, port.and_then(|port| port.path.as_deref()), &mut findings);
    if authorized == Authorized::Active {
        if let Some(first) = first {
            let accounts = port.map_or(&[][..], |port| port.accounts.as_slice());
            active::active(&site, &first, accounts, port.and_then(|port| port.login.as_ref()), &mut findings);
        } else {
            let reason = Text::new(
                "no log-ins were tried: the first page could not be read",
                "最初のページを読めなかったため、ログインを試行していない",
            );
            findings.gap(&active::ASPECTS, &endpoint.to_string(), &reason);
        }
    } else {
        let reason = Text::new(
            "no log-ins were tried: active tests are not authorized for this port",
            "このポートへの能動的な試験が許可されていないため、ログインを試行していない",
        );
        findings.gap(&active::ASPECTS, &endpoint.to_string(), &reason);
    }
    findings
}

/// At most `most` bytes of a text, whole characters.
fn clip(text: &str, most: usize) -> String {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default().to_owned()
}

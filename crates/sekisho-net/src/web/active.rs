//! What only a log-in shows. Made only where the product file authorizes active tests for the port.

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::product::WebLogin;

use super::limit;
use super::login::Door;
use super::password;
use super::reflection;
use super::session;
use super::site::Site;
use super::visitor::{Answer, Visitor};
use crate::findings::Findings;
use crate::host::Login;

/// All that is looked at here.
pub(super) const ASPECTS: [Aspect; 2] = [Aspect::NetworkSessions, Aspect::NetworkLogins];

/// Sessions with the first account, then log-ins with known passwords, then the limit of failing ones: what may lock somebody out comes last.
///
/// Where one logs in the pages say, or `declared`.
pub(super) fn active(
    site: &Site<'_>,
    first: &Answer,
    accounts: &[Login],
    declared: Option<&WebLogin>,
    findings: &mut Findings,
) {
    let place = site.endpoint.to_string();
    let mut reflections = reflection::Reflections::default();
    reflections.look(&mut Visitor::new(site), first, findings);
    let found = declared.map_or_else(|| Door::find(site, first), |login| Ok(Door::declared(site, login)));
    let mut door = match found {
        Ok(door) => door,
        Err(reason) => return findings.gap(&ASPECTS, &place, &reason),
    };
    if let Some(account) = accounts.first() {
        if let Some(pages) = session::examine(site, &mut door, account, first, &mut reflections, findings) {
            password::examine(site, &door, account, &pages, findings);
        }
    } else {
        let reason =
            Text::new("no test account is given for this port", "このポートのテストアカウントが指定されていない");
        findings.gap(&[Aspect::NetworkSessions], &place, &reason);
    }
    limit::examine(site, &mut door, accounts, findings);
}

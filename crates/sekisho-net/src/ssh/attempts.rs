//! Active tests: log-ins by password.

use sekisho_model::network::FailureKind;

use super::session::{Answer, Door, PasswordWay};
use crate::attempts::{Attempts, Reply};
use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Port;
use crate::logins::DEFAULTS;

/// Tries log-ins, where one of the open `ways` takes passwords.
pub(super) fn look(endpoint: &Endpoint, port: Option<&Port>, ways: &[String], budget: &Budget) -> Findings {
    let Some(way) = PasswordWay::among(ways) else { return Findings::default() };
    // Each on a connection of its own, for servers do not let the name change.
    let log_in = |user: &str, password: &str| {
        let mut door = Door::open(endpoint, budget)?;
        match door.password(user, password, way) {
            Ok(answer) => {
                door.leave();
                Ok(if answer == Answer::Accepted { Reply::Accepted } else { Reply::Refused(String::new()) })
            }
            // Some end the connection in place of an answer.
            Err(Failure { kind: FailureKind::Closed | FailureKind::Reset, .. }) => Ok(Reply::Refused(String::new())),
            Err(failure) => Err(failure),
        }
    };
    Attempts::new(endpoint, budget, "ssh", &log_in).run(&DEFAULTS, port.and_then(|port| port.accounts.first()))
}

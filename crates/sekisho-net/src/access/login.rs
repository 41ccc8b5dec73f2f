//! Log-ins with names and passwords that makers ship, and what repeated failing ones lead to.

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, FailureKind, LoginLimit};

use super::{access, add};
use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::logins::{ATTEMPTS, DEFAULTS, NOBODY, masked};

/// What a log-in led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) accepted: bool,
    /// What was said.
    pub(super) text: String,
    /// How long it took to say it.
    pub(super) time: Duration,
}

/// Tries a name and a password.
pub(super) type Attempt = dyn Fn(&Endpoint, &Budget, &str, &str) -> Result<Reply, Failure>;

const ASPECT: [Aspect; 1] = [Aspect::NetworkLogins];
/// An answer that came so much later than the first ones was held back.
const SLOWER: Duration = Duration::from_secs(1);

/// How a service ends repeated log-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Reply(Reply),
    /// Refused by what it said.
    Locked,
    /// No connection any more, also after a while.
    Gone,
}

/// Tries the known log-ins, then failing ones under a test account or a name that is none.
pub(super) fn look(
    endpoint: &Endpoint,
    protocol: &str,
    account: Option<&Login>,
    attempt: &Attempt,
    budget: &Budget,
    findings: &mut Findings,
) {
    let try_once = |user: &str, password: &str| once(endpoint, budget, attempt, user, password);
    let mut limit = LoginLimit {
        address: endpoint.host(),
        port: endpoint.address.port(),
        protocol: protocol.to_owned(),
        ..LoginLimit::default()
    };
    for (number, (user, password)) in (0..).zip(DEFAULTS) {
        let accepted = match try_once(user, password) {
            Ok(Outcome::Reply(reply)) => reply.accepted,
            // The first says nothing about those before it.
            Ok(Outcome::Gone) if number == 0 => {
                findings.failed(&ASPECT, endpoint, "login", &Failure::new(FailureKind::Refused));
                return;
            }
            Ok(how) => {
                limit.attempts = number + u32::from(how == Outcome::Locked);
                findings.gap(&ASPECT, &endpoint.to_string(), &not_all(number as usize));
                limited(&mut limit, &how);
                findings.fact(Observed::LoginLimit(limit), endpoint.source());
                return;
            }
            Err(failure) => {
                findings.failed(&ASPECT, endpoint, "login", &failure);
                return;
            }
        };
        let value = DefaultLogin {
            address: limit.address.clone(),
            port: limit.port,
            protocol: protocol.to_owned(),
            user: user.to_owned(),
            masked: masked(password),
            accepted,
        };
        findings.fact(Observed::DefaultLogin(value), endpoint.source());
    }
    let account = account.filter(|account| {
        let known =
            matches!(try_once(&account.user, &account.password), Ok(Outcome::Reply(Reply { accepted: true, .. })));
        if !known {
            findings.gap(&ASPECT, &endpoint.to_string(), &not_let_in());
        }
        known
    });
    if account.is_none() {
        findings.gap(&ASPECT, &endpoint.to_string(), &no_account());
    }
    let user = account.map_or(NOBODY, |account| account.user.as_str());
    let mut times = Vec::new();
    while limit.attempts < ATTEMPTS {
        // Longer than any of the known ones, and a different one each time: some services do not count the same one twice.
        let password = format!("sekisho-wrong-{}", limit.attempts);
        match try_once(user, &password) {
            Ok(Outcome::Reply(reply)) if reply.accepted => {
                // Whatever is typed is taken: then nothing is limited, and the known log-ins were no default.
                add(findings, endpoint, access(endpoint, protocol, "any-login", "write", Some(true)));
                return;
            }
            Ok(Outcome::Reply(reply)) => {
                limit.attempts += 1;
                if is_slower(&times, reply.time) {
                    limit.limited = true;
                    limit.how = Some("delayed".to_owned());
                    limit.after = Some(limit.attempts);
                    break;
                }
                times.push(reply.time);
            }
            Ok(how) => {
                limit.attempts += u32::from(how == Outcome::Locked);
                limited(&mut limit, &how);
                break;
            }
            Err(failure) => {
                findings.failed(&ASPECT, endpoint, "login-limit", &failure);
                return;
            }
        }
    }
    // A lock of the account may show only to who has the right password.
    if let Some(account) = account.filter(|_| !limit.limited) {
        match try_once(&account.user, &account.password) {
            Ok(Outcome::Reply(Reply { accepted: true, .. })) => {}
            Ok(Outcome::Gone) => limited(&mut limit, &Outcome::Gone),
            Ok(_) => limited(&mut limit, &Outcome::Locked),
            Err(failure) => findings.failed(&ASPECT, endpoint, "login-limit", &failure),
        }
    }
    findings.fact(Observed::LoginLimit(limit), endpoint.source());
}

fn limited(limit: &mut LoginLimit, how: &Outcome) {
    limit.limited = true;
    limit.how = Some(if *how == Outcome::Gone { "disconnected" } else { "locked" }.to_owned());
    limit.after = Some(limit.attempts);
}

/// Tries a log-in, and once more after a while where there is no connection: one that is refused may be chance.
fn once(
    endpoint: &Endpoint,
    budget: &Budget,
    attempt: &Attempt,
    user: &str,
    password: &str,
) -> Result<Outcome, Failure> {
    for wait in [Duration::from_millis(1500), Duration::ZERO] {
        match attempt(endpoint, budget, user, password) {
            Ok(reply) if !reply.accepted && says_locked(&reply.text) => return Ok(Outcome::Locked),
            Ok(reply) => return Ok(Outcome::Reply(reply)),
            Err(failure) if is_gone(&failure) => budget.sleep(wait)?,
            Err(failure) => return Err(failure),
        }
    }
    Ok(Outcome::Gone)
}

fn is_gone(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Refused | FailureKind::Reset | FailureKind::Closed | FailureKind::TimedOut)
}

fn says_locked(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("421")
        || ["too many", "locked", "lockout", "blocked", "banned", "try again later", "temporarily", "wait "]
            .iter()
            .any(|word| text.contains(word))
}

/// Whether an answer came much later than the slowest of the first three.
fn is_slower(times: &[Duration], time: Duration) -> bool {
    match times.get(..3).and_then(|first| first.iter().max()) {
        Some(usual) => time > *usual * 2 + SLOWER,
        None => false,
    }
}

fn not_all(tried: usize) -> Text {
    let all = DEFAULTS.len();
    Text::new(
        format!("the service took no more log-ins after {tried} of {all} known ones"),
        format!(
            "既知の {all} 組のログイン情報のうち {tried} 組を試したところで、サービスがログインを受け付けなくなった"
        ),
    )
}

fn not_let_in() -> Text {
    Text::new("the test account was not let in", "テスト用アカウントでログインできなかった")
}

fn no_account() -> Text {
    Text::new(
        "without a test account that is let in, a lock of an account after failing log-ins cannot be seen",
        "ログインできるテスト用アカウントがないため、ログイン失敗後のアカウントロックは確認できない",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_seen() {
        let usual = [Duration::from_millis(900), Duration::from_secs(1), Duration::from_secs(1)];
        assert!(is_slower(&usual, Duration::from_secs(4)));
        assert!(!is_slower(&usual, Duration::from_secs(2)));
        assert!(!is_slower(&usual[..2], Duration::from_secs(9)));
    }

    #[test]
    fn what_is_locked_says_so() {
        assert!(says_locked("421 There are too many connections"));
        assert!(says_locked("Account locked for 60 seconds"));
        assert!(!says_locked("Login incorrect"));
    }
}

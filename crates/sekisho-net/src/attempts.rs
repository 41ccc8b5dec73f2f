//! Active tests of log-ins, whatever the protocol: whether a known password opens the door, and what failing log-ins lead to.

use std::time::{Duration, Instant};

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, FailureKind, LoginLimit};

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::logins::masked;
use crate::random;

/// Failing log-ins that are made on purpose: enough for the usual limits to show.
const MOST_FAILING: u32 = 10;
/// An answer counts as slower when it takes this much more than twice as long as in the beginning.
const SLOWER: Duration = Duration::from_secs(1);

const ASPECT: &[Aspect] = &[Aspect::NetworkLogins];

/// A door at which log-ins are tried.
pub(crate) struct Attempts<'a> {
    endpoint: &'a Endpoint,
    budget: &'a Budget,
    protocol: &'static str,
    /// One log-in with name and password on a connection of its own: whether it was let in. An error where it could not be tried.
    log_in: &'a dyn Fn(&str, &str) -> Result<bool, Failure>,
    findings: Findings,
    patience: Patience,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(
        endpoint: &'a Endpoint,
        budget: &'a Budget,
        protocol: &'static str,
        log_in: &'a dyn Fn(&str, &str) -> Result<bool, Failure>,
    ) -> Self {
        Self { endpoint, budget, protocol, log_in, findings: Findings::default(), patience: Patience::default() }
    }

    /// Tries `defaults`, and then fails on purpose, with the test account where there is one: only on a real account a lock shows.
    pub(crate) fn run<'d>(
        mut self,
        defaults: impl IntoIterator<Item = &'d (&'d str, &'d str)>,
        account: Option<&Login>,
    ) -> Findings {
        if self.defaults(defaults) {
            self.limit(account);
        }
        self.findings
    }

    /// Tries what makers are known to ship. False where nothing more can be tried.
    fn defaults<'d>(&mut self, defaults: impl IntoIterator<Item = &'d (&'d str, &'d str)>) -> bool {
        for (user, password) in defaults {
            match self.try_one(user, password) {
                Ok(accepted) => {
                    let fact = DefaultLogin {
                        address: self.endpoint.host(),
                        port: self.endpoint.address.port(),
                        protocol: self.protocol.to_owned(),
                        user: (*user).to_owned(),
                        masked: masked(password),
                        accepted,
                    };
                    self.findings.fact(Observed::DefaultLogin(fact), self.endpoint.source());
                }
                Err(failure) => {
                    if self.is_limit(&failure) {
                        self.limited(Some("disconnected"));
                    }
                    self.failed("default-login", &failure);
                    return false;
                }
            }
        }
        true
    }

    /// Fails on purpose.
    fn limit(&mut self, account: Option<&Login>) {
        let account = match account.map(|account| self.try_one(&account.user, &account.password)) {
            Some(Ok(true)) => account,
            Some(Ok(false)) => {
                self.gap("the test account was not let in", "テスト用アカウントでログインできなかった");
                None
            }
            Some(Err(failure)) => return self.shut(&failure),
            None => {
                self.gap(
                    "no test account is given: a lock of the account after failing log-ins could not be seen",
                    "テスト用アカウントが指定されていないため、ログイン失敗後のアカウントロックは確認できない",
                );
                None
            }
        };
        self.patience = Patience::default();
        for _ in 0..MOST_FAILING {
            let tried = random::word().and_then(|wrong| {
                let user = account.map_or_else(random::name, |account| Ok(account.user.clone()))?;
                self.try_one(&user, &wrong)
            });
            if let Err(failure) = tried {
                return self.shut(&failure);
            }
        }
        let mut how = None;
        if let Some(account) = account {
            match self.try_one(&account.user, &account.password) {
                Ok(true) => {}
                Ok(false) => how = Some("locked"),
                Err(failure) => return self.shut(&failure),
            }
        }
        self.limited(how);
    }

    fn limited(&mut self, how: Option<&str>) {
        let limit = self.patience.outcome(self.endpoint, self.protocol, how);
        self.findings.fact(Observed::LoginLimit(limit), self.endpoint.source());
    }

    /// What it says that a log-in could not be tried.
    fn shut(&mut self, failure: &Failure) {
        if self.is_limit(failure) {
            self.limited(Some("disconnected"));
        } else {
            self.failed("login-limit", failure);
        }
    }

    /// Whether the door does not open any more because of failing log-ins. Before any it says nothing.
    fn is_limit(&self, failure: &Failure) -> bool {
        self.patience.failing() > 0
            && matches!(
                failure.kind,
                FailureKind::Refused | FailureKind::Closed | FailureKind::Reset | FailureKind::TimedOut
            )
    }

    fn failed(&mut self, what: &str, failure: &Failure) {
        self.findings.failed(ASPECT, self.endpoint, &format!("{}-{what}", self.protocol), failure);
    }

    fn gap(&mut self, en: &str, ja: &str) {
        self.findings.gap(ASPECT, &self.endpoint.to_string(), &Text::new(en, ja));
    }

    /// One log-in. Where it can't be tried once more after a moment either, that is no chance.
    fn try_one(&mut self, user: &str, password: &str) -> Result<bool, Failure> {
        let mut begin = Instant::now();
        let accepted = match (self.log_in)(user, password) {
            Err(failure) if !failure.ends_everything() => {
                self.budget.sleep(Duration::from_secs(1))?;
                begin = Instant::now();
                (self.log_in)(user, password)
            }
            first => first,
        }?;
        if !accepted {
            self.patience.note(begin.elapsed());
        }
        Ok(accepted)
    }
}

/// Failing log-ins so far, and how long each answer took.
#[derive(Debug, Clone, Default)]
struct Patience {
    times: Vec<Duration>,
}

impl Patience {
    /// Notes a failing log-in that was answered after `time`.
    fn note(&mut self, time: Duration) {
        self.times.push(time);
    }

    /// Failing log-ins so far.
    fn failing(&self) -> u32 {
        u32::try_from(self.times.len()).unwrap_or(u32::MAX)
    }

    /// After how many failing log-ins the answers became slower and stayed so, where they did.
    fn slower_after(&self) -> Option<u32> {
        let slow = self.times.first()?.saturating_mul(2) + SLOWER;
        let quick = self.times.iter().rposition(|time| *time < slow)? + 1;
        // One slow answer at the end may be chance.
        (quick + 2 <= self.times.len()).then(|| u32::try_from(quick).unwrap_or(u32::MAX))
    }

    /// What they led to. `how` where the service locked them out.
    fn outcome(&self, endpoint: &Endpoint, protocol: &str, how: Option<&str>) -> LoginLimit {
        let slower = self.slower_after();
        let how = how.or(slower.map(|_| "delayed"));
        LoginLimit {
            address: endpoint.host(),
            port: endpoint.address.port(),
            protocol: protocol.to_owned(),
            attempts: self.failing(),
            limited: how.is_some(),
            how: how.map(str::to_owned),
            after: match how {
                Some("delayed") => slower,
                Some("disconnected") => Some(self.failing()),
                // When a lock set in is not seen before it is over.
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: &[u64]) -> LoginLimit {
        let mut patience = Patience::default();
        for time in millis {
            patience.note(Duration::from_millis(*time));
        }
        patience.outcome(&Endpoint::tcp(([127, 0, 0, 1], 22).into(), None), "ssh", None)
    }

    #[test]
    fn answers_that_become_slower_are_a_limit() {
        let limit = of(&[50, 60, 50, 2000, 4000, 8000]);
        assert_eq!((limit.how.as_deref(), limit.after), (Some("delayed"), Some(3)));
        // Always slow, once slow, slow at the end by chance.
        for times in [&[2000, 2100, 1900, 2000][..], &[50, 3000, 50, 50], &[50, 50, 50, 3000], &[]] {
            assert!(!of(times).limited, "{times:?}");
        }
    }
}

//! Active tests of log-ins, whatever the protocol: whether a known password opens the door, and what failing log-ins lead to.

use std::time::{Duration, Instant};

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, FailureKind, LoginLimit, ServiceAccess};

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::logins::{ATTEMPTS, masked};
use crate::random;

/// An answer counts as slower when it takes this much more than twice as long as in the beginning.
const SLOWER: Duration = Duration::from_secs(1);
/// The pause before a log-in that could not be tried is tried once more.
const PAUSE: Duration = Duration::from_millis(1500);

const ASPECT: &[Aspect] = &[Aspect::NetworkLogins];

/// What says that somebody is kept out, in lower case; `421 ` is FTP's code for it (RFC 959, section 4.2.2).
const SHUT: [&str; 17] = [
    "locked",
    "lockout",
    "too many",
    "try again in",
    "try again later",
    "temporarily",
    "blocked",
    "banned",
    "exceeded",
    "please wait",
    "421 ",
    "ロック",
    "しばらく",
    "回数",
    "制限",
    "一時的",
    "ブロック",
];

/// Whether `now`, in lower case, says that somebody is kept out where `before`, the answer to the first failing log-in, did not.
pub(crate) fn says_shut(before: &str, now: &str) -> bool {
    SHUT.iter().any(|word| now.contains(word) && !before.contains(word))
}

/// Whether a log-in that could not be tried may be one that is kept out.
pub(crate) fn hangs_up(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Refused | FailureKind::Closed | FailureKind::Reset | FailureKind::TimedOut)
}

/// What a log-in led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Accepted,
    /// With what was said, where the protocol has words for it.
    Refused(String),
}

/// One log-in with name and password on a connection of its own. An error where it could not be tried.
pub(crate) type LogIn<'a> = dyn Fn(&str, &str) -> Result<Reply, Failure> + 'a;

/// A door at which log-ins are tried.
pub(crate) struct Attempts<'a> {
    endpoint: &'a Endpoint,
    budget: &'a Budget,
    protocol: &'a str,
    log_in: &'a LogIn<'a>,
    findings: Findings,
    patience: Patience,
}

/// What a log-in says when it was tried.
enum Tried {
    Accepted,
    Refused,
    /// Refused, and said to be kept out.
    Shut,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(endpoint: &'a Endpoint, budget: &'a Budget, protocol: &'a str, log_in: &'a LogIn<'a>) -> Self {
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
            let accepted = match self.try_one(user, password) {
                Ok(Tried::Accepted) => true,
                Ok(Tried::Refused) => false,
                // What is kept out says nothing about the password.
                Ok(Tried::Shut) => {
                    self.limited("locked");
                    self.gap(
                        "the service stopped the log-ins with known passwords before all were tried",
                        "既知のパスワードをすべて試す前に、サービスがログインの試行を止めた",
                    );
                    return false;
                }
                Err(failure) => {
                    self.shut("default-login", &failure);
                    if self.is_limit(&failure) {
                        self.failed("default-login", &failure);
                    }
                    return false;
                }
            };
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
        true
    }

    /// Fails on purpose.
    fn limit(&mut self, account: Option<&Login>) {
        let account = match account.map(|account| self.try_right(account)) {
            Some(Ok(Tried::Accepted)) => {
                // Who logs in begins anew.
                self.patience = Patience::default();
                account
            }
            Some(Ok(Tried::Shut)) => return self.limited("locked"),
            Some(Ok(Tried::Refused)) => {
                self.gap("the test account was not let in", "テスト用アカウントでログインできなかった");
                None
            }
            Some(Err(failure)) => return self.shut("login-limit", &failure),
            None => None,
        };
        // One name all the time: some services count by name, whether there is such an account or not.
        let user = match account.map_or_else(random::name, |account| Ok(account.user.clone())) {
            Ok(user) => user,
            Err(failure) => return self.failed("login-limit", &failure),
        };
        for _ in 0..ATTEMPTS {
            match random::word().and_then(|wrong| self.try_one(&user, &wrong)) {
                Ok(Tried::Refused) => {}
                Ok(Tried::Shut) => return self.limited("locked"),
                Ok(Tried::Accepted) => return self.any_login(),
                Err(failure) => return self.shut("login-limit", &failure),
            }
        }
        let unlocked = match account.map(|account| self.try_right(account)) {
            Some(Ok(Tried::Accepted)) => true,
            // When a lock set in that nothing says is not seen before it is over.
            Some(Ok(_)) => return self.outcome(Some("locked"), None),
            Some(Err(failure)) => return self.shut("login-limit", &failure),
            None => false,
        };
        match self.patience.slower_after() {
            Some(after) => self.outcome(Some("delayed"), Some(after)),
            None if unlocked => self.outcome(None, None),
            None => self.gap(
                "failing log-ins with a name that does not exist were not stopped; whether those of an account are needs a test account that is let in",
                "存在しない利用者名でのログイン失敗は制限されなかった。アカウント単位の制限の確認には、ログインできるテスト用アカウントが必要である",
            ),
        }
    }

    /// Failing log-ins were stopped by the last one.
    fn limited(&mut self, how: &str) {
        self.outcome(Some(how), Some(self.patience.failing()));
    }

    fn outcome(&mut self, how: Option<&str>, after: Option<u32>) {
        let limit = LoginLimit {
            address: self.endpoint.host(),
            port: self.endpoint.address.port(),
            protocol: self.protocol.to_owned(),
            attempts: self.patience.failing(),
            limited: how.is_some(),
            how: how.map(str::to_owned),
            after,
        };
        self.findings.fact(Observed::LoginLimit(limit), self.endpoint.source());
    }

    /// Whatever is typed is taken: then nothing is limited, and the known log-ins say nothing of what the maker ships.
    fn any_login(&mut self) {
        let access = ServiceAccess {
            address: self.endpoint.host(),
            transport: self.endpoint.transport.name().to_owned(),
            port: self.endpoint.address.port(),
            protocol: self.protocol.to_owned(),
            attempt: "any-login".to_owned(),
            granted: Some(true),
            kind: "write".to_owned(),
            detail: None,
        };
        self.findings.fact(Observed::ServiceAccess(access), self.endpoint.source());
    }

    /// What it says that a log-in could not be tried.
    fn shut(&mut self, what: &str, failure: &Failure) {
        if self.is_limit(failure) {
            self.limited("disconnected");
        } else {
            self.failed(what, failure);
        }
    }

    /// Whether the door does not open any more because of failing log-ins. Before any it says nothing.
    fn is_limit(&self, failure: &Failure) -> bool {
        self.patience.failing() > 0 && hangs_up(failure)
    }

    fn failed(&mut self, what: &str, failure: &Failure) {
        self.findings.failed(ASPECT, self.endpoint, &format!("{}-{what}", self.protocol), failure);
    }

    fn gap(&mut self, en: &str, ja: &str) {
        self.findings.gap(ASPECT, &self.endpoint.to_string(), &Text::new(en, ja));
    }

    /// A log-in with the right password, which counts as no failing one where it is refused.
    fn try_right(&mut self, account: &Login) -> Result<Tried, Failure> {
        let failing = self.patience.times.len();
        let tried = self.try_one(&account.user, &account.password);
        self.patience.times.truncate(failing);
        tried
    }

    /// One log-in. Where it can't be tried once more after a moment either, that is no chance.
    fn try_one(&mut self, user: &str, password: &str) -> Result<Tried, Failure> {
        let mut begin = Instant::now();
        let reply = match (self.log_in)(user, password) {
            Err(failure) if !failure.ends_everything() => {
                self.budget.sleep(PAUSE)?;
                begin = Instant::now();
                (self.log_in)(user, password)
            }
            first => first,
        }?;
        Ok(match reply {
            Reply::Accepted => Tried::Accepted,
            Reply::Refused(said) => self.patience.note(&said, begin.elapsed()),
        })
    }
}

/// Failing log-ins so far: what the first was told, and how long each answer took.
#[derive(Debug, Clone, Default)]
struct Patience {
    first: Option<String>,
    times: Vec<Duration>,
}

impl Patience {
    /// Notes a failing log-in that was answered so after `time`.
    fn note(&mut self, said: &str, time: Duration) -> Tried {
        self.times.push(time);
        let said = said.to_lowercase();
        // What is said from the first on is just how the service speaks.
        let shut = says_shut(self.first.get_or_insert_with(|| said.clone()), &said);
        if shut { Tried::Shut } else { Tried::Refused }
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
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::budget::{Bounds, Stop};

    #[test]
    fn answers_that_become_slower_are_a_limit() {
        let slower = |times: &[u64]| {
            let times = times.iter().copied().map(Duration::from_millis).collect();
            Patience { first: None, times }.slower_after()
        };
        assert_eq!(slower(&[50, 60, 50, 2000, 4000, 8000]), Some(3));
        // Always slow, once slow, slow at the end by chance.
        for times in [&[2000, 2100, 1900, 2000][..], &[50, 3000, 50, 50], &[50, 50, 50, 3000], &[]] {
            assert_eq!(slower(times), None, "{times:?}");
        }
    }

    #[test]
    fn who_is_kept_out_is_told_so() {
        let first = "530 login incorrect.";
        assert!(says_shut(first, "421 there are too many connections"));
        assert!(says_shut(first, "account locked for 60 seconds"));
        assert!(!says_shut(first, "login incorrect") && !says_shut("too many cooks", "too many cooks"));
    }

    /// What comes of a door that answers the n-th log-in, from 0, so. The test account's password is `right`.
    fn tried(account: bool, answer: impl Fn(u32, bool) -> Result<Reply, Failure>) -> Findings {
        let endpoint = Endpoint::tcp(([127, 0, 0, 1], 23).into(), None);
        let budget = Budget::new(Bounds::default(), Stop::default());
        let count = Cell::new(0);
        let log_in = |_: &str, password: &str| {
            count.set(count.get() + 1);
            answer(count.get() - 1, password == "right")
        };
        let account = account.then(|| Login { user: "tester".to_owned(), password: "right".to_owned() });
        Attempts::new(&endpoint, &budget, "telnet", &log_in).run(&[("admin", "admin")], account.as_ref())
    }

    fn refused() -> Reply {
        Reply::Refused("Login incorrect".to_owned())
    }

    fn outcome(findings: &Findings) -> Option<(u32, Option<&str>, Option<u32>)> {
        findings.facts.iter().find_map(|(fact, _)| match fact {
            Observed::LoginLimit(limit) => Some((limit.attempts, limit.how.as_deref(), limit.after)),
            _ => None,
        })
    }

    #[test]
    fn that_nothing_is_limited_is_said_only_of_an_account() {
        let accept = |_, right| Ok(if right { Reply::Accepted } else { refused() });
        let findings = tried(true, accept);
        assert_eq!((outcome(&findings), findings.gaps.len()), (Some((10, None, None)), 0));
        let findings = tried(false, accept);
        assert_eq!((outcome(&findings), findings.gaps.len()), (None, 1));
        // One that is not let in is none.
        let findings = tried(true, |_, _| Ok(refused()));
        assert_eq!((outcome(&findings), findings.gaps.len()), (None, 2));
    }

    #[test]
    fn ways_to_stop_failing_log_ins() {
        let locked = || Reply::Refused("Account locked".to_owned());
        let findings = tried(false, |count, _| Ok(if count < 5 { refused() } else { locked() }));
        assert_eq!((outcome(&findings), findings.gaps.len()), (Some((6, Some("locked"), Some(6))), 0));
        let shut = |count, _| if count < 4 { Ok(refused()) } else { Err(Failure::new(FailureKind::Refused)) };
        assert_eq!(outcome(&tried(false, shut)), Some((4, Some("disconnected"), Some(4))));
        let silently = |count, right| Ok(if right && count < 5 { Reply::Accepted } else { refused() });
        assert_eq!(outcome(&tried(true, silently)), Some((10, Some("locked"), None)));
    }

    #[test]
    fn a_door_that_never_opened_says_nothing_of_limits() {
        let findings = tried(false, |_, _| Err(Failure::new(FailureKind::Refused)));
        assert_eq!((findings.facts.len(), outcome(&findings), findings.gaps.len()), (1, None, 1));
        // Nor does one that takes whatever is typed.
        let findings = tried(false, |_, _| Ok(Reply::Accepted));
        let any = |fact: &Observed| matches!(fact, Observed::ServiceAccess(access) if access.attempt == "any-login");
        assert!(outcome(&findings).is_none() && findings.facts.iter().any(|(fact, _)| any(fact)));
    }
}

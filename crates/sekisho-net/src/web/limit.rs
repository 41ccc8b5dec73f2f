//! Log-ins that should fail: those that makers are known to ship, and so many that a service should put a stop to them.

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, LoginLimit};

use super::login::{Door, Entry};
use super::site::Site;
use crate::attempts::{hangs_up, says_shut};
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::logins::{ATTEMPTS, DEFAULTS, masked};
use crate::random;

const ASPECTS: [Aspect; 1] = [Aspect::NetworkLogins];
/// From when on an answer is slow, where it is also five times slower than usual.
const SLOW: Duration = Duration::from_millis(900);
/// The pause between two.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks at log-ins that should fail.
pub(super) fn examine(site: &Site<'_>, door: &mut Door, accounts: &[Login], findings: &mut Findings) {
    let nobody = random::name().and_then(|nobody| door.learn(site, &nobody).map(|()| nobody));
    let nobody = match nobody {
        Ok(nobody) => nobody,
        Err(failure) => return findings.failed(&ASPECTS, site.endpoint, "http-login", &failure),
    };
    if known(site, door, findings) {
        failing(site, door, accounts, &nobody, findings);
    }
}

/// Tries what makers ship; whether to go on.
fn known(site: &Site<'_>, door: &Door, findings: &mut Findings) -> bool {
    let mut watch = Watch::default();
    let mut tried: Vec<Login> = Vec::new();
    for (user, password) in DEFAULTS {
        let user = if door.named { user } else { "" };
        let login = Login { user: user.to_owned(), password: password.to_owned() };
        if tried.contains(&login) {
            continue;
        }
        let result = site.budget.sleep(PAUSE).and_then(|()| door.attempt(site, &login, None));
        // One that is let in says nothing of how the others are answered.
        let fails = !result.as_ref().is_ok_and(|entry| door.lets_in(entry) == Some(true));
        let how = if fails { watch.note(&result) } else { None };
        let accepted = result.and_then(|entry| door.lets_in_only(site, &entry, &login));
        tried.push(login.clone());
        match accepted {
            _ if how.is_some() => {
                limited(site, tried.len() as u32, how, findings);
                let reason = Text::new(
                    "the service stopped the log-ins with known passwords before all were tried",
                    "既知のパスワードをすべて試す前に、サービスがログインの試行を止めた",
                );
                findings.gap(&ASPECTS, &site.endpoint.to_string(), &reason);
                return false;
            }
            Ok(Some(accepted)) => {
                let fact = DefaultLogin {
                    address: site.endpoint.host(),
                    port: site.endpoint.address.port(),
                    protocol: "http".to_owned(),
                    user: login.user,
                    masked: masked(password),
                    accepted,
                };
                findings.fact(Observed::DefaultLogin(fact), site.endpoint.source());
            }
            Ok(None) => {
                findings.gap(&ASPECTS, &site.endpoint.to_string(), &indistinct());
                return false;
            }
            Err(failure) => {
                findings.failed(&ASPECTS, site.endpoint, "http-login", &failure);
                if failure.ends_everything() {
                    return false;
                }
            }
        }
    }
    true
}

/// Fails to log in until the service puts a stop to it.
///
/// The limit may be that of an account. With a single one it would be the user who is kept out, so that a name is taken that does not exist.
fn failing(site: &Site<'_>, door: &Door, accounts: &[Login], nobody: &str, findings: &mut Findings) {
    let account = accounts.get(1);
    let place = site.endpoint.to_string();
    let mut watch = Watch::default();
    for attempt in 1..=ATTEMPTS {
        let user = account.map_or(nobody, |account| account.user.as_str());
        let result =
            random::word().and_then(|password| door.attempt(site, &Login { user: user.to_owned(), password }, None));
        if let Some(how) = watch.note(&result) {
            return limited(site, attempt, Some(how), findings);
        }
        match result {
            Ok(entry) if door.lets_in(&entry) == Some(true) => {
                return changed(site, door, account, &entry, attempt, findings);
            }
            Ok(_) => {}
            Err(failure) => {
                findings.failed(&ASPECTS, site.endpoint, "http-login", &failure);
                if failure.ends_everything() {
                    return;
                }
            }
        }
    }
    // Many services say nothing and just don't take the right password any more.
    let right = account.or(accounts.first());
    let right = match right.map(|right| door.attempt(site, right, None)).transpose() {
        Ok(right) => right.map(|entry| (door.lets_in(&entry), entry.took)),
        Err(failure) => return findings.failed(&ASPECTS, site.endpoint, "http-login", &failure),
    };
    let reason = match right {
        // Some let everybody who fails wait, from the first time on.
        Some((Some(true), took)) if watch.waits(took) => return limited(site, ATTEMPTS, Some("delayed"), findings),
        Some((Some(true), _)) if account.is_some() => {
            return findings.fact(Observed::LoginLimit(limit(site, ATTEMPTS, None)), site.endpoint.source());
        }
        Some((Some(false), _)) => return limited(site, ATTEMPTS, Some("locked"), findings),
        Some((None, _)) => indistinct(),
        _ => Text::new(
            "failing log-ins with a name that does not exist were not stopped; whether those of an account are needs a second test account",
            "存在しない利用者名でのログイン失敗は制限されなかった。アカウント単位の制限の確認には2つ目のテストアカウントが必要である",
        ),
    };
    findings.gap(&ASPECTS, &place, &reason);
}

/// A wrong password is suddenly answered as if it were right: the account is locked where the right one is answered the same.
fn changed(
    site: &Site<'_>,
    door: &Door,
    account: Option<&Login>,
    odd: &Entry<'_>,
    attempt: u32,
    findings: &mut Findings,
) {
    match account.map(|account| door.attempt(site, account, None)) {
        Some(Ok(right)) if right.looks_like(odd) => limited(site, attempt, Some("locked"), findings),
        Some(Err(failure)) => findings.failed(&ASPECTS, site.endpoint, "http-login", &failure),
        _ => findings.gap(&ASPECTS, &site.endpoint.to_string(), &indistinct()),
    }
}

fn indistinct() -> Text {
    Text::new(
        "answers to right and wrong passwords cannot be told apart",
        "正しいパスワードと誤ったパスワードの応答を区別できない",
    )
}

fn limit(site: &Site<'_>, attempts: u32, how: Option<&str>) -> LoginLimit {
    LoginLimit {
        address: site.endpoint.host(),
        port: site.endpoint.address.port(),
        protocol: "http".to_owned(),
        attempts,
        limited: how.is_some(),
        how: how.map(str::to_owned),
        after: how.map(|_| attempts),
    }
}

fn limited(site: &Site<'_>, attempts: u32, how: Option<&str>, findings: &mut Findings) {
    findings.fact(Observed::LoginLimit(limit(site, attempts, how)), site.endpoint.source());
}

/// What failing log-ins were answered so far.
#[derive(Debug, Default)]
struct Watch {
    first: Option<(u16, String, bool)>,
    /// The time of the first two.
    usual: Vec<Duration>,
    /// Log-ins in a row without an answer.
    silent: u32,
    /// Log-ins in a row that were answered slowly.
    slow: u32,
}

impl Watch {
    /// Whether failing log-ins waited for their answers all along, where a right one takes no longer than `right`.
    fn waits(&self, right: Duration) -> bool {
        self.usual.iter().min().is_some_and(|least| *least >= SLOW && *least >= right * 5)
    }

    /// Sees the next one; how the service puts a stop to them, where it does.
    fn note(&mut self, result: &Result<Entry<'_>, Failure>) -> Option<&'static str> {
        let entry = match result {
            Ok(entry) => entry,
            // Silence from the first on is no answer to failing log-ins.
            Err(failure) if self.first.is_none() || failure.ends_everything() => return None,
            Err(failure) => {
                self.silent += u32::from(hangs_up(failure));
                return (self.silent >= 2).then_some("disconnected");
            }
        };
        self.silent = 0;
        let page = &entry.answer.page;
        let text = if entry.answer.response.is_html() {
            format!("{} {}", page.title.as_deref().unwrap_or_default(), page.text).to_lowercase()
        } else {
            entry.answer.response.text().to_lowercase()
        };
        let Some((status, before, gone)) = &self.first else {
            self.usual.push(entry.took);
            self.first = Some((entry.answer.response.status, text, entry.gone));
            return None;
        };
        let now = entry.answer.response.status;
        if now != *status && matches!(now, 403 | 423 | 429 | 503) || entry.gone && !gone {
            return Some("locked");
        }
        if says_shut(before, &text) {
            return Some("locked");
        }
        let usual = self.usual.iter().sum::<Duration>() / self.usual.len().max(1) as u32;
        // Twice in a row: a single slow answer may be a busy machine's.
        self.slow = if entry.took >= SLOW && entry.took >= usual * 5 { self.slow + 1 } else { 0 };
        if self.slow >= 2 {
            return Some("delayed");
        }
        if self.usual.len() < 2 {
            self.usual.push(entry.took);
        }
        None
    }
}

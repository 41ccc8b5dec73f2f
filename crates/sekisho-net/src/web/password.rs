//! Whether weak passwords are taken where the test account's password is changed. The old one is always put back, and that is verified.

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::web::WebPassword;
use url::Url;

use super::login::Door;
use super::site::{Site, shown};
use super::{change_form, clip};
use crate::budget::{Bounds, Budget, Stop};
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::random;

const ASPECTS: [Aspect; 1] = [Aspect::NetworkSessions];
/// How long a device has to take on a new password.
const SETTLE: Duration = Duration::from_secs(1);
/// What putting back a password may take, whatever else was used up.
const RESERVE: Bounds = Bounds {
    total: Duration::from_mins(1),
    requests: 100,
    per_second: 20,
    parallel: 1,
    connect: Duration::from_secs(5),
    conversation: Duration::from_secs(10),
    bytes: 1 << 20,
};

/// Tries weak passwords for the test account.
pub(super) fn examine(site: &Site<'_>, door: &Door, login: &Login, pages: &[Url], findings: &mut Findings) {
    let place = site.endpoint.to_string();
    if door.is_json() {
        let reason = Text::new(
            "whether weak passwords are taken was not tried: the log-in is by JSON, and how a password is changed is not known",
            "ログインがJSONで行われ、パスワードの変更方法が分からないため、弱いパスワードの受け付けを試行していない",
        );
        return findings.gap(&ASPECTS, &place, &reason);
    }
    if !door.keeps_sessions() {
        let reason = Text::new(
            "whether weak passwords are taken was not tried: the log-in is HTTP's own and has no form to change the password",
            "HTTP認証によるログインでパスワード変更フォームがないため、弱いパスワードの受け付けを試行していない",
        );
        return findings.gap(&ASPECTS, &place, &reason);
    }
    let page = match find(site, door, login, pages) {
        Ok(Some(page)) => page,
        Ok(None) => {
            let reason = Text::new(
                "no form that surely changes the account's own password was found on the pages seen",
                "確認したページに、アカウント自身のパスワードを変更すると確実に判断できるフォームが見つからなかった",
            );
            return findings.gap(&ASPECTS, &place, &reason);
        }
        Err(failure) => return findings.failed(&ASPECTS, site.endpoint, "http-password", &failure),
    };
    let short = match random::word() {
        Ok(word) => clip(&word, 4),
        Err(failure) => return findings.failed(&ASPECTS, site.endpoint, "http-password", &failure),
    };
    for (tried, weak) in [("short", short.as_str()), ("common", "password"), ("name", login.user.as_str())] {
        if weak == login.password {
            continue;
        }
        let mut fact = WebPassword { url: shown(&page), tried: tried.to_owned(), ..WebPassword::default() };
        let weak = Login { user: login.user.clone(), password: weak.to_owned() };
        match change(site, door, &page, login, &weak.password) {
            Ok(true) => {}
            Ok(false) => {
                let reason = Text::new(
                    "the form to change the password could not be filled in",
                    "パスワード変更フォームに入力できなかった",
                );
                return findings.gap(&ASPECTS, &place, &reason);
            }
            // It may have been sent before it failed: what follows tells.
            Err(failure) => findings.failed(&ASPECTS, site.endpoint, "http-password", &failure),
        }
        // The user's wish to stop and a spent budget wait until the account is as it was.
        let reserve = Budget::new(RESERVE, Stop::default());
        settle(&site.within(&reserve), door, &page, login, &weak, &mut fact);
        let restored = fact.restored;
        findings.fact(Observed::WebPassword(fact), site.endpoint.source());
        if restored == Some(false) {
            let reason = Text::new(
                "the test account's password could not be put back; set it anew",
                "テストアカウントのパスワードを元に戻せなかった。再設定が必要である",
            );
            return findings.gap(&ASPECTS, &place, &reason);
        }
        if site.budget.check().is_err() {
            return;
        }
    }
}

/// Sees which password holds now, and puts the old one back where it is the weak one.
fn settle(site: &Site<'_>, door: &Door, page: &Url, old: &Login, weak: &Login, fact: &mut WebPassword) {
    let _ = site.budget.sleep(SETTLE);
    let works = |login: &Login| {
        let entry = door.attempt(site, login, None);
        entry.ok().and_then(|entry| door.lets_in(&entry))
    };
    // Twice: the first answer after a change may be that of a service that starts anew.
    if works(old) == Some(true) || works(old) == Some(true) {
        fact.accepted = Some(false);
        return;
    }
    if works(weak) == Some(true) {
        fact.accepted = Some(true);
    }
    for _ in 0..2 {
        let _ = change(site, door, page, weak, &old.password);
        let _ = site.budget.sleep(SETTLE);
        if works(old) == Some(true) {
            fact.restored = Some(true);
            return;
        }
    }
    fact.restored = Some(false);
}

/// The page with a form to change the account's own password.
fn find(site: &Site<'_>, door: &Door, login: &Login, pages: &[Url]) -> Result<Option<Url>, Failure> {
    let mut entry = door.attempt(site, login, None)?;
    for page in pages {
        let answer = entry.visitor.get(page)?;
        if answer
            .page
            .forms
            .iter()
            .any(|form| site.holds(&form.action) && change_form::fill(form, login, "", "").is_some())
        {
            return Ok(Some(page.clone()));
        }
    }
    Ok(None)
}

/// Changes the password, in a session of its own; whether the form could be filled in and was sent.
fn change(site: &Site<'_>, door: &Door, page: &Url, login: &Login, new: &str) -> Result<bool, Failure> {
    let mut entry = door.attempt(site, login, None)?;
    let answer = entry.visitor.get(page)?;
    let filled =
        answer.page.forms.iter().find_map(|form| Some((form, change_form::fill(form, login, &login.password, new)?)));
    let Some((form, fields)) = filled else { return Ok(false) };
    entry.visitor.submit(&answer.url, form, &fields)?;
    Ok(true)
}

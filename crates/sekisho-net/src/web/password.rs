//! Whether weak passwords are taken where the test account's password is changed. The old one is always put back, and that is verified.

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::web::WebPassword;
use url::Url;

use super::html::{Field, Form};
use super::login::Door;
use super::site::{Site, shown};
use super::{clip, forms, random};
use crate::budget::{Bounds, Budget, Stop};
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;

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
    if !door.form {
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
                "no form to change the account's password was found on the pages seen",
                "確認したページに、アカウントのパスワードを変更するフォームが見つからなかった",
            );
            return findings.gap(&ASPECTS, &place, &reason);
        }
        Err(failure) => return findings.failed(&ASPECTS, site.endpoint, "http-password", &failure),
    };
    let short = clip(&random(), 4);
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
        if answer.page.forms.iter().any(|form| site.holds(&form.action) && fill(form, login, "", "").is_some()) {
            return Ok(Some(page.clone()));
        }
    }
    Ok(None)
}

/// Changes the password, in a session of its own; whether the form could be filled in and was sent.
fn change(site: &Site<'_>, door: &Door, page: &Url, login: &Login, new: &str) -> Result<bool, Failure> {
    let mut entry = door.attempt(site, login, None)?;
    let answer = entry.visitor.get(page)?;
    let filled = answer.page.forms.iter().find_map(|form| Some((form, fill(form, login, &login.password, new)?)));
    let Some((form, fields)) = filled else { return Ok(false) };
    entry.visitor.submit(&answer.url, form, &fields)?;
    Ok(true)
}

/// The fields of a form that changes a password; none where it is none, or may be one for another account.
fn fill(form: &Form, login: &Login, current: &str, new: &str) -> Option<Vec<(String, String)>> {
    let passwords: Vec<&Field> = form.passwords().collect();
    if !form.post || !(2..=3).contains(&passwords.len()) {
        return None;
    }
    let is_current = |field: &Field| {
        let name = field.name.to_lowercase();
        ["old", "cur", "now", "present", "orig", "旧", "現在"].iter().any(|word| name.contains(word))
    };
    let mut old = passwords.iter().find(|field| is_current(field)).map(|field| field.name.as_str());
    if old.is_none() && passwords.len() == 3 {
        old = passwords.first().map(|field| field.name.as_str());
    }
    let mut fields = form.defaults();
    for (name, value) in &mut fields {
        let field = form.fields.iter().find(|field| field.name == *name)?;
        if field.kind == "password" {
            if Some(name.as_str()) == old { current } else { new }.clone_into(value);
        } else if ["user", "account", "login"].iter().any(|word| name.to_lowercase().contains(word))
            && matches!(field.kind.as_str(), "text" | "email" | "select" | "hidden")
            && !forms::is_guard(field)
        {
            if value.is_empty() {
                value.clone_from(&login.user);
            } else if *value != login.user {
                return None;
            }
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::html::Page;

    fn filled(fields: &str) -> Option<Vec<(String, String)>> {
        let html = format!("<form method=post>{fields}</form>");
        let page = Page::read(&html, &Url::parse("http://192.0.2.1/").unwrap());
        let login = Login { user: "tester".into(), password: "x".into() };
        fill(&page.forms[0], &login, "CURRENT", "NEW")
    }

    #[test]
    fn fields_are_known_by_names_and_order() {
        let values = |fields: &str| filled(fields).unwrap().into_iter().map(|(_, value)| value).collect::<Vec<_>>();
        let field = |name: &str| format!("<input type=password name={name}>");
        assert_eq!(values(&(field("new1") + &field("new2") + &field("oldpw"))), ["NEW", "NEW", "CURRENT"]);
        assert_eq!(values(&(field("a") + &field("b") + &field("c"))), ["CURRENT", "NEW", "NEW"]);
        assert_eq!(values(&(field("a") + &field("b"))), ["NEW", "NEW"]);
        assert_eq!(filled(&field("a")), None);
    }

    #[test]
    fn another_accounts_password_is_left_alone() {
        let two = "<input type=password name=a><input type=password name=b>";
        assert_eq!(filled(&format!("<input name=username value=admin>{two}")), None);
        assert_eq!(filled(&format!("<input name=username>{two}")).unwrap()[0].1, "tester");
    }
}

//! What a session with a test account shows: whether its id is a new one, whether logging out ends it, whether pages open without it.

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::web::{WebCookie, WebSession};
use url::Url;

use super::cookie::Jar;
use super::forms;
use super::html::Page;
use super::login::{Door, Entry, offers_logout};
use super::probe::{cookie_fact, too_much};
use super::reflection::Reflections;
use super::site::{Site, shown};
use super::visitor::{Answer, Visitor};
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Login;
use crate::random;

const ASPECTS: [Aspect; 1] = [Aspect::NetworkSessions];
/// Pages of the account that are looked at beside the first.
const PAGES: usize = 4;

/// What a page of the account shows that tells it from other pages and does not change by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Marks {
    path: String,
    status: u16,
    passwords: usize,
    logout: bool,
    named: bool,
    change: bool,
}

impl Marks {
    fn of(answer: &Answer, user: &str) -> Self {
        let passwords = |page: &Page| page.forms.iter().map(|form| form.passwords().count()).max().unwrap_or_default();
        Self {
            path: answer.outside.as_ref().unwrap_or(&answer.url).path().to_owned(),
            status: answer.response.status,
            passwords: passwords(&answer.page),
            logout: offers_logout(&answer.page),
            named: user.len() >= 3
                && if answer.response.is_html() {
                    answer.page.text.contains(user)
                } else {
                    answer.response.text().contains(user)
                },
            change: passwords(&answer.page) >= 2,
        }
    }

    /// Whether it shows something that only an account has, and that `public` pages do not. The name counts on the page that the log-in led to
    /// only: others may speak of an `admin` to everybody.
    fn personal(&self, public: &Self, landing: bool) -> bool {
        self.logout && !public.logout || self.change && !public.change || landing && self.named && !public.named
    }
}

/// Looks at sessions. Gives the pages of the account; none where the log-in did not work.
pub(super) fn examine(
    site: &Site<'_>,
    door: &mut Door,
    login: &Login,
    first: &Answer,
    reflections: &mut Reflections,
    findings: &mut Findings,
) -> Option<Vec<Url>> {
    let source = site.endpoint.source();
    let mut fact = WebSession { url: shown(&door.url), user: login.user.clone(), ..WebSession::default() };
    let entry = match door.learn(site, &login.user).and_then(|()| door.attempt(site, login, None)) {
        Ok(entry) => entry,
        Err(failure) => {
            findings.failed(&ASPECTS, site.endpoint, "http-login", &failure);
            return None;
        }
    };
    // An answer of JSON has no page that would ask again: that a wrong password is refused still is the counter-check.
    let inside = if door.is_json() { door.lets_in_only(site, &entry, login) } else { Ok(door.lets_in(&entry)) };
    let inside = match inside {
        Ok(inside) => inside,
        Err(failure) => {
            findings.failed(&ASPECTS, site.endpoint, "http-login", &failure);
            return None;
        }
    };
    if inside != Some(true) {
        findings.fact(Observed::WebSession(fact), source);
        let reason = Text::new(
            "the log-in with the test account did not work, or its answer cannot be told from that to a wrong password",
            "テストアカウントでログインできなかったか、誤ったパスワードの場合と応答の区別がつかない",
        );
        findings.gap(&ASPECTS, &site.endpoint.to_string(), &reason);
        return None;
    }
    fact.logged_in = true;
    door.opened();
    session_cookies(site, &entry, findings);
    let mut look = Look { site, door, login, findings };
    let told = look.all(&entry, first, reflections, &mut fact);
    findings.fact(Observed::WebSession(fact), source);
    match told {
        Ok(pages) => Some(pages),
        Err(failure) => {
            findings.failed(&ASPECTS, site.endpoint, "http-session", &failure);
            None
        }
    }
}

/// Says of the cookies that came with the log-in that they hold the session; what their names alone said before is replaced.
fn session_cookies(site: &Site<'_>, entry: &Entry<'_>, findings: &mut Findings) {
    for (url, cookie) in entry.cookies() {
        let observed = cookie_fact(&url, &cookie, true);
        if let Observed::WebCookie(new) = &observed {
            let less = |old: &WebCookie| *new == WebCookie { session: true, url: new.url.clone(), ..old.clone() };
            findings.facts.retain(|(fact, _)| !matches!(fact, Observed::WebCookie(old) if less(old)));
        }
        findings.fact(observed, site.endpoint.source());
    }
}

struct Look<'a, 's> {
    site: &'s Site<'s>,
    door: &'a Door,
    login: &'a Login,
    findings: &'a mut Findings,
}

impl<'s> Look<'_, 's> {
    fn all(
        &mut self,
        entry: &Entry<'s>,
        first: &Answer,
        reflections: &mut Reflections,
        fact: &mut WebSession,
    ) -> Result<Vec<Url>, Failure> {
        let mut visitor = entry.visitor.clone();
        let declared = self.door.page(self.site).map(|url| visitor.get(&url)).transpose()?;
        let pages = self.pages(&mut visitor, declared.as_ref().unwrap_or(&entry.answer))?;
        let public = Marks::of(first, &self.login.user);
        let mut account: Option<(Url, Marks)> = None;
        for (at, page) in pages.iter().enumerate() {
            let marks = Marks::of(page, &self.login.user);
            let anybody = Marks::of(&Visitor::new(self.site).get(&page.url)?, &self.login.user);
            if marks == anybody {
                if marks.personal(&public, at == 0) {
                    fact.open_without_session = Some(true);
                }
            } else {
                fact.open_without_session = fact.open_without_session.or(Some(false));
                account = account.or(Some((page.url.clone(), marks)));
            }
        }
        if account.is_none() {
            let reason = Text::new(
                "no page was found that opens with the test account only; what a session id allows cannot be told",
                "テストアカウントでのみ開けるページが見つからず、セッションIDの効力を確認できない",
            );
            self.gap(&reason);
        }
        if let Some((url, marks)) = account.as_ref().filter(|_| self.door.keeps_sessions()) {
            fact.fixation = self.fixation(entry, url, marks)?;
        }
        // A second session: its pages hold other tokens, and it is the one that is logged out of.
        let second = self.door.attempt(self.site, self.login, None)?;
        if self.door.lets_in(&second) != Some(true) {
            let reason = Text::new(
                "a second log-in with the test account did not work",
                "テストアカウントで2回目のログインができなかった",
            );
            self.gap(&reason);
            return Ok(pages.iter().map(|page| page.url.clone()).collect());
        }
        let mut visitor = second.visitor.clone();
        let mut again = Vec::new();
        for page in &pages {
            let other = visitor.get(&page.url)?;
            for form in &page.page.forms {
                let form = forms::fact(&page.url, form, Some(&other.page), true);
                self.findings.fact(form, self.site.endpoint.source());
            }
            if page.page.more {
                too_much(self.site, &ASPECTS, self.findings);
            }
            reflections.look(&mut visitor, &other, self.findings);
            again.push(other);
        }
        if self.door.keeps_sessions() {
            fact.survives_logout = self.logout(&mut visitor, &again, account.as_ref())?;
        }
        Ok(pages.iter().map(|page| page.url.clone()).collect())
    }

    fn gap(&mut self, reason: &Text) {
        self.findings.gap(&ASPECTS, &self.site.endpoint.to_string(), reason);
    }

    /// The page that the log-in led to and some that are linked there; first those that are about the account. None of them where going there
    /// may change something.
    fn pages(&mut self, visitor: &mut Visitor<'s>, landing: &Answer) -> Result<Vec<Answer>, Failure> {
        let mut urls: Vec<(bool, Url)> = Vec::new();
        for link in landing.page.links.iter().filter(|link| link.followed && self.site.holds(&link.url)) {
            let mut url = link.url.clone();
            url.set_fragment(None);
            let file =
                url.path().rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_lowercase());
            let page = file.is_none_or(|end| {
                ["html", "htm", "shtml", "asp", "aspx", "php", "cgi", "jsp", "lua"].contains(&end.as_str())
            });
            if !page
                || url.path() == landing.url.path()
                || urls.iter().any(|(_, known)| *known == url)
                || forms::is_dangerous(&url, &link.text)
                || !forms::only_shows(&url)
            {
                continue;
            }
            let about = format!("{} {}", url.path(), link.text).to_lowercase();
            let account = ["pass", "account", "user", "profile", "パスワード", "アカウント", "ユーザ"]
                .iter()
                .any(|word| about.contains(word));
            urls.push((!account, url));
        }
        urls.sort_by_key(|(other, _)| *other);
        let mut pages = Vec::new();
        let urls = urls.into_iter().map(|(_, url)| url).take(PAGES);
        for url in std::iter::once(landing.url.clone()).chain(urls) {
            let page = visitor.get(&url)?;
            let data = self.door.is_json() && url == landing.url;
            if page.is_page() && (page.response.is_html() || data) {
                pages.push(page);
            }
        }
        Ok(pages)
    }

    /// Whether the account's page opens with these cookies, this token and nothing else.
    fn opens(&self, jar: &Jar, token: Option<&str>, url: &Url, marks: &Marks) -> Result<bool, Failure> {
        let mut visitor = Visitor::new(self.site);
        visitor.jar = jar.clone();
        visitor.bearer = token.map(str::to_owned);
        Ok(Marks::of(&visitor.get(url)?, &self.login.user) == *marks)
    }

    /// Whether somebody who knew the cookies from before the log-in has the session after it. Where none were set, one is brought along.
    fn fixation(&self, entry: &Entry<'s>, url: &Url, marks: &Marks) -> Result<Option<bool>, Failure> {
        if !entry.before.is_empty() {
            return self.opens(&entry.before, None, url, marks).map(Some);
        }
        let Some((_, cookie)) = entry.cookies().into_iter().next() else { return Ok(None) };
        let planted = random::word()?;
        let second = self.door.attempt(self.site, self.login, Some((&cookie.name, &planted)))?;
        if self.door.lets_in(&second) != Some(true) {
            return Ok(None);
        }
        if second.visitor.jar.get(&cookie.name) != Some(planted.as_str()) {
            return Ok(Some(false));
        }
        let mut jar = Jar::default();
        jar.set(&cookie.name, &planted);
        self.opens(&jar, None, url, marks).map(Some)
    }

    /// Whether the session is still good after logging out.
    fn logout(
        &mut self,
        visitor: &mut Visitor<'s>,
        pages: &[Answer],
        account: Option<&(Url, Marks)>,
    ) -> Result<Option<bool>, Failure> {
        let Some((url, marks)) = account else { return Ok(None) };
        let (jar, token) = (visitor.jar.clone(), visitor.bearer.clone());
        if jar.is_empty() && token.is_none() || !self.opens(&jar, token.as_deref(), url, marks)? {
            return Ok(None);
        }
        if let Some(out) = self.door.logout(self.site) {
            // One that is not taken leaves the session as it is, and says nothing of it.
            let answer = visitor.post_json(&out, "{}".to_owned())?;
            if answer.response.status < 400 {
                return self.opens(&jar, token.as_deref(), url, marks).map(Some);
            }
            let reason =
                Text::new("the declared way to log out was refused", "製品ファイルで指定されたログアウトが拒否された");
            self.gap(&reason);
            return Ok(None);
        }
        for page in pages {
            let link = page.page.links.iter().find(|link| {
                link.followed
                    && self.site.holds(&link.url)
                    && (forms::is_logout(&link.text) || forms::is_logout(link.url.path()))
            });
            // `<a href="#">` is a script's.
            let link = link.filter(|link| link.url.fragment().is_none() || link.url.path() != page.url.path());
            let form = page.page.forms.iter().find(|form| {
                self.site.holds(&form.action)
                    && form.fields.iter().all(|field| matches!(field.kind.as_str(), "hidden" | "submit" | "button"))
                    && (forms::is_logout(form.action.path()) || forms::is_logout(&form.text))
            });
            if let Some(link) = link {
                visitor.get(&link.url)?;
            } else if let Some(form) = form {
                visitor.submit(&page.url, form, &form.defaults())?;
            } else {
                continue;
            }
            return self.opens(&jar, token.as_deref(), url, marks).map(Some);
        }
        let reason = Text::new(
            "no way to log out was found on the pages seen",
            "確認したページにログアウトの手段が見つからなかった",
        );
        self.gap(&reason);
        Ok(None)
    }
}

//! Logging in, and telling whether it worked: by how the answer differs from the one to a wrong password, never by its words.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sekisho_model::Text;
use sekisho_model::product::WebLogin;
use url::Url;

use super::authentication;
use super::cookie::{Cookie, Jar};
use super::forms;
use super::html::{Form, Page};
use super::json::{self, Members};
use super::site::Site;
use super::visitor::{Answer, Visitor};
use crate::failure::Failure;
use crate::host::Login;
use crate::random;

/// Linked pages that are asked for a form to log in.
const PAGES: usize = 3;

/// Where one logs in.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) url: Url,
    way: Way,
    /// Whether it asks for a name beside the password.
    pub(super) named: bool,
    /// What the answer to a wrong password looks like.
    wrong: Option<Signs>,
    /// Members of answers by JSON that differ from one wrong password to the next.
    varying: BTreeSet<String>,
    /// Whether a log-in worked that was told from a wrong one.
    opened: bool,
}

/// How one logs in.
#[derive(Debug, Clone)]
enum Way {
    /// By HTTP's own authentication.
    Http,
    /// By a form.
    Form,
    /// By JSON, as the product file says.
    Json(WebLogin),
}

/// What an answer to a log-in looks like, as far as it does not change from one to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signs {
    status: u16,
    /// Whether it asks for the password again.
    asks: bool,
    path: String,
    /// Names of the cookies that came with it.
    cookies: Vec<String>,
    /// Whether it offers to log out.
    logout: bool,
    /// What it says by JSON.
    said: Members,
}

/// A log-in that was tried.
#[derive(Debug, Clone)]
pub(super) struct Entry<'s> {
    pub(super) visitor: Visitor<'s>,
    /// The cookies before the password was sent.
    pub(super) before: Jar,
    pub(super) answer: Answer,
    /// How long the answer took.
    pub(super) took: Duration,
    signs: Signs,
    /// Whether the form was not there any more, so that nothing was sent.
    pub(super) gone: bool,
}

impl Entry<'_> {
    /// Whether both were answered in the same way.
    pub(super) fn looks_like(&self, other: &Entry<'_>) -> bool {
        self.signs == other.signs
    }

    /// The cookies that came with the log-in, with their places.
    pub(super) fn cookies(&self) -> Vec<(Url, Cookie)> {
        let all = self
            .answer
            .all()
            .flat_map(|(url, response)| Cookie::all(response).into_iter().map(move |cookie| (url.clone(), cookie)));
        all.filter(|(_, cookie)| self.signs.cookies.contains(&cookie.name)).collect()
    }
}

impl Door {
    fn at(url: &Url) -> Self {
        let url = url.clone();
        Self { url, way: Way::Http, named: true, wrong: None, varying: BTreeSet::new(), opened: false }
    }

    /// The one that the product file declares.
    pub(super) fn declared(site: &Site<'_>, login: &WebLogin) -> Self {
        let named = login.json.user.is_some();
        Self { way: Way::Json(login.clone()), named, ..Self::at(&site.at(&login.path)) }
    }

    fn json(&self) -> Option<&WebLogin> {
        if let Way::Json(login) = &self.way { Some(login) } else { None }
    }

    /// Whether one logs in by JSON.
    pub(super) fn is_json(&self) -> bool {
        self.json().is_some()
    }

    /// Whether a log-in leads to a session, and the password is not sent with every request.
    pub(super) fn keeps_sessions(&self) -> bool {
        !matches!(self.way, Way::Http)
    }

    /// The page that is declared to open only to who is logged in.
    pub(super) fn page(&self, site: &Site<'_>) -> Option<Url> {
        self.json()?.page.as_deref().map(|path| site.at(path))
    }

    /// Where one is declared to log out.
    pub(super) fn logout(&self, site: &Site<'_>) -> Option<Url> {
        self.json()?.logout.as_deref().map(|path| site.at(path))
    }

    /// A log-in worked: from now on what is answered like a wrong password is known to be refused.
    pub(super) fn opened(&mut self) {
        self.opened = true;
    }

    /// Finds it on the first page or on one that is linked there.
    ///
    /// # Errors
    /// Where there is none that can be gone through here; with the reason.
    pub(super) fn find<'s>(site: &'s Site<'s>, first: &Answer) -> Result<Self, Text> {
        let words = ["login", "log in", "signin", "sign in", "sign-in", "ログイン", "サインイン"];
        let links = first.page.links.iter().filter(|link| {
            let place = format!("{} {}", link.url.path(), link.text).to_lowercase();
            link.followed && site.holds(&link.url) && words.iter().any(|word| place.contains(word))
        });
        let mut scripts = first.page.scripts;
        let mut loose = first.page.loose_password;
        let linked = links.take(PAGES).filter_map(|link| Visitor::new(site).get(&link.url).ok());
        for answer in std::iter::once(first.clone()).chain(linked) {
            scripts |= answer.page.scripts;
            loose |= answer.page.loose_password;
            let challenges = authentication::challenges(&answer.response);
            if answer.response.status == 401 && authentication::strongest(challenges).is_some() {
                return Ok(Self { way: Way::Http, named: true, ..Self::at(&answer.url) });
            }
            if let Some(form) = forms::login(&answer.page).filter(|form| site.holds(&form.action)) {
                let named = user_field(form).is_some();
                return Ok(Self { way: Way::Form, named, ..Self::at(&answer.url) });
            }
        }
        Err(if scripts || loose {
            Text::new(
                "the log-in is made by scripts of the page and not by a form; it cannot be tried here",
                "ログインがフォームではなくページのスクリプトで行われるため、試行できない",
            )
        } else {
            Text::new("no log-in was found on the pages seen", "確認したページにログイン画面が見つからなかった")
        })
    }

    /// Sees how a wrong password for `user` is answered.
    ///
    /// # Errors
    /// Where there is no answer.
    pub(super) fn learn<'s>(&mut self, site: &'s Site<'s>, user: &str) -> Result<(), Failure> {
        if self.wrong.is_none() {
            let wrong = Login { user: user.to_owned(), password: random::word()? };
            let mut signs = self.attempt(site, &wrong, None)?.signs;
            if self.is_json() {
                let again = Login { user: user.to_owned(), password: random::word()? };
                self.varying = signs.said.varying(&self.attempt(site, &again, None)?.signs.said);
                signs.said.without(&self.varying);
            }
            self.wrong = Some(signs);
        }
        Ok(())
    }

    /// Tries a log-in as a new visitor, who may bring a cookie along.
    ///
    /// # Errors
    /// Where there is no answer.
    pub(super) fn attempt<'s>(
        &self,
        site: &'s Site<'s>,
        login: &Login,
        planted: Option<(&str, &str)>,
    ) -> Result<Entry<'s>, Failure> {
        if let Way::Json(declared) = &self.way {
            return self.by_json(site, declared, login, planted);
        }
        if matches!(self.way, Way::Http) {
            let mut visitor = Visitor::known(site, login);
            let began = Instant::now();
            let answer = visitor.get(&self.url)?;
            let before = Jar::default();
            let signs = Signs::of(&answer, matches!(answer.response.status, 401 | 403), &visitor.jar, &before);
            return Ok(Entry { visitor, before, answer, took: began.elapsed(), signs, gone: false });
        }
        let mut visitor = Visitor::new(site);
        if let Some((name, value)) = planted {
            visitor.jar.set(name, value);
        }
        let page = visitor.get(&self.url)?;
        let before = visitor.jar.clone();
        let Some(form) = forms::login(&page.page) else {
            let signs = Signs::of(&page, true, &visitor.jar, &before);
            return Ok(Entry { visitor, before, answer: page, took: Duration::ZERO, signs, gone: true });
        };
        let began = Instant::now();
        let answer = visitor.submit(&page.url, form, &filled(form, login))?;
        let took = began.elapsed();
        let asks = matches!(answer.response.status, 401 | 403) || forms::asks_again(&answer.page, form);
        let signs = Signs::of(&answer, asks, &visitor.jar, &before);
        Ok(Entry { visitor, before, answer, took, signs, gone: false })
    }

    /// As a page's script does: the first page for its cookies, then the log-in.
    fn by_json<'s>(
        &self,
        site: &'s Site<'s>,
        declared: &WebLogin,
        login: &Login,
        planted: Option<(&str, &str)>,
    ) -> Result<Entry<'s>, Failure> {
        let mut visitor = Visitor::new(site);
        if let Some((name, value)) = planted {
            visitor.jar.set(name, value);
        }
        visitor.get(&site.root)?;
        let before = visitor.jar.clone();
        let began = Instant::now();
        let answer = visitor.post_json(&self.url, json::object(&declared.json, login))?;
        let took = began.elapsed();
        visitor.bearer = declared.token.as_deref().and_then(|token| json::text(&answer.response, token));
        let asks = matches!(answer.response.status, 401 | 403);
        let mut signs = Signs::of(&answer, asks, &visitor.jar, &before);
        signs.said = Members::of(&answer.response);
        signs.said.without(&self.varying);
        Ok(Entry { visitor, before, answer, took, signs, gone: false })
    }

    /// As [`lets_in`](Self::lets_in), of an answer by JSON. One that is like that to a wrong password is a refusal only where it is known that a
    /// right one is answered in another way.
    fn lets_in_by_json(&self, declared: &WebLogin, entry: &Entry<'_>) -> Option<bool> {
        let wrong = self.wrong.as_ref()?;
        let without_token = declared.token.is_some() && entry.visitor.bearer.is_none();
        if entry.signs.status >= 400 || without_token {
            return Some(false);
        }
        if entry.signs == *wrong {
            return (wrong.status >= 400 || self.opened).then_some(false);
        }
        (200..300).contains(&entry.signs.status).then_some(true)
    }

    /// Whether a log-in worked. None where its answer cannot be told from the one to a wrong password.
    pub(super) fn lets_in(&self, entry: &Entry<'_>) -> Option<bool> {
        if let Way::Json(declared) = &self.way {
            return self.lets_in_by_json(declared, entry);
        }
        let wrong = self.wrong.as_ref()?;
        let signs = &entry.signs;
        if signs.asks || signs.status >= 400 || entry.gone {
            return Some(false);
        }
        // An answer that neither asks again nor is an error may be either, unless something else differs.
        let told = wrong.asks || wrong.status >= 400;
        let differs = signs.path != wrong.path || signs.cookies != wrong.cookies || signs.logout && !wrong.logout;
        (told || differs).then_some(true)
    }

    /// As [`lets_in`](Self::lets_in), and a wrong password right after it is refused still: else the service has begun to answer everybody in
    /// another way.
    ///
    /// # Errors
    /// Where there is no answer.
    pub(super) fn lets_in_only<'s>(
        &self,
        site: &'s Site<'s>,
        entry: &Entry<'_>,
        login: &Login,
    ) -> Result<Option<bool>, Failure> {
        let first = self.lets_in(entry);
        if first != Some(true) {
            return Ok(first);
        }
        let wrong = Login { user: login.user.clone(), password: random::word()? };
        let wrong = self.attempt(site, &wrong, None)?;
        let refused =
            self.lets_in(&wrong) == Some(false) || self.is_json() && self.wrong.as_ref() == Some(&wrong.signs);
        Ok(refused.then_some(true))
    }
}

impl Signs {
    fn of(answer: &Answer, asks: bool, jar: &Jar, before: &Jar) -> Self {
        Self {
            status: answer.response.status,
            asks,
            path: answer.outside.as_ref().unwrap_or(&answer.url).path().to_owned(),
            cookies: jar.new_since(before),
            logout: offers_logout(&answer.page),
            said: Members::default(),
        }
    }
}

/// Whether a page has a link or form to log out.
pub(super) fn offers_logout(page: &Page) -> bool {
    page.links.iter().any(|link| forms::is_logout(&link.text) || forms::is_logout(link.url.path()))
        || page.forms.iter().any(|form| forms::is_logout(form.action.path()) || forms::is_logout(&form.text))
}

/// The field for the name: the last one for text before the password.
fn user_field(form: &Form) -> Option<&str> {
    let before = form.fields.iter().take_while(|field| field.kind != "password");
    let texts = before
        .filter(|field| matches!(field.kind.as_str(), "text" | "email" | "tel" | "select") && !field.name.is_empty());
    texts.last().map(|field| field.name.as_str())
}

fn filled(form: &Form, login: &Login) -> Vec<(String, String)> {
    let user = user_field(form);
    let password = form.passwords().next().map(|field| field.name.as_str());
    let mut fields = form.defaults();
    for (name, value) in &mut fields {
        if Some(name.as_str()) == user {
            value.clone_from(&login.user);
        } else if Some(name.as_str()) == password {
            value.clone_from(&login.password);
        }
    }
    fields
}

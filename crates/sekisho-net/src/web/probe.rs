//! Harmless questions, as any browser asks them: at most 26 requests.

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::FailureKind;
use sekisho_model::web::{WebCookie, WebService};
use url::Url;

use super::cookie::Cookie;
use super::html::Page;
use super::site::{Site, shown};
use super::visitor::{Answer, Visitor};
use super::{authentication, clip, forms, headers, known};
use crate::failure::Failure;
use crate::findings::Findings;
use crate::http::{Request, Response};
use crate::random;

const ASPECTS: [Aspect; 1] = [Aspect::NetworkWeb];
/// Folders that pages take pictures and scripts from, and that are asked for a list of their files.
const FOLDERS: usize = 3;
/// Requests in a row that fail before no more are made.
const PATIENCE: u32 = 2;

/// Looks at the first page and around it. None where there is no first page.
pub(super) fn probe(site: &Site<'_>, path: Option<&str>, findings: &mut Findings) -> Option<Answer> {
    let answer = match Visitor::new(site).get(&site.at(path.unwrap_or("/"))) {
        Ok(answer) => answer,
        Err(failure) => {
            findings.failed(&ASPECTS, site.endpoint, "http-get", &failure);
            return None;
        }
    };
    if let Some(failure) = &answer.trouble {
        findings.failed(&ASPECTS, site.endpoint, "http-get", failure);
    }
    if answer.page.more {
        too_much(site, &ASPECTS, findings);
    }
    let mut service = first_page(site, &answer);
    for (url, response) in answer.all() {
        for cookie in Cookie::all(response) {
            let session = cookie.names_session();
            findings.fact(cookie_fact(url, &cookie, session), site.endpoint.source());
        }
    }
    form_facts(site, &answer, findings);
    let mut around = Around { site, findings, failed: 0 };
    service.listings = around.listings(&answer);
    service.exposed = around.exposed();
    findings.fact(Observed::WebService(Box::new(service)), site.endpoint.source());
    Some(answer)
}

/// Says that a page holds more than is looked at.
pub(super) fn too_much(site: &Site<'_>, aspects: &[Aspect], findings: &mut Findings) {
    let reason = Text::new(
        "a page has more forms, fields or links than are looked at",
        "ページのフォーム、入力欄またはリンクの数が、調べる上限を超えている",
    );
    findings.gap(aspects, &site.endpoint.to_string(), &reason);
}

fn first_page(site: &Site<'_>, answer: &Answer) -> WebService {
    let (_, first) = answer.all().next().unwrap_or((&answer.url, &answer.response));
    let next = answer.all().nth(1).map(|(url, _)| url).or(answer.outside.as_ref());
    let page = &answer.page;
    let mut service = WebService {
        url: shown(answer.passed.first().map_or(&answer.url, |(url, _)| url)),
        address: site.endpoint.host(),
        port: site.endpoint.address.port(),
        tls: site.tls,
        status: first.status,
        redirect: next.map(shown),
        redirects_to_tls: redirects_to_tls(site, answer),
        title: page.title.clone(),
        login: login(answer).map(str::to_owned),
        default_page: known::default_page(page).map(str::to_owned),
        ..WebService::default()
    };
    for (_, response) in answer.all() {
        service.software.extend(headers::software(response));
        if site.tls {
            service.hsts_seconds = service.hsts_seconds.max(headers::hsts(response));
        }
    }
    service.software.sort();
    service.software.dedup();
    service.version_told = service.software.iter().any(|software| headers::tells_version(software));
    // What only sends on shows nothing that a browser would have to be careful with.
    if answer.outside.is_none() && !(300..400).contains(&answer.response.status) {
        (service.security_headers, service.missing_headers) = headers::look(&answer.response, site.tls);
    }
    let password = page.loose_password || page.forms.iter().any(|form| form.passwords().next().is_some());
    let asks = password || matches!(service.login.as_deref(), Some("basic" | "digest"));
    let sent_in_clear =
        page.forms.iter().any(|form| form.action.scheme() == "http" && form.passwords().next().is_some());
    service.login_in_clear = asks && !site.tls || sent_in_clear;
    service
}

/// An address with TLS on another host may be this device under a name that is not known here, or another one.
fn redirects_to_tls(site: &Site<'_>, answer: &Answer) -> Option<bool> {
    match &answer.outside {
        _ if site.tls => None,
        Some(to) if to.scheme() == "https" => site.same_host(to).then_some(true),
        _ => answer.trouble.is_none().then_some(false),
    }
}

/// How it asks for a log-in; of several ways the one that protects the password least.
fn login(answer: &Answer) -> Option<&'static str> {
    let schemes: Vec<String> =
        authentication::challenges(&answer.response).into_iter().map(|challenge| challenge.scheme).collect();
    let way = ["basic", "digest", "bearer"].into_iter().find(|way| schemes.iter().any(|scheme| scheme == way));
    if answer.response.status == 401 && way.is_some() {
        way
    } else if answer.page.loose_password || forms::login(&answer.page).is_some() {
        Some("form")
    } else if answer.response.status >= 400 && answer.page.text.contains("No required SSL certificate") {
        Some("certificate")
    } else {
        None
    }
}

/// A cookie as a fact.
pub(super) fn cookie_fact(url: &Url, cookie: &Cookie, session: bool) -> Observed {
    Observed::WebCookie(WebCookie {
        url: shown(url),
        cookie: clip(&cookie.name, 100),
        session,
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site.clone(),
        seconds: cookie.seconds,
        in_clear: url.scheme() == "http",
    })
}

fn form_facts(site: &Site<'_>, answer: &Answer, findings: &mut Findings) {
    let page = &answer.page;
    // Whether a token is another one for another visitor only a second visit tells.
    let guards = page.forms.iter().any(|form| form.post && form.fields.iter().any(forms::is_guard));
    let second = if guards { Visitor::new(site).get(&answer.url) } else { Ok(answer.clone()) };
    let second = match second {
        Ok(second) => Some(second.page),
        Err(failure) => {
            findings.failed(&ASPECTS, site.endpoint, "http-get", &failure);
            None
        }
    };
    for form in &page.forms {
        findings.fact(forms::fact(&answer.url, form, second.as_ref(), false), site.endpoint.source());
    }
}

/// Questions about what lies around the first page.
struct Around<'a, 's> {
    site: &'a Site<'s>,
    findings: &'a mut Findings,
    /// Requests in a row that failed.
    failed: u32,
}

impl Around<'_, '_> {
    /// One question without going where it sends on. None where it fails, which is said, or where too many did.
    fn ask(&mut self, request: &Request<'_>, probe: &str) -> Option<(Response, Page)> {
        if self.failed >= PATIENCE {
            return None;
        }
        match self.site.ask(request) {
            Ok(response) => {
                self.failed = 0;
                let page = if response.is_html() { Page::read(&response.text(), request.url) } else { Page::default() };
                Some((response, page))
            }
            Err(failure) => {
                self.failed += if failure.ends_everything() { PATIENCE } else { 1 };
                self.note(probe, &failure);
                None
            }
        }
    }

    /// A word that nobody can have expected.
    fn word(&mut self, probe: &str) -> Option<String> {
        random::word().map_err(|failure| self.note(probe, &failure)).ok()
    }

    fn note(&mut self, probe: &str, failure: &Failure) {
        self.findings.failed(&ASPECTS, self.site.endpoint, probe, failure);
    }

    /// Folders whose files are listed: the root and some that the page uses.
    fn listings(&mut self, answer: &Answer) -> Vec<String> {
        let mut folders = vec!["/".to_owned()];
        for link in answer.page.links.iter().filter(|link| self.site.holds(&link.url)) {
            let folder = link.url.path().rfind('/').and_then(|end| link.url.path().get(..=end)).unwrap_or("/");
            if folders.len() <= FOLDERS
                && !folders.iter().any(|known| known == folder)
                && !forms::is_dangerous(&link.url, &link.text)
            {
                folders.push(folder.to_owned());
            }
        }
        let mut listed = Vec::new();
        for folder in folders {
            let url = self.site.at(&folder);
            let is = if url == answer.url {
                known::is_listing(&answer.response, &answer.page)
            } else {
                self.ask(&Request::get(&url), "http-folder")
                    .is_some_and(|(response, page)| known::is_listing(&response, &page))
            };
            if is {
                listed.push(clip(&folder, 200));
            }
        }
        listed
    }

    /// Files and methods that should be open to nobody.
    fn exposed(&mut self) -> Vec<String> {
        // What is answered to a path that cannot exist is answered to everything, and shows nothing.
        let Some(nowhere) = self.word("http-exposed") else { return Vec::new() };
        let Some(everything) = self.ask(&Request::get(&self.site.at(&format!("/{nowhere}"))), "http-exposed") else {
            return Vec::new();
        };
        let mut exposed = Vec::new();
        for path in known::FILES {
            let Some((response, page)) = self.ask(&Request::get(&self.site.at(path)), "http-exposed") else { continue };
            if known::is_file(path, &response, &page) && !known::is_file(path, &everything.0, &everything.1) {
                exposed.push(path.to_owned());
            }
        }
        if self.trace() {
            exposed.push("TRACE".to_owned());
        }
        exposed
    }

    /// Whether it sends a request back as it came (RFC 9110, section 9.3.8).
    fn trace(&mut self) -> bool {
        if self.failed >= PATIENCE {
            return false;
        }
        let Some(word) = self.word("http-trace") else { return false };
        let headers = vec![("X-Sekisho", word.clone())];
        let request = Request { method: "TRACE", headers, ..Request::get(&self.site.root) };
        match self.site.ask(&request) {
            Ok(response) => response.status == 200 && String::from_utf8_lossy(&response.body).contains(&word),
            // Hanging up on it is a way to refuse it.
            Err(Failure { kind: FailureKind::Closed | FailureKind::Reset, .. }) => false,
            Err(failure) => {
                self.note("http-trace", &failure);
                false
            }
        }
    }
}

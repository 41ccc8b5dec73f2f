//! Somebody who visits a site: follows where it sends on, keeps its cookies, says who they are.

use url::Url;

use super::authentication::{self, Challenge};
use super::cookie::{Cookie, Jar};
use super::html::{Form, Page};
use super::site::Site;
use crate::failure::Failure;
use crate::host::Login;
use crate::http::{Request, Response};
use crate::random;

/// How often one visit is sent on.
const REDIRECTS: usize = 5;

/// A visitor with a browser of their own.
#[derive(Debug, Clone)]
pub(super) struct Visitor<'s> {
    pub(super) site: &'s Site<'s>,
    pub(super) jar: Jar,
    /// Who they are to HTTP's own authentication, and the last challenge of a digest.
    authentication: Option<(Login, Option<Challenge>)>,
    /// Requests answered under that challenge.
    count: u32,
    /// The token that a log-in gave (RFC 6750).
    pub(super) bearer: Option<String>,
}

/// What a visit came to.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// Where it ended.
    pub(super) url: Url,
    pub(super) response: Response,
    pub(super) page: Page,
    /// The answers on the way that sent on, and where from.
    pub(super) passed: Vec<(Url, Response)>,
    /// Where it was sent on to and did not go: another server or another port.
    pub(super) outside: Option<Url>,
    /// Why it ended before its end.
    pub(super) trouble: Option<Failure>,
}

impl Answer {
    /// All answers with their places, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Url, &Response)> {
        self.passed.iter().map(|(url, response)| (url, response)).chain([(&self.url, &self.response)])
    }

    /// Whether it is a page, and not an error or the way to another place.
    pub(super) fn is_page(&self) -> bool {
        (200..300).contains(&self.response.status) && self.outside.is_none() && self.trouble.is_none()
    }
}

impl<'s> Visitor<'s> {
    /// Somebody unknown.
    pub(super) fn new(site: &'s Site<'s>) -> Self {
        Self { site, jar: Jar::default(), authentication: None, count: 0, bearer: None }
    }

    /// Somebody who says who they are by HTTP's own authentication.
    pub(super) fn known(site: &'s Site<'s>, login: &Login) -> Self {
        Self { authentication: Some((login.clone(), None)), ..Self::new(site) }
    }

    /// Asks for a page and goes where it sends on, within the site.
    ///
    /// # Errors
    /// Where the first answer fails. What fails later is said in the answer.
    pub(super) fn get(&mut self, url: &Url) -> Result<Answer, Failure> {
        self.visit(url, None, None)
    }

    /// Sends a form that stands on the page at `from`.
    ///
    /// # Errors
    /// As [`get`](Self::get), and where the form goes to another server.
    pub(super) fn submit(&mut self, from: &Url, form: &Form, fields: &[(String, String)]) -> Result<Answer, Failure> {
        if !self.site.holds(&form.action) {
            return Err(Failure::nonsense("the form is sent to another server"));
        }
        if form.post {
            return self.visit(&form.action, Some(fields.to_vec()), Some(from));
        }
        let mut url = form.action.clone();
        url.query_pairs_mut().clear().extend_pairs(fields);
        self.visit(&url, None, Some(from))
    }

    /// Posts an object of JSON, as a page's script does. Where that sends on to is not visited.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub(super) fn post_json(&mut self, url: &Url, object: String) -> Result<Answer, Failure> {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let request = Request { method: "POST", headers, body: object.into_bytes(), ..Request::get(url) };
        let response = self.ask(request, Some(&self.site.root))?;
        let trouble = response.cut.clone();
        Ok(Answer { url: url.clone(), response, page: Page::default(), passed: Vec::new(), outside: None, trouble })
    }

    fn visit(
        &mut self,
        url: &Url,
        mut fields: Option<Vec<(String, String)>>,
        from: Option<&Url>,
    ) -> Result<Answer, Failure> {
        let mut url = url.clone();
        let mut passed: Vec<(Url, Response)> = Vec::new();
        loop {
            let response = match (self.send(&url, fields.as_deref(), from), passed.pop()) {
                (Ok(response), last) => {
                    passed.extend(last);
                    response
                }
                (Err(failure), None) => return Err(failure),
                // The way so far was seen; where it leads to was not.
                (Err(failure), Some((url, response))) => {
                    let (page, trouble) = (Page::default(), Some(failure));
                    return Ok(Answer { url, response, page, passed, outside: None, trouble });
                }
            };
            let html = response.is_html() && !response.body.is_empty();
            let page = if html { Page::read(&response.text(), &url) } else { Page::default() };
            let location = response.header("location").and_then(|location| url.join(location).ok());
            let next = match response.status {
                301 | 302 | 303 | 307 | 308 => location,
                200 => page.refresh.clone().filter(|next| *next != url),
                _ => None,
            };
            let trouble = response.cut.clone();
            let Some(next) = next else {
                return Ok(Answer { url, response, page, passed, outside: None, trouble });
            };
            if !self.site.holds(&next) {
                return Ok(Answer { url, response, page, passed, outside: Some(next), trouble });
            }
            if passed.len() >= REDIRECTS {
                let trouble = Some(Failure::nonsense("redirects without end"));
                return Ok(Answer { url, response, page, passed, outside: None, trouble });
            }
            // RFC 9110, section 15.4: only 307 and 308 keep the method.
            if !matches!(response.status, 307 | 308) {
                fields = None;
            }
            passed.push((url, response));
            url = next;
        }
    }

    /// One question and its answer; two where a digest needs a fresh challenge.
    fn send(
        &mut self,
        url: &Url,
        fields: Option<&[(String, String)]>,
        from: Option<&Url>,
    ) -> Result<Response, Failure> {
        let response = self.send_once(url, fields, from)?;
        if response.status == 401 && self.authentication.is_some() {
            let challenges = authentication::challenges(&response);
            let strongest = authentication::strongest(challenges);
            if let (Some(challenge), Some((_, known))) = (strongest, &mut self.authentication)
                && (known.is_none() || challenge.stale())
            {
                *known = Some(challenge);
                self.count = 0;
                return self.send_once(url, fields, from);
            }
        }
        Ok(response)
    }

    fn send_once(
        &mut self,
        url: &Url,
        fields: Option<&[(String, String)]>,
        from: Option<&Url>,
    ) -> Result<Response, Failure> {
        let request = match fields {
            Some(fields) => Request::post(url, fields),
            None => Request::get(url),
        };
        self.ask(request, from)
    }

    /// Asks as who they are, from the page at `from`.
    fn ask(&mut self, mut request: Request<'_>, from: Option<&Url>) -> Result<Response, Failure> {
        if let Some(cookies) = self.jar.header() {
            request.headers.push(("Cookie", cookies));
        }
        // Some servers refuse forms that come from nowhere.
        if let Some(from) = from {
            request.headers.push(("Referer", from.as_str().to_owned()));
            if request.method == "POST" {
                request.headers.push(("Origin", from.origin().ascii_serialization()));
            }
        }
        if let Some((login, Some(challenge))) = &self.authentication {
            self.count += 1;
            let header =
                challenge.answer(login, request.method, &Request::target(request.url), self.count, &random::word()?);
            request.headers.extend(header.map(|header| ("Authorization", header)));
        }
        if let Some(token) = &self.bearer {
            request.headers.push(("Authorization", format!("Bearer {token}")));
        }
        let response = self.site.ask(&request)?;
        self.jar.keep(&Cookie::all(&response));
        Ok(response)
    }
}

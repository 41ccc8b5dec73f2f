//! Whether what is typed comes back in a page as it was typed: in forms that search and in links whose parameters say what is shown, never in
//! those that may change something.

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::web::WebReflection;
use url::Url;

use super::site::shown;
use super::visitor::{Answer, Visitor};
use super::{clip, forms};
use crate::findings::Findings;
use crate::random;

/// The most requests for the whole site.
const REQUESTS: u32 = 10;

/// What forms that search say, and how their fields are called. Others are not asked: settings are sent by such forms, too.
const SEARCH: [&str; 4] = ["search", "find", "lookup", "検索"];
const FIELDS: [&str; 8] = ["q", "query", "s", "keyword", "keywords", "filter", "term", "word"];

/// What was asked already.
#[derive(Debug, Default)]
pub(super) struct Reflections {
    requests: u32,
    asked: Vec<(String, String)>,
}

impl Reflections {
    /// Looks at the forms and links of a page.
    pub(super) fn look(&mut self, visitor: &mut Visitor<'_>, answer: &Answer, findings: &mut Findings) {
        let page = &answer.page;
        let mut questions = Vec::new();
        let typed = |kind: &str| matches!(kind, "text" | "search" | "email" | "url" | "tel" | "textarea");
        for form in page.forms.iter().filter(|form| !form.post && form.passwords().next().is_none()) {
            let place = format!("{} {}", form.action.path(), form.text).to_lowercase();
            let searches = SEARCH.iter().any(|word| place.contains(word));
            if forms::is_dangerous(&form.action, &form.text) {
                continue;
            }
            for field in form.fields.iter().filter(|field| {
                typed(&field.kind)
                    && !field.name.is_empty()
                    && (searches || FIELDS.contains(&field.name.to_lowercase().as_str()))
            }) {
                questions.push((form.action.clone(), form.defaults(), field.name.clone()));
            }
        }
        for link in page
            .links
            .iter()
            .filter(|link| link.followed && forms::only_shows(&link.url) && !forms::is_dangerous(&link.url, &link.text))
        {
            let pairs: Vec<(String, String)> = link.url.query_pairs().into_owned().collect();
            questions.extend(pairs.iter().map(|(name, _)| (link.url.clone(), pairs.clone(), name.clone())));
        }
        for (url, fields, name) in questions {
            let key = (url.path().to_owned(), name.clone());
            if !visitor.site.holds(&url) || self.asked.contains(&key) {
                continue;
            }
            if self.requests >= REQUESTS {
                return;
            }
            self.requests += 1;
            self.asked.push(key);
            if !ask(visitor, &url, fields, &name, findings) {
                return;
            }
        }
    }
}

/// Asks once; whether to go on.
fn ask(
    visitor: &mut Visitor<'_>,
    url: &Url,
    mut fields: Vec<(String, String)>,
    name: &str,
    findings: &mut Findings,
) -> bool {
    let word = match random::name() {
        Ok(word) => word,
        Err(failure) => {
            findings.failed(&[Aspect::NetworkSessions], visitor.site.endpoint, "http-reflection", &failure);
            return false;
        }
    };
    for (_, value) in fields.iter_mut().filter(|(known, _)| known == name) {
        *value = format!("{word}<\"'>{word}");
    }
    let mut url = url.clone();
    url.set_fragment(None);
    url.query_pairs_mut().clear().extend_pairs(fields);
    match visitor.get(&url) {
        Ok(answer) => {
            let text = answer.response.text();
            if text.contains(&word) {
                let unescaped = answer.response.is_html() && text.contains(&format!("{word}<"));
                let value = WebReflection { url: shown(&url), parameter: clip(name, 100), unescaped };
                findings.fact(Observed::WebReflection(value), visitor.site.endpoint.source());
            }
            true
        }
        Err(failure) => {
            findings.failed(&[Aspect::NetworkSessions], visitor.site.endpoint, "http-reflection", &failure);
            !failure.ends_everything()
        }
    }
}

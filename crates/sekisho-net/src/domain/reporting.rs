//! Where to report a flaw: finding a domain's `security.txt` (RFC 9116, section 3).

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::mail::SecurityTxt;

use super::https::{Got, Page, get};
use super::look::{Look, source};
use super::security_txt::{has_fields, is_serious, read};
use crate::failure::Failure;

/// Its place, and the one that older files have.
const PLACES: [&str; 2] = ["/.well-known/security.txt", "/security.txt"];
/// How often a server may send the client elsewhere.
const REDIRECTS: usize = 3;

const ASPECT: Aspect = Aspect::DomainSecurityTxt;

/// Looks for the file of the domain.
pub(super) fn look_at(look: &mut Look<'_>, domain: &str) {
    for place in PLACES {
        match fetch(look, domain, place) {
            Fetched::Failed => return,
            Fetched::Nothing => {}
            Fetched::Found(url, page) => {
                let fact = judge(look, place, &url, &page);
                look.findings.fact(Observed::SecurityTxt(Box::new(fact)), source(&url));
                return;
            }
        }
    }
    let url = format!("https://{domain}{}", PLACES[0]);
    let fact = SecurityTxt { url: url.clone(), ..SecurityTxt::default() };
    look.findings.fact(Observed::SecurityTxt(Box::new(fact)), source(&url));
}

enum Fetched {
    Found(String, Page),
    Nothing,
    Failed,
}

fn fetch(look: &mut Look<'_>, domain: &str, place: &str) -> Fetched {
    let (mut host, mut path) = (domain.to_owned(), place.to_owned());
    for _ in 0..=REDIRECTS {
        let page = match get(look, ASPECT, &host, &path) {
            Got::NoHost => return Fetched::Nothing,
            Got::Failed => return Fetched::Failed,
            Got::Page(page) => page,
        };
        match page.status {
            200 => {
                let text = String::from_utf8_lossy(&page.body);
                let is_other = page.media.as_deref() != Some("text/plain") && !has_fields(&text);
                return if is_other { Fetched::Nothing } else { Fetched::Found(format!("https://{host}{path}"), page) };
            }
            404 | 410 => return Fetched::Nothing,
            301 | 302 | 303 | 307 | 308 => {
                let target = page.location.as_deref().and_then(|location| target(location, &host));
                let Some((to, at)) = target.filter(|(to, _)| is_within(to, domain)) else {
                    let reason = Text::new(
                        "the server sends clients to another domain, which is not contacted",
                        "サーバーは別のドメインへ転送するが、そこには接続しない",
                    );
                    look.findings.gap(&[ASPECT], &format!("https://{host}{path}"), &reason);
                    return Fetched::Failed;
                };
                (host, path) = (to, at);
            }
            status => {
                let port = look.resolver.reach().https;
                let failure = Failure::nonsense(format!("status {status}"));
                look.unanswered(&[ASPECT], &host, Some(port), "http-get", &failure);
                return Fetched::Failed;
            }
        }
    }
    let port = look.resolver.reach().https;
    look.unanswered(&[ASPECT], &host, Some(port), "http-get", &Failure::nonsense("redirects without end"));
    Fetched::Failed
}

/// Host and path of a redirect that stays with HTTPS; the port is always the usual one.
fn target(location: &str, host: &str) -> Option<(String, String)> {
    if !location.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    if location.starts_with('/') && !location.starts_with("//") {
        return Some((host.to_owned(), location.to_owned()));
    }
    let rest = location.strip_prefix("https://")?;
    let (to, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, "/"));
    let to = to.split_once(':').map_or(to, |(to, _)| to).to_ascii_lowercase();
    super::resolver::is_name(&to).then(|| (to, path.to_owned()))
}

/// Whether a host is the domain itself or below it: nothing else was declared.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn judge(look: &Look<'_>, place: &str, url: &str, page: &Page) -> SecurityTxt {
    let mut fact = read(&String::from_utf8_lossy(&page.body), url, look.now);
    let others = [
        ("not-utf8", std::str::from_utf8(&page.body).is_err()),
        ("bad-type", page.media.as_deref() != Some("text/plain")),
        ("certificate", page.certificate_fits != Some(true)),
        ("old-place", place != PLACES[0]),
    ];
    fact.problems.extend(others.iter().filter(|(_, wrong)| *wrong).map(|(problem, _)| (*problem).to_owned()));
    fact.problems.sort();
    fact.valid = !fact.problems.iter().any(|problem| is_serious(problem));
    fact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_with_the_domain() {
        let to = |location| target(location, "example.com").filter(|(to, _)| is_within(to, "example.com"));
        assert_eq!(to("/a"), Some(("example.com".to_owned(), "/a".to_owned())));
        assert_eq!(to("https://www.example.com/a"), Some(("www.example.com".to_owned(), "/a".to_owned())));
        assert_eq!(to("https://badexample.com/a"), None);
        assert_eq!(to("https://user@example.com/a"), None);
        assert_eq!(to("http://example.com/a"), None);
        assert_eq!(to("//example.org/a"), None);
    }
}

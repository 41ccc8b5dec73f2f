//! Fetching one published document over HTTPS, from the address that the product file declares.
//!
//! Redirects are followed as long as they stay with HTTPS, the port and the registrable domain of the declared address: nothing else was declared.
//! The server has to be the one that it says it is, for what it sends is taken for the maker's word.

use std::net::SocketAddr;
use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::network::FailureKind;
use time::OffsetDateTime;
use url::{Host, Url};

use crate::budget::{Bounds, Budget};
use crate::connection::Connection;
use crate::domain::Resolver;
use crate::domain::look::Look;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::http::{Request, Response};
use crate::message::address::aligned;
use crate::secure::Secure;
use crate::tls::Roots;

const ASPECT: [Aspect; 1] = [Aspect::PublishedDocuments];

/// Redirects that are followed, as many as RFC 9110 once named as usual.
const REDIRECTS: usize = 5;

/// A document as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The address that it was found at in the end.
    pub url: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// `bounds` as they suit the fetching of a document of at most `most` bytes.
pub fn bounds(bounds: Bounds, most: u64) -> Bounds {
    // Room for the records of TLS, heads, chunks and certificates.
    let bytes = most.saturating_add(most / 8).saturating_add(1 << 20);
    Bounds { bytes, conversation: Duration::from_mins(1), connect: Duration::from_secs(5), ..bounds }
}

/// Fetches the document at the address `declared`, of at most `most` bytes.
///
/// # Errors
/// With the facts and gaps that say why there is none.
pub fn fetch(
    declared: &str,
    most: usize,
    resolver: &Resolver,
    roots: &Roots,
    now: OffsetDateTime,
    budget: &Budget,
) -> Result<Document, Findings> {
    let look = Look { resolver, budget, now, findings: Findings::default() };
    Fetching { look, roots, most }.run(declared)
}

struct Fetching<'l> {
    look: Look<'l>,
    roots: &'l Roots,
    most: usize,
}

impl Fetching<'_> {
    fn run(mut self, declared: &str) -> Result<Document, Findings> {
        let first = match Url::parse(declared) {
            Ok(url) if url.scheme() == "https" && url.host().is_some() => url,
            Ok(_) => {
                let reason = Text::new("only addresses with https are fetched", "取得できるのはhttpsのURLのみ");
                return Err(self.gap(declared, &reason));
            }
            Err(error) => {
                let reason =
                    Text::new(format!("no address on the web: {error}"), format!("URLとして正しくない：{error}"));
                return Err(self.gap(declared, &reason));
            }
        };
        let mut url = first.clone();
        for _ in 0..=REDIRECTS {
            let Some(response) = self.get(&url) else { return Err(self.look.findings) };
            match response.status {
                200 => {
                    if let Some(failure) = response.cut {
                        return Err(self.failed(&url, &failure));
                    }
                    return Ok(Document { url: url.to_string(), bytes: response.body });
                }
                301 | 302 | 303 | 307 | 308 => {
                    let target = response.header("location").and_then(|location| url.join(location).ok());
                    let Some(target) = target else {
                        return Err(self.failed(&url, &Failure::nonsense("a redirect to nowhere")));
                    };
                    if !stays(&first, &target) {
                        let to: String = target.as_str().chars().take(300).collect();
                        let reason = Text::new(
                            format!("the server points to {to}, which is not declared and was not contacted"),
                            format!("サーバーは{to}へ転送するが、申告されていないため接続していない"),
                        );
                        return Err(self.gap(declared, &reason));
                    }
                    url = target;
                }
                status => return Err(self.failed(&url, &Failure::nonsense(format!("status {status}")))),
            }
        }
        Err(self.failed(&url, &Failure::nonsense("redirects without end")))
    }

    fn gap(mut self, place: &str, reason: &Text) -> Findings {
        self.look.findings.gap(&ASPECT, place, reason);
        self.look.findings
    }

    fn failed(mut self, url: &Url, failure: &Failure) -> Findings {
        self.look.unanswered(&ASPECT, host(url), url.port_or_known_default(), "http-get", failure);
        self.look.findings
    }

    /// Asks for one address; where no answer comes, that is noted.
    fn get(&mut self, url: &Url) -> Option<Response> {
        let port = url.port_or_known_default()?;
        let name = host(url);
        let endpoints: Result<Vec<SocketAddr>, Failure> = match url.host()? {
            Host::Ipv4(address) => Ok(vec![(address, port).into()]),
            Host::Ipv6(address) => Ok(vec![(address, port).into()]),
            Host::Domain(name) => {
                let addresses = self.look.addresses(&ASPECT, name)?;
                if addresses.is_empty() {
                    Err(Failure::new(FailureKind::Unresolved))
                } else {
                    self.look.endpoints(&addresses, port)
                }
            }
        };
        let mut last = Failure::new(FailureKind::Unresolved);
        match endpoints {
            Ok(endpoints) => {
                for endpoint in endpoints.into_iter().take(3) {
                    match self.ask(endpoint, url) {
                        Ok(response) => return Some(response),
                        Err(failure) => last = failure,
                    }
                    if last.ends_everything() {
                        break;
                    }
                }
            }
            Err(failure) => last = failure,
        }
        self.look.unanswered(&ASPECT, name, Some(port), "http-get", &last);
        None
    }

    fn ask(&self, at: SocketAddr, url: &Url) -> Result<Response, Failure> {
        let name = url.domain();
        let connection = Connection::open(self.look.budget, at)?;
        let mut stream = Secure::trusted(connection, name, self.roots, self.look.now)?;
        Request { room: self.most, ..Request::get(url) }.exchange(&mut stream)
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// Whether a redirect stays where the declared address is.
fn stays(declared: &Url, target: &Url) -> bool {
    let near = match (declared.host(), target.host()) {
        (Some(Host::Domain(a)), Some(Host::Domain(b))) => aligned(a, b),
        (a, b) => a == b,
    };
    target.scheme() == "https" && target.port_or_known_default() == declared.port_or_known_default() && near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_within_the_registrable_domain() {
        let stays = |a: &str, b: &str| stays(&Url::parse(a).unwrap(), &Url::parse(b).unwrap());
        assert!(stays("https://hikaricam.example/privacy", "https://www.hikaricam.example/ja/privacy"));
        assert!(stays("https://a.hikaricam.co.jp/", "https://b.hikaricam.co.jp/"));
        assert!(!stays("https://hikaricam.co.jp/", "https://other.co.jp/"));
        assert!(!stays("https://hikaricam.example/", "http://hikaricam.example/"));
        assert!(!stays("https://hikaricam.example/", "https://hikaricam.example:8443/"));
        assert!(!stays("https://192.0.2.1/", "https://192.0.2.2/"));
        assert!(!stays("https://hikaricam.github.io/", "https://other.github.io/"));
    }
}

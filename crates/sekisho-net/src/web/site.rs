//! The one web server that is asked, and nothing beside it.

use std::io::{self, Read, Write};

use url::Url;

use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::http::{Request, Response};
use crate::secure::Secure;

/// A web server at one port of a host.
#[derive(Debug, Clone)]
pub(super) struct Site<'b> {
    pub(super) endpoint: &'b Endpoint,
    pub(super) tls: bool,
    pub(super) budget: &'b Budget,
    /// Its root, by the host's name where it has one.
    pub(super) root: Url,
    /// Its root by the host's address.
    by_address: Url,
}

impl<'b> Site<'b> {
    /// # Errors
    /// Where neither name nor address can stand in a URL.
    pub(super) fn new(endpoint: &'b Endpoint, tls: bool, budget: &'b Budget) -> Result<Self, Failure> {
        let scheme = if tls { "https" } else { "http" };
        let by_address = Url::parse(&format!("{scheme}://{}/", endpoint.address))
            .map_err(|error| Failure::nonsense(error.to_string()))?;
        let named = endpoint.name.as_ref().and_then(|name| {
            Url::parse(&format!("{scheme}://{name}:{}/", endpoint.address.port())).ok().filter(|url| url.path() == "/")
        });
        Ok(Self { endpoint, tls, budget, root: named.unwrap_or_else(|| by_address.clone()), by_address })
    }

    /// The same server, with other bounds.
    pub(super) fn within<'c>(&self, budget: &'c Budget) -> Site<'c>
    where
        'b: 'c,
    {
        Site { budget, ..self.clone() }
    }

    /// Whether `url` lies on this server. Nothing else is ever asked, whatever pages and redirects say.
    pub(super) fn holds(&self, url: &Url) -> bool {
        self.same_host(url)
            && url.scheme() == self.root.scheme()
            && url.port_or_known_default() == self.root.port_or_known_default()
    }

    /// Whether `url` lies on this host, at whichever port.
    pub(super) fn same_host(&self, url: &Url) -> bool {
        url.host().is_some() && (url.host() == self.root.host() || url.host() == self.by_address.host())
    }

    /// The page at a path of this server.
    pub(super) fn at(&self, path: &str) -> Url {
        self.root.join(path).ok().filter(|url| self.holds(url)).unwrap_or_else(|| self.root.clone())
    }

    /// Asks it, each time over a connection of its own: many small servers keep none open.
    ///
    /// # Errors
    /// Where no answer comes.
    pub(super) fn ask(&self, request: &Request<'_>) -> Result<Response, Failure> {
        let connection = Connection::open(self.budget, self.endpoint.address)?;
        let mut wire = if self.tls {
            Wire::Secure(Box::new(Secure::open(connection, self.endpoint.name.as_deref())?))
        } else {
            Wire::Plain(connection)
        };
        request.exchange(&mut wire)
    }
}

/// How facts write a URL: without what may hold a session, a token or what was typed, and which differs from one look to the next.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let path = url.path().split(';').next().unwrap_or("/").to_owned();
    url.set_path(&path);
    super::clip(url.as_str(), 300)
}

enum Wire<'b> {
    Plain(Connection<'b>),
    Secure(Box<Secure<'b>>),
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(connection) => connection.read(buffer),
            Self::Secure(secure) => secure.read(buffer),
        }
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(connection) => connection.write(bytes),
            Self::Secure(secure) => secure.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(connection) => connection.flush(),
            Self::Secure(secure) => secure.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Bounds, Stop};

    #[test]
    fn nothing_beside_the_server_belongs_to_it() {
        let endpoint = Endpoint::tcp("192.0.2.1:8443".parse().unwrap(), Some("camera.local"));
        let budget = Budget::new(Bounds::default(), Stop::default());
        let site = Site::new(&endpoint, true, &budget).unwrap();
        let holds = |url: &str| site.holds(&Url::parse(url).unwrap());
        assert!(holds("https://camera.local:8443/a") && holds("https://192.0.2.1:8443/"));
        assert!(
            !holds("https://camera.local/") && !holds("http://192.0.2.1:8443/") && !holds("https://192.0.2.2:8443/")
        );
        assert_eq!(site.at("//192.0.2.9/x"), site.root);
        assert_eq!(site.at("x").as_str(), "https://camera.local:8443/x");
        assert_eq!(shown(&Url::parse("http://u:p@h/cgi;stok=1/a?b=c#d").unwrap()), "http://h/cgi");
    }

    #[test]
    fn an_odd_name_leaves_the_address() {
        let endpoint = Endpoint::tcp("[2001:db8::1]:80".parse().unwrap(), Some("a b/c"));
        let budget = Budget::new(Bounds::default(), Stop::default());
        assert_eq!(Site::new(&endpoint, false, &budget).unwrap().root.as_str(), "http://[2001:db8::1]/");
    }
}

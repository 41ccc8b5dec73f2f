//! Mail servers: whether they change to TLS when asked (RFC 3207), and whether their certificates fit.

use std::net::SocketAddr;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::mail::{MailDomain, MailServer};
use sekisho_model::network::FailureKind;

use super::dane::{self, Pin};
use super::look::{Look, source};
use super::{certificate, resolver::is_name};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::secure::Secure;

/// Mail servers that are asked.
const SERVERS: usize = 5;
/// Bytes of one reply.
const REPLY: usize = 32 << 10;

const ASPECT: Aspect = Aspect::DomainMailServers;

/// Looks at each of the first mail servers of the domain, and at whether all of them are pinned.
pub(super) fn look_at(look: &mut Look<'_>, value: &mut MailDomain) {
    if value.mx_found.is_none() {
        look.findings.gap(
            &[ASPECT],
            &value.domain,
            &Text::new("the mail servers are not known", "メールサーバーが分からない"),
        );
    }
    if value.mail_servers.len() > SERVERS {
        let reason = Text::new(
            format!("of {} mail servers only {SERVERS} were asked", value.mail_servers.len()),
            format!("メールサーバー{}台のうち{SERVERS}台だけを調べた", value.mail_servers.len()),
        );
        look.findings.gap(&[ASPECT], &value.domain, &reason);
    }
    let mut pinned = (!value.mail_servers.is_empty()).then_some(true);
    for host in value.mail_servers.iter().take(SERVERS) {
        if !is_name(host) {
            look.unanswered(&[ASPECT], host, None, "dns-a", &Failure::nonsense("not a name of a host"));
            pinned = pinned.filter(|pinned| !pinned);
            continue;
        }
        let pins = dane::pins(look, Aspect::DomainMail, host, 25);
        pinned = match (&pins, pinned) {
            (Some(pins), Some(_)) if pins.is_empty() => Some(false),
            (None, Some(true)) => None,
            _ => pinned,
        };
        let mut fact = MailServer { domain: value.domain.clone(), host: host.clone(), ..MailServer::default() };
        ask(look, &mut fact, pins.as_deref().unwrap_or_default());
        look.findings.fact(Observed::MailServer(fact), source(host));
    }
    // Of servers that were not asked it is not known.
    value.dane = pinned.filter(|pinned| !pinned || value.mail_servers.len() <= SERVERS);
}

/// Asks a mail server, and says in `fact` as much as it told.
fn ask(look: &mut Look<'_>, fact: &mut MailServer, pins: &[Pin]) {
    let host = fact.host.clone();
    let port = look.resolver.reach().smtp;
    let Some(addresses) = look.addresses(&[ASPECT], &host) else { return };
    let mut last = (if addresses.is_empty() { "dns-a" } else { "smtp-ehlo" }, Failure::new(FailureKind::Unresolved));
    match look.endpoints(&addresses, port) {
        Ok(endpoints) => {
            for endpoint in endpoints.into_iter().take(2) {
                match converse(look, endpoint, fact, pins) {
                    Ok(()) => return,
                    Err(failure) => last = failure,
                }
                if last.1.ends_everything() || fact.starttls.is_some() {
                    break;
                }
            }
        }
        Err(failure) if !addresses.is_empty() => last.1 = failure,
        Err(_) => {}
    }
    look.unanswered(&[ASPECT], &host, Some(port), last.0, &last.1);
}

fn converse(
    look: &Look<'_>,
    at: SocketAddr,
    fact: &mut MailServer,
    pins: &[Pin],
) -> Result<(), (&'static str, Failure)> {
    let first = |failure| ("smtp-ehlo", failure);
    let mut server = Dialogue { connection: Connection::open(look.budget, at).map_err(first)?, rest: Vec::new() };
    let greeting = server.reply().map_err(first)?;
    greeting.expect(220).map_err(first)?;
    // A client without a name gives its address (RFC 5321, section 4.1.3).
    let own = server.connection.local().map_err(|error| first(error.into()))?.ip();
    let own = if own.is_ipv4() { format!("[{own}]") } else { format!("[IPv6:{own}]") };
    let extensions = server.command(&format!("EHLO {own}")).map_err(first)?;
    // A server that does not know EHLO has no extensions (RFC 5321, section 4.1.4); one that is busy says nothing about them.
    if !matches!(extensions.code, 500 | 502 | 504) {
        extensions.expect(250).map_err(first)?;
    }
    let offered = extensions.code == 250
        && extensions.lines.iter().skip(1).any(|line| line.trim().eq_ignore_ascii_case("STARTTLS"));
    fact.starttls = Some(offered);
    if !offered {
        let _ = server.command("QUIT");
        return Ok(());
    }
    let second = |failure| ("smtp-starttls", failure);
    server.command("STARTTLS").and_then(|reply| reply.expect(220)).map_err(second)?;
    if !server.rest.is_empty() {
        return Err(second(Failure::nonsense("more than a reply before TLS")));
    }
    let name = fact.host.clone();
    let secure = Secure::open(server.connection, Some(&name)).map_err(second)?;
    let chain = secure.certificates();
    fact.version = secure.version().map(str::to_owned);
    fact.certificate_fits = certificate::fits(&chain, &name, look.now);
    fact.dane_matches = (!pins.is_empty()).then(|| dane::allow(pins, &chain, &name, look.now));
    Ok(())
}

/// A reply of one or several lines (RFC 5321, section 4.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    fn expect(&self, code: u16) -> Result<(), Failure> {
        if self.code == code {
            return Ok(());
        }
        let said: String = self.lines.first().map(|line| line.chars().take(80).collect()).unwrap_or_default();
        Err(Failure { kind: FailureKind::Other, detail: Some(format!("{} {said}", self.code)) })
    }

    /// Reads a reply from the beginning of `bytes`: it, and how many bytes it has; `None` where its end has not come.
    fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Failure> {
        let mut reply = Self::default();
        let mut at = 0;
        while let Some(line) = bytes.get(at..).unwrap_or_default().split_inclusive(|byte| *byte == b'\n').next() {
            if line.last() != Some(&b'\n') {
                break;
            }
            at += line.len();
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end_matches(['\r', '\n']);
            let nonsense = || Failure::nonsense("no reply of SMTP");
            let (code, text) = line.split_at_checked(3).ok_or_else(nonsense)?;
            reply.code = code.parse().ok().filter(|code| (200..600).contains(code)).ok_or_else(nonsense)?;
            reply.lines.push(text.get(1..).unwrap_or_default().to_owned());
            match text.chars().next() {
                None | Some(' ') => return Ok(Some((reply, at))),
                Some('-') => {}
                Some(_) => return Err(nonsense()),
            }
        }
        Ok(None)
    }
}

/// A conversation in SMTP before TLS.
struct Dialogue<'b> {
    connection: Connection<'b>,
    /// What came and is not read yet.
    rest: Vec<u8>,
}

impl Dialogue<'_> {
    fn command(&mut self, line: &str) -> Result<Reply, Failure> {
        self.connection.send(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    fn reply(&mut self) -> Result<Reply, Failure> {
        loop {
            if let Some((reply, length)) = Reply::parse(&self.rest)? {
                self.rest.drain(..length.min(self.rest.len()));
                return Ok(reply);
            }
            if self.rest.len() > REPLY {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            let bytes = self.connection.receive(4096)?;
            if bytes.is_empty() {
                return Err(Failure::new(FailureKind::Closed));
            }
            self.rest.extend(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn replies() {
        let bytes = b"250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\nmore";
        let (reply, length) = Reply::parse(bytes).unwrap().unwrap();
        assert_eq!((reply.code, reply.lines.len(), length), (250, 3, bytes.len() - 4));
        assert_eq!(Reply::parse(b"250-mail.example\r\n250").unwrap(), None);
        assert_eq!(Reply::parse(b"220\r\n").unwrap().unwrap().0.code, 220);
        for nonsense in [&b"hello\r\n"[..], b"\r\n", b"999 x\r\n", b"22x\r\n", b"220x\r\n", b"\xe3\x81\x82\r\n"] {
            assert!(Reply::parse(nonsense).is_err(), "{nonsense:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), lines in "([0-9]{3}[- ]?.{0,8}\r?\n){0,5}") {
            let _ = Reply::parse(&bytes);
            let _ = Reply::parse(lines.as_bytes());
        }
    }
}

//! Asking name servers: over UDP, over TCP where the answer has no room in a datagram. Nothing is kept between questions.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use domain::base::iana::{Rcode, Rtype};
use domain::base::{MessageBuilder, Name};
use sekisho_model::network::FailureKind;

use super::answer::{ALIASES, Answer, Owned, Reply, read};
use super::dkim::is_key;
use super::dnssec::TrustAnchors;
use crate::budget::Budget;
use crate::connection::{Connection, ask};
use crate::failure::Failure;
use crate::random;

/// What fits through nearly every network without fragments (DNS flag day 2020).
const DATAGRAM: u16 = 1232;

/// Where the services of a domain are. Others than the usual ones are for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Port of mail servers.
    pub smtp: u16,
    /// Port of web servers.
    pub https: u16,
    /// Whether addresses of this very machine are contacted where a name leads there. A stranger's records must not lead to what only
    /// this machine can reach.
    pub this_machine: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self { smtp: 25, https: 443, this_machine: false }
    }
}

/// Asks name servers that resolve names for their clients.
///
/// Whether signatures hold is computed here, from [`TrustAnchors`] downwards; what the name servers say of it (the AD flag) is kept beside that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    time: Duration,
    rounds: u32,
    reach: Reach,
    anchors: TrustAnchors,
}

impl Resolver {
    /// The name servers of the system (`/etc/resolv.conf`); the one on this machine where it names none.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn system() -> io::Result<Self> {
        let text = fs::read("/etc/resolv.conf")?;
        let (config, _) = resolv_conf::Config::parse_with_errors(&text);
        let mut servers: Vec<SocketAddr> =
            config.nameservers.iter().take(3).map(|server| (IpAddr::from(server.clone()), 53).into()).collect();
        if servers.is_empty() {
            servers.push((Ipv4Addr::LOCALHOST, 53).into());
        }
        Ok(Self { servers, ..Self::at(([127, 0, 0, 1], 53).into()) })
    }

    /// The name server at `server`.
    pub fn at(server: SocketAddr) -> Self {
        Self {
            servers: vec![server],
            time: Duration::from_secs(3),
            rounds: 2,
            reach: Reach::default(),
            anchors: TrustAnchors::root(),
        }
    }

    /// The same, with the services of domains elsewhere.
    #[must_use]
    pub fn with_reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same, with another time to wait for each answer.
    #[must_use]
    pub fn with_time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// The same, with other trusted keys than those of the root.
    #[must_use]
    pub fn with_trust_anchors(mut self, anchors: TrustAnchors) -> Self {
        self.anchors = anchors;
        self
    }

    /// The keys that validation begins with.
    pub(crate) fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    /// Where the services of domains are.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The records of `kind` at `name`. That there are none is an answer; that the server cannot say is none.
    pub(crate) fn ask(&self, budget: &Budget, name: &str, kind: Rtype) -> Result<Answer, Failure> {
        self.resolve(budget, name, kind, false).map_err(Trouble::into_failure)
    }

    /// The texts of the key records (DKIM) at `name`.
    pub(crate) fn keys(&self, budget: &Budget, name: &str) -> Result<Vec<String>, Failure> {
        let answer = self.ask(budget, name, Rtype::TXT)?;
        Ok(answer.texts().filter(|text| is_key(text)).map(str::to_owned).collect())
    }

    /// Whether the name server refuses `name` because signatures do not hold: it fails, and no longer does where it is told not to check
    /// them (the CD flag, RFC 4035, section 3.2.2).
    pub(crate) fn is_bogus(&self, budget: &Budget, name: &str) -> bool {
        let failed = matches!(
            self.resolve(budget, name, Rtype::SOA, false),
            Err(Trouble::Refusal(code)) if code == Rcode::SERVFAIL
        );
        failed && self.resolve(budget, name, Rtype::SOA, true).is_ok()
    }

    /// The whole answer to the question for `kind` at `name`, which the server was told not to check (CD).
    pub(super) fn message(&self, budget: &Budget, name: &Owned, kind: Rtype) -> Result<Vec<u8>, Failure> {
        let mut last = Failure::new(FailureKind::Unresolved);
        for server in &self.servers {
            match self.fetch(budget, *server, name, kind, true, true) {
                Ok((_, Reply::Refusal(code))) => last.detail = Some(code.to_string()),
                Ok((_, Reply::Truncated)) => last = Failure::new(FailureKind::TooMuch),
                Ok((message, _)) => return Ok(message),
                Err(failure) if failure.ends_everything() => return Err(failure),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    fn resolve(&self, budget: &Budget, name: &str, kind: Rtype, unchecked: bool) -> Result<Answer, Trouble> {
        let mut name = Owned::from_str(name).map_err(|_| Failure::nonsense("not a name of the DNS"))?;
        let mut all_verified = true;
        for _ in 0..=ALIASES {
            match self.exchange(budget, &name, kind, unchecked)? {
                (Reply::Alias(next), verified) => {
                    all_verified &= verified;
                    name = next;
                }
                (Reply::Answer(answer), _) => {
                    return Ok(Answer { verified: answer.verified && all_verified, ..answer });
                }
                (Reply::Refusal(code), _) => return Err(Trouble::Refusal(code)),
                (Reply::Truncated, _) => return Err(Failure::new(FailureKind::TooMuch).into()),
            }
        }
        Err(Failure::nonsense("aliases without end").into())
    }

    /// Asks one server after the other, and again those that were silent. A refusal is only believed once all have refused.
    fn exchange(&self, budget: &Budget, name: &Owned, kind: Rtype, unchecked: bool) -> Result<(Reply, bool), Trouble> {
        let mut last = Trouble::Failure(Failure::new(FailureKind::Unresolved));
        for _ in 0..self.rounds.max(1) {
            let mut silent = false;
            for server in &self.servers {
                let mut reply = self.once(budget, *server, name, kind, unchecked, true);
                if matches!(reply, Ok((Reply::Refusal(code), _)) if code == Rcode::FORMERR || code == Rcode::NOTIMP) {
                    reply = self.once(budget, *server, name, kind, unchecked, false);
                }
                match reply {
                    Ok((Reply::Refusal(code), _)) => last = Trouble::Refusal(code),
                    Ok(reply) => return Ok(reply),
                    Err(failure) if failure.ends_everything() => return Err(failure.into()),
                    Err(failure) => {
                        silent = true;
                        last = failure.into();
                    }
                }
            }
            if !silent {
                break;
            }
        }
        Err(last)
    }

    /// One question to one server: each from a new port of the system's choice and with a new random number, so that nobody off the way can
    /// answer in its place. What does not fit the question is no answer; it is asked again then.
    fn once(
        &self,
        budget: &Budget,
        server: SocketAddr,
        name: &Owned,
        kind: Rtype,
        unchecked: bool,
        extended: bool,
    ) -> Result<(Reply, bool), Failure> {
        let (message, reply) = self.fetch(budget, server, name, kind, unchecked, extended)?;
        Ok((reply, verified(&message)))
    }

    /// The same, with the message itself.
    fn fetch(
        &self,
        budget: &Budget,
        server: SocketAddr,
        name: &Owned,
        kind: Rtype,
        unchecked: bool,
        extended: bool,
    ) -> Result<(Vec<u8>, Reply), Failure> {
        let mut id = [0; 2];
        random::fill(&mut id)?;
        let id = u16::from_be_bytes(id);
        let request = question(id, name, kind, unchecked, extended)?;
        let answer = ask(budget, server, &request, 1, self.time)?;
        let reply = read(&answer, id, name, kind)?;
        if reply != Reply::Truncated {
            return Ok((answer, reply));
        }
        let mut connection = Connection::open(budget, server)?;
        connection.hurry(self.time);
        let length = u16::try_from(request.len()).map_err(|_| Failure::nonsense("the question is too long"))?;
        let mut framed = length.to_be_bytes().to_vec();
        framed.extend(&request);
        connection.send(&framed)?;
        let length = connection.receive_exactly(2)?;
        let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let answer = connection.receive_exactly(length)?;
        let reply = read(&answer, id, name, kind)?;
        Ok((answer, reply))
    }
}

/// Why there is no answer.
enum Trouble {
    /// The server answers with this code.
    Refusal(Rcode),
    /// It did not answer, or not properly.
    Failure(Failure),
}

impl Trouble {
    fn into_failure(self) -> Failure {
        match self {
            Self::Refusal(code) => Failure { kind: FailureKind::Unresolved, detail: Some(code.to_string()) },
            Self::Failure(failure) => failure,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The AD flag of a message that was read before.
fn verified(message: &[u8]) -> bool {
    message.get(3).is_some_and(|flags| flags & 0x20 != 0)
}

fn question(id: u16, name: &Owned, kind: Rtype, unchecked: bool, extended: bool) -> Result<Vec<u8>, Failure> {
    let long = |_| Failure::nonsense("the question is too long");
    let mut message = MessageBuilder::new_vec();
    let header = message.header_mut();
    header.set_id(id);
    header.set_rd(true);
    // Asks for the AD flag in the answer (RFC 6840, section 5.7).
    header.set_ad(true);
    header.set_cd(unchecked);
    let mut question = message.question();
    question.push((name, kind)).map_err(long)?;
    let mut additional = question.additional();
    if extended {
        let pushed = additional.opt(|options| {
            options.set_udp_payload_size(DATAGRAM);
            options.set_dnssec_ok(true);
            Ok(())
        });
        pushed.map_err(long)?;
    }
    Ok(additional.finish())
}

/// Whether `name` can be asked for: labels of letters, digits, hyphens and underscores.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.bytes().all(plain) && Name::<Vec<u8>>::from_str(name).is_ok()
}

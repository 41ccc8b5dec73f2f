//! Talks SSH to a server: what it offers, its host keys, how it lets people in. And, where active tests are authorized, whether known
//! passwords open it and what failing log-ins lead to.
//!
//! The protocol is spoken here and not by a library, for a library speaks only what is sound, and this has to speak what is not.

mod attempts;
mod banner;
mod cipher;
mod exchange;
mod groups;
mod host_key;
mod kexinit;
mod session;
mod transport;
mod wire;

use sekisho_algorithms::ssh::{Use, graded};
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::FailureKind;
use sekisho_model::product::Authorized;
use sekisho_model::ssh::{SshHostKey, SshServer};

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Port;
use crate::random;
use host_key::HostKey;
use kexinit::Offer;
use session::{Agreed, Answer, Greeted, Offered, one_of_each_kind};

/// Most kinds of host keys that are asked for; there are six in use, and as many certificates.
const MOST_KINDS: usize = 12;

/// Looks at the SSH server at `endpoint`. `port` is the interface that is declared there.
///
/// Nothing is said of [`Aspect::NetworkLogins`] unless `authorized` allows active tests.
pub fn look(endpoint: &Endpoint, port: Option<&Port>, authorized: Authorized, budget: &Budget) -> Findings {
    let mut look = Look { endpoint, findings: Findings::default(), aspects: &[Aspect::NetworkSsh] };
    if authorized >= Authorized::Active {
        look.aspects = &[Aspect::NetworkSsh, Aspect::NetworkLogins];
    }
    if authorized < Authorized::Probe {
        return look.findings;
    }
    if let Some(ways) = look.at(budget)
        && authorized >= Authorized::Active
    {
        look.findings.extend(attempts::look(endpoint, port, &ways, budget));
    }
    look.findings
}

/// What is found of one server.
struct Look<'a> {
    endpoint: &'a Endpoint,
    findings: Findings,
    /// What stays open where the server as a whole can't be spoken to.
    aspects: &'static [Aspect],
}

impl Look<'_> {
    /// Looks at all that any client may see; the ways to log in, where they were told.
    fn at(&mut self, budget: &Budget) -> Option<Vec<String>> {
        let greeted = Greeted::open(self.endpoint, budget);
        let greeted = self.kept("ssh-banner", self.aspects, greeted)?;
        let mut server = SshServer {
            address: self.endpoint.host(),
            port: self.endpoint.address.port(),
            protocol: greeted.banner.protocol.clone(),
            software: greeted.banner.software.clone(),
            ..SshServer::default()
        };
        if !greeted.banner.speaks_2() {
            self.findings.fact(Observed::SshServer(Box::new(server)), self.endpoint.source());
            let reason = Text::new(
                "the server speaks only a version of SSH before 2, which is not asked further",
                "サーバーが SSH 2 より前の版しか話さないため、それ以上は確認していない",
            );
            self.findings.gap(self.aspects, &self.endpoint.to_string(), &reason);
            return None;
        }
        let offered = greeted.offer();
        let offered = self.kept("ssh-kexinit", self.aspects, offered)?;
        describe(&mut server, &offered.offer);
        let kinds: Vec<String> = one_of_each_kind(&offered.offer.host_keys).into_iter().map(str::to_owned).collect();
        let ways = self.log_in(&mut server, offered, &kinds);
        self.findings.fact(Observed::SshServer(Box::new(server)), self.endpoint.source());
        for kind in kinds.iter().take(MOST_KINDS).skip(1) {
            let agreed = Greeted::open(self.endpoint, budget).and_then(Greeted::offer).and_then(|it| it.agree(kind));
            let Some(agreed) = self.kept(&format!("ssh-host-key:{kind}"), &[Aspect::NetworkSsh], agreed) else {
                continue;
            };
            self.host_key(&agreed);
            agreed.leave();
        }
        if kinds.len() > MOST_KINDS {
            let failure = Failure::new(FailureKind::TooMuch);
            self.findings.failed(&[Aspect::NetworkSsh], self.endpoint, "ssh-host-key", &failure);
        }
        ways
    }

    /// Takes the first host key, and asks for the ways to log in.
    fn log_in(&mut self, server: &mut SshServer, offered: Offered<'_>, kinds: &[String]) -> Option<Vec<String>> {
        let agreed = match kinds.first() {
            Some(kind) => offered.agree(kind),
            None => Err(Failure::nonsense("the server offers no host key")),
        };
        let agreed = self.kept("ssh-kex", self.aspects, agreed)?;
        self.host_key(&agreed);
        let asked = random::name().and_then(|user| {
            let mut door = agreed.protect()?;
            let answer = door.without_proof(&user)?;
            door.leave();
            Ok(answer)
        });
        match self.kept("ssh-authentication", self.aspects, asked)? {
            Answer::Accepted => {
                server.authentication = vec!["none".to_owned()];
                server.open_login = Some(true);
                Some(Vec::new())
            }
            Answer::Refused(ways) => {
                server.password_login = Some(session::PasswordWay::among(&ways).is_some());
                server.open_login = Some(false);
                server.authentication.clone_from(&ways);
                Some(ways)
            }
        }
    }

    fn host_key(&mut self, agreed: &Agreed<'_>) {
        let Some(HostKey { kind, bits, fingerprint }) =
            self.kept("ssh-host-key", &[Aspect::NetworkSsh], agreed.host_key())
        else {
            return;
        };
        let (address, port) = (self.endpoint.host(), self.endpoint.address.port());
        let fact = Observed::SshHostKey(SshHostKey { address, port, kind, bits, fingerprint });
        // A certificate holds a key that may have been shown before.
        if !self.findings.facts.iter().any(|(seen, _)| *seen == fact) {
            self.findings.fact(fact, self.endpoint.source());
        }
    }

    /// What the question `probe` brought. Where it failed, that is noted.
    fn kept<T>(&mut self, probe: &str, aspects: &[Aspect], outcome: Result<T, Failure>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(failure) => {
                self.findings.failed(aspects, self.endpoint, probe, &failure);
                None
            }
        }
    }
}

/// Fills in what the server's offer says.
fn describe(server: &mut SshServer, offer: &Offer) {
    server.key_exchange = offer.methods();
    server.host_keys.clone_from(&offer.host_keys);
    server.ciphers = offer.ciphers();
    server.macs = offer.macs();
    server.prefix_truncation = Some(offer.allows_prefix_truncation());
    let lists = [
        (Use::KeyExchange, server.key_exchange.as_slice()),
        (Use::HostKey, server.host_keys.as_slice()),
        (Use::Cipher, server.ciphers.as_slice()),
        (Use::Mac, server.macs.as_slice()),
    ];
    (server.weak, server.broken) = graded(&lists);
}

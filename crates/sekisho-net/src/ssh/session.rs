//! A conversation with an SSH server: what it offers, its host keys, and asking it to let somebody in (RFC 4252, 4256).

use sekisho_model::network::FailureKind;

use super::banner::{Banner, CLIENT};
use super::cipher::{CIPHERS, Guard, MACS, Way};
use super::exchange::{Before, Exchanged, METHODS};
use super::host_key::{HostKey, kind_of};
use super::kexinit::{Offer, Protection, write};
use super::transport::Transport;
use super::wire::{Reader, Writer};
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::random;

const SERVICE_REQUEST: u8 = 5;
const SERVICE_ACCEPT: u8 = 6;
const NEWKEYS: u8 = 21;
const USERAUTH_REQUEST: u8 = 50;
const USERAUTH_FAILURE: u8 = 51;
const USERAUTH_SUCCESS: u8 = 52;
const USERAUTH_BANNER: u8 = 53;
/// A demand to change the password, or a question: it depends on the method.
const USERAUTH_MORE: u8 = 60;
const USERAUTH_INFO_RESPONSE: u8 = 61;
/// What is not answered.
const MORE: &str = "it asks for more than a password";
/// Rounds of questions and notices in one log-in.
const MOST_ROUNDS: usize = 8;

/// A connection over which both sides have introduced themselves.
pub(super) struct Greeted<'b> {
    transport: Transport<Connection<'b>>,
    pub(super) banner: Banner,
}

/// A connection over which the server has said what it offers.
pub(super) struct Offered<'b> {
    transport: Transport<Connection<'b>>,
    banner: Banner,
    pub(super) offer: Offer,
    message: Vec<u8>,
}

/// A connection over which keys are agreed but not yet used.
pub(super) struct Agreed<'b> {
    transport: Transport<Connection<'b>>,
    exchanged: Exchanged,
    up: (&'static str, &'static str),
    down: (&'static str, &'static str),
}

/// A protected connection on which log-ins can be tried.
pub(super) struct Door<'b>(Transport<Connection<'b>>);

/// What the server says to a log-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Let in. A demand for a new password counts, for the old one was right.
    Accepted,
    /// Not let in; these ways are open.
    Refused(Vec<String>),
}

impl<'b> Greeted<'b> {
    /// Connects and introduces itself.
    pub(super) fn open(endpoint: &Endpoint, budget: &'b Budget) -> Result<Self, Failure> {
        let mut stream = Connection::open(budget, endpoint.address)?;
        stream.send(format!("{CLIENT}\r\n").as_bytes())?;
        let banner = Banner::read(&mut stream)?;
        Ok(Self { transport: Transport::new(stream), banner })
    }

    /// Takes what the server offers.
    pub(super) fn offer(mut self) -> Result<Offered<'b>, Failure> {
        let message = self.transport.receive()?;
        let offer = Offer::read(&message)?;
        Ok(Offered { transport: self.transport, banner: self.banner, offer, message })
    }
}

impl<'b> Offered<'b> {
    /// Exchanges keys so that the server shows the host key of the algorithm.
    pub(super) fn agree(mut self, host_key: &str) -> Result<Agreed<'b>, Failure> {
        let method = METHODS
            .iter()
            .find(|method| self.offer.key_exchange.iter().any(|name| name == method.name))
            .ok_or_else(|| not_spoken("methods for the exchange of keys"))?;
        let (up, down) = (choose(&self.offer.up)?, choose(&self.offer.down)?);
        let mut cookie = [0; 16];
        random::fill(&mut cookie)?;
        let own = write(cookie, &[method.name], host_key, &CIPHERS, &MACS);
        self.transport.send(&own)?;
        let before = Before {
            client_banner: CLIENT.as_bytes(),
            server_banner: &self.banner.line,
            client_offer: &own,
            server_offer: &self.message,
        };
        let exchanged = method.run(&mut self.transport, &before)?;
        Ok(Agreed { transport: self.transport, exchanged, up, down })
    }
}

impl<'b> Agreed<'b> {
    /// The host key that the server showed.
    pub(super) fn host_key(&self) -> Result<HostKey, Failure> {
        HostKey::read(&self.exchanged.host_key)
    }

    /// Ends here, for the key was all that was wanted.
    pub(super) fn leave(self) {
        self.transport.leave();
    }

    /// Goes over to the new keys and asks for the service of log-ins.
    pub(super) fn protect(self) -> Result<Door<'b>, Failure> {
        let Self { mut transport, exchanged, up, down } = self;
        let guard = |way, (cipher, mac): (&str, &str)| {
            Guard::new(way, cipher, mac, &|part, size| exchanged.derive(way == Way::Seal, part, size))
                .ok_or_else(|| not_spoken("ciphers"))
        };
        transport.send(&[NEWKEYS])?;
        transport.protect_up(guard(Way::Seal, up)?);
        transport.expect(NEWKEYS)?;
        transport.protect_down(guard(Way::Open, down)?);
        transport.send(&Writer::message(SERVICE_REQUEST).string(b"ssh-userauth").0)?;
        transport.expect(SERVICE_ACCEPT)?;
        Ok(Door(transport))
    }
}

impl<'b> Door<'b> {
    /// All of it, up to the door, with the first kind of host key that the server has.
    pub(super) fn open(endpoint: &Endpoint, budget: &'b Budget) -> Result<Self, Failure> {
        let offered = Greeted::open(endpoint, budget)?.offer()?;
        let kind = offered.offer.host_keys.first().cloned().ok_or_else(|| not_spoken("host keys"))?;
        offered.agree(&kind)?.protect()
    }

    /// Asks to be let in without any proof, which also brings the ways that are open.
    pub(super) fn without_proof(&mut self, user: &str) -> Result<Answer, Failure> {
        self.0.send(&request(user, "none").0)?;
        self.answer(Method::None)
    }

    /// Tries a password, by the way of the two that the server has.
    pub(super) fn password(&mut self, user: &str, password: &str, way: PasswordWay) -> Result<Answer, Failure> {
        match way {
            PasswordWay::Password => {
                self.0.send(&request(user, "password").boolean(false).string(password.as_bytes()).0)?;
                self.answer(Method::Password)
            }
            PasswordWay::Interactive => {
                self.0.send(&request(user, "keyboard-interactive").string(b"").string(b"").0)?;
                self.answer(Method::Interactive(Some(password)))
            }
        }
    }

    /// Takes leave.
    pub(super) fn leave(self) {
        self.0.leave();
    }

    /// The answer to a log-in.
    fn answer(&mut self, mut method: Method<'_>) -> Result<Answer, Failure> {
        for _ in 0..MOST_ROUNDS {
            let message = self.0.receive()?;
            let mut reader = Reader::new(&message);
            match (reader.byte()?, &mut method) {
                (USERAUTH_SUCCESS, _) | (USERAUTH_MORE, Method::Password) => return Ok(Answer::Accepted),
                (USERAUTH_FAILURE, _) => return Ok(Answer::Refused(reader.name_list()?)),
                (USERAUTH_BANNER, _) => {}
                (USERAUTH_MORE, Method::Interactive(reply)) => {
                    let (_name, _instruction, _language) = (reader.string()?, reader.string()?, reader.string()?);
                    let response = Writer::message(USERAUTH_INFO_RESPONSE);
                    let response = match reader.uint32()? {
                        0 => response.uint32(0),
                        1 => {
                            let reply = reply.take().ok_or_else(|| not_understood(MORE))?;
                            response.uint32(1).string(reply.as_bytes())
                        }
                        _ => return Err(not_understood(MORE)),
                    };
                    self.0.send(&response.0)?;
                }
                (number, _) => return Err(Failure::nonsense(format!("SSH message {number} in answer to a log-in"))),
            }
        }
        Err(Failure { kind: FailureKind::TooMuch, detail: Some("questions in one log-in".to_owned()) })
    }
}

/// How a log-in was tried, which tells what an answer means.
enum Method<'p> {
    None,
    Password,
    /// With what the first question gets. A second one gets nothing: it may ask for a new password.
    Interactive(Option<&'p str>),
}

/// How a server takes passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasswordWay {
    Password,
    Interactive,
}

impl PasswordWay {
    /// The simpler of the ways among the open ones.
    pub(super) fn among(open: &[String]) -> Option<Self> {
        let has = |name: &str| open.iter().any(|way| way == name);
        if has("password") {
            Some(Self::Password)
        } else if has("keyboard-interactive") {
            Some(Self::Interactive)
        } else {
            None
        }
    }
}

fn request(user: &str, method: &str) -> Writer {
    Writer::message(USERAUTH_REQUEST).string(user.as_bytes()).string(b"ssh-connection").string(method.as_bytes())
}

/// Cipher and authentication code of one direction: the first of this side's that the server has, too (RFC 4253, section 7.1).
fn choose(server: &Protection) -> Result<(&'static str, &'static str), Failure> {
    let first = |own: &'static [&'static str], theirs: &[String]| {
        own.iter().copied().find(|name| theirs.iter().any(|their| their == name))
    };
    let cipher = first(&CIPHERS, &server.ciphers).ok_or_else(|| not_spoken("ciphers"))?;
    let mac = first(&MACS, &server.macs);
    // These two authenticate by themselves.
    let alone = cipher.starts_with("chacha20-poly1305") || cipher.contains("-gcm@");
    match mac {
        Some(mac) => Ok((cipher, mac)),
        None if alone => Ok((cipher, "")),
        None => Err(not_spoken("message authentication codes")),
    }
}

/// One algorithm of each kind of host key among the offered ones.
pub(super) fn one_of_each_kind(algorithms: &[String]) -> Vec<&str> {
    let mut kinds = Vec::new();
    algorithms
        .iter()
        .map(String::as_str)
        .filter(|name| {
            !kinds.contains(&kind_of(name)) && {
                kinds.push(kind_of(name));
                true
            }
        })
        .collect()
}

fn not_spoken(what: &str) -> Failure {
    not_understood(&format!("none of the server's {what} is spoken here"))
}

fn not_understood(why: &str) -> Failure {
    Failure { kind: FailureKind::Other, detail: Some(why.to_owned()) }
}

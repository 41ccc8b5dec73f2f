//! Whether a server lets a client begin a second handshake inside a session (renegotiation), which costs it far more than the client
//! (CVE-2011-1473), and without RFC 5746 lets somebody in between put words in front of the client's (CVE-2009-3555).
//!
//! It is asked once, in a session of its own, and counts as accepted as soon as the server begins: the second handshake is not carried on.

use std::time::Duration;

use sekisho_algorithms::tls::alert_name;
use sekisho_model::Text;
use sekisho_model::network::FailureKind;

use super::hello::Offer;
use super::session::{self, Incoming, Opened, Session, is_hello_request, is_server_hello};
use super::survey::{Seen, Target};
use super::version::Version;
use crate::failure::Failure;

/// The versions in which it is asked: TLS 1.3 has no renegotiation, SSL 3.0's keys are derived in another way.
pub(super) const VERSIONS: [Version; 3] = [Version::Tls10, Version::Tls11, Version::Tls12];

/// How long a server may take to answer inside the session.
const PATIENCE: Duration = Duration::from_secs(5);

/// What became of a second handshake that the client began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renegotiation {
    /// The server began it.
    Accepted,
    /// It refused, or ended the session.
    Refused,
    /// There is no session without a certificate of the client, which this side has not.
    WantsCertificate,
    /// The server itself asked for one at the same time: what it would have done unasked does not show.
    ByServer,
    /// It agrees to no suite in which a session can be held.
    NoSuite,
}

/// Asks for a second handshake. `seen` are the versions that the server agrees to, the one to be asked in first.
///
/// # Errors
/// Where there was no session, or no answer in it that tells.
pub(super) fn attempt(target: &Target<'_>, seen: &[&Seen]) -> Result<Renegotiation, Failure> {
    let spoken =
        |seen: &&Seen| -> Vec<u16> { seen.suites.iter().copied().filter(|suite| session::is_spoken(*suite)).collect() };
    let usable = seen.iter().map(|seen| (seen.version, spoken(seen))).find(|(_, suites)| !suites.is_empty());
    let Some((version, suites)) = usable else { return Ok(Renegotiation::NoSuite) };
    let offer = Offer { compression: false, ..target.offer(version, &suites, session::groups()) };
    let mut session = match Session::open(target.connect()?, &offer)? {
        Opened::Session(session) => session,
        Opened::WantsCertificate => return Ok(Renegotiation::WantsCertificate),
    };
    session.patience(PATIENCE);
    let outcome = session.say_hello_again(&offer).and_then(|()| answer(&mut session));
    session.close();
    outcome
}

fn answer(session: &mut Session<'_>) -> Result<Renegotiation, Failure> {
    loop {
        match session.next() {
            Ok(Incoming::Message(kind, _)) if is_server_hello(kind) => return Ok(Renegotiation::Accepted),
            Ok(Incoming::Message(kind, _)) if is_hello_request(kind) => return Ok(Renegotiation::ByServer),
            // `no_renegotiation` (RFC 5246, section 7.2.2), and what is said by those who know no such thing: close_notify,
            // unexpected_message, handshake_failure.
            Ok(Incoming::Alert(_, 0 | 10 | 40 | 100)) => return Ok(Renegotiation::Refused),
            Ok(Incoming::Alert(true, code)) => return Err(Failure::nonsense(alert_name(code))),
            // Warnings, and protocols in which the server speaks first.
            Ok(Incoming::Alert(false, _) | Incoming::Data) => {}
            Ok(Incoming::Message(..) | Incoming::Change) => {
                return Err(Failure::nonsense("no answer to a hello"));
            }
            // Both sides had the same keys: it is not that the server could not read it.
            Err(failure) if matches!(failure.kind, FailureKind::Closed | FailureKind::Reset) => {
                return Ok(Renegotiation::Refused);
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Why it was not asked.
pub(super) fn no_suite() -> Text {
    Text::new(
        "whether clients may renegotiate was not asked: the server agrees to no cipher suite in which a session is held here",
        "クライアント起点の再ネゴシエーションは確認していない：Sekishoがセッションを確立できる暗号スイートに、サーバーが応じない",
    )
}

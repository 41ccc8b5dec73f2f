//! The change to TLS in the middle of a conversation that begins in the clear.
//!
//! The words are those of SMTP (RFC 3207), IMAP (RFC 9051, section 6.2.1), POP3 (RFC 2595, section 4) and FTP (RFC 4217).

use sekisho_model::network::FailureKind;

use super::dialogue::{Dialogue, LINES, refused, unexpected};
use crate::connection::Connection;
use crate::failure::Failure;

/// A protocol in which a client asks for the change to TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Starttls {
    /// SMTP: `STARTTLS`.
    Smtp,
    /// IMAP: `STARTTLS`.
    Imap,
    /// POP3: `STLS`.
    Pop3,
    /// FTP: `AUTH TLS`.
    Ftp,
}

impl Starttls {
    /// The word used in facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Ftp => "ftp",
        }
    }
}

/// Asks for the change to TLS on a fresh connection, so that the next byte on it is TLS's.
///
/// # Errors
/// [`FailureKind::Refused`] with the server's words where it answered in its protocol that it does not change to TLS; another kind where there was
/// no proper answer. Bytes that follow the server's consent in the clear are nonsense: they would count as received inside TLS (CVE-2011-0411).
pub fn upgrade(connection: Connection<'_>, starttls: Starttls) -> Result<Connection<'_>, Failure> {
    let mut dialogue = Dialogue::new(connection);
    match starttls {
        Starttls::Smtp => {
            dialogue.smtp_hello()?;
            dialogue.say("STARTTLS\r\n")?;
            dialogue.numbered("220")?;
        }
        Starttls::Imap => {
            let greeting = dialogue.line()?;
            if !greeting.starts_with("* OK") {
                return Err(unexpected(&greeting));
            }
            dialogue.say("a STARTTLS\r\n")?;
            for _ in 0..LINES {
                let line = dialogue.line()?;
                if line.starts_with("a OK") {
                    return dialogue.finish();
                } else if line.starts_with("a ") {
                    return Err(refused(&line));
                } else if !line.starts_with("* ") {
                    return Err(unexpected(&line));
                }
            }
            return Err(Failure::new(FailureKind::TooMuch));
        }
        Starttls::Pop3 => {
            let greeting = dialogue.line()?;
            if !greeting.starts_with("+OK") {
                return Err(unexpected(&greeting));
            }
            dialogue.say("STLS\r\n")?;
            let line = dialogue.line()?;
            if line.starts_with("-ERR") {
                return Err(refused(&line));
            } else if !line.starts_with("+OK") {
                return Err(unexpected(&line));
            }
        }
        Starttls::Ftp => {
            dialogue.numbered("220")?;
            dialogue.say("AUTH TLS\r\n")?;
            dialogue.numbered("234")?;
        }
    }
    dialogue.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Bounds, Budget, Stop};
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    /// What comes of it where the server says these things, one before each of the client's lines.
    fn outcome(starttls: Starttls, says: &'static [&'static str]) -> Result<(), Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            for (turn, say) in says.iter().enumerate() {
                if turn > 0 {
                    let mut line = String::new();
                    lines.read_line(&mut line).unwrap();
                    assert!(line.ends_with("\r\n"));
                }
                (&stream).write_all(say.as_bytes()).unwrap();
            }
        });
        let budget = Budget::new(Bounds { conversation: Duration::from_secs(5), ..Bounds::default() }, Stop::default());
        let outcome = upgrade(Connection::open(&budget, address).unwrap(), starttls).map(drop);
        server.join().unwrap();
        outcome
    }

    #[test]
    fn consent_in_each_protocol() {
        let smtp = &["220-a\r\n220 b\r\n", "250-a\r\n250 STARTTLS\r\n", "220 go\r\n"];
        assert_eq!(outcome(Starttls::Smtp, smtp), Ok(()));
        assert_eq!(outcome(Starttls::Imap, &["* OK hello\r\n", "* CAPABILITY x\r\na OK go\r\n"]), Ok(()));
        assert_eq!(outcome(Starttls::Pop3, &["+OK hello\r\n", "+OK go\r\n"]), Ok(()));
        assert_eq!(outcome(Starttls::Ftp, &["220-hello\r\n whatever\r\n220 there\r\n", "234 go\r\n"]), Ok(()));
    }

    #[test]
    fn a_refusal_is_an_answer() {
        let kind = |starttls, says| outcome(starttls, says).unwrap_err().kind;
        assert_eq!(kind(Starttls::Smtp, &["220 a\r\n", "250 a\r\n", "502 no\r\n"]), FailureKind::Refused);
        assert_eq!(kind(Starttls::Imap, &["* OK a\r\n", "a BAD no\r\n"]), FailureKind::Refused);
        assert_eq!(kind(Starttls::Pop3, &["+OK a\r\n", "-ERR no\r\n"]), FailureKind::Refused);
        assert_eq!(kind(Starttls::Ftp, &["220 a\r\n", "530 no\r\n"]), FailureKind::Refused);
    }

    #[test]
    fn hostile_answers_end() {
        let kind = |starttls, says| outcome(starttls, says).unwrap_err().kind;
        assert_eq!(kind(Starttls::Pop3, &["+OK a\r\n", "+OK go\r\n+OK injected\r\n"]), FailureKind::Nonsense);
        assert_eq!(kind(Starttls::Smtp, &["HTTP/1.1 400\r\n"]), FailureKind::Nonsense);
        assert_eq!(kind(Starttls::Smtp, &["\u{e4}\u{e4}\r\n"]), FailureKind::Nonsense);
        assert_eq!(kind(Starttls::Ftp, &["220"]), FailureKind::Closed);
    }
}

//! A conversation in lines, in the protocols that change to TLS in the middle of it.

use sekisho_model::network::FailureKind;

use crate::connection::Connection;
use crate::failure::Failure;

/// The longest line of an answer that is read. SMTP allows 512 bytes (RFC 5321, section 4.5.3.1.5), IMAP's capabilities can be longer.
const LINE: usize = 8 << 10;

/// Lines of one answer that are read.
pub(super) const LINES: usize = 100;

/// A conversation in lines.
pub(super) struct Dialogue<'b> {
    connection: Connection<'b>,
    unread: Vec<u8>,
}

impl<'b> Dialogue<'b> {
    /// On a connection on which nothing was said yet.
    pub(super) fn new(connection: Connection<'b>) -> Self {
        Self { connection, unread: Vec::new() }
    }

    /// Takes SMTP's greeting and greets back; what the server offers then, in lines.
    pub(super) fn smtp_hello(&mut self) -> Result<Vec<String>, Failure> {
        self.numbered("220")?;
        // A client without a name of its own gives its address (RFC 5321, section 4.1.3).
        let own = self.connection.local()?.ip();
        let literal = if own.is_ipv4() { format!("[{own}]") } else { format!("[IPv6:{own}]") };
        self.say(&format!("EHLO {literal}\r\n"))?;
        self.numbered("250")
    }

    /// Sends a line.
    pub(super) fn say(&mut self, line: &str) -> Result<(), Failure> {
        self.connection.send(line.as_bytes())
    }

    /// The next line, without its end.
    pub(super) fn line(&mut self) -> Result<String, Failure> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.unread.len() > LINE {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            let more = self.connection.receive(1024)?;
            if more.is_empty() {
                return Err(Failure::new(FailureKind::Closed));
            }
            self.unread.extend(more);
        }
    }

    /// Reads an answer of SMTP or FTP, whose last line has a space after its number, and wants `code`. The lines come without the number.
    pub(super) fn numbered(&mut self, code: &str) -> Result<Vec<String>, Failure> {
        let (number, lines) = self.reply()?;
        let first = format!("{number} {}", lines.first().map_or("", String::as_str));
        match number.as_str() {
            _ if number == code => Ok(lines),
            _ if number.starts_with(['4', '5']) => Err(refused(&first)),
            _ => Err(unexpected(&first)),
        }
    }

    /// Reads an answer of SMTP or FTP: its number, and its lines without it. SMTP repeats the number in every line, FTP only in the first and the
    /// last.
    pub(super) fn reply(&mut self) -> Result<(String, Vec<String>), Failure> {
        let first = self.line()?;
        let number = first.get(..3).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.ok_or_else(|| unexpected(&first))?.to_owned();
        let mut lines = Vec::new();
        let mut line = first;
        while lines.len() < LINES {
            let numbered = line.strip_prefix(&number);
            lines.push(numbered.map_or(line.as_str(), |rest| rest.get(1..).unwrap_or_default()).to_owned());
            if numbered.is_some_and(|rest| !rest.starts_with('-')) {
                return Ok((number, lines));
            }
            line = self.line()?;
        }
        Err(Failure::new(FailureKind::TooMuch))
    }

    /// The connection, on which nothing is unread.
    pub(super) fn finish(self) -> Result<Connection<'b>, Failure> {
        if self.unread.is_empty() {
            Ok(self.connection)
        } else {
            Err(Failure::nonsense("more in the clear after the consent to TLS"))
        }
    }
}

/// The server said in its protocol that it does not.
pub(super) fn refused(line: &str) -> Failure {
    Failure { kind: FailureKind::Refused, detail: Some(shown(line)) }
}

/// The server said what has no place there.
pub(super) fn unexpected(line: &str) -> Failure {
    Failure::nonsense(shown(line))
}

fn shown(line: &str) -> String {
    line.chars().filter(|character| !character.is_control()).take(120).collect()
}

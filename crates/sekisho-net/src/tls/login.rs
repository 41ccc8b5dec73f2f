//! Whether a service takes a password before the change to TLS, as far as it says so to a client that does not log in.

use sekisho_model::network::FailureKind;

use super::Starttls;
use super::dialogue::{Dialogue, LINES, unexpected};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::protocol::mentions;
use crate::random;

/// Mechanisms of SASL in which the password itself is sent (RFC 4616; `LOGIN` was never more than a draft).
const CLEAR: [&str; 2] = ["PLAIN", "LOGIN"];

/// Asks on a fresh connection what is offered there; none where the server does not say.
///
/// # Errors
/// Where there is no proper answer.
pub(super) fn in_clear(connection: Connection<'_>, starttls: Starttls) -> Result<Option<bool>, Failure> {
    let mut dialogue = Dialogue::new(connection);
    match starttls {
        Starttls::Smtp => {
            let offers = dialogue.smtp_hello()?;
            Ok(Some(offers.iter().any(|line| offers_clear(line, "AUTH"))))
        }
        Starttls::Imap => imap(&mut dialogue),
        Starttls::Pop3 => pop3(&mut dialogue),
        Starttls::Ftp => ftp(&mut dialogue),
    }
}

fn imap(dialogue: &mut Dialogue<'_>) -> Result<Option<bool>, Failure> {
    let greeting = dialogue.line()?;
    if !greeting.starts_with("* OK") {
        return Err(unexpected(&greeting));
    }
    dialogue.say("a CAPABILITY\r\n")?;
    let mut allowed = None;
    for _ in 0..LINES {
        let line = dialogue.line()?;
        if line.get(..12).is_some_and(is("* CAPABILITY")) {
            // The command LOGIN is there unless it says so (RFC 9051, section 6.2.3).
            allowed = Some(!line.split(' ').any(is("LOGINDISABLED")));
        } else if line.starts_with("a ") {
            return Ok(allowed);
        } else if !line.starts_with("* ") {
            return Err(unexpected(&line));
        }
    }
    Err(Failure::new(FailureKind::TooMuch))
}

fn pop3(dialogue: &mut Dialogue<'_>) -> Result<Option<bool>, Failure> {
    let greeting = dialogue.line()?;
    if !greeting.starts_with("+OK") {
        return Err(unexpected(&greeting));
    }
    dialogue.say("CAPA\r\n")?;
    let answer = dialogue.line()?;
    if answer.starts_with("-ERR") {
        // Servers from before RFC 2449 do not know the question.
        return Ok(None);
    } else if !answer.starts_with("+OK") {
        return Err(unexpected(&answer));
    }
    let mut allowed = false;
    for _ in 0..LINES {
        let line = dialogue.line()?;
        if line == "." {
            return Ok(Some(allowed));
        }
        allowed |= is("USER")(&line) || offers_clear(&line, "SASL");
    }
    Err(Failure::new(FailureKind::TooMuch))
}

fn ftp(dialogue: &mut Dialogue<'_>) -> Result<Option<bool>, Failure> {
    dialogue.numbered("220")?;
    dialogue.say(&format!("USER {}\r\n", random::name()?))?;
    let (number, lines) = dialogue.reply()?;
    let wants_tls = ["TLS", "SSL", "encrypt"].iter().any(|word| lines.iter().any(|line| mentions(line, word)));
    Ok(match number.as_str() {
        // It wants the password, or an account, or nothing more (RFC 959, section 5.4).
        "331" | "332" | "230" => Some(true),
        // Protection is needed (RFC 2228, section 5.1); vsftpd says so in words only.
        "522" | "533" | "534" => Some(false),
        _ if wants_tls => Some(false),
        // Names are perhaps not let in at all.
        _ => None,
    })
}

/// Whether a line says after `word` that a password may be sent as it is.
fn offers_clear(line: &str, word: &str) -> bool {
    // Old servers of SMTP write an equals sign after the word.
    let mut words = line.split([' ', '=']);
    words.next().is_some_and(is(word)) && words.any(|mechanism| CLEAR.iter().any(|clear| is(clear)(mechanism)))
}

fn is(word: &str) -> impl Fn(&str) -> bool {
    move |text| text.eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use super::offers_clear;

    #[test]
    fn mechanisms_are_read() {
        assert!(offers_clear("AUTH PLAIN LOGIN", "AUTH") && offers_clear("auth=login", "AUTH"));
        assert!(!offers_clear("AUTH SCRAM-SHA-256 CRAM-MD5", "AUTH") && !offers_clear("STARTTLS PLAIN", "AUTH"));
        assert!(offers_clear("SASL PLAIN", "SASL") && !offers_clear("SASL", "SASL") && !offers_clear("", "SASL"));
    }
}

//! FTP (RFC 959): the conventional log-in without a name, and log-ins.

use std::time::Duration;

use sekisho_model::network::{FailureKind, ServiceAccess};

use super::{ANSWER, ASPECT, access, add};
use crate::attempts::Reply;
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::protocol::{mentions, shown};
use crate::scan::hearing::hear;

/// Logs in as RFC 1635 describes it, and leaves.
pub(super) fn look(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    match enter(endpoint, budget, "anonymous", "anonymous@client.invalid") {
        // Too many users, no service now, local error (RFC 959, section 4.2): no answer to who is asking. 430 and 5yz are.
        Ok((false, text)) if text.starts_with('4') && !text.starts_with("430") => {
            findings.failed(&ASPECT, endpoint, "ftp-anonymous", &Failure::nonsense(shown(text.as_bytes())));
        }
        Ok((accepted, text)) => {
            let fact = access(endpoint, "ftp", "anonymous", "read", Some(accepted));
            add(findings, endpoint, ServiceAccess { detail: Some(shown(text.as_bytes())), ..fact });
        }
        Err(failure) => findings.failed(&ASPECT, endpoint, "ftp-anonymous", &failure),
    }
}

/// Tries a log-in.
pub(super) fn log_in(endpoint: &Endpoint, budget: &Budget, user: &str, password: &str) -> Result<Reply, Failure> {
    let (accepted, text) = enter(endpoint, budget, user, password)?;
    Ok(if accepted { Reply::Accepted } else { Reply::Refused(text) })
}

/// Whether a log-in is let in, and what is said to it.
fn enter(endpoint: &Endpoint, budget: &Budget, user: &str, password: &str) -> Result<(bool, String), Failure> {
    let mut connection = Connection::open(budget, endpoint.address)?;
    // Servers look up the client's name first.
    let (code, text) = reply(&mut connection, Duration::from_secs(10))?;
    if code != 220 {
        return Err(Failure { kind: FailureKind::Refused, detail: Some(format!("{code} {text}")) });
    }
    connection.send(format!("USER {user}\r\n").as_bytes())?;
    let (mut code, mut text) = reply(&mut connection, ANSWER)?;
    if code == 331 {
        connection.send(format!("PASS {password}\r\n").as_bytes())?;
        (code, text) = reply(&mut connection, Duration::from_secs(8))?;
    }
    if code >= 400 && ["encrypt", "TLS", "SSL"].iter().any(|word| mentions(&text, word)) {
        let detail = Some("TLS is wanted before a log-in".to_owned());
        return Err(Failure { kind: FailureKind::Other, detail });
    }
    // It need not be waited for the good-bye.
    let _ = connection.send(b"QUIT\r\n");
    match code {
        230 | 202 => Ok((true, format!("{code} {text}"))),
        400..=599 => Ok((false, format!("{code} {text}"))),
        _ => Err(Failure::nonsense(format!("{code} {text}"))),
    }
}

/// A reply: its code and its last line (RFC 959, section 4.2).
fn reply(connection: &mut Connection<'_>, time: Duration) -> Result<(u16, String), Failure> {
    let heard = hear(connection, time, &|bytes| last_line(bytes).is_some());
    match last_line(&heard.bytes) {
        Some(reply) => Ok(reply),
        None if heard.bytes.is_empty() => Err(heard.end),
        None => Err(Failure::nonsense(shown(&heard.bytes))),
    }
}

fn last_line(bytes: &[u8]) -> Option<(u16, String)> {
    let whole = bytes.strip_suffix(b"\n")?;
    let line = whole.rsplit(|&b| b == b'\n').next()?;
    let code = std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()?;
    matches!(line.get(3), Some(b' ' | b'\r') | None).then(|| (code, shown(line.get(4..).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::last_line;

    #[test]
    fn replies() {
        assert_eq!(last_line(b"220-hello\r\n220 ready\r\n"), Some((220, "ready".into())));
        assert_eq!(last_line(b"220-hello\r\n"), None);
        assert_eq!(last_line(b"230"), None);
        assert_eq!(last_line(b"\n"), None);
    }
}

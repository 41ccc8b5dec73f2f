//! What services say first, unasked or to a request that is not theirs.

use super::head::Head;
use super::telnet::{Prompt, prompt};
use super::{Told, mentions, mqtt, shown, software, tls};

/// Recognises a service by what it sent; none where that is ambiguous or unknown.
pub(crate) fn recognise(bytes: &[u8]) -> Option<Told> {
    tls::is_answer(bytes)
        .then(|| Told::new("tls"))
        .or_else(|| ssh(bytes))
        .or_else(|| Head::read(bytes).and_then(|head| head.told()))
        .or_else(|| mqtt::connack(bytes).then(|| Told::new("mqtt")))
        .or_else(|| lines(bytes))
        .or_else(|| binary(bytes))
        .or_else(|| terminal(bytes))
}

/// SSH's identification, before which other lines may stand (RFC 4253, section 4.2).
fn ssh(bytes: &[u8]) -> Option<Told> {
    let line = bytes.split(|&b| b == b'\n').take(20).find_map(|line| line.strip_prefix(b"SSH-"))?;
    let line = shown(line);
    let (version, rest) = line.split_once('-')?;
    version.starts_with(['1', '2']).then(|| Told::with("ssh", software(rest)))
}

/// Protocols whose server speaks first, in lines.
fn lines(bytes: &[u8]) -> Option<Told> {
    let text = shown(bytes);
    let first = bytes.split(|&b| b == b'\n').next().map(shown).unwrap_or_default();
    let starts = |words: &[&str]| words.iter().any(|word| bytes.starts_with(word.as_bytes()));
    if starts(&["220 ", "220-"]) {
        let mail = mentions(&text, "SMTP");
        let files = mentions(&text, "FTP");
        return match (mail, files) {
            (true, false) => Some(Told::with("smtp", named(&text))),
            (false, true) => Some(Told::with("ftp", named(&text))),
            _ => None,
        };
    }
    if starts(&["+OK"]) && !first.eq_ignore_ascii_case("+OK") {
        return Some(Told::with("pop3", named(&first)));
    }
    if starts(&["* OK", "* PREAUTH", "* BYE"]) {
        return Some(Told::with("imap", named(&first)));
    }
    if starts(&["-ERR ", "-NOAUTH ", "-DENIED ", "-LOADING ", "+PONG\r\n"]) {
        // POP3 says `-ERR`, too, but never before a greeting.
        return Some(Told::new("redis"));
    }
    if starts(&["RFB 003.", "RFB 004."]) {
        return Some(Told::new("vnc"));
    }
    if starts(&["INFO {"]) && text.contains("\"server_id\"") {
        return Some(Told { version: quoted(&text, "\"version\":\""), ..Told::new("nats") });
    }
    if starts(&["@RSYNCD: "]) {
        return Some(Told::new("rsync"));
    }
    if mentions(&text, "<stream:stream") || mentions(&text, "<stream:error") {
        return Some(Told::new("xmpp"));
    }
    None
}

/// Protocols with a binary greeting.
fn binary(bytes: &[u8]) -> Option<Told> {
    match bytes {
        // AMQP: the version that it wants, or, in 0-9-1, a method frame on channel 0 that holds Connection.Start (10, 10).
        [b'A', b'M', b'Q', b'P', 0..=3, ..] | [1, 0, 0, _, _, _, _, 0, 10, 0, 10, ..] => Some(Told::new("amqp")),
        // MySQL's first packet: three bytes of length, number 0, protocol 10, version.
        [_, _, 0, 0, 10, version @ ..] => {
            let end = version.iter().take(100).position(|&b| b == 0)?;
            let text = shown(version.get(..end)?);
            let number = text.strip_prefix("5.5.5-").unwrap_or(&text);
            let product = if mentions(&text, "MariaDB") { "MariaDB" } else { "MySQL" };
            let version = number.split('-').next().filter(|v| v.starts_with(|c: char| c.is_ascii_digit()))?;
            Some(Told::with("mysql", (Some(product.to_owned()), Some(version.to_owned()))))
        }
        _ => None,
    }
}

/// Telnet: its negotiation (RFC 854), or a terminal without any.
fn terminal(bytes: &[u8]) -> Option<Told> {
    if let [255, 251..=254, 0..=49, ..] = bytes {
        return Some(Told::new("telnet"));
    }
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() < 4000)?;
    match prompt(text)? {
        Prompt::Name | Prompt::Password => Some(Told::new("telnet")),
        // A lone `>` is too little; a shell's prompt has a name or a path, or stands after a message.
        Prompt::Command => text.trim().ends_with(['#', '$']).then(|| Told::new("telnet")),
    }
}

/// Names of servers that stand in greetings, with the version after them.
const NAMES: [&str; 16] = [
    "vsFTPd",
    "ProFTPD",
    "Pure-FTPd",
    "FileZilla Server",
    "bftpd",
    "uFTPd",
    "Postfix",
    "Exim",
    "Sendmail",
    "OpenSMTPD",
    "Dovecot",
    "Courier",
    "Cyrus",
    "hMailServer",
    "BusyBox",
    "Microsoft FTP Service",
];

fn named(text: &str) -> (Option<String>, Option<String>) {
    let lower = text.to_ascii_lowercase();
    let Some((name, at)) = NAMES.iter().find_map(|name| Some((*name, lower.find(&name.to_ascii_lowercase())?))) else {
        return (None, None);
    };
    // Lower case in ASCII keeps every place.
    let after = text.get(at + name.len()..).unwrap_or_default();
    let version = after
        .split_whitespace()
        .next()
        .map(|word| word.trim_start_matches(['/', 'v', '(', '-']).trim_end_matches([')', ',', ';', ']']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    (Some(name.to_owned()), version.map(str::to_owned))
}

fn quoted(text: &str, before: &str) -> Option<String> {
    let (_, after) = text.split_once(before)?;
    after.split_once('"').map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (String, String, String) {
        let told = recognise(bytes).unwrap_or_default();
        (told.protocol.to_owned(), told.product.unwrap_or_default(), told.version.unwrap_or_default())
    }

    fn is(bytes: &[u8], protocol: &str, product: &str, version: &str) {
        assert_eq!(told(bytes), (protocol.to_owned(), product.to_owned(), version.to_owned()));
    }

    #[test]
    fn greetings_of_real_servers() {
        is(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", "ssh", "OpenSSH", "9.2p1");
        is(b"Welcome\r\nSSH-2.0-dropbear_2022.83\r\n", "ssh", "dropbear", "2022.83");
        is(b"220 (vsFTPd 3.0.3)\r\n", "ftp", "vsFTPd", "3.0.3");
        is(b"220 ProFTPD 1.3.5a Server (Debian)\r\n", "ftp", "ProFTPD", "1.3.5a");
        is(b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n", "smtp", "Postfix", "");
        is(b"220 mx ESMTP Exim 4.96 Mon\r\n", "smtp", "Exim", "4.96");
        is(b"+OK Dovecot (Debian) ready.\r\n", "pop3", "Dovecot", "");
        is(b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "imap", "", "");
        is(b"-ERR wrong number of arguments for 'get' command\r\n", "redis", "", "");
        is(b"RFB 003.008\n", "vnc", "", "");
        is(b"J\0\0\0\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\0aaaa", "mysql", "MariaDB", "10.11.6");
        is(b"AMQP\0\0\x09\x01", "amqp", "", "");
        is(b"INFO {\"server_id\":\"N\",\"version\":\"2.9.11\"}\r\n", "nats", "", "2.9.11");
        is(b"\xff\xfd\x18\xff\xfd\x20", "telnet", "", "");
        is(b"\r\ncamera login: ", "telnet", "", "");
        is(b"BusyBox v1.22.1 built-in shell (ash)\r\n\r\n/ # ", "telnet", "", "");
    }

    #[test]
    fn what_could_be_several_is_none() {
        assert_eq!(recognise(b"220 Operation successful\r\n"), None);
        assert_eq!(recognise(b"hello world\r\n"), None);
        assert_eq!(recognise(b"\xff\xd8\xff\xe0 a picture"), None);
        assert_eq!(recognise(b""), None);
    }
}

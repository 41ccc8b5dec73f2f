//! Log-ins in the clear. A secret leaves this module masked.

mod http;

use super::{mqtt, shown};

/// A user name and a secret that crossed the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) kind: &'static str,
    pub(crate) user: Option<String>,
    pub(crate) masked: String,
    /// Where in what the client sent.
    pub(crate) at: usize,
}

/// Most log-ins of one connection.
const MOST: usize = 64;

/// The log-ins in a connection of the protocol.
pub(crate) fn in_stream(protocol: &str, client: &[u8], server: &[u8]) -> Vec<Login> {
    let mut found = match protocol {
        "http" => http::logins(client, ["http-basic", "http-bearer", "http-form", "http-json"]),
        "rtsp" => http::logins(client, ["rtsp-basic", "rtsp-bearer", "rtsp-form", "rtsp-json"]),
        "ftp" => user_pass(client, "ftp-user-pass"),
        "pop3" => [user_pass(client, "pop3-user-pass"), sasl(client, "pop3-auth-plain", "pop3-auth-login")].concat(),
        "smtp" => sasl(client, "smtp-auth-plain", "smtp-auth-login"),
        "imap" => [imap(client), sasl(client, "imap-auth-plain", "imap-auth-login")].concat(),
        "telnet" => telnet(client, server),
        "mqtt" => mqtt_connect(client),
        _ => Vec::new(),
    };
    found.truncate(MOST);
    found
}

/// The community of SNMP v1 and v2c, which stands for a password (RFC 3584, section 5).
pub(crate) fn in_datagram(protocol: &str, payload: &[u8]) -> Option<Login> {
    let (community, kind) = super::datagram::snmp(payload).filter(|_| protocol == "snmp")?;
    // Only who asks shows that it knows the secret.
    matches!(kind, 0xa0 | 0xa1 | 0xa3 | 0xa5).then(|| Login {
        kind: "snmp-community",
        user: None,
        masked: mask(community),
        at: 0,
    })
}

/// First and last characters of a long secret, nothing of a short one.
fn mask(secret: &[u8]) -> String {
    let text = shown(secret);
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [first, .., last] if chars.len() >= 8 => format!("{first}{}{last}", "*".repeat(6)),
        _ => "*".repeat(6),
    }
}

fn login(kind: &'static str, user: &[u8], secret: &[u8], at: usize) -> Login {
    Login { kind, user: Some(shown(user)).filter(|user| !user.is_empty()), masked: mask(secret), at }
}

/// The lines that end within what there is, each with its place.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    bytes.split_inclusive(|&byte| byte == b'\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let line = line.strip_suffix(b"\n")?;
        Some((start, line.strip_suffix(b"\r").unwrap_or(line)))
    })
}

fn after<'a>(line: &'a [u8], word: &str) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word.as_bytes()).then(|| rest.trim_ascii())
}

/// `USER` and `PASS` (RFC 959, section 4.1.1; RFC 1939, section 7).
fn user_pass(client: &[u8], kind: &'static str) -> Vec<Login> {
    let mut user: &[u8] = &[];
    let mut found = Vec::new();
    for (at, line) in lines(client) {
        if let Some(name) = after(line, "user ") {
            user = name;
        } else if let Some(secret) = after(line, "pass ") {
            found.push(login(kind, user, secret, at));
        }
    }
    found
}

/// `AUTH PLAIN` (RFC 4616) and `AUTH LOGIN` of SMTP, POP3 and IMAP, with the secret in the same line or the next.
fn sasl(client: &[u8], plain: &'static str, two_steps: &'static str) -> Vec<Login> {
    let mut found = Vec::new();
    let mut lines = lines(client);
    while let Some((at, line)) = lines.next() {
        // IMAP has a tag in front.
        let rest = after(line, "auth ").or_else(|| {
            let tagged = line.iter().position(|&byte| byte == b' ').map(|end| &line[end + 1..])?;
            after(tagged, "authenticate ")
        });
        let Some(rest) = rest else { continue };
        if let Some(given) = after(rest, "plain") {
            let Some((_, given)) = (if given.is_empty() { lines.next() } else { Some((at, given)) }) else { break };
            let Some(decoded) = base64(given) else { continue };
            let mut parts = decoded.split(|&byte| byte == 0).skip(1);
            if let (Some(user), Some(secret)) = (parts.next(), parts.next()) {
                found.push(login(plain, user, secret, at));
            }
        } else if let Some(given) = after(rest, "login") {
            let user = if given.is_empty() { lines.next().map(|(_, line)| line) } else { Some(given) };
            let (Some(user), Some((_, secret))) = (user.and_then(base64), lines.next()) else { break };
            if let Some(secret) = base64(secret) {
                found.push(login(two_steps, &user, &secret, at));
            }
        }
    }
    found
}

/// `LOGIN` (RFC 9051, section 6.2.3), with quoted strings or atoms.
fn imap(client: &[u8]) -> Vec<Login> {
    let of = |line: &[u8]| -> Option<(Vec<u8>, Vec<u8>)> {
        let tagged = line.iter().position(|&byte| byte == b' ').map(|end| &line[end + 1..])?;
        let (user, rest) = astring(after(tagged, "login ")?)?;
        Some((user, astring(rest.trim_ascii_start())?.0))
    };
    lines(client)
        .filter_map(|(at, line)| of(line).map(|(user, secret)| login("imap-login", &user, &secret, at)))
        .collect()
}

fn astring(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    if text.first() != Some(&b'"') {
        let end = text.iter().position(|&byte| byte == b' ').unwrap_or(text.len());
        return (end > 0 && text[0] != b'{').then(|| (text[..end].to_vec(), &text[end..]));
    }
    let (mut value, mut at) = (Vec::new(), 1);
    loop {
        match *text.get(at)? {
            b'"' => return Some((value, &text[at + 1..])),
            b'\\' => {
                value.push(*text.get(at + 1)?);
                at += 2;
            }
            byte => {
                value.push(byte);
                at += 1;
            }
        }
    }
}

/// What was typed where the server asked for a password. Which line is the password follows from how often the server asked.
fn telnet(client: &[u8], server: &[u8]) -> Vec<Login> {
    let (asked, _) = without_commands(server);
    let asked = asked.to_ascii_lowercase();
    let count = |text: &[u8]| asked.windows(text.len()).filter(|window| *window == text).count();
    let (users, secrets) = (count(b"login:") + count(b"username:") + count(b"user name:"), count(b"password:"));
    if secrets == 0 {
        return Vec::new();
    }
    let (typed, places) = without_commands(client);
    let mut typed_lines = Vec::new();
    let mut start = 0;
    for (at, &byte) in typed.iter().enumerate() {
        if matches!(byte, b'\r' | b'\n') {
            if at > start {
                typed_lines.push((start, &typed[start..at]));
            }
            start = at + 1;
        }
    }
    let mut lines = typed_lines.into_iter();
    let mut found = Vec::new();
    for _ in 0..secrets.min(MOST) {
        let user = if users > 0 { lines.next() } else { None };
        let Some((at, secret)) = lines.next() else { break };
        let at = places.get(at).copied().unwrap_or_default();
        found.push(login("telnet-login", user.map(|(_, user)| user).unwrap_or_default(), secret, at));
    }
    found
}

/// The text of a Telnet connection without its commands (RFC 854), and where each byte of it stands.
fn without_commands(bytes: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut text, mut places, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (255, Some(250)) => {
                let end = bytes[at..].windows(2).position(|pair| pair == [255, 240]);
                at = end.map_or(bytes.len(), |end| at + end + 2);
            }
            (255, Some(251..=254)) => at += 3,
            (255, _) => at += 2,
            (0, _) => at += 1,
            _ => {
                text.push(byte);
                places.push(at);
                at += 1;
            }
        }
    }
    (text, places)
}

fn mqtt_connect(client: &[u8]) -> Vec<Login> {
    let connect = mqtt::connect(client);
    let found =
        connect.and_then(|connect| Some(login("mqtt-connect", connect.user.unwrap_or_default(), connect.password?, 0)));
    found.into_iter().collect()
}

/// Base64 (RFC 4648, section 4), with or without padding.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let text = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let (mut decoded, mut bits, mut held) = (Vec::with_capacity(text.len()), 0_u32, 0);
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
        }
    }
    (text.len() % 4 != 1).then_some(decoded)
}

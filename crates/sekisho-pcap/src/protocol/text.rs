//! Protocols whose first lines are text.

/// The first line, without its end; none where it does not end within what there is.
fn line(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(8192).position(|&byte| byte == b'\n')?;
    Some(bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]))
}

fn starts(bytes: &[u8], with: &str) -> bool {
    bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
}

/// A word as methods are: `GET `.
fn method(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(24).position(|&byte| byte == b' ')?;
    let word = &bytes[..end];
    (end >= 3 && word.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'_'))).then_some(word)
}

/// A request line that ends with the version, or an answer that begins with it.
fn versioned(client: &[u8], server: &[u8], version: &str) -> bool {
    let request = method(client).is_some()
        && line(client).is_some_and(|line| {
            let last = line.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
            starts(last, version)
        });
    // The answer alone counts where nothing of the request was captured.
    request || (client.is_empty() && starts(server, version))
}

/// HTTP/1 (RFC 9112, section 3) and the preface of HTTP/2 (RFC 9113, section 3.4).
pub(super) fn is_http(client: &[u8], server: &[u8]) -> bool {
    versioned(client, server, "HTTP/1.") || client.starts_with(b"PRI * HTTP/2.0\r\n")
}

/// RTSP (RFC 2326, RFC 7826).
pub(super) fn is_rtsp(client: &[u8], server: &[u8]) -> bool {
    versioned(client, server, "RTSP/")
}

/// SIP (RFC 3261, section 7).
pub(super) fn is_sip(client: &[u8], server: &[u8]) -> bool {
    versioned(client, server, "SIP/2.0")
}

/// SSH's identification (RFC 4253, section 4.2), of either side.
pub(super) fn is_ssh(client: &[u8], server: &[u8]) -> bool {
    let is = |bytes: &[u8]| bytes.starts_with(b"SSH-2.0-") || bytes.starts_with(b"SSH-1.");
    is(server) || is(client)
}

fn greeting(server: &[u8], code: &[u8]) -> bool {
    server.starts_with(code) && matches!(server.get(code.len()), Some(b' ' | b'-'))
}

fn command(client: &[u8], commands: &[&str]) -> bool {
    commands
        .iter()
        .any(|command| starts(client, command) && matches!(client.get(command.len()), Some(b' ' | b'\r' | b'\n')))
}

/// SMTP (RFC 5321, section 4.1.1.1): nobody else says EHLO.
pub(super) fn is_smtp(client: &[u8], server: &[u8]) -> bool {
    command(client, &["EHLO", "HELO"]) && (server.is_empty() || greeting(server, b"220"))
        || client.is_empty()
            && greeting(server, b"220")
            && line(server).is_some_and(|line| line.windows(5).any(|w| w.eq_ignore_ascii_case(b"ESMTP")))
}

/// FTP (RFC 959, RFC 4217).
pub(super) fn is_ftp(client: &[u8], server: &[u8]) -> bool {
    let commands = ["USER", "AUTH", "FEAT", "SYST", "OPTS", "HOST"];
    (greeting(server, b"220") && command(client, &commands))
        || client.is_empty()
            && greeting(server, b"220")
            && line(server).is_some_and(|line| line.windows(3).any(|w| w.eq_ignore_ascii_case(b"FTP")))
}

/// POP3 (RFC 1939).
pub(super) fn is_pop3(client: &[u8], server: &[u8]) -> bool {
    (starts(server, "+OK ") || starts(server, "+OK\r"))
        && command(client, &["USER", "CAPA", "APOP", "AUTH", "STLS", "QUIT"])
}

/// IMAP (RFC 9051).
pub(super) fn is_imap(client: &[u8], server: &[u8]) -> bool {
    let greeting = ["* OK", "* PREAUTH", "* BYE"].iter().any(|word| starts(server, word));
    let mut words = line(client).unwrap_or_default().split(|&byte| byte == b' ');
    let commands = ["CAPABILITY", "LOGIN", "AUTHENTICATE", "STARTTLS", "ID", "NOOP", "LOGOUT", "SELECT"];
    greeting && words.nth(1).is_some_and(|word| commands.iter().any(|c| word.eq_ignore_ascii_case(c.as_bytes())))
}

/// XMPP (RFC 6120, section 4.7).
pub(super) fn is_xmpp(client: &[u8], _: &[u8]) -> bool {
    let head = client.get(..client.len().min(400)).unwrap_or_default();
    let has = |text: &[u8]| head.windows(text.len()).any(|w| w == text);
    has(b"<stream:stream") && has(b"jabber:")
}

/// AMQP (OASIS AMQP 1.0, section 2.2; AMQP 0-9-1, section 4.2.2).
pub(super) fn is_amqp(client: &[u8], _: &[u8]) -> bool {
    client.len() >= 8 && client.starts_with(b"AMQP") && client[4] <= 3 && client[5] <= 1
}

/// Telnet: negotiations at the beginning (RFC 854, RFC 855).
pub(super) fn is_telnet(client: &[u8], server: &[u8]) -> bool {
    // IAC, WILL to DONT, and an option that is registered.
    let negotiates = |bytes: &[u8]| {
        matches!(bytes, [255, 251..=254, option, ..] if *option <= 49 || (138..=140).contains(option))
            || matches!(bytes, [255, 250, option, ..] if *option <= 49)
    };
    let either = |bytes: &[u8]| bytes.is_empty() || negotiates(bytes);
    (negotiates(client) || negotiates(server)) && (either(client) || either(server))
}

/// The host that an HTTP or RTSP request is for, without the port.
pub(crate) fn host(client: &[u8]) -> Option<String> {
    for line in client.split(|&byte| byte == b'\n').skip(1).take(64) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if starts(line, "host:") {
            let value = std::str::from_utf8(&line[5..]).ok()?.trim();
            let host = match value.rsplit_once(':') {
                Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
                _ => value,
            };
            return is_name(host).then(|| host.trim_end_matches('.').to_ascii_lowercase());
        }
    }
    None
}

/// Whether it is a host name and no address.
fn is_name(host: &str) -> bool {
    host.contains('.')
        && host.len() <= 253
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && host.parse::<std::net::IpAddr>().is_err()
        && host.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Where TLS begins in a connection that began in the clear (STARTTLS: RFC 3207, RFC 2595, RFC 4217): after a line end, a record with a hello.
pub(crate) fn upgrade(bytes: &[u8], kind: u8) -> Option<usize> {
    let hello = |at: usize| {
        matches!(bytes.get(at..at + 6), Some([22, 3, 0..=4, _, _, message]) if *message == kind)
            && (at == 0 || bytes[at - 1] == b'\n')
    };
    (1..bytes.len()).find(|&at| bytes[at] == 22 && hello(at))
}

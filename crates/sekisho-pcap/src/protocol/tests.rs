use proptest::prelude::*;

use super::login::in_stream;
use super::*;

fn told(client: &[u8], server: &[u8]) -> Option<&'static str> {
    stream(client, server, true).map(|told| told.name)
}

fn over_udp(payload: &[u8], to: u16) -> Option<&'static str> {
    datagram(payload, 50_000, to, "192.0.2.1".parse().unwrap()).map(|told| told.name)
}

/// A hello of TLS 1.2 with one suite and a server name.
pub(crate) fn client_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0, 4, 0xc0, 0x2f, 0x00, 0x05, 1, 0]);
    let name = b"cloud.example";
    let mut sni = vec![0, 0, 0, name.len() as u8 + 5, 0, name.len() as u8 + 3, 0, 0, name.len() as u8];
    sni.extend(name);
    let versions = [0, 43, 0, 5, 4, 3, 4, 3, 3];
    body.extend([0, (sni.len() + versions.len()) as u8]);
    body.extend(sni);
    body.extend(versions);
    record(1, &body)
}

fn server_hello(version: u8, suite: [u8; 2]) -> Vec<u8> {
    let mut body = vec![3, version];
    body.extend([9; 32]);
    body.push(0);
    body.extend(suite);
    body.push(0);
    record(2, &body)
}

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![22, 3, 1];
    bytes.extend((body.len() as u16 + 4).to_be_bytes());
    bytes.extend([kind, 0]);
    bytes.extend((body.len() as u16).to_be_bytes());
    bytes.extend(body);
    bytes
}

#[test]
fn protocols_are_told_by_content_and_their_twins_are_not() {
    let tls = client_hello();
    for (name, client, server) in [
        ("tls", &tls[..], &b""[..]),
        ("ssh", b"", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("http", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b""),
        ("http", b"", b"HTTP/1.0 200 OK\r\n"),
        ("rtsp", b"DESCRIBE rtsp://cam/ RTSP/1.0\r\n", b""),
        ("sip", b"REGISTER sip:a@b SIP/2.0\r\n", b""),
        ("mqtt", b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02ab", b""),
        ("smtp", b"EHLO cam\r\n", b"220 mail\r\n"),
        ("ftp", b"USER a\r\n", b"220 ready\r\n"),
        ("pop3", b"USER a\r\n", b"+OK\r\n"),
        ("imap", b"a1 LOGIN a b\r\n", b"* OK ready\r\n"),
        ("telnet", b"", b"\xff\xfd\x18\xff\xfd\x20"),
        (
            "modbus",
            b"\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x0a",
            b"\x00\x01\x00\x00\x00\x05\x01\x03\x02\x00\x00",
        ),
        ("dns", b"\x00\x1b\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01", b""),
    ] {
        assert_eq!(told(client, server), Some(name), "{name}");
    }
    for (name, client, server) in [
        ("a lower-case method", &b"get / http/1.1\r\n"[..], &b""[..]),
        ("a word that is no request", b"GET well soon\r\n", b""),
        ("no version of SSH", b"SSH-9\r\n", b""),
        ("another name", b"\x10\x0e\x00\x04MQTX\x04\x02\x00\x3c\x00\x02ab", b""),
        ("a reserved bit", b"\x10\x0e\x00\x04MQTT\x04\x03\x00\x3c\x00\x02ab", b""),
        ("a record of no version", b"\x16\x09\x01\x00\x40\x01\x00\x00\x3c", b""),
        ("FTP without its greeting", b"USER a\r\n", b"hello\r\n"),
        (
            "Modbus with another transaction",
            b"\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x0a",
            b"\x00\x02\x00\x00\x00\x05\x01\x03\x02\x00\x00",
        ),
        ("DNP3 with a wrong checksum", b"\x05\x64\x05\xc0\x01\x00\x00\x04\x00\x00", b""),
        ("bytes", &[0; 64], &[0; 64]),
        ("text", b"hello", b"world"),
    ] {
        assert_eq!(told(client, server), None, "{name}");
    }
}

#[test]
fn datagrams_are_told_by_content_and_loose_formats_need_the_port() {
    let query = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01";
    let mut ntp = [0_u8; 48];
    ntp[0] = 0x23;
    assert_eq!(over_udp(query, 5300), Some("dns"));
    assert_eq!(over_udp(&query[..query.len() - 1], 53), None);
    assert_eq!(over_udp(query, 5355), Some("llmnr"));
    assert_eq!((over_udp(&ntp, 123), over_udp(&ntp, 124)), (Some("ntp"), None));
    let get = b"\x40\x01\x30\x39\xb1a\x01b";
    assert_eq!((over_udp(get, 5683), over_udp(get, 1)), (Some("coap"), None));
    assert_eq!(over_udp(b"\x40\x01\x30\x39\xf1a\x01b", 5683), None);
    assert_eq!(over_udp(b"M-SEARCH * HTTP/1.1\r\nHOST: x\r\n\r\n", 1900), Some("ssdp"));
    assert_eq!(over_udp(b"\x00\x01firmware.bin\x00octet\x00", 69), Some("tftp"));
    assert_eq!(over_udp(b"\x00\x01firmware.bin\x00other\x00", 69), None);
    assert_eq!(over_udp(b"<34>Oct 11 22:14:15 su: failed", 5514), Some("syslog"));
    assert_eq!(over_udp(b"<340>Oct 11", 514), None);
    let snmp = b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00";
    assert_eq!(over_udp(snmp, 10_161), Some("snmp"));
    assert_eq!(login::in_datagram("snmp", snmp).unwrap().masked, "******");
    assert_eq!(over_udp(&[0; 32], 53), None);
    assert_eq!(over_udp(b"", 53), None);
}

#[test]
fn log_ins_are_found_and_their_secrets_masked() {
    let telnet = b"\xff\xfb\x18admin\r\x00hunter2secret\r\x00ls\r\x00";
    for (protocol, client, server, kind, user, masked) in [
        ("http", &b"GET / HTTP/1.1\r\nAuthorization: Basic YWRtaW46c3VwZXJzZWNyZXQ=\r\n\r\n"[..], &b""[..], "http-basic", Some("admin"), "s******t"),
        ("http", b"GET / HTTP/1.1\r\nauthorization: bearer abcdefghij\r\n\r\n", b"", "http-bearer", None, "a******j"),
        (
            "http",
            b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nuser=root&password=supersecret&x=1",
            b"",
            "http-form",
            Some("root"),
            "s******t",
        ),
        ("ftp", b"USER cam\r\nPASS topsecret\r\n", b"220 a\r\n", "ftp-user-pass", Some("cam"), "t******t"),
        ("pop3", b"USER a\r\nPASS b\r\n", b"+OK\r\n", "pop3-user-pass", Some("a"), "******"),
        ("smtp", b"EHLO c\r\nAUTH PLAIN AGNhbQBzdXBlcnNlY3JldA==\r\n", b"", "smtp-auth-plain", Some("cam"), "s******t"),
        ("smtp", b"EHLO c\r\nAUTH PLAIN\r\nAGNhbQBzdXBlcnNlY3JldA==\r\n", b"", "smtp-auth-plain", Some("cam"), "s******t"),
        ("smtp", b"EHLO c\r\nAUTH LOGIN\r\nY2Ft\r\nc3VwZXJzZWNyZXQ=\r\n", b"", "smtp-auth-login", Some("cam"), "s******t"),
        ("imap", b"a1 LOGIN \"cam\" \"super\\\"secret\"\r\n", b"* OK\r\n", "imap-login", Some("cam"), "s******t"),
        ("telnet", telnet, b"\xff\xfd\x18login: Password: \r\n# ", "telnet-login", Some("admin"), "h******t"),
        (
            "mqtt",
            b"\x10\x1f\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02ab\x00\x03cam\x00\x0asupersecre",
            b"",
            "mqtt-connect",
            Some("cam"),
            "s******e",
        ),
        (
            "mqtt",
            b"\x10\x20\x00\x04MQTT\x05\xc2\x00\x3c\x00\x00\x02ab\x00\x03cam\x00\x0asupersecre",
            b"",
            "mqtt-connect",
            Some("cam"),
            "s******e",
        ),
    ] {
        let found = in_stream(protocol, client, server);
        let [login] = found.as_slice() else { panic!("{protocol}: {found:?}") };
        assert_eq!((login.kind, login.user.as_deref(), login.masked.as_str()), (kind, user, masked), "{protocol}");
    }
}

#[test]
fn what_is_no_log_in_is_none() {
    for (protocol, client, server) in [
        ("http", &b"GET / HTTP/1.1\r\nAuthorization: Digest username=\"a\", response=\"0f\"\r\n\r\n"[..], &b""[..]),
        (
            "http",
            b"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ncompass=north&user=a",
            b"",
        ),
        ("http", b"GET /?password=x HTTP/1.1\r\n\r\n", b""),
        ("ftp", b"AUTH TLS\r\n", b"220 a\r\n"),
        ("smtp", b"EHLO c\r\nAUTH CRAM-MD5\r\nabc=\r\n", b""),
        ("imap", b"a1 CAPABILITY\r\na2 LOGOUT\r\n", b"* OK\r\n"),
        ("telnet", b"\xff\xfb\x18ls\r\x00", b"\xff\xfd\x18# "),
        ("mqtt", b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02ab", b""),
    ] {
        assert_eq!(in_stream(protocol, client, server), [], "{protocol}");
    }
}

#[test]
fn a_handshake_tells_versions_suites_and_name() {
    let seen = tls::handshake(&client_hello(), &server_hello(1, [0, 5]));
    let hello = seen.hello.unwrap();
    assert_eq!(hello.server_name.as_deref(), Some("cloud.example"));
    assert_eq!(hello.versions.iter().map(|v| tls::version_name(*v)).collect::<Vec<_>>(), ["tls1.3", "tls1.2"]);
    assert_eq!(hello.suites.iter().map(|s| tls::is_weak(*s)).collect::<Vec<_>>(), [false, true]);
    assert_eq!(seen.version.map(tls::version_name).as_deref(), Some("tls1.0"));
    assert_eq!(seen.suite.map(tls::suite_name).as_deref(), Some("TLS_RSA_WITH_RC4_128_SHA"));
    let refused = tls::handshake(&client_hello(), &[21, 3, 3, 0, 2, 2, 70]);
    assert_eq!(refused.alert.map(sekisho_algorithms::tls::alert_name).as_deref(), Some("protocol_version"));
    let closed = tls::handshake(&client_hello(), &[21, 3, 3, 0, 2, 1, 0]);
    assert_eq!(closed.alert, None);
}

#[test]
fn a_name_that_points_at_itself_ends() {
    let mut message = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00".to_vec();
    message.extend([0xc0, 12, 0, 1, 0, 1]);
    assert!(dns::parse(&message, true).is_none());
}

proptest! {
    #[test]
    fn no_payload_panics(client in proptest::collection::vec(any::<u8>(), 0..200), server in proptest::collection::vec(any::<u8>(), 0..200), port in any::<u16>()) {
        if let Some(told) = stream(&client, &server, false) {
            let _ = in_stream(told.name, &client, &server);
        }
        let _ = datagram(&client, port, 53, "224.0.0.251".parse().unwrap());
        let _ = (tls::handshake(&client, &server), host(&client), upgrade(&client, 1), dns::parse(&client, false), dhcp::parse(&client));
        let mut seen = tls::Handshake::default();
        tls::take_dtls(&mut seen, &client, true);
        for protocol in ["http", "ftp", "pop3", "smtp", "imap", "telnet", "mqtt"] {
            let _ = in_stream(protocol, &client, &server);
        }
    }

    #[test]
    fn no_damage_panics(at in 0..80_usize, byte in any::<u8>(), cut in 0..80_usize) {
        let connect = b"\x10\x20\x00\x04MQTT\x05\xc2\x00\x3c\x00\x00\x02ab\x00\x03cam\x00\x0asupersecre";
        let dns = b"\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01";
        for good in [client_hello(), server_hello(3, [0xc0, 0x2f]), connect.to_vec(), dns.to_vec()] {
            let mut bytes = good;
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            let bytes = &bytes[..bytes.len().saturating_sub(cut)];
            let _ = (tls::handshake(bytes, bytes), in_stream("mqtt", bytes, b""), datagram(bytes, 1, 2, "192.0.2.1".parse().unwrap()));
        }
    }

    #[test]
    fn noise_is_no_protocol(client in proptest::collection::vec(any::<u8>(), 64..200), server in proptest::collection::vec(any::<u8>(), 64..200)) {
        prop_assert_eq!(stream(&client, &server, true), None);
        prop_assert_eq!(datagram(&client, 40_000, 40_001, "192.0.2.1".parse().unwrap()), None);
    }
}

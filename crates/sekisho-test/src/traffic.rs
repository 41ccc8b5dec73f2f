//! A capture as a small network with devices makes it, of any size: the same bytes for the same size.
//!
//! Of every hundred connections 45 are DNS queries, 30 TLS sessions with a few small records, 20 MQTT sessions with readings, four requests of
//! HTTP, and one carries an image or a firmware of a megabyte in full segments. So most packets are short, and most bytes are in long ones, as
//! on real links.

use std::io::{self, Write};

/// Devices of the network, and servers that they talk to.
const DEVICES: u64 = 40;
const SERVERS: u64 = 60;
/// Payload of a full segment.
const SEGMENT: usize = 1448;

/// Writes a capture of at least that many bytes (pcap, Ethernet). Returns how many it became.
///
/// # Errors
/// Where the output cannot be written.
pub fn capture(out: &mut dyn Write, size: u64) -> io::Result<u64> {
    let mut header = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        header.extend(word.to_le_bytes());
    }
    out.write_all(&header)?;
    let mut writer = Writer { out, written: header.len() as u64, clock: 1_700_000_000_000_000, seed: 0x5eed };
    let mut connection = 0;
    while writer.written < size {
        match connection % 100 {
            0..45 => writer.dns(connection)?,
            45..75 => writer.tcp(connection, 443, &tls(connection))?,
            75..95 => writer.tcp(connection, 1883, &mqtt(connection))?,
            95..99 => writer.tcp(connection, 80, &http(connection))?,
            _ => {
                let bulk = writer.noise(1 << 20);
                writer.tcp(connection, 8443, &[(true, hello(connection)), (false, bulk)])?;
            }
        }
        connection += 1;
    }
    Ok(writer.written)
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    written: u64,
    /// Microseconds since 1970.
    clock: u64,
    seed: u64,
}

/// Whether the client says it, and what.
type Said = (bool, Vec<u8>);

impl Writer<'_> {
    /// Bytes that do not repeat (xorshift, Marsaglia 2003).
    fn noise(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            self.seed ^= self.seed << 13;
            self.seed ^= self.seed >> 7;
            self.seed ^= self.seed << 17;
            bytes.extend(self.seed.to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }

    fn frame(&mut self, from_device: bool, protocol: u8, connection: u64, body: &[&[u8]]) -> io::Result<()> {
        let device = [192, 168, 1, (connection % DEVICES) as u8 + 10];
        let server = [198, 51, 100, (connection % SERVERS) as u8 + 1];
        let (source, target) = if from_device { (device, server) } else { (server, device) };
        let length = body.iter().map(|part| part.len()).sum::<usize>();
        let mut frame = Vec::with_capacity(34 + length);
        let (own, router) = ([2, 0, 0, 0, 0, device[3]], [2, 0, 0, 0, 0, 1]);
        let (to, from) = if from_device { (router, own) } else { (own, router) };
        frame.extend(to);
        frame.extend(from);
        frame.extend([8, 0, 0x45, 0]);
        frame.extend((20 + length as u16).to_be_bytes());
        frame.extend([0, 0, 0x40, 0, 64, protocol, 0, 0]);
        frame.extend(source);
        frame.extend(target);
        for part in body {
            frame.extend(*part);
        }
        self.clock += 173;
        let mut head = Vec::with_capacity(16);
        for word in [self.clock / 1_000_000, self.clock % 1_000_000, frame.len() as u64, frame.len() as u64] {
            head.extend((word as u32).to_le_bytes());
        }
        self.written += (head.len() + frame.len()) as u64;
        self.out.write_all(&head)?;
        self.out.write_all(&frame)
    }

    /// A query for the server's name, and the answer.
    fn dns(&mut self, connection: u64) -> io::Result<()> {
        let name = format!("server-{}", connection % SERVERS);
        let mut question = vec![name.len() as u8];
        question.extend(name.bytes());
        question.extend(b"\x07example\x00\x00\x01\x00\x01");
        let id = (connection as u16).to_be_bytes();
        let query = [&id, &b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"[..], &question].concat();
        let address = [198, 51, 100, (connection % SERVERS) as u8 + 1];
        let answer = [
            &id,
            &b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"[..],
            &question,
            b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04",
            &address,
        ]
        .concat();
        let port = (10_000 + connection % 50_000) as u16;
        for (from_device, message) in [(true, query), (false, answer)] {
            let (from, to) = if from_device { (port, 53) } else { (53, port) };
            let mut header = Vec::new();
            for half in [from, to, message.len() as u16 + 8, 0] {
                header.extend(half.to_be_bytes());
            }
            self.frame(from_device, 17, connection, &[&header, &message])?;
        }
        Ok(())
    }

    /// A connection from its first to its last segment, with an acknowledgement for every second one.
    fn tcp(&mut self, connection: u64, server: u16, said: &[Said]) -> io::Result<()> {
        const FIN: u8 = 1;
        const SYN: u8 = 2;
        const ACK: u8 = 16;
        let client = (10_000 + connection % 50_000) as u16;
        let mut sequence = [connection as u32, (connection as u32).wrapping_mul(7)];
        let mut segment = |writer: &mut Self, by_client: bool, flags: u8, payload: &[u8]| {
            let (mine, other) = if by_client { (0, 1) } else { (1, 0) };
            let ports = if by_client { [client, server] } else { [server, client] };
            let mut header = Vec::with_capacity(20);
            for port in ports {
                header.extend(port.to_be_bytes());
            }
            header.extend(sequence[mine].to_be_bytes());
            header.extend(sequence[other].to_be_bytes());
            header.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
            let counted = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
            sequence[mine] = sequence[mine].wrapping_add(counted);
            writer.frame(by_client, 6, connection, &[&header, payload])
        };
        segment(self, true, SYN, b"")?;
        segment(self, false, SYN | ACK, b"")?;
        segment(self, true, ACK, b"")?;
        for (by_client, bytes) in said {
            for (number, payload) in bytes.chunks(SEGMENT).enumerate() {
                segment(self, *by_client, ACK, payload)?;
                if number % 2 == 1 {
                    segment(self, !by_client, ACK, b"")?;
                }
            }
            segment(self, !by_client, ACK, b"")?;
        }
        segment(self, true, FIN | ACK, b"")?;
        segment(self, false, FIN | ACK, b"")?;
        segment(self, true, ACK, b"")
    }
}

fn record(kind: u8, message: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 3, 3];
    bytes.extend((body.len() as u16 + 4).to_be_bytes());
    bytes.extend([message, 0]);
    bytes.extend((body.len() as u16).to_be_bytes());
    bytes.extend(body);
    bytes
}

/// A client's hello of TLS 1.2 and 1.3 with the server's name.
fn hello(connection: u64) -> Vec<u8> {
    let name = format!("server-{}.example", connection % SERVERS);
    let length = name.len() as u8;
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0, 4, 0x13, 0x01, 0xc0, 0x2f, 1, 0]);
    let mut extensions = vec![0, 0, 0, length + 5, 0, length + 3, 0, 0, length];
    extensions.extend(name.bytes());
    extensions.extend([0, 43, 0, 5, 4, 3, 4, 3, 3]);
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    record(22, 1, &body)
}

/// A session with eight small messages.
fn tls(connection: u64) -> Vec<Said> {
    let mut answer = vec![3, 3];
    answer.extend([9; 32]);
    answer.extend([0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
    let mut said = vec![(true, hello(connection)), (false, record(22, 2, &answer))];
    for number in 0..8_u8 {
        said.push((number % 2 == 0, record(23, number, &[number.wrapping_mul(31); 180])));
    }
    said
}

/// A session with twenty readings.
fn mqtt(connection: u64) -> Vec<Said> {
    let mut said = vec![
        (true, b"\x10\x1f\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02ab\x00\x03cam\x00\x0asupersecre".to_vec()),
        (false, b"\x20\x02\x00\x00".to_vec()),
    ];
    for number in 0..20 {
        let reading = format!("{{\"temperature\":{}.{},\"n\":{number}}}", 20 + connection % 9, connection % 10);
        let topic = b"home/kitchen/sensor";
        let mut publish = vec![0x30, (2 + topic.len() + reading.len()) as u8, 0, topic.len() as u8];
        publish.extend(topic);
        publish.extend(reading.bytes());
        said.push((true, publish));
    }
    said
}

fn http(connection: u64) -> Vec<Said> {
    let request = format!("GET /status/{connection} HTTP/1.1\r\nHost: server-{}.example\r\n\r\n", connection % SERVERS);
    let page = "<html><body>Everything is as it should be.</body></html>\n".repeat(60);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    vec![(true, request.into_bytes()), (false, answer.into_bytes())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_gives_the_same_bytes() {
        let write = || {
            let mut bytes = Vec::new();
            let size = capture(&mut bytes, 3_000_000).unwrap();
            assert_eq!(size, bytes.len() as u64);
            bytes
        };
        assert!(write() == write());
    }
}

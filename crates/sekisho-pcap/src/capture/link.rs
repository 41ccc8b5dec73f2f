//! From the frame to the packet: link layer, IP, TCP and UDP. The headers are `etherparse`'s to read; what it cannot is said.

use std::net::IpAddr;

use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, LinkSlice, TransportSlice};

/// A packet over IP.
#[derive(Debug)]
pub(crate) struct Packet<'a> {
    pub(crate) from: IpAddr,
    pub(crate) to: IpAddr,
    /// Hardware address of the sender.
    pub(crate) mac: Option<[u8; 6]>,
    /// Number of the protocol over IP.
    pub(crate) protocol: u8,
    /// Length with the IP header, on the wire.
    pub(crate) length: u32,
    pub(crate) transport: Transport<'a>,
    /// Whether it is a fragment, or a header in it is broken: then ports and payload are not read.
    pub(crate) unread: bool,
}

/// What it carries.
#[derive(Debug)]
pub(crate) enum Transport<'a> {
    Tcp(Segment<'a>),
    Udp {
        from: u16,
        to: u16,
        payload: &'a [u8],
    },
    /// No ports.
    Other,
}

/// A segment of TCP (RFC 9293).
#[derive(Debug)]
pub(crate) struct Segment<'a> {
    pub(crate) from: u16,
    pub(crate) to: u16,
    pub(crate) sequence: u32,
    pub(crate) syn: bool,
    pub(crate) ack: bool,
    pub(crate) fin: bool,
    pub(crate) rst: bool,
    pub(crate) payload: &'a [u8],
}

/// What a frame was.
#[derive(Debug)]
pub(crate) enum Read<'a> {
    Packet(Packet<'a>),
    /// No IP in it.
    Other,
    /// A link type that is not read.
    UnknownLink,
    /// An IP header that is broken or cut off.
    Broken,
}

/// The name of a link type (the registry of draft-ietf-opsawg-pcaplinktype), where it is read.
pub(crate) fn name(link: u16) -> Option<&'static str> {
    Some(match link {
        1 => "ethernet",
        12 | 14 | 101 | 228 | 229 => "raw-ip",
        0 | 108 => "loopback",
        113 => "linux-sll",
        276 => "linux-sll2",
        _ => return None,
    })
}

/// Reads a frame of the link type.
pub(crate) fn read(link: u16, data: &[u8]) -> Read<'_> {
    let sliced = match link {
        1 => match LaxSlicedPacket::from_ethernet(data) {
            Ok(sliced) => sliced,
            Err(_) => return Read::Broken,
        },
        12 | 14 | 101 | 228 | 229 => return ip(data, None),
        // The address family is in the byte order of whoever captured; the version of IP is the same everywhere.
        0 | 108 => return ip(data.get(4..).unwrap_or_default(), None),
        113 => return cooked(data, 14, 16, data.get(4..6), data.get(6..12)),
        276 => return cooked(data, 0, 20, data.get(11..12), data.get(12..18)),
        _ => return Read::UnknownLink,
    };
    let mac = match &sliced.link {
        Some(LinkSlice::Ethernet2(header)) => Some(header.source()),
        _ => None,
    };
    packet(&sliced, mac)
}

/// Linux "cooked" captures: the type of the network protocol stands at `kind`, the packet at `payload`.
fn cooked<'a>(data: &'a [u8], kind: usize, payload: usize, length: Option<&[u8]>, address: Option<&[u8]>) -> Read<'a> {
    let (Some(kind), Some(payload)) = (data.get(kind..kind + 2), data.get(payload..)) else { return Read::Broken };
    let mac = address.filter(|_| length.and_then(<[u8]>::last) == Some(&6)).and_then(|mac| mac.try_into().ok());
    let kind = EtherType(u16::from_be_bytes([kind[0], kind[1]]));
    packet(&LaxSlicedPacket::from_ether_type(kind, payload), mac)
}

fn ip(data: &[u8], mac: Option<[u8; 6]>) -> Read<'_> {
    LaxSlicedPacket::from_ip(data).map_or(Read::Broken, |sliced| packet(&sliced, mac))
}

fn packet<'a>(sliced: &LaxSlicedPacket<'a>, mac: Option<[u8; 6]>) -> Read<'a> {
    let (from, to, length, payload) = match &sliced.net {
        Some(LaxNetSlice::Ipv4(slice)) => {
            let header = slice.header();
            // A length of zero is what network cards that cut large packets themselves leave behind.
            let length = match header.total_len() {
                0 => header.slice().len() + slice.payload().payload.len(),
                length => usize::from(length),
            };
            (header.source_addr().into(), header.destination_addr().into(), length, slice.payload())
        }
        Some(LaxNetSlice::Ipv6(slice)) => {
            let header = slice.header();
            let length = match header.payload_length() {
                0 => 40 + slice.payload().payload.len(),
                length => 40 + usize::from(length),
            };
            (IpAddr::from(header.source_addr()), IpAddr::from(header.destination_addr()), length, slice.payload())
        }
        None if sliced.stop_err.is_some() => return Read::Broken,
        Some(LaxNetSlice::Arp(_)) | None => return Read::Other,
    };
    let protocol = payload.ip_number.0;
    let transport = match &sliced.transport {
        Some(TransportSlice::Tcp(tcp)) => Transport::Tcp(Segment {
            from: tcp.source_port(),
            to: tcp.destination_port(),
            sequence: tcp.sequence_number(),
            syn: tcp.syn(),
            ack: tcp.ack(),
            fin: tcp.fin(),
            rst: tcp.rst(),
            payload: tcp.payload(),
        }),
        Some(TransportSlice::Udp(udp)) => {
            Transport::Udp { from: udp.source_port(), to: udp.destination_port(), payload: udp.payload() }
        }
        _ => Transport::Other,
    };
    let unread = matches!(transport, Transport::Other) && (payload.fragmented || matches!(protocol, 6 | 17));
    Read::Packet(Packet { from, to, mac, protocol, length: length as u32, transport, unread })
}

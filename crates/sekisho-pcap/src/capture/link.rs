//! From the frame to the packet: link layer, IP, TCP and UDP. The headers are `etherparse`'s to read; what it cannot is said.

use std::net::IpAddr;

use etherparse::{
    EtherType, IpFragOffset, Ipv6FragmentHeaderSlice, LaxIpPayloadSlice, LaxIpv6Slice, LaxNetSlice, LaxSlicedPacket,
    LinkSlice, TcpSlice, TransportSlice, UdpSlice,
};

use super::names::Mac;
use super::neighbour::{self, Claim};
use super::wifi;
use crate::protocol::be16;

/// A packet over IP.
#[derive(Debug)]
pub(crate) struct Packet<'a> {
    pub(crate) from: IpAddr,
    pub(crate) to: IpAddr,
    /// Hardware address of the sender.
    pub(crate) mac: Option<Mac>,
    /// Number of the protocol over IP.
    pub(crate) protocol: u8,
    /// Length with the IP header, on the wire.
    pub(crate) length: u32,
    pub(crate) transport: Transport<'a>,
    /// Whether a header in it is broken: then ports and payload are not read.
    pub(crate) unread: bool,
    /// What it says of an address on this link.
    pub(crate) claim: Option<Claim>,
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
    Fragment(Piece<'a>),
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

/// A fragment of a packet.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) identification: u32,
    pub(crate) offset: IpFragOffset,
    /// Whether more follow.
    pub(crate) more: bool,
    pub(crate) payload: &'a [u8],
}

/// What a frame was.
#[derive(Debug)]
pub(crate) enum Read<'a> {
    Packet(Packet<'a>),
    /// No IP in it.
    Other,
    /// No IP, but ARP: somebody says which hardware address it has.
    Arp(Claim),
    /// A link type that is not read.
    UnknownLink,
    /// An IP header that is broken or cut off.
    Broken,
    /// Encrypted by the radio network.
    Encrypted,
    /// A frame of a radio network in a form that is not put together: fragmented, or several packets in one.
    Split,
}

/// The name of a link type (the registry of draft-ietf-opsawg-pcaplinktype), where it is read.
pub(crate) fn name(link: u16) -> Option<&'static str> {
    Some(match link {
        1 => "ethernet",
        9 | 50 => "ppp",
        12 | 14 | 101 | 228 | 229 => "raw-ip",
        0 | 108 => "loopback",
        105 => "ieee802.11",
        113 => "linux-sll",
        127 => "ieee802.11-radiotap",
        276 => "linux-sll2",
        _ => return None,
    })
}

/// Reads a frame of the link type.
pub(crate) fn read(link: u16, data: &[u8]) -> Read<'_> {
    match link {
        1 => ethernet(data),
        9 | 50 => ppp(data, None),
        12 | 14 | 101 | 228 | 229 => ip(data, None),
        // The address family is in the byte order of whoever captured; the version of IP is the same everywhere.
        0 | 108 => ip(data.get(4..).unwrap_or_default(), None),
        105 => wifi::read(data),
        113 => cooked(data, 14, 16, data.get(4..6), data.get(6..12)),
        127 => wifi::radiotap(data),
        276 => cooked(data, 0, 20, data.get(11..12), data.get(12..18)),
        _ => Read::UnknownLink,
    }
}

fn ethernet(data: &[u8]) -> Read<'_> {
    let Ok(sliced) = LaxSlicedPacket::from_ethernet(data) else { return Read::Broken };
    let mac = match &sliced.link {
        Some(LinkSlice::Ethernet2(header)) => Some(header.source()),
        _ => None,
    };
    packet(&sliced, mac)
}

/// Linux "cooked" captures: the type of the network protocol stands at `kind`, the packet at `payload`.
fn cooked<'a>(data: &'a [u8], kind: usize, payload: usize, length: Option<&[u8]>, address: Option<&[u8]>) -> Read<'a> {
    let (Some(kind), Some(payload)) = (be16(data, kind), data.get(payload..)) else { return Read::Broken };
    let mac = address.filter(|_| length.and_then(<[u8]>::last) == Some(&6)).and_then(|mac| mac.try_into().ok());
    typed(kind, payload, mac)
}

/// What follows a type as Ethernet has it.
pub(super) fn typed(kind: u16, payload: &[u8], mac: Option<Mac>) -> Read<'_> {
    packet(&LaxSlicedPacket::from_ether_type(EtherType(kind), payload), mac)
}

/// PPP (RFC 1661), also with the address and control of HDLC (RFC 1662) and the compressed protocol field.
fn ppp(data: &[u8], mac: Option<Mac>) -> Read<'_> {
    match data.strip_prefix(&[0xff, 3]).unwrap_or(data) {
        [0, 0x21 | 0x57, rest @ ..] | [0x21 | 0x57, rest @ ..] => ip(rest, mac),
        [_, _, ..] => Read::Other,
        _ => Read::Broken,
    }
}

fn ip(data: &[u8], mac: Option<Mac>) -> Read<'_> {
    LaxSlicedPacket::from_ip(data).map_or(Read::Broken, |sliced| packet(&sliced, mac))
}

fn packet<'a>(sliced: &LaxSlicedPacket<'a>, mac: Option<Mac>) -> Read<'a> {
    let (from, to, length, payload, piece): (IpAddr, IpAddr, usize, &LaxIpPayloadSlice<'a>, _) = match &sliced.net {
        Some(LaxNetSlice::Ipv4(slice)) => {
            let header = slice.header();
            // A length of zero is what network cards that cut large packets themselves leave behind.
            let length = match header.total_len() {
                0 => header.slice().len() + slice.payload().payload.len(),
                length => usize::from(length),
            };
            let piece = slice.payload().fragmented.then(|| Piece {
                identification: header.identification().into(),
                offset: header.fragments_offset(),
                more: header.more_fragments(),
                payload: slice.payload().payload,
            });
            (header.source_addr().into(), header.destination_addr().into(), length, slice.payload(), piece)
        }
        Some(LaxNetSlice::Ipv6(slice)) => {
            let header = slice.header();
            let length = match header.payload_length() {
                0 => 40 + slice.payload().payload.len(),
                length => 40 + usize::from(length),
            };
            let (from, to) = (header.source_addr().into(), header.destination_addr().into());
            (from, to, length, slice.payload(), v6_piece(slice))
        }
        None if sliced.stop_err.is_some() => return Read::Broken,
        Some(LaxNetSlice::Arp(arp)) => return neighbour::arp(arp.slice()).map_or(Read::Other, Read::Arp),
        None => return without_ip(sliced, mac),
    };
    let protocol = payload.ip_number.0;
    let transport = match (&sliced.transport, piece) {
        // What was cut off by the capture cannot be put together.
        (_, Some(piece)) if !payload.incomplete => Transport::Fragment(piece),
        (Some(TransportSlice::Tcp(tcp)), _) => Transport::Tcp(segment(tcp)),
        (Some(TransportSlice::Udp(udp)), _) => datagram(udp),
        _ => Transport::Other,
    };
    let claim = match &sliced.transport {
        Some(TransportSlice::Icmpv6(message)) => {
            hop_limit(sliced).and_then(|hops| neighbour::ndp(from, hops, message.slice()))
        }
        _ => None,
    };
    let unread = matches!(transport, Transport::Other) && (payload.fragmented || matches!(protocol, 6 | 17));
    Read::Packet(Packet { from, to, mac, protocol, length: length as u32, transport, unread, claim })
}

/// Frames of other protocols; PPP over Ethernet carries IP (RFC 2516).
fn without_ip<'a>(sliced: &LaxSlicedPacket<'a>, mac: Option<Mac>) -> Read<'a> {
    const SESSION: EtherType = EtherType(0x8864);
    match sliced.ether_payload() {
        Some(payload) if payload.ether_type == SESSION => {
            payload.payload.get(6..).map_or(Read::Broken, |payload| ppp(payload, mac))
        }
        _ => Read::Other,
    }
}

fn hop_limit(sliced: &LaxSlicedPacket<'_>) -> Option<u8> {
    match &sliced.net {
        Some(LaxNetSlice::Ipv6(slice)) => Some(slice.header().hop_limit()),
        _ => None,
    }
}

/// The fragment that a packet of IPv6 is, where nothing stands between the fragment's header and what is fragmented.
fn v6_piece<'a>(slice: &LaxIpv6Slice<'a>) -> Option<Piece<'a>> {
    if !slice.is_payload_fragmented() {
        return None;
    }
    // Not by `etherparse`'s iterator over the headers: where the last one is cut off, that of 0.21 reads beyond it.
    let (mut kind, mut rest) = (slice.extensions().first_header()?.0, slice.extensions().slice());
    while kind != FRAGMENT {
        let [next, length, ..] = *rest else { return None };
        let length = usize::from(length);
        rest = rest.get(if kind == AUTHENTICATION { (length + 2) * 4 } else { (length + 1) * 8 }..)?;
        kind = next;
    }
    let header = Ipv6FragmentHeaderSlice::from_slice(rest).ok().filter(|header| header.slice().len() == rest.len())?;
    Some(Piece {
        identification: header.identification(),
        offset: header.fragment_offset(),
        more: header.more_fragments(),
        payload: slice.payload().payload,
    })
}

/// Headers of IPv6 whose number tells how long they are, or what they hold (IANA).
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;

fn segment<'a>(tcp: &TcpSlice<'a>) -> Segment<'a> {
    Segment {
        from: tcp.source_port(),
        to: tcp.destination_port(),
        sequence: tcp.sequence_number(),
        syn: tcp.syn(),
        ack: tcp.ack(),
        fin: tcp.fin(),
        rst: tcp.rst(),
        payload: tcp.payload(),
    }
}

fn datagram<'a>(udp: &UdpSlice<'a>) -> Transport<'a> {
    Transport::Udp { from: udp.source_port(), to: udp.destination_port(), payload: udp.payload() }
}

/// What a packet that was put together carries; none where its header is broken.
pub(super) fn transport(protocol: u8, bytes: &[u8]) -> Option<Transport<'_>> {
    match protocol {
        6 => TcpSlice::from_slice(bytes).ok().map(|tcp| Transport::Tcp(segment(&tcp))),
        17 => UdpSlice::from_slice(bytes).ok().map(|udp| datagram(&udp)),
        _ => Some(Transport::Other),
    }
}

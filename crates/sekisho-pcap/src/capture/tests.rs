use etherparse::PacketBuilder;
use proptest::prelude::*;
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::Observed;
use sekisho_model::traffic::{TrafficCredential, TrafficFlow};

use super::*;

const CLIENT: [u8; 4] = [192, 168, 1, 20];
const SERVER: [u8; 4] = [198, 51, 100, 7];

fn udp(from: [u8; 4], from_port: u16, to: [u8; 4], to_port: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64).udp(from_port, to_port);
    builder.write(&mut frame, payload).unwrap();
    frame
}

/// A segment of the client (or of the server) with the sequence number counted from its SYN.
fn tcp(from_client: bool, port: u16, sequence: u32, flags: &str, payload: &[u8]) -> Vec<u8> {
    let (from, to) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    let (from_port, to_port) = if from_client { (40_000, port) } else { (port, 40_000) };
    let mut builder =
        PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64).tcp(from_port, to_port, sequence, 1000);
    for flag in flags.chars() {
        builder = match flag {
            's' => builder.syn(),
            'f' => builder.fin(),
            'r' => builder.rst(),
            _ => builder.ack(0),
        };
    }
    let mut frame = Vec::new();
    builder.write(&mut frame, payload).unwrap();
    frame
}

/// A pcap file of frames, each a second after the one before.
fn pcap(link: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let timed: Vec<(u32, &[u8])> = frames.iter().enumerate().map(|(i, frame)| (i as u32, frame.as_slice())).collect();
    timed_pcap(link, &timed)
}

fn timed_pcap(link: u32, frames: &[(u32, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, link] {
        file.extend(u32::to_le_bytes(word));
    }
    for (second, frame) in frames {
        for word in [1_700_000_000 + second, 0, frame.len() as u32, frame.len() as u32] {
            file.extend(u32::to_le_bytes(word));
        }
        file.extend(*frame);
    }
    file
}

fn read_with(file: &[u8], limits: Limits) -> Collection {
    CaptureCollector::default().with_limits(limits).read(file, "c.pcap", "device", &|_| ()).unwrap()
}

fn read(file: &[u8]) -> Collection {
    read_with(file, Limits::default())
}

fn flows(collection: &Collection) -> Vec<&TrafficFlow> {
    let flows = collection.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::TrafficFlow(flow) => Some(flow),
        _ => None,
    });
    flows.collect()
}

fn credentials(collection: &Collection) -> Vec<(&TrafficCredential, Option<u64>)> {
    let found = collection.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::TrafficCredential(credential) => Some((credential, fact.source.frame)),
        _ => None,
    });
    found.collect()
}

fn extent(collection: &Collection, aspect: Aspect) -> Extent {
    collection.coverage.iter().find(|coverage| coverage.aspect == aspect).unwrap().extent
}

fn ftp() -> Vec<Vec<u8>> {
    vec![
        tcp(true, 2121, 100, "s", b""),
        tcp(false, 2121, 500, "sa", b""),
        tcp(false, 2121, 501, "a", b"220 ready\r\n"),
        tcp(true, 2121, 101, "a", b"USER cam\r\n"),
        tcp(false, 2121, 512, "a", b"331 password\r\n"),
        tcp(true, 2121, 111, "a", b"PASS topsecret\r\n"),
        tcp(true, 2121, 127, "fa", b""),
        tcp(false, 2121, 526, "fa", b""),
    ]
}

#[test]
fn a_log_in_has_its_frame_and_no_gap() {
    let collection = read(&pcap(1, &ftp()));
    let found = credentials(&collection);
    let [(login, frame)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((login.kind.as_str(), login.masked.as_str(), *frame), ("ftp-user-pass", "t******t", Some(6)));
    let all = flows(&collection);
    let [flow] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((flow.from.as_str(), flow.port, flow.protocol.as_deref()), ("192.168.1.20", Some(2121), Some("ftp")));
    assert!(flow.answered && flow.encrypted == Some(false));
    assert!(
        collection.coverage.iter().all(|coverage| coverage.extent == Extent::Complete),
        "{:?}",
        collection.coverage
    );
    assert_eq!(collection.artefact.made.as_deref(), Some("2023-11-14T22:13:20Z"));
}

#[test]
fn the_order_of_the_frames_does_not_matter() {
    let mut frames = ftp();
    frames.swap(3, 5);
    assert_eq!(credentials(&read(&pcap(1, &frames))).len(), 1);
}

#[test]
fn what_is_missing_is_a_gap() {
    // The beginning of the connection.
    let collection = read(&pcap(1, &ftp()[2..]));
    assert_eq!(credentials(&collection).len(), 1);
    assert_eq!(extent(&collection, Aspect::TrafficCredentials), Extent::Partial);
    // A segment in between.
    let mut frames = ftp();
    frames.remove(3);
    let collection = read(&pcap(1, &frames));
    assert_eq!((credentials(&collection).len(), extent(&collection, Aspect::TrafficCredentials)), (0, Extent::Partial));
    // What goes beyond the limit.
    let collection = read_with(&pcap(1, &ftp()), Limits { stream: 12, ..Limits::default() });
    assert_eq!((credentials(&collection).len(), extent(&collection, Aspect::TrafficCredentials)), (0, Extent::Partial));
    // The end of the file.
    let file = pcap(1, &ftp());
    let collection = read(&file[..file.len() - 3]);
    assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Partial);
    let Observed::TrafficCapture(capture) = &collection.facts[0].observed else { panic!() };
    assert_eq!(capture.frames, 7);
    // All of it.
    let collection = read(&pcap(195, &ftp()));
    assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::None);
    let collection = read(&pcap(1, &[]));
    assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::None);
}

#[test]
fn a_frame_that_was_cut_is_said() {
    let mut file = pcap(1, &[udp(CLIENT, 5000, SERVER, 6000, b"abcdefgh")]);
    let original = file.len() - 24 - 16;
    file.truncate(file.len() - 4);
    file[24 + 8..24 + 12].copy_from_slice(&(original as u32 - 4).to_le_bytes());
    let collection = read(&file);
    assert_eq!(extent(&collection, Aspect::TrafficCredentials), Extent::Partial);
    let [flow] = flows(&collection)[..] else { panic!() };
    // As it was on the wire.
    assert_eq!(flow.bytes_sent, 20 + 8 + 8);
}

#[test]
fn the_same_packet_is_read_from_every_link_type() {
    let query = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01";
    let ethernet = udp(CLIENT, 5000, [8, 8, 8, 8], 53, query);
    let ip = &ethernet[14..];
    let vlan = [&ethernet[..12], &[0x81, 0, 0, 5], &ethernet[12..]].concat();
    let sll = [&[0, 0, 0, 1, 0, 6, 4, 4, 4, 4, 4, 4, 0, 0, 8, 0], ip].concat();
    let sll2 = [&[8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 4, 4, 4, 4, 4, 4, 0, 0], ip].concat();
    for (link, frame) in [
        (1, ethernet.clone()),
        (1, vlan),
        (101, ip.to_vec()),
        (228, ip.to_vec()),
        (0, [&[2, 0, 0, 0], ip].concat()),
        (113, sll),
        (276, sll2),
    ] {
        let collection = read(&pcap(link, &[frame]));
        let all = flows(&collection);
        let [flow] = all.as_slice() else { panic!("{link}: {:?}", collection.coverage) };
        assert_eq!((flow.protocol.as_deref(), flow.scope.as_str()), (Some("dns"), "internet"), "{link}");
        let has_mac =
            collection.facts.iter().any(|f| matches!(&f.observed, Observed::TrafficHost(h) if h.mac.is_some()));
        assert_eq!(has_mac, matches!(link, 1 | 113 | 276), "{link}");
    }
}

/// A packet as a radio network carries it: from a station to its network.
fn radio(control: [u8; 2], sequence: u8, packet: &[u8]) -> Vec<u8> {
    let addresses = [[6; 6], [2; 6], [4; 6]].concat();
    let llc = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    [&control[..], &[0, 0], &addresses, &[sequence, 0], &llc, packet].concat()
}

#[test]
fn packets_of_a_radio_network_are_read_and_what_it_encrypts_is_said() {
    let ethernet = udp(CLIENT, 5000, SERVER, 6000, b"abc");
    let packet = &ethernet[14..];
    let plain = radio([0x08, 1], 0, packet);
    let mut quality = radio([0x88, 1], 0, packet);
    quality.splice(24..24, [0, 0]);
    // Radiotap with the time and flags, of which one says that a check sequence follows.
    let tap = [&[0, 0, 17, 0, 3, 0, 0, 0][..], &[0; 8], &[0x10]].concat();
    let tapped = [&tap[..], &plain, &[9; 4]].concat();
    for (link, frame) in [(105, plain.clone()), (105, quality.clone()), (127, tapped)] {
        let collection = read(&pcap(link, &[frame]));
        let [flow] = flows(&collection)[..] else { panic!("{link}: {:?}", collection.coverage) };
        assert_eq!((flow.from.as_str(), flow.bytes_sent), ("192.168.1.20", 31));
        assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Complete);
        let macs = collection.facts.iter().filter_map(|fact| match &fact.observed {
            Observed::TrafficHost(host) => host.mac.clone(),
            _ => None,
        });
        assert_eq!(macs.collect::<Vec<_>>(), ["02:02:02:02:02:02"]);
    }
    let mut aggregated = quality;
    aggregated[24] = 0x80;
    for (frames, gap) in [
        (vec![radio([0x08, 0x41], 0, packet)], "encrypted"),
        (vec![radio([0x08, 5], 0, packet)], "pieces"),
        (vec![radio([0x08, 1], 1, packet)], "pieces"),
        (vec![aggregated], "pieces"),
        (vec![vec![0x08, 1, 0]], "broken"),
    ] {
        let collection = read(&pcap(105, &frames));
        assert!(flows(&collection).is_empty(), "{gap}");
        assert!(
            collection.coverage[0].gaps.iter().any(|found| found.reason.en.contains(gap)),
            "{:?}",
            collection.coverage
        );
    }
    // A beacon has no packet, and that is no gap.
    let collection = read(&pcap(105, &[vec![0x80; 60], plain]));
    let collection_of_beacon = &collection.coverage[0];
    assert_eq!((collection_of_beacon.extent, flows(&collection).len()), (Extent::Complete, 1));
}

#[test]
fn ppp_carries_packets_also_over_ethernet() {
    let ethernet = udp(CLIENT, 5000, SERVER, 6000, b"abc");
    let packet = &ethernet[14..];
    let session = [&ethernet[..12], &[0x88, 0x64, 0x11, 0, 0, 1, 0, packet.len() as u8 + 2, 0, 0x21], packet].concat();
    for (link, frame) in [(9, [&[0xff, 3, 0, 0x21], packet].concat()), (50, [&[0x21], packet].concat()), (1, session)] {
        let collection = read(&pcap(link, &[frame]));
        assert_eq!(flows(&collection).len(), 1, "{link}");
    }
}

/// A datagram in two fragments.
fn fragments(v6: bool) -> [Vec<u8>; 2] {
    let query = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01";
    let ethernet = udp(CLIENT, 5000, [8, 8, 8, 8], 53, query);
    let datagram = &ethernet[34..];
    [(0, &datagram[..16]), (16_u16, &datagram[16..])].map(|(offset, part)| {
        let more = u16::from(offset == 0);
        if v6 {
            let mut head = vec![0x60, 0, 0, 0, 0, part.len() as u8 + 8, 44, 64];
            head.extend([0xfd; 16]);
            head.extend([0x20; 16]);
            head.extend([17, 0]);
            head.extend((offset | more).to_be_bytes());
            head.extend([0, 0, 0, 7]);
            [&ethernet[..12], &[0x86, 0xdd], &head, part].concat()
        } else {
            let mut frame = [&ethernet[..34], part].concat();
            frame[16..18].copy_from_slice(&(20 + part.len() as u16).to_be_bytes());
            frame[18..20].copy_from_slice(&[0, 7]);
            frame[20..22].copy_from_slice(&((offset / 8) | (more << 13)).to_be_bytes());
            frame
        }
    })
}

#[test]
fn fragments_are_put_together() {
    for v6 in [false, true] {
        let [first, second] = fragments(v6);
        for frames in [[first.clone(), second.clone()], [second.clone(), first.clone()]] {
            let collection = read(&pcap(1, &frames));
            let [flow] = flows(&collection)[..] else { panic!("{:?}", collection.coverage) };
            assert_eq!((flow.protocol.as_deref(), flow.port), (Some("dns"), Some(53)), "{v6}");
            let heads = if v6 { 2 * 48 } else { 2 * 20 };
            assert_eq!(flow.bytes_sent, heads + 8 + 27);
            assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Complete);
        }
        // Without its rest it is counted where there are no ports.
        let collection = read(&pcap(1, &[first]));
        let [flow] = flows(&collection)[..] else { panic!() };
        assert_eq!((flow.protocol.as_deref(), flow.port), (None, Some(0)));
        assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Partial);
    }
}

#[test]
fn a_fragment_with_a_header_that_is_cut_off_is_not_read_beyond_it() {
    // Behind the fragment's header an authentication header is announced, of which too little, or nothing, is there.
    let [mut frame, _] = fragments(true);
    frame[14 + 40] = 51;
    for length in 14 + 48..frame.len() {
        let mut cut = frame[..length].to_vec();
        cut[18..20].copy_from_slice(&((length - 54) as u16).to_be_bytes());
        let collection = read(&pcap(1, &[cut]));
        assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Partial, "{length}");
    }
}

#[test]
fn who_has_a_hardware_address_is_told_from_who_passes_on() {
    let hosts = |frames: &[Vec<u8>]| -> Vec<(String, bool, bool)> {
        let collection = read(&pcap(1, frames));
        let hosts = collection.facts.iter().filter_map(|fact| match &fact.observed {
            Observed::TrafficHost(host) => Some((host.address.clone(), host.owns_mac, host.forwards)),
            _ => None,
        });
        hosts.collect()
    };
    let arp = |mac: u8, address: [u8; 4]| {
        [&[0xff; 6][..], &[mac; 6], &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1], &[mac; 6], &address, &[0; 6], &SERVER].concat()
    };
    let sent = udp(CLIENT, 5000, SERVER, 6000, b"x");
    let from_outside = udp(SERVER, 6000, CLIENT, 5000, b"x");
    let own = |claims: bool, forwards: bool| vec![("192.168.1.20".to_owned(), claims, forwards)];
    assert_eq!(hosts(std::slice::from_ref(&sent)), own(false, false));
    assert_eq!(hosts(&[sent.clone(), arp(2, CLIENT)]), own(true, false));
    // The same hardware address sends for somebody on the Internet.
    assert_eq!(hosts(&[sent.clone(), arp(2, CLIENT), from_outside.clone()]), own(true, true));
    // Two say that the address is theirs.
    assert_eq!(hosts(&[sent.clone(), arp(2, CLIENT), arp(4, CLIENT)]), own(false, false));
    // A public address that somebody on the link claims is a station.
    let with_public = hosts(&[sent, arp(2, CLIENT), from_outside, arp(2, SERVER)]);
    assert_eq!(with_public[1], ("198.51.100.7".to_owned(), true, false));
}

fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let length = word(12 + body.len() as u32);
    [&word(kind)[..], &length, body, &length].concat()
}

fn pcapng(big: bool, frame: &[u8]) -> Vec<u8> {
    let word = |value: u32| if big { value.to_be_bytes().to_vec() } else { value.to_le_bytes().to_vec() };
    let half = |value: u16| if big { value.to_be_bytes().to_vec() } else { value.to_le_bytes().to_vec() };
    let section = [word(0x1a2b_3c4d), half(1), half(0), vec![0xff; 8]].concat();
    // Nanoseconds.
    let interface = [half(1), half(0), word(0), half(9), half(1), vec![9, 0, 0, 0], half(0), half(0)].concat();
    let ticks = 1_700_000_000_000_000_000_u64;
    let mut packet =
        [word(0), word((ticks >> 32) as u32), word(ticks as u32), word(frame.len() as u32), word(frame.len() as u32)]
            .concat();
    packet.extend(frame);
    packet.resize(packet.len().next_multiple_of(4), 0);
    [block(big, 0x0a0d_0d0a, &section), block(big, 1, &interface), block(big, 6, &packet)].concat()
}

#[test]
fn pcapng_of_both_byte_orders() {
    for big in [false, true] {
        let collection = read(&pcapng(big, &udp(CLIENT, 5000, SERVER, 6000, b"x")));
        let Observed::TrafficCapture(capture) = &collection.facts[0].observed else { panic!() };
        assert_eq!((capture.format.as_str(), capture.frames), ("pcapng", 1));
        assert_eq!(capture.first.as_deref(), Some("2023-11-14T22:13:20Z"));
        assert_eq!(flows(&collection).len(), 1, "{:?}", collection.coverage);
    }
}

#[test]
fn times_from_one_end_of_the_numbers_to_the_other_do_no_harm() {
    let frame = udp(CLIENT, 5000, SERVER, 6000, b"x");
    let mut file = pcapng(false, &frame);
    let packet = file.len() - (12 + 20 + frame.len().next_multiple_of(4));
    for high in [0x7fff_ffff_u32, 0, 0x7fff_ffff, 1, 2, 0xffff_ffff, 0x7000_0000] {
        let mut another = file[packet..packet + 32 + frame.len().next_multiple_of(4)].to_vec();
        another[12..16].copy_from_slice(&high.to_le_bytes());
        file.extend(another);
    }
    let collection = read(&file);
    let [flow] = flows(&collection)[..] else { panic!() };
    assert_eq!(flow.connections, 1);
}

#[test]
fn a_pcap_of_the_other_byte_order_with_nanoseconds() {
    let frame = udp(CLIENT, 5000, SERVER, 6000, b"x");
    let mut file = Vec::new();
    for word in [0xa1b2_3c4d, 0x0002_0004, 0, 0, 65_535, 1, 1_700_000_000, 5, frame.len() as u32, frame.len() as u32] {
        file.extend(u32::to_be_bytes(word));
    }
    file.extend(&frame);
    let collection = read(&file);
    let Observed::TrafficCapture(capture) = &collection.facts[0].observed else { panic!() };
    assert_eq!((capture.format.as_str(), capture.frames, flows(&collection).len()), ("pcap-ns", 1, 1));
}

#[test]
fn regular_contacts_are_seen() {
    let payload = [7_u8; 20];
    let frames: Vec<Vec<u8>> = (0..8).map(|i| udp(CLIENT, 5000 + i, SERVER, 6000, &payload)).collect();
    let timed: Vec<(u32, &[u8])> =
        frames.iter().enumerate().map(|(i, frame)| (i as u32 * 30, frame.as_slice())).collect();
    let collection = read(&timed_pcap(1, &timed));
    let [flow] = flows(&collection)[..] else { panic!() };
    assert_eq!((flow.interval_seconds, flow.connections, flow.protocol.as_deref()), (Some(30), 8, None));
}

#[test]
fn a_destination_has_the_name_that_was_asked_for() {
    let query = b"\x00\x01\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x05cloud\x07example\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc6\x33\x64\x07";
    let frames = [udp([192, 168, 1, 1], 53, CLIENT, 5000, query), tcp(true, 443, 1, "s", b"")];
    let collection = read(&pcap(1, &frames));
    let destinations = collection.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::TrafficDestination(destination) => Some(destination),
        _ => None,
    });
    let destinations: Vec<_> = destinations.collect();
    let [destination] = destinations.as_slice() else { panic!("{destinations:?}") };
    assert_eq!(
        (destination.host.as_str(), destination.services.as_slice()),
        ("cloud.example", &["tcp/443".to_owned()][..])
    );
    assert_eq!(destination.seen_in, ["dns"]);
}

#[test]
fn the_table_of_flows_is_bounded_and_says_so() {
    let frames: Vec<Vec<u8>> = (0..200).map(|i| udp(CLIENT, 1000 + i, SERVER, 6000, b"x")).collect();
    let limits = Limits { open_flows: 8, conversations: 4, ..Limits::default() };
    let collection = read_with(&pcap(1, &frames), limits);
    let [flow] = flows(&collection)[..] else { panic!() };
    assert_eq!(flow.connections, 200);
    assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Partial);
    let frames: Vec<Vec<u8>> = (0..20).map(|i| udp(CLIENT, 1000, SERVER, 6000 + i, b"x")).collect();
    let collection = read_with(&pcap(1, &frames), limits);
    assert_eq!(flows(&collection).len(), 4);
    assert_eq!(extent(&collection, Aspect::TrafficFlows), Extent::Partial);
}

#[test]
fn payload_is_bounded_and_says_so() {
    let mut frames = Vec::new();
    for port in 0..50 {
        frames.push(tcp(true, 7000 + port, 0, "s", b""));
        frames.push(tcp(true, 7000 + port, 1, "a", &[b'x'; 1000]));
    }
    let collection = read_with(&pcap(1, &frames), Limits { payload: 5000, ..Limits::default() });
    let gaps: Vec<&str> = collection.coverage.iter().flat_map(|c| &c.gaps).map(|gap| gap.reason.en.as_str()).collect();
    assert!(gaps.iter().any(|gap| gap.contains("had to make room")), "{gaps:?}");
}

#[test]
fn tls_without_its_handshake_is_a_gap() {
    let record = [&[23, 3, 3, 0, 20][..], &[7; 20]].concat();
    let frames = [tcp(true, 443, 1, "a", &record), tcp(false, 443, 1, "a", &record)];
    let collection = read(&pcap(1, &frames));
    let [flow] = flows(&collection)[..] else { panic!() };
    assert_eq!((flow.protocol.as_deref(), flow.encrypted), (Some("tls"), Some(true)));
    assert_eq!(extent(&collection, Aspect::TrafficTls), Extent::Partial);
    assert_eq!(extent(&collection, Aspect::TrafficCredentials), Extent::Complete);
}

#[test]
fn what_is_no_capture_is_refused() {
    for bytes in [&b""[..], b"x", b"PK\x03\x04 a zip", &[0; 100]] {
        let problem = CaptureCollector::default().read(bytes, "c", "device", &|_| ()).unwrap_err();
        assert_eq!(problem.code, "not-a-capture");
        assert!(problem.hint.is_some());
    }
}

proptest! {
    #[test]
    fn no_file_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..3_u8) {
        let head = match kind {
            0 => pcap(1, &[]),
            1 => pcapng(false, b""),
            _ => Vec::new(),
        };
        let _ = CaptureCollector::default().read(&[head, bytes].concat()[..], "c", "device", &|_| ());
    }

    #[test]
    fn no_damage_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), big in any::<bool>()) {
        for mut file in [pcap(1, &ftp()), pcapng(big, &ftp()[3])] {
            let at = at.index(file.len());
            file[at] = byte;
            let limits = Limits { frame: 2 << 20, ..Limits::default() };
            let _ = CaptureCollector::default().with_limits(limits).read(&file[..], "c", "device", &|_| ());
        }
    }

    #[test]
    fn no_frame_panics(link in prop::sample::select(vec![0_u16, 1, 9, 101, 105, 108, 113, 127, 276]), data in proptest::collection::vec(any::<u8>(), 0..120)) {
        let _ = link::read(link, &data);
    }
}

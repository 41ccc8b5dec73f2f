//! Takes one frame after the other and keeps what facts will be made of, within the limits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sekisho_algorithms::tls::alert_name;
use sekisho_model::traffic::{TrafficCertificate, TrafficCredential, TrafficTls};

use super::certificate;
use super::container::Frame;
use super::conversation::Conversations;
use super::flow::{Flow, Key};
use super::fragments::{Fragmented, Fragments};
use super::link::{self, Packet, Transport};
use super::names::Names;
use crate::limits::Limits;
use crate::protocol::{dhcp, dns, tls};
use sekisho_model::address::scope;

/// What is counted over the whole capture.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    pub(crate) cut: u64,
    pub(crate) other: u64,
    pub(crate) flows: u64,
    pub(crate) links: BTreeSet<u16>,
    pub(crate) unknown_link: u64,
    pub(crate) broken: u64,
    /// Frames that the radio network encrypts, and those in a form of it that is not put together.
    pub(crate) encrypted: u64,
    pub(crate) split: u64,
    /// Fragments that were not put together, and packets whose TCP or UDP header is broken.
    pub(crate) unread: u64,
    /// Flows that had to make room, and connections whose payload had to.
    pub(crate) evicted: u64,
    pub(crate) let_go: u64,
    /// Connections in the clear that were not looked at as a whole.
    pub(crate) incomplete: u64,
    /// Flows with payload whose protocol was not recognised.
    pub(crate) unknown: u64,
    /// Handshakes whose certificates are encrypted, and flows of QUIC whose hello was not read.
    pub(crate) hidden: u64,
    pub(crate) quic: u64,
    /// Connections of TLS whose beginning was not captured, and handshakes of DTLS in fragments.
    pub(crate) without_hello: u64,
    pub(crate) fragments: u64,
    /// Certificates that could not be read.
    pub(crate) bad_certificates: u64,
    /// Findings for which there was no room.
    pub(crate) left: u64,
}

/// The state of the reading.
#[derive(Debug)]
pub(crate) struct Watch<'l> {
    limits: &'l Limits,
    pub(crate) counts: Counts,
    pub(crate) names: Names,
    pub(crate) conversations: Conversations,
    fragments: Fragments,
    open: HashMap<Key, Flow>,
    kept: usize,
    /// Each with the frame in which it was seen first; handshakes also with their number.
    pub(crate) credentials: BTreeMap<TrafficCredential, u64>,
    pub(crate) handshakes: BTreeMap<TrafficTls, (u64, u64)>,
    pub(crate) certificates: BTreeMap<TrafficCertificate, u64>,
}

impl<'l> Watch<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            counts: Counts::default(),
            names: Names::new(limits.names),
            conversations: Conversations::new(limits.conversations),
            fragments: Fragments::new(limits.fragmented),
            open: HashMap::new(),
            kept: 0,
            credentials: BTreeMap::new(),
            handshakes: BTreeMap::new(),
            certificates: BTreeMap::new(),
        }
    }

    /// Takes a frame.
    pub(crate) fn frame(&mut self, frame: &Frame<'_>) {
        let counts = &mut self.counts;
        counts.frames += 1;
        counts.bytes += u64::from(frame.original);
        counts.links.insert(frame.link);
        if let Some(time) = frame.time {
            counts.first = Some(counts.first.map_or(time, |first| first.min(time)));
            counts.last = Some(counts.last.map_or(time, |last| last.max(time)));
        }
        if frame.data.len() < frame.original as usize {
            counts.cut += 1;
        }
        match link::read(frame.link, frame.data) {
            link::Read::Packet(packet) => self.packet(&packet, frame.number, frame.time),
            link::Read::Other => counts.other += 1,
            link::Read::Arp(claim) => {
                counts.other += 1;
                self.names.claim(&claim, frame.number);
            }
            link::Read::Encrypted => counts.encrypted += 1,
            link::Read::Split => counts.split += 1,
            link::Read::UnknownLink => counts.unknown_link += 1,
            link::Read::Broken => counts.broken += 1,
        }
    }

    fn packet(&mut self, packet: &Packet<'_>, frame: u64, time: Option<i64>) {
        self.counts.unread += u64::from(packet.unread);
        if let Some(claim) = &packet.claim {
            self.names.claim(claim, frame);
        }
        let (from, to) = match &packet.transport {
            Transport::Tcp(segment) => (segment.from, segment.to),
            Transport::Udp { from, to, .. } => (*from, *to),
            Transport::Fragment(piece) => {
                for fragmented in self.fragments.take(packet, piece, frame, time) {
                    self.fragmented(&fragmented, frame, time);
                }
                return;
            }
            Transport::Other => (0, 0),
        };
        let (key, sender) = Key::new(packet.protocol, (packet.from, from), (packet.to, to));
        if let Transport::Tcp(segment) = &packet.transport
            && segment.syn
            && self.open.get(&key).is_some_and(|flow| flow.is_over(segment))
        {
            self.finish(&key);
        }
        if self.open.len() >= self.limits.open_flows && !self.open.contains_key(&key) {
            self.make_room();
        }
        let mut begun = false;
        let flow = self.open.entry(key).or_insert_with(|| {
            begun = true;
            Flow::new(&key, sender, frame, time)
        });
        if begun {
            self.counts.flows += 1;
        }
        let before = flow.kept();
        match &packet.transport {
            Transport::Tcp(segment) => {
                flow.segment(sender, segment, frame, self.limits.stream);
                if flow.is_closed() {
                    flow.examine(true);
                }
            }
            Transport::Udp { payload, .. } => {
                let told = flow.datagram(&key, sender, payload, frame);
                match told {
                    Some("dns" | "mdns" | "llmnr") => {
                        if let Some(message) = dns::parse(payload, true) {
                            self.names.dns(&message, packet.from, told != Some("dns"));
                        }
                    }
                    Some("dhcp") => {
                        if let Some(message) = dhcp::parse(payload) {
                            self.names.dhcp(message, frame);
                        }
                    }
                    _ => {}
                }
            }
            Transport::Fragment(_) | Transport::Other => {}
        }
        flow.packet(sender, packet.mac, packet.length, frame, time);
        self.kept = (self.kept + flow.kept()).saturating_sub(before);
        if begun {
            flow.name = self.names.of(key.ends[1 - flow.client].0);
        }
        if self.kept > self.limits.payload {
            self.let_go();
        }
    }

    /// A packet that was put together from fragments at this frame, or of which only these fragments came.
    fn fragmented(&mut self, fragmented: &Fragmented, frame: u64, time: Option<i64>) {
        let Fragmented { from, to, mac, protocol, length, fragments, first_frame, .. } = *fragmented;
        let transport = fragmented.whole.as_deref().and_then(|bytes| link::transport(protocol, bytes));
        // Without a rest there are no ports: it is counted where there are none.
        let (frame, time) = if transport.is_some() { (frame, time) } else { (first_frame, fragmented.time) };
        if transport.is_none() {
            self.counts.unread += fragments;
        }
        let transport = transport.unwrap_or(Transport::Other);
        self.packet(&Packet { from, to, mac, protocol, length, transport, unread: false, claim: None }, frame, time);
    }

    /// Ends the quarter of flows that have been silent longest.
    fn make_room(&mut self) {
        let Some(last) = self.silent_since(4) else { return };
        let old = self.open.iter().filter(|(_, flow)| flow.last_frame <= last);
        // In a stable order: what comes first finds room.
        let mut old: Vec<(u64, Key)> = old.map(|(key, flow)| (flow.last_frame, *key)).collect();
        old.sort_by_key(|(frame, key)| (*frame, key.ends));
        self.counts.evicted += old.len() as u64;
        for (_, key) in old {
            self.finish(&key);
        }
    }

    /// Looks at the payload of the half of flows that have been silent longest, and lets it go.
    fn let_go(&mut self) {
        let last = self.silent_since(2).unwrap_or(u64::MAX);
        for (key, flow) in &mut self.open {
            if flow.last_frame <= last && flow.kept() > 0 {
                self.kept = self.kept.saturating_sub(flow.kept());
                flow.examine(key.protocol == 6);
                self.counts.let_go += 1;
            }
        }
        // One flow can be that large only where the limits are odd.
        if self.kept > self.limits.payload {
            for (key, flow) in &mut self.open {
                flow.examine(key.protocol == 6);
            }
            self.kept = 0;
        }
    }

    /// The frame in which the last of that part of the flows was heard.
    fn silent_since(&self, part: usize) -> Option<u64> {
        let mut heard: Vec<u64> = self.open.values().map(|flow| flow.last_frame).collect();
        let nth = (heard.len() / part).min(heard.len().checked_sub(1)?);
        Some(*heard.select_nth_unstable(nth).1)
    }

    /// Everything that is still open ends with the capture.
    pub(crate) fn end(&mut self) {
        for fragmented in self.fragments.end() {
            self.fragmented(&fragmented, fragmented.first_frame, fragmented.time);
        }
        let mut open: Vec<(u64, Key)> = self.open.iter().map(|(key, flow)| (flow.first_frame, *key)).collect();
        open.sort_by_key(|(frame, key)| (*frame, key.ends));
        for (_, key) in open {
            self.finish(&key);
        }
        self.conversations.settle();
    }

    fn finish(&mut self, key: &Key) {
        let Some(mut flow) = self.open.remove(key) else { return };
        self.kept = self.kept.saturating_sub(flow.kept());
        flow.examine(key.protocol == 6);
        self.conversations.add(key, &flow);
        for ((address, _), sent) in key.ends.iter().zip(flow.sent()) {
            if sent.frames > 0 {
                self.names.sent(*address, &sent);
            }
        }
        let (carried, _) = flow.carried();
        self.counts.incomplete += u64::from(flow.seen.incomplete);
        self.counts.quic += u64::from(flow.seen.protocol == Some("quic") && flow.seen.tls.is_none());
        self.counts.unknown += u64::from(carried && flow.seen.protocol.is_none());
        self.logins(key, &flow);
        self.tls(key, &flow);
    }

    fn logins(&mut self, key: &Key, flow: &Flow) {
        let (client, server) = (key.ends[flow.client], key.ends[1 - flow.client]);
        for (login, frame) in &flow.seen.logins {
            let credential = TrafficCredential {
                kind: login.kind.to_owned(),
                user: login.user.clone(),
                masked: login.masked.clone(),
                from: client.0.to_string(),
                to: server.0.to_string(),
                scope: scope(server.0).to_owned(),
                port: server.1,
                own: None,
            };
            if self.credentials.len() >= self.limits.findings && !self.credentials.contains_key(&credential) {
                self.counts.left += 1;
                continue;
            }
            let first = self.credentials.entry(credential).or_insert(*frame);
            *first = (*first).min(*frame);
        }
    }

    fn tls(&mut self, key: &Key, flow: &Flow) {
        let Some(seen) = flow.seen.tls.as_deref() else { return };
        let (client, server) = (key.ends[flow.client], key.ends[1 - flow.client]);
        let frame = flow.seen.hello_frame.unwrap_or(flow.first_frame);
        let hello = seen.hello.clone().unwrap_or_default();
        self.counts.fragments += u64::from(seen.fragments);
        if seen.hello.is_none() && seen.version.is_none() {
            // The middle of a connection: nothing was agreed on in what there is.
            self.counts.without_hello += 1;
            return;
        }
        // QUIC has no version of TLS that shows them.
        let hidden = seen.version.is_some_and(tls::hides_certificates) || flow.seen.protocol == Some("quic");
        self.counts.hidden += u64::from(hidden);
        let mut weak: Vec<String> =
            hello.suites.iter().filter(|suite| tls::is_weak(**suite)).map(|suite| tls::suite_name(*suite)).collect();
        weak.sort();
        weak.dedup();
        let handshake = TrafficTls {
            client: client.0.to_string(),
            server: server.0.to_string(),
            scope: scope(server.0).to_owned(),
            port: server.1,
            server_name: hello.server_name.clone(),
            offered: hello.versions.iter().take(16).map(|version| tls::version_name(*version)).collect(),
            alpn: hello.alpn.clone(),
            version: seen.version.map(tls::version_name),
            cipher_suite: seen.suite.map(tls::suite_name),
            weak_offered: weak,
            weak_chosen: seen.suite.is_some_and(tls::is_weak),
            upgraded: flow.seen.upgraded,
            alert: seen.alert.map(alert_name),
            client_certificate: if seen.asked_for_certificate {
                Some(true)
            } else {
                (seen.server_done && !hidden).then_some(false)
            },
            count: 0,
            own: None,
        };
        if self.handshakes.len() < self.limits.findings || self.handshakes.contains_key(&handshake) {
            let (count, first) = self.handshakes.entry(handshake).or_insert((0, frame));
            *count += 1;
            *first = (*first).min(frame);
        } else {
            self.counts.left += 1;
        }
        let place = flow.seen.certificate_frame.unwrap_or(frame);
        for (by_client, chain) in [(false, &seen.server_chain), (true, &seen.client_chain)] {
            for (position, (_, der)) in chain.iter().enumerate() {
                let Some(mut certificate) = certificate::read(der, flow.time) else {
                    self.counts.bad_certificates += 1;
                    continue;
                };
                let end = if by_client { client } else { server };
                certificate.presented_by = end.0.to_string();
                certificate.port = server.1;
                certificate.by_client = by_client;
                certificate.position = position as u32;
                if !by_client && position == 0 {
                    let name = hello.server_name.as_deref();
                    certificate.name_matches =
                        name.map(|name| sekisho_x509::is_for(&certificate.names, &certificate.subject, name));
                }
                if self.certificates.len() < self.limits.findings || self.certificates.contains_key(&certificate) {
                    let first = self.certificates.entry(certificate).or_insert(place);
                    *first = (*first).min(place);
                } else {
                    self.counts.left += 1;
                }
            }
        }
    }
}

//! Facts of what was seen in a capture, in a stable order.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use sekisho_model::coverage::Coverage;
use sekisho_model::fact::{Fact, Observed, Source};
use sekisho_model::traffic::{TrafficCapture, TrafficDestination, TrafficFlow, TrafficHost, TrafficTls};

use super::container::Outcome;
use super::conversation::{Between, Conversation};
use super::watch::Watch;
use super::{gaps, link, protocol_name, rfc3339};
use crate::protocol;
use sekisho_model::address::scope;

/// Addresses of one destination that are listed.
const ADDRESSES: usize = 64;

/// Everything that was seen, and how far it was looked at.
pub(crate) fn facts(mut watch: Watch<'_>, read: &Outcome, name: &str, subject: &str) -> (Vec<Fact>, Vec<Coverage>) {
    watch.end();
    let coverage = gaps::coverage(&watch, read, name, subject);
    let mut facts = Vec::new();
    let mut add = |observed: Observed, frame: Option<u64>| {
        let source = Source { artefact: name.to_owned(), frame, ..Source::default() };
        facts.push(Fact { observed, subject: subject.to_owned(), source });
    };
    add(Observed::TrafficCapture(capture(&watch, read)), None);
    for (address, station) in &watch.names.stations {
        let lease = station.mac.and_then(|mac| watch.names.leases.get(&mac));
        let mut names = station.names.clone();
        names.extend(lease.and_then(|lease| lease.host.clone()));
        let host = TrafficHost {
            address: address.to_string(),
            mac: station.mac.map(mac_text),
            owns_mac: station.owns_mac(),
            forwards: station.mac.is_some_and(|mac| watch.names.forwards(mac)),
            names: names.into_iter().collect(),
            vendor_class: lease.and_then(|lease| lease.vendor.clone()),
            mud_url: lease.and_then(|lease| lease.mud.clone()),
            frames_sent: station.frames,
            bytes_sent: station.bytes,
        };
        add(Observed::TrafficHost(host), Some(station.first_frame));
    }
    for (between, conversation) in &watch.conversations.all {
        add(Observed::TrafficFlow(flow(between, conversation)), Some(conversation.first_frame));
    }
    for (frame, destination) in destinations(&watch) {
        add(Observed::TrafficDestination(destination), Some(frame));
    }
    for (credential, frame) in std::mem::take(&mut watch.credentials) {
        add(Observed::TrafficCredential(credential), Some(frame));
    }
    for (handshake, (count, frame)) in std::mem::take(&mut watch.handshakes) {
        add(Observed::TrafficTls(TrafficTls { count, ..handshake }), Some(frame));
    }
    for (certificate, frame) in std::mem::take(&mut watch.certificates) {
        add(Observed::TrafficCertificate(certificate), Some(frame));
    }
    (facts, coverage)
}

fn mac_text(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

fn capture(watch: &Watch<'_>, read: &Outcome) -> TrafficCapture {
    let counts = &watch.counts;
    let named = |link: &u16| link::name(*link).map_or_else(|| format!("link-type-{link}"), str::to_owned);
    let links: BTreeSet<String> = counts.links.iter().map(named).collect();
    let seconds = counts.first.zip(counts.last).map(|(first, last)| last.abs_diff(first) / 1_000_000_000);
    TrafficCapture {
        format: read.format.to_owned(),
        link_types: links.into_iter().collect(),
        frames: counts.frames,
        bytes: counts.bytes,
        first: counts.first.and_then(rfc3339),
        seconds,
        cut_frames: counts.cut,
        other_frames: counts.other,
        flows: counts.flows,
    }
}

fn flow(between: &Between, conversation: &Conversation) -> TrafficFlow {
    TrafficFlow {
        from: between.client.to_string(),
        to: between.server.to_string(),
        scope: scope(between.server).to_owned(),
        name: between.name.as_ref().map(|(name, _)| name.clone()),
        transport: protocol_name(between.transport),
        port: between.port,
        protocol: between.protocol.map(str::to_owned),
        encrypted: is_encrypted(between),
        answered: conversation.answered,
        connections: conversation.connections,
        bytes_sent: conversation.sent,
        bytes_received: conversation.received,
        entropy: conversation.entropy(),
        interval_seconds: conversation.interval(),
        own: None,
    }
}

/// What changes over to TLS counts as encrypted: what was said before is in the facts about log-ins.
fn is_encrypted(between: &Between) -> Option<bool> {
    between.protocol.map(|name| between.upgraded || protocol::is_encrypted(name))
}

#[derive(Default)]
struct Gathered {
    frame: u64,
    seen_in: BTreeSet<&'static str>,
    addresses: BTreeSet<IpAddr>,
    services: BTreeSet<(u8, Option<u16>)>,
    protocols: BTreeSet<&'static str>,
    cleartext: bool,
    sent: u64,
    received: u64,
}

/// Those outside of the local network, put together by their names.
fn destinations(watch: &Watch<'_>) -> Vec<(u64, TrafficDestination)> {
    let mut all: BTreeMap<(IpAddr, String, bool), Gathered> = BTreeMap::new();
    for (between, conversation) in &watch.conversations.all {
        if scope(between.server) != "internet" {
            continue;
        }
        let (host, named) = match &between.name {
            Some((name, _)) => (name.clone(), true),
            None => (between.server.to_string(), false),
        };
        let first = Gathered { frame: conversation.first_frame, ..Gathered::default() };
        let gathered = all.entry((between.client, host, named)).or_insert(first);
        gathered.frame = gathered.frame.min(conversation.first_frame);
        gathered.seen_in.extend(between.name.as_ref().map(|(_, how)| *how));
        gathered.addresses.insert(between.server);
        gathered.services.insert((between.transport, between.port));
        gathered.protocols.extend(between.protocol);
        gathered.cleartext |= is_encrypted(between) == Some(false);
        gathered.sent += conversation.sent;
        gathered.received += conversation.received;
    }
    let service = |(transport, port): (u8, Option<u16>)| match port {
        Some(port) => format!("{}/{port}", protocol_name(transport)),
        None => protocol_name(transport),
    };
    all.into_iter()
        .map(|((from, host, named), gathered)| {
            let destination = TrafficDestination {
                from: from.to_string(),
                host,
                named,
                seen_in: gathered.seen_in.into_iter().map(str::to_owned).collect(),
                addresses: gathered.addresses.iter().take(ADDRESSES).map(ToString::to_string).collect(),
                services: gathered.services.into_iter().map(service).collect(),
                protocols: gathered.protocols.into_iter().map(str::to_owned).collect(),
                cleartext: gathered.cleartext,
                bytes_sent: gathered.sent,
                bytes_received: gathered.received,
                own: None,
            };
            (gathered.frame, destination)
        })
        .collect()
}

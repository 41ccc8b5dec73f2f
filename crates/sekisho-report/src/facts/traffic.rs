//! Facts from captures and MUD files as people read them.

use sekisho_model::traffic::{
    MudFile, MudRule, TrafficCapture, TrafficCertificate, TrafficCredential, TrafficDestination, TrafficFlow,
    TrafficHost, TrafficTls, UndeclaredDestination,
};

use super::Columns;
use super::cell::{Cell, flag, maybe, maybe_flag, number, raw};
use crate::messages::facts as m;
use crate::plain::size;

pub(super) fn capture(x: &TrafficCapture) -> Columns {
    vec![
        (m::FORMAT, raw(&x.format)),
        (m::LINK_TYPES, raw(&x.link_types.join(", "))),
        (m::FRAMES, number(Some(x.frames))),
        (m::LENGTH, Cell::Raw(size(x.bytes))),
        (m::SECONDS, number(x.seconds)),
        (m::FLOWS, number(Some(x.flows))),
        (m::CUT_FRAMES, if x.cut_frames == 0 { Cell::Empty } else { number(Some(x.cut_frames)) }),
    ]
}

pub(super) fn host(x: &TrafficHost) -> Columns {
    vec![
        (m::ADDRESS, raw(&x.address)),
        (m::MAC, maybe(x.mac.as_deref())),
        (m::NAMES, raw(&x.names.join(", "))),
        (m::VENDOR_CLASS, maybe(x.vendor_class.as_deref())),
        (m::MUD_URL, maybe(x.mud_url.as_deref())),
        (m::SENT, Cell::Raw(size(x.bytes_sent))),
    ]
}

pub(super) fn flow(x: &TrafficFlow) -> Columns {
    vec![
        (m::FROM, raw(&x.from)),
        (m::TO, raw(x.name.as_deref().unwrap_or(&x.to))),
        (m::SERVICE, raw(&service(&x.transport, x.port))),
        (m::PROTOCOL, maybe(x.protocol.as_deref())),
        (m::ENCRYPTED, maybe_flag(x.encrypted)),
        (m::SENT, Cell::Raw(size(x.bytes_sent))),
        (m::RECEIVED, Cell::Raw(size(x.bytes_received))),
        (m::SCOPE, raw(&x.scope)),
        (m::CONNECTIONS, number(Some(x.connections))),
        (m::INTERVAL, number(x.interval_seconds)),
        (m::ENTROPY, x.entropy.map_or(Cell::Empty, |e| Cell::Raw(format!("{}.{:02}", e / 100, e % 100)))),
    ]
}

pub(super) fn destination(x: &TrafficDestination) -> Columns {
    vec![
        (m::TO, raw(&x.host)),
        (m::FROM, raw(&x.from)),
        (m::SERVICE, raw(&x.services.join(", "))),
        (m::PROTOCOLS, raw(&x.protocols.join(", "))),
        (m::CLEARTEXT, flag(x.cleartext)),
        (m::SENT, Cell::Raw(size(x.bytes_sent))),
        (m::RECEIVED, Cell::Raw(size(x.bytes_received))),
        (m::ADDRESSES, raw(&x.addresses.join(", "))),
    ]
}

pub(super) fn credential(x: &TrafficCredential) -> Columns {
    vec![
        (m::KIND, raw(&x.kind)),
        (m::USER, maybe(x.user.as_deref())),
        (m::SECRET, raw(&x.masked)),
        (m::FROM, raw(&x.from)),
        (m::TO, raw(&x.to)),
        (m::SERVICE, Cell::Raw(x.port.to_string())),
        (m::SCOPE, raw(&x.scope)),
    ]
}

pub(super) fn tls(x: &TrafficTls) -> Columns {
    vec![
        (m::SERVER, raw(x.server_name.as_deref().unwrap_or(&x.server))),
        (m::SERVICE, Cell::Raw(x.port.to_string())),
        (m::FROM, raw(&x.client)),
        (m::OFFERED, raw(&x.offered.join(", "))),
        (m::ALPN, raw(&x.alpn.join(", "))),
        (m::CHOSEN, maybe(x.version.as_deref())),
        (m::CIPHER_SUITE, maybe(x.cipher_suite.as_deref())),
        (m::WEAK_CHOSEN, if x.weak_chosen { flag(true) } else { Cell::Empty }),
        (m::WEAK_OFFERED, raw(&x.weak_offered.join(", "))),
        (m::ALERT, maybe(x.alert.as_deref())),
    ]
}

pub(super) fn certificate(x: &TrafficCertificate) -> Columns {
    vec![
        (m::SUBJECT, raw(&x.subject)),
        (m::ISSUER, raw(&x.issuer)),
        (m::VALID, raw(&format!("{} – {}", day(&x.not_before), day(&x.not_after)))),
        (m::VALID_THEN, maybe_flag(x.valid_then)),
        (m::KEY, raw(&format!("{} {}", x.key_algorithm, x.key_bits.map_or(String::new(), |bits| bits.to_string())))),
        (m::SIGNATURE, raw(&x.signature)),
        (m::NAME_MATCHES, maybe_flag(x.name_matches)),
        (m::SERVER, raw(&x.presented_by)),
    ]
}

pub(super) fn mud_file(x: &MudFile) -> Columns {
    vec![
        (m::ADDRESS, maybe(x.url.as_deref())),
        (m::FORM, raw(&x.form)),
        (m::MADE, maybe(x.last_update.as_deref())),
        (m::RULES, number(Some(x.rules))),
        (m::SIGNED, Cell::Word(m::signature(x.signature))),
        (m::SIGNER, maybe(x.signer.as_deref())),
        (m::SIGNER_IN_TIME, maybe_flag(x.signer_in_time)),
        (m::SUPPORTED, maybe_flag(x.supported)),
        (m::ERRORS, raw(&x.errors.join(", "))),
        (m::WARNINGS, raw(&x.warnings.join(", "))),
        (m::HTTPS, maybe_flag(x.https)),
        (m::CACHE_VALIDITY, number(x.cache_validity)),
        (m::SIGNER_UNTIL, maybe(x.signer_not_after.as_deref().map(crate::age::day_of).as_deref())),
        (m::SIGNER_ISSUER, maybe(x.signer_issuer.as_deref())),
        (m::SIGNATURE_SCHEME, maybe(x.signature_scheme.as_deref())),
        (m::SIGNATURE_FILE, maybe(x.signature_file.as_deref())),
    ]
}

pub(super) fn mud_rule(x: &MudRule) -> Columns {
    vec![
        (m::RULE, raw(&format!("{}/{}", x.list, x.rule))),
        (m::DIRECTION, maybe(x.direction.as_deref())),
        (m::PEER, raw(&x.value.as_ref().map_or_else(|| x.peer.clone(), |value| format!("{} {value}", x.peer)))),
        (m::PROTOCOL, maybe(x.protocol.as_deref())),
        (m::PEER_PORT, maybe(x.peer_port.as_deref())),
        (m::DEVICE_PORT, maybe(x.device_port.as_deref())),
        (m::ACTION, maybe(x.action.as_deref())),
        (m::NOT_UNDERSTOOD, raw(&x.not_understood.join(", "))),
    ]
}

pub(super) fn undeclared(x: &UndeclaredDestination) -> Columns {
    vec![
        (m::TO, raw(&x.host)),
        (m::FROM, raw(&x.from)),
        (m::SERVICE, raw(&x.service)),
        (m::SENT, Cell::Raw(size(x.bytes_sent))),
        (m::HELD_AGAINST, raw(&x.held_against.join(", "))),
    ]
}

/// Transport and port, as `tcp/443`.
fn service(transport: &str, port: Option<u16>) -> String {
    port.map_or_else(|| transport.to_owned(), |port| format!("{transport}/{port}"))
}

/// The day of a time stamp.
fn day(moment: &str) -> &str {
    moment.split_once('T').map_or(moment, |(day, _)| day)
}

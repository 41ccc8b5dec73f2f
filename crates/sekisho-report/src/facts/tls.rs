//! Facts about TLS and DTLS of servers and clients as people read them.

use sekisho_model::tls::{TlsCertificate, TlsClient, TlsServer, TlsSuite};

use super::Columns;
use super::cell::{Cell, days, flag, list, maybe, maybe_flag, named, raw, words};
use super::network::place;
use crate::messages::facts as m;
use crate::messages::network as n;
use crate::messages::tls as t;

pub(super) fn server(x: &TlsServer) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (t::STARTTLS, maybe(x.starttls.as_deref())),
        (t::LOGIN_IN_CLEAR, maybe_flag(x.login_in_clear)),
        (t::VERSIONS, list(&x.versions)),
        (t::UNKNOWN_VERSIONS, list(&x.unknown)),
        (t::WEAKNESSES, list(&x.weaknesses)),
        (t::FORWARD_SECRECY, maybe_flag(x.forward_secrecy)),
        (t::DH_BITS, x.dh_bits.map_or(Cell::Empty, |bits| Cell::Raw(bits.to_string()))),
        (t::CLIENT_CERTIFICATE, maybe_flag(x.client_certificate)),
        (t::REFUSED_VERSIONS, list(&x.refused)),
        (t::SERVER_NAME, maybe(x.server_name.as_deref())),
        (t::GROUPS, list(&x.groups)),
        (t::CIPHER_SUITES, list(&x.cipher_suites)),
        (t::SERVER_ORDER, maybe_flag(x.server_order)),
        (t::COMPRESSION, maybe_flag(x.compression)),
        (t::SECURE_RENEGOTIATION, maybe_flag(x.secure_renegotiation)),
        (t::CLIENT_RENEGOTIATION, maybe_flag(x.client_renegotiation)),
        (t::FALLBACK_REFUSED, maybe_flag(x.fallback_refused)),
        (t::EXTENDED_MASTER_SECRET, maybe_flag(x.extended_master_secret)),
        (t::SESSION_TICKETS, maybe_flag(x.session_tickets)),
        (t::OCSP_STAPLED, maybe_flag(x.ocsp_stapled)),
    ]
}

pub(super) fn suite(x: &TlsSuite) -> Columns {
    vec![
        (m::CIPHER_SUITE, raw(&x.suite)),
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (m::VERSION, raw(&x.version)),
        (t::CODE, raw(&x.code)),
        (t::FORWARD_SECRECY, flag(x.forward_secrecy)),
        (t::WEAKNESSES, list(&x.weaknesses)),
    ]
}

pub(super) fn certificate(x: &TlsCertificate) -> Columns {
    let mut marks = Vec::new();
    marks.extend(x.self_signed.then_some(m::MARK_SELF_SIGNED));
    marks.extend(x.authority.then_some(m::MARK_AUTHORITY));
    let bits = x.key_bits.map(|bits| format!(" {bits}")).unwrap_or_default();
    let validity = format!("{} – {}", crate::age::day_of(&x.not_before), crate::age::day_of(&x.not_after));
    vec![
        (m::SUBJECT, raw(&x.subject)),
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (t::POSITION, Cell::Raw(x.position.to_string())),
        (m::VALID, raw(&validity)),
        (t::VALID_NOW, maybe_flag(x.valid_now)),
        (m::NAME_MATCHES, maybe_flag(x.name_matches)),
        (t::TRUSTED, maybe_flag(x.trusted)),
        (m::MARKS, words(marks)),
        (m::KEY, raw(&format!("{}{bits}", x.key_algorithm))),
        (m::SIGNATURE, raw(&x.signature)),
        (m::ISSUER, raw(&x.issuer)),
        (t::DAYS_LEFT, days(x.days_left)),
        (t::FOR_NAMES, list(&x.names)),
        (t::REVOCATION, list(&x.revocation)),
        (t::FINGERPRINT, raw(&x.fingerprint)),
    ]
}

pub(super) fn client(x: &TlsClient) -> Columns {
    vec![
        (t::CLIENT, raw(&x.client)),
        (t::PRESENTED, named(&x.presented, t::presented)),
        (t::ACCEPTED, maybe_flag(x.accepted)),
        (t::SERVER_NAME, maybe(x.server_name.as_deref())),
        (m::VERSION, maybe(x.version.as_deref())),
        (m::ALERT, maybe(x.alert.as_deref())),
    ]
}

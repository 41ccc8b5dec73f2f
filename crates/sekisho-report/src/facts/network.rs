//! Facts about a host of the network as people read them.

use sekisho_model::declaration::DeclarationDifference;
use sekisho_model::network::{
    DefaultLogin, InternetService, LoginLimit, NetworkHost, NetworkService, ProbeFailure, ServiceAccess,
    UndeclaredListener,
};

use super::Columns;
use super::cell::{Cell, flag, list, maybe, maybe_flag, named, number, raw};
use crate::messages::facts as m;
use crate::messages::network as n;
use crate::messages::web as w;

/// Where a service is, as `192.0.2.1 tcp/443`.
pub(super) fn place(address: &str, transport: &str, port: u16) -> Cell {
    raw(&format!("{address} {transport}/{port}"))
}

pub(super) fn host(x: &NetworkHost) -> Columns {
    vec![
        (m::ADDRESS, raw(&x.address)),
        (m::NAME, maybe(x.name.as_deref())),
        (n::VANTAGE, n::vantage(x.vantage).map_or(Cell::Empty, Cell::Word)),
        (n::TCP_OPEN, number(Some(x.tcp_open))),
        (n::TCP_ASKED, number(Some(x.tcp_asked))),
        (n::TCP_REFUSED, number(Some(x.tcp_refused))),
        (n::TCP_SILENT, number(Some(x.tcp_silent))),
        (n::UDP_OPEN, number(Some(x.udp_open))),
        (n::UDP_ASKED, number(Some(x.udp_asked))),
    ]
}

pub(super) fn service(x: &NetworkService) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (m::PROTOCOL, maybe(x.protocol.as_deref())),
        (n::IN_TLS, flag(x.tls)),
        (m::PRODUCT, maybe(x.product.as_deref())),
        (m::VERSION, maybe(x.version.as_deref())),
        (m::CLEARTEXT, maybe_flag(x.cleartext)),
        (m::FOUND_BY, x.recognised_by.as_deref().map_or(Cell::Empty, |by| named(by, n::recognised_by))),
    ]
}

pub(super) fn failure(x: &ProbeFailure) -> Columns {
    let at = match (x.transport.as_deref(), x.port) {
        (Some(transport), Some(port)) => place(&x.address, transport, port),
        _ => raw(&x.address),
    };
    vec![
        (n::PLACE, at),
        (n::ASKED, raw(&x.probe)),
        (n::HAPPENED, Cell::Word(n::failure(x.failure))),
        (m::DETAIL, maybe(x.detail.as_deref())),
    ]
}

pub(super) fn access(x: &ServiceAccess) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (m::PROTOCOL, raw(&x.protocol)),
        (n::ATTEMPT, named(&x.attempt, n::attempt)),
        (n::GRANTED, maybe_flag(x.granted)),
        (n::WOULD_ALLOW, named(&x.kind, n::access)),
        (m::DETAIL, maybe(x.detail.as_deref())),
    ]
}

pub(super) fn undeclared(x: &UndeclaredListener) -> Columns {
    vec![(n::PLACE, place(&x.address, &x.transport, x.port)), (m::PROTOCOL, maybe(x.protocol.as_deref()))]
}

pub(super) fn reached(x: &InternetService) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (m::PROTOCOL, maybe(x.protocol.as_deref())),
        (n::IN_TLS, flag(x.tls)),
        (w::LOGIN, maybe(x.login.as_deref())),
    ]
}

pub(super) fn difference(x: &DeclarationDifference) -> Columns {
    vec![
        (n::PLACE, place(&x.address, &x.transport, x.port)),
        (n::ABOUT, named(&x.about, n::about)),
        (n::UNDECLARED, list(&x.undeclared)),
        (n::MISSING, list(&x.missing)),
        (n::DECLARED, list(&x.declared)),
        (n::OF, named(&x.of, n::of)),
        (n::AUTHENTICATED, maybe_flag(x.authenticated)),
    ]
}

pub(super) fn login_limit(x: &LoginLimit) -> Columns {
    vec![
        (n::PLACE, place(&x.address, "tcp", x.port)),
        (m::PROTOCOL, raw(&x.protocol)),
        (n::FAILING_LOGINS, number(Some(x.attempts))),
        (n::LIMITED, flag(x.limited)),
        (n::HOW, x.how.as_deref().map_or(Cell::Empty, |how| named(how, n::limit))),
        (n::AFTER, number(x.after)),
    ]
}

pub(super) fn default_login(x: &DefaultLogin) -> Columns {
    let transport = if x.protocol == "snmp" { "udp" } else { "tcp" };
    vec![
        (n::PLACE, place(&x.address, transport, x.port)),
        (m::PROTOCOL, raw(&x.protocol)),
        (m::USER, raw(&x.user)),
        (m::SECRET, raw(&x.masked)),
        (n::GRANTED, flag(x.accepted)),
    ]
}

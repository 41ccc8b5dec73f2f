//! Looks at web servers: at real ones, at an application with accounts, and at servers that mean no good.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where something is not as it should be")]

mod accounts;
mod app;
mod hostile;
mod json;
mod servers;

use std::net::SocketAddr;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::product::{Authorized, Transport, WebLogin};
use sekisho_model::web::WebService;
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Login, Port, Stop, web};

/// Looks at a server on this machine.
fn look(address: SocketAddr, tls: bool, authorized: Authorized, accounts: &[(&str, &str)]) -> Findings {
    let bounds = Bounds { conversation: Duration::from_secs(5), ..Bounds::default() };
    look_within(bounds, address, tls, authorized, accounts)
}

fn look_within(
    bounds: Bounds,
    address: SocketAddr,
    tls: bool,
    authorized: Authorized,
    accounts: &[(&str, &str)],
) -> Findings {
    look_until(Stop::default(), bounds, address, tls, authorized, accounts)
}

fn look_until(
    stop: Stop,
    bounds: Bounds,
    address: SocketAddr,
    tls: bool,
    authorized: Authorized,
    accounts: &[(&str, &str)],
) -> Findings {
    look_by(None, stop, bounds, address, tls, authorized, accounts)
}

/// Looks at a server at which one logs in as declared.
fn look_by(
    login: Option<WebLogin>,
    stop: Stop,
    bounds: Bounds,
    address: SocketAddr,
    tls: bool,
    authorized: Authorized,
    accounts: &[(&str, &str)],
) -> Findings {
    let accounts = accounts.iter().map(|(user, password)| Login { user: (*user).into(), password: (*password).into() });
    let port = Port {
        transport: Transport::Tcp,
        port: address.port(),
        kind: "web".into(),
        authorized,
        accounts: accounts.collect(),
        path: None,
        login,
    };
    let budget = Budget::new(bounds, stop);
    web::look(&Endpoint::tcp(address, None), tls, Some(&port), authorized, &budget)
}

fn all<'a, T>(findings: &'a Findings, which: impl Fn(&'a Observed) -> Option<&'a T>) -> Vec<&'a T> {
    findings.facts.iter().filter_map(|(observed, _)| which(observed)).collect()
}

fn service(findings: &Findings) -> &WebService {
    let found = all(findings, |observed| match observed {
        Observed::WebService(service) => Some(&**service),
        _ => None,
    });
    assert_eq!(found.len(), 1, "{findings:#?}");
    found[0]
}

/// The gaps of an aspect, in English.
fn gaps(findings: &Findings, aspect: Aspect) -> Vec<&str> {
    findings.gaps.iter().filter(|(of, _)| *of == aspect).map(|(_, gap)| gap.reason.en.as_str()).collect()
}

//! RTSP (RFC 2326, 7826): whether a stream is described to whoever asks.

use sekisho_model::network::{FailureKind, ServiceAccess};

use super::{ANSWER, ASPECT, access, add};
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Port;
use crate::protocol::head::Head;
use crate::protocol::shown;
use crate::scan::hearing::{hear, say};

/// Where cameras have their streams; the first is asked on all.
const PATHS: [&str; 5] = ["/", "/live", "/stream1", "/h264", "/11"];

/// Asks for the description of streams without a log-in; no stream is begun.
pub(super) fn look(endpoint: &Endpoint, port: Option<&Port>, budget: &Budget, findings: &mut Findings) {
    let declared = port.and_then(|port| port.path.as_deref());
    let mut told = Vec::new();
    for path in declared.into_iter().chain(PATHS) {
        match describe(endpoint, budget, path) {
            Ok(status) => told.push((path, status)),
            Err(failure) => {
                findings.failed(&ASPECT, endpoint, "rtsp-describe", &failure);
                break;
            }
        }
        if matches!(told.last(), Some((_, 200 | 401 | 403))) {
            break;
        }
    }
    let Some((path, status)) = told.last() else { return };
    let granted = match status {
        200 => Some(true),
        401 | 403 => Some(false),
        // Its streams have other names.
        _ => {
            let reason =
                Failure { kind: FailureKind::Other, detail: Some(format!("{status} for every path that was asked")) };
            findings.failed(&ASPECT, endpoint, "rtsp-describe", &reason);
            None
        }
    };
    let detail = granted.map(|_| shown(format!("DESCRIBE {path}: {status}").as_bytes()));
    add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, "rtsp", "read", "read", granted) });
}

fn describe(endpoint: &Endpoint, budget: &Budget, path: &str) -> Result<u16, Failure> {
    let mut connection = Connection::open(budget, endpoint.address)?;
    let path: String = path.chars().filter(char::is_ascii_graphic).collect();
    let separator = if path.starts_with('/') { "" } else { "/" };
    let request = format!(
        "DESCRIBE rtsp://{}{separator}{path} RTSP/1.0\r\nCSeq: 2\r\nAccept: application/sdp\r\n\r\n",
        endpoint.address
    );
    say(&mut connection, request.as_bytes())?;
    let heard = hear(&mut connection, ANSWER, &|bytes| bytes.windows(4).any(|four| four == b"\r\n\r\n"));
    match Head::read(&heard.bytes) {
        Some(answer) if answer.protocol == "RTSP" => Ok(answer.status),
        _ if heard.bytes.is_empty() => Err(heard.end),
        _ => Err(Failure::nonsense(shown(&heard.bytes))),
    }
}

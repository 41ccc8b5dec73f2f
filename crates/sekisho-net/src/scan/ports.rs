//! Which TCP ports of a host accept connections.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::network::{FailureKind, NetworkHost};
use sekisho_model::product::{Authorized, Transport};

use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Host;

/// What rests on knowing which ports answer.
const ASPECTS: [Aspect; 3] = [Aspect::NetworkPorts, Aspect::NetworkServices, Aspect::NetworkAccess];
/// Silent ports that are asked a second time, with all the time that is allowed: more are a packet filter.
const AGAIN: usize = 200;
/// The shortest that is waited for an answer, however fast the host was before.
const PATIENCE: Duration = Duration::from_millis(200);

/// What a port did.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Open,
    Refused,
    Silent(Failure),
}

/// Connects to the ports that the product file names and those of its interfaces, except where nothing may be sent, and counts in `sum` what
/// they do. Returns those that accept.
pub fn ports(
    host: &Host,
    budget: &Budget,
    sum: &mut NetworkHost,
    progress: &(dyn Fn(&str) + Sync),
) -> (Vec<Endpoint>, Findings) {
    let mut findings = Findings::default();
    let declared = host.declared.iter().filter(|port| port.transport == Transport::Tcp).map(|port| port.port);
    let declared: BTreeSet<u16> = declared.collect();
    let (asked, passive): (BTreeSet<u16>, BTreeSet<u16>) = declared
        .iter()
        .chain(&host.tcp_ports)
        .partition(|port| host.authorized_at(Transport::Tcp, **port) >= Authorized::Probe);
    for port in &passive {
        findings.gap(&ASPECTS, &format!("tcp/{port}"), &not_authorized());
    }
    // What is declared is asked first: it is to be known even where the budget does not last.
    let order: Vec<u16> =
        declared.iter().filter(|port| asked.contains(port)).chain(asked.difference(&declared)).copied().collect();
    progress(&format!("tcp {} ports", order.len()));
    let fastest = Fastest::new(budget.bounds().connect);
    let (mut seen, mut broken) = all(host, budget, &order, |rtt| fastest.heard(rtt), || fastest.patience());
    let silent: Vec<u16> =
        seen.iter().filter(|(_, seen)| matches!(seen, Seen::Silent(_))).map(|(port, _)| *port).collect();
    let again: Vec<u16> = if silent.len() <= AGAIN {
        silent
    } else {
        silent.into_iter().filter(|port| declared.contains(port)).collect()
    };
    // Where nothing was heard at all, the first round had all the time already.
    if broken.is_none() && fastest.any() && !again.is_empty() {
        progress(&format!("tcp {} silent ports again", again.len()));
        let connect = budget.bounds().connect;
        let (second, failed) = all(host, budget, &again, |_| {}, || connect);
        seen.retain(|(port, _)| !second.iter().any(|(other, _)| other == port));
        seen.extend(second);
        broken = failed;
    }
    seen.sort_by_key(|(port, _)| *port);
    if let Some(failure) = &broken {
        let left = order.len().saturating_sub(seen.len());
        findings.gap(&ASPECTS, "tcp", &not_asked(left, failure));
    }
    let address = |port| Endpoint::tcp(SocketAddr::new(host.address, port), host.name.as_deref());
    for (port, seen) in &seen {
        sum.tcp_asked += 1;
        match seen {
            Seen::Open => sum.tcp_open += 1,
            Seen::Refused => sum.tcp_refused += 1,
            Seen::Silent(_) => sum.tcp_silent += 1,
        }
        match seen {
            Seen::Refused if declared.contains(port) => {
                let refused = Failure::new(FailureKind::Refused);
                findings.failed(
                    &[Aspect::NetworkServices, Aspect::NetworkAccess],
                    &address(*port),
                    "connect",
                    &refused,
                );
            }
            Seen::Silent(failure) if declared.contains(port) => {
                findings.failed(&ASPECTS, &address(*port), "connect", failure);
            }
            _ => {}
        }
    }
    if sum.tcp_asked > 0 && sum.tcp_silent == sum.tcp_asked {
        findings.gap(&ASPECTS, "tcp", &all_silent());
    }
    let open = seen.into_iter().filter(|(_, seen)| *seen == Seen::Open).map(|(port, _)| address(port)).collect();
    (open, findings)
}

/// Asks ports, several at a time. Where the budget ends, so does this, with the failure and what was seen before.
fn all(
    host: &Host,
    budget: &Budget,
    ports: &[u16],
    heard: impl Fn(Duration) + Sync,
    patience: impl Fn() -> Duration + Sync,
) -> (Vec<(u16, Seen)>, Option<Failure>) {
    let next = AtomicUsize::new(0);
    let result = Mutex::new((Vec::new(), None));
    let work = || {
        while let Some(&port) = ports.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = one(budget, SocketAddr::new(host.address, port), &heard, patience());
            let mut result = result.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(seen) => result.0.push((port, seen)),
                Err(failure) => {
                    result.1.get_or_insert(failure);
                    return;
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..budget.bounds().parallel.clamp(1, 256).min(ports.len()) {
            // Where the system gives no more threads, the ones that run do the work.
            if thread::Builder::new().stack_size(128 << 10).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    result.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn one(budget: &Budget, address: SocketAddr, heard: &impl Fn(Duration), patience: Duration) -> Result<Seen, Failure> {
    // The turn is waited for before the clock starts: it is no part of the host's time.
    budget.spend()?;
    let begin = Instant::now();
    let seen = match Connection::connect(budget, address, patience) {
        Ok(_) => Seen::Open,
        Err(failure) if failure.ends_everything() => return Err(failure),
        Err(failure) if matches!(failure.kind, FailureKind::Refused | FailureKind::Reset) => Seen::Refused,
        Err(failure) => return Ok(Seen::Silent(failure)),
    };
    heard(begin.elapsed());
    Ok(seen)
}

/// How fast the host answered so far, and so how long a port that is not filtered may take.
struct Fastest {
    /// Longest time to an answer so far, in microseconds; 0 before the first.
    slowest: AtomicU64,
    most: Duration,
}

impl Fastest {
    fn new(most: Duration) -> Self {
        Self { slowest: AtomicU64::new(0), most }
    }

    fn heard(&self, time: Duration) {
        self.slowest.fetch_max((time.as_micros() as u64).max(1), Ordering::Relaxed);
    }

    fn any(&self) -> bool {
        self.slowest.load(Ordering::Relaxed) > 0
    }

    fn patience(&self) -> Duration {
        match self.slowest.load(Ordering::Relaxed) {
            0 => self.most,
            slowest => (Duration::from_micros(slowest) * 5).clamp(PATIENCE.min(self.most), self.most),
        }
    }
}

pub(super) fn not_authorized() -> Text {
    Text::new("the product file does not authorize to send anything here", "製品ファイルがここへの送信を許可していない")
}

fn not_asked(left: usize, failure: &Failure) -> Text {
    let reason = failure.reason();
    Text::new(
        format!("{left} ports were not asked: {}", reason.en),
        format!("{left} 個のポートには問い合わせていない：{}", reason.ja),
    )
}

fn all_silent() -> Text {
    Text::new(
        "no port gave any answer: the host may be off, or a packet filter may be in between",
        "どのポートからも応答がない（ホストが停止しているか、途中にパケットフィルターがある可能性がある）",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_follows_the_host() {
        let fastest = Fastest::new(Duration::from_secs(2));
        assert_eq!(fastest.patience(), Duration::from_secs(2));
        fastest.heard(Duration::from_micros(80));
        assert_eq!(fastest.patience(), PATIENCE);
        fastest.heard(Duration::from_millis(100));
        assert_eq!(fastest.patience(), Duration::from_millis(500));
        fastest.heard(Duration::from_millis(1900));
        assert_eq!(fastest.patience(), Duration::from_secs(2));
    }
}

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

use super::BEHIND_TCP;
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Host;

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
    let connect = |address, time| Connection::connect(budget, address, time).map(drop);
    by(&connect, host, budget, sum, progress)
}

/// Connects to an address within a time.
type Connect<'a> = dyn Fn(SocketAddr, Duration) -> Result<(), Failure> + Sync + 'a;

fn by(
    connect: &Connect<'_>,
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
        unknown(&mut findings, &format!("tcp/{port}"), &not_authorized());
    }
    // What is declared is asked first: it is to be known even where the budget does not last.
    let order: Vec<u16> =
        declared.iter().filter(|port| asked.contains(port)).chain(asked.difference(&declared)).copied().collect();
    progress(&format!("tcp {} ports", order.len()));
    let longest = budget.bounds().connect;
    let pace = Pace::new(PATIENCE, longest);
    let (mut seen, mut broken) = all(connect, host, budget, &order, &pace);
    let silent: Vec<u16> =
        seen.iter().filter(|(_, seen)| matches!(seen, Seen::Silent(_))).map(|(port, _)| *port).collect();
    let again: Vec<u16> = if silent.len() <= AGAIN {
        silent
    } else {
        silent.into_iter().filter(|port| declared.contains(port)).collect()
    };
    // Where nothing was heard at all, the first round had all the time already.
    if broken.is_none() && pace.any() && !again.is_empty() {
        progress(&format!("tcp {} silent ports again", again.len()));
        let (second, failed) = all(connect, host, budget, &again, &Pace::new(longest, longest));
        seen.retain(|(port, _)| !second.iter().any(|(other, _)| other == port));
        seen.extend(second);
        broken = failed;
    }
    seen.sort_by_key(|(port, _)| *port);
    let left = order.len().saturating_sub(seen.len());
    if let Some(failure) = broken.filter(|_| left > 0) {
        unknown(&mut findings, "tcp", &not_asked(left, &failure));
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
                findings.failed(&BEHIND_TCP, &address(*port), "connect", &refused);
            }
            Seen::Silent(failure) if declared.contains(port) => {
                findings.failed(&BEHIND_TCP, &address(*port), "connect", failure);
                findings.gap(&[Aspect::NetworkPorts], &address(*port).to_string(), &failure.reason());
            }
            _ => {}
        }
    }
    if sum.tcp_asked > 0 && sum.tcp_silent == sum.tcp_asked {
        unknown(&mut findings, "tcp", &all_silent());
    }
    let open = seen.into_iter().filter(|(_, seen)| *seen == Seen::Open).map(|(port, _)| address(port)).collect();
    (open, findings)
}

/// Says that it is not known whether ports answer, and so nothing of what may be behind them.
fn unknown(findings: &mut Findings, place: &str, reason: &Text) {
    findings.gap(&[Aspect::NetworkPorts, Aspect::NetworkReach], place, reason);
    findings.gap(&BEHIND_TCP, place, reason);
}

/// Asks ports, several at a time. Where the budget ends, so does this, with the failure and what was seen before.
fn all(
    connect: &Connect<'_>,
    host: &Host,
    budget: &Budget,
    ports: &[u16],
    pace: &Pace,
) -> (Vec<(u16, Seen)>, Option<Failure>) {
    let next = AtomicUsize::new(0);
    let result = Mutex::new((Vec::new(), None));
    let work = || {
        while let Some(&port) = ports.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = one(connect, SocketAddr::new(host.address, port), budget, pace);
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
        for _ in 1..budget.bounds().parallel.min(256).min(ports.len()) {
            // Where the system gives no more threads, the ones that run do the work.
            if thread::Builder::new().stack_size(128 << 10).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    result.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn one(connect: &Connect<'_>, address: SocketAddr, budget: &Budget, pace: &Pace) -> Result<Seen, Failure> {
    // The turn is waited for before the clock starts: it is no part of the host's time.
    budget.spend()?;
    let begin = Instant::now();
    let seen = match connect(address, pace.patience()) {
        Ok(()) => Seen::Open,
        Err(failure) if failure.ends_everything() => return Err(failure),
        Err(failure) if matches!(failure.kind, FailureKind::Refused | FailureKind::Reset) => Seen::Refused,
        Err(failure) => return Ok(Seen::Silent(failure)),
    };
    pace.heard(begin.elapsed());
    Ok(seen)
}

/// How fast the host answered so far, and so how long a port that is not filtered may take.
struct Pace {
    /// Longest time to an answer so far, in microseconds; 0 before the first.
    slowest: AtomicU64,
    least: Duration,
    most: Duration,
}

impl Pace {
    fn new(least: Duration, most: Duration) -> Self {
        Self { slowest: AtomicU64::new(0), least: least.min(most), most }
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
            slowest => (Duration::from_micros(slowest) * 5).clamp(self.least, self.most),
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
    use crate::budget::{Bounds, Stop};
    use crate::host::Port;
    use sekisho_model::network::Vantage;

    #[test]
    fn patience_follows_the_host() {
        let pace = Pace::new(PATIENCE, Duration::from_secs(2));
        assert_eq!(pace.patience(), Duration::from_secs(2));
        pace.heard(Duration::from_micros(80));
        assert_eq!(pace.patience(), PATIENCE);
        pace.heard(Duration::from_millis(100));
        assert_eq!(pace.patience(), Duration::from_millis(500));
        pace.heard(Duration::from_millis(1900));
        assert_eq!(pace.patience(), Duration::from_secs(2));
    }

    /// Asks ports 1 to `most`, of which 1 is declared, of a host that does so.
    fn asked(most: u16, requests: u32, does: &Connect<'_>) -> (NetworkHost, Vec<u16>, Findings) {
        let declared = Port {
            transport: Transport::Tcp,
            port: 1,
            kind: "web".into(),
            authorized: Authorized::Probe,
            accounts: vec![],
            path: None,
            login: None,
        };
        let host = Host {
            address: [192, 0, 2, 1].into(),
            name: None,
            vantage: Vantage::Unknown,
            authorized: Authorized::Probe,
            tcp_ports: (1..=most).collect(),
            declared: vec![declared],
        };
        let bounds = Bounds { requests, per_second: 1_000_000, ..Bounds::default() };
        let mut sum = NetworkHost::default();
        let (open, findings) = by(does, &host, &Budget::new(bounds, Stop::default()), &mut sum, &|_| {});
        (sum, open.into_iter().map(|endpoint| endpoint.address.port()).collect(), findings)
    }

    fn failure(kind: FailureKind) -> Result<(), Failure> {
        Err(Failure::new(kind))
    }

    #[test]
    fn a_host_that_says_nothing_is_a_gap() {
        let (sum, open, findings) = asked(50, 1000, &|_, _| failure(FailureKind::TimedOut));
        assert_eq!((sum.tcp_asked, sum.tcp_silent, open.len()), (50, 50, 0));
        assert!(findings.gaps.iter().any(|(_, gap)| gap.path.as_deref() == Some("tcp")));
    }

    #[test]
    fn silence_of_some_ports_is_counted_and_no_gap() {
        let (sum, open, findings) = asked(600, 5000, &|address, _| match address.port() {
            1 | 80 => Ok(()),
            2..=9 => failure(FailureKind::Refused),
            _ => failure(FailureKind::Unreachable),
        });
        assert_eq!((sum.tcp_asked, sum.tcp_open, sum.tcp_refused, sum.tcp_silent), (600, 2, 8, 590));
        assert_eq!((open, findings.gaps.len()), (vec![1, 80], 0));
    }

    #[test]
    fn a_port_that_was_too_slow_is_asked_again() {
        // It is slower than the others let expect.
        let slow = |address: SocketAddr, time: Duration| match address.port() {
            80 if time < Duration::from_secs(1) => failure(FailureKind::TimedOut),
            1 | 80 => Ok(()),
            _ => failure(FailureKind::Refused),
        };
        let (sum, open, _) = asked(100, 1000, &slow);
        assert_eq!((sum.tcp_silent, open), (0, vec![1, 80]));
    }

    #[test]
    fn what_was_not_asked_is_a_gap() {
        let (sum, _, findings) = asked(100, 10, &|_, _| failure(FailureKind::Refused));
        assert_eq!((sum.tcp_asked, sum.tcp_refused), (10, 10));
        let reasons: Vec<_> = findings.gaps.iter().map(|(_, gap)| gap.reason.en.as_str()).collect();
        assert!(reasons.iter().any(|reason| reason.starts_with("90 ports were not asked")), "{reasons:?}");
    }

    #[test]
    fn a_declared_port_that_is_silent_is_a_gap() {
        let (_, _, findings) = asked(10, 1000, &|address, _| {
            failure(if address.port() == 1 { FailureKind::TimedOut } else { FailureKind::Refused })
        });
        assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkPorts));
    }
}

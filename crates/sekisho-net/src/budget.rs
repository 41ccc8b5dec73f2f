//! How much one host is asked, how fast and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::network::FailureKind;

use crate::failure::Failure;

/// The longest that anything waits without asking whether it should stop.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// Set when the user wants everything to end; shared by all that runs.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks everything to end. Safe in a signal handler.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The bounds on looking at one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Time for the whole host.
    pub total: Duration,
    /// Connections and datagrams for the whole host.
    pub requests: u32,
    /// Of them in one second.
    pub per_second: u32,
    /// Connections at the same time, where ports are asked.
    pub parallel: usize,
    /// Time for a connection to be accepted.
    pub connect: Duration,
    /// Time for one conversation, from the connection on.
    pub conversation: Duration,
    /// Bytes that are read in one conversation.
    pub bytes: u64,
}

impl Default for Bounds {
    /// Gentle enough for a small device: 200 requests a second, five minutes, a megabyte an answer.
    fn default() -> Self {
        Self {
            total: Duration::from_mins(5),
            requests: 20_000,
            per_second: 200,
            parallel: 64,
            connect: Duration::from_secs(2),
            conversation: Duration::from_secs(10),
            bytes: 1 << 20,
        }
    }
}

/// What is left of the bounds of one host. Shared by all threads that look at it.
#[derive(Debug)]
pub struct Budget {
    bounds: Bounds,
    deadline: Instant,
    spent: AtomicU32,
    /// The moment from which the next request may go out.
    next: Mutex<Instant>,
    stop: Stop,
}

impl Budget {
    /// A whole budget; its time begins now.
    pub fn new(bounds: Bounds, stop: Stop) -> Self {
        let now = Instant::now();
        Self { bounds, deadline: now + bounds.total, spent: AtomicU32::new(0), next: Mutex::new(now), stop }
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Requests made so far.
    pub fn spent(&self) -> u32 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Takes one request and waits until it may go out.
    ///
    /// # Errors
    /// Where the budget or its time is used up, or the user stopped it.
    pub fn spend(&self) -> Result<(), Failure> {
        self.check()?;
        if self.spent.fetch_add(1, Ordering::Relaxed) >= self.bounds.requests {
            self.spent.fetch_sub(1, Ordering::Relaxed);
            return Err(Failure::new(FailureKind::BudgetSpent));
        }
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + Duration::from_secs(1) / self.bounds.per_second.max(1);
            turn
        };
        self.sleep(turn.saturating_duration_since(Instant::now()))
    }

    /// Waits, unless it is time to end.
    ///
    /// # Errors
    /// Where the time is used up or the user stopped it.
    pub fn sleep(&self, time: Duration) -> Result<(), Failure> {
        let until = Instant::now() + time;
        loop {
            self.check()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(TICK));
        }
    }

    /// Whether anything more may be done.
    ///
    /// # Errors
    /// Where the time is used up or the user stopped it.
    pub fn check(&self) -> Result<(), Failure> {
        if self.stop.asked() {
            Err(Failure::new(FailureKind::Cancelled))
        } else if Instant::now() >= self.deadline {
            Err(Failure::new(FailureKind::BudgetSpent))
        } else {
            Ok(())
        }
    }

    /// The end of a conversation that begins now.
    pub(crate) fn conversation_end(&self) -> Instant {
        (Instant::now() + self.bounds.conversation).min(self.deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_requests_than_allowed() {
        let bounds = Bounds { requests: 3, per_second: 10_000, ..Bounds::default() };
        let budget = Budget::new(bounds, Stop::default());
        assert!((0..3).all(|_| budget.spend().is_ok()));
        assert_eq!(budget.spend().unwrap_err().kind, FailureKind::BudgetSpent);
        assert_eq!(budget.spent(), 3);
    }

    #[test]
    fn requests_keep_their_distance() {
        let bounds = Bounds { per_second: 100, ..Bounds::default() };
        let budget = Budget::new(bounds, Stop::default());
        let start = Instant::now();
        for _ in 0..6 {
            budget.spend().unwrap();
        }
        // The first goes at once, the other five each wait for their turn.
        assert!(start.elapsed() >= Duration::from_millis(50));
    }

    #[test]
    fn the_user_ends_it() {
        let stop = Stop::default();
        let budget = Budget::new(Bounds::default(), stop.clone());
        budget.spend().unwrap();
        stop.ask();
        assert_eq!(budget.spend().unwrap_err().kind, FailureKind::Cancelled);
        assert_eq!(budget.sleep(Duration::from_hours(1)).unwrap_err().kind, FailureKind::Cancelled);
    }

    #[test]
    fn time_ends_it() {
        let budget = Budget::new(Bounds { total: Duration::ZERO, ..Bounds::default() }, Stop::default());
        assert_eq!(budget.spend().unwrap_err().kind, FailureKind::BudgetSpent);
    }
}

//! What one run may cost, and the account that is kept of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Limits of one run. What goes over a limit is cut short and reported as a gap; it never ends the run with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep containers may lie in each other. Default 8.
    pub depth: usize,
    /// Bytes that one decompressed stream may have; it is held in memory. Default 256 MiB.
    pub stream: u64,
    /// Bytes of decompressed streams held in memory at one time. Default 256 MiB.
    pub live: u64,
    /// Bytes decompressed in the whole run. Default 4 GiB.
    pub expanded: u64,
    /// Bytes of one file that are looked at. Default 32 MiB.
    pub file: u64,
    /// Files, directories and links in the whole run. Default 400,000.
    pub files: u64,
    /// Facts that one file may give. Default 500.
    pub facts_per_file: usize,
    /// An image up to this size is read into memory; a larger one is read in windows. Default 64 MiB.
    pub in_memory: u64,
    /// Time of the whole run. Default ten minutes.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            stream: 256 << 20,
            live: 256 << 20,
            expanded: 4 << 30,
            file: 32 << 20,
            files: 400_000,
            facts_per_file: 500,
            in_memory: 64 << 20,
            time: Duration::new(600, 0),
        }
    }
}

/// The running account against [`Limits`].
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) limits: Limits,
    deadline: Option<Instant>,
    live: AtomicU64,
    expanded: AtomicU64,
    checked: AtomicU64,
    files: AtomicU64,
    timed_out: AtomicBool,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            deadline: Instant::now().checked_add(limits.time),
            live: AtomicU64::new(0),
            expanded: AtomicU64::new(0),
            checked: AtomicU64::new(0),
            files: AtomicU64::new(0),
            timed_out: AtomicBool::new(false),
        })
    }

    /// Whether the time is over; once over, it stays so.
    pub(crate) fn out_of_time(&self) -> bool {
        if self.timed_out.load(Ordering::Relaxed) {
            return true;
        }
        let over = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if over {
            self.timed_out.store(true, Ordering::Relaxed);
        }
        over
    }

    /// Asks for `bytes` of decompressed output, without holding them.
    pub(crate) fn expand(&self, bytes: u64) -> bool {
        take(&self.expanded, bytes, self.limits.expanded)
    }

    /// Asks for `bytes` that a header wants checked (a digest, entries behind the content): a thousand headers that all declare the rest of
    /// the image must not make it read a thousand times. The limit is that of what may be decompressed.
    pub(crate) fn check(&self, bytes: u64) -> bool {
        take(&self.checked, bytes, self.limits.expanded)
    }

    /// Asks for one more entry of a tree.
    pub(crate) fn entry(&self) -> bool {
        take(&self.files, 1, self.limits.files)
    }

    /// Asks for `bytes` of memory; they are given back when `held` is dropped.
    pub(crate) fn hold(self: &Arc<Self>, held: &mut Held, bytes: u64) -> bool {
        if !take(&self.live, bytes, self.limits.live) {
            return false;
        }
        held.budget.get_or_insert_with(|| Arc::clone(self));
        held.bytes += bytes;
        true
    }
}

fn take(account: &AtomicU64, amount: u64, limit: u64) -> bool {
    account
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| used.checked_add(amount).filter(|&sum| sum <= limit))
        .is_ok()
}

/// Memory taken from a [`Budget`], given back on drop.
#[derive(Debug, Default)]
pub(crate) struct Held {
    budget: Option<Arc<Budget>>,
    bytes: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.live.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back() {
        let budget = Budget::new(Limits { live: 10, ..Limits::default() });
        let mut held = Held::default();
        assert!(budget.hold(&mut held, 8));
        assert!(!budget.hold(&mut held, 8));
        drop(held);
        assert!(budget.hold(&mut Held::default(), 8));
    }

    #[test]
    fn no_overflow() {
        let budget = Budget::new(Limits { expanded: u64::MAX, ..Limits::default() });
        assert!(budget.expand(u64::MAX));
        assert!(!budget.expand(1));
    }
}

//! Keeping decompressed blocks for as long as they are likely to be asked for again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Blocks by their offset, the oldest dropped first.
#[derive(Debug)]
pub(super) struct Cache<V> {
    capacity: usize,
    state: Mutex<(HashMap<u64, V>, VecDeque<u64>)>,
}

impl<V: Clone> Cache<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::new((HashMap::new(), VecDeque::new())) }
    }

    /// The block at `offset`, made by `make` where it is not there. Two threads may make the same block; that costs time, not truth.
    pub(super) fn get(&self, offset: u64, make: impl FnOnce() -> Result<V, String>) -> Result<V, String> {
        let lock = || self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = lock().0.get(&offset) {
            return Ok(value.clone());
        }
        let value = make()?;
        let mut state = lock();
        if state.0.insert(offset, value.clone()).is_none() {
            state.1.push_back(offset);
            if state.1.len() > self.capacity
                && let Some(oldest) = state.1.pop_front()
            {
                state.0.remove(&oldest);
            }
        }
        Ok(value)
    }
}

/// A decompressed block.
pub(super) type Block = Arc<Vec<u8>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets() {
        let cache = Cache::new(2);
        for i in 0..5 {
            assert_eq!(cache.get(i, || Ok(i)), Ok(i));
        }
        assert_eq!(cache.get(4, || Err("made again".into())), Ok(4));
        assert!(cache.get(0, || Err("made again".into())).is_err());
    }
}

//! The blocks last used.

use std::collections::HashMap;
use std::sync::Arc;

/// Keeps up to so many bytes of blocks. Two generations: what is used moves to the younger; when that is half of the room, the older is
/// dropped and the younger becomes the older. Nearly as good as keeping an order of use, and nothing has to be searched.
#[derive(Debug)]
pub(super) struct Cache {
    young: HashMap<u32, Arc<Vec<u8>>>,
    old: HashMap<u32, Arc<Vec<u8>>>,
    bytes: usize,
    room: usize,
}

impl Cache {
    pub(super) fn new(room: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), bytes: 0, room }
    }

    pub(super) fn get(&mut self, number: u32) -> Option<Arc<Vec<u8>>> {
        if let Some(block) = self.young.get(&number) {
            return Some(Arc::clone(block));
        }
        let block = self.old.remove(&number)?;
        self.put(number, Arc::clone(&block));
        Some(block)
    }

    pub(super) fn put(&mut self, number: u32, block: Arc<Vec<u8>>) {
        if self.bytes.saturating_add(block.len()) > self.room / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        // A block larger than half of the room is not worth forgetting everything else for.
        if block.len() <= self.room / 2 {
            self.bytes += block.len();
            self.young.insert(number, block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;
    use std::sync::Arc;

    #[test]
    fn keeps_what_is_used_within_its_room() {
        let mut cache = Cache::new(100);
        for number in 0..1000 {
            cache.put(number, Arc::new(vec![0; 10]));
            assert!(cache.get(0).is_some(), "{number}");
            assert!(cache.young.len() + cache.old.len() <= 10);
        }
        assert!(cache.get(500).is_none());
        cache.put(7777, Arc::new(vec![0; 99]));
        assert!(cache.get(7777).is_none());
    }
}

//! The beginning of one direction of a TCP connection, put in order.

/// Segments that came too early and wait for those before them.
const WAITING: usize = 32;
/// Segments whose frame is remembered.
const MARKS: usize = 256;

/// The first bytes that one side sent, in order and without gaps.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// Sequence number of the first byte.
    base: Option<u32>,
    data: Vec<u8>,
    waiting: Vec<(usize, u64, Vec<u8>)>,
    /// Which frame brought the bytes from a place on.
    marks: Vec<(usize, u64)>,
    /// Whether the connection's beginning was seen.
    pub(crate) from_start: bool,
    /// Whether bytes came that are not kept: beyond the limit, or too far out of order.
    pub(crate) longer: bool,
}

impl Stream {
    /// The side's SYN was seen: its first byte follows.
    pub(crate) fn begin(&mut self, sequence: u32) {
        if self.base.is_none() {
            self.base = Some(sequence.wrapping_add(1));
            self.from_start = true;
        }
    }

    /// Takes a segment's payload; `limit` is the most bytes to keep.
    pub(crate) fn push(&mut self, sequence: u32, payload: &[u8], frame: u64, limit: usize) {
        let base = *self.base.get_or_insert(sequence);
        // A distance of more than half of the numbers is one backwards (RFC 9293, section 3.4).
        let distance = sequence.wrapping_sub(base).cast_signed();
        let (at, payload) = match usize::try_from(distance) {
            Ok(at) => (at, payload),
            Err(_) => (0, payload.get(distance.unsigned_abs() as usize..).unwrap_or_default()),
        };
        if payload.is_empty() {
            return;
        }
        let room = limit.saturating_sub(at);
        self.longer |= payload.len() > room;
        let payload = &payload[..payload.len().min(room)];
        if at > self.data.len() {
            // Sent again, it is there already.
            if payload.is_empty()
                || self.waiting.iter().any(|(other, _, bytes)| *other == at && bytes.len() >= payload.len())
            {
                return;
            }
            if self.waiting.len() == WAITING {
                self.longer = true;
                return;
            }
            self.waiting.push((at, frame, payload.to_vec()));
            return;
        }
        self.append(at, frame, payload);
        // What waited may fit now, and what of it is there twice is kept once.
        while let Some(next) = self.waiting.iter().position(|(at, ..)| *at <= self.data.len()) {
            let (at, frame, payload) = self.waiting.swap_remove(next);
            self.append(at, frame, &payload);
        }
    }

    fn append(&mut self, at: usize, frame: u64, payload: &[u8]) {
        let Some(new) = payload.get(self.data.len() - at..).filter(|new| !new.is_empty()) else { return };
        if self.marks.len() < MARKS {
            self.marks.push((self.data.len(), frame));
        }
        self.data.extend_from_slice(new);
    }

    /// What is there.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.data
    }

    /// The frame that brought the byte.
    pub(crate) fn frame(&self, at: usize) -> Option<u64> {
        self.marks.iter().rev().find(|(start, _)| *start <= at).map(|(_, frame)| *frame)
    }

    /// Whether something is missing before bytes that came later.
    pub(crate) fn has_hole(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Bytes kept.
    pub(crate) fn kept(&self) -> usize {
        self.data.len() + self.waiting.iter().map(|(_, _, bytes)| bytes.len()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn out_of_order_twice_and_across_the_end_of_the_numbers() {
        let mut stream = Stream::default();
        stream.begin(u32::MAX - 2);
        stream.push(1, b"cd", 3, 100);
        assert!(stream.has_hole());
        stream.push(u32::MAX - 1, b"xab", 2, 100);
        stream.push(0, b"abc", 4, 100);
        assert_eq!(stream.bytes(), b"xabcd");
        assert_eq!((stream.frame(0), stream.frame(4)), (Some(2), Some(3)));
        assert!(!stream.has_hole() && stream.from_start);
    }

    #[test]
    fn the_limit_holds() {
        let mut stream = Stream::default();
        stream.push(5, &[0; 100], 1, 10);
        stream.push(200, &[0; 100], 1, 10);
        assert_eq!((stream.kept(), stream.longer), (10, true));
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same(cuts in proptest::collection::vec(1..20_usize, 1..10), seed in any::<u32>()) {
            let total: usize = cuts.iter().sum();
            let text: Vec<u8> = (0..total).map(|i| i as u8).collect();
            let (mut at, mut pieces) = (0, Vec::new());
            for cut in cuts {
                pieces.push((at, &text[at..at + cut]));
                at += cut;
            }
            pieces.sort_by_key(|(at, _)| (*at as u32 + 1).wrapping_mul(seed | 1));
            let mut stream = Stream::default();
            stream.begin(seed);
            for (at, piece) in pieces {
                stream.push(seed.wrapping_add(1).wrapping_add(at as u32), piece, 1, 1000);
            }
            prop_assert_eq!(stream.bytes(), &text[..]);
        }
    }
}

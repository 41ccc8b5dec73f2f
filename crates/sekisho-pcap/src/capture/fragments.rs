//! Fragments of packets, put together (RFC 791, section 3.2; RFC 8200, section 4.5).
//!
//! Which of two overlapping fragments counts, systems disagree on, and attackers make use of that: a packet with such fragments is not read
//! (RFC 5722). The same fragment sent twice is none of these.

use std::collections::HashMap;
use std::net::IpAddr;

use etherparse::IpNumber;
use etherparse::defrag::IpDefragBuf;

use super::link::{Packet, Piece};
use super::names::Mac;

/// Nanoseconds that the rest of a packet is waited for (RFC 8200, section 4.5).
const PATIENCE: i64 = 60_000_000_000;

/// What fragments of one packet have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Id {
    from: IpAddr,
    to: IpAddr,
    protocol: u8,
    identification: u32,
}

/// A packet of which fragments were seen.
#[derive(Debug)]
pub(crate) struct Fragmented {
    pub(crate) from: IpAddr,
    pub(crate) to: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) mac: Option<Mac>,
    /// Bytes of all fragments on the wire.
    pub(crate) length: u32,
    pub(crate) fragments: u64,
    pub(crate) first_frame: u64,
    pub(crate) time: Option<i64>,
    /// What it carries, once all is there.
    pub(crate) whole: Option<Vec<u8>>,
    /// Whether fragments contradict each other.
    spoilt: bool,
    buffer: IpDefragBuf,
}

/// Packets whose rest is waited for.
#[derive(Debug)]
pub(crate) struct Fragments {
    open: HashMap<Id, Fragmented>,
    limit: usize,
}

impl Fragments {
    pub(crate) fn new(limit: usize) -> Self {
        Self { open: HashMap::new(), limit }
    }

    /// Takes a fragment. Returns its packet where it is whole now, and those that are waited for no longer.
    pub(crate) fn take(
        &mut self,
        packet: &Packet<'_>,
        piece: &Piece<'_>,
        frame: u64,
        time: Option<i64>,
    ) -> Vec<Fragmented> {
        let Packet { from, to, protocol, .. } = *packet;
        let id = Id { from, to, protocol, identification: piece.identification };
        let mut done = self.too_old(time);
        if !self.open.contains_key(&id)
            && self.open.len() >= self.limit
            && let Some(oldest) = self.open.iter().min_by_key(|(_, open)| open.first_frame).map(|(id, _)| *id)
        {
            done.extend(self.open.remove(&oldest));
        }
        let open = self.open.entry(id).or_insert_with(|| Fragmented {
            from,
            to,
            protocol,
            mac: packet.mac,
            length: 0,
            fragments: 0,
            first_frame: frame,
            time,
            whole: None,
            spoilt: false,
            buffer: IpDefragBuf::new(IpNumber(protocol), Vec::new(), Vec::new()),
        });
        open.length = open.length.saturating_add(packet.length);
        open.fragments += 1;
        open.add(piece);
        if open.buffer.is_complete()
            && !open.spoilt
            && let Some(mut whole) = self.open.remove(&id)
        {
            let empty = IpDefragBuf::new(IpNumber(protocol), Vec::new(), Vec::new());
            whole.whole = Some(std::mem::replace(&mut whole.buffer, empty).take_bufs().0);
            done.push(whole);
        }
        done
    }

    fn too_old(&mut self, now: Option<i64>) -> Vec<Fragmented> {
        let Some(now) = now else { return Vec::new() };
        let is_old = |open: &Fragmented| open.time.is_some_and(|then| now.saturating_sub(then) > PATIENCE);
        let mut old: Vec<Fragmented> =
            self.open.extract_if(|_, open| is_old(open)).map(|(_, fragmented)| fragmented).collect();
        old.sort_by_key(|open| open.first_frame);
        old
    }

    /// What is left at the end.
    pub(crate) fn end(&mut self) -> Vec<Fragmented> {
        let mut left: Vec<Fragmented> = self.open.drain().map(|(_, open)| open).collect();
        left.sort_by_key(|open| open.first_frame);
        left
    }
}

impl Fragmented {
    fn add(&mut self, piece: &Piece<'_>) {
        let start = piece.offset.byte_offset();
        let Some(end) = u16::try_from(piece.payload.len()).ok().and_then(|length| start.checked_add(length)) else {
            self.spoilt = true;
            return;
        };
        if self.spoilt || start == end {
            return;
        }
        let overlapping = self.buffer.sections().iter().find(|have| have.start < end && start < have.end);
        if let Some(have) = overlapping {
            let same = have.start <= start
                && end <= have.end
                && self.buffer.data().get(usize::from(start)..usize::from(end)) == Some(piece.payload)
                && (piece.more || self.buffer.end() == Some(end));
            self.spoilt = !same;
            return;
        }
        self.spoilt = self.buffer.add(piece.offset, piece.more, piece.payload).is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::super::link::Transport;
    use super::*;
    use etherparse::IpFragOffset;
    use proptest::prelude::*;

    fn packet() -> Packet<'static> {
        let (from, to) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let transport = Transport::Other;
        Packet { from, to, mac: None, protocol: 17, length: 28, transport, unread: false, claim: None }
    }

    fn piece(identification: u32, units: u16, more: bool, payload: &[u8]) -> Piece<'_> {
        Piece { identification, offset: IpFragOffset::try_new(units).unwrap(), more, payload }
    }

    fn take(fragments: &mut Fragments, piece: &Piece<'_>, time: i64) -> Vec<(Option<Vec<u8>>, u64)> {
        let done = fragments.take(&packet(), piece, 1, Some(time));
        done.into_iter().map(|fragmented| (fragmented.whole, fragmented.fragments)).collect()
    }

    #[test]
    fn fragments_come_in_any_order_and_twice() {
        let mut fragments = Fragments::new(4);
        assert_eq!(take(&mut fragments, &piece(1, 1, false, b"ijk"), 0), []);
        assert_eq!(take(&mut fragments, &piece(1, 1, false, b"ijk"), 0), []);
        assert_eq!(take(&mut fragments, &piece(2, 0, true, b"ABCDEFGH"), 0), []);
        assert_eq!(take(&mut fragments, &piece(1, 0, true, b"abcdefgh"), 0), [(Some(b"abcdefghijk".to_vec()), 3)]);
        assert_eq!(fragments.end().len(), 1);
    }

    #[test]
    fn what_overlaps_is_given_up() {
        for second in
            [piece(1, 0, true, b"abcdefgX"), piece(1, 0, false, b"ab"), piece(1, 0, true, b"abcdefghabcdefgh")]
        {
            let mut fragments = Fragments::new(4);
            take(&mut fragments, &piece(1, 0, true, b"abcdefgh"), 0);
            take(&mut fragments, &second, 0);
            assert_eq!(take(&mut fragments, &piece(1, 1, false, b"i"), 0), []);
            assert_eq!(fragments.end()[0].fragments, 3);
        }
    }

    #[test]
    fn who_waits_too_long_or_is_too_much_is_given_up() {
        let mut fragments = Fragments::new(2);
        take(&mut fragments, &piece(1, 0, true, b"abcdefgh"), 0);
        assert_eq!(take(&mut fragments, &piece(2, 0, true, b"abcdefgh"), PATIENCE + 1), [(None, 1)]);
        take(&mut fragments, &piece(3, 0, true, b"abcdefgh"), PATIENCE + 1);
        assert_eq!(take(&mut fragments, &piece(4, 0, true, b"abcdefgh"), PATIENCE + 1), [(None, 1)]);
        // The end of the largest packet.
        assert_eq!(take(&mut fragments, &piece(4, 0x1fff, false, &[0; 9000]), PATIENCE + 1), []);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_put_together_right_or_not_at_all(pieces in proptest::collection::vec((0..6_u16, 1..3_usize, any::<bool>()), 1..20)) {
            let whole: Vec<u8> = (0..64).collect();
            let mut fragments = Fragments::new(4);
            for (at, units, more) in pieces {
                let from = usize::from(at) * 8;
                for done in take(&mut fragments, &piece(1, at, more, &whole[from..from + units * 8]), 0) {
                    let bytes = done.0.unwrap();
                    prop_assert_eq!(&bytes, &whole[..bytes.len()]);
                }
            }
        }
    }
}

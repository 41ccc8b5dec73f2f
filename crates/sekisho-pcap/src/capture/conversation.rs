//! Flows of the same client and server on the same port, put together; and what follows from them over time.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::flow::{Flow, Key};
use super::names::Name;

/// Payload from which an entropy is told: with less, random data do not come near eight bits.
const ENOUGH: u64 = 1024;
/// Moments of contact that are kept of one conversation.
const CONTACTS: usize = 512;

/// Who talks to whom over what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Between {
    pub(crate) client: IpAddr,
    pub(crate) server: IpAddr,
    pub(crate) transport: u8,
    pub(crate) port: Option<u16>,
    pub(crate) protocol: Option<&'static str>,
    pub(crate) upgraded: bool,
    pub(crate) name: Option<Name>,
}

/// All of it, summed up.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    pub(crate) connections: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) answered: bool,
    pub(crate) first_frame: u64,
    carried: bool,
    contacts: Vec<i64>,
    unknown: Option<Box<[u32; 256]>>,
}

/// The conversations, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    pub(crate) all: BTreeMap<Between, Conversation>,
    limit: usize,
    /// Flows for which there was no room.
    pub(crate) left: u64,
}

impl Conversations {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Adds a flow that is done.
    pub(crate) fn add(&mut self, key: &Key, flow: &Flow) {
        let (client, server) = (key.ends[flow.client], key.ends[1 - flow.client]);
        let between = Between {
            client: client.0,
            server: server.0,
            transport: key.protocol,
            port: matches!(key.protocol, 6 | 17).then_some(server.1),
            protocol: flow.seen.protocol,
            upgraded: flow.seen.upgraded,
            name: flow.name.clone(),
        };
        if self.all.len() >= self.limit && !self.all.contains_key(&between) {
            self.left += 1;
            return;
        }
        let conversation = self.all.entry(between).or_default();
        let (sent, received) = flow.bytes();
        let (carried, answered) = flow.carried();
        let mut one = Conversation {
            connections: 1,
            sent,
            received,
            answered,
            first_frame: flow.first_frame,
            carried,
            contacts: flow.contacts.clone(),
            unknown: None,
        };
        if !flow.seen.unknown.is_empty() {
            let histogram = one.unknown.get_or_insert_with(|| Box::new([0; 256]));
            for byte in &flow.seen.unknown {
                histogram[usize::from(*byte)] += 1;
            }
        }
        conversation.join(one);
    }

    /// Connections in which nothing was said belong to those to the same port in which something was.
    pub(crate) fn settle(&mut self) {
        let silent: Vec<Between> = self
            .all
            .iter()
            .filter(|(between, conversation)| between.protocol.is_none() && !conversation.carried)
            .map(|(between, _)| between.clone())
            .collect();
        for between in silent {
            let same = |other: &&Between| {
                (other.client, other.server, other.transport, other.port)
                    == (between.client, between.server, between.transport, between.port)
                    && other.protocol.is_some()
            };
            let start = Between { protocol: None, upgraded: false, name: None, ..between.clone() };
            let spoken = self.all.range(start..).take(64).map(|(other, _)| other).find(same).cloned();
            if let Some(spoken) = spoken
                && let Some(silent) = self.all.remove(&between)
                && let Some(conversation) = self.all.get_mut(&spoken)
            {
                conversation.join(silent);
            }
        }
    }
}

impl Conversation {
    fn join(&mut self, other: Self) {
        self.first_frame =
            if self.connections == 0 { other.first_frame } else { self.first_frame.min(other.first_frame) };
        self.connections += other.connections;
        self.sent += other.sent;
        self.received += other.received;
        self.answered |= other.answered;
        self.carried |= other.carried;
        let room = CONTACTS.saturating_sub(self.contacts.len());
        self.contacts.extend(other.contacts.into_iter().take(room));
        if let Some(more) = other.unknown {
            let histogram = self.unknown.get_or_insert_with(|| Box::new([0; 256]));
            for (sum, count) in histogram.iter_mut().zip(*more) {
                *sum = sum.saturating_add(count);
            }
        }
    }

    /// Shannon's entropy of payload that was not recognised, in hundredths of a bit per byte; none where there is too little to tell.
    pub(crate) fn entropy(&self) -> Option<u32> {
        let histogram = self.unknown.as_deref()?;
        let total: u64 = histogram.iter().map(|count| u64::from(*count)).sum();
        if total < ENOUGH {
            return None;
        }
        let bits: f64 = histogram
            .iter()
            .filter(|count| **count > 0)
            .map(|count| {
                let share = f64::from(*count) / total as f64;
                -share * share.log2()
            })
            .sum();
        #[expect(clippy::cast_sign_loss, reason = "entropy lies between 0 and 8")]
        Some((bits * 100.0).round() as u32)
    }

    /// Seconds between contacts, where at least six come in five intervals of which four fifths differ by a tenth, or half a second, at most.
    pub(crate) fn interval(&self) -> Option<u64> {
        const FEWEST: usize = 6;
        const SECOND: i64 = 1_000_000_000;
        if self.contacts.len() < FEWEST {
            return None;
        }
        let mut moments = self.contacts.clone();
        moments.sort_unstable();
        let mut intervals: Vec<i64> = moments.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        intervals.sort_unstable();
        let median = intervals[intervals.len() / 2];
        let tolerance = (median / 10).max(SECOND / 2);
        let regular = intervals.iter().filter(|interval| (**interval - median).abs() <= tolerance).count();
        (median >= 5 * SECOND && regular * 5 >= intervals.len() * 4)
            .then(|| u64::try_from(median.saturating_add(SECOND / 2) / SECOND).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: &[i64]) -> Option<u64> {
        let contacts = seconds.iter().map(|s| s * 1_000_000_000).collect();
        Conversation { contacts, ..Conversation::default() }.interval()
    }

    #[test]
    fn regular_contacts_have_an_interval_and_others_have_none() {
        assert_eq!(at(&[0, 60, 121, 180, 240, 299]), Some(60));
        assert_eq!(at(&[0, 60, 120, 180, 240, 900]), Some(60));
        assert_eq!(at(&[0, 7, 90, 100, 300, 304]), None);
        assert_eq!(at(&[0, 60, 120, 180]), None);
        assert_eq!(at(&[0, 1, 2, 3, 4, 5, 6]), None);
    }

    #[test]
    fn entropy_tells_random_from_text() {
        let of = |bytes: &[u8]| {
            let mut histogram = Box::new([0; 256]);
            for byte in bytes {
                histogram[usize::from(*byte)] += 1;
            }
            Conversation { unknown: Some(histogram), ..Conversation::default() }.entropy()
        };
        let all: Vec<u8> = (0..=255).cycle().take(2048).collect();
        assert_eq!(of(&all), Some(800));
        assert_eq!(of(&[b'a'; 2048]), Some(0));
        assert_eq!(of(b"too little"), None);
    }
}

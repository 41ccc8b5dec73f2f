//! Captures of network traffic: who talks to whom, by which protocols, and what is to be seen in it.
//!
//! One pass over the file, in bounded memory whatever its size. Of each TCP connection the beginning is kept in each direction
//! ([`Limits::stream`]) and put in order; protocols, log-ins and handshakes are looked for there, and what was not looked at is a gap. A name
//! is what DNS, TLS, QUIC or HTTP said it is.

mod certificate;
mod container;
mod conversation;
mod facts;
mod flow;
mod fragments;
mod gaps;
mod link;
mod names;
mod neighbour;
mod watch;
mod wifi;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sekisho_diag::Problem;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress, Progress};
use sha2::{Digest as _, Sha256};

use crate::limits::Limits;

/// Reads captures.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaptureCollector {
    limits: Limits,
}

impl CaptureCollector {
    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads a capture, which facts and messages call `name`, of the component `subject`.
    ///
    /// # Errors
    /// Where it is no capture.
    pub fn read(
        &self,
        reader: impl Read + Send,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Problem> {
        let mut watch = watch::Watch::new(&self.limits);
        // The digest takes about as long as the reading: both cores are used.
        let (send, receive) = sync_channel::<Vec<u8>>(8);
        // Memory that was hashed is filled anew: to have it from the system each time takes as long as the hashing.
        let (give_back, spare) = sync_channel(8);
        let (done, digest) = std::thread::scope(|scope| {
            let hashing = scope.spawn(move || {
                let mut digest = Sha256::new();
                while let Ok(bytes) = receive.recv() {
                    digest.update(&bytes);
                    let _ = give_back.try_send(bytes);
                }
                digest.finalize()
            });
            let mut counter = Counter { inner: reader, size: 0, shown: 0, failed: false, progress, send, spare };
            let read = container::read(&mut counter, name, self.limits.frame, &mut |frame| watch.frame(frame));
            // What is behind a damaged place belongs to the artefact all the same.
            if read.is_ok() {
                let _ = io::copy(&mut counter, &mut io::sink());
            }
            let whole = (!counter.failed).then_some(counter.size);
            drop(counter);
            (read.map(|read| (read, whole)), hashing.join().ok())
        });
        let (read, size) = done?;
        let first = watch.counts.first;
        let (facts, coverage) = facts::facts(watch, &read, name, subject);
        let artefact = Artefact {
            name: name.to_owned(),
            kind: ArtefactKind::Capture,
            subject: subject.to_owned(),
            size,
            sha256: digest.filter(|_| size.is_some()).map(|digest| crate::hex(&digest)),
            made: first.and_then(rfc3339),
        };
        Ok(Collection { artefact, facts, coverage })
    }
}

impl Collector for CaptureCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Capture
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let file = File::open(path).map_err(|source| CollectError::Io { name: name.to_owned(), source })?;
        Ok(self.read(file, name, subject, progress)?)
    }
}

/// Passes on what is read to the digest and to whoever wants to know about progress.
struct Counter<'a, R> {
    inner: R,
    size: u64,
    shown: u64,
    failed: bool,
    progress: OnProgress<'a>,
    send: SyncSender<Vec<u8>>,
    spare: Receiver<Vec<u8>>,
}

impl<R: Read> Read for Counter<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const STEP: u64 = 8 << 20;
        let count = loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let Ok(count) = count else {
            self.failed = true;
            return count;
        };
        // The other side ends only after this one.
        let mut bytes = self.spare.try_recv().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(&buffer[..count]);
        let _ = self.send.send(bytes);
        self.size += count as u64;
        if self.size - self.shown >= STEP || (count == 0 && self.size > self.shown) {
            (self.progress)(Progress::Bytes(self.size));
            self.shown = self.size;
        }
        Ok(count)
    }
}

/// A moment in nanoseconds since 1970 as RFC 3339 has it, to the second.
fn rfc3339(moment: i64) -> Option<String> {
    let seconds = moment.div_euclid(1_000_000_000);
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    moment.format(&time::format_description::well_known::Rfc3339).ok()
}

/// Whether it is a date and time of RFC 3339.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok()
}

/// A protocol over IP by its name or number (IANA).
pub(crate) fn protocol_name(number: u8) -> String {
    match number {
        1 => "icmp".to_owned(),
        2 => "igmp".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        58 => "icmpv6".to_owned(),
        other => format!("ip-{other}"),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

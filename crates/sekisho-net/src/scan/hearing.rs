//! Listening to a service for a while, in the clear or inside TLS.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use sekisho_model::network::FailureKind;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::secure::Secure;

/// Most that is listened to: what tells a protocol stands at the beginning.
const MOST: usize = 16 << 10;
/// Silence after which an answer is taken to be whole.
const PAUSE: Duration = Duration::from_millis(300);

/// A conversation in which a silence need not be the end.
pub(crate) trait Talk: Read + Write {
    /// How long a reading may wait from now on.
    fn wait(&mut self, time: Duration);
}

impl Talk for Connection<'_> {
    fn wait(&mut self, time: Duration) {
        self.patience(Some(time));
    }
}

impl Talk for Secure<'_> {
    fn wait(&mut self, time: Duration) {
        self.patience(Some(time));
    }
}

/// What was heard, and what ended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) bytes: Vec<u8>,
    /// Timed out where there was a silence, closed where the other side left.
    pub(crate) end: Failure,
}

/// Listens until there is a silence, `time` at most before the first byte and again in all after it, or until `enough` was heard.
pub(crate) fn hear(talk: &mut dyn Talk, time: Duration, enough: &dyn Fn(&[u8]) -> bool) -> Heard {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let mut until: Option<Instant> = None;
    let end = loop {
        let wait = match until {
            None => time,
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break Failure::new(FailureKind::TimedOut);
                }
                left.min(PAUSE)
            }
        };
        talk.wait(wait);
        match talk.read(&mut buffer) {
            Ok(0) => break Failure::new(FailureKind::Closed),
            Ok(read) => {
                until.get_or_insert_with(|| Instant::now() + time);
                bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
                if bytes.len() >= MOST || enough(&bytes) {
                    break Failure::new(FailureKind::TimedOut);
                }
            }
            Err(error) => break error.into(),
        }
    };
    Heard { bytes, end }
}

/// Sends all of `request`.
pub(crate) fn say(talk: &mut dyn Talk, request: &[u8]) -> Result<(), Failure> {
    talk.write_all(request)?;
    talk.flush()?;
    Ok(())
}

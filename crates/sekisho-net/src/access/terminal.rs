//! A terminal at a telnet service.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use sekisho_model::network::FailureKind;

use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::protocol::telnet::{Prompt, Terminal};

/// Silence after which a prompt is taken to be one.
const PAUSE: Duration = Duration::from_millis(400);
/// Most that is shown.
const MOST: usize = 32 << 10;

/// A session.
pub(super) struct Session<'b> {
    connection: Connection<'b>,
    terminal: Terminal,
}

impl<'b> Session<'b> {
    pub(super) fn open(endpoint: &Endpoint, budget: &'b Budget) -> Result<Self, Failure> {
        Ok(Self { connection: Connection::open(budget, endpoint.address)?, terminal: Terminal::default() })
    }

    /// Waits for a prompt, `time` at most; none where it stays silent without one.
    pub(super) fn prompt(&mut self, time: Duration) -> Result<Option<Prompt>, Failure> {
        let end = Instant::now() + time;
        let mut buffer = [0; 1024];
        let mut shown = 0;
        loop {
            self.connection.patience(Some(PAUSE));
            match self.connection.read(&mut buffer) {
                Ok(0) => return Err(Failure::new(FailureKind::Closed)),
                Ok(read) => {
                    shown += read;
                    let reply = self.terminal.take(buffer.get(..read).unwrap_or_default());
                    self.connection.write_all(&reply)?;
                    if shown > MOST {
                        return Err(Failure::new(FailureKind::TooMuch));
                    }
                }
                Err(error) => {
                    let failure = Failure::from(error);
                    if failure.kind != FailureKind::TimedOut {
                        return Err(failure);
                    }
                    if let Some(prompt) = self.terminal.prompt() {
                        return Ok(Some(prompt));
                    }
                }
            }
            if Instant::now() >= end {
                return Ok(self.terminal.prompt());
            }
        }
    }

    /// Types a line, on an empty screen.
    pub(super) fn enter(&mut self, line: &str) -> Result<(), Failure> {
        self.terminal.clear();
        self.connection.send(format!("{line}\r\n").as_bytes())
    }

    /// What stands on the screen.
    pub(super) fn screen(&self) -> String {
        self.terminal.text()
    }
}

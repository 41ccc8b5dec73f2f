//! One conversation with a service: it ends at its deadline and after so many bytes, whatever the other side does.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use sekisho_model::network::FailureKind;

use crate::budget::{Budget, TICK};
use crate::failure::Failure;

/// A TCP connection within the bounds of a [`Budget`].
#[derive(Debug)]
pub struct Connection<'b> {
    stream: TcpStream,
    budget: &'b Budget,
    end: Instant,
    bytes_left: u64,
}

impl<'b> Connection<'b> {
    /// Connects to `address`.
    ///
    /// # Errors
    /// Where nothing accepts the connection in time, or the budget is used up.
    pub fn open(budget: &'b Budget, address: SocketAddr) -> Result<Self, Failure> {
        budget.spend()?;
        let stream = TcpStream::connect_timeout(&address, budget.bounds().connect)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, budget, end: budget.conversation_end(), bytes_left: budget.bounds().bytes })
    }

    /// Gives the conversation less time than its budget does.
    pub fn hurry(&mut self, time: Duration) {
        self.end = self.end.min(Instant::now() + time);
    }

    /// The address of this side.
    ///
    /// # Errors
    /// Where the system does not know it any more.
    pub fn local(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// The address of the other side.
    ///
    /// # Errors
    /// Where the connection is gone.
    pub fn peer(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }

    /// Sends all of `bytes`.
    ///
    /// # Errors
    /// Where the other side does not take them in time.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.write_all(bytes)?)
    }

    /// Receives what comes next, at most `most` bytes; empty where the other side closed.
    ///
    /// # Errors
    /// Where nothing comes in time.
    pub fn receive(&mut self, most: usize) -> Result<Vec<u8>, Failure> {
        let mut buffer = vec![0; most.min(64 << 10)];
        let read = self.read(&mut buffer)?;
        buffer.truncate(read);
        Ok(buffer)
    }

    /// Receives exactly `count` bytes.
    ///
    /// # Errors
    /// Where they do not come in time, or the other side closes before.
    pub fn receive_exactly(&mut self, count: usize) -> Result<Vec<u8>, Failure> {
        if count as u64 > self.bytes_left {
            return Err(Failure::new(FailureKind::TooMuch));
        }
        let mut buffer = vec![0; count];
        self.read_exact(&mut buffer)?;
        Ok(buffer)
    }

    /// Time left for this conversation, at most one tick of it.
    fn slice(&self) -> Result<Duration, Failure> {
        self.budget.check()?;
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Failure::new(FailureKind::TimedOut)) } else { Ok(left.min(TICK)) }
    }
}

impl Read for Connection<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.bytes_left == 0 {
            return Err(Failure::new(FailureKind::TooMuch).into());
        }
        let most = usize::try_from(self.bytes_left).unwrap_or(usize::MAX).min(buffer.len());
        loop {
            self.stream.set_read_timeout(Some(self.slice()?))?;
            match self.stream.read(&mut buffer[..most]) {
                Err(error) if is_pause(&error) => {}
                Ok(read) => {
                    self.bytes_left -= read as u64;
                    return Ok(read);
                }
                other => return other,
            }
        }
    }
}

impl Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            self.stream.set_write_timeout(Some(self.slice()?))?;
            match self.stream.write(bytes) {
                Err(error) if is_pause(&error) => {}
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// Sends a datagram and waits for the answer, `tries` times, each for its share of `time`. What comes from another address is passed over.
///
/// # Errors
/// Where no answer comes in time, the host says that nothing listens there, or the budget is used up.
pub fn ask(
    budget: &Budget,
    address: SocketAddr,
    request: &[u8],
    tries: u32,
    time: Duration,
) -> Result<Vec<u8>, Failure> {
    let any: SocketAddr =
        if address.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(address)?;
    let mut buffer = vec![0; 64 << 10];
    for _ in 0..tries {
        budget.spend()?;
        socket.send(request)?;
        let end = Instant::now() + time / tries.max(1);
        loop {
            budget.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left.min(TICK)))?;
            match socket.recv(&mut buffer) {
                Ok(read) => return Ok(buffer[..read].to_vec()),
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Err(Failure::new(FailureKind::TimedOut))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Bounds, Stop};
    use std::net::TcpListener;
    use std::thread;

    fn budget(conversation: Duration, bytes: u64) -> Budget {
        Budget::new(Bounds { conversation, bytes, ..Bounds::default() }, Stop::default())
    }

    #[test]
    fn an_endless_answer_ends_at_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        });
        let budget = budget(Duration::from_secs(10), 100_000);
        let mut connection = Connection::open(&budget, address).unwrap();
        let mut read = 0;
        let failure = loop {
            match connection.receive(4096) {
                Ok(bytes) => read += bytes.len(),
                Err(failure) => break failure,
            }
        };
        assert_eq!((read, failure.kind), (100_000, FailureKind::TooMuch));
        drop(connection);
        server.join().unwrap();
    }

    #[test]
    fn an_answer_drop_by_drop_ends_at_the_deadline() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        });
        let budget = budget(Duration::from_millis(300), 1 << 20);
        let mut connection = Connection::open(&budget, address).unwrap();
        assert_eq!(connection.receive_exactly(1000).unwrap_err().kind, FailureKind::TimedOut);
        drop(connection);
        server.join().unwrap();
    }

    #[test]
    fn nothing_listens() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let budget = budget(Duration::from_secs(1), 1);
        assert_eq!(Connection::open(&budget, free).unwrap_err().kind, FailureKind::Refused);
        let failure = ask(&budget, free, b"x", 1, Duration::from_secs(1)).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused);
    }
}

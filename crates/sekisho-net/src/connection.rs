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
    patience: Option<Duration>,
    bytes_left: u64,
}

impl<'b> Connection<'b> {
    /// Connects to `address`.
    ///
    /// # Errors
    /// Where nothing accepts the connection in time, or the budget is used up.
    pub fn open(budget: &'b Budget, address: SocketAddr) -> Result<Self, Failure> {
        budget.spend()?;
        Self::connect(budget, address, budget.bounds().connect)
    }

    /// Connects to `address`, if it accepts within `time`. The request was taken from the budget already.
    pub(crate) fn connect(budget: &'b Budget, address: SocketAddr, time: Duration) -> Result<Self, Failure> {
        let stream = TcpStream::connect_timeout(&address, time)?;
        // Where nothing listens on this machine itself, a connection can meet itself.
        if stream.local_addr()? == stream.peer_addr()? {
            return Err(Failure::new(FailureKind::Refused));
        }
        stream.set_nodelay(true)?;
        let bytes_left = budget.bounds().bytes;
        Ok(Self { stream, budget, end: budget.conversation_end(), patience: None, bytes_left })
    }

    /// From now on, a reading that gets nothing for so long fails as timed out, and the conversation can go on; `None` waits to its end.
    pub fn patience(&mut self, time: Option<Duration>) {
        self.patience = time;
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

    /// Time left until `end`, at most one tick of it.
    fn slice(&self, end: Instant) -> Result<Duration, Failure> {
        self.budget.check()?;
        let left = end.saturating_duration_since(Instant::now());
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
        let end = self.patience.map_or(self.end, |time| self.end.min(Instant::now() + time));
        loop {
            self.stream.set_read_timeout(Some(self.slice(end)?))?;
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
            self.stream.set_write_timeout(Some(self.slice(self.end)?))?;
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
    ask_for(budget, address, request, tries, time, |_| true)
}

/// As [`ask`]; what is not `wanted` is passed over: an answer to something else, or a receipt before the answer.
///
/// # Errors
/// Where no wanted answer comes in time, the host says that nothing listens there, or the budget is used up.
pub fn ask_for(
    budget: &Budget,
    address: SocketAddr,
    request: &[u8],
    tries: u32,
    time: Duration,
    wanted: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, Failure> {
    let socket = UdpSocket::bind(any(address))?;
    socket.connect(address)?;
    let receive = |buffer: &mut [u8]| {
        let read = socket.recv(buffer)?;
        Ok((read, wanted(buffer.get(..read).unwrap_or_default())))
    };
    exchange(budget, &socket, tries, time, || socket.send(request), receive)
}

/// As [`ask`], for protocols in which the answer comes from another port of the same host (TFTP, RFC 1350, section 4). That nothing listens
/// there is not heard then.
///
/// # Errors
/// Where no answer comes in time, or the budget is used up.
pub fn ask_any_port(
    budget: &Budget,
    address: SocketAddr,
    request: &[u8],
    tries: u32,
    time: Duration,
) -> Result<Vec<u8>, Failure> {
    let socket = UdpSocket::bind(any(address))?;
    let receive = |buffer: &mut [u8]| {
        let (read, from) = socket.recv_from(buffer)?;
        Ok((read, from.ip() == address.ip()))
    };
    exchange(budget, &socket, tries, time, || socket.send_to(request, address), receive)
}

/// The address by which the system chooses itself from where to send.
fn any(address: SocketAddr) -> SocketAddr {
    if address.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() }
}

/// Sends and receives; what is received comes with whether it is the answer.
fn exchange(
    budget: &Budget,
    socket: &UdpSocket,
    tries: u32,
    time: Duration,
    send: impl Fn() -> io::Result<usize>,
    receive: impl Fn(&mut [u8]) -> io::Result<(usize, bool)>,
) -> Result<Vec<u8>, Failure> {
    let mut buffer = vec![0; 64 << 10];
    for _ in 0..tries {
        budget.spend()?;
        send()?;
        let end = Instant::now() + time / tries.max(1);
        loop {
            budget.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left.min(TICK)))?;
            match receive(&mut buffer) {
                Ok((read, true)) => {
                    buffer.truncate(read);
                    return Ok(buffer);
                }
                Ok((_, false)) => {}
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

//! What reading one capture or one MUD file may cost.

/// Limits of one run. What goes over one is reported as a gap in the coverage, or refused; it is never passed over in silence.
///
/// Memory does not grow with the capture, it is bounded by these numbers. Measured: 30 MB for 514 MB of ordinary traffic; 370 MB, facts
/// included, for 300,000 connections of as many clients that each go over the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a MUD file; a larger one is refused. Default 4 MiB.
    pub mud: u64,
    /// Rules of a MUD file. Default 20,000.
    pub rules: usize,
    /// Problems of a MUD file that are listed. Default 200.
    pub problems: usize,
    /// Bytes of one frame or block of a capture; reading ends at a larger one, which no network carries. Default 16 MiB.
    pub frame: usize,
    /// Connections and exchanges of datagrams that are followed at one time; the one that has been silent longest makes room. Default 65,536.
    pub open_flows: usize,
    /// Bytes of payload that are kept of the beginning of a TCP connection, in each direction. Default 24 KiB: a handshake with long
    /// certificates fits.
    pub stream: usize,
    /// Bytes of payload that are kept at one time over all connections. Default 64 MiB.
    pub payload: usize,
    /// Packets in fragments whose rest is waited for at one time; each holds 64 KiB at most. Default 256.
    pub fragmented: usize,
    /// Conversations: who talks to whom on which port. Default 50,000.
    pub conversations: usize,
    /// Stations and names that are remembered, of each kind. Default 50,000.
    pub names: usize,
    /// Facts of log-ins, of handshakes, and of certificates, of each kind. Default 10,000.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            mud: 4 << 20,
            rules: 20_000,
            problems: 200,
            frame: 16 << 20,
            open_flows: 65_536,
            stream: 24 << 10,
            payload: 64 << 20,
            fragmented: 256,
            conversations: 50_000,
            names: 50_000,
            findings: 10_000,
        }
    }
}

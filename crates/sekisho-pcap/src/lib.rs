//! Collector: captures of network traffic (pcap, pcapng) and MUD files (RFC 8520).

mod address;
mod capture;
mod json;
mod limits;
pub mod mud;
mod protocol;

pub use capture::CaptureCollector;
pub use limits::Limits;
pub use mud::MudCollector;

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

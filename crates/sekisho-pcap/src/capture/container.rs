//! The frames of a capture file, one after the other: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng).
//!
//! The file is read once from its beginning to its end, through a buffer that grows to the largest block and no further than the limit.

use std::io::Read;

use pcap_parser::{Block, PcapBlockOwned, PcapError, create_reader};
use sekisho_diag::{Place, Problem};

/// Interfaces of a pcapng file that are kept; nobody captures from more.
const INTERFACES: usize = 4096;
/// Small enough to stay in the processor's cache between reading, hashing and looking.
const BUFFER: usize = 256 << 10;

/// One frame.
pub(crate) struct Frame<'a> {
    /// From 1, as packet analysers count.
    pub(crate) number: u64,
    /// Nanoseconds since 1970; none where the file has no time for it.
    pub(crate) time: Option<i64>,
    /// Length on the wire.
    pub(crate) original: u32,
    /// The link type by its number in the registry of the drafts.
    pub(crate) link: u16,
    pub(crate) data: &'a [u8],
}

/// How the reading of the file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At the end of the file.
    Whole,
    /// Within a block.
    Truncated,
    /// At a block that is none.
    Damaged,
    /// At a block that is larger than the limit.
    TooLarge,
    /// The system could not read on.
    Unreadable,
}

/// What the file was.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) format: &'static str,
    pub(crate) end: End,
    /// The byte at which it ended.
    pub(crate) at: u64,
    /// Blocks that hold packets in a form that is not read.
    pub(crate) unread_blocks: u64,
}

/// An interface of a pcapng section.
#[derive(Clone, Copy)]
struct Interface {
    link: u16,
    snaplen: u32,
    /// Units of its time stamps in a second.
    units: u64,
    /// Seconds to add.
    offset: i64,
}

/// Gives every frame to `on_frame`. `limit` is the most bytes of one block.
///
/// # Errors
/// Where it is no capture at all.
pub(crate) fn read<R: Read + Send>(
    reader: R,
    name: &str,
    limit: usize,
    on_frame: &mut dyn FnMut(&Frame<'_>),
) -> Result<Outcome, Problem> {
    let mut reader = create_reader(BUFFER, reader).map_err(|_| {
        Problem::error("not-a-capture", "neither pcap nor pcapng")
            .at(Place::file(name))
            .hint("save it as pcap or pcapng: tcpdump -w, Wireshark's 'Save as', editcap -F pcapng")
    })?;
    let mut done = Outcome { format: "pcapng", end: End::Whole, at: 0, unread_blocks: 0 };
    let (mut number, mut at, mut capacity) = (0_u64, 0_u64, BUFFER);
    let (mut link, mut nanoseconds) = (0, false);
    let mut interfaces: Vec<Interface> = Vec::new();
    // Of the section that is being read, once one is.
    let mut big_endian: Option<bool> = None;
    done.end = loop {
        if big_endian.is_some_and(|big_endian| is_too_short(reader.data(), big_endian)) {
            break End::Damaged;
        }
        let step = match reader.next() {
            Ok((length, block)) => {
                match block {
                    PcapBlockOwned::LegacyHeader(header) => {
                        // The upper bits tell the length of the frame check sequence.
                        link = (header.network.0.cast_unsigned() & 0xffff) as u16;
                        nanoseconds = header.is_nanosecond_precision();
                        done.format = if nanoseconds { "pcap-ns" } else { "pcap" };
                    }
                    PcapBlockOwned::Legacy(frame) => {
                        number += 1;
                        let unit = if nanoseconds { 1 } else { 1000 };
                        let time = i64::from(frame.ts_sec) * 1_000_000_000 + i64::from(frame.ts_usec) * unit;
                        on_frame(&Frame { number, time: Some(time), original: frame.origlen, link, data: frame.data });
                    }
                    PcapBlockOwned::NG(Block::SectionHeader(header)) => {
                        interfaces.clear();
                        big_endian = Some(header.big_endian());
                    }
                    PcapBlockOwned::NG(Block::InterfaceDescription(block)) => {
                        if interfaces.len() < INTERFACES {
                            interfaces.push(Interface {
                                link: (block.linktype.0.cast_unsigned() & 0xffff) as u16,
                                snaplen: block.snaplen,
                                units: units(block.if_tsresol),
                                offset: block.if_tsoffset,
                            });
                        } else {
                            done.unread_blocks += 1;
                        }
                    }
                    PcapBlockOwned::NG(Block::EnhancedPacket(block)) => {
                        number += 1;
                        match interfaces.get(block.if_id as usize) {
                            Some(interface) => {
                                let ticks = u64::from(block.ts_high) << 32 | u64::from(block.ts_low);
                                let data = block.data.get(..block.caplen as usize).unwrap_or(block.data);
                                let time = time(ticks, interface);
                                on_frame(&Frame { number, time, original: block.origlen, link: interface.link, data });
                            }
                            None => done.unread_blocks += 1,
                        }
                    }
                    PcapBlockOwned::NG(Block::SimplePacket(block)) => {
                        number += 1;
                        match interfaces.first() {
                            Some(interface) => {
                                let most = if interface.snaplen == 0 { u32::MAX } else { interface.snaplen };
                                let length = block.origlen.min(most) as usize;
                                let data = block.data.get(..length).unwrap_or(block.data);
                                on_frame(&Frame {
                                    number,
                                    time: None,
                                    original: block.origlen,
                                    link: interface.link,
                                    data,
                                });
                            }
                            None => done.unread_blocks += 1,
                        }
                    }
                    // The obsolete packet block: `pcap-parser` does not read it.
                    PcapBlockOwned::NG(Block::Unknown(block)) if block.block_type == 2 => {
                        number += 1;
                        done.unread_blocks += 1;
                    }
                    PcapBlockOwned::NG(_) => {}
                }
                Step::Consume(length)
            }
            Err(PcapError::Eof) => Step::End(End::Whole),
            Err(PcapError::Incomplete(_)) => Step::Refill,
            Err(PcapError::BufferTooSmall) => Step::Grow,
            Err(PcapError::UnexpectedEof) => Step::End(End::Truncated),
            Err(PcapError::ReadError) => Step::End(End::Unreadable),
            Err(_) => Step::End(End::Damaged),
        };
        match step {
            Step::Consume(length) => {
                reader.consume(length);
                at += length as u64;
            }
            Step::Refill => {
                if reader.refill().is_err() {
                    break End::Unreadable;
                }
            }
            Step::Grow if capacity >= limit => break End::TooLarge,
            Step::Grow => {
                capacity = capacity.saturating_mul(2).min(limit);
                if !reader.grow(capacity) || reader.refill().is_err() {
                    break End::Unreadable;
                }
            }
            Step::End(end) => break end,
        }
    };
    done.at = at;
    Ok(done)
}

/// Whether a block of pcapng says that it is shorter than its type and its two lengths. `pcap-parser` computes with such a length when the
/// block is one with information on a process.
fn is_too_short(block: &[u8], big_endian: bool) -> bool {
    const SHORTEST: u32 = 12;
    let Some(&length) = block.get(4..).and_then(<[u8]>::first_chunk) else { return false };
    let length = if big_endian { u32::from_be_bytes(length) } else { u32::from_le_bytes(length) };
    // The header of a section tells its byte order itself, and its length is checked.
    !block.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) && length < SHORTEST
}

enum Step {
    Consume(usize),
    Refill,
    Grow,
    End(End),
}

/// `if_tsresol`: a power of ten, or of two where the highest bit is set.
fn units(resolution: u8) -> u64 {
    let exponent = u32::from(resolution & 0x7f);
    let base: u64 = if resolution & 0x80 == 0 { 10 } else { 2 };
    base.checked_pow(exponent).unwrap_or(u64::MAX)
}

fn time(ticks: u64, interface: &Interface) -> Option<i64> {
    let nanoseconds = u128::from(ticks) * 1_000_000_000 / u128::from(interface.units.max(1));
    i64::try_from(nanoseconds).ok()?.checked_add(interface.offset.checked_mul(1_000_000_000)?)
}

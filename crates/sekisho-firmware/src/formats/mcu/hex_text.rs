//! Images written out as text: Intel HEX and Motorola S-records. Every record has its address and its checksum.
//!
//! Intel, *Hexadecimal Object File Format Specification*, revision A, 1988; Motorola, *M68000 Family Programmer's Reference Manual*,
//! appendix C.

use std::io::{BufRead, Read};
use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use crate::blob::Blob;
use crate::formats::{Content, Format, Opened, Signature, magic};
use crate::limits::{Budget, Held};
use crate::reason;

/// Content with addresses, as it is gathered block by block.
pub(super) struct Segments {
    runs: Vec<(u64, Vec<u8>)>,
    budget: Arc<Budget>,
    held: Held,
    /// Whether a limit was reached.
    full: bool,
}

/// Stretches that do not touch each other; a program has a handful.
const MAX_SEGMENTS: usize = 4096;
/// A gap up to this size is filled with what erased flash reads as; behind a larger one (fuses, another memory) addresses begin anew.
const FILLED_GAP: u64 = 64 << 10;
/// Where addresses begin anew: the next border, so that what lies there is a stretch of its own.
const BORDER: usize = 4096;
const ERASED: u8 = 0xff;

impl Segments {
    pub(super) fn new(budget: &Arc<Budget>) -> Self {
        Self { runs: Vec::new(), budget: Arc::clone(budget), held: Held::default(), full: false }
    }

    /// Adds content at an address; false where it does not follow what was there.
    pub(super) fn add(&mut self, address: u64, content: &[u8]) -> bool {
        let bytes = content.len() as u64;
        if self.full || !self.budget.expand(bytes) || !self.budget.hold(&mut self.held, bytes) {
            self.full = true;
            return true;
        }
        if let Some((start, last)) = self.runs.last_mut()
            && *start + last.len() as u64 == address
        {
            last.extend_from_slice(content);
            return true;
        }
        if self.runs.len() >= MAX_SEGMENTS {
            self.full = true;
            return true;
        }
        let follows = self.runs.last().is_none_or(|(start, last)| start + last.len() as u64 <= address);
        self.runs.push((address, content.to_vec()));
        follows
    }

    /// Where the content goes, for people.
    pub(super) fn describe(&self) -> String {
        let mut sorted: Vec<(u64, usize)> = self.runs.iter().map(|(at, bytes)| (*at, bytes.len())).collect();
        sorted.sort_unstable();
        let listed: Vec<String> =
            sorted.iter().take(8).map(|(at, bytes)| format!("{bytes} bytes at {at:#x}")).collect();
        let more = if sorted.len() > listed.len() { " and more" } else { "" };
        format!("{}{more}", listed.join(", "))
    }

    /// One run of bytes in the order of addresses as the content of `opened`.
    pub(super) fn into_content(mut self, mut opened: Opened, ordered: bool) -> Opened {
        if self.runs.is_empty() {
            return opened;
        }
        if !ordered {
            self.runs.sort_by_key(|(at, _)| *at);
        }
        let mut out: Vec<u8> = Vec::new();
        let mut end: Option<u64> = None;
        let mut overlap = false;
        for (at, bytes) in std::mem::take(&mut self.runs) {
            if let Some(end) = end {
                overlap |= at < end;
                let gap = at.saturating_sub(end);
                let fill =
                    if gap <= FILLED_GAP { gap as usize } else { out.len().next_multiple_of(BORDER) - out.len() };
                if !self.budget.hold(&mut self.held, fill as u64) {
                    self.full = true;
                    break;
                }
                out.resize(out.len() + fill, ERASED);
            }
            end = at.checked_add(bytes.len() as u64);
            out.extend_from_slice(&bytes);
        }
        if overlap {
            opened = opened.damaged(reason::damaged("the image", "records for the same address"));
        }
        if self.full {
            opened = opened.damaged(reason::stream_limit());
        }
        opened.content = Content::Decoded(Blob::held(out, self.held));
        opened
    }
}

/// What a record says.
enum Record {
    Data(u64, Vec<u8>),
    /// The upper part of the addresses that follow.
    Base(u64),
    /// Nothing to keep: a header, a count, the address where the program starts.
    Other,
    End,
    /// A kind that the specification does not know.
    Unknown,
}

/// Bytes written as pairs of digits.
fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: &u8| char::from(*b).to_digit(16).map(|d| d as u8);
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks_exact(2).map(|pair| Some(digit(&pair[0])? << 4 | digit(&pair[1])?)).collect()
}

/// A line in the form of a record: what it says where its checksum holds.
type Line = Option<Record>;

/// `:LLAAAATT…CC`; none where it has not this form.
fn intel(line: &[u8]) -> Option<Line> {
    let bytes = unhex(line.strip_prefix(b":")?)?;
    let (&length, rest) = bytes.split_first()?;
    if rest.len() != usize::from(length) + 4 {
        return None;
    }
    if bytes.iter().fold(0_u8, |sum, &b| sum.wrapping_add(b)) != 0 {
        return Some(None);
    }
    let address = u64::from(u16::from_be_bytes([rest[0], rest[1]]));
    let data = &rest[3..rest.len() - 1];
    let base = || data.try_into().map_or(0, |two| u64::from(u16::from_be_bytes(two)));
    Some(Some(match rest[2] {
        0 => Record::Data(address, data.to_vec()),
        1 => Record::End,
        2 => Record::Base(base() << 4),
        4 => Record::Base(base() << 16),
        3 | 5 => Record::Other,
        _ => Record::Unknown,
    }))
}

/// `SnLLA…CC`; none where it has not this form.
fn motorola(line: &[u8]) -> Option<Line> {
    let (&kind, text) = line.strip_prefix(b"S")?.split_first()?;
    let bytes = unhex(text)?;
    let (&length, rest) = bytes.split_first()?;
    let width = match kind {
        b'0' | b'1' | b'5' | b'9' => 2,
        b'2' | b'6' | b'8' => 3,
        b'3' | b'7' => 4,
        _ => return None,
    };
    if rest.len() != usize::from(length) || rest.len() < width + 1 {
        return None;
    }
    if bytes.iter().fold(0_u8, |sum, &b| sum.wrapping_add(b)) != 0xff {
        return Some(None);
    }
    let address = rest[..width].iter().fold(0_u64, |n, &b| n << 8 | u64::from(b));
    Some(Some(match kind {
        b'1'..=b'3' => Record::Data(address, rest[width..rest.len() - 1].to_vec()),
        b'7'..=b'9' => Record::End,
        _ => Record::Other,
    }))
}

/// Longest line: a record of 255 bytes with address, checksum and line end.
const MAX_LINE: u64 = 600;
/// Fewer records than this are a coincidence.
const MIN_RECORDS: u64 = 2;

/// Whether a text begins with a record whose checksum holds.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let line = bytes.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii_end();
    line.len() as u64 <= MAX_LINE && matches!(intel(line).or_else(|| motorola(line)), Some(Some(_)))
}

fn open(name: &str, parse: fn(&[u8]) -> Option<Line>, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
    let mut reader = data.reader();
    let mut segments = Segments::new(budget);
    let mut line = Vec::new();
    let (mut base, mut length, mut records, mut wrong, mut unknown) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    let (mut ordered, mut ended) = (true, false);
    while !ended && !budget.out_of_time() {
        line.clear();
        if Read::take(&mut reader, MAX_LINE).read_until(b'\n', &mut line).ok()? == 0 {
            break;
        }
        let text = line.trim_ascii_end();
        let record = if text.is_empty() && records > 0 {
            Some(Record::Other)
        } else if let Some(line) = parse(text) {
            line
        } else {
            break;
        };
        length = reader.consumed();
        records += 1;
        match record {
            Some(Record::Data(address, bytes)) => ordered &= segments.add(base.saturating_add(address), &bytes),
            Some(Record::Base(address)) => base = address,
            Some(Record::Other) => {}
            Some(Record::End) => ended = true,
            Some(Record::Unknown) => unknown += 1,
            None if records == 1 => return None,
            None => wrong += 1,
        }
    }
    if records < MIN_RECORDS {
        return None;
    }
    let image = UpdateImage {
        format: name.into(),
        signature: SignatureState::NotApplicable,
        digest_valid: Some(wrong == 0),
        ..UpdateImage::default()
    };
    let mut opened = Opened {
        length,
        detail: Some(format!("{records} records, {}", segments.describe())),
        checksum_valid: Some(wrong == 0),
        observed: vec![Observed::UpdateImage(image)],
        ..Opened::default()
    };
    if wrong > 0 {
        opened = opened.damaged(reason::damaged(name, &format!("the checksums of {wrong} records do not hold")));
    }
    if unknown > 0 {
        opened = opened.damaged(reason::unsupported(&format!("{name} ({unknown} records of an unknown type)")));
    }
    if !ended {
        opened = opened.damaged(reason::damaged(name, "it has no end record"));
    }
    Some(segments.into_content(opened, ordered))
}

pub(in crate::formats) struct IntelHex;

impl Format for IntelHex {
    fn name(&self) -> &'static str {
        "intel-hex"
    }

    fn signatures(&self) -> &'static [Signature] {
        // Records of up to 15, 31, 47 and 64 bytes: a first record that is longer is not in use.
        const { &[magic(b":0"), magic(b":1"), magic(b":2"), magic(b":4")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        open(self.name(), intel, data, budget)
    }
}

pub(in crate::formats) struct SRecord;

impl Format for SRecord {
    fn name(&self) -> &'static str {
        "s-record"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"S0"), magic(b"S1"), magic(b"S2"), magic(b"S3")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        open(self.name(), motorola, data, budget)
    }
}

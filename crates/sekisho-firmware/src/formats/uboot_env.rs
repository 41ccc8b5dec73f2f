//! The environment of U-Boot: a CRC-32, in redundant layouts a flag byte, then `name=value` strings up to an empty one, then fill
//! (U-Boot, `include/env_internal.h`, `struct environment_s`).

use std::fmt::Write as _;
use std::sync::Arc;

use sekisho_model::fact::Observed;

use super::{Format, Opened, Signature};
use crate::blob::Blob;
use crate::inspect::{boot_environment, mtdparts};
use crate::limits::Budget;

pub(super) struct UBootEnvironment;

/// The sizes that boards give it, ascending.
const SIZES: [usize; 10] = [0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x1_0000, 0x2_0000, 0x4_0000, 0x8_0000];
/// Lengths of the header: a checksum, and in redundant layouts a flag.
const HEADERS: [usize; 2] = [4, 5];
/// Variables whose value is told: how the device starts.
const TOLD: [&str; 4] = ["bootdelay", "bootcmd", "bootargs", "version"];
const MAX_VALUE: usize = 160;

/// Names that an environment begins with: U-Boot writes them sorted, boards without a saved one in the order of their source.
const fn first(name: &'static [u8], at: u64) -> Signature {
    Signature { magic: name, at }
}

impl Format for UBootEnvironment {
    fn name(&self) -> &'static str {
        "uboot-env"
    }

    fn signatures(&self) -> &'static [Signature] {
        const {
            &[
                first(b"arch=", 4),
                first(b"baudrate=", 4),
                first(b"boot", 4),
                first(b"addmisc=", 4),
                first(b"arch=", 5),
                first(b"baudrate=", 5),
                first(b"boot", 5),
                first(b"addmisc=", 5),
                first(b"addip=", 4),
                first(b"addip=", 5),
                first(b"altbootcmd=", 4),
                first(b"altbootcmd=", 5),
                first(b"autoload=", 4),
                first(b"autoload=", 5),
                first(b"board", 4),
                first(b"board", 5),
                first(b"console=", 4),
                first(b"console=", 5),
            ]
        }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let stored = u32::from_le_bytes(data.array::<4>(0)?);
        let start = data.window(0, 256).ok()?;
        let headers: Vec<usize> = HEADERS.into_iter().filter(|&at| begins_with_variable(start.get(at..))).collect();
        if headers.is_empty() {
            return None;
        }
        drop(start);
        let window = data.window(0, SIZES[SIZES.len() - 1]).ok()?;
        // The checksum decides; everything behind the header counts, fill included.
        let (size, header) = headers.into_iter().find_map(|header| Some((size(&window, header, stored)?, header)))?;
        let text: Vec<String> = window[header..size]
            .split(|&b| b == 0)
            .take_while(|variable| !variable.is_empty())
            .map(|variable| String::from_utf8_lossy(variable).into_owned())
            .collect();
        let mut detail = format!("{} variables", text.len());
        if header == 5 {
            let _ = write!(detail, ", redundant, flag {}", window[4]);
        }
        for (name, value) in text.iter().filter_map(|variable| variable.split_once('=')) {
            if TOLD.contains(&name) {
                let value: String = value.chars().filter(|c| !c.is_control()).take(MAX_VALUE).collect();
                let _ = write!(detail, ", {name}='{value}'");
            }
        }
        let mut tables = mtdparts::of_text(&text.join("\n"));
        tables.dedup();
        let interfaces = boot_environment::of_variables(text.iter().map(String::as_bytes));
        Some(Opened {
            length: size as u64,
            detail: Some(detail),
            checksum_valid: Some(true),
            observed: (interfaces.into_iter().map(Observed::DebugInterface))
                .chain(tables.into_iter().map(|seen| seen.observed))
                .collect(),
            ..Opened::default()
        })
    }
}

/// Whether bytes begin with a name and a value: the checksums are not calculated for every text.
fn begins_with_variable(bytes: Option<&[u8]>) -> bool {
    let bytes = bytes.unwrap_or_default();
    let Some(equals) = memchr::memchr(b'=', bytes) else { return false };
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'#' | b',');
    let value = &bytes[equals + 1..];
    let end = memchr::memchr(0, value).unwrap_or(value.len());
    equals > 0
        && bytes[..equals].iter().all(is_name)
        && value[..end].iter().all(|b| (0x20..0x7f).contains(b) || matches!(b, b'\n' | b'\t'))
}

/// The size for which the checksum holds: one pass over the largest.
fn size(window: &[u8], header: usize, stored: u32) -> Option<usize> {
    let mut crc = flate2::Crc::new();
    let mut done = header;
    for size in SIZES {
        crc.update(window.get(done..size)?);
        done = size;
        if crc.sum() == stored || crc.sum() == stored.swap_bytes() {
            return Some(size);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::crc32;
    use crate::limits::Limits;

    fn environment(size: usize, redundant: bool) -> Vec<u8> {
        let mut body = b"baudrate=115200\0bootcmd=run x\0bootdelay=2\0\0".to_vec();
        let header = if redundant { 5 } else { 4 };
        body.resize(size - header, 0xff);
        let mut bytes = crc32(&body).to_le_bytes().to_vec();
        if redundant {
            bytes.push(1);
        }
        bytes.extend(body);
        bytes
    }

    #[test]
    fn the_checksum_decides() {
        for redundant in [false, true] {
            let mut bytes = environment(0x4000, redundant);
            bytes.extend([0xff; 100]);
            let open =
                |bytes: &[u8]| UBootEnvironment.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()));
            let opened = open(&bytes).unwrap();
            let expected = if redundant {
                "3 variables, redundant, flag 1, bootcmd='run x', bootdelay='2'"
            } else {
                "3 variables, bootcmd='run x', bootdelay='2'"
            };
            assert_eq!((opened.length, opened.detail.as_deref()), (0x4000, Some(expected)));
            let Some(Observed::DebugInterface(prompt)) = opened.observed.first() else { panic!() };
            assert_eq!((prompt.kind.as_str(), prompt.detail.as_str()), ("boot-prompt", "bootdelay=2"));
            bytes[20] ^= 1;
            assert!(open(&bytes).is_none());
        }
    }
}

//! The environment of U-Boot: a CRC-32, in redundant layouts a flag byte, then `name=value` strings up to an empty one, then fill
//! (U-Boot, `include/env_internal.h`, `struct environment_s`).

use std::sync::Arc;

use sekisho_model::fact::Observed;

use super::{Format, Opened, Signature, crc32};
use crate::blob::Blob;
use crate::inspect::boot_environment;
use crate::limits::Budget;

pub(super) struct UBootEnvironment;

/// The sizes that boards give it.
const SIZES: [usize; 8] = [0x1000, 0x2000, 0x4000, 0x8000, 0x1_0000, 0x2_0000, 0x4_0000, 0x8_0000];

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
            ]
        }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let window = data.window(0, SIZES[SIZES.len() - 1]).ok()?;
        let stored = u32::from_le_bytes(window.get(..4)?.try_into().ok()?);
        // The checksum decides; everything behind the header counts, fill included.
        let (size, header) = SIZES.iter().flat_map(|&size| [(size, 4), (size, 5)]).find(|&(size, header)| {
            window.get(header..size).is_some_and(|body| {
                (crc32(body) == stored || crc32(body) == stored.swap_bytes()) && body.contains(&b'=')
            })
        })?;
        let variables = || window[header..size].split(|&b| b == 0).take_while(|v| !v.is_empty());
        let interfaces = boot_environment::of_variables(variables());
        let variables = variables().count();
        Some(Opened {
            observed: interfaces.into_iter().map(Observed::DebugInterface).collect(),
            length: size as u64,
            detail: Some(format!("{variables} variables")),
            checksum_valid: Some(true),
            ..Opened::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            assert_eq!((opened.length, opened.detail.as_deref()), (0x4000, Some("3 variables")));
            let Some(Observed::DebugInterface(prompt)) = opened.observed.first() else { panic!() };
            assert_eq!((prompt.kind.as_str(), prompt.detail.as_str()), ("boot-prompt", "bootdelay=2"));
            bytes[20] ^= 1;
            assert!(open(&bytes).is_none());
        }
    }
}

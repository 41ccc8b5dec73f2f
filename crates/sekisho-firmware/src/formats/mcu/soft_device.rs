//! Nordic's soft devices, the radio protocol stacks below an application: what they say of themselves.
//!
//! `nrf_sdm.h` of the nRF5 SDK: the information structure lies 0x2000 bytes behind a soft device's beginning.

use std::sync::Arc;

use sekisho_model::fact::Observed;

use crate::blob::Blob;
use crate::formats::{Format, Opened, Signature, le16, le32};
use crate::inspect::versions;
use crate::limits::Budget;

pub(in crate::formats) struct SoftDevice;

/// The structure with identity and version; older ones end before.
const WITH_VERSION: u8 = 0x18;
/// The structure with a unique string of 20 bytes is the longest so far.
const LONGEST: u8 = 0x40;
/// A soft device takes less than this of the flash.
const MAX_SIZE: u32 = 1 << 20;

impl Format for SoftDevice {
    fn name(&self) -> &'static str {
        "nordic-soft-device"
    }

    fn signatures(&self) -> &'static [Signature] {
        // `MAGIC_NUMBER_SOFTDEVICE`, behind the structure's size.
        const { &[Signature { magic: b"\xdb\xe5\xb1\x51", at: 4 }] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let info = data.array::<{ WITH_VERSION as usize }>(0)?;
        let (length, size, firmware) = (info[0], le32(&info, 8), le16(&info, 12));
        if !(WITH_VERSION..=LONGEST).contains(&length) || !length.is_multiple_of(4) || size == 0 || size > MAX_SIZE {
            return None;
        }
        // As in S132 and 7.2.0: seven millions and two thousands.
        let (id, version) = (le32(&info, 16), le32(&info, 20));
        if !(100..1000).contains(&id) || version == 0 || version > 100_000_000 {
            return None;
        }
        let name = format!("nordic-softdevice-s{id}");
        let version = format!("{}.{}.{}", version / 1_000_000, version / 1000 % 1000, version % 1000);
        Some(Opened {
            length: u64::from(length).min(data.len()),
            detail: Some(format!("S{id} {version}, firmware id {firmware:#06x}, {size} bytes")),
            observed: vec![Observed::Component(versions::from_header(&name, "", &version))],
            ..Opened::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn identity_and_version() {
        let mut info = vec![0x2c, 0xff, 0xff, 0xff, 0xdb, 0xe5, 0xb1, 0x51];
        for field in [0x0002_6000_u32, 0xffff_0101, 140, 7_002_000] {
            info.extend(field.to_le_bytes());
        }
        info.resize(0x40, 0);
        let open = |bytes: &[u8]| SoftDevice.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()));
        let opened = open(&info).unwrap();
        let Some(Observed::Component(component)) = opened.observed.first() else { panic!() };
        assert_eq!((component.name.as_str(), component.version.as_deref()), ("nordic-softdevice-s140", Some("7.2.0")));
        assert_eq!(opened.length, 0x2c);
        info[0] = 0x10;
        assert!(open(&info).is_none(), "an older structure names no version");
    }
}

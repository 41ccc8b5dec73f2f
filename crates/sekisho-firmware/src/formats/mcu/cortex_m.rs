//! Programs of Arm Cortex-M processors, recognised by their vector table: there is no header.
//!
//! Armv7-M Architecture Reference Manual (DDI 0403), B1.5.3: the table begins with the initial stack pointer, then come the addresses of
//! the reset handler and of the exceptions, with bit 0 set because the processor knows Thumb code only.

use crate::blob::Blob;
use crate::formats::le32;

pub(super) const NAME: &str = "cortex-m";

/// The system's own vectors: the stack and fifteen exceptions.
const VECTORS: usize = 16;
/// Vectors that no core uses (DDI 0403, table B1-4; slot 7 is `SecureFault` in Armv8-M and a checksum in some boot ROMs).
const RESERVED: [usize; 3] = [8, 9, 10];
/// Exceptions that every core has: reset, NMI, hard fault, supervisor call, `PendSV`, `SysTick`.
const PRESENT: [usize; 6] = [1, 2, 3, 11, 14, 15];
/// Larger memories are not on such chips.
const MAX_IMAGE: u64 = 32 << 20;

/// Whether an address lies where Cortex-M chips have RAM: the SRAM region of the architecture (DDI 0403, B3.1), core-coupled memory from
/// `0x1000_0000` on (STM32F4, LPC), or what lies just below the region (Kinetis).
fn is_ram(address: u32) -> bool {
    matches!(address, 0x2000_0000..=0x3fff_ffff | 0x1000_0000..=0x1004_0000 | 0x1fff_0000..=0x1fff_ffff)
        && address.is_multiple_of(4)
}

/// Whether `data` begins with a vector table whose handlers lie in it.
pub(super) fn is_program(data: &Blob) -> bool {
    let Some(table) = data.array::<{ VECTORS * 4 }>(0) else { return false };
    let vector = |i: usize| le32(&table, i * 4);
    if data.len() > MAX_IMAGE || !is_ram(vector(0)) || RESERVED.iter().any(|&i| vector(i) != 0) {
        return false;
    }
    let handlers: Vec<u32> =
        PRESENT.iter().map(|&i| vector(i)).chain([4, 5, 6, 12].map(vector).into_iter().filter(|&v| v != 0)).collect();
    // A program without interrupts leaves the later ones out; the first three it needs.
    if handlers.iter().take(3).any(|&v| v == 0) || handlers.iter().any(|&v| v != 0 && v & 1 == 0) {
        return false;
    }
    let present = || handlers.iter().copied().filter(|&v| v != 0);
    let (Some(low), Some(high)) = (present().min(), present().max()) else { return false };
    // Where the image is loaded is not known, but the code region ends at 0x1fff_ffff (DDI 0403, B3.1), and all handlers lie in one image.
    // A boot ROM's header or a soft device below may stand before it, so the distance counts and not the address.
    high < 0x2000_0000 && u64::from(high - low) < data.len() && distinct(&handlers) >= 2
}

fn distinct(handlers: &[u32]) -> usize {
    let mut sorted: Vec<u32> = handlers.iter().copied().filter(|&v| v != 0).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(words: &[u32]) -> Blob {
        let mut bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        bytes.resize(0x2000, 0xaa);
        Blob::memory(bytes)
    }

    #[test]
    fn a_table_of_a_real_chip() {
        // An STM32F4's: stack, reset, NMI, faults, reserved, SVCall, debug, reserved, PendSV, SysTick.
        let words = [
            0x2005_0000,
            0x0800_3615,
            0x0800_3661,
            0x0800_3661,
            0x0800_3661,
            0x0800_3661,
            0x0800_3661,
            0,
            0,
            0,
            0,
            0x0800_3663,
            0x0800_3661,
            0,
            0x0800_3665,
            0x0800_3667,
        ];
        assert!(is_program(&table(&words)));
        for (slot, value) in [(0, 0x0800_0000), (1, 0x0800_3614), (8, 1), (3, 0), (2, 0x0810_0001), (15, 0x2000_0001)] {
            let mut wrong = words;
            wrong[slot] = value;
            assert!(!is_program(&table(&wrong)), "{slot}");
        }
        assert!(!is_program(&Blob::memory(vec![0; 63])));
    }
}

//! Images of microcontrollers: what boot loaders of small chips take for an update, and programs without an operating system around them.
//!
//! They are small, have no file system as a rule, and say much in their headers: version, chip, digest, signature, counters.

mod cortex_m;
mod esp;
mod esp_flash;
mod hex_text;
mod matter;
mod mcuboot;
mod nordic;
mod nvs;
mod soft_device;
mod uf2;
mod uf2_families;
mod verify;
mod zigbee;

use sha2::{Digest, Sha256};

use crate::blob::Blob;
use crate::limits::Budget;

pub(super) use esp::EspImage;
pub(super) use esp_flash::{OtaData, PartitionTable, PhyInit};
pub(super) use hex_text::{IntelHex, SRecord};
pub(super) use matter::MatterOta;
pub(super) use mcuboot::{McuBoot, Trailer};
pub(super) use nordic::package;
pub(super) use nvs::Nvs;
pub(super) use soft_device::SoftDevice;
pub(super) use uf2::Uf2;
pub(super) use zigbee::ZigbeeOta;

/// Whether a text is an image written out in hexadecimal.
pub(crate) fn is_hex_text(bytes: &[u8]) -> bool {
    hex_text::begins(bytes)
}

/// The headers that declare what they hold to be a microcontroller's program.
const DECLARE_A_PROGRAM: [&str; 4] = ["mcuboot", "esp-image", "zigbee-ota", "matter-ota"];

/// What program `data` is, by the header around it (`within`, outermost first) or by its own vector table.
pub(crate) fn program(data: &Blob, within: &[String]) -> Option<&'static str> {
    if cortex_m::is_program(data) {
        return Some(cortex_m::NAME);
    }
    let around = within.last()?.split('@').next()?;
    DECLARE_A_PROGRAM.contains(&around).then_some("program")
}

/// Whether `data` begins with a Cortex-M's vector table.
pub(crate) fn is_cortex_m(data: &Blob) -> bool {
    cortex_m::is_program(data)
}

/// SHA-256 of a blob; none where it cannot be read or a limit is reached.
fn sha256(data: &Blob, budget: &Budget) -> Option<[u8; 32]> {
    let mut hasher = Sha256::new();
    update(&mut hasher, data, budget)?;
    Some(hasher.finalize().into())
}

/// A digest of a blob; none where it cannot be read or a limit is reached.
fn digest_of<D: Digest>(data: &Blob, budget: &Budget) -> Option<Vec<u8>> {
    let mut hasher = D::new();
    update(&mut hasher, data, budget)?;
    Some(hasher.finalize().to_vec())
}

/// Feeds a blob to a hash.
fn update(hasher: &mut impl Digest, data: &Blob, budget: &Budget) -> Option<()> {
    if !budget.check(data.len()) {
        return None;
    }
    let mut at = 0;
    while at < data.len() {
        let bytes = data.window(at, 1 << 20).ok().filter(|b| !b.is_empty())?;
        hasher.update(&bytes);
        at += bytes.len() as u64;
    }
    Some(())
}

#[cfg(test)]
mod tests;

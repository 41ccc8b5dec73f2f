//! UF2: blocks of 512 bytes that are copied onto a chip as onto a USB stick, each with the address its content goes to.
//!
//! The format: <https://github.com/microsoft/uf2>, README.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use super::hex_text::Segments;
use super::uf2_families;
use crate::blob::Blob;
use crate::formats::{Format, Opened, Signature, le32, magic};
use crate::limits::Budget;
use crate::reason;

pub(in crate::formats) struct Uf2;

const BLOCK: usize = 512;
const SECOND_MAGIC: u32 = 0x9e5d_5157;
const LAST_MAGIC: u32 = 0x0ab1_6f30;
/// Bytes of a block that can carry content.
const MAX_PAYLOAD: usize = 476;

/// Flags: the block is not for the main flash; it is a part of a file; it names a family.
const NOT_MAIN: u32 = 0x0001;
const FILE: u32 = 0x1000;
const FAMILY: u32 = 0x2000;

struct Block {
    flags: u32,
    address: u32,
    size: usize,
    number: u32,
    count: u32,
    family: u32,
}

fn block(bytes: &[u8]) -> Option<Block> {
    let block = Block {
        flags: le32(bytes, 8),
        address: le32(bytes, 12),
        size: le32(bytes, 16) as usize,
        number: le32(bytes, 20),
        count: le32(bytes, 24),
        family: le32(bytes, 28),
    };
    let valid = bytes.len() >= BLOCK
        && bytes.starts_with(b"UF2\n")
        && le32(bytes, 4) == SECOND_MAGIC
        && le32(bytes, BLOCK - 4) == LAST_MAGIC
        && block.size <= MAX_PAYLOAD
        && block.number < block.count;
    valid.then_some(block)
}

impl Format for Uf2 {
    fn name(&self) -> &'static str {
        "uf2"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"UF2\n\x57\x51\x5d\x9e")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        block(&data.array::<BLOCK>(0)?)?;
        let mut segments = Segments::new(budget);
        let mut families: Vec<u32> = Vec::new();
        let (mut at, mut blocks, mut declared, mut skipped, mut ordered) = (0_u64, 0_u64, 0_u64, 0_u64, true);
        while let Some(bytes) = data.array::<BLOCK>(at)
            && let Some(block) = block(&bytes)
            && !budget.out_of_time()
        {
            // Files may follow each other, each for its own family; then counting begins anew.
            if block.number == 0 {
                declared += u64::from(block.count);
            }
            at += BLOCK as u64;
            blocks += 1;
            if block.flags & FAMILY != 0 && !families.contains(&block.family) && families.len() < 16 {
                families.push(block.family);
            }
            if block.flags & (NOT_MAIN | FILE) != 0 {
                skipped += 1;
            } else if let Some(content) = bytes.get(32..32 + block.size) {
                ordered &= segments.add(u64::from(block.address), content);
            }
        }
        let names: Vec<String> = families
            .iter()
            .map(|&id| uf2_families::name(id).map_or_else(|| format!("{id:#010x}"), str::to_owned))
            .collect();
        let target = (!names.is_empty()).then(|| names.join(", "));
        let image = UpdateImage {
            format: "uf2".into(),
            target: target.clone(),
            signature: SignatureState::NotApplicable,
            ..UpdateImage::default()
        };
        let mut opened = Opened {
            length: at,
            detail: Some(format!(
                "{blocks} blocks for {}, {}",
                target.as_deref().unwrap_or("no family"),
                segments.describe()
            )),
            observed: vec![Observed::UpdateImage(image)],
            ..Opened::default()
        };
        if blocks < declared {
            opened.declared = Some(declared.saturating_mul(BLOCK as u64));
            opened = opened.damaged(reason::truncated("uf2", declared.saturating_mul(BLOCK as u64), at));
        }
        if skipped > 0 {
            opened =
                opened.damaged(reason::unsupported(&format!("uf2 ({skipped} blocks that are not for the main flash)")));
        }
        Some(segments.into_content(opened, ordered))
    }
}

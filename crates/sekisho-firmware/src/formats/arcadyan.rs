//! Images of Arcadyan's routers: an LZMA stream of which two runs of 32 bytes are exchanged, and the bytes of the first then have their
//! halves and their neighbours exchanged. The scheme is public (<https://openwrt.org/docs/techref/brnboot>,
//! <https://github.com/ReFirmLabs/binwalk/wiki>).

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::part::Part;
use super::{Content, Format, Opened, Signature, lzma};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;

pub(super) struct Arcadyan;

/// Where the runs lie that were exchanged, and how long they are.
const FIRST: usize = 4;
const SECOND: usize = 0x68;
const RUN: usize = 32;
/// Images of this kind have some MiB.
const MAX_IMAGE: usize = 32 << 20;

impl Format for Arcadyan {
    fn name(&self) -> &'static str {
        "arcadyan"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The LZMA header's beginning (properties, dictionary of 8 MiB) as it looks after the exchange.
        const { &[Signature { magic: b"\x00\xd5\x08\x00", at: SECOND as u64 }] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let start = data.window(0, SECOND + RUN).ok()?.into_owned();
        let clear = exchange(start)?;
        // Looked at in a copy of the beginning before all of it is copied.
        if !lzma::is_header(clear.get(FIRST..)?) {
            return None;
        }
        let length = data.len().min(MAX_IMAGE as u64);
        let mut held = Held::default();
        if !budget.expand(length) || !budget.hold(&mut held, length) {
            return None;
        }
        let image = exchange(data.window(0, length as usize).ok()?.into_owned())?;
        let image = Blob::held(image, held);
        let stream = lzma::Lzma.open(&image.tail(FIRST as u64), budget)?;
        let consumed = FIRST as u64 + stream.length;
        let Content::Stream(content) = stream.content else { return None };
        let mut opened = Opened {
            length: consumed,
            read: stream.read,
            detail: Some("obfuscated: bytes exchanged in the header of an LZMA stream; undone".into()),
            gaps: stream.gaps,
            ..Opened::default()
        };
        if opened.read != ReadState::Whole && opened.gaps.is_empty() {
            opened = opened.damaged(reason::damaged("arcadyan", "its stream ends early"));
        }
        let part = Part { name: "lzma".into(), offset: None, data: content, program: true, gaps: Vec::new() };
        opened.content = Content::Parts(Box::new(std::iter::once(part)));
        Some(opened)
    }
}

/// Undoes the scheme.
fn exchange(mut image: Vec<u8>) -> Option<Vec<u8>> {
    let (front, back) = image.split_at_mut_checked(SECOND)?;
    let (first, second) = (front.get_mut(FIRST..FIRST + RUN)?, back.get_mut(..RUN)?);
    first.swap_with_slice(second);
    for pair in first.chunks_exact_mut(2) {
        pair.swap(0, 1);
        for byte in pair {
            *byte = byte.rotate_left(4);
        }
    }
    Some(image)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lzma_rust2::{LzmaOptions, LzmaWriter};

    use super::*;
    use crate::limits::Limits;

    #[test]
    fn the_exchange_is_undone() {
        let text = b"A router's program, packed and obfuscated. ".repeat(300);
        let noisy: Vec<u8> = text.iter().enumerate().map(|(i, b)| b ^ (i * i / 7) as u8).collect();
        let mut options = LzmaOptions::with_preset(6);
        options.dict_size = 8 << 20;
        let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(noisy.len() as u64)).unwrap();
        writer.write_all(&noisy).unwrap();
        let mut image = vec![0x30, 0x05, 0x11, 0x20];
        image.extend(writer.finish().unwrap());
        // The scheme the other way round: neighbours and halves first, then the runs.
        for pair in image[FIRST..FIRST + RUN].chunks_exact_mut(2) {
            pair.swap(0, 1);
            for byte in pair {
                *byte = byte.rotate_left(4);
            }
        }
        for i in 0..RUN {
            image.swap(FIRST + i, SECOND + i);
        }
        image.extend([0xff; 16]);
        let budget = Budget::new(Limits::default());
        let opened = Arcadyan.open(&Blob::memory(image.clone()), &budget).unwrap();
        assert_eq!(opened.read, ReadState::Whole);
        let Content::Parts(mut parts) = opened.content else { panic!() };
        assert_eq!(parts.next().unwrap().data.window(0, 99_999).unwrap().as_ref(), noisy);
        for end in 0..SECOND + RUN + 20 {
            let _ = Arcadyan.open(&Blob::memory(image[..end].to_vec()), &budget);
        }
    }
}

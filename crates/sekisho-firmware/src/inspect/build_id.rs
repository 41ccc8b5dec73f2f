//! The build id that linkers give a program.

use goblin::elf::Elf;
use goblin::elf::note::NT_GNU_BUILD_ID;

use crate::layout::hex;

/// The build id in the note `.note.gnu.build-id`, as `build-id:` and hexadecimal digits.
pub(super) fn of(bytes: &[u8], elf: &Elf<'_>) -> Option<String> {
    // Notes of a program stand near its beginning; a damaged file may claim any number of them.
    const MAX_NOTES: usize = 64;
    let of_sections = elf.iter_note_sections(bytes, None).into_iter().flatten();
    let of_headers = elf.iter_note_headers(bytes).into_iter().flatten();
    of_headers
        .chain(of_sections)
        .take(MAX_NOTES)
        .filter_map(Result::ok)
        .find(|note| {
            note.n_type == NT_GNU_BUILD_ID && note.name.trim_end_matches('\0') == "GNU" && !note.desc.is_empty()
        })
        .map(|note| format!("build-id:{}", hex(note.desc.get(..note.desc.len().min(64)).unwrap_or_default())))
}

//! Partition tables of flash memory as boot loaders hand them to Linux: `mtdparts=spi0.0:256k(boot)ro,2m@0x40000(kernel),-(root)`
//! (Linux, `drivers/mtd/parsers/cmdlinepart.c`).
//!
//! They are named and not applied: a table that a boot loader carries need not be the one that the dump at hand was laid out by.

use memchr::memmem;
use sekisho_model::fact::{Observed, Region};

use super::Seen;

const KEY: &str = "mtdparts=";
/// Tables in one text, partitions in one table, bytes of one table: no board comes near.
const MAX_TABLES: usize = 16;
const MAX_PARTITIONS: usize = 64;
const MAX_LENGTH: usize = 2048;

/// The tables in a text.
pub(crate) fn of_text(text: &str) -> Vec<Seen> {
    of_bytes(text.as_bytes()).into_iter().map(|(_, seen)| seen).collect()
}

/// The tables in raw bytes, each with its offset.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<(usize, Seen)> {
    memmem::find_iter(bytes, KEY)
        .take(MAX_TABLES)
        .filter_map(|at| {
            let rest = bytes.get(at + KEY.len()..)?;
            let rest = rest.get(..rest.len().min(MAX_LENGTH))?;
            let end = rest.iter().position(|b| !(0x21..0x7f).contains(b)).unwrap_or(rest.len());
            let text = std::str::from_utf8(&rest[..end]).ok()?;
            let tables: Option<Vec<String>> = text.split(';').map(table).collect();
            let region = Region {
                format: "mtdparts".into(),
                length: (KEY.len() + end) as u64,
                detail: Some(tables?.join("; ")),
                ..Region::default()
            };
            Some((at, Seen::in_string(Observed::Region(region), &format!("{KEY}{text}"))))
        })
        .collect()
}

/// One device and its partitions, readably; none where the text is not a table.
fn table(text: &str) -> Option<String> {
    // The device's own name may have colons; the partitions have none.
    let (device, partitions) = text.rsplit_once(':')?;
    let mut next = Some(0_u64);
    let mut described = Vec::new();
    for partition in partitions.split(',').take(MAX_PARTITIONS) {
        let (size, mut rest) = number(partition)?;
        let mut offset = next;
        if let Some(at) = rest.strip_prefix('@') {
            let (explicit, behind) = number(at)?;
            (offset, rest) = (explicit, behind);
        }
        let (name, flags) = match rest.strip_prefix('(') {
            Some(named) => named.split_once(')')?,
            None => ("unnamed", rest),
        };
        if !flags.is_empty() && !matches!(flags, "ro" | "lk" | "rolk" | "slc" | "roslc") {
            return None;
        }
        let place = offset.map_or_else(|| "?".to_owned(), |at| format!("{at:#x}"));
        let length = size.map_or_else(|| "rest".to_owned(), |size| format!("{size:#x}"));
        let mark = if flags.starts_with("ro") { " read-only" } else { "" };
        described.push(format!("{name} {place}+{length}{mark}"));
        next = offset.zip(size).and_then(|(offset, size)| offset.checked_add(size));
    }
    // The variable of U-Boot holds the key once more; what follows that is the table.
    (!device.is_empty() && !device.contains('=') && !described.is_empty())
        .then(|| format!("{device}: {}", described.join(", ")))
}

/// A size as the kernel's `memparse` reads it, or `-` for what is left; and what follows.
fn number(text: &str) -> Option<(Option<u64>, &str)> {
    if let Some(rest) = text.strip_prefix('-') {
        return Some((None, rest));
    }
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (text, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let value = u64::from_str_radix(&digits[..end], radix).ok()?;
    let rest = &digits[end..];
    let (shift, rest) = match rest.as_bytes().first() {
        Some(b'k' | b'K') => (10, &rest[1..]),
        Some(b'm' | b'M') => (20, &rest[1..]),
        Some(b'g' | b'G') => (30, &rest[1..]),
        _ => (0, rest),
    };
    Some((Some(value.checked_mul(1 << shift)?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(text: &str) -> Option<String> {
        let seen = of_text(text).into_iter().next()?;
        let Observed::Region(region) = seen.observed else { return None };
        region.detail
    }

    #[test]
    fn tables_are_named_with_their_offsets() {
        assert_eq!(
            detail("console=ttyS1 mtdparts=jz_sfc:256k(boot)ro,2176k(kernel),3584k(root),-(system) mem=64M").as_deref(),
            Some(
                "jz_sfc: boot 0x0+0x40000 read-only, kernel 0x40000+0x220000, root 0x260000+0x380000, system 0x5e0000+rest"
            )
        );
        assert_eq!(
            detail("mtdparts=a:1m@0x100000(x);b.0:64k").as_deref(),
            Some("a: x 0x100000+0x100000; b.0: unnamed 0x0+0x10000")
        );
    }

    #[test]
    fn formats_and_nonsense_are_not_tables() {
        assert_eq!(of_text("mtdparts=mtdparts=x:1m(a)").len(), 1);
        for text in
            ["mtdparts=%s", "mtdparts=", "mtdparts=a:b", "mtdparts=x:1m(open", "mtdparts=x:99999999999999999999k(a)"]
        {
            assert_eq!(detail(text), None, "{text}");
        }
    }
}

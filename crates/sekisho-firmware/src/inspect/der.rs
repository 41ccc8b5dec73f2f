//! Just enough DER to tell keys apart.

/// One element: tag, content, and what follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) rest: &'a [u8],
}

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;

/// Reads one element.
pub(crate) fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 || rest.len() < count {
            return None;
        }
        (rest[..count].iter().fold(0_usize, |n, &b| n << 8 | usize::from(b)), &rest[count..])
    };
    (length <= rest.len()).then(|| Element { tag, content: &rest[..length], rest: &rest[length..] })
}

/// The elements of a sequence that fills `bytes` (but for a newline or padding).
pub(crate) fn sequence(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let outer = element(bytes)?;
    if outer.tag != SEQUENCE || outer.rest.len() > 4 {
        return None;
    }
    elements(outer.content)
}

/// All elements of a content, at most 32.
pub(crate) fn elements(mut content: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut out = Vec::new();
    while !content.is_empty() && out.len() < 32 {
        let next = element(content)?;
        content = next.rest;
        out.push(next);
    }
    Some(out)
}

/// The bits of an integer's magnitude.
pub(crate) fn bits(integer: &[u8]) -> u32 {
    let significant = integer.iter().position(|&b| b != 0).map_or(&[][..], |at| &integer[at..]);
    significant.first().map_or(0, |first| significant.len() as u32 * 8 - first.leading_zeros())
}

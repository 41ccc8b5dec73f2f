//! Parts of a container: partitions of a disk, images of a FIT, the kernel and ramdisk of an Android boot image.

use sekisho_model::Text;

use crate::blob::Blob;
use crate::reason;

/// One part, in the clear or made from the container.
#[derive(Debug)]
pub(crate) struct Part {
    /// What the container calls it.
    pub(crate) name: String,
    /// Where it lies in the region, where it lies there in the clear.
    pub(crate) offset: Option<u64>,
    pub(crate) data: Blob,
    /// Whether the container says that it is a program, or the only thing that a device can run from there.
    pub(crate) program: bool,
    /// What could not be read of it.
    pub(crate) gaps: Vec<Text>,
}

impl Part {
    /// The one program that a container holds from `offset` on.
    pub(crate) fn program(region: &Blob, offset: u64) -> Parts {
        let data = region.tail(offset);
        Box::new(std::iter::once(Self {
            name: "code".into(),
            offset: Some(offset),
            data,
            program: true,
            gaps: Vec::new(),
        }))
    }
}

/// The parts one after the other: those that have to be made are held in memory one at a time only.
pub(crate) type Parts = Box<dyn Iterator<Item = Part> + Send>;

/// Parts of one container; no partition table or image tree of a device comes near it.
const MAX_PARTS: usize = 512;

/// Collects the parts that lie in a container in the clear, each byte once.
pub(crate) struct Claims<'a> {
    format: &'static str,
    data: &'a Blob,
    parts: Vec<(u64, Part)>,
    /// What is accounted for without being a part: the tables themselves.
    reserved: Vec<(u64, u64)>,
    pub(crate) gaps: Vec<Text>,
}

impl<'a> Claims<'a> {
    pub(crate) fn new(format: &'static str, data: &'a Blob) -> Self {
        Self { format, data, parts: Vec::new(), reserved: Vec::new(), gaps: Vec::new() }
    }

    /// Keeps bytes from being taken for what no part claimed.
    pub(crate) fn reserve(&mut self, offset: u64, length: u64) {
        self.reserved.push((offset, offset.saturating_add(length)));
    }

    /// Adds the part of `length` bytes at `offset`. What lies outside the data is cut, what overlaps another part is left out; both are said.
    /// The same bytes under a second name are no problem.
    pub(crate) fn add(&mut self, name: &str, offset: u64, length: u64, program: bool) {
        let name = label(name);
        if length == 0 {
            return;
        }
        let end = offset.saturating_add(length);
        let what = format!("{} part {name}", self.format);
        if offset >= self.data.len() {
            self.gaps.push(reason::truncated(&what, length, 0));
            return;
        }
        if self.parts.iter().any(|(at, part)| *at == offset && part.data.len() == length) {
            return;
        }
        let overlaps = |(at, part): &(u64, Part)| offset < at + part.data.len() && *at < end;
        if self.parts.len() >= MAX_PARTS || self.parts.iter().any(overlaps) {
            self.gaps.push(reason::part_left_out(&what));
            return;
        }
        let data = self.data.slice(offset, length);
        if data.len() < length {
            self.gaps.push(reason::truncated(&what, length, data.len()));
        }
        self.parts.push((offset, Part { name, offset: Some(offset), data, program, gaps: Vec::new() }));
    }

    /// Adds what no part claimed between `from` and `to`: boot loaders hide before the first partition.
    pub(crate) fn add_rest(&mut self, name: &str, from: u64, to: u64) {
        let mut taken: Vec<(u64, u64)> = self.parts.iter().map(|(at, part)| (*at, at + part.data.len())).collect();
        taken.extend(&self.reserved);
        taken.sort_unstable();
        taken.push((to, to));
        let mut at = from;
        for (start, end) in taken {
            if start > at {
                self.add(name, at, start.min(to).saturating_sub(at), false);
            }
            at = at.max(end);
        }
    }

    pub(crate) fn into_parts(mut self) -> Parts {
        self.parts.sort_by_key(|(at, _)| *at);
        Box::new(self.parts.into_iter().map(|(_, part)| part))
    }
}

/// A name from an image as part of a place: printable, short, without what separates places.
pub(crate) fn label(name: &str) -> String {
    name.chars().take(64).map(|c| if c.is_control() || matches!(c, '@' | '/') { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_claimed_once() {
        let data = Blob::memory(vec![0; 1000]);
        let mut claims = Claims::new("test", &data);
        claims.add("a", 100, 200, false);
        claims.add("again", 100, 200, false);
        claims.add("across", 250, 100, false);
        claims.add("beyond", 900, 200, false);
        claims.add("outside", u64::MAX, 9, false);
        claims.add_rest("rest", 0, 1000);
        assert_eq!(claims.gaps.len(), 3);
        let parts: Vec<(String, u64)> = claims.into_parts().map(|p| (p.name, p.data.len())).collect();
        let expected = [("rest", 100), ("a", 200), ("rest", 600), ("beyond", 100)];
        assert_eq!(parts, expected.map(|(name, length)| (name.to_owned(), length)));
    }

    #[test]
    fn names_cannot_look_like_places() {
        assert_eq!(label("a/../b@0\n"), "a_.._b_0_");
    }
}

//! How much of an input is read.

/// Bounds on what [`Document::parse`](crate::Document::parse) accepts; beyond them it reports a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, and of all its texts together once every alias stands for what it names.
    pub bytes: usize,
    /// Lists and mappings inside one another; at most [`Limits::MAX_DEPTH`], whatever is asked for.
    pub depth: usize,
    /// Values and keys, once every alias stands for what it names.
    pub nodes: usize,
    /// Problems reported before the rest is passed over.
    pub problems: usize,
}

impl Limits {
    /// The greatest depth there is: validating and decoding call themselves once per level.
    pub const MAX_DEPTH: usize = 256;
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 64, nodes: 2_000_000, problems: 100 }
    }
}

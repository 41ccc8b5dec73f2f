//! What reading one bill of materials may cost.

/// Limits of one run. A file over the size limit is refused; everything else that goes over a limit is cut short and
/// reported as a gap in the coverage.
///
/// Memory stays below a small multiple of the file's size plus about one kilobyte for each component read: the file is held
/// in memory while it is read, every string of a fact stands in the file, and the number of facts, relationships, names
/// and gaps is limited here. Measured: a million components in 380 MB of JSON take 1.3 GB, a million that say nothing but a name
/// 0.6 GB, ten thousand ordinary ones 21 MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file. Default 512 MiB.
    pub file: u64,
    /// Components that become facts. Default one million.
    pub components: usize,
    /// Relationships kept. Default five million.
    pub relationships: usize,
    /// How deep components may lie in each other. Default 32.
    pub nesting: usize,
    /// Bytes of one string that becomes part of a fact; a longer one is left out. Default 64 KiB.
    pub text: usize,
    /// Licences, hashes, and other entries looked at in one component. Default 256 of each.
    pub entries: usize,
    /// Gaps listed one by one for each aspect; further ones are only counted. Default 200.
    pub gaps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 512 << 20,
            components: 1_000_000,
            relationships: 5_000_000,
            nesting: 32,
            text: 64 << 10,
            entries: 256,
            gaps: 200,
        }
    }
}

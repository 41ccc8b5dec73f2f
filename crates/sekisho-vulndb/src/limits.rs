//! Bounds on what an import takes in, and a database may claim.

/// What an import takes in at most. Beyond is counted and left out.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one document or of one element of a long list. The largest CSAF documents of distributions have some 20 MB.
    pub document: usize,
    /// Bytes that one input file may decompress to. All of OSV is 5 GB of JSON, all of NVD 2 GB.
    pub decompressed: u64,
    /// Records in a database.
    pub records: usize,
    /// Bytes of records that are sorted in memory before they are put aside on disk.
    pub sorting: usize,
    /// Items in one list of a record, and bytes of one of its texts. What goes beyond is left out, and where it bears on which versions
    /// are affected, the record says that it is incomplete.
    pub list: usize,
    /// Bytes of one text.
    pub text: usize,
    /// Folders in each other.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: 64 << 20,
            decompressed: 64 << 30,
            records: 8_000_000,
            sorting: 64 << 20,
            list: 20_000,
            text: 4096,
            depth: 32,
        }
    }
}

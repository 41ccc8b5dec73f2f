//! How much is read.

/// Bounds on what is imported; beyond them it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all that a workbook holds, decompressed.
    pub unpacked: u64,
    /// Controls, and rows of a table.
    pub rows: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of one cell, and of one control's statement.
    pub cell: usize,
    /// Bytes of all texts together, each counted as often as it is used.
    pub text: usize,
    /// Problems reported before the rest is passed over.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            unpacked: 128 << 20,
            rows: 20_000,
            columns: 256,
            cell: 64 << 10,
            text: 15 << 20,
            problems: 100,
        }
    }
}

//! What reading may cost.

/// Limits of one run. A file over its limit of size is refused, or is a gap where it is one of many; what goes over another limit is a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file of results or of a build. Default 64 MiB.
    pub file: u64,
    /// Values of JSON, or elements and attributes of XML, in one file. Default two million.
    pub values: usize,
    /// Facts of one artefact. Default 100,000.
    pub facts: usize,
    /// Gaps that are listed one by one; further ones are counted. Default 200.
    pub gaps: usize,
    /// Characters of a text in a fact. Default 300.
    pub text: usize,
    /// Published documents of one folder. Default 2,000.
    pub documents: usize,
    /// How deep folders may lie in each other. Default 8.
    pub depth: usize,
    /// Bytes of one published document. Default 16 MiB.
    pub document: u64,
    /// Bytes of all of them. Default 256 MiB.
    pub total: u64,
    /// Pages of one document that has pages. Default 2,000.
    pub pages: usize,
    /// Characters of one document that has pages. Default three million.
    pub characters: u64,
    /// Drawings in one such document, glyphs and lines among them: forms that draw forms can multiply them without end. Default five million.
    pub drawings: u64,
    /// Passages of one topic in one document. Default 5.
    pub passages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 64 << 20,
            values: 2_000_000,
            facts: 100_000,
            gaps: 200,
            text: 300,
            documents: 2_000,
            depth: 8,
            document: 16 << 20,
            total: 256 << 20,
            pages: 2_000,
            characters: 3_000_000,
            drawings: 5_000_000,
            passages: 5,
        }
    }
}

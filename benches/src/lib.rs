//! Benchmarks: `cargo bench -p sekisho-benches`. What is measured stands in `benches/work.rs`.

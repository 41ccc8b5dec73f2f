//! How fast captures are read: `cargo bench -p sekisho-benches --bench captures`. Wall time of two threads, of which one computes the digest;
//! CPU time and memory at full size: `benches/captures.sh`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sekisho_pcap::CaptureCollector;

fn main() {
    divan::main();
}

/// A capture of 20 MB of a small network with devices, to facts.
#[divan::bench(sample_count = 20)]
fn capture(bencher: Bencher<'_, '_>) {
    let mut bytes = Vec::new();
    if sekisho_test::traffic::capture(&mut bytes, 20_000_000).is_err() {
        return;
    }
    let collector = CaptureCollector::default();
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench_local(|| collector.read(black_box(&bytes[..]), "capture", "-", &|_| ()).map(|c| c.facts.len()));
}

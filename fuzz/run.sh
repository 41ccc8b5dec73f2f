#!/usr/bin/env bash
# Runs every fuzz target for some seconds (60 unless told), from its corpus: fuzz/run.sh [SECONDS] [TARGET…]
#
# Stable Rust is enough: the coverage that libFuzzer steers by comes from LLVM's own pass. What a run finds lies in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
shift || true

export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks"
# With a target named, flags reach the program but not build scripts and macros.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --release --target "$host"

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | tail -n +2)
fi
for target in "${targets[@]}"; do
  echo "--- $target, $seconds s"
  mkdir -p "artifacts/$target" "corpus/$target"
  # New inputs go into a folder of their own, so that the corpus in the repository stays as it is.
  found=$(mktemp -d)
  "target/$host/release/$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
    -artifact_prefix="artifacts/$target/" -verbosity=0 "$found" "corpus/$target" 2>&1 | tail -n 12
  rm -rf "$found"
done

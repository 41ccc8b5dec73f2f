#!/usr/bin/env bash
# Captures of growing size, read by Sekisho and by Debian's tshark and capinfos in the same run: benches/captures.sh [MEGABYTES…]
#
# CPU time (user and system, of all threads), wall time, memory at its peak. The captures lie in a temporary folder and go away again.
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(10 100 1000)
cargo build --release --quiet -p sekisho-pcap --example traffic --example traffic_generate
examples=${CARGO_TARGET_DIR:-target}/release/examples
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

measured() { # NAME COMMAND…
  local name=$1
  shift
  if ! command -v "$1" >/dev/null; then
    echo "  $name: not installed"
    return
  fi
  /usr/bin/time -f "  $name: CPU %U + %S s, wall %e s, %M KiB" "$@" >/dev/null 2>"$folder/said" || true
  tail -n 1 "$folder/said"
}

for size in "${sizes[@]}"; do
  file=$folder/$size.pcap
  "$examples/traffic_generate" "$file" "$size" 2>/dev/null
  echo "$size MB, $(stat -c %s "$file") bytes"
  measured 'sekisho: all facts, SHA-256' "$examples/traffic" "$file" --quiet
  measured 'capinfos -H: counts and digests only' capinfos -H "$file"
  measured 'sha256sum: the floor of reading and digest' sha256sum "$file"
  measured 'tshark -z conv,ip: who talks to whom' tshark -n -q -r "$file" -z conv,ip
  rm "$file"
done

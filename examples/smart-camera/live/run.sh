#!/usr/bin/env bash
# Starts the camera's services on this machine (device.sh), assesses them, and stops them again.
#   run.sh bad|good [argument of `sekisho assess`]…
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
variant=${1:-bad}
shift || true
log=$(mktemp)
"$here/device.sh" "$variant" >"$log" 2>&1 &
device=$!
trap 'kill "$device" 2>/dev/null || true; wait "$device" 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 200); do
    grep -q '^ready$' "$log" && break
    kill -0 "$device" 2>/dev/null || { cat "$log" >&2; exit 3; }
    sleep 0.1
done
cat "$log" >&2
sekisho=${SEKISHO:-cargo run --release --quiet --manifest-path $here/../../../Cargo.toml --}
# The command may be several words.
# shellcheck disable=SC2086
$sekisho assess "$here/product-$variant.yaml" "$@"

#!/usr/bin/env bash
# Times the look at one TLS server by Sekisho, sslyze and testssl.sh, in turn, in the same run.
#
#     benches/tls.sh [RUNS [SSLYZE [TESTSSL]]]
#
# Needs openssl, sslyze (PyPI), testssl.sh (Debian) and `time`. The server is OpenSSL's on loopback with its usual settings. Of testssl.sh two ways:
# all that it does, once, and only versions, suites and server defaults (-p -E -S), which is nearer to what the others do.
#
# What is not alike: sslyze and testssl.sh look for attacks by name (Heartbleed, ROBOT, CCS), which Sekisho does not; Sekisho and testssl.sh
# ask for SSL 2.0 to TLS 1.3 with their own hellos, sslyze with two builds of OpenSSL.
set -euo pipefail
runs=${1:-5}
sslyze=${2:-sslyze}
testssl=${3:-testssl}
root=$(cd "$(dirname "$0")/.." && pwd)
for program in openssl "$sslyze" "$testssl" /usr/bin/time; do
    command -v "$program" >/dev/null || { echo "$program is not there" >&2; exit 3; }
done
(cd "$root" && cargo build --quiet --release -p sekisho-net --example tls)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out own.pem -days 30 -subj /CN=localhost 2>/dev/null
openssl s_server -quiet -www -accept 127.0.0.1:14499 -cert own.pem -key key.pem >/dev/null 2>&1 </dev/null &
server=$!
for _ in $(seq 100); do
    (: <"/dev/tcp/127.0.0.1/14499") 2>/dev/null && break
    sleep 0.1
done

# once NAME COMMAND…: adds wall and CPU seconds and MiB to the figures of NAME
once() {
    local name=$1
    shift
    # An exit code of its own is for what it found.
    /usr/bin/time -q -a -o "$name.figures" -f '%e %U %S %M' "$@" >"$name.out" 2>&1 </dev/null || true
}
# middle NAME: the run in the middle by wall time
middle() {
    awk 'NF == 4 { printf "%.2f %.2f %d\n", $1, $2 + $3, $4 / 1024 }' "$1.figures" | sort -n |
        awk -v name="$1" '{ line[NR] = $0 } END { split(line[int((NR + 1) / 2)], f, " ")
            printf "%-16s %8.2f s wall %8.2f s CPU %6d MiB  (%d runs)\n", name, f[1], f[2], f[3], NR }'
}
for _ in $(seq "$runs"); do
    once sekisho "$root/target/release/examples/tls" 127.0.0.1:14499
    once sslyze "$sslyze" 127.0.0.1:14499
    once testssl-fewer "$testssl" --color 0 --warnings off -p -E -S 127.0.0.1:14499
done
once testssl-all "$testssl" --color 0 --warnings off 127.0.0.1:14499
grep -q '"tls-server"' sekisho.out || { echo 'sekisho saw no TLS' >&2; exit 3; }
for name in sekisho sslyze testssl-fewer testssl-all; do middle "$name"; done

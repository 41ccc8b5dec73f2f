#!/bin/sh
# Times the look at one TLS server by Sekisho, sslyze and testssl.sh in the same run: benches/tls.sh [SSLYZE [TESTSSL]]
# Needs openssl, sslyze (PyPI) and testssl.sh (Debian). The server is OpenSSL's on loopback, with its usual settings.
set -eu
sslyze=${1:-sslyze}
testssl=${2:-testssl}
root=$(cd "$(dirname "$0")/.." && pwd)
(cd "$root" && cargo build --quiet --release -p sekisho-net --example tls)
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out own.pem -days 30 -subj /CN=localhost 2>/dev/null
openssl s_server -quiet -www -accept 127.0.0.1:14499 -cert own.pem -key key.pem >/dev/null 2>&1 &
server=$!
sleep 1
measure() {
    name=$1
    shift
    start=$(date +%s%N)
    "$@" >"$folder/$name.txt" 2>&1 </dev/null || true
    echo "$name: $((($(date +%s%N) - start) / 1000000)) ms"
}
measure sekisho "$root/target/release/examples/tls" 127.0.0.1:14499
measure sslyze "$sslyze" 127.0.0.1:14499
measure testssl "$testssl" --color 0 --warnings off 127.0.0.1:14499

#!/usr/bin/env bash
# Times the look at one device over the network: 1,000 TCP ports, three of them with TLS, SSH, MQTT and web, at the default rate; by Sekisho
# and, on the same servers in the same run, by nmap. CPU is user and system time of the process and its children, memory the largest of them.
#
#     cargo build --release && benches/device.sh [RUNS]
#
# The camera of examples/smart-camera/live plays the device, with SSH and two more TLS ports beside it, all on loopback. Needs what the camera
# needs (its device.sh names it), nmap and `time`. SEKISHO names another build.
#
# What is not alike: nmap asks the ports as fast as it can (-T4), tells services by all its probes (-sV), lists suites, SSH's algorithms and
# certificates by its scripts, and reads no headers, files, topics or ways to log in; Sekisho keeps to 200 requests a second, and does all that.
set -euo pipefail
runs=${1:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
sekisho=${SEKISHO:-$root/target/release/sekisho}
PATH=$PATH:/usr/sbin:/sbin
for program in "$sekisho" nmap dropbear dropbearkey openssl /usr/bin/time; do
    command -v "$program" >/dev/null || { echo "$program is not there" >&2; exit 3; }
done
work=$(mktemp -d)
processes=()
stop() {
    trap - EXIT
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM
cd "$work"

"$root/examples/smart-camera/live/device.sh" good >device.log 2>&1 &
processes+=($!)
dropbearkey -t ed25519 -f host_key >/dev/null 2>&1
dropbear -F -E -r host_key -p 127.0.0.1:18022 -P dropbear.pid 2>/dev/null &
processes+=($!)
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out own.pem -days 30 -subj /CN=camera 2>/dev/null
for port in 18444 18445; do
    openssl s_server -quiet -www -accept 127.0.0.1:$port -cert own.pem -key key.pem >/dev/null 2>&1 </dev/null &
    processes+=($!)
done
for _ in $(seq 200); do
    grep -q '^ready$' device.log && break
    kill -0 "${processes[0]}" 2>/dev/null || { cat device.log >&2; exit 3; }
    sleep 0.1
done

cat >product.yaml <<'CONF'
name: Device of the benchmark
components:
  - id: device
    kind: device
    address: 127.0.0.1
    authorized: probe
    tcp_ports: 18000-18999
    interfaces:
      - {kind: web, port: 18443}
      - {kind: web, port: 18444}
      - {kind: web, port: 18445}
      - {kind: web, port: 18080}
      - {kind: ssh, port: 18022}
      - {kind: mqtt, port: 18883}
CONF

# timed NAME COMMAND…: each run, then the one in the middle by wall time
timed() {
    local name=$1
    shift
    : >figures.txt
    for _ in $(seq "$runs"); do
        # An exit code of its own is for what it found.
        /usr/bin/time -q -a -o figures.txt -f '%e %U %S %M' "$@" >out.txt 2>stderr.txt || true
    done
    awk 'NF == 4 { printf "%.2f %.2f %d\n", $1, $2 + $3, $4 / 1024 }' figures.txt | sort -n |
        awk -v name="$name" '{ line[NR] = $0 } END { split(line[int((NR + 1) / 2)], f, " ")
            printf "%-44s %8.2f s wall %8.2f s CPU %6d MiB\n", name, f[1], f[2], f[3] }'
}
timed 'sekisho collect host' "$sekisho" collect host product.yaml --format json
test "$(grep -c '"tls-server"' out.txt)" -ge 1 || { echo "sekisho saw no TLS:" >&2; cat stderr.txt >&2; exit 3; }
timed 'nmap -sV, with scripts for TLS and SSH' nmap -sV -Pn -n -T4 -p 18000-18999 \
    --script ssl-enum-ciphers,ssl-cert,ssh2-enum-algos 127.0.0.1

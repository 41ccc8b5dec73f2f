#!/usr/bin/env bash
# Times `sekisho collect firmware` and whichever of its peers are installed on the same image, one after the other, in one run; then
# Sekisho alone on images from 8 to 1000 MB. CPU is user and system time of the process and its children, memory the largest of them.
#
# Peers, each doing a part of the work: unsquashfs and binwalk unpack (to disk, in a temporary folder), checksec looks at the hardening of
# what unsquashfs unpacked, cve-bin-tool at its versions. Debian: squashfs-tools binwalk checksec time; PyPI: cve-bin-tool.
#
#     cargo build --release && benches/firmware.sh IMAGE ROOTFS.SQUASHFS [RUNS]
set -euo pipefail
image=$(realpath "$1")
rootfs=$(realpath "$2")
runs=${3:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
sekisho=${SEKISHO:-$root/target/release/sekisho}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# timed NAME COMMAND…: best CPU time of the runs, with the wall time and memory of that run
timed() {
    local name=$1 best=
    shift
    for _ in $(seq "$runs"); do
        rm -rf out
        # A peer may end with an exit code of its own for what it found.
        /usr/bin/time -q -o time.txt -f '%U %S %e %M' "$@" >/dev/null 2>stderr.txt || true
        best=$( (echo "$best"; awk 'NF == 4 { printf "%.2f %s %d\n", $1 + $2, $3, $4 / 1024 }' time.txt) | awk 'NF' | sort -n | head -1)
    done
    read -r cpu wall mib <<<"$best"
    printf '%-44s %8s s CPU %8s s wall %6s MiB\n' "$name" "$cpu" "$wall" "$mib"
}
have() { command -v "$1" >/dev/null; }

echo "image of $(stat -c %s "$image") bytes"
timed 'sekisho collect firmware' "$sekisho" collect firmware --format json "$image"
timed 'sekisho collect firmware --no-isolation' "$sekisho" collect firmware --format json --no-isolation "$image"
have unsquashfs && timed 'unsquashfs (its root file system alone)' unsquashfs -no-progress -d out "$rootfs"
have binwalk && timed 'binwalk --extract' binwalk --run-as=root -e -C out "$image"
if have unsquashfs && have checksec; then
    rm -rf tree && unsquashfs -no-progress -d tree "$rootfs" >/dev/null 2>&1
    timed 'checksec (on the unpacked tree)' checksec --dir=tree/usr --output=json
fi
if have cve-bin-tool && [ -d tree ] && [ -n "${CVE_BIN_TOOL:-}" ]; then
    timed 'cve-bin-tool --offline (on the unpacked tree)' cve-bin-tool --offline tree
fi

echo
echo 'growth: the root file system over and over, one after the other'
size=$(stat -c %s "$rootfs")
for megabytes in 8 40 200 1000; do
    rm -f grown.bin
    if [ "$megabytes" -eq 8 ]; then
        # Some of the tree in a file system of its own.
        unsquashfs -no-progress -d small "$rootfs" usr/bin etc >/dev/null 2>&1 || true
        mksquashfs small grown.bin -comp xz -no-progress -noappend >/dev/null 2>&1
    else
        for _ in $(seq $(((megabytes * 1000000 + size / 2) / size))); do cat "$rootfs" >>grown.bin; done
    fi
    timed "$(($(stat -c %s grown.bin) / 1000000)) MB" "$sekisho" collect firmware --format json grown.bin
done

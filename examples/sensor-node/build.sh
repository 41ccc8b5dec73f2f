#!/bin/bash
# Builds the firmware images of the sensor node, weak (1.0.0) and mended (1.1.0). The same inputs give the same bytes.
#
#   ./build.sh           builds into firmware/
#   ./build.sh --check   builds elsewhere and compares with what is committed
#
# Needs Debian 12's gcc-arm-none-eabi (12.2.1; another version may give other bytes), python3, openssl.
#
# SPDX-License-Identifier: Apache-2.0 OR MIT
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for tool in arm-none-eabi-gcc arm-none-eabi-objcopy python3 openssl; do
    command -v $tool >/dev/null || { echo "build.sh: '$tool' is missing; the list of packages is at the head of this script" >&2; exit 1; }
done
out=$here/firmware
[ "${1:-}" != --check ] || out=$work/out
mkdir -p "$out"

python3 "$here/recipe/keys.py" "$work"
build() { # VERSION KEY COUNTER
    mkdir -p "$work/$1"
    cp "$work/settings-$1.h" "$work/$1/settings.h"
    # No library: what the compiler calls for is in the source.
    arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os -std=c11 -Wall -Wextra -Werror -ffreestanding -fno-tree-loop-distribute-patterns \
        -ffunction-sections -fdata-sections -nostdlib -Wl,--gc-sections,--build-id=none,-e,0xC200 -I "$work/$1" \
        -T "$here/recipe/src/node.ld" -o "$work/$1/node.elf" "$here/recipe/src/node.c"
    arm-none-eabi-objcopy -O binary "$work/$1/node.elf" "$work/$1/node.bin"
    python3 "$here/recipe/image.py" "$work/$1/node.bin" "$2" "$1" "$3" "$out/node-$1.bin"
}
# Planted: the key that MCUboot publishes for trying it out, and no counter.
build 1.0.0 "$here/recipe/mcuboot-root-ed25519.pem" -
build 1.1.0 "$work/sign-1.1.0.pem" 2
(cd "$out" && sha256sum node-*.bin >SHA256SUMS)
if [ "${1:-}" = --check ]; then
    diff "$out/SHA256SUMS" "$here/firmware/SHA256SUMS" && echo 'the images are the committed ones'
fi

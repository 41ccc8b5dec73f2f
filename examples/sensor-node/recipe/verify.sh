#!/bin/bash
# Looks at the two images with tools that have nothing to do with Sekisho and says whether what planted.yaml lists is in the weak one, and not
# in the mended one. Needs binutils, openssl, and imgtool from PyPI.
# SPDX-License-Identifier: Apache-2.0 OR MIT
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../firmware" || exit 2
bad=0
check() { # WHAT COMMAND...
    local what=$1
    shift
    if bash -c "$*" >/dev/null 2>&1; then echo "ok    $what"; else echo "WRONG $what"; bad=1; fi
}
key=../recipe/mcuboot-root-ed25519.pem
check 'both: sums' sha256sum --check SHA256SUMS
check '1.0.0: verifies with the published test key' imgtool verify -k $key node-1.0.0.bin
check '1.1.0: does not' "! imgtool verify -k $key node-1.1.0.bin"
check '1.0.0: has no security counter' "! imgtool dumpinfo node-1.0.0.bin | grep -q SEC_CNT"
check '1.1.0: has one' "imgtool dumpinfo node-1.1.0.bin | grep -q SEC_CNT"
check '1.0.0: a private key' "tr '\\0' '\\n' <node-1.0.0.bin | sed -n '/BEGIN EC/,/END EC/p' | openssl ec -noout"
check '1.1.0: no private key' "! strings node-1.1.0.bin | grep -q 'PRIVATE KEY'"
for text in 'wifi_psk=[A-Z]' 'mqtt_password=[A-Z]' 'http://firmware' 'mqtt://broker' 'debug shell'; do
    check "1.0.0: $text" "strings node-1.0.0.bin | grep -q '^$text'"
    check "1.1.0: no $text" "! strings node-1.1.0.bin | grep -q '^$text'"
done
exit $bad

#!/usr/bin/env bash
# Makes the golden images of microcontroller formats with the formats' own tools. The results are committed; run it to add one.
# Needs from PyPI: imgtool 2.5.0, esptool 5.6.0, esp-idf-nvs-partition-gen 0.3.0, nrfutil 6.1.7; from Debian: arm-none-eabi binutils, openssl.
# The content is a table of vectors and a line of our own text. Keys are made here and thrown away.
# SPDX-License-Identifier: Apache-2.0 OR MIT
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A program: stack, reset, NMI, faults, reserved, SVCall, debug, reserved, PendSV, SysTick; then text.
python3 - "$work" <<'P'
import hashlib, struct, sys
work = sys.argv[1]
vectors = [0x20004000, 0x101, 0x103, 0x105, 0, 0, 0, 0, 0, 0, 0, 0x107, 0, 0, 0x109, 0x10b]
program = struct.pack("<16I", *vectors).ljust(256, b"\0") + bytes(range(64)) * 8
program += b"\0mqtt_password=Quince-4711\0https://telemetry.golden-node.net/v1\0Golden program 1.2.3\0"
program = program.ljust(1024, b"\x5a")
open(work + "/program.bin", "wb").write(program)

def esp(description, chip, segments, secure):
    head = struct.pack("<BBBBI", 0xE9, len(segments), 2, 0x20, 0x42000020)
    head += bytes([0xEE, 0, 0, 0]) + struct.pack("<HBHH", chip, 0, 0, 199) + bytes(4) + b"\x01"
    checksum = 0xEF
    for address, data in segments:
        head += struct.pack("<II", address, len(data)) + data
        for byte in data:
            checksum ^= byte
    head = head.ljust((len(head) // 16 + 1) * 16 - 1, b"\0") + bytes([checksum])
    return head + hashlib.sha256(head).digest()
def text(value, size):
    return value.encode().ljust(size, b"\0")
app = struct.pack("<III4x", 0xABCD5432, 7, 0)[:16] + text("2.3.4", 32) + text("golden-node", 32) + text("08:09:10", 16) + text("Feb  3 2025", 16) + text("v5.2.1", 32)
app = app.ljust(256, b"\0")
boot = struct.pack("<B3xI", 80, 1) + text("v5.2.1", 32) + text("Feb  3 2025 08:09:10", 24) + bytes(16)
open(work + "/app.bin", "wb").write(esp(app, 5, [(0x3C000020, app + program[256:]), (0x42000020, program)], 7))
open(work + "/boot.bin", "wb").write(esp(boot, 5, [(0x3FCD5820, boot + bytes(48)), (0x403CC710, program[:512])], 0))
P

# --- MCUboot
for kind in rsa-2048 rsa-3072 ecdsa-p256 ed25519 ecdsa-p384; do imgtool keygen -k "$work/$kind.pem" -t "$kind"; done
signed() { imgtool sign --align 4 -v 1.2.3+4 --header-size 0x20 --pad-header --slot-size 0x8000 "${@:2}" "$work/program.bin" "$1"; }
signed mcuboot-p256-full.bin -k "$work/ecdsa-p256.pem" --public-key-format full -s 5
signed mcuboot-p384.bin -k "$work/ecdsa-p384.pem"
signed mcuboot-rsa2048-full.bin -k "$work/rsa-2048.pem" --public-key-format full
signed mcuboot-rsa3072-full.bin -k "$work/rsa-3072.pem" --public-key-format full
signed mcuboot-ed25519-full.bin -k "$work/ed25519.pem" --public-key-format full
signed mcuboot-ed25519-pure.bin -k "$work/ed25519.pem" --public-key-format full --pure
signed mcuboot-unsigned.bin
imgtool keygen -k "$work/enc.pem" -t ecdsa-p256
imgtool getpub -k "$work/enc.pem" -e pem >"$work/enc.pub.pem"
signed mcuboot-encrypted.bin -k "$work/ecdsa-p256.pem" --encrypt "$work/enc.pub.pem"

# --- ESP-IDF
cp "$work/app.bin" esp-app.bin
cp "$work/boot.bin" esp-boot.bin
espsecure generate-signing-key --version 2 --scheme rsa3072 "$work/esp-rsa.pem"
espsecure generate-signing-key --version 2 --scheme ecdsa256 "$work/esp-ecdsa.pem"
espsecure generate-signing-key --version 1 "$work/esp-v1.pem"
espsecure sign-data --version 2 --keyfile "$work/esp-rsa.pem" --output "$work/esp-app-rsa.bin" "$work/app.bin"
espsecure sign-data --version 2 --keyfile "$work/esp-ecdsa.pem" --output "$work/esp-app-ecdsa.bin" "$work/app.bin"
espsecure sign-data --version 1 --keyfile "$work/esp-v1.pem" --output esp-app-v1.bin "$work/app.bin"
# Mostly padding.
gzip -9nc "$work/esp-app-rsa.bin" >esp-app-rsa.bin.gz
gzip -9nc "$work/esp-app-ecdsa.bin" >esp-app-ecdsa.bin.gz

# --- NVS
cat >"$work/nvs.csv" <<'C'
key,type,encoding,value
nvs.net80211,namespace,,
sta.ssid,data,string,Golden Floor
sta.pswd,data,string,Rhubarb-Tart-9
app,namespace,,
mqtt_password,data,string,Quince-4711
interval,data,u32,300
broker,data,string,mqtt://broker.golden-node.net:1883
note,data,string,nothing to see
C
python3 -c 'import sys; sys.stdout.write("x" * 9000)' >"$work/long.txt"
printf 'long,file,binary,%s\n' "$work/long.txt" >>"$work/nvs.csv"
python3 -m esp_idf_nvs_partition_gen generate "$work/nvs.csv" "$work/nvs.bin" 0x6000
gzip -9nc "$work/nvs.bin" >nvs.bin.gz
python3 -m esp_idf_nvs_partition_gen encrypt "$work/nvs.csv" "$work/nvs-encrypted.bin" 0x6000 --keygen --outdir "$work"
rm -rf keys
gzip -9nc "$work/nvs-encrypted.bin" >nvs-encrypted.bin.gz

# --- a whole flash
python3 - "$work" <<'P'
import gzip, hashlib, struct, sys, zlib
work = sys.argv[1]
read = lambda name: open(f"{work}/{name}", "rb").read()
flash = bytearray(b"\xff" * 0x40000)
def put(at, data):
    flash[at:at + len(data)] = data
def entry(kind, sub, at, size, label, flags=0):
    return struct.pack("<2sBBII16sI", b"\xaa\x50", kind, sub, at, size, label.encode(), flags)
table = entry(1, 2, 0x9000, 0x6000, "nvs") + entry(1, 0, 0xF000, 0x2000, "otadata") + entry(1, 1, 0x11000, 0x1000, "phy_init")
table += entry(0, 0x10, 0x20000, 0x10000, "ota_0") + entry(1, 4, 0x30000, 0x1000, "keys", 1)
table += b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(table).digest()
put(0, read("boot.bin"))
put(0x8000, table)
put(0x9000, read("nvs.bin"))
put(0xF000, struct.pack("<I20sII", 1, b"\xff" * 20, 2, zlib.crc32(struct.pack("<I", 1), 0xFFFFFFFF)))
put(0x11000, b"PHYINIT\0" + bytes(range(128)) + b"PHYINIT\0")
put(0x20000, read("esp-app-rsa.bin"))
noise = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(128))
put(0x30000, noise)
with open("esp-flash.bin.gz", "wb") as out, gzip.GzipFile("", "wb", 9, out, 0) as file:
    file.write(bytes(flash))
P

# --- texts and blocks
arm-none-eabi-objcopy -I binary -O ihex --change-addresses 0x08000000 "$work/program.bin" program.hex
arm-none-eabi-objcopy -I binary -O srec --change-addresses 0x08000000 "$work/program.bin" program.srec
python3 - "$work" <<'P'
import struct, sys
data = open(sys.argv[1] + "/program.bin", "rb").read()
blocks = [data[i:i + 256] for i in range(0, len(data), 256)]
with open("program.uf2", "wb") as out:
    for i, block in enumerate(blocks):
        head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x10000000 + 256 * i, len(block), i, len(blocks), 0xE48BFF56)
        out.write((head + block).ljust(508, b"\0") + struct.pack("<I", 0x0AB16F30))
# Matter: vendor 0xFFF1, product 0x8001, version 2 ("2.0-golden"), payload, SHA-256.
import hashlib
fields = b"\x15" + b"\x25\x00" + struct.pack("<H", 0xFFF1) + b"\x25\x01" + struct.pack("<H", 0x8001) + b"\x26\x02" + struct.pack("<I", 2)
fields += b"\x2c\x03\x0a2.0-golden" + b"\x27\x04" + struct.pack("<Q", len(data)) + b"\x24\x08\x01" + b"\x30\x09\x20" + hashlib.sha256(data).digest() + b"\x18"
open("program.matter.ota", "wb").write(struct.pack("<IQI", 0x1BEEF11E, 16 + len(fields) + len(data), len(fields)) + fields + data)
# Zigbee: hardware versions 1 to 3, an image, a signature (IEEE address and 42 bytes), an integrity code.
elements = struct.pack("<HI", 0, len(data)) + data + struct.pack("<HI", 1, 50) + bytes(range(50)) + struct.pack("<HI", 3, 16) + bytes(16)
size = 60 + len(elements)
head = struct.pack("<IHHHHHIH32sIHH", 0x0BEEF11E, 0x100, 60, 4, 0x1234, 0x5678, 0x01020304, 2, b"Golden OTA", size, 1, 3)
open("program.zigbee", "wb").write(head + elements)
P

# --- Nordic
nrfutil keys generate "$work/nordic.pem" >/dev/null
nrfutil pkg generate --hw-version 52 --sd-req 0x0100 --application-version 7 --application "$work/program.bin" --key-file "$work/nordic.pem" nordic-signed.zip >/dev/null
nrfutil pkg generate --hw-version 52 --sd-req 0x00 --application-version 7 --application "$work/program.bin" --debug-mode nordic-unsigned.zip >/dev/null
ls -l

#!/usr/bin/env bash
# Makes the binary seeds, from nothing but what stands here and beside it. The results are committed; run it to add one.
# Needs python3, mksquashfs, mke2fs, mtd-utils, mkfs.cramfs, genromfs, dosfstools, mtools, xorriso, xz, zstd, lz4, mkimage and a C
# compiler; not part of the tests.
set -euo pipefail
cd "$(dirname "$0")"
SOURCE_DATE_EPOCH=1700000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root"/{etc,bin,dev,usr/lib/opkg}
printf 'root::0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:$1$abcdefgh$0123456789012345678901:1::::::\n' >"$root/etc/shadow"
printf '::respawn:/bin/telnetd -l /bin/sh\n' >"$root/etc/inittab"
printf 'Package: busybox\nVersion: 1.36.1\nStatus: install user installed\n' >"$root/usr/lib/opkg/status"
head -c 9000 /dev/zero >"$root/etc/sparse"
ln -s ../../../../etc/shadow "$root/etc/escape"
chmod 4755 "$root/etc/inittab"
cat >"$work/telnetd.c" <<'C'
int __stack_chk_guard = 1;
void __stack_chk_fail(void) {}
const char banner[] = "BusyBox v1.36.1 (2023-05-19)";
int _start(void) { return banner[0] + __stack_chk_guard; }
C
cc -Os -s -nostdlib -static -fno-pic -no-pie -Wl,-n,--build-id=none,-z,noseparate-code -o "$root/bin/telnetd" "$work/telnetd.c"
cc -Os -nostdlib -shared -fPIC -Wl,-z,relro,-z,now,--build-id=none,-z,noseparate-code -o "$work/lib.so" "$work/telnetd.c"

formats=corpus/firmware_formats
images=corpus/firmware_image
files=corpus/firmware_file
mkdir -p "$formats" "$images" "$files"
{ printf '/bin/telnetd\n'; cat "$root/bin/telnetd"; } >"$files/elf-program"
{ printf '/lib/lib.so\n'; cat "$work/lib.so"; } >"$files/elf-library"

squash() { mksquashfs "$root" "$1" -quiet -no-progress -noappend -all-root -no-xattrs -reproducible -mkfs-time "$SOURCE_DATE_EPOCH" -all-time "$SOURCE_DATE_EPOCH" -nopad "${@:2}" >/dev/null; }
squash "$formats/squashfs-gzip" -comp gzip
squash "$formats/squashfs-xz" -comp xz -b 4096
squash "$formats/squashfs-zstd" -comp zstd -no-fragments
squash "$formats/squashfs-lz4" -comp lz4
squash "$formats/squashfs-lzo" -comp lzo -no-duplicates
squash "$formats/squashfs-plain" -noI -noD -noF -noId

# No tool of today makes the older versions: those of the tests.
for version in 3.0-big 3.1-little; do
  xz -dc "../crates/sekisho-firmware/tests/data/squashfs-$version.xz" >"$formats/squashfs-$version"
done

# The small read-only file systems, and those of raw flash.
few=$work/few
mkdir -p "$few/etc"
cp "$root/etc/passwd" "$few/etc/passwd"
printf 'a text that is long enough to be worth a compression, and that is what it is for: a text that is long enough\n' >"$few/text"
ln "$few/text" "$few/linked"
ln -s ../../etc/passwd "$few/escape"
find "$few" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
mkfs.cramfs -N little "$few" "$formats/cramfs" 2>/dev/null
mkfs.cramfs -N big "$few" "$formats/cramfs-big" 2>/dev/null
genromfs -d "$few" -f "$formats/romfs" -V seed
truncate -s 40k "$work/fat"
mkfs.fat -F 12 -r 64 -n SEED -i 12345678 --invariant "$work/fat" >/dev/null
mcopy -i "$work/fat" "$few/text" ::'a long name with spaces'
mmd -i "$work/fat" ::etc
mcopy -i "$work/fat" "$few/etc/passwd" ::etc/
cp "$work/fat" "$formats/fat"
SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH xorriso -as mkisofs -quiet -R -J -no-pad -V SEED -o "$formats/iso9660" "$few" 2>/dev/null
mkfs.jffs2 -l -U -r "$few" -e 0x10000 -m size -X lzo -o "$formats/jffs2-little"
mkfs.jffs2 -b -U -r "$few" -e 0x10000 -x zlib -o "$formats/jffs2-rtime-big"
mkfs.ubifs -r "$few" -m 512 -e 15872 -c 64 -o "$work/ubifs"

# The number of blocks is the smallest that takes the files.
E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -b 1024 -N 32 -I 128 -O ^has_journal,^resize_inode,^metadata_csum -E root_owner=0:0,hash_seed=00000000-0000-0000-0000-000000000001 \
  -U 00000000-0000-0000-0000-000000000002 -d "$root" "$work/ext4" 64
xz -9 -k -c "$work/ext4" >"$images/ext4.xz"

tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$SOURCE_DATE_EPOCH --format=gnu -cf "$work/gnu.tar" .
tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$SOURCE_DATE_EPOCH --format=pax --pax-option=delete=atime,delete=ctime -b 1 -cf "$formats/tar-pax" etc
gzip -9nc "$work/gnu.tar" >"$formats/tar.gz"
xz --format=lzma -c "$work/gnu.tar" >"$formats/tar.lzma"
xz -c "$root/etc/passwd" >"$formats/passwd.xz"
zstd -q -19 -c "$work/gnu.tar" >"$formats/tar.zst"
lz4 -q -c "$root/etc/passwd" >"$formats/passwd.lz4"
printf 'hello' | bzip2 -c >"$formats/hello.bz2"
gzip -9nc "$formats/tar.gz" | gzip -9nc >"$images/gzip-in-gzip"

SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH mkimage -A arm -O linux -T kernel -C gzip -n seed -d "$formats/tar.gz" "$formats/uimage" >/dev/null
SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH mkimage -A mips -O linux -T multi -C none -n seed -d "$root/etc/passwd:$root/etc/shadow" "$formats/uimage-multi" >/dev/null

# What the tests keep of containers, compressions and bundles serves here too.
golden=../crates/sekisho-firmware/tests/data
for name in board.dtb unsigned.itb external.itb signed.itb boot-v2.img line.lzo tree.7z hello.rpm hello.deb hello.ipk.tar \
  swupdate-cms.swu swupdate-rsa.swu signed.mender rauc-plain.raucb ota.zip; do
  cp "$golden/$name" "$formats/$name"
done
gzip -dc "$golden/gpt.img.gz" >"$work/gpt"
head -c 20000 "$work/gpt" >"$formats/gpt-cut"
head -c 4200 "$golden/sparse.img" >"$formats/sparse-cut"
tail -c 1800 "$golden/rauc-crypt.raucb" >"$formats/rauc-crypt-end"
{ printf '\2\41\114\30'; lz4 -q -l -c "$root/etc/passwd" | tail -c +5; } >"$formats/passwd-legacy.lz4"
echo etc/passwd | (cd "$root" && cpio -o -H odc --quiet --reproducible) >"$formats/cpio-odc"
echo etc/passwd | (cd "$root" && cpio -o -H bin --quiet --reproducible) >"$formats/cpio-bin"

python3 - "$formats" "$images" "$work/ubifs" <<'P'
import io, struct, sys, zipfile, zlib
formats, images, ubifs = sys.argv[1:]
def write(folder, name, data):
    with open(f"{folder}/{name}", "wb") as file:
        file.write(data)
def cpio(entries, magic=b"070701"):
    out = b""
    for ino, (name, mode, data) in enumerate(entries + [("TRAILER!!!", 0, b"")]):
        name = name.encode() + b"\0"
        fields = [ino, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), sum(data) if magic == b"070702" else 0]
        head = magic + b"".join(b"%08x" % f for f in fields) + name
        out += head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)
    return out
entries = [(".", 0o40755, b""), ("etc/passwd", 0o100644, b"root::0:0::/:/bin/sh\n"), ("etc/up", 0o120777, b"../../../x"), ("/etc/../../abs", 0o104755, b"#!/bin/sh\n")]
write(formats, "cpio", cpio(entries))
write(formats, "cpio-crc", cpio(entries, b"070702"))
zipped = io.BytesIO()
with zipfile.ZipFile(zipped, "w") as z:
    for name, method in [("etc/passwd", zipfile.ZIP_STORED), ("../up", zipfile.ZIP_DEFLATED), ("a/b/c", zipfile.ZIP_DEFLATED)]:
        info = zipfile.ZipInfo(name)
        info.compress_type = method
        z.writestr(info, b"root::0:0::/:/bin/sh\n" * 20)
write(formats, "zip", zipped.getvalue())
# OpenWrt's metadata trailer, a device tree's header, a UBI erase counter, JFFS2 nodes.
text = b"\0" * 8 + b'{"metadata_version":"1.1","supported_devices":["x"]}'
write(formats, "openwrt-metadata", text + b"FWx0" + struct.pack(">IBBHI", zlib.crc32(text), 1, 0, 0, len(text) + 16))
strings = b"compression\0default\0"
structure = struct.pack(">II", 1, 0) + struct.pack(">III", 3, 4, 0) + b"none" + struct.pack(">II", 2, 9)
size = 40 + 16 + len(structure) + len(strings)
write(formats, "device-tree", struct.pack(">10I", 0xD00DFEED, size, 56, 56 + len(structure), 40, 17, 16, 0, len(strings), len(structure)) + b"\0" * 16 + structure + strings)
def jffs2_crc(data):
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF
def ubi_header():
    head = b"UBI#\x01\0\0\0" + struct.pack(">QIII", 1, 64, 128, 7) + b"\0" * 32
    return head + struct.pack(">I", jffs2_crc(head))
write(formats, "ubi", (ubi_header() + b"\xff" * 192) * 3)
# UBIFS as mkfs.ubifs made it, its nodes moved together into five blocks; and in a device of two volumes.
def crc(data):
    return zlib.crc32(data) ^ 0xFFFFFFFF
def parts():
    image, at = open(ubifs, "rb").read(), 0
    while at + 24 <= len(image):
        magic, _, _, length, kind = struct.unpack_from("<IIQIB", image, at)
        if magic == 0x06101831:
            yield kind, image[at : at + length]
            at += length + (struct.unpack_from("<I", image, at + 24)[0] if kind == 5 else 0)
            at += -at % 8
        else:
            at += 8
def sealed(node):
    return node[:4] + struct.pack("<I", crc(node[8:])) + node[8:]
found = list(parts())
first = lambda kind: next(node for k, node in found if k == kind)
block, leaves = 15360, b""
branches = []
for kind, node in found:
    if kind <= 3 and node[24:28] != bytes(4):
        branches.append((node[24:32], len(leaves), len(node)))
        leaves += node + b"\xff" * (-len(node) % 8)
branches.sort(key=lambda b: (struct.unpack("<II", b[0])))
index = b"".join(struct.pack("<III", 4, at, length) + key for key, at, length in branches)
head = first(9)[:16] + struct.pack("<I", 28 + len(index)) + first(9)[20:24] + struct.pack("<HH", len(branches), 0)
index, place = sealed(head + index), len(leaves)
super_block = first(6)
super_block = sealed(super_block[:36] + struct.pack("<III", block, 5, 5) + super_block[48:56] + struct.pack("<I", 1) + super_block[60:])
master = first(7)
master = sealed(master[:44] + struct.pack("<IIII", 3, 4, place, len(index)) + master[60:])
blocks = [super_block, master, master, first(10), leaves + index]
small = b"".join(b.ljust(block, b"\xff") for b in blocks)
write(formats, "ubifs", small)
def ubi_block(volume, number, content, fixed):
    head = b"UBI#\x01\0\0\0" + struct.pack(">QIII", 1, 64, 128, 7) + b"\0" * 32
    last = b"UBI!" + bytes([1, 2 if fixed else 1, 0, 0]) + struct.pack(">II", volume, number) + b"\0" * 4
    last += struct.pack(">IIII", len(content) if fixed else 0, 1 if fixed else 0, 0, crc(content) if fixed else 0) + b"\0" * 24
    return (head + struct.pack(">I", crc(head)) + last + struct.pack(">I", crc(last)) + content).ljust(8192, b"\xff")
def record(size, fixed, name):
    record = struct.pack(">IIIBBH", size, 1, 0, 2 if fixed else 1, 0, len(name)) + name.ljust(128, b"\0") + b"\0" * 24
    return record + struct.pack(">I", crc(record))
table = (record(1, True, b"notes") + record(2, False, b"data")).ljust(172 * 2, b"\0")
table += (b"\0" * 168 + struct.pack(">I", crc(b"\0" * 168))) * 44
device = [ubi_block(0x7FFFEFFF, n, table, False) for n in (0, 1)]
device += [ubi_block(0, 0, b"a static volume\n", True), ubi_block(1, 1, b"a dynamic one\n", False)]
write(formats, "ubi-volumes", b"".join(device))
# YAFFS2: two directories, a file of two pages, a link, the same name twice.
def yaffs_page(content, tags):
    return content.ljust(512, b"\xff") + struct.pack("<4I", *tags)
def yaffs_object(sequence, number, kind, parent, name, size=0, same=0, target=b""):
    head = struct.pack("<IIH", kind, parent, 0xFFFF) + name.ljust(258, b"\0")
    head += struct.pack("<7I", 0o100755, 0, 0, 0, 0, 0, size) + struct.pack("<I", same) + target.ljust(160, b"\0")
    return yaffs_page(head, (sequence, number, 0, 0xFFFF))
pages = [yaffs_object(4096, 256, 3, 1, b"etc"), yaffs_object(4096, 257, 1, 256, b"passwd", 520)]
pages += [yaffs_page(b"r" * 512, (4096, 257, 1, 512)), yaffs_page(b"old", (4096, 257, 2, 8)), yaffs_page(b"new", (4097, 257, 2, 8))]
pages += [yaffs_object(4097, 258, 2, 1, b"link", target=b"etc/passwd"), yaffs_object(4097, 259, 4, 1, b"hard", same=257)]
write(formats, "yaffs2", b"".join(pages))
node = struct.pack("<HHI", 0x1985, 0x2003, 12)
node += struct.pack("<I", jffs2_crc(node))
write(formats, "jffs2", (node + b"\xff" * 4) * 8)
write(formats, "overlay-marker", b"\xde\xad\xc0\xde" + b"\xff" * 60)
# TRX, a disk with a logical partition, an Android payload, the headers of kernels.
body = struct.pack("<HHIII", 0, 1, 28, 60, 0) + b"kernel" * 10
write(formats, "trx", b"HDR0" + struct.pack("<II", len(body) + 12, zlib.crc32(body) ^ 0xFFFFFFFF) + body)
def record(*entries):
    table = b"".join(struct.pack("<BxxxBxxxII", 0, *entry) for entry in entries)
    return b"\0" * 446 + table.ljust(64, b"\0") + b"\x55\xaa"
write(formats, "mbr", record((0x83, 1, 1), (5, 2, 4)) + b"first".ljust(512) + record((0x83, 1, 1), (5, 2, 2)) + b"second".ljust(512) + record((0x82, 1, 1)) + b"third".ljust(512))
def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data
operation = b"\x08\x00\x10\x00\x18\x08" + field(6, b"\x08\x00\x10\x01")
manifest = b"\x18\x80\x20" + field(13, field(1, b"boot") + field(7, b"\x08\x80\x20") + field(8, operation))
write(formats, "payload", b"CrAU" + struct.pack(">QQI", 2, len(manifest), 2) + manifest + b"SS" + b"contents")
write(formats, "zimage", b"\0\0\xa0\xe1" * 9 + struct.pack("<IIIII", 0x016F2818, 0, 100, 0x04030201, 0).ljust(64, b"x"))
write(formats, "arm64-image", struct.pack("<IIQQ", 0x91005A4D, 0x14000000, 0, 96) + b"\0" * 32 + b"ARM\x64" + b"\0" * 36)
write(formats, "bzimage", (b"\0" * 0x1F1 + b"\1" + b"\0\0" + struct.pack("<I", 8)).ljust(0x1FE, b"\0") + b"\x55\xaa\xeb\x66HdrS" + struct.pack("<H", 0x20F) + b"\0" * 700)
# A flash dump: boot loader's words, environment, kernel, root, padding, noise.
squash = open(f"{formats}/squashfs-xz", "rb").read()
uimage = open(f"{formats}/uimage", "rb").read()
env = b"bootargs=console=ttyS0 root=/dev/mtdblock2\0bootdelay=3\0ethaddr=00:11:22:33:44:55\0\0"
flash = b"U-Boot 2019.07 (Jan 01 2020 - 00:00:00)\0".ljust(256, b"\xff")
flash += (struct.pack("<I", zlib.crc32(env.ljust(252, b"\0"))) + env.ljust(252, b"\0"))
flash += uimage.ljust(-(-len(uimage) // 256) * 256, b"\xff") + squash.ljust(-(-len(squash) // 256) * 256, b"\xff")
flash += b"\x85\x19\x03\x20" + bytes(zlib.crc32(bytes([i])) & 255 for i in range(256))
write(images, "flash", flash)
write(images, "truncated", flash[: len(flash) * 2 // 3])
write(images, "kernel-banner", b"\0" * 64 + b"Linux version 5.4.0-seed (a@b) (gcc version 9.3.0) #1 SMP\n\0")
write(images, "text", b"# not an image\n" * 40)
P

# Microcontrollers' images: the golden files of the tests, which their own tools made.
golden=../crates/sekisho-firmware/tests/data/mcu
for name in mcuboot-p256-full.bin mcuboot-rsa2048-full.bin mcuboot-ed25519-pure.bin mcuboot-encrypted.bin esp-app.bin esp-app-v1.bin esp-boot.bin \
    program.hex program.srec program.uf2 program.matter.ota program.zigbee nordic-signed.zip; do
    cp "$golden/$name" "$formats/$name"
done
for name in nvs.bin esp-app-ecdsa.bin; do gzip -dc "$golden/$name.gz" | head -c 12288 >"$formats/$name"; done
gzip -dc "$golden/esp-flash.bin.gz" | tail -c +32769 | head -c 4096 >"$formats/esp-partition-table"
gzip -dc "$golden/esp-flash.bin.gz" | tail -c +61441 | head -c 64 >"$formats/esp-ota-data"
cp "$golden/esp-flash.bin.gz" "$images/esp-flash.gz"


# Vulnerability feeds packed, and databases made of them by the program itself; the feeds themselves are texts beside them.
feeds=corpus/vulnerabilities
databases=corpus/vulndb_open
mkdir -p "$databases"
python3 - "$feeds" <<'P'
import gzip, io, json, sys, zipfile
feeds = sys.argv[1]
read = lambda name: open(f"{feeds}/{name}", "rb").read()
def write(name, data):
    with open(f"{feeds}/{name}", "wb") as file:
        file.write(data)
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
    for name in ["osv-ghsa.json", "osv-pysec.json", "kev.json"]:
        z.writestr(zipfile.ZipInfo("../" + name), read(name), zipfile.ZIP_DEFLATED)
write("feeds.zip", packed.getvalue())
write("cut.zip", packed.getvalue()[: len(packed.getvalue()) // 2])
write("nvd.json.gz", gzip.compress(read("nvd.json"), 9, mtime=0))
write("list.json", b"[" + b",".join(read(name) for name in ["osv-ghsa.json", "cve.json", "openvex.json"]) + b"]")
P
program() { cargo run --quiet --manifest-path ../Cargo.toml -p sekisho -- --quiet "$@"; }
program vulndb import "$feeds"/osv-*.json --db "$work/small.db" --now 2026-09-01T00:00:00Z >/dev/null
program vulndb import "$feeds"/*.json --db "$work/all.db" --now 2026-09-01T00:00:00Z >/dev/null
for name in small all; do
  cp "$work/$name.db" "$databases/$name"
  head -c "$(($(stat -c %s "$work/$name.db") * 2 / 3))" "$work/$name.db" >"$databases/$name-cut"
done

python3 seeds_capture.py
python3 seeds_results.py

#!/usr/bin/env bash
# Makes the binary seeds of the firmware targets, from nothing but what stands here. The results are committed; run it to add one.
# Needs python3, mksquashfs, mke2fs, xz, zstd, lz4, mkimage and a C compiler; not part of the tests.
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

python3 - "$formats" "$images" <<'P'
import io, struct, sys, zipfile, zlib
formats, images = sys.argv[1:]
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
node = struct.pack("<HHI", 0x1985, 0x2003, 12)
node += struct.pack("<I", jffs2_crc(node))
write(formats, "jffs2", (node + b"\xff" * 4) * 8)
write(formats, "overlay-marker", b"\xde\xad\xc0\xde" + b"\xff" * 60)
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


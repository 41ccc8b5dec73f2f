#!/usr/bin/env bash
# Makes the images that README.md lists, into the folder given. Needs root; OLD30 and OLD31 name the mksquashfs of 3.0 and 3.1.
set -euo pipefail
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir -p tree/{etc,bin,data,empty}
printf 'root::0:0:root:/root:/bin/sh\n' >tree/etc/passwd
printf '#!/bin/sh\necho own text of Sekisho\n' >tree/bin/tool
printf '#!/bin/sh\necho needs a raw socket\n' >tree/bin/ping
chmod 4755 tree/bin/tool
chmod 755 tree/bin/ping
setcap cap_net_raw,cap_bpf+ep tree/bin/ping
ln -s tool tree/bin/sh
ln -s ../../../../etc/passwd tree/etc/escape
mknod tree/etc/console c 5 1
python3 - <<'P'
with open("tree/data/text", "w") as file:
    file.write("".join(f"line {i} of a text that Sekisho wrote for its tests\n" for i in range(400)))
state, noise = 1, bytearray()
for _ in range(6000):
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    noise.append(state >> 16 & 255)
with open("tree/data/noise", "wb") as file:
    file.write(noise)
with open("tree/data/sparse", "wb") as file:
    file.seek(20000)
    file.write(b"the end\n")
P
printf 'long name\n' >'tree/data/a name that is longer than eight and three.text'
: >tree/data/nothing
ln tree/data/text tree/data/linked

mkfs.jffs2 -l -r tree -e 0x10000 -x lzo -x rtime -o jffs2-zlib
mkfs.jffs2 -l -r tree -e 0x10000 -x zlib -x lzo -o jffs2-rtime
mkfs.jffs2 -l -r tree -e 0x10000 -x zlib -x rtime -X lzo -o jffs2-lzo
mkfs.jffs2 -b -r tree -e 0x10000 -m size -X lzo --with-xattr -o jffs2-big
for codec in none lzo zlib zstd; do
  mkfs.ubifs -r tree -m 512 -e 15872 -c 64 -x "$codec" -o "ubifs-$codec"
done
cat >ubi.ini <<'INI'
[rootfs]
mode=ubi
image=ubifs-zlib
vol_id=0
vol_type=dynamic
vol_name=rootfs
vol_size=1MiB
vol_flags=autoresize
[notes]
mode=ubi
image=tree/data/text
vol_id=3
vol_type=static
vol_name=notes
vol_size=32KiB
INI
ubinize -o ubi -p 16KiB -m 512 -s 256 ubi.ini
mkfs.cramfs -N little tree cramfs-little
mkfs.cramfs -N big tree cramfs-big
genromfs -d tree -f romfs -V seki
fat() {
  truncate -s "$2" "fat$1"
  mkfs.fat -F "$1" -s "$3" -n SEKI "fat$1" >/dev/null
  mmd -i "fat$1" ::bin ::data
  mcopy -i "fat$1" tree/bin/tool tree/bin/ping ::bin/
  mcopy -i "fat$1" tree/data/* ::data/
}
fat 12 160k 4
fat 16 9M 4
fat 32 34M 1
for type in ext2 ext4; do
  mke2fs -q -t "$type" -b 1024 -N 64 -I 256 -O ^resize_inode -d tree "$type" 400
done
xorriso -as mkisofs -quiet -R -J -V SEKI -o iso9660 tree
[ -z "${OLD30:-}" ] || "$OLD30" tree squashfs-3.0-big -be -noappend >/dev/null
if [ -n "${OLD31:-}" ]; then
  "$OLD31" tree squashfs-3.1-big -be -noappend -b 4096 >/dev/null
  "$OLD31" tree squashfs-3.1-little -le -noappend >/dev/null
fi
four() { mksquashfs tree "$@" -noappend -all-root -quiet -no-progress -nopad -mkfs-time 0 -all-time 0 >/dev/null; }
for codec in gzip lzma lzo xz lz4 zstd; do
  four "squashfs-4-$codec" -comp "$codec"
done
four squashfs-4-bcj -comp xz -Xbcj x86,arm,powerpc -b 8192
for image in jffs2-* ubi* cramfs-* romfs iso9660 fat?? ext? squashfs-*; do
  [ "$image" = ubi.ini ] || xz -9 -c "$image" >"$out/$image.xz"
done

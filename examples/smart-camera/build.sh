#!/bin/bash
# Builds the firmware images of the smart camera, weak (2.4.0) and mended (2.5.0), with their bills of materials and the
# licences of what is inside. The same inputs give the same bytes. Needs no root and runs nothing that it unpacks.
#
#   ./build.sh           builds into firmware/ (and writes the SBOMs and LICENSES/ beside this script)
#   ./build.sh 2.5.0     builds that version only; what is committed of the other one stays as it is
#   ./build.sh --check   builds elsewhere and compares with what is committed
#
# Needs a Debian 12 system (any architecture) with: gcc-arm-linux-gnueabihf libc6-dev-armhf-cross gcc make
# squashfs-tools e2fsprogs u-boot-tools xz-utils openssl perl python3 patch. The packages for the image come from the sources
# that the system's own apt is set up with; recipe/packages.lock pins each by version and SHA-256.
# KEEP=DIR keeps the downloads and the trees there.
#
# SPDX-License-Identifier: Apache-2.0 OR MIT
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
here=$(cd "$(dirname "$0")" && pwd)
recipe=$here/recipe
work=${KEEP:-}
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
work=$(cd "$work" && pwd)

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}
say() { printf '%s\n' "$*" >&2; }

out=$here
versions=
for argument in "$@"; do
    case $argument in
    --check) out=$work/out ;;
    2.4.0 | 2.5.0) versions="$versions $argument" ;;
    *) die "unknown argument '$argument' (try --check, 2.4.0 or 2.5.0)" ;;
    esac
done
versions=${versions:-2.4.0 2.5.0}
mkdir -p "$out/firmware"
# What is not built anew is what is committed.
if [ "$out" != "$here" ]; then cp -a "$here"/firmware "$here"/LICENSES "$here"/sbom*.cdx.json "$out/"; fi

cross=arm-linux-gnueabihf-
for tool in ${cross}gcc ${cross}strip ${cross}objcopy gcc make patch mksquashfs mke2fs debugfs mkimage mkenvimage xz openssl perl python3 apt-get dpkg-deb; do
    command -v $tool >/dev/null || die "'$tool' is missing; the list of packages is at the head of this script"
done

# The tools decide the bytes too: where they differ from those in the lock, the images work but may differ.
grep '^tool ' "$recipe/packages.lock" | while read -r _ package version; do
    have=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || echo none)
    [ "$have" = "$version" ] || say "note: $package is $have here, $version in the lock: the images may not be the committed ones byte for byte"
done

# --- packages ---------------------------------------------------------------------------------------------------------
# apt with a state of its own: the system's sources, but for armhf, and with source packages.
apt=$work/apt
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,parts} "$work/debs"
touch "$apt/state/status"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ -f "$file" ] || continue
    case $file in
    *.sources) grep -q '^URIs:.*/debian' "$file" && sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$apt/parts/${file##*/}" ;;
    *.list) sed -n 's/^deb \(.*\/debian.*\)/deb \1\ndeb-src \1/p' "$file" >"$apt/parts/${file##*/}" ;;
    esac
done
cat >"$apt/apt.conf" <<EOF
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/parts";
APT::Architecture "armhf";
APT::Architectures { "armhf"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
EOF
export APT_CONFIG=$apt/apt.conf

updated=
update() {
    [ -n "$updated" ] || apt-get -qq update || say "note: apt-get update reported problems (see above); going on with the lists that it got"
    updated=yes
}

# get NAME VERSION SHA256 FILE KIND: brings one locked file to $work/debs
get() {
    local target=$work/debs/$4
    if [ ! -f "$target" ]; then
        update
        case $5 in
        src) (cd "$work/debs" && apt-get -qq source --download-only "$1=$2" >/dev/null 2>&1) || true ;;
        *) (cd "$work/debs" && apt-get -qq download "$1=$2" >/dev/null 2>&1) || true ;;
        esac
    fi
    [ -f "$target" ] || die "your package sources no longer offer $1 in version $2 (armhf). Use sources that still have it (a dated archive), or take the new version into recipe/packages.lock and commit the images anew."
    printf '%s  %s\n' "$3" "$target" | sha256sum --check --status || die "$4 is not what recipe/packages.lock says (SHA-256 differs)"
}
# lock VERSION: the lines of the lock that are for this image
lock() { awk -v image="$1" '/^(image|build|src) / && ($6 == "" || $6 == image)' "$recipe/packages.lock"; }
# locked VERSION KIND NAME [FIELD]: of that line the file, or another field
locked() { lock "$1" | awk -v kind="$2" -v name="$3" -v field="${4:-5}" '$1 == kind && $2 == name { print $field }'; }
say 'fetching packages'
for image in $versions; do
    while read -r kind name version sha file _; do get "$name" "$version" "$sha" "$file" "$kind"; done < <(lock "$image")
done

rm -rf "$work/unpacked" "$work"/sysroot* "$work/src"
mkdir -p "$work/unpacked" "$work/src"
# unpacked VERSION PACKAGE: where it is unpacked, by its file: an image may have another version of it. What is no package there is
# what libssl() builds and puts in a place of the same kind.
unpacked() {
    local file
    file=$(locked "$1" image "$2")
    printf '%s' "$work/unpacked/${file:-$(locked "$1" src openssl)}"
}
for image in $versions; do
    mkdir -p "$work/sysroot-$image"
    while read -r kind name version sha file _; do
        case $kind in
        image) [ -d "$work/unpacked/$file" ] || dpkg-deb -x "$work/debs/$file" "$work/unpacked/$file" ;;
        build) dpkg-deb -x "$work/debs/$file" "$work/sysroot-$image" ;;
        esac
    done < <(lock "$image")
done

# --- programs built here ----------------------------------------------------------------------------------------------
hard_both='-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2'
hard_z='-Wl,-z,relro,-z,now,-z,noexecstack,--build-id=none'
hard_c="$hard_both -fPIE -ffile-prefix-map=$work=."
hard_l="-pie $hard_z"

released() { # VERSION: the day
    case $1 in
    2.4.0) echo 2026-06-15 ;;
    2.5.0) echo 2026-11-02 ;;
    esac
}

# OpenSSL where the image has a rebuilt one: libraries, program and headers. It has no -ffile-prefix-map, since the compiler's options
# are kept in the library for everybody to read; it is built in its own folder, so that all its paths are relative anyway.
# What the camera has no use for is left out, and two things for a reason of their own: see recipe/openssl.patch and the statements on 2.5.0.
libssl() { # VERSION
    local dir=$work/src/openssl-$1 to lib=usr/lib/arm-linux-gnueabihf name
    to=$(unpacked "$1" libssl3)
    mkdir -p "$dir" "$to/$lib" "$to/usr/bin" "$to/usr/include"
    tar -xf "$work/debs/$(locked "$1" src openssl)" -C "$dir" --strip-components=1
    (
        cd "$dir"
        unset ARCH CROSS_COMPILE CC CFLAGS CPPFLAGS LDFLAGS LDLIBS MACHINE SYSTEM RELEASE
        SOURCE_DATE_EPOCH=$(date -u -d "$(released "$1")" +%s)
        export SOURCE_DATE_EPOCH
        patch -s -p1 <"$recipe/openssl.patch"
        # shellcheck disable=SC2086
        { ./Configure linux-armv4 shared --cross-compile-prefix=$cross --prefix=/usr --openssldir=/usr/lib/ssl --libdir=${lib#usr/} \
            no-tests no-module no-legacy no-afalgeng no-capieng no-padlockeng \
            no-ssl3 no-ssl3-method no-dtls no-cmp no-srp no-ts no-ec2m no-gost no-sm2 no-sm3 no-sm4 \
            no-aria no-bf no-camellia no-cast no-idea no-mdc2 no-rc2 no-rc4 no-rc5 no-seed no-whirlpool \
            -DOPENSSL_TLS_SECURITY_LEVEL=2 $hard_both -Wl,--as-needed $hard_z &&
            make -s build_generated && make -s -j"$(nproc)" libcrypto.so libssl.so apps/openssl; } >make.log 2>&1 ||
            { tail make.log >&2; die 'openssl does not build'; }
    )
    for name in libcrypto libssl; do
        ${cross}strip -o "$to/$lib/$name.so.3" "$dir/$name.so.3"
        ln -s $name.so.3 "$to/$lib/$name.so"
    done
    ${cross}strip -o "$to/usr/bin/openssl" "$dir/apps/openssl"
    cp -a "$dir/include/openssl" "$to/usr/include/"
    if grep -qF "$work" "$to/$lib/"* "$to/usr/bin/openssl"; then die 'openssl names the folder that it was built in'; fi
}
for image in $versions; do
    if [ -n "$(locked "$image" src openssl)" ]; then
        say 'building openssl'
        libssl "$image"
    fi
    for name in libssl3 libcrypt1; do cp -a "$(unpacked "$image" $name)/." "$work/sysroot-$image/"; done
done

toybox() { # VERSION
    local dir=$work/src/toybox-$1 inc=$work/sysroot-$1/usr/include lib=$work/sysroot-$1/usr/lib/arm-linux-gnueabihf a
    mkdir -p "$dir"
    tar -xf "$work/debs/$(locked "$1" src toybox)" -C "$dir" --strip-components=1
    (
        cd "$dir"
        unset ARCH CROSS_COMPILE
        make allnoconfig >/dev/null 2>&1
        for a in $(cat "$recipe/toybox.common" "$recipe/toybox.$1"); do
            sed -i "s/^# CONFIG_$a is not set/CONFIG_$a=y/" .config
        done
        { yes '' || true; } | make oldconfig >/dev/null 2>&1
        for a in $(cat "$recipe/toybox.common" "$recipe/toybox.$1"); do
            grep -q "^CONFIG_$a=y" .config || die "toybox has no option $a"
        done
        make toybox CC=gcc CROSS_COMPILE=$cross HOSTCC=gcc CFLAGS="$hard_c -I$inc" LDFLAGS="$hard_l -L$lib" >make.log 2>&1 ||
            { tail make.log >&2; die 'toybox does not build'; }
    )
    # its own way of stripping takes RELRO away
    ${cross}strip -o "$work/toybox-$1" "$dir/generated/unstripped/toybox"
    tr ' ' '\n' <<<"$(cat "$recipe/toybox.common" "$recipe/toybox.$1")" | grep -vE '^(TOYBOX_.*)?$' | tr A-Z a-z | sort >"$work/applets-$1"
}
say 'building toybox'
for image in $versions; do toybox "$image"; done

mosquitto() { # VERSION of the image
    local dir=$work/src/mosquitto-$1 inc=$work/sysroot-$1/usr/include lib=$work/sysroot-$1/usr/lib/arm-linux-gnueabihf part
    mkdir -p "$dir"
    tar -xf "$work/debs/$(locked "$1" src mosquitto)" -C "$dir" --strip-components=1
    (
        cd "$dir"
        tar -xf "$work/debs/$(locked "$1" src mosquitto-debian)"
        grep -v '^#' debian/patches/series | while read -r p; do patch -s -p1 <"debian/patches/$p"; done
        for part in src apps/mosquitto_passwd; do
            make -j"$(nproc)" -C "$part" "$(basename "$part" | sed 's/^src$/mosquitto/')" CROSS_COMPILE=$cross CC=gcc WITH_SYSTEMD=no WITH_WRAP=no WITH_DLT=no WITH_CJSON=no \
                WITH_DOCS=no WITH_CONTROL=no WITH_SOCKS=no CFLAGS="$hard_c -I$inc -I$inc/arm-linux-gnueabihf" LDFLAGS="$hard_l -L$lib" >make.log 2>&1 ||
                { tail make.log >&2; die 'mosquitto does not build'; }
        done
    )
    ${cross}strip -o "$work/mosquitto-$1" "$dir/src/mosquitto"
    ${cross}strip -o "$work/mosquitto_passwd-$1" "$dir/apps/mosquitto_passwd/mosquitto_passwd"
}
say 'building mosquitto'
for image in $versions; do mosquitto "$image"; done

say 'building our own programs'
# shellcheck disable=SC2086
{
    ${cross}gcc -std=gnu11 -Wall -s $hard_c $hard_l -o "$work/streamd-2.5.0" "$recipe/src/streamd.c"
    ${cross}gcc -std=gnu11 -Wall -s $hard_c $hard_l -o "$work/setclock" "$recipe/src/setclock.c"
    # the same source as above, without any hardening: planted in 2.4.0
    ${cross}gcc -std=gnu11 -Wall -s -O1 -U_FORTIFY_SOURCE -fno-stack-protector -fno-pie -no-pie \
        -Wl,-z,execstack,-z,norelro,--build-id=none -o "$work/streamd-2.4.0" "$recipe/src/streamd.c" 2>/dev/null
}
${cross}gcc -c -o "$work/stage.o" "$recipe/src/stage.S"
${cross}objcopy -O binary "$work/stage.o" "$work/stage.bin"
# some weight, so that the payload is more than a line: a table of squares
seq 1 9000 | awk '{ print $1, $1 * $1 }' >>"$work/stage.bin"
python3 "$recipe/keys.py" "$work/keys"

# --- one image --------------------------------------------------------------------------------------------------------
block=65536 # erase block of the flash memory
pad() { # FILE END: with 0xFF up to where the next partition starts, see mtdparts in recipe/*/boot.env
    python3 - "$1" "$2" <<'EOF'
import sys
path, end = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as file:
    size = file.seek(0, 2)
    if size > end:
        sys.exit(f"build.sh: {path} is {size - end} bytes too long for its partition")
    file.write(b"\xff" * (end - size))
EOF
}

status() { # PACKAGE DEB: its entry in the package database
    local field value
    printf 'Package: %s\nStatus: install ok installed\n' "$1"
    for field in Priority Section Installed-Size Maintainer Architecture Multi-Arch Source Version Depends; do
        value=$(dpkg-deb -f "$2" $field)
        [ -z "$value" ] || printf '%s: %s\n' $field "$value"
    done
    printf 'Description: %s\n\n' "$(dpkg-deb -f "$2" Description | head -n 1)"
}
own() { # PACKAGE VERSION SOURCE DEPENDS DESCRIPTION
    printf 'Package: %s\nStatus: install ok installed\nPriority: optional\nSection: embedded\n' "$1"
    printf 'Maintainer: Hikari Devices <firmware@hikaricam.example>\nArchitecture: armhf\n'
    [ -z "$3" ] || printf 'Source: %s\n' "$3"
    printf 'Version: %s\nDepends: %s\nDescription: %s\n\n' "$2" "$4" "$5"
}
installed() { # VERSION: the package database, in the order of names
    local name deb rebuilt=1 openssl
    [ "$1" = 2.4.0 ] || rebuilt=2
    # Upstream's 3.0.22 is where Debian's deb12u1 stands. The fixes that deb12u2 adds to it are not in here, so the version must not
    # come after that one: whoever compares it has to be told of them.
    openssl='3.0.22-1~deb12u1+hikari1'
    {
        echo hikari-camd
        echo mosquitto
        echo toybox
        [ -z "$(locked "$1" src openssl)" ] || printf 'libssl3\nopenssl\n'
        lock "$1" | awk '$1 == "image" { print $2 }'
    } | sort | while read -r name; do
        deb=$(locked "$1" image "$name")
        case ${deb:-$name} in
        hikari-camd) own hikari-camd "$1" '' 'libc6, lighttpd, mosquitto, openssl, toybox' 'Software of the Hikari camera: streaming, web interface, settings' ;;
        mosquitto) own mosquitto "$(locked "$1" src mosquitto 3)+hikari1" '' 'libc6, libssl3' 'MQTT broker, rebuilt without systemd, tcp-wrappers and DLT' ;;
        toybox) own toybox "$(locked "$1" src toybox 3)+hikari$rebuilt" '' 'libc6, libcrypt1' 'Unix commands in one program, rebuilt with another selection' ;;
        libssl3) own libssl3 "$openssl" openssl 'libc6' 'OpenSSL libraries, rebuilt with what the camera uses' ;;
        openssl) own openssl "$openssl" '' 'libc6, libssl3' 'OpenSSL command, rebuilt with what the camera uses' ;;
        *) status "$name" "$work/debs/$deb" ;;
        esac
    done
}

image() { # VERSION
    local version=$1 date root=$work/root-$1 data=$work/data-$1 img=$work/camera-$1.bin epoch name paths path applet
    date=$(released "$version")
    epoch=$(date -u -d "$date" +%s)
    rm -rf "$root" "$data" "$img"
    mkdir -p "$root"/{bin,sbin,dev,proc,sys,tmp,run,data,root,etc/ssl/certs,usr/bin,usr/sbin,usr/lib,var/lib/dpkg/info,var/log} "$data"/{dropbear,mosquitto,web,clips}
    chmod 1777 "$root/tmp"
    # from the packages
    while read -r name paths; do
        case $name in '#'* | '') continue ;; esac
        for path in $paths; do (cd "$(unpacked "$version" "$name")" && set -f && eval "set +f; cp -a --parents $path '$root/'"); done
    done <"$recipe/take.list"
    ln -s dash "$root/bin/sh"
    cp "$work/toybox-$version" "$root/bin/toybox"
    while read -r applet; do
        case $applet in
        init | ifconfig | route | reboot | getty | switch_root | hwclock | dhcp | syslogd | klogd | modprobe) path=sbin ;;
        telnetd | tftpd) path=usr/sbin ;;
        *) path=bin ;;
        esac
        ln -s "$([ $path = usr/sbin ] && echo ../../bin || { [ $path = sbin ] && echo ../bin; } || echo .)/toybox" "$root/$path/$applet"
    done <"$work/applets-$version"
    cp "$work/mosquitto-$version" "$root/usr/sbin/mosquitto"
    # our own
    cp -a "$recipe/common/." "$root/"
    cp -a "$recipe/$version/etc" "$recipe/$version/srv" "$recipe/$version/usr" "$root/"
    cp -a "$recipe/$version/data/." "$data/"
    cp "$work/streamd-$version" "$root/usr/sbin/streamd"
    cp "$work/keys/update-ca.pem" "$root/etc/ssl/certs/hikari-update-ca.pem"
    cp "$work/keys/update-signing.pub.pem" "$root/etc/hikari/update-signing.pub.pem"
    mkdir -p "$root/usr/lib/ssl"
    ln -s /etc/ssl/openssl.cnf "$root/usr/lib/ssl/openssl.cnf"
    ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
    ln -s /data/dropbear "$root/etc/dropbear"
    ln -s /tmp/resolv.conf "$root/etc/resolv.conf"
    printf 'NAME="Hikari Cam OS"\nID=hikaricam\nID_LIKE=debian\nVERSION_ID=%s\nPRETTY_NAME="Hikari Cam OS %s"\nHOME_URL="https://www.hikaricam.example/"\n' "$version" "$version" >"$root/etc/os-release"
    installed "$version" >"$root/var/lib/dpkg/status"

    find "$root" "$data" -type d -exec chmod 755 {} +
    find "$root" "$data" -type f -exec chmod 644 {} +
    chmod 1777 "$root/tmp"
    chmod 700 "$root/root"
    chmod 755 "$root"/etc/init.d/* "$root"/usr/sbin/* "$root"/usr/bin/* "$root/bin/dash" "$root/bin/toybox" "$root/lib/ld-linux-armhf.so.3" "$root/lib/arm-linux-gnueabihf/ld-linux-armhf.so.3"
    "variant_$version" "$root" "$data"
    chmod 640 "$root/etc/shadow"

    # root file system
    find "$root" "$data" -exec touch -h -d "@$epoch" {} +
    (
        unset SOURCE_DATE_EPOCH
        mksquashfs "$root" "$work/root-$version.squashfs" -comp xz -b 1048576 -noappend -no-progress -quiet -no-xattrs -all-root \
            -mkfs-time "$epoch" -all-time "$epoch" -processors 1 -p '/dev/console c 600 0 0 5 1' -p '/dev/null c 666 0 0 1 3' -p '/etc/shadow m 640 0 42' >/dev/null
    )
    # data partition: owners and times are set afterwards, they would be those of the files here
    local fs=$work/data-$version.ext4 commands=$work/debugfs-$version ino
    rm -f "$fs"
    export E2FSPROGS_FAKE_TIME=$epoch
    printf '[defaults]\n\tblocksize = 1024\n[fs_types]\n' >"$work/mke2fs.conf" # not the system's
    for path in ext4 small floppy; do printf '\t%s = {\n\t\tinode_size = 256\n\t}\n' $path >>"$work/mke2fs.conf"; done
    MKE2FS_CONFIG=$work/mke2fs.conf mke2fs -q -t ext4 -b 1024 -I 256 -N 64 -m 0 -O extent,filetype,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum,^has_journal,^resize_inode,^64bit \
        -U 5e515e51-0000-4000-8000-00000000${version//./}0 -L data -E hash_seed=5e515e51-0000-4000-8000-000000000001,lazy_itable_init=0,root_owner=0:0,nodiscard -d "$data" "$fs" 384k >/dev/null
    (cd "$data" && find . -printf '/%P\n' | sort) >"$work/list"
    { while read -r path; do
        for field in atime mtime ctime crtime; do echo "set_inode_field \"$path\" $field @$epoch"; done
        for field in atime_extra mtime_extra ctime_extra crtime_extra uid gid; do echo "set_inode_field \"$path\" $field 0"; done
    done <"$work/list"; for field in atime mtime ctime crtime; do echo "set_inode_field <11> $field @$epoch"; done
    for field in uid gid atime_extra mtime_extra ctime_extra crtime_extra; do echo "set_inode_field <11> $field 0"; done; } >"$commands"
    debugfs -w -f "$commands" "$fs" >/dev/null 2>"$work/debugfs.log" || { cat "$work/debugfs.log" >&2; die 'debugfs failed'; }
    e2fsck -fn "$fs" >"$work/e2fsck.log" 2>&1 || { cat "$work/e2fsck.log" >&2; die 'the data partition is not sound'; }
    unset E2FSPROGS_FAKE_TIME

    # boot region, environment, payload, root, data
    printf 'Sekisho example firmware %s. The boot loader of a product would stand here; this sample has none.\n' "$version" >"$img"
    pad "$img" $block
    mkenvimage -s $block -p 0xff -o "$work/env-$version.bin" "$recipe/$version/boot.env"
    cat "$work/env-$version.bin" >>"$img"
    xz --format=lzma -9e -c "$work/stage.bin" >"$work/stage.lzma"
    SOURCE_DATE_EPOCH=$epoch mkimage -A arm -O u-boot -T standalone -C lzma -a 0x80008000 -e 0x80008000 -n 'Sekisho sample, no kernel' \
        -d "$work/stage.lzma" "$work/uimage-$version" >/dev/null
    cat "$work/uimage-$version" >>"$img"
    pad "$img" $((3 * block))
    cat "$work/root-$version.squashfs" >>"$img"
    pad "$img" $((64 * block))
    cat "$fs" >>"$img"
    [ "$(stat -c %s "$img")" -le 5242880 ] || die "the image of $version is larger than 5 MiB"
    cp "$img" "$out/firmware/camera-$version.bin"
    python3 "$recipe/sbom.py" "$version" "$date" "$root/var/lib/dpkg/status" "$recipe" "$out/sbom-$version.cdx.json"
    say "camera-$version.bin: $(stat -c %s "$img") bytes"
}

variant_2.4.0() { # ROOT DATA: what only the weak version has
    local root=$1 md5 sha512
    # shellcheck disable=SC1091
    . "$work/keys/tokens"
    sed -e "s/@AWS_ACCESS_KEY_ID@/$AWS_ACCESS_KEY_ID/" -e "s/@AWS_SECRET_ACCESS_KEY@/$AWS_SECRET_ACCESS_KEY/" "$root/etc/hikari/cloud.conf.in" >"$root/etc/hikari/cloud.conf"
    sed -e "s/@API_TOKEN@/$API_TOKEN/" "$root/srv/www/js/app.js.in" >"$root/srv/www/js/app.js"
    rm "$root/etc/hikari/cloud.conf.in" "$root/srv/www/js/app.js.in"
    md5=$(openssl passwd -1 -salt hikari24 admin)
    sha512=$(openssl passwd -6 -salt hikarisupport 'a long one that nobody uses any more')
    {
        echo "root:$md5:20619:0:99999:7:::"
        for user in daemon www-data mosquitto camera; do echo "$user:*:20619:0:99999:7:::"; done
        echo 'guest::20619:0:99999:7:::'
        echo "support:!$sha512:20619:0:99999:7:::"
        echo 'nobody:*:20619:0:99999:7:::'
    } >"$root/etc/shadow"
    mkdir -p "$root/home/guest" "$root/home/support" "$root/usr/lib/hikari"
    cp "$work/keys/server.key" "$work/keys/server.crt" "$root/etc/lighttpd/"
    chmod 600 "$root/etc/lighttpd/server.key"
    cp "$work/keys/provisioning.tar.gz" "$root/usr/share/hikari/"
    cp "$root/bin/dash" "$root/usr/lib/hikari/sh"
    chmod 4755 "$root/usr/lib/hikari/sh"
    cp "$work/setclock" "$root/usr/bin/setclock"
    chmod 4755 "$root/usr/bin/setclock"
    chmod 777 "$root/etc/init.d/S70motion"
}

variant_2.5.0() { # ROOT DATA: what only the mended version has
    local root=$1 data=$2
    cp "$work/mosquitto_passwd-2.5.0" "$root/usr/bin/mosquitto_passwd"
    chmod 755 "$root/usr/bin/mosquitto_passwd"
    mkdir -p "$data/tls" "$data/service"
    chmod 700 "$data/tls" "$data/dropbear" "$data/mosquitto"
    chmod 600 "$data/tls/device.key" "$data/dropbear/dropbear_ed25519_host_key"
}

say 'building the images'
for version in $versions; do
    image "$version"
    [ "$version" != 2.4.0 ] || mv "$out/sbom-2.4.0.cdx.json" "$out/sbom.cdx.json"
done

# --- licences ---------------------------------------------------------------------------------------------------------
python3 "$recipe/notices.py" "$recipe" "$work" "$out/LICENSES"
(cd "$out/firmware" && sha256sum camera-*.bin >SHA256SUMS)

if [ "$out" != "$here" ]; then
    for file in firmware/SHA256SUMS sbom.cdx.json sbom-2.5.0.cdx.json LICENSES; do
        diff -r "$out/$file" "$here/$file" || die "$file differs from what is committed"
    done
    say 'the same, byte for byte, as what is committed'
fi

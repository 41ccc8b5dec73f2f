#!/bin/bash
# Looks at the two images with tools that have nothing to do with Sekisho and says whether what planted.yaml lists is in
# the weak one, and not in the mended one. Needs squashfs-tools, e2fsprogs, u-boot-tools, openssl, binutils, unzip.
# SPDX-License-Identifier: Apache-2.0 OR MIT
set -uo pipefail
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/../firmware" || exit 2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
check() { # WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$tmp/log" 2>&1; then echo "ok    $what"; else echo "WRONG $what"; bad=1; fi
}
not() { ! "$@"; }
sh_() { bash -c "$1"; }
for v in 2.4.0 2.5.0; do
    img=camera-$v.bin
    dd if=$img of="$tmp/uimage" bs=65536 skip=2 count=1 status=none
    length=$((16#$(od -A n -t x1 -j 12 -N 4 "$tmp/uimage" | tr -d ' ')))
    truncate -s $((64 + length)) "$tmp/uimage" # dumpimage wants nothing after it
    check "$v: uImage header and payload" sh_ "dumpimage -l $tmp/uimage | grep -q 'lzma compressed' && dumpimage -T standalone -p 0 -o $tmp/p $tmp/uimage && xz -dc --format=lzma $tmp/p | grep -aq 'It is no kernel'"
    dd if=$img of="$tmp/root" bs=65536 skip=3 status=none
    dd if=$img of="$tmp/data" bs=65536 skip=64 status=none
    check "$v: root file system" unsquashfs -q -n -d "$tmp/$v" "$tmp/root"
    check "$v: data partition" e2fsck -fn "$tmp/data"
    mkdir -p "$tmp/data-$v"
    debugfs -R "rdump / $tmp/data-$v" "$tmp/data" >/dev/null 2>&1
done
w=$tmp/2.4.0 m=$tmp/2.5.0
md5=$(openssl passwd -1 -salt hikari24 admin)
check 'root: MD5-crypt of admin' grep -qF "root:$md5:" "$w/etc/shadow"
check 'guest: empty password, shell' sh_ "grep -q '^guest::' $w/etc/shadow && grep -q '^guest:.*:/bin/sh$' $w/etc/passwd"
check 'support: locked hash' grep -q '^support:!\$6\$' "$w/etc/shadow"
check 'telnetd in rcS, program there' sh_ "grep -q '^/usr/sbin/telnetd' $w/etc/init.d/rcS && strings $w/bin/toybox | grep -q telnetd"
check 'getty on the console' grep -q '^ttyS0::respawn:/sbin/getty' "$w/etc/inittab"
check 'dropbear without -s, -g, -w' sh_ "grep -q 'dropbear -R -p 22' $w/etc/init.d/S50dropbear && grep -qx 'DROPBEAR_EXTRA_ARGS=\"\"' $w/etc/default/dropbear"
check 'tftpd guarded' grep -qx 'ENABLE_TFTP=0' "$w/etc/default/tftpd"
check 'mosquitto: anonymous' grep -qx 'allow_anonymous true' "$w/etc/mosquitto/mosquitto.conf"
check 'lighttpd: TLS 1.0' grep -q '"MinProtocol" => "TLSv1"' "$w/etc/lighttpd/lighttpd.conf"
check 'RSA key fits the certificate' sh_ "cmp <(openssl rsa -in $w/etc/lighttpd/server.key -pubout 2>/dev/null) <(openssl x509 -in $w/etc/lighttpd/server.crt -noout -pubkey)"
check 'certificate has run out' not openssl x509 -in "$w/etc/lighttpd/server.crt" -noout -checkend 0
check 'authority is valid' openssl x509 -in "$w/etc/ssl/certs/hikari-update-ca.pem" -noout -checkend 0
check 'EC key in zip in tar.gz' sh_ "tar -xzf $w/usr/share/hikari/provisioning.tar.gz -C $tmp && unzip -p $tmp/factory/fleet-client.zip fleet-client.key | openssl ec -noout -check"
check 'Wi-Fi pass phrase' grep -q '^ *psk="..*"' "$tmp/data-2.4.0/wpa_supplicant.conf"
check 'cloud keys' sh_ "grep -qE '^aws_access_key_id = AKIA[A-Z2-7]{16}$' $w/etc/hikari/cloud.conf && grep -qE '^aws_secret_access_key = [A-Za-z0-9]{40}$' $w/etc/hikari/cloud.conf"
check 'API token' grep -qE 'apiToken: "[A-Za-z0-9]{32}"' "$w/srv/www/js/app.js"
check 'set-user-id: exactly the shell and setclock' sh_ "cd $w && [ \"\$(find . -type f -perm /6000 | sort | tr '\n' ' ')\" = './usr/bin/setclock ./usr/lib/hikari/sh ' ] && cmp bin/dash usr/lib/hikari/sh"
check 'writable by everybody: exactly S70motion' sh_ "cd $w && [ \"\$(find . -type f -perm -o+w)\" = ./etc/init.d/S70motion ]"
check 'streamd unhardened' sh_ "readelf -hlW $w/usr/sbin/streamd | grep -q 'EXEC (Exec' && readelf -lW $w/usr/sbin/streamd | grep -q 'GNU_STACK.*RWE' && ! readelf -lW $w/usr/sbin/streamd | grep -q RELRO && ! readelf --dyn-syms -W $w/usr/sbin/streamd | grep -q _chk"
check 'update over http' grep -q '^update_url = http://' "$w/etc/hikari/updater.conf"
check 'host keys are empty' sh_ "[ -e $tmp/data-2.4.0/dropbear/dropbear_rsa_host_key ] && [ ! -s $tmp/data-2.4.0/dropbear/dropbear_rsa_host_key ]"
# the mended one
check 'mended: no hash, no empty password' not grep -qE '^[^:]*:(|[^*!][^:]*):' "$m/etc/shadow"
check 'mended: no telnet, getty, tftp' sh_ "! grep -rqE 'telnetd|getty|tftpd' $m/etc $m/usr/sbin && ! strings $m/bin/toybox | grep -qE '^(telnetd|getty|tftpd)$'"
check 'mended: no private key' sh_ "! grep -rIl -- '-----BEGIN .*PRIVATE KEY' $m $tmp/data-2.5.0"
check 'mended: no archive' sh_ "[ -z \"\$(find $m -name '*.gz' -o -name '*.zip')\" ]"
check 'mended: nothing set-user-id, nothing writable' sh_ "[ -z \"\$(find $m -type f -perm /6002)\" ]"
check 'mended: TLS 1.2' grep -q '"MinProtocol" => "TLSv1.2"' "$m/etc/lighttpd/lighttpd.conf"
check 'mended: broker' sh_ "grep -qx 'allow_anonymous false' $m/etc/mosquitto/mosquitto.conf && grep -qx 'listener 8883' $m/etc/mosquitto/mosquitto.conf"
check 'mended: SSH with keys only' grep -q 'dropbear -s -g -w' "$m/etc/init.d/S50dropbear"
check 'mended: update over https' grep -q '^update_url = https://' "$m/etc/hikari/updater.conf"
check 'mended: no secrets' sh_ "! grep -rIqE 'AKIA[A-Z2-7]{16}|apiToken|psk=\"sakura' $m/etc $m/srv $tmp/data-2.5.0"
for file in "$m"/usr/sbin/{streamd,mosquitto,lighttpd,dropbear} "$m"/usr/bin/{openssl,dropbearkey,mosquitto_passwd} "$m"/bin/{dash,toybox}; do
    check "mended: ${file##*/} hardened" sh_ "readelf -dW $file | grep -q PIE && readelf -dW $file | grep -q NOW && readelf -lW $file | grep -q RELRO && readelf -lW $file | grep -q 'GNU_STACK.*RW ' && readelf --dyn-syms -W $file | grep -q __stack_chk_fail"
done
l=$m/usr/lib/arm-linux-gnueabihf
for file in "$l"/lib{ssl,crypto}.so.3; do
    check "mended: ${file##*/} hardened" sh_ "readelf -dW $file | grep -q NOW && readelf -lW $file | grep -q RELRO && readelf -lW $file | grep -q 'GNU_STACK.*RW ' && ! readelf -dW $file | grep -q TEXTREL && readelf --dyn-syms -W $file | grep -q __stack_chk_fail"
done
# what the statements in vex-2.5.0.openvex.json rest on
check 'mended: OpenSSL 3.0.22' sh_ "strings $l/libcrypto.so.3 | grep -q '^OpenSSL 3\.0\.22 ' && strings $m/usr/bin/openssl | grep -q '^OpenSSL 3\.0\.22 '"
check 'mended: no CMP, no SM2' sh_ "! readelf --dyn-syms -W $l/libcrypto.so.3 | grep -q ' OSSL_CMP_' && ! strings $l/libcrypto.so.3 | grep -q '^SM2:'"
check 'mended: no program speaks DTLS' sh_ "cd $m && for f in usr/sbin/* usr/bin/* usr/lib/lighttpd/*; do readelf --dyn-syms -W \$f 2>/dev/null; done | grep ' UND ' | { ! grep -qE ' DTLS[a-zA-Z0-9_]*_method'; } && ! strings usr/bin/openssl | grep -q '^dtls1_2$'"
check 'mended: keys and key agreement on P-256 only' sh_ "grep -qx 'Groups = P-256' $m/etc/ssl/openssl.cnf && grep -q 'openssl ecparam -name prime256v1 ' $m/etc/init.d/S20firstboot && ! grep -rqE 'ssl.ec-curve|Groups|Curves' $m/etc/lighttpd $m/etc/mosquitto"
check 'mended: no pattern for PCRE2, which only the web server has' sh_ "! grep -qE '[=!]~' $m/etc/lighttpd/lighttpd.conf && [ \"\$(cd $m && for f in \$(find bin usr lib -type f); do readelf -dW \$f 2>/dev/null | grep -q 'NEEDED.*libpcre2' && echo \$f; done)\" = usr/sbin/lighttpd ]"
for v in 2.4.0 2.5.0; do
    check "$v: every versioned symbol of OpenSSL that a program needs is there" sh_ "cd $tmp/$v && for f in \$(find bin usr lib -type f); do readelf --dyn-syms -W \$f 2>/dev/null; done | grep ' UND ' | grep -oE '[A-Za-z0-9_]+@OPENSSL_[0-9.]+' | sort -u >$tmp/needed && [ -s $tmp/needed ] && readelf --dyn-syms -W usr/lib/arm-linux-gnueabihf/lib{ssl,crypto}.so.3 | grep -v ' UND ' | grep -oE '[A-Za-z0-9_]+@@?OPENSSL_[0-9.]+' | sed 's/@@/@/' | sort -u >$tmp/provided && [ -z \"\$(comm -23 $tmp/needed $tmp/provided | tee /dev/stderr)\" ]"
    check "$v: every library that a program needs is there" sh_ "cd $tmp/$v && for f in \$(find bin usr lib -type f); do readelf -dW \$f 2>/dev/null; done | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort -u | while read l; do [ -n \"\$(find . -name \$l)\" ] || { echo \$l; exit 1; }; done"
done
exit $bad

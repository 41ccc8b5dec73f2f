#!/usr/bin/env bash
# Plays the camera on this machine: its web interface, its MQTT broker, its remote console, on loopback only and on high ports.
#   device.sh bad     as version 2.4.0 is set up: old TLS, a weak key, log-ins in the clear, a broker open to everybody
#   device.sh good    as it should be
# Runs until it is stopped (Ctrl-C) and leaves nothing behind. Prints one line for each service, and `ready` when all of them answer.
# Needs nginx, mosquitto, mosquitto-clients, openssl and dropbear (`apt-get install nginx-light mosquitto mosquitto-clients openssl dropbear-bin`).
set -euo pipefail
variant=${1:-}
case $variant in good | bad) ;; *) echo "usage: $0 good|bad" >&2; exit 2 ;; esac
# Debian keeps these where the PATH of ordinary users does not look.
PATH=$PATH:/usr/sbin:/sbin
for program in nginx mosquitto mosquitto_pub mosquitto_passwd openssl dropbear dropbearkey; do
    command -v "$program" >/dev/null || {
        echo "$program is not installed; on Debian: apt-get install nginx-light mosquitto mosquitto-clients openssl dropbear-bin" >&2
        exit 3
    }
done

folder=$(mktemp -d)
processes=()
stop() {
    trap - EXIT
    # A second signal must not stop the clearing up; what is started from here on inherits that.
    trap '' INT TERM
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

# Waits until something listens there.
answers() {
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        sleep 0.05
    done
    echo "nothing answers on port $1; $folder/$2.log says:" >&2
    cat "$folder/$2.log" >&2
    exit 3
}

mkdir -p "$folder/www/recordings" "$folder/www/.git" "$folder/tmp"
cat >"$folder/www/index.html" <<'PAGE'
<!DOCTYPE html><html><head><title>Hikari Cam 2</title></head><body><h1>Hikari Cam 2</h1>
<form method="post" action="/login">@TOKEN@
<input name="user"><input name="password" type="password"><button>Log in</button></form></body></html>
PAGE
printf 'ref: refs/heads/main\n' >"$folder/www/.git/HEAD"
printf 'clip\n' >"$folder/www/recordings/2026-06-01.txt"

if [ "$variant" = bad ]; then
    openssl req -x509 -newkey rsa:1024 -sha1 -nodes -days 9000 -subj "/CN=camera" \
        -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>"$folder/openssl.log"
    sed -i 's/@TOKEN@//' "$folder/www/index.html"
    tls='ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:!aNULL:@SECLEVEL=0;'
    server='autoindex on; add_header Set-Cookie "session=4f1d0c7a9b2e6d35; Path=/";'
    plain='root www; autoindex on; add_header Set-Cookie "session=4f1d0c7a9b2e6d35; Path=/"; location /login { return 401; }'
    git=''
    tokens=on
else
    openssl ecparam -name prime256v1 -genkey -noout -out "$folder/ca.key"
    openssl req -x509 -new -key "$folder/ca.key" -sha256 -days 3650 -subj "/CN=Hikari Devices CA" -out "$folder/ca.pem"
    openssl ecparam -name prime256v1 -genkey -noout -out "$folder/key.pem"
    openssl req -new -key "$folder/key.pem" -subj "/CN=camera" -out "$folder/cert.csr"
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >"$folder/extensions"
    openssl x509 -req -in "$folder/cert.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -sha256 -days 365 \
        -extfile "$folder/extensions" -out "$folder/leaf.pem" 2>"$folder/openssl.log"
    cat "$folder/leaf.pem" "$folder/ca.pem" >"$folder/cert.pem"
    # A real device makes a new value for every visit; nginx's own id of the request will do here.
    sed -i 's|@TOKEN@|<input type="hidden" name="csrf_token" value="@REQUEST@">|' "$folder/www/index.html"
    tls='ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305;
         ssl_session_tickets off;'
    server='add_header Set-Cookie "__Host-session=4f1d0c7a9b2e6d35; Path=/; Secure; HttpOnly; SameSite=Strict" always;
            add_header Strict-Transport-Security "max-age=63072000" always;
            add_header Content-Security-Policy "default-src '"'self'"'; frame-ancestors '"'none'"'" always;
            add_header X-Content-Type-Options nosniff always; add_header X-Frame-Options DENY always; add_header Referrer-Policy no-referrer always;
            sub_filter "@REQUEST@" $request_id; sub_filter_once off;'
    plain='return 301 https://127.0.0.1:18443$request_uri;'
    git='location ~ /\. { return 404; }'
    tokens=off
fi

# As root, nginx would hand its work to a user who cannot look into the folder.
user=''
[ "$(id -u)" != 0 ] || user='user root;'
cat >"$folder/nginx.conf" <<CONF
$user daemon off; worker_processes 1; pid nginx.pid; error_log nginx.log;
events { worker_connections 256; }
http {
  access_log off; server_tokens $tokens;
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  types { text/html html; text/plain txt; }
  server { listen 127.0.0.1:18443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; $tls
           root www; $server $git location = /login { return 401; } }
  server { listen 127.0.0.1:18080; $plain }
}
CONF
nginx -p "$folder" -e "$folder/nginx.log" -c "$folder/nginx.conf" >>"$folder/nginx.log" 2>&1 &
processes+=($!)
answers 18443 nginx
answers 18080 nginx
echo "web        https://127.0.0.1:18443/ and http://127.0.0.1:18080/"

if [ "$variant" = bad ]; then
    printf 'listener 11883 127.0.0.1\nallow_anonymous true\n' >"$folder/mosquitto.conf"
    port=11883
else
    touch "$folder/passwords"
    mosquitto_passwd -b -c "$folder/passwords" hub "$(openssl rand -hex 12)" 2>/dev/null
    printf 'user hub\ntopic readwrite home/#\n' >"$folder/access"
    # The broker reads these before it looks at who owns them.
    chmod 600 "$folder/passwords" "$folder/access" "$folder/key.pem"
    printf 'listener 18883 127.0.0.1\ncertfile %s/cert.pem\nkeyfile %s/key.pem\ntls_version tlsv1.2\nallow_anonymous false\npassword_file %s/passwords\nacl_file %s/access\n' \
        "$folder" "$folder" "$folder" "$folder" >"$folder/mosquitto.conf"
    [ "$(id -u)" != 0 ] || printf 'user root\n' >>"$folder/mosquitto.conf"
    port=18883
fi
mosquitto -c "$folder/mosquitto.conf" >"$folder/mosquitto.log" 2>&1 &
processes+=($!)
answers $port mosquitto
if [ "$variant" = bad ]; then
    mosquitto_pub -h 127.0.0.1 -p 11883 -r -t camera/config -m '{"wifi_password":"correct horse battery staple"}'
fi
echo "mqtt       127.0.0.1:$port"

if [ "$variant" = bad ]; then
    dropbearkey -t rsa -s 1024 -f "$folder/host_key" >"$folder/dropbear.log" 2>&1
    dropbear -F -E -r "$folder/host_key" -p 127.0.0.1:18022 -P "$folder/dropbear.pid" >>"$folder/dropbear.log" 2>&1 &
    processes+=($!)
    answers 18022 dropbear
    echo "ssh        127.0.0.1:18022"
fi
echo ready
wait -n "${processes[@]}"
echo "a service ended by itself" >&2
exit 3

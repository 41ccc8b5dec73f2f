#!/usr/bin/env bash
# How many mail domains a minute: benches/domains.sh [DOMAINS [PROFILE]]
# Needs knot and unbound (Debian). A zone of its own on loopback has a mail server, SPF, DMARC, CAA, TLS-RPT and MTA-STS for each domain; unbound,
# which starts with nothing in mind, answers for it. The names lead to this machine, where nothing is contacted: this times the names alone.
set -euo pipefail
count=${1:-1000}
profile=${2:-release}
root=$(cd "$(dirname "$0")/.." && pwd)
(cd "$root" && cargo build --quiet --profile "${profile/debug/dev}" -p sekisho-net --example domains)
work=$(mktemp -d)
trap 'kill $servers 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
servers=
{
    echo '$ORIGIN test.'
    echo '$TTL 60'
    echo '@ SOA ns hostmaster 1 3600 600 86400 60'
    echo '@ NS ns'
    echo 'ns A 127.0.0.1'
    for n in $(seq "$count"); do
        echo "d$n A 127.0.0.1"
        echo "d$n MX 10 mail.d$n"
        echo "mail.d$n A 127.0.0.1"
        echo "d$n TXT \"v=spf1 mx include:_spf.d$n -all\""
        echo "_spf.d$n TXT \"v=spf1 ip4:192.0.2.0/24 -all\""
        echo "_dmarc.d$n TXT \"v=DMARC1; p=reject; rua=mailto:d@d$n.test\""
        echo "d$n CAA 0 issue \"ca.example\""
        echo "_smtp._tls.d$n TXT \"v=TLSRPTv1; rua=mailto:d@d$n.test\""
        echo "_mta-sts.d$n TXT \"v=STSv1; id=1\""
    done
} >test.zone
cat >knot.conf <<CONF
server:
  listen: 127.0.0.1@15353
  rundir: .
database:
  storage: .
template:
- id: default
  storage: .
  journal-content: none
  zonefile-sync: -1
zone:
- domain: test
  file: test.zone
CONF
cat >unbound.conf <<CONF
server:
  interface: 127.0.0.1
  port: 15354
  do-not-query-localhost: no
  do-ip6: no
  chroot: ""
  username: ""
  directory: "$work"
  pidfile: ""
  use-syslog: no
  local-zone: "test." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: "test"
  stub-addr: 127.0.0.1@15353
CONF
/usr/sbin/knotd -c knot.conf >knot.log 2>&1 &
servers="$!"
/usr/sbin/unbound -d -c unbound.conf >unbound.log 2>&1 &
servers="$servers $!"
for port in 15353 15354; do
    for _ in $(seq 100); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
        sleep 0.1
    done
done
seq -f 'd%.0f.test' "$count" >names
for threads in 1 4; do
    # Names that unbound knows already would be timed without it.
    split -n "l/2" --numeric-suffixes=0 names part
    file=part0$((threads > 1))
    (time "$root/target/$profile/examples/domains" 127.0.0.1:15354 "$file" "$threads") 2>&1 | grep -v '^$'
done

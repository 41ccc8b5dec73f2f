#!/bin/sh
# Makes the RPM databases of this folder with rpm 4.18 and db_load 5.3 (Debian packages rpm and db-util).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
cd "$work"
cat >first.spec <<'S'
Name: first
Version: 1.2.3
Release: 4
Summary: The first of two packages
License: MIT
Vendor: Example
BuildArch: noarch
%description
Ours.
%install
mkdir -p %{buildroot}/opt/first
for n in one $(seq 300); do echo ours >%{buildroot}/opt/first/$n.txt; done
%files
/opt/first
S
cat >second.spec <<'S'
Name: second
Epoch: 7
Version: 2.0
Release: 1
Summary: The second of two packages
License: Apache-2.0 OR MIT
BuildArch: noarch
%description
Ours too.
%files
S
export SOURCE_DATE_EPOCH=1700000000
for name in first second; do
  rpmbuild -bb --define "_topdir $work" --define "_buildhost host" --define "use_source_date_epoch_as_buildtime 1" $name.spec >/dev/null 2>&1
done
rpm --dbpath "$work/db" --define "_db_backend sqlite" --initdb
rpm --dbpath "$work/db" --define "_db_backend sqlite" --justdb --nodeps -i RPMS/noarch/first*.rpm RPMS/noarch/second*.rpm 2>/dev/null
# The indexes are of no use here.
for table in $(sqlite3 db/rpmdb.sqlite "select name from sqlite_master where type='table' and name not in ('Packages', 'sqlite_sequence')"); do
  sqlite3 db/rpmdb.sqlite "drop table '$table'"
done
sqlite3 db/rpmdb.sqlite 'pragma journal_mode=delete; pragma page_size=4096; vacuum' >/dev/null
cp db/rpmdb.sqlite "$here/rpmdb.sqlite"
{
  printf 'VERSION=3\nformat=bytevalue\ntype=hash\nHEADER=END\n'
  printf ' 00000000\n 02000000\n'
  sqlite3 db/rpmdb.sqlite 'select printf(" %02x000000", hnum) || char(10) || " " || lower(hex(blob)) from Packages order by hnum'
  echo DATA=END
} >dump
db5.3_load -f dump "$here/Packages"
# Debian's rpm is built without the ndb format: its layout, written down.
python3 - "$here" <<'P'
import sqlite3, struct, sys
rows = sqlite3.connect('db/rpmdb.sqlite').execute('select hnum, blob from Packages order by hnum').fetchall()
slots, body, at = b'', b'', 4096 // 16
for number, blob in rows:
    slots += struct.pack('<4sIII', b'Slot', number, at, (len(blob) + 32 + 15) // 16)
    entry = struct.pack('<4sIII', b'BlbS', number, 1, len(blob)) + blob
    entry += b'\0' * (-(len(entry) + 12) % 16) + struct.pack('<II4s', 0, len(blob), b'BlbE')
    body += entry
    at += len(entry) // 16
head = struct.pack('<4sIIIIIII', b'RpmP', 0, 1, 1, len(rows) + 1, 0, 0, 0)
free = b''.join(struct.pack('<4sIII', b'Slot', 0, 0, 0) for _ in range((4096 - len(head) - len(slots)) // 16))
open(sys.argv[1] + '/Packages.db', 'wb').write(head + slots + free + body)
P
rm -r "$work"

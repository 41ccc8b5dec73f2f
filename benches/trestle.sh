#!/usr/bin/env bash
# Times `sekisho catalog import` and compliance-trestle on the same OSCAL catalog, one after the other, in one run.
# Needs python3 with venv and pip, and a release build; makes its own environment in a temporary folder.
#
#     cargo build --release && benches/trestle.sh CATALOG.json [RUNS]
set -euo pipefail
catalog=$(realpath "$1")
runs=${2:-7}
root=$(cd "$(dirname "$0")/.." && pwd)
sekisho=${SEKISHO:-$root/target/release/sekisho}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet compliance-trestle
cd "$work"
"$work/venv/bin/trestle" init >/dev/null 2>&1

# Trestle may refuse a file for what it names as the version of OSCAL; that is its right, and is said.
"$work/venv/bin/python" - "$catalog" "$sekisho" "$runs" <<'PYTHON'
import importlib.metadata, os, pathlib, shutil, statistics, subprocess, sys, time

catalog, sekisho, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])


def timed(name, function):
    function()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begin)
    print(f"{name:58} median {statistics.median(seconds) * 1000:9.1f} ms   fastest {min(seconds) * 1000:9.1f} ms")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} fails: {done.stdout[-800:]}{done.stderr[-800:]}")


def import_sekisho():
    run(sekisho, "catalog", "import", catalog, "--id", "imported", "--out", "own", "--force", "--quiet")


def import_trestle():
    shutil.rmtree("catalogs/imported", ignore_errors=True)
    run("venv/bin/trestle", "import", "-f", catalog, "-o", "imported")


print(f"{os.path.basename(catalog)}, {os.path.getsize(catalog)} bytes, {runs} runs each")
print(f"compliance-trestle {importlib.metadata.version('compliance-trestle')}, Python {sys.version.split()[0]}")
timed("sekisho catalog import: process, lint, file", import_sekisho)
timed("trestle import: process, validation, file", import_trestle)

from trestle.oscal.catalog import Catalog

timed("trestle, in process: Catalog.oscal_read alone", lambda: Catalog.oscal_read(pathlib.Path(catalog)))
PYTHON

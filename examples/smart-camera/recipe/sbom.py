#!/usr/bin/env python3
"""Writes the bill of materials of one version from the package database of its image.

That of 2.5.0 is exact. That of 2.4.0 is spoilt in the ways listed in SPOILT; planted.yaml tells of each.
Usage: sbom.py VERSION DATE STATUS RECIPE OUT
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import json
import sys
import urllib.parse
import uuid

SPOILT = {
    "missing": {"dropbear-bin"},
    "version": {"zlib1g": "1:1.2.11.dfsg-2+deb11u2"},
    "added": {"libcurl4": "7.88.1-10+deb12u12"},
    "no_supplier": {"libgmp10", "libnettle8", "libxxhash0"},
    "timestamp": "2024-02-19T09:30:00Z",
}
MAKER = {"name": "Hikari Devices", "url": ["https://www.hikaricam.example/"]}
DEBIAN = {"name": "Debian", "url": ["https://www.debian.org/"]}
OWN = {"hikari-camd"}


def entries(path):
    for block in open(path, encoding="utf-8").read().strip().split("\n\n"):
        yield dict(line.split(": ", 1) for line in block.split("\n"))


def purl(name, version):
    namespace = "hikari" if name in OWN else "debian"
    return f"pkg:deb/{namespace}/{name}@{urllib.parse.quote(version, safe='')}?arch=armhf"


def component(name, version, licence, sha, supplier):
    out = {"type": "application" if name in OWN else "library", "bom-ref": purl(name, version)}
    if supplier:
        out["supplier"] = supplier
    out |= {"name": name, "version": version}
    if licence:
        out["licenses"] = [{"expression": licence}]
    if sha:
        out["hashes"] = [{"alg": "SHA-256", "content": sha}]
    return out | {"purl": purl(name, version)}


def main(version, date, status, recipe, target):
    weak = version == "2.4.0"
    licences, hashes = {}, {}
    for line in open(f"{recipe}/licences.tsv", encoding="utf-8"):
        if not line.startswith("#"):
            name, licence, *_ = line.rstrip("\n").split("\t")
            licences[name] = licence
    for line in open(f"{recipe}/packages.lock", encoding="utf-8"):
        if line.startswith("image "):
            _, name, _, sha, _, *image = line.split()
            if image in ([], [version]):
                hashes[name] = sha

    components, depends = [], {}
    for entry in entries(status):
        name, real = entry["Package"], entry["Version"]
        if weak and name in SPOILT["missing"]:
            continue
        listed = SPOILT["version"].get(name, real) if weak else real
        supplier = MAKER if name in OWN else DEBIAN
        if weak and name in SPOILT["no_supplier"]:
            supplier = None
        # a hash belongs to one version only, and what we built ourselves has no package file
        sha = hashes.get(name) if listed == real else None
        components.append(component(name, listed, licences[name], sha, supplier))
        words = [w.strip().split(" ")[0].split(":")[0] for w in entry.get("Depends", "").replace("|", ",").split(",")]
        depends[name] = words
    if weak:
        for name, listed in SPOILT["added"].items():
            components.append(component(name, listed, "curl", None, DEBIAN))
            depends[name] = ["libc6", "libssl3", "zlib1g"]
    components.sort(key=lambda c: c["name"])

    refs = {c["name"]: c["bom-ref"] for c in components}
    system = {
        "type": "operating-system",
        "bom-ref": f"hikaricam@{version}",
        "supplier": MAKER,
        "name": "hikaricam",
        "version": version,
        "description": "Hikari Cam OS",
        "licenses": [{"expression": "Apache-2.0 OR MIT"}],
        "purl": f"pkg:generic/hikari/hikaricam@{version}",
    }
    product = {
        "type": "firmware",
        "bom-ref": f"hikari-cam-2-firmware@{version}",
        "supplier": MAKER,
        "name": "hikari-cam-2-firmware",
        "version": version,
        "purl": f"pkg:generic/hikari/hikari-cam-2-firmware@{version}",
    }
    needed = {w for words in depends.values() for w in words}
    graph = [
        {"ref": product["bom-ref"], "dependsOn": [system["bom-ref"]]},
        {"ref": system["bom-ref"], "dependsOn": sorted(ref for name, ref in refs.items() if name not in needed)},
    ]
    for name, ref in refs.items():
        graph.append({"ref": ref, "dependsOn": sorted({refs[w] for w in depends[name] if w in refs})})

    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'hikari-cam-2-firmware@' + version)}",
        "version": 1,
        "metadata": {
            "timestamp": SPOILT["timestamp"] if weak else f"{date}T06:00:00Z",
            "tools": {"components": [{"type": "application", "name": "recipe of the Sekisho example", "version": "1"}]},
            "authors": [{"name": "Hikari Devices, firmware team", "email": "firmware@hikaricam.example"}],
            "component": product,
            "supplier": MAKER,
        },
        "components": [system, *components],
        "dependencies": graph,
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(bom, file, indent=2, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

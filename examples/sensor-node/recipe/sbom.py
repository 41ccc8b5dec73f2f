#!/usr/bin/env python3
"""Writes the bills of materials of both versions (CycloneDX 1.6). The image holds our own modules only; the older one is older than the image
and leaves suppliers out, which is planted.
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import json
import os
import uuid

here = os.path.dirname(os.path.abspath(__file__))
MAKER = {"name": "Yamabiko Keiki", "url": ["https://www.yamabiko-node.example/"]}


def component(name, version, what, supplier):
    entry = {"type": "library", "bom-ref": f"{name}@{version}"}
    if supplier:
        entry["supplier"] = MAKER
    entry |= {
        "name": name,
        "version": version,
        "description": what,
        "licenses": [{"expression": "Apache-2.0 OR MIT"}],
        "purl": f"pkg:generic/yamabiko/{name}@{version}",
    }
    return entry


def bom(version, made, supplier):
    parts = [
        component("node-modem", "0.4.0", "Commands for the Wi-Fi modem", True),
        component("node-beacon", "0.2.1", "Bluetooth advertising", supplier),
        component("node-settings", "0.1.3", "Settings as text", supplier),
    ]
    main = f"yamabiko-node-firmware@{version}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, "https://www.yamabiko-node.example/sbom/" + version)),
        "version": 1,
        "metadata": {
            "timestamp": made,
            "tools": {"components": [{"type": "application", "name": "recipe of the Sekisho example", "version": "1"}]},
            "authors": [{"name": "Yamabiko Keiki, firmware team", "email": "firmware@yamabiko-node.example"}],
            "component": {
                "type": "firmware",
                "bom-ref": main,
                "supplier": MAKER,
                "name": "yamabiko-node-firmware",
                "version": version,
                "purl": f"pkg:generic/yamabiko/yamabiko-node-firmware@{version}",
            },
            "supplier": MAKER,
        },
        "components": parts,
        "dependencies": [{"ref": main, "dependsOn": [p["bom-ref"] for p in parts]}] + [{"ref": p["bom-ref"], "dependsOn": []} for p in parts],
    }


for name, content in (
    ("sbom.cdx.json", bom("1.0.0", "2024-05-20T09:00:00Z", False)),
    ("sbom-1.1.0.cdx.json", bom("1.1.0", "2026-11-02T06:00:00Z", True)),
):
    with open(os.path.join(here, "..", name), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")

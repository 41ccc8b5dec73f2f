#!/usr/bin/env python3
"""Makes the keys of the example and the settings header of a version, always the same ones.

Everything follows from fixed words, so nothing here protects anything: never use these keys.
Usage: keys.py OUTDIR   (writes settings-1.0.0.h, settings-1.1.0.h, sign-1.1.0.pem)
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import base64
import hashlib
import json
import subprocess
import sys


def stream(seed, length):
    """Bytes that follow from the seed alone."""
    return hashlib.shake_256(b"sekisho example, not for use: " + seed.encode()).digest(length)


def pem(label, der):
    text = base64.b64encode(der).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return f"-----BEGIN {label}-----\n" + "\n".join(lines) + f"\n-----END {label}-----\n"


def sec1(seed):
    """A private key on P-256 without its public part (RFC 5915); the number is far below the curve's order."""
    number = b"\x00" + stream(seed, 31)
    return pem("EC PRIVATE KEY", bytes.fromhex("30310201010420") + number + bytes.fromhex("a00a06082a8648ce3d030107"))


def ed25519(seed):
    """A private key (RFC 8410)."""
    return pem("PRIVATE KEY", bytes.fromhex("302e020100300506032b657004220420") + stream(seed, 32))


def public(path):
    return subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], check=True, capture_output=True, text=True).stdout


def header(name, value):
    """A text as a C array, one line of source for each of its lines."""
    literals = ['"' + json.dumps(line)[1:-1] + '"' for line in value.splitlines(keepends=True)]
    return f"static const char {name}[] =\n    " + "\n    ".join(literals) + ";\n"


def main(out):
    with open(f"{out}/sign-1.1.0.pem", "w") as file:
        file.write(ed25519("yamabiko update signing"))
    update_key = public(f"{out}/sign-1.1.0.pem")
    weak = {
        "banner": "Yamabiko Node 1.0.0\r\n",
        "factory_settings": "wifi_ssid=Yamabiko-Works\nwifi_psk=Echo-valley-7731\nmqtt_user=node\nmqtt_password=Kodama!2291x\n",
        "mqtt_url": "mqtt://broker.yamabiko-node.example:1883",
        "update_url": "http://firmware.yamabiko-node.example/node/latest.bin",
        "client_key": sec1("yamabiko client key"),
        "update_key": update_key,
    }
    mended = {
        "banner": "Yamabiko Node 1.1.0\r\n",
        "factory_settings": "wifi_ssid=\nwifi_psk=\nmqtt_user=\nmqtt_password=\n",
        "mqtt_url": "mqtts://broker.yamabiko-node.example:8883",
        "update_url": "https://firmware.yamabiko-node.example/node/latest.bin",
        "update_key": update_key,
    }
    for version, texts in (("1.0.0", weak), ("1.1.0", mended)):
        with open(f"{out}/settings-{version}.h", "w") as file:
            file.write(f"#define WEAK {int(texts is weak)}\n")
            for name, value in texts.items():
                file.write(header(name, value))


main(sys.argv[1])

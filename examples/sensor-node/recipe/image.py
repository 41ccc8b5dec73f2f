#!/usr/bin/env python3
"""Wraps a program as an image for MCUboot and signs it with Ed25519, which gives the same bytes each time.

The format: boot/bootutil/include/bootutil/image.h and docs/design.md of MCUboot.
Usage: image.py PROGRAM KEY.pem VERSION COUNTER|- IMAGE
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import hashlib
import os
import struct
import subprocess
import sys
import tempfile

HEADER = 0x200
KEY_HASH, SHA256, ED25519, SECURITY_COUNTER = 0x01, 0x10, 0x24, 0x50


def entry(kind, value):
    return struct.pack("<HH", kind, len(value)) + value


def area(magic, entries):
    return struct.pack("<HH", magic, 4 + len(entries)) + entries


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def main(program, key, version, counter, image):
    body = open(program, "rb").read()
    protected = b"" if counter == "-" else area(0x6908, entry(SECURITY_COUNTER, struct.pack("<I", int(counter))))
    major, minor, revision = (int(n) for n in version.split("."))
    head = struct.pack("<IIHHIIBBHII", 0x96F3B83D, 0, HEADER, len(protected), len(body), 0, major, minor, revision, 0, 0)
    covered = head.ljust(HEADER, b"\0") + body + protected
    digest = hashlib.sha256(covered).digest()
    public = openssl("pkey", "-in", key, "-pubout", "-outform", "DER")
    with tempfile.TemporaryDirectory() as folder:
        message = os.path.join(folder, "digest")
        with open(message, "wb") as file:
            file.write(digest)
        signature = openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message)
    entries = entry(SHA256, digest) + entry(KEY_HASH, hashlib.sha256(public).digest()) + entry(ED25519, signature)
    with open(image, "wb") as file:
        file.write(covered + area(0x6907, entries))


main(*sys.argv[1:])

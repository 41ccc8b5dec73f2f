#!/usr/bin/env python3
"""Makes the keys, certificates and tokens that the recipe plants, always the same ones.

Everything is derived from fixed words, so nothing here protects anything: never use these keys.
Usage: keys.py OUTDIR
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import base64
import gzip
import hashlib
import io
import os
import sys
import tarfile
import zipfile

# --- numbers from words -------------------------------------------------------------------------------------------


def stream(seed, length):
    """Bytes that follow from the seed alone."""
    return hashlib.shake_256(b"sekisho example, not for use: " + seed.encode()).digest(length)


def is_prime(n):
    """Miller-Rabin with fixed bases: good enough for a fixture."""
    small = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]
    if any(n % p == 0 for p in small):
        return False
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for a in small:
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(seed, bits):
    n = int.from_bytes(stream(seed, bits // 8), "big") | 3 << (bits - 2) | 1
    while not is_prime(n) or (n - 1) % 65537 == 0:
        n += 2
    return n


# --- DER ----------------------------------------------------------------------------------------------------------


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([first * 40 + second])
    for n in rest:
        septets = [n & 127]
        while n > 127:
            n >>= 7
            septets.append(n & 127 | 128)
        out += bytes(reversed(septets))
    return der(6, out)


def sequence(*parts):
    return der(0x30, *parts)


def name(common):
    def attribute(kind, text):
        return der(0x31, sequence(oid(kind), der(12, text.encode())))

    return sequence(attribute("2.5.4.10", "Hikari Devices"), attribute("2.5.4.3", common))


def pem(kind, data):
    text = base64.b64encode(data).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])


NULL = der(5)
RSA = sequence(oid("1.2.840.113549.1.1.1"), NULL)
SHA256_RSA = sequence(oid("1.2.840.113549.1.1.11"), NULL)


class Rsa:
    def __init__(self, seed, bits=2048):
        self.p, self.q = prime(seed + " p", bits // 2), prime(seed + " q", bits // 2)
        self.n, self.e = self.p * self.q, 65537
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))

    def pkcs1(self):
        p, q, d = self.p, self.q, self.d
        numbers = [0, self.n, self.e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
        return sequence(*map(integer, numbers))

    def public(self):
        return sequence(RSA, der(3, b"\0" + sequence(integer(self.n), integer(self.e))))

    def sign(self, data):
        info = sequence(sequence(oid("2.16.840.1.101.3.4.2.1"), NULL), der(4, hashlib.sha256(data).digest()))
        size = (self.n.bit_length() + 7) // 8
        padded = b"\0\1" + b"\xff" * (size - 3 - len(info)) + b"\0" + info
        return pow(int.from_bytes(padded, "big"), self.d, self.n).to_bytes(size, "big")


class Ec:
    """A key on P-256, by the schoolbook."""

    P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
    N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    G = (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    )

    def __init__(self, seed):
        self.d = int.from_bytes(stream(seed, 32), "big") % (self.N - 1) + 1
        point, out, k = self.G, None, self.d
        while k:
            if k & 1:
                out = self.add(out, point)
            point, k = self.add(point, point), k >> 1
        self.point = b"\4" + out[0].to_bytes(32, "big") + out[1].to_bytes(32, "big")

    def add(self, a, b):
        if a is None:
            return b
        if a == b:
            slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, self.P)
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, self.P)
        x = (slope * slope - a[0] - b[0]) % self.P
        return x, (slope * (a[0] - x) - a[1]) % self.P

    def sec1(self):
        curve = der(0xA0, oid("1.2.840.10045.3.1.7"))
        return sequence(integer(1), der(4, self.d.to_bytes(32, "big")), curve, der(0xA1, der(3, b"\0" + self.point)))

    def public(self):
        return sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), der(3, b"\0" + self.point))


def certificate(subject, key, issuer, signer, start, end, authority=False):
    serial = int.from_bytes(stream("serial " + subject, 8), "big") | 1 << 62
    basic = sequence(der(1, b"\xff")) if authority else sequence()
    constraints = sequence(oid("2.5.29.19"), der(1, b"\xff"), der(4, basic))

    def time(text):  # UTCTime
        return der(23, text[2:].encode())

    body = sequence(
        der(0xA0, integer(2)),
        integer(serial),
        SHA256_RSA,
        name(issuer),
        sequence(time(start), time(end)),
        name(subject),
        key.public(),
        der(0xA3, sequence(constraints)),
    )
    return sequence(body, SHA256_RSA, der(3, b"\0" + signer.sign(body)))


# --- what is made ---------------------------------------------------------------------------------------------------


def token(seed, alphabet, length):
    return "".join(alphabet[b % len(alphabet)] for b in stream(seed, length))


def main(out):
    def write(path, data):
        with open(os.path.join(out, path), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    os.makedirs(out, exist_ok=True)
    server = Rsa("web server of every camera with 2.4.0")
    write("server.key", pem("RSA PRIVATE KEY", server.pkcs1()))
    write(
        "server.crt",
        pem("CERTIFICATE", certificate("hikaricam.local", server, "hikaricam.local", server, "20210701000000Z", "20230630235959Z")),
    )

    authority = Rsa("update authority")
    ca = "Hikari Devices Update CA"
    write(
        "update-ca.pem",
        pem("CERTIFICATE", certificate(ca, authority, ca, authority, "20240101000000Z", "20441231235959Z", True)),
    )
    write("update-signing.pub.pem", pem("PUBLIC KEY", Ec("update signing").public()))

    fleet = Ec("fleet client")
    fleet_key = pem("EC PRIVATE KEY", fleet.sec1())
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for entry, text in (("README.txt", "Client key with which a camera registers at the factory.\n"), ("fleet-client.key", fleet_key)):
            info = zipfile.ZipInfo(entry, (2026, 6, 15, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    tar_bytes = io.BytesIO()
    with tarfile.open(fileobj=tar_bytes, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for entry, data in (
            ("factory/NOTES.txt", b"Left by the provisioning station of line 2.\n"),
            ("factory/fleet-client.zip", inner.getvalue()),
        ):
            info = tarfile.TarInfo(entry)
            info.size, info.mtime, info.mode = len(data), 1781481600, 0o644
            archive.addfile(info, io.BytesIO(data))
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, 0) as file:
        file.write(tar_bytes.getvalue())
    write("provisioning.tar.gz", packed.getvalue())

    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    mixed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    lines = [
        "AWS_ACCESS_KEY_ID=AKIA" + token("cloud key id", upper, 16),
        "AWS_SECRET_ACCESS_KEY=" + token("cloud key", mixed, 40),
        "API_TOKEN=" + token("api token", mixed, 32),
    ]
    write("tokens", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

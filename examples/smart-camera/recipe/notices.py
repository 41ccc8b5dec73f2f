#!/usr/bin/env python3
"""Writes LICENSES/: the copyright file of every package in the images, full texts that those refer to, and NOTICE.md.

Usage: notices.py RECIPE WORK OUT
SPDX-License-Identifier: Apache-2.0 OR MIT
"""
import glob
import gzip
import os
import shutil
import subprocess
import sys


def field(deb, name):
    return subprocess.run(["dpkg-deb", "-f", deb, name], check=True, capture_output=True, text=True).stdout.strip()


def copyright_of(root, package):
    path = f"{root}/usr/share/doc/{package}/copyright"
    if os.path.exists(path + ".gz"):
        return gzip.open(path + ".gz", "rt", encoding="utf-8").read()
    return open(path, encoding="utf-8").read()


# What is built here: where the text stands in its source, and what is to be said of it.
BUILT = {
    "mosquitto": ("debian/copyright", "built by build.sh from this source"),
    "openssl": (
        "LICENSE.txt",
        "libssl3 and openssl of that image, built by build.sh from the upstream archive of this source with the change in "
        "recipe/openssl.patch; none of Debian's own changes are in it",
    ),
    "toybox": ("LICENSE", "built by build.sh from this source"),
}


def main(recipe, work, out):
    # What is only in the image that is not built anew keeps its row and its text.
    kept_rows, kept_texts = {}, {}
    if os.path.exists(f"{out}/NOTICE.md"):
        for line in open(f"{out}/NOTICE.md", encoding="utf-8"):
            row = tuple(cell.strip() for cell in line.split("|")[1:-1])
            kept_rows[row[:2]] = row
        for file in os.listdir(out):
            kept_texts[file] = open(f"{out}/{file}", encoding="utf-8").read()
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    lock = [line.split() for line in open(f"{recipe}/packages.lock", encoding="utf-8") if line.startswith(("image ", "src "))]
    table = {}
    for line in open(f"{recipe}/licences.tsv", encoding="utf-8"):
        if not line.startswith("#"):
            name, licence, texts, remark = line.rstrip("\n").split("\t")
            table[name] = (licence, texts.split(), remark)

    packages = {name for kind, name, *_ in lock if kind == "image"}
    rows, texts = [], set()
    for kind, name, version, _, file, *image in lock:
        if name == "mosquitto-debian":
            continue
        licence, full, remark = table[name]
        # a package and what is built from a source of the same name have a text each
        text_name = f"{name}-source.txt" if kind == "src" and name in packages else f"{name}.txt"
        remarks = [remark, *(f"in {only}" for only in image)]
        if kind == "src":
            remarks.append(BUILT[name][1])
        if text_name != f"{name}.txt":
            remarks.append(f"licence in {text_name}")
        remark = "; ".join(filter(None, remarks))
        texts.update(full)
        sources = sorted(glob.glob(f"{work}/src/{name}-*"))
        if not (os.path.exists(f"{work}/unpacked/{file}") if kind == "image" else sources):
            rows.append((*kept_rows[name, version][:4], remark))
            if not os.path.exists(f"{out}/{text_name}"):
                with open(f"{out}/{text_name}", "w", encoding="utf-8") as target:
                    target.write(kept_texts[text_name])
            continue
        if kind == "image":
            deb = f"{work}/debs/{file}"
            source = field(deb, "Source") or name
            source_name, _, rest = source.partition(" ")
            source_version = rest.strip("()") or version
            real = f"{work}/unpacked/{file}"
            path = f"{real}/usr/share/doc/{name}"
            if os.path.islink(path):  # documentation shared with another package of the same source
                other = os.readlink(path)
                beside = next(l[4] for l in lock if l[:2] == ["image", other] and (not image or l[5:] in ([], image)))
                text = copyright_of(f"{work}/unpacked/{beside}", other)
            else:
                text = copyright_of(real, name)
        else:
            source_name, source_version = name, version
            text = open(f"{sources[0]}/{BUILT[name][0]}", encoding="utf-8").read()
        with open(f"{out}/{text_name}", "w", encoding="utf-8") as target:
            target.write(text)
        rows.append((name, version, licence, f"{source_name} {source_version}", remark))

    common = "/usr/share/common-licenses"
    for text in sorted(texts):
        source = os.path.join(common, text)
        if not os.path.exists(source):
            sys.exit(f"notices.py: {source} is missing (Debian package base-files)")
        shutil.copyfile(source, f"{out}/{text}.txt")

    with open(f"{out}/NOTICE.md", "w", encoding="utf-8") as target:
        target.write(
            "# What is in the images, under which licence, and where its source is\n\n"
            "The firmware images of this example hold programs and libraries of the Debian distribution (release 12, armhf),\n"
            "unchanged unless the table says otherwise, and files of the example's own. Each package's copyright file stands\n"
            "beside this one as `PACKAGE.txt` unless the table says otherwise; the full texts that those files refer to stand here too.\n\n"
            "The source of each is the Debian source package named in the table, in that version. It can be had with\n"
            "`apt-get source NAME=VERSION` from any mirror of Debian, or from Debian's archive of all past versions.\n"
            "Whoever received an image of this example and cannot get a source there may ask the maintainers of this\n"
            "repository for it (open an issue): for three years after the image was last distributed here they will hand\n"
            "over the complete corresponding source of the packages under the LGPL, for no more than the cost of doing so.\n"
            "The libraries under the LGPL are separate files, linked dynamically: they can be replaced in the image by unpacking the\n"
            "root file system (`unsquashfs`), exchanging the library and packing it anew as `build.sh` does.\n\n"
            "| package | version | licence | Debian source package | remark |\n| --- | --- | --- | --- | --- |\n"
        )
        for row in sorted(rows):
            target.write("| " + " | ".join(row) + " |\n")
        licence, _, remark = table["hikari-camd"]
        target.write(f"| hikari-camd | 2.4.0, 2.5.0 | {licence} | none: `recipe/` of this example | {remark} |\n")
        target.write(
            "\nThe licence of the whole repository (`Apache-2.0 OR MIT`) covers the example's own files only. The maker, the\n"
            "product, the accounts and the keys in the images are made up.\n"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

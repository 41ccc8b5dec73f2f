#!/usr/bin/env python3
"""Asks the ecosystems' own tools for the answers in cases.tsv again (README.md says which tools, and from which packages they come).

    ask.py [SHARED]      SHARED is the folder of real artefacts; default: ../shared/data beside the repository

Every case whose last column begins with a tool's name is computed anew: the advisory's events are sorted and read as the OSV schema says
("Evaluation"), each comparison is the tool's. Nothing of Sekisho is used. Needs Python 3.9 with PyYAML and packaging.
"""

import functools
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))

# --- The tools. Each takes two versions and says -1, 0 or 1, or None where it refuses one. ---


class Child:
    """A program that reads pairs, one a line, and writes -1, 0, 1 or !."""

    def __init__(self, *command, **environment):
        self.command, self.environment, self.process = command, environment, None

    def __call__(self, a, b):
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **self.environment}
            )
        self.process.stdin.write(f"{a}\t{b}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        return None if answer == "!" else int(answer)


SCRIPTS = tempfile.TemporaryDirectory()


def written(name, text):
    path = os.path.join(SCRIPTS.name, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def dpkg(a, b):
    def ask(how):
        return subprocess.run(["dpkg", "--compare-versions", a, how, b], capture_output=True)

    equal = ask("eq")
    if equal.stderr:
        # It warns of a bad version and compares it all the same.
        return None
    return 0 if equal.returncode == 0 else -1 if ask("lt").returncode == 0 else 1


def apk(a, b):
    done = subprocess.run(["apk", "version", "-t", a, b], capture_output=True, text=True)
    return {"<": -1, "=": 0, ">": 1}.get(done.stdout.strip())


def pep440(a, b):
    from packaging.version import InvalidVersion, Version

    try:
        a, b = Version(a), Version(b)
    except InvalidVersion:
        return None
    return (a > b) - (a < b)


# The short programs that ask those tools that are libraries.
RPM = """
import sys, rpm
def parts(text):
    epoch, _, rest = text.partition(":") if ":" in text else ("0", "", text)
    version, _, release = rest.partition("-")
    return (epoch, version, release or None)
while line := sys.stdin.readline():
    a, b = line.rstrip("\\n").split("\\t")
    print(rpm.labelCompare(parts(a), parts(b)), flush=True)
"""
SEMVER = """
const semver = require("semver");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [a, b] = line.split("\\t").map((text) => semver.parse(text));
  console.log(a && b ? semver.compare(a, b) : "!");
});
"""
RUBY = """
$stdout.sync = true
while line = $stdin.gets
  a, b = line.chomp.split("\\t")
  puts(Gem::Version.correct?(a) && Gem::Version.correct?(b) ? Gem::Version.new(a) <=> Gem::Version.new(b) : "!")
end
"""
PHP = """<?php
require "Composer/Semver/autoload.php";
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
    [$a, $b] = explode("\\t", rtrim($line, "\\n"));
    try { echo version_compare($parser->normalize($a), $parser->normalize($b)), "\\n"; }
    catch (UnexpectedValueException $refused) { echo "!\\n"; }
}
"""
JAVA = """
import java.io.*;
import org.apache.maven.artifact.versioning.ComparableVersion;
public class Ask {
    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] pair = line.split("\\t");
            System.out.println(Integer.signum(new ComparableVersion(pair[0]).compareTo(new ComparableVersion(pair[1]))));
        }
    }
}
"""
GO = """
package main
import ("bufio"; "fmt"; "os"; "strings"; "golang.org/x/mod/semver")
func main() {
    lines := bufio.NewScanner(os.Stdin)
    for lines.Scan() {
        pair := strings.Split(lines.Text(), "\\t")
        if semver.IsValid(pair[0]) && semver.IsValid(pair[1]) { fmt.Println(semver.Compare(pair[0], pair[1])) } else { fmt.Println("!") }
    }
}
"""

JARS = "/usr/share/java/maven-artifact-3.x.jar:/usr/share/java/commons-lang3.jar"
npm_semver = Child("node", written("order_of_npm.js", SEMVER), NODE_PATH=os.environ.get("NODE_PATH", "node_modules"))
go_child = Child("go", "run", written("order_of_go.go", GO), GO111MODULE="off", GOPATH="/usr/share/gocode")
rpm_child = Child("/usr/bin/python3", written("order_of_rpm.py", RPM))


def go(a, b):
    # Advisories write versions without the `v` of tags, and Go's own releases with `go`.
    prefixed = lambda text: "v" + text.removeprefix("go").removeprefix("v")
    return go_child(prefixed(a), prefixed(b))


TOOLS = {
    "dpkg": dpkg,
    "rpm": rpm_child,
    "apk-tools": apk,
    "packaging": pep440,
    "npm semver": npm_semver,
    "x/mod/semver": go,
    "Gem::Version": Child("ruby", written("order_of_gem.rb", RUBY)),
    "composer/semver": Child("php", "-d", "include_path=/usr/share/php", written("order_of_composer.php", PHP)),
    "ComparableVersion": Child("java", "-cp", JARS, written("Ask.java", JAVA)),
}
TOOL_OF = {
    "Debian": "dpkg", "Ubuntu": "dpkg", "AlmaLinux": "rpm", "Azure Linux": "rpm", "Red Hat": "rpm", "Alpine": "apk-tools", "PyPI": "packaging",
    "crates.io": "npm semver", "npm": "npm semver", "Go": "x/mod/semver", "RubyGems": "Gem::Version",
    "Packagist": "composer/semver", "Maven": "ComparableVersion",
}


def tool_of(ecosystem):
    return TOOL_OF[ecosystem.split(":")[0]]


@functools.lru_cache(maxsize=None)
def compare(ecosystem, a, b):
    return TOOLS[tool_of(ecosystem)](a, b)


# --- What the OSV schema says of a record, with the comparisons of the tools. ---


def in_range(ecosystem, events, version):
    """The schema's own algorithm: sort, then let each event that is reached decide anew."""

    def order(one, other):
        (_, a), (_, b) = one, other
        if "0" in (a, b):
            return (a != "0") - (b != "0")
        return compare(ecosystem, a, b)

    pairs = sorted(((kind, at) for event in events for kind, at in event.items()), key=functools.cmp_to_key(order))
    vulnerable = False
    for kind, at in pairs:
        place = 1 if at == "0" else compare(ecosystem, version, at)
        if place is None:
            return None
        if kind == "introduced" and place >= 0:
            vulnerable = True
        elif (kind == "fixed" and place >= 0) or (kind == "last_affected" and place > 0):
            vulnerable = False
    return vulnerable


def answer(record, ecosystem, package, version):
    """affected, not-affected, unknown, or absent where the record does not name the package or is withdrawn."""
    if record.get("withdrawn"):
        return "absent"
    found, unknown = False, False
    for affected in record.get("affected", []):
        named = affected.get("package") or {}
        if named.get("name") != package or named.get("ecosystem") != ecosystem:
            continue
        found = True
        versions = affected.get("versions") or []
        ranges = [range for range in affected.get("ranges") or [] if range["type"] != "GIT"]
        if not versions and not ranges:
            unknown = True
        if version in versions:
            return "affected"
        if compare(ecosystem, version, version) is None:
            unknown = True
            continue
        if any(compare(ecosystem, version, listed) == 0 for listed in versions):
            return "affected"
        for range in ranges:
            inside = in_range(ecosystem, range["events"], version)
            if inside:
                return "affected"
            unknown |= inside is None
    return "absent" if not found else "unknown" if unknown else "not-affected"


# --- The records. ---


def archived(path, suffix):
    import yaml

    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith(suffix):
                data = archive.extractfile(member).read()
                yield json.loads(data) if suffix == ".json" else yaml.load(data, Loader=yaml.CSafeLoader)


def secdb(path):
    """Alpine's own list of fixes as OSV records: before the version that fixes it, affected."""
    records = {}
    for branch in archived(path, ".yaml"):
        for package in branch["packages"] or []:
            for fixed, ids in (package["pkg"].get("secfixes") or {}).items():
                for cve in {word for line in ids or [] for word in re.findall(r"CVE-\d+-\d+", line)}:
                    if str(fixed) != "0":
                        record = records.setdefault(f"ALPINE-{cve}", {"id": f"ALPINE-{cve}", "affected": []})
                        record["affected"].append({
                            "package": {"ecosystem": f"Alpine:{branch['distroversion']}", "name": package["pkg"]["name"]},
                            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": str(fixed)}]}],
                        })
    return records.values()


def oval(path):
    """Azure Linux's OVAL definitions as OSV records."""
    text = gzip.open(path).read().decode()
    pattern = r'<criterion comment="Package (\S+) is earlier than ([^,]+), affected by CVE-[0-9-]+" test_ref="oval:com.microsoft.cbl-mariner:tst:(\d+)"'
    for name, fixed, test in re.findall(pattern, text):
        yield {"id": f"mariner-{test}", "affected": [{
            "package": {"ecosystem": "Azure Linux", "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        }]}


def records(source, shared):
    vuln = os.path.join(shared, "vuln")
    if source == "own":
        for path in glob.glob(os.path.join(HERE, "records", "*.json")):
            document = json.load(open(path))
            yield from (record for record in document if "affected" in record) if isinstance(document, list) else ()
    elif source == "alpine-secdb":
        yield from secdb(f"{vuln}/alpine-secdb.tar.gz")
    elif source == "oval":
        yield from oval(f"{vuln}/oval/cbl-mariner-1.0-oval.xml.gz")
    else:
        file, suffix = {
            "osv/go": ("go.tar.xz", ".json"), "osv/pypa": ("pypa.tar.gz", ".yaml"), "osv/rustsec": ("rustsec.tar.gz", ".json"),
            "osv/almalinux": ("almalinux-iot.tar.gz", ".json"),
        }[source]
        yield from archived(f"{vuln}/osv/{file}", suffix)


def package_of(component):
    """Ecosystem and name, as OSV records write them, of a package URL of the cases."""
    path, _, qualifiers = component.removeprefix("pkg:").partition("?")
    kind, _, name = path.partition("/")
    name = urllib.parse.unquote(name)
    distro = urllib.parse.parse_qs(qualifiers).get("distro", [""])[0]
    release = distro.partition("-")[2]
    if kind in ("deb", "apk", "rpm"):
        namespace, _, name = name.partition("/")
        base = {"debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine", "almalinux": "AlmaLinux", "azurelinux": "Azure Linux", "redhat": "Red Hat"}[namespace]
        if base in ("Debian", "AlmaLinux"):
            release = release.split(".")[0]
        if base == "Ubuntu":
            release += ":LTS"
        if base == "Alpine":
            release = "v" + ".".join(release.split(".")[:2])
        return (f"{base}:{release}" if release else base), name
    base = {"golang": "Go", "pypi": "PyPI", "cargo": "crates.io", "npm": "npm", "maven": "Maven", "composer": "Packagist", "gem": "RubyGems"}[kind]
    return base, name.replace("/", ":") if kind == "maven" else name


def main():
    shared = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "../../../../../shared/data")
    rows = [line.rstrip("\n").split("\t") for line in open(os.path.join(HERE, "cases.tsv")) if not line.startswith("#")]
    index, agree, differ, skipped = {}, 0, 0, 0
    for source, component, version, id, expected, how in rows:
        if how.split(": ")[0] not in TOOLS or not (source == "own" or os.path.isdir(os.path.join(shared, "vuln"))):
            skipped += 1
            continue
        if source not in index:
            index[source] = {record["id"]: record for record in records(source, shared)}
        found = answer(index[source][id], *package_of(component), version)
        agree += found == expected
        if found != expected:
            differ += 1
            print(f"{source}\t{component}\t{version}\t{id}: here {expected}, {how.split(':')[0]} says {found}")
    print(f"{agree} agree, {differ} differ, {skipped} not asked (decided by hand, or the real artefacts are absent)")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()

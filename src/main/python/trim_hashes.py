"""Takes hashes out of a requirements file whose files nobody here installs: trim_hashes.py FILE, in place.

What stays are wheels for CPython 3.10 to 3.14 on Linux with glibc (x86-64, aarch64) and macOS: no source packages, which
`--only-binary` forbids anyhow, nothing for Windows, musl, 32 bits, other Pythons or free-threaded ones. PyPI tells which file a
hash is of.
"""

import json
import pathlib
import re
import sys
import urllib.request

INDEX = "https://pypi.org/simple/"
PYTHONS = range(10, 15)  # 3.10 and later
LINUX = re.compile(r"manylinux\w*_(x86_64|aarch64)|linux_(x86_64|aarch64)")
PACKAGE = re.compile(r"([A-Za-z0-9_.-]+)(\[[^]]*])?==")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def files(package):
    """The names of a package's files by their SHA-256."""
    request = urllib.request.Request(
        INDEX + re.sub(r"[-_.]+", "-", package).lower() + "/",
        headers={"Accept": "application/vnd.pypi.simple.v1+json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return {file["hashes"].get("sha256"): file["filename"] for file in json.load(answer)["files"]}


def is_wanted(name):
    if not name.endswith(".whl"):
        return False
    python, abi, platform = name[: -len(".whl")].split("-")[-3:]
    if platform != "any" and not LINUX.search(platform) and not platform.startswith("macosx"):
        return False
    if re.fullmatch(r"cp3\d+t", abi) or python.startswith(("pp", "graalpy")):
        return False
    version = re.fullmatch(r"cp3(\d+)", python)
    return version is None or abi == "abi3" or int(version.group(1)) in PYTHONS


def trimmed(text):
    """The file without what nobody wants; a hash that PyPI does not know stays."""
    result, known = [], {}
    for line in text.splitlines():
        package, found = PACKAGE.match(line), HASH.search(line)
        if package:
            known = files(package.group(1))
        file = known.get(found.group(1)) if found else None
        if file and not is_wanted(file):
            continue
        if not found and result and result[-1].endswith("\\"):
            result[-1] = result[-1].removesuffix("\\").rstrip()  # the last hash was one that went
        result.append(line)
    return "\n".join(result).removesuffix("\\").rstrip() + "\n"


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1])
    place.write_text(trimmed(place.read_text(encoding="utf-8")), encoding="utf-8")

"""Fetches a JDK from Eclipse Adoptium into a folder: fetch_jdk.py VERSION FOLDER.

The release API says where the newest build for this system lies, and its SHA-256; nothing is unpacked that does not
match. The folder appears whole or not at all. Only the standard library, since nothing is installed yet. REPLKLAB_ADOPTIUM
names another server that speaks the API, such as a mirror.
"""

import hashlib
import http.client
import json
import os
import platform
import shutil
import sys
import tarfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

SERVER = os.environ.get("REPLKLAB_ADOPTIUM", "https://api.adoptium.net").rstrip("/")
SYSTEMS = {"Linux": "linux", "Darwin": "mac"}
PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "aarch64", "arm64": "aarch64"}
PATIENCE = 60  # seconds without a byte
PIECE = 1 << 20


class Failure(Exception):
    """What the user is told."""


def asked(version):
    """The build's description: its address, checksum and size."""
    system = SYSTEMS.get(platform.system())
    processor = PROCESSORS.get(platform.machine())
    if system is None or processor is None:
        raise Failure(f"there is none for {platform.system()} on {platform.machine()} that this script knows")
    query = urllib.parse.urlencode(
        {"os": system, "architecture": processor, "image_type": "jdk", "vendor": "eclipse"}
    )
    address = f"{SERVER}/v3/assets/latest/{version}/hotspot?{query}"
    try:
        with opened(address) as answer:
            body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"the answer of {address} broke off: {error}") from error
    try:
        package = json.loads(body)[0]["binary"]["package"]
        return package["link"], package["checksum"].lower(), int(package["size"])
    except (ValueError, LookupError, TypeError) as error:
        start = body[:60].decode("utf-8", "replace")
        raise Failure(f"{address} answered nothing that tells of a build: {start!r}") from error


def opened(address):
    try:
        return urllib.request.urlopen(address, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        raise Failure(f"{address} answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"{address} cannot be reached: {getattr(error, 'reason', error)}") from error


def download(link, checksum, size, file):
    """Writes the file, telling how far it is where somebody looks on, and checks it."""
    digest = hashlib.sha256()
    got = 0
    try:
        with opened(link) as answer, open(file, "wb") as out:
            while piece := answer.read(PIECE):
                out.write(piece)
                digest.update(piece)
                got += len(piece)
                if sys.stderr.isatty():
                    print(f"\r{got >> 20} of {size >> 20} MiB", end="", file=sys.stderr)
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"the download of {link} broke off after {got} bytes: {error}") from error
    finally:
        if sys.stderr.isatty():
            print(file=sys.stderr)
    if got != size:
        raise Failure(f"the download of {link} broke off: {got} of {size} bytes came")
    if digest.hexdigest() != checksum:
        raise Failure(f"{link} has the SHA-256 {digest.hexdigest()}, and should have {checksum}: not used")


def unpack(file, folder, version):
    """The archive's JDK, whose release file says that it is one of the version."""
    try:
        with tarfile.open(file) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(folder, filter="data")
            else:
                archive.extractall(folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Failure(f"the archive cannot be unpacked: {error}") from error
    for release in sorted(folder.rglob("release")):
        jdk = release.parent
        if f'JAVA_VERSION="{version}' in release.read_text() and (jdk / "bin" / "javac").exists():
            return jdk
    raise Failure(f"the archive holds no JDK {version}")


def main():
    version, folder = sys.argv[1], Path(sys.argv[2])
    working = folder.with_name(folder.name + ".part")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    try:
        link, checksum, size = asked(version)
        print(f"Fetching {link} ({size >> 20} MiB)...", file=sys.stderr)
        archive = working / "archive"
        download(link, checksum, size, archive)
        jdk = unpack(archive, working / "unpacked", version)
        shutil.rmtree(folder, ignore_errors=True)
        jdk.rename(folder)
    except Failure as failure:
        sys.exit(f"No JDK was fetched: {failure}")
    except OSError as error:
        sys.exit(f"No JDK was fetched: {error}")
    finally:
        shutil.rmtree(working, ignore_errors=True)


if __name__ == "__main__":
    main()

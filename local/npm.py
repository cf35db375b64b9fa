"""Programs that only npm packages ship, each of the very bytes that were tried."""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path


class Unavailable(Exception):
    """Why a package cannot be had here."""


def package(name: str, sha256: str, home: Path) -> Path:
    """The folder of a package, such as `pyodide@314.0.7`, fetched on the first call and kept in home."""
    kept = home / "package"
    if kept.exists():
        return kept
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(f"no npm to fetch {name} with")
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        packed = subprocess.run(
            [npm, "pack", "--silent", name], cwd=scratch, capture_output=True, text=True, check=False
        )
        if packed.returncode:
            raise Unavailable(f"npm pack {name}: {packed.stderr.strip()[-200:]}")
        archive = Path(scratch) / packed.stdout.strip().splitlines()[-1]
        if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
            raise Unavailable(f"{archive.name} is not the one that was tried")
        with tarfile.open(archive) as members:
            members.extractall(scratch, filter="data")
        # Another process may have been quicker; what is there is complete.
        with suppress(OSError):
            (Path(scratch) / "package").rename(kept)
    return kept

"""Builds the template for this machine's Python, and keeps the result under the hash of what it was built from."""

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from .steps import Failed

ROOT = Path(__file__).resolve().parent.parent
BUILDS = ROOT / ".local" / "build"
SOURCES = ("template.yaml", "functions", "layers")
EPOCH = (1980, 1, 1, 0, 0, 0)


def build() -> Path:
    """The folder of the build: `template.yaml`, a zip per function and layer, and `artifacts` with their files."""
    target = BUILDS / _fingerprint()
    if (target / "complete").exists():
        return target
    shutil.rmtree(BUILDS, ignore_errors=True)
    target.mkdir(parents=True)
    log = target / "build.log"
    with log.open("w") as output:
        done = subprocess.run(
            [ROOT / ".local/sam/bin/sam", "build", "--parallel", "--build-dir", str(target / "artifacts")],
            cwd=ROOT,
            env={**os.environ, "LIBRARIES_FOR": "host", "SAM_CLI_TELEMETRY": "0", "PATH": _path()},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise Failed("the template could not be built\n" + log.read_text()[-2000:], f"The whole output is in {log}.")
    for folder in (target / "artifacts").iterdir():
        if folder.is_dir():
            _pack(folder, target / f"{folder.name}.zip")
    (target / "artifacts" / "template.yaml").rename(target / "template.yaml")
    (target / "complete").touch()
    return target


def _path() -> str:
    """The layer of libraries is built by the environment's own pip."""
    return f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for source in SOURCES for path in _files(ROOT / source)):
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return [path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _pack(folder: Path, archive: Path) -> None:
    """A zip whose bytes depend on the files alone."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), EPOCH)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)

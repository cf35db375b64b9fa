"""Builds the template for this machine's Python, and keeps the result under the hash of what it was built from."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

from . import bytecode, scratch
from .steps import Failed

ROOT = Path(__file__).resolve().parent.parent
BUILDS = ROOT / ".local" / "build"
SOURCES = ("template.yaml", "functions", "layers")
EPOCH = (1980, 1, 1, 0, 0, 0)


def build() -> Path:
    """The folder of the build: `template.yaml`, and a zip for each function and layer."""
    target = BUILDS / _fingerprint()
    if not target.exists():
        with scratch.folder() as folder:
            artifacts, packed = folder / "artifacts", folder / "packed"
            _run_sam(artifacts)
            bytecode.compile_for(artifacts, sys.executable)
            packed.mkdir()
            for built in artifacts.iterdir():
                if built.is_dir():
                    _pack(built, packed / f"{built.name}.zip")
            shutil.copy(artifacts / "template.yaml", packed)
            _keep(packed, target)
    return target


def _keep(packed: Path, target: Path) -> None:
    """Takes the place of earlier builds. It is there as a whole or not at all, whoever else builds the same."""
    BUILDS.mkdir(parents=True, exist_ok=True)
    incoming = Path(tempfile.mkdtemp(dir=BUILDS))
    shutil.copytree(packed, incoming, dirs_exist_ok=True)
    with suppress(OSError):
        incoming.rename(target)
    for other in BUILDS.iterdir():
        if other != target:
            shutil.rmtree(other, ignore_errors=True)


def _run_sam(artifacts: Path) -> None:
    done = subprocess.run(
        [ROOT / ".local/sam/bin/sam", "build", "--parallel", "--build-dir", str(artifacts)],
        cwd=ROOT,
        env={**os.environ, "LIBRARIES_FOR": "host", "SAM_CLI_TELEMETRY": "0", "PATH": _path()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"the template could not be built\n{done.stdout[-2000:]}", "The lines above name what is wrong.")


def _path() -> str:
    """The layer of libraries is built by the environment's own pip."""
    return f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    sources = (path for source in SOURCES for path in _files(ROOT / source) if "__pycache__" not in path.parts)
    for path in sorted(sources):
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return [path for path in source.rglob("*") if path.is_file()]


def _pack(folder: Path, archive: Path) -> None:
    """A zip whose bytes depend on the files alone."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), EPOCH)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)

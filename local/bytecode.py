"""Bytecode beside the sources of a build, without which a cold start compiles every module it imports.

It depends on Python's version and not on the processor. Nothing checks it against its source again: a build does not
change, and the folders it is unpacked to are read-only.

    python -m local.bytecode FOLDER    for Lambda's Python, whichever runs here
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import npm

LAMBDA = "3.14"
# Python 3.14 as WebAssembly, for machines that have no other.
PYODIDE = "pyodide@314.0.7"
SHA256 = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
HOME = Path(__file__).resolve().parent.parent / ".local" / "pyodide"
COMPILE = """
import compileall, py_compile
unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
assert compileall.compile_dir({folder!r}, quiet=1, stripdir={folder!r}, invalidation_mode=unchecked)
"""


def compile_for_lambda(folder: Path) -> None:
    """Raises npm.Unavailable where no Python of Lambda's version can be had."""
    _run(_lambdas_python(folder))


def compile_for(folder: Path, python: str) -> None:
    """For a Python of this machine."""
    _run([python, "-c", COMPILE.format(folder=str(folder))])


def _lambdas_python(folder: Path) -> list[str | Path]:
    if python := shutil.which(f"python{LAMBDA}"):
        return [python, "-c", COMPILE.format(folder=str(folder))]
    node = shutil.which("node")
    if node is None:
        raise npm.Unavailable(f"neither python{LAMBDA} nor node")
    home = npm.package(PYODIDE, SHA256, HOME)
    return [node, Path(__file__).with_suffix(".mjs"), home, folder, COMPILE.format(folder="/built")]


def _run(command: list[str | Path]) -> None:
    # The order of constants in a set is the seed's.
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, check=True)


if __name__ == "__main__":
    try:
        compile_for_lambda(Path(sys.argv[1]).resolve())
    except npm.Unavailable as why:
        print(f"no bytecode, so cold starts take three times as long: {why}", file=sys.stderr)

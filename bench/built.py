"""The functions as they are built and shipped, for the Python that is measured."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from local import bytecode, scratch

LAYERS = ("LibrariesLayer", "PolicyLayer")


@dataclass(frozen=True)
class Built:
    folder: Path

    def paths(self, function: str) -> list[Path]:
        """Where Lambda looks for modules, in its order: the function, the layers, the runtime."""
        code = self.folder / _artifact(function)
        return [code, *(self.folder / layer / "python" for layer in LAYERS), machine.runtime()]

    @contextmanager
    def without_bytecode(self) -> Iterator["Built"]:
        """The same sources alone, as `sam build` by itself leaves them."""
        with scratch.folder() as folder:
            shutil.copytree(self.folder, folder / "built", ignore=shutil.ignore_patterns("__pycache__"))
            yield Built(folder / "built")


def functions() -> list[str]:
    return sorted(path.parent.name for path in (machine.ROOT / "functions").glob("*/handler.py"))


@contextmanager
def built() -> Iterator[Built]:
    """Built by the makefiles that `sam build` calls."""
    with scratch.folder() as folder:
        for layer in LAYERS:
            _make("layers", layer, folder)
        for function in functions():
            _make("functions", _artifact(function), folder)
        bytecode.compile_for(folder, machine.python())
        yield Built(folder)


def _make(where: str, artifact: str, folder: Path) -> None:
    path = f"{machine.ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ["make", "--silent", "--directory", str(machine.ROOT / where), f"build-{artifact}"]
    subprocess.run(
        [*command, f"ARTIFACTS_DIR={folder / artifact}"],
        env={**os.environ, "PATH": path, "LIBRARIES_FOR": "host"},
        check=True,
    )


def _artifact(function: str) -> str:
    """submit_claim is SubmitClaim in the template."""
    return re.sub(r"(?:^|_)([a-z])", lambda match: match[1].upper(), function)

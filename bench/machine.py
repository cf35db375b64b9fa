"""The Python that is measured, and how: instructions by cachegrind, processor time by the process's own clock."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".local" / "bench"
CHILDREN = Path(__file__).parent / "children"
# What Lambda's runtime brings besides the standard library.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")


@cache
def python() -> str:
    """The interpreter itself: it knows nothing of any environment."""
    ask = "import sys; print(sys._base_executable)"
    return subprocess.check_output([ENVIRONMENT / "bin" / "python", "-c", ask], text=True).strip()


@cache
def version() -> str:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.check_output([python(), "-c", ask], text=True).strip()


@cache
def packages() -> Path:
    (found,) = (ENVIRONMENT / "lib").glob("python*/site-packages")
    return found


@cache
def runtime() -> Path:
    """A folder with what the runtime brings, and nothing else."""
    folder = ROOT / ".local" / "bench-runtime"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in RUNTIME:
        (folder / name).symlink_to(packages() / name)
    return folder


def run(child: str, paths: Sequence[Path], variables: Mapping[str, str], **given: Any) -> dict[str, Any]:
    """What a program of bench/children answers, run with nothing on its path but these folders."""
    done = subprocess.run(_command(child, paths, given), env=variables, capture_output=True, text=True, check=False)
    return _answer(done)


def instructions(child: str, paths: Sequence[Path], variables: Mapping[str, str], **given: Any) -> int:
    """How many instructions such a program executes: the same number each time."""
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind counts instructions: install it (Debian: apt-get install valgrind)")
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    done = subprocess.run(
        [*counting, *_command(child, paths, given)],
        # -I would ignore the seed's variable.
        env={"PYTHONHASHSEED": "0", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    _answer(done)
    counted = re.search(r"I\s+refs:\s+([0-9,]+)", done.stderr)
    assert counted, done.stderr
    return int(counted[1].replace(",", ""))


def _command(child: str, paths: Sequence[Path], given: Mapping[str, Any]) -> list[str]:
    # -S: no site-packages; -s -P: none of the user's, none of the current folder. Nothing is written beside sources.
    options = ["-B", "-S", "-s", "-P"]
    return [python(), *options, str(CHILDREN / f"{child}.py"), json.dumps([[str(path) for path in paths], given])]


def _answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    if done.returncode:
        raise SystemExit(f"{done.args}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def compile_as_usual(folder: Path) -> None:
    """Bytecode as Python itself keeps it, checked by its source's time."""
    subprocess.run([python(), "-m", "compileall", "-q", folder], check=True)

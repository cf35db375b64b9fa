"""`make planted`: plants each bug by itself in a copy of the code, and runs the tests that must catch it."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.planted.bugs import BUGS, Bug

ROOT = Path(__file__).parents[2]
FOLDERS = ("layers", "functions", "tests", "cli", "local", "bench", "docs", "web")
CODE = (*FOLDERS, "template.yaml", "pyproject.toml", "README.md")
# What a test run answers: some failed. Anything else says that it did not come to the tests.
FAILED = 1


def caught(bug: Bug) -> tuple[bool, str]:
    """Whether a test fails on the bug, and which."""
    with tempfile.TemporaryDirectory() as place:
        for name in CODE:
            source, copy = ROOT / name, Path(place, name)
            if source.is_dir():
                shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
        planted = Path(place, bug.path)
        planted.write_text(planted.read_text(encoding="utf-8").replace(bug.right, bug.wrong), encoding="utf-8")
        packages = os.pathsep.join(f"{place}/{package}" for package in ("layers/policy/src", "cli/src"))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no", *bug.tests.split()]
        environment = {**os.environ, "PYTHONPATH": packages}
        ran = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    told = [
        line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))
    ] or ran.stdout.splitlines()[-1:]
    return ran.returncode == FAILED, told[0] if told else ran.stderr[-300:]


def main() -> int:
    parser = argparse.ArgumentParser(prog="planted", description=__doc__)
    parser.add_argument("--only", default="", help="those of whose description this is a part")
    bugs = [bug for bug in BUGS if parser.parse_args().only in bug.what]
    started, missed = time.perf_counter(), []
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for bug, (found, told) in zip(bugs, workers.map(caught, bugs), strict=True):
            print(f"{'caught' if found else 'MISSED'}: {bug.what}\n    {told[:160]}", flush=True)
            missed += [] if found else [bug.what]
    print(
        f"{len(bugs) - len(missed)} of {len(bugs)} planted bugs caught in {time.perf_counter() - started:.0f} seconds"
    )
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())

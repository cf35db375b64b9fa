"""How long `make run` takes to a stack that can be used, when it has been built before."""

import subprocess
import sys
import time
from collections.abc import Iterator

from bench import machine
from bench.figures import Figure

COMMAND = [sys.executable, "-m", "local", "--once"]
READY = "load the sample program: "


def measure() -> Iterator[Figure]:
    _seconds()
    # What somebody waits for; a machine's seconds are held against the goal alone.
    yield Figure("make run to a usable stack, second start: seconds", _seconds(), 20, "none", comparable=False)


def _seconds() -> float:
    """Of the clock until the sample is loaded."""
    started = time.monotonic()
    with subprocess.Popen(COMMAND, cwd=machine.ROOT, stdout=subprocess.PIPE, text=True) as stack:
        assert stack.stdout
        usable = next(time.monotonic() - started for line in stack.stdout if READY in line)
        stack.stdout.read()
    return usable

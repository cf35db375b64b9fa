"""How long `make run` takes to a stack that can be used, when it has been built before."""

import resource
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
    wall, cpu, loop = _seconds()
    # The wall is what somebody waits for; what is compared is processor time, by a fixed loop.
    yield Figure("make run to a usable stack, second start: seconds", wall, 20, "none", checked=cpu / loop)


def _seconds() -> tuple[float, float, float]:
    """Of the clock until the sample is loaded; of the processor until the end, and in a fixed loop."""
    started, spent = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(COMMAND, cwd=machine.ROOT, stdout=subprocess.PIPE, text=True) as stack:
        assert stack.stdout
        usable = next(time.monotonic() - started for line in stack.stdout if READY in line)
        stack.stdout.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.process_time()
    for number in range(2_000_000):
        number * number
    return usable, after.ru_utime - spent.ru_utime + after.ru_stime - spent.ru_stime, time.process_time() - begun

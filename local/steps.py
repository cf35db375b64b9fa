"""Progress for whoever waits: a line per step, the seconds it took, and what to do where it fails."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HEARTBEAT_SECONDS = 5


class Failed(Exception):
    """A step could not be done; `advice` says what the reader can do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.advice = advice


def say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def step(title: str, tell: Callable[[str], None] = say) -> Iterator[None]:
    """Announces a step, says every few seconds that it is still going on, and how long it took."""
    started = time.monotonic()
    done = threading.Event()

    def heartbeat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            tell(f"  … {title}: {time.monotonic() - started:.0f} s")

    pulse = threading.Thread(target=heartbeat, daemon=True)
    pulse.start()
    try:
        yield
    finally:
        done.set()
        pulse.join()
    tell(f"  {title}: {time.monotonic() - started:.1f} s")


def report(failure: Failed) -> None:
    print(f"\nfailed: {failure}\n{failure.advice}", file=sys.stderr, flush=True)

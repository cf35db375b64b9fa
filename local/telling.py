"""How a story is told: each decision in words, and what must come out, sooner or later."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from .steps import Failed, say

WAIT_SECONDS = 60


def tell_decision(decision: Mapping[str, Any], subject: str) -> None:
    """A decision with its rules and its facts."""
    because = ", ".join([decision["rule"], *decision["because"]])
    say(f"    {decision['day']}  {decision['kind']}: {subject}{_in_words(decision)}  [{because}]")


def _in_words(decision: Mapping[str, Any]) -> str:
    told = {name: value for name, value in decision["facts"].items() if not name.startswith("reported_")}
    words = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in told.items() if value not in (None, [], {})]
    return f" ({'; '.join(words)})" if words else ""


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return " + ".join(f"{number} {part}" for part, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def expect(came_out: bool, what: str) -> None:
    if not came_out:
        raise Failed(f"expected {what}", "This is a bug of the project: please report it with the lines above.")


def wait(what: str, seen: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not seen():
        if time.monotonic() > deadline:
            raise Failed(f"waited {WAIT_SECONDS} s in vain until {what}", "The machine may be busy: try again.")
        time.sleep(0.2)

"""What calls to the table touch, and so before which of its calls another act can make a difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.aws import faults
from tests.aws.boundary import Call

INDEX = "an index"


@dataclass(frozen=True)
class Touched:
    """Partitions of the table; an index changes with any holder's."""

    read: frozenset[str]
    written: frozenset[str]

    def meets(self, other: "Touched") -> bool:
        return bool(self.read & other.written or self.written & (other.read | other.written))


def touched(made: list[Call]) -> Touched:
    read = {name for call in made for name in _named(call.arguments)}
    written = {name for call in made if faults.writes(call) for name in _named(call.arguments)}
    return Touched(frozenset(read), frozenset(written | {INDEX for name in written if name.startswith("H#")}))


def _named(arguments: Any) -> Iterator[str]:
    if isinstance(arguments, dict):
        if "IndexName" in arguments:
            yield INDEX
        yield from (arguments[name]["S"] for name in ("pk", ":pk") if name in arguments)
        arguments = list(arguments.values())
    if isinstance(arguments, list):
        for value in arguments:
            yield from _named(value)


def places(made: list[Call], others: list[Call]) -> list[int]:
    """The numbers of those calls before which an act that makes other calls may change something, or be changed."""
    second = touched(others)
    return [number for number, call in enumerate(made) if second.written and touched([call]).meets(second)]

"""A second act inside each call of the first, for every two that touch the same: it comes out as one after the other.

A call and an act that touch nothing of each other's may as well come in either order, so the second is tried before
those calls of the first that read what it writes, or write what it reads or writes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from ledger.check import check

from tests.aws import boundary, faults
from tests.aws.boundary import Call, Reply, calls
from tests.faults.acts import ACTS, outcome
from tests.faults.program import Program, program

INDEX = "an index"
Outcome = tuple[Any, ...]


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


@pytest.fixture(scope="module")
def start() -> Iterator[Program]:
    with program() as there:
        yield there


@pytest.fixture(scope="module")
def alone(start: Program) -> Callable[[str], list[Call]]:
    """What an act calls when no other is done."""

    @cache
    def made(name: str) -> list[Call]:
        with start.once_more() as there, calls() as made:
            ACTS[name].run(there)
        return made

    return made


@pytest.fixture(scope="module")
def in_turn(start: Program) -> Callable[[str, str], Outcome]:
    """What comes of two acts one after the other, by their names."""

    @cache
    def both(first: str, second: str) -> Outcome:
        with start.once_more() as there:
            return _outcome(there, ACTS[first].run(there), ACTS[second].run(there))

    return both


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if not act.of.startswith("GET ")])
def test_a_second_act_inside_the_first(
    name: str, start: Program, alone: Callable[[str], list[Call]], in_turn: Callable[[str, str], Outcome]
) -> None:
    first, made = ACTS[name], alone(name)
    for other, second in ACTS.items():
        of_second = touched(alone(other))
        places = [number for number, call in enumerate(made) if of_second.written and touched([call]).meets(of_second)]
        for number in places:
            told, kept, outside = in_turn(other, name)
            serial = [(told[::-1], kept, outside), in_turn(name, other)]
            answers = []
            with start.once_more() as there:

                def meanwhile(
                    call: Call, second: Any = second, answers: Any = answers, there: Program = there
                ) -> Reply:
                    answers.append(second.run(there))
                    return call.run()

                with calls(boundary.at(number, meanwhile)):
                    answers.insert(0, first.run(there))
                found = _outcome(there, *answers)
                where = (other, number, made[number].operation)
                if first.many:
                    assert check() == [], where
                    assert found[0] in [told for told, *_ in serial], where
                else:
                    assert found in serial, where


def _outcome(there: Program, *answers: Any) -> Outcome:
    told = [answer and (answer.status, answer.body) for answer in answers]
    return told, *outcome(there)

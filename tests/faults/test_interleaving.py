"""A second act inside each call of the first, for every two that touch the same: it comes out as one after the other.

A call and an act that touch nothing of each other's may as well come in either order, so the second is tried before
those calls of the first that read what it writes, or write what it reads or writes.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from ledger.check import check

from tests.aws import boundary
from tests.aws.boundary import Call, Reply, calls
from tests.faults.acts import ACTS, Act, named_files, outcome
from tests.faults.program import Program, program
from tests.faults.touching import places
from tests.functions.http import Answer

# What comes of two acts in turn is found once, in one process.
pytestmark = pytest.mark.xdist_group("interleaving")
Outcome = tuple[Any, ...]


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
            one, other = ACTS[first], ACTS[second]
            told = [_told(one, one.run(there)), _told(other, other.run(there))]
            return told, *_outcome(there)

    return both


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if not act.of.startswith("GET ")])
def test_a_second_act_inside_the_first(
    name: str, start: Program, alone: Callable[[str], list[Call]], in_turn: Callable[[str, str], Outcome]
) -> None:
    first, made = ACTS[name], alone(name)
    for other, second in ACTS.items():
        for number in places(made, alone(other)):
            where = (other, number, made[number].operation)
            (told_second, told_first), *rest = in_turn(other, name)
            serial = [([told_first, told_second], *rest), in_turn(name, other)]
            with start.once_more() as there:
                told = _one_inside_the_other(there, first, second, number)
                found = (told, *_outcome(there))
                if found not in serial:
                    # Of several commits some may come before and some after.
                    assert first.many or second.many, where
                    assert check() == [], where
                    assert told in [told for told, *_ in serial], where


def _one_inside_the_other(there: Program, first: Act, second: Act, number: int) -> list[Any]:
    """Do the second right before a call of the first; gives what both are told."""
    told: list[Any] = []

    def meanwhile(call: Call) -> Reply:
        told.append(_told(second, second.run(there)))
        return call.run()

    with calls(boundary.at(number, meanwhile)):
        told.insert(0, _told(first, first.run(there)))
    return told


def _outcome(there: Program) -> tuple[Any, Any]:
    """Of two that come at once, one that is refused may have kept its file before; every file that is named is there."""
    kept, around = outcome(there)
    named = named_files()
    assert named <= around["files"].keys()
    files = {at: file for at, file in around["files"].items() if at in named or not at[1].startswith("kept/")}
    return kept, {**around, "files": files}


def _told(act: Act, answer: Any) -> Any:
    """What may be told in either of two ways, as whether something is new, is the same."""
    return "either" if isinstance(answer, Answer) and act.again(answer) else answer

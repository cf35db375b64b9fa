from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import ledger
import pytest
from ledger import rebuilding
from ledger.check import check
from policy import facts, program

from tests.ledger import world
from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud")
COMING, PAST = date(2022, 1, 1), date(2021, 2, 1)


@pytest.fixture(autouse=True)
def _holders(cloud: None) -> None:
    world.enroll("ann")
    world.enroll("bob", level="expert", certification="ccie")


@contextmanager
def retired(day: date, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A release that retires Ann's track."""
    rules = replace(program.load(), retired_tracks={"ccnp": day})
    with monkeypatch.context() as patch:
        patch.setattr(program, "load", lambda: rules)
        yield


def test_what_follows_from_changed_data_is_written_anew(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with retired(COMING, monkeypatch):
        assert [finding.key for finding in check()] == ["ann CERT#ccnp"]
        before = world.snapshot()
        assert run("replay", "--dry-run").lines == [
            "ann: CERT#ccnp",
            "journals looked at: 2, to be made anew: 1, failed: 0",
        ]
        assert world.snapshot() == before
        assert run("replay").lines == ["ann: CERT#ccnp", "journals looked at: 2, made anew: 1, failed: 0"]
        assert check() == []
        assert run("replay").lines == ["journals looked at: 2, made anew: 0, failed: 0"]
        shards = range(ledger.SHARDS)
        assert [found for n in shards for found in ledger.due("certification", n, COMING).items] == ["ann"]
    run("replay", "--holder", "ann")


def test_what_is_on_record_and_would_be_decided_otherwise_is_told_and_stands(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.record("ann", [facts.ExamPassed("350-401", "core", world.COMPLETED)], world.COMPLETED)
    recorded = ledger.load("ann").entries
    with retired(PAST, monkeypatch):
        told = run("replay")
        assert told.status == 1
        assert told.err == "standing: ann: 1 decisions on record would not be made now, and 1 others would\n"
        assert told.lines == ["ann: CERT#ccnp, RECERT#0001", "journals looked at: 2, made anew: 1, failed: 1"]
        assert {finding.invariant for finding in check()} == {5}
        assert ledger.load("ann").entries == recorded
    # Taken back, all is as before.
    assert run("replay").status == 0
    assert check() == []


def test_a_holder_who_is_not_there(run: Run) -> None:
    nobody = run("replay", "--holder", "dan")
    assert (nobody.status, nobody.err) == (2, "standing: --holder: nothing is known of a holder dan\n")


def test_a_commit_that_comes_between_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = rebuilding._wanted, []

    def interrupted(loaded: Any) -> Any:
        found = list(real(loaded))
        calls.append(loaded.version)
        if len(calls) == 1:
            world.submit("ann")
        return found

    monkeypatch.setattr(rebuilding, "_wanted", interrupted)
    with retired(COMING, monkeypatch):
        # The claim's commit writes nothing of the certification, which does not change by it.
        assert ledger.rebuild("H#ann").items == ["CERT#ccnp"]
        assert calls == [2, 3]
        assert check() == []
        monkeypatch.setattr(rebuilding, "_wanted", real)
    ledger.rebuild("H#ann")

"""Every journal of a table, one after the other, and what other rules would have made of one."""

from typing import Any

import ledger
import pytest
from ledger import table as store

from tests.ledger import world

pytestmark = pytest.mark.usefixtures("table")
HOLDERS = {"ann", "bo", "cy"}


@pytest.fixture(autouse=True)
def _holders(table: str) -> None:
    for holder in HOLDERS:
        world.enroll(holder)
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    # Neither waiting facts nor courses are journals.
    world.push(world.completion("spare@example.com"))
    ledger.put_course(world.COURSES["CORE"])


def test_every_journal_comes_whole_though_pages_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    call = store._call

    def in_pages(operation: str, **arguments: Any) -> dict[str, Any]:
        return call(operation, **arguments, **({"Limit": 2} if operation == "scan" else {}))

    monkeypatch.setattr(store, "_call", in_pages)
    found = list(ledger.journals())
    assert {holder for holder, _ in found} == HOLDERS
    assert len(found) == len(HOLDERS)
    assert all(entries == ledger.load(holder).entries for holder, entries in found)


def test_one_journal_alone() -> None:
    assert list(ledger.journals("bo")) == [("bo", ledger.load("bo").entries)]
    assert list(ledger.journals("dan")) == []


def test_what_is_replayed_by_the_same_rules_is_what_was_recorded() -> None:
    assert all(ledger.replay(*journal).redecided() == (0, 0) for journal in ledger.journals())

"""The checker sees what is wrong with partners: each test breaks a sound table in one way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import ledger
import pytest
from ledger import keys, table
from ledger.check import check
from ledger.entry import from_item
from ledger.values import pack, unpack
from policy.partners import facts as learned

from tests.ledger import partner_world, world
from tests.ledger.conftest import new_table
from tests.ledger.partner_world import ANNIVERSARY, APPROVED, EXPRESS

LATER = APPROVED + timedelta(days=5)
LAST = keys.entry("P#p1", 4)


@pytest.fixture(autouse=True)
def _sound(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    new_table(monkeypatch)
    partner_world.use(monkeypatch)
    world.enroll("ann")
    partner_world.approve()
    partner_world.do("ann", "LAB", APPROVED)
    ledger.record_program([learned.PointsRequiredSet("express", 30)], LATER)
    ledger.settle_partner("p1", ANNIVERSARY + timedelta(days=1))
    partner_world.do("ann", "WEB", LATER)
    ledger.put_partner(ledger.PartnerRecord("p1", "One", ("max@example.com",)))
    assert check() == []
    yield
    assert check() != []


def findings() -> set[tuple[int, str]]:
    return {(finding.invariant, finding.key) for finding in check()}


def change(key: keys.Key, **values: Any) -> None:
    table.put({**(table.get(key) or {}), **key, **values})


def test_a_fact_that_a_partner_was_never_told() -> None:
    table.delete(keys.news("p1", "ann", 5))
    assert findings() == {(3, "P#p1")}


def test_a_fact_that_a_partner_was_told_twice() -> None:
    waiting = table.get(keys.news("p1", "ann", 5))
    assert waiting is not None
    change(keys.news("p1", "ann", 6), **{name: value for name, value in waiting.items() if name not in ("pk", "sk")})
    assert findings() == {(2, "P#p1")}


def test_news_that_were_taken_up_and_still_wait() -> None:
    taken = from_item(table.get(LAST) or {}).news[0]
    change(keys.news("p1", "ann", 4), day=APPROVED, at=taken["at"], facts=pack(taken["facts"]))
    assert (2, "P#p1") in findings()


def test_a_decision_that_the_replay_does_not_make() -> None:
    decisions = unpack((table.get(LAST) or {})["decisions"])
    change(LAST, decisions=pack(decisions[:-1]))
    assert (5, "p1 4") in findings()


def test_a_commit_that_knew_less_of_the_program_than_it_says() -> None:
    change(LAST, program=2)
    assert findings() >= {(1, "p1 4")}


def test_a_program_that_was_changed_afterwards() -> None:
    wanted = learned.to_dict(learned.PointsRequiredSet("express", 10))
    change(keys.entry(keys.PROGRAM_PK, 1), facts=pack([wanted]))
    assert (5, "p1 4") in findings()


def test_a_specialization_that_is_due_on_another_day() -> None:
    change(keys.key("P#p1", f"SPEC#{EXPRESS}"), due_on=ANNIVERSARY.isoformat())
    assert findings() == {(1, f"p1 SPEC#{EXPRESS}")}


def test_a_holder_who_no_longer_tells_a_partner() -> None:
    entries = [keys.entry("H#ann", seq) for seq in range(1, ledger.load("ann").version + 1)]
    told = next(key for key in entries if "partners" in (table.get(key) or {}))
    values = table.get(told) or {}
    table.delete(told)
    change(told, **{name: value for name, value in values.items() if name not in ("pk", "sk", "partners")})
    assert (5, "H#ann") in findings()


def test_an_account_manager_whose_assignment_is_not_the_record_s() -> None:
    table.delete(keys.assignment("max@example.com", "p1"))
    assert findings() == {(5, "M#max@example.com")}


def test_an_entry_is_missing() -> None:
    table.delete(keys.entry("P#p1", 2))
    assert (1, "p1") in findings()

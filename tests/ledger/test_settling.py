from datetime import date, timedelta

import ledger
import pytest
from policy import facts

from tests.ledger import world

EXPIRES = date(2024, 1, 29)


@pytest.fixture(autouse=True)
def _ann(table: str) -> None:
    world.enroll("ann")


def found(kind: str, through_day: date) -> list[str]:
    return [holder for shard in range(ledger.SHARDS) for holder in ledger.due(kind, shard, through_day).items]


def test_a_day_on_which_nothing_happens_writes_nothing() -> None:
    before = world.snapshot()
    assert ledger.settle("ann", EXPIRES - timedelta(days=91)) is None
    assert world.snapshot() == before


def test_a_day_on_which_something_happens_is_an_entry_without_facts() -> None:
    settled = ledger.settle("ann", EXPIRES + timedelta(days=1))
    assert settled.entry.facts == ()
    assert [event["type"] for event in settled.entry.events] == [
        *["certification.expiring"] * 4,
        "certification.expired",
    ]


def test_a_second_sweep_of_a_day_or_one_of_an_earlier_day_writes_nothing() -> None:
    ledger.settle("ann", EXPIRES + timedelta(days=1))
    before = world.snapshot()
    assert ledger.settle("ann", EXPIRES + timedelta(days=1)) is None
    assert ledger.settle("ann", EXPIRES - timedelta(days=60)) is None
    assert world.snapshot() == before


def test_a_holder_that_is_not_known_is_left_alone() -> None:
    before = world.snapshot()
    assert ledger.settle("nobody", EXPIRES) is None
    assert world.snapshot() == before


def test_the_index_gives_who_is_due_and_no_longer_once_settled() -> None:
    first_notice = EXPIRES - timedelta(days=90)
    assert found("certification", first_notice - timedelta(days=1)) == []
    assert found("certification", first_notice) == ["ann"]
    ledger.settle("ann", first_notice)
    assert found("certification", first_notice) == []
    assert found("certification", EXPIRES - timedelta(days=60)) == ["ann"]


def test_a_pending_claim_is_due_when_it_becomes_overdue_and_when_its_credits_lapse() -> None:
    world.submit("ann", day=world.COMPLETED)
    overdue_on = world.COMPLETED + timedelta(days=30)
    assert found("claim", overdue_on - timedelta(days=1)) == []
    assert found("claim", overdue_on) == ["ann"]
    ledger.settle("ann", overdue_on)
    assert found("claim", overdue_on) == []
    world.push(world.completion("ann@example.com"), day=overdue_on)
    assert found("claim", EXPIRES + timedelta(days=1)) == ["ann"]
    ledger.settle("ann", EXPIRES + timedelta(days=1))
    assert world.claims("ann") == {"ann-0001": "expired"}
    assert found("claim", date(2100, 1, 1)) == []


def test_a_page_names_a_holder_once_and_goes_on_from_its_cursor() -> None:
    for name in ("CORE", "DESIGN", "CYBER"):
        world.submit("ann", name)
    holders, cursor, pages = [], None, 0
    shard = next(number for number in range(ledger.SHARDS) if ledger.due("claim", number, EXPIRES).items)
    assert ledger.due("claim", shard, EXPIRES).items == ["ann"]
    while pages == 0 or cursor:
        page = ledger.due("claim", shard, EXPIRES, limit=2, cursor=cursor)
        holders, cursor, pages = [*holders, *page.items], page.cursor, pages + 1
    assert (holders, pages) == (["ann", "ann"], 2)


def test_holders_are_spread_over_the_shards() -> None:
    for number in range(20):
        ledger.record(f"h{number}", [facts.CertificationAwarded("ccna", "associate", world.START)], world.START)
    shards = [len(ledger.due("certification", shard, date(2100, 1, 1)).items) for shard in range(ledger.SHARDS)]
    assert sum(shards) == 21
    assert max(shards) < 8

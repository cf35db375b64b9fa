from datetime import timedelta

import ledger
import pytest
from ledger import keys, table, worklists
from policy import facts

from tests.ledger import world

OVERDUE = world.COMPLETED + timedelta(days=35)
DAY = world.COMPLETED + timedelta(days=5)


@pytest.fixture(autouse=True)
def _holders(table: str) -> None:
    world.enroll("ann")
    world.enroll("bob")


def _waiting(provider: str) -> list[str]:
    return [claim["claim_id"] for claim in ledger.waiting_claims(provider).items]


def test_a_pending_claim_waits_for_its_provider_and_no_other() -> None:
    world.submit("ann")
    assert _waiting("acme") == ["ann-0001"]
    assert _waiting("globex") == []


def test_a_decided_claim_waits_no_more() -> None:
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    assert _waiting("acme") == []


def test_the_first_submitted_comes_first_a_page_at_a_time() -> None:
    world.submit("bob", day=DAY + timedelta(days=1))
    world.submit("ann", day=DAY)
    first = ledger.waiting_claims("acme", limit=1)
    rest = ledger.waiting_claims("acme", limit=1, cursor=first.cursor)
    assert [claim["claim_id"] for claim in (*first.items, *rest.items)] == ["ann-0001", "bob-0001"]


def _overdue(limit: int = 100) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = worklists.overdue_holders(OVERDUE, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        found += [waiting.holder for waiting in page.items]
        cursor = page.cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("swept", [(), ("ann", "bob"), ("ann", "bob", "cid")])
def test_a_holder_with_an_overdue_claim_is_found_once_swept_or_not(limit: int, swept: tuple[str, ...]) -> None:
    world.enroll("cid")
    for holder in ("ann", "bob", "cid"):
        world.submit(holder)
        world.submit(holder, "DESIGN")
    for holder in swept:
        ledger.settle(holder, OVERDUE)
    found = _overdue(limit)
    # Of those who have waited equally long, the index has any first.
    assert sorted(found[: len(swept)]) == sorted(swept)
    assert found[len(swept) :] == sorted({"ann", "bob", "cid"} - set(swept))
    assert worklists.overdue_numbers() == dict.fromkeys(swept, 2)


def test_from_any_waiting_holder_on_the_list_goes_on() -> None:
    for holder in ("ann", "bob"):
        world.submit(holder)
    ledger.settle("bob", OVERDUE)
    for number, waiting in enumerate(worklists.overdue_holders(OVERDUE).items, 1):
        rest = worklists.overdue_holders(OVERDUE, cursor=waiting.cursor)
        assert [found.holder for found in rest.items] == ["bob", "ann"][number:]


def test_a_claim_costs_its_holder_no_further_item() -> None:
    profile = table.get(keys.profile("ann"))
    world.submit("ann")
    assert table.get(keys.profile("ann")) == profile


def test_a_case_waits_while_it_is_open() -> None:
    world.submit("ann")
    ledger.record("ann", [facts.CaseOpened("ann-C0001", "ann-0001", "Why?")], OVERDUE + timedelta(days=1))
    assert [(found.holder, found.id) for found in worklists.open_cases().items] == [("ann", "ann-C0001")]
    assert worklists.count_waiting(keys.OPEN_CASES) == 1
    ledger.record("ann", [facts.ClaimDecided("ann-0001", "earned")], OVERDUE + timedelta(days=1))
    assert worklists.open_cases().items == []
    assert worklists.count_waiting(keys.OPEN_CASES) == 0


def test_a_count_goes_on_where_a_query_is_full() -> None:
    for holder in ("ann", "bob"):
        world.submit(holder)
    number = table.count("worklist = :list", {"list": keys.provider_worklist("acme")}, IndexName="worklist", Limit=1)
    assert number == 2

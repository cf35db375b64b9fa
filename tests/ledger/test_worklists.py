from datetime import timedelta

import ledger
import pytest

from tests.ledger import world

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

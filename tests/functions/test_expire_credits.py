"""The sweep of claims: credits lapse and claims become overdue on their day, once, whenever the sweep comes."""

from datetime import date, timedelta

import ledger
import pytest
from policy import facts, views

from functions.expire_credits.handler import lambda_handler
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import today as today
from tests.functions.events import journal
from tests.functions.sweeping import sweep
from tests.ledger import world

VALID_THROUGH = date(2024, 2, 19)
LAPSED = VALID_THROUGH + timedelta(days=1)
OVERDUE = date(2021, 3, 26)


@pytest.fixture
def ann(cloud, today):
    """Credits that lapse before their certification ends, three years after completion."""
    today(LAPSED)
    world.enroll("ann", level="expert", certification="ccie")
    imported = facts.CertificationImported("ccie", "expert", world.START, date(2026, 1, 29))
    ledger.record("ann", [imported], world.START)
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    return cloud


@pytest.fixture
def bob(cloud, today):
    """A claim that nobody decides."""
    today(OVERDUE)
    world.enroll("bob")
    world.submit("bob")
    return cloud


def happened(holder: str) -> list[tuple[str, str]]:
    """What time alone has done, and on which day."""
    entries = [entry for entry in ledger.load(holder).entries if entry.cause.startswith("sweep")]
    return [(decision["kind"], decision["day"]) for entry in entries for decision in entry.decisions]


def test_credits_lapse_on_the_day_after_their_validity(ann):
    sweep(lambda_handler, ann, VALID_THROUGH)
    assert world.claims("ann") == {"ann-0001": "earned"}
    sweep(lambda_handler, ann, LAPSED)
    assert world.claims("ann") == {"ann-0001": "expired"}
    assert happened("ann") == [("credits.expired", "2024-02-20")]


def test_a_claim_is_overdue_thirty_days_after_its_submission(bob):
    sweep(lambda_handler, bob, OVERDUE - timedelta(days=1))
    assert happened("bob") == []
    sweep(lambda_handler, bob, OVERDUE)
    assert happened("bob") == [("claim.overdue", "2021-03-26")]


def test_a_day_swept_twice_is_swept_once(ann):
    sweep(lambda_handler, ann, LAPSED)
    once = journal()
    sweep(lambda_handler, ann, LAPSED)
    assert journal() == once


def test_an_earlier_day_changes_nothing_afterwards(ann):
    sweep(lambda_handler, ann, LAPSED)
    once = journal()
    sweep(lambda_handler, ann, LAPSED - timedelta(days=400))
    assert journal() == once


def test_a_late_sweep_records_the_day_on_which_it_happened(ann, today):
    today(LAPSED + timedelta(days=200))
    sweep(lambda_handler, ann, LAPSED + timedelta(days=200))
    assert happened("ann") == [("credits.expired", "2024-02-20")]


def test_an_early_sweep_stops_at_today(ann, today):
    today(VALID_THROUGH)
    sweep(lambda_handler, ann, LAPSED + timedelta(days=200))
    assert happened("ann") == []
    assert world.claims("ann") == {"ann-0001": "earned"}


def test_what_a_holder_sees_does_not_wait_for_a_sweep(ann):
    standing = ledger.load("ann").standing
    standing.advance(LAPSED)
    seen = views.claims(standing)["ann-0001"]["status"]
    sweep(lambda_handler, ann, LAPSED)
    assert seen == views.claims(ledger.load("ann").standing)["ann-0001"]["status"] == "expired"


def test_a_day_on_which_nothing_is_due_writes_nothing(ann):
    before = journal()
    sweep(lambda_handler, ann, date(2022, 6, 1))
    assert journal() == before

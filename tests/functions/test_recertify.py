"""The sweep of certifications: notices, expirations and gain days come on their day, once, whenever the sweep comes."""

from datetime import date, timedelta

import ledger
import pytest
from policy import facts

from functions.recertify.handler import lambda_handler
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import today as today
from tests.functions.events import journal
from tests.functions.sweeping import sweep
from tests.functions.test_expire_credits import happened
from tests.ledger import world

EXPIRES = date(2024, 1, 29)
NOTICES = [("certification.expiring", (EXPIRES - timedelta(days=days)).isoformat()) for days in (90, 60, 30, 7)]
EXPIRED = ("certification.expired", "2024-01-30")


@pytest.fixture
def ann(cloud, today):
    today(EXPIRES + timedelta(days=1))
    world.enroll("ann")
    return cloud


@pytest.mark.parametrize("number", range(4))
def test_a_holder_is_told_that_a_certification_ends_on_the_day_of_the_notice(ann, number):
    day = date.fromisoformat(NOTICES[number][1])
    sweep(lambda_handler, ann, day - timedelta(days=1))
    assert happened("ann") == NOTICES[:number]
    sweep(lambda_handler, ann, day)
    assert happened("ann") == NOTICES[: number + 1]


def test_a_certification_expires_on_the_day_after_its_last(ann):
    sweep(lambda_handler, ann, EXPIRES)
    assert happened("ann") == NOTICES
    sweep(lambda_handler, ann, EXPIRES + timedelta(days=1))
    assert happened("ann") == [*NOTICES, EXPIRED]


def test_sweeps_twice_late_early_and_out_of_order_tell_the_same_once(ann, today):
    for days in (-30, -90, -30, 400, -7, 1, 0):
        sweep(lambda_handler, ann, EXPIRES + timedelta(days=days))
    assert happened("ann") == [*NOTICES, EXPIRED]
    assert len(journal("ann")) == 4


def test_what_has_not_happened_is_not_announced(ann, today):
    today(EXPIRES - timedelta(days=61))
    sweep(lambda_handler, ann, EXPIRES + timedelta(days=1))
    assert happened("ann") == NOTICES[:1]


def test_a_certification_is_recertified_on_its_gain_day(ann):
    """Imported to expire later than a new term would end, it is recertified on the first day that takes it further."""
    world.enroll("bob", level="expert", certification="ccie")
    until = facts.CertificationImported("ccie", "expert", world.START, date(2024, 6, 30))
    ledger.record("bob", [until, facts.ExamPassed("lab", "expert_lab", date(2021, 2, 1))], date(2021, 2, 1))
    sweep(lambda_handler, ann, date(2021, 6, 30))
    assert happened("bob") == []
    sweep(lambda_handler, ann, date(2021, 7, 1))
    assert happened("bob") == [("certification.recertified", "2021-07-01")]
    assert ledger.load("bob").standing.certifications["ccie"].expires_on == date(2024, 7, 1)

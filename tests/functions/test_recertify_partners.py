"""The sweep of specializations, from the schedule's message to the bus: each day's decisions once, whenever it comes."""

from datetime import date, timedelta

import ledger
import pytest
from policy.partners import facts

from functions.publish_events.handler import lambda_handler as publish
from functions.recertify.handler import lambda_handler
from tests.functions.events import Context, failures, from_queue, from_stream, partner_journal
from tests.functions.learning import (
    ANNIVERSARY,
    LAST_DAY,
    LOST,
    NAME,
    REMINDED,
    approve,
    do,
    do_enough,
    happened,
    renew,
    shown,
)
from tests.functions.learning import small_program as small_program
from tests.functions.sweeping import queued, sweep
from tests.ledger import world

pytestmark = pytest.mark.usefixtures("small_program")

GRACE = [(LAST_DAY - timedelta(days=9 - number)).isoformat() for number in range(10)]
REMINDERS = [("expiring", REMINDED.isoformat()), ("expiring", ANNIVERSARY.isoformat())]
IN_GRACE = [("grace", GRACE[0]), *(("expiring", day) for day in GRACE)]
YEAR = [*REMINDERS, *IN_GRACE, ("lost", LOST.isoformat())]
PARTNERS = [f"p{number}" for number in range(1, 8)]


@pytest.fixture
def p1(cloud, today):
    today(LOST + timedelta(days=400))
    world.enroll("ann")
    approve()
    return cloud


def told() -> list[tuple[str, str]]:
    return happened()[1:]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (REMINDED - timedelta(days=1), 0),
        (REMINDED, 1),
        (ANNIVERSARY - timedelta(days=1), 1),
        (ANNIVERSARY, 2),
        (ANNIVERSARY + timedelta(days=1), 4),
        (LAST_DAY, 13),
        (LOST, 14),
    ],
)
def test_each_day_s_decisions_come_on_that_day(p1, day, number):
    sweep(lambda_handler, p1, day)
    assert told() == YEAR[:number]


def test_a_loss_is_published_from_the_schedule_s_message_on(p1):
    sweep(lambda_handler, p1, LOST)
    publish(from_stream(*partner_journal()), Context())
    last = p1.bus.events[-1]
    assert (last["DetailType"], last["Detail"]["subject"]) == ("specialization.lost", NAME)
    assert last["Detail"]["data"] == {
        "partner": "p1",
        "day": "2022-02-12",
        "rule": "lost",
        "because": ["points-short", "mandatory-item-missing"],
        "anniversary": "2022-02-01",
    }
    assert shown(LOST)["status"] == "lost"


def test_sweeps_twice_late_early_and_out_of_order_tell_the_same_once(p1):
    for day in (REMINDED, LAST_DAY - timedelta(days=2), REMINDED, LOST + timedelta(days=390), ANNIVERSARY, LOST, LOST):
        sweep(lambda_handler, p1, day)
    assert told() == YEAR
    assert len(partner_journal()) == 6


def test_what_has_not_happened_is_not_announced(p1, today):
    today(ANNIVERSARY)
    sweep(lambda_handler, p1, LOST)
    assert told() == REMINDERS


def test_a_partner_is_renewed_at_the_end_of_grace_by_what_became_known_until_then(p1):
    do_enough("ann", LAST_DAY)
    sweep(lambda_handler, p1, LOST)
    assert told()[-1] == ("renewed", LAST_DAY.isoformat())
    assert shown(LOST)["anniversary"] == date(2023, 2, 1)


def test_what_becomes_known_of_an_individual_is_due_at_once_and_taken_up(p1):
    do("ann", "LAB", date(2021, 6, 1))
    assert len(ledger.load_partner("p1").news) == 1
    sweep(lambda_handler, p1, date(2021, 6, 1))
    loaded = ledger.load_partner("p1")
    assert (loaded.news, len(loaded.entries[-1].news), told()) == ((), 1, [])
    sweep(lambda_handler, p1, date(2021, 6, 2))
    assert len(partner_journal()) == loaded.version


def test_a_fact_that_is_recorded_late_does_not_undo_a_loss(p1):
    sweep(lambda_handler, p1, LOST)
    ledger.record("ann", [facts.ActivityRecorded("ann", "LAB", date(2021, 6, 1), "viewed")], LOST)
    sweep(lambda_handler, p1, LOST + timedelta(days=1))
    assert told() == YEAR
    assert (shown(LOST)["status"], shown(LOST)["points"]) == ("lost", 20)


def test_a_year_after_a_renewal_is_swept_by_itself(p1):
    do_enough("ann", REMINDED)
    renew(REMINDED)
    sweep(lambda_handler, p1, LOST + timedelta(days=365))
    assert [kind for kind, _ in told()] == ["expiring", "renewed", *(kind for kind, _ in YEAR)]
    assert told()[-1] == ("lost", "2023-02-12")


def test_many_partners_are_spread_over_pages_and_messages_and_none_is_left_out(cloud, today, monkeypatch):
    monkeypatch.setattr("api.sweep.PAGE", 3)
    monkeypatch.setattr("api.sweep.OWNERS_PER_MESSAGE", 2)
    monkeypatch.setattr("ledger.keys.due_shard", lambda kind, owner: f"{kind}#07")
    today(LOST)
    world.enroll("ann")
    for partner in PARTNERS:
        approve(partner)
    sweep(lambda_handler, cloud, LOST)
    assert {partner: happened(partner)[-1][0] for partner in PARTNERS} == dict.fromkeys(PARTNERS, "lost")


def test_a_sweep_that_crashes_between_two_partners_goes_on_where_it_was(p1, monkeypatch):
    approve("p2")
    settled: list[str] = []
    settle = ledger.settle_partner

    def crash_once(partner: str, day: date, *, cause: str) -> object:
        settled.append(partner)
        if len(settled) == 2:
            raise SystemExit
        return settle(partner, day, cause=cause)

    monkeypatch.setattr("ledger.settle_partner", crash_once)
    message = {"day": LOST.isoformat(), "kind": "specialization", "owners": ["p1", "p2"]}
    with pytest.raises(SystemExit):
        lambda_handler(from_queue(message), Context())
    assert (happened("p1")[1:], len(happened("p2"))) == (YEAR, 1)
    assert failures(lambda_handler(from_queue(message), Context())) == []
    assert happened("p1") == happened("p2")


def test_what_time_does_not_suffice_for_goes_on_to_another_invocation(p1):
    approve("p2")
    message = {"day": LOST.isoformat(), "kind": "specialization", "owners": ["p1", "p2", "nobody"]}
    assert failures(lambda_handler(from_queue(message), Context(remaining=(9_999,)))) == []
    assert (len(told()), len(happened("p2"))) == (14, 1)
    (rest,) = queued(p1)
    assert rest == {**message, "owners": ["p2", "nobody"]}
    assert failures(lambda_handler(from_queue(rest), Context())) == []
    assert (len(happened("p2")), ledger.load_partner("nobody").version) == (15, 0)


def test_of_several_partners_one_that_fails_is_tried_again_by_itself(p1, monkeypatch):
    approve("p2")
    settle = ledger.settle_partner

    def fail(partner: str, day: date, *, cause: str) -> object:
        if partner == "p1":
            raise ledger.Busy("throttled")
        return settle(partner, day, cause=cause)

    monkeypatch.setattr("ledger.settle_partner", fail)
    message = {"day": LOST.isoformat(), "kind": "specialization", "owners": ["p1", "p2"]}
    assert failures(lambda_handler(from_queue(message), Context())) == []
    assert (told(), happened("p2")[-1][0], p1.delayed("sweep")) == ([], "lost", 1)


def test_a_holder_and_a_partner_of_one_id_are_swept_as_what_they_are(p1):
    world.enroll("p1")
    sweep(lambda_handler, p1, LOST)
    assert (told(), ledger.load("p1").version) == (YEAR, 2)

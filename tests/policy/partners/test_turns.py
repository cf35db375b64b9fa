"""What time alone decides: reminders, grace, loss and what the tenth day renews, each told with what it rests on."""

from datetime import date, timedelta

import pytest
from policy.dates import ONE_DAY
from policy.partners import Partner, facts, views
from policy.state import Decision

from tests.policy.partners.approved import ANNIVERSARY, LAST_DAY, START, approved, view
from tests.policy.partners.histories import PROGRAM

GRACE = [-day for day in range(1, 11)]


@pytest.fixture
def partner() -> Partner:
    return approved()


def told(partner: Partner) -> list[dict[str, object]]:
    """What was decided about specializations, reminders left out."""
    told = [decision.to_dict() for decision in partner.decisions if decision.kind.startswith("specialization.")]
    return [decision for decision in told if decision["kind"] != "specialization.expiring"]


def reminders(partner: Partner) -> list[Decision]:
    return [decision for decision in partner.decisions if decision.kind == "specialization.expiring"]


def days(partner: Partner) -> list[int]:
    return [decision.facts["days_to_anniversary"] for decision in reminders(partner)]


def test_a_loss_tells_the_grace_before_it_and_every_need_that_was_not_met(partner: Partner) -> None:
    partner.advance(date(2022, 3, 1))
    grace, lost = told(partner)
    facts_of_grace = {"anniversary": "2022-02-01", "points": 35, "required": 40, "last_day": "2022-02-11"}
    assert grace == {
        "day": "2022-02-02",
        "kind": "specialization.grace",
        "rule": "grace",
        "subject": "cloud",
        "facts": facts_of_grace,
    }
    assert (lost["day"], lost["rule"]) == ("2022-02-12", "lost")
    assert lost["because"] == ["points-short", "mandatory-item-missing"]


def test_what_the_tenth_day_renews_is_told_for_that_day_once_it_is_over(partner: Partner) -> None:
    view(partner, "DELTA", LAST_DAY)
    assert [decision["kind"] for decision in told(partner)] == ["specialization.grace"]
    partner.advance(date(2022, 2, 12))
    renewed = told(partner)[-1]
    assert (renewed["day"], renewed["rule"]) == ("2022-02-11", "renewal-at-the-end-of-grace")
    assert renewed["facts"] == {"anniversary": "2022-02-01", "points": 40, "required": 40}


def test_a_year_not_renewed_is_told_ninety_days_before_on_the_anniversary_and_each_day_of_grace(
    partner: Partner,
) -> None:
    partner.advance(date(2023, 2, 1))
    assert days(partner) == [90, 0, *GRACE]
    assert [decision.day for decision in reminders(partner)] == [
        ANNIVERSARY - timedelta(days=ahead) for ahead in days(partner)
    ]
    first = reminders(partner)[0]
    assert (first.rule, first.subject) == ("renewal-window", "cloud")
    assert first.facts == {
        "anniversary": ANNIVERSARY,
        "last_day": LAST_DAY,
        "days_to_anniversary": 90,
        "points": 35,
        "required": 40,
    }
    assert first.because == ("points-short", "mandatory-item-missing")


def test_a_reminder_says_that_nothing_stands_in_the_way(partner: Partner) -> None:
    view(partner, "DELTA", date(2021, 6, 1))
    partner.advance(ANNIVERSARY)
    assert [(decision.facts["points"], decision.because) for decision in reminders(partner)] == [(40, ()), (40, ())]


def test_a_reminder_comes_before_what_is_recorded_on_its_day(partner: Partner) -> None:
    day = ANNIVERSARY - timedelta(days=90)
    view(partner, "DELTA", day)
    (told,) = partner.decisions
    assert (told.kind, told.facts["points"]) == ("specialization.expiring", 35)


def test_what_is_renewed_is_told_no_more_until_ninety_days_before_the_next_anniversary(partner: Partner) -> None:
    view(partner, "DELTA", date(2021, 12, 1))
    partner.record(facts.RenewalSubmitted("p1", "cloud"), date(2021, 12, 1))
    partner.advance(date(2022, 11, 3))
    assert days(partner) == [90, 90]


def test_a_renewal_in_grace_ends_the_reminders(partner: Partner) -> None:
    view(partner, "DELTA", date(2022, 2, 4))
    partner.record(facts.RenewalSubmitted("p1", "cloud"), date(2022, 2, 4))
    partner.advance(date(2022, 3, 1))
    assert days(partner) == [90, 0, -1, -2, -3]


def test_the_tenth_day_tells_nothing_where_it_renews_by_itself(partner: Partner) -> None:
    view(partner, "DELTA", date(2022, 2, 10))
    partner.advance(LAST_DAY)
    assert days(partner) == [90, 0, *GRACE[:-1]]


def test_without_a_number_nothing_is_told_until_it_is_set(partner: Partner) -> None:
    approved = date(2021, 3, 1)
    for exam in ("700-001", "700-003"):
        partner.record(facts.ExamPassed("ann", exam, approved), approved)
    partner.record(facts.RoleFilled("p1", "iot", "se", "ann"), approved)
    partner.record(facts.ApplicationSubmitted("p1", "iot"), approved)
    # On the day of a reminder, and too late for that one.
    partner.record(facts.PointsRequiredSet("advanced-technology", 10), date(2021, 12, 1))
    partner.advance(date(2022, 3, 2))
    told = [decision.facts["days_to_anniversary"] for decision in reminders(partner) if decision.subject == "iot"]
    assert told == [0, -1]


def test_the_days_of_reminders_are_due_whether_or_not_a_number_is_set(partner: Partner) -> None:
    del partner.points_required["express"]
    assert views.due(partner) == {"cloud": ANNIVERSARY - timedelta(days=90)}
    partner.advance(ANNIVERSARY - timedelta(days=90))
    assert views.due(partner) == {"cloud": ANNIVERSARY}
    partner.advance(ANNIVERSARY)
    assert views.due(partner) == {"cloud": ANNIVERSARY + ONE_DAY}
    partner.advance(ANNIVERSARY + ONE_DAY)
    assert views.due(partner) == {"cloud": date(2023, 2, 1) - timedelta(days=90)}


def test_what_is_renewed_is_due_on_the_day_after_its_anniversary_and_what_is_lost_never(partner: Partner) -> None:
    lost = partner.copy()
    lost.advance(LAST_DAY)
    assert views.due(lost) == {"cloud": date(2022, 2, 12)}
    lost.advance(date(2022, 2, 12))
    assert views.due(lost) == {}
    view(partner, "DELTA", date(2021, 12, 1))
    partner.record(facts.RenewalSubmitted("p1", "cloud"), date(2021, 12, 1))
    assert views.due(partner) == {"cloud": ANNIVERSARY + ONE_DAY}


def test_a_designation_is_never_due() -> None:
    partner = Partner(PROGRAM)
    partner.record(facts.IndividualAssociated("p1", "ann"), START)
    partner.record(facts.BadgeEarned("ann", "rep", date(2030, 1, 1), facts.REPRESENTATIVE), START)
    partner.record(facts.CertificationHeld("ann", "ccnp", date(2030, 1, 1)), START)
    for role in ("am", "fe"):
        partner.record(facts.RoleFilled("p1", "atp", role, "ann"), START)
    partner.record(facts.ApplicationSubmitted("p1", "atp"), START)
    assert views.due(partner) == {}
    partner.advance(date(2023, 1, 1))
    assert reminders(partner) == []

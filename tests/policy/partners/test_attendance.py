"""Why an event that was attended counts nothing: each reason on both sides of its boundary."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from policy import Refused
from policy.dates import ONE_DAY
from policy.partners import Partner, facts, views
from policy.partners.attendance import kept_out
from policy.partners.program import Item

from tests.policy.histories import SETTINGS
from tests.policy.partners.approved import ANNIVERSARY, LAST_DAY, START, approved, view
from tests.policy.partners.histories import PROGRAM, Event, histories, take
from tests.policy.partners.test_properties import RULE_IDS

NEXT = ANNIVERSARY + ONE_DAY


@pytest.fixture
def partner() -> Partner:
    return approved()


def attend(
    partner: Partner, completed_on: date, day: date | None = None, name: str = "cloud", **changes: object
) -> facts.ActivityRecorded:
    fact = facts.ActivityRecorded("ann", "CONFERENCE", completed_on, "attended", "p1", name, proof=True)
    kept = partner.record(replace(fact, **changes), day or completed_on)  # type: ignore[arg-type]
    assert isinstance(kept, facts.ActivityRecorded)
    return kept


def rule(partner: Partner, fact: facts.ActivityRecorded) -> str | None:
    why = kept_out(partner, fact)
    assert why is None or why.rule in RULE_IDS
    return why and why.rule


@pytest.mark.parametrize(("days", "expected"), [(-1, "late-activity"), (0, "late-activity"), (1, None)])
def test_the_present_window_begins_after_the_approval(partner: Partner, days: int, expected: str | None) -> None:
    partner.individuals["ann"].stays[:] = [(START - timedelta(days=9), None)]
    assert rule(partner, attend(partner, START + timedelta(days=days), START + ONE_DAY)) == expected


@pytest.mark.parametrize(("days", "expected"), [(-1, None), (0, None), (1, "points-associated")])
def test_the_day_of_leaving_counts_and_the_next_does_not(partner: Partner, days: int, expected: str | None) -> None:
    left = date(2021, 5, 1)
    partner.record(facts.IndividualLeft("p1", "ann"), left)
    assert rule(partner, attend(partner, left + timedelta(days=days), left + timedelta(days=5))) == expected


@pytest.mark.parametrize(("days", "expected"), [(-1, "points-associated"), (0, None)])
def test_the_day_of_joining_counts_and_the_one_before_does_not(
    partner: Partner, days: int, expected: str | None
) -> None:
    joined = date(2021, 5, 1)
    partner.record(facts.IndividualAssociated("p1", "bob"), joined)
    assert rule(partner, attend(partner, joined + timedelta(days=days), joined, individual="bob")) == expected


def test_of_somebody_who_never_was_associated_it_counts_nothing(partner: Partner) -> None:
    why = kept_out(partner, attend(partner, date(2021, 5, 1), individual="cat"))
    assert why is not None
    assert (why.rule, why.detail) == ("points-associated", "cat was not associated with the partner on 2021-05-01.")


def test_what_is_not_held_or_has_no_points_counts_nothing(partner: Partner) -> None:
    day = date(2021, 5, 1)
    assert rule(partner, attend(partner, day, name="security")) == "not-held"
    assert rule(partner, attend(partner, day + ONE_DAY, name="atp")) == "no-points-for-atp"


def test_a_download_counts_nothing_even_beside_the_attendance(partner: Partner) -> None:
    day = date(2021, 5, 1)
    downloaded = attend(partner, day, mode=facts.DOWNLOADED)
    assert rule(partner, downloaded) == "points-viewed"
    assert rule(partner, attend(partner, day)) is None
    assert rule(partner, downloaded) == "points-viewed"


def test_it_counts_once_in_a_window_on_the_first_of_its_days(partner: Partner) -> None:
    later, first = date(2021, 5, 2), date(2021, 5, 1)
    known = attend(partner, later)
    assert rule(partner, known) is None
    assert rule(partner, attend(partner, first, later)) is None
    why = kept_out(partner, known)
    assert why is not None
    assert (why.rule, why.facts["completed_on"]) == ("points-once", first)
    assert rule(partner, attend(partner, first, later)) is None


@pytest.mark.parametrize(("days", "expected"), [(0, None), (1, None), (10, None)])
def test_while_points_are_missing_the_days_of_grace_count(partner: Partner, days: int, expected: str | None) -> None:
    # Short of what is mandatory, it is not renewed on the last day.
    assert rule(partner, attend(partner, ANNIVERSARY + timedelta(days=days))) == expected


def test_once_they_are_reached_in_grace_what_follows_counts_for_the_next_window(partner: Partner) -> None:
    view(partner, "700-002", NEXT)
    why = kept_out(partner, attend(partner, NEXT + ONE_DAY))
    assert why is not None
    assert (why.rule, why.facts["anniversary"]) == ("grace", ANNIVERSARY)


def test_what_a_renewal_in_grace_used_up_does_not_count_again(partner: Partner) -> None:
    known = attend(partner, NEXT)
    assert rule(partner, known) is None
    view(partner, "DELTA", NEXT)
    partner.record(facts.RenewalSubmitted("p1", "cloud"), NEXT)
    assert rule(partner, known) == "grace"
    assert rule(partner, attend(partner, NEXT + ONE_DAY)) is None


def test_when_lost_it_is_kept_for_the_reactivation(partner: Partner) -> None:
    assert rule(partner, attend(partner, LAST_DAY + ONE_DAY)) is None


def test_a_closed_window_is_none_for_what_is_recorded_late(partner: Partner) -> None:
    view(partner, "DELTA", ANNIVERSARY)
    partner.record(facts.RenewalSubmitted("p1", "cloud"), ANNIVERSARY)
    assert rule(partner, attend(partner, ANNIVERSARY, NEXT)) == "late-activity"
    assert rule(partner, attend(partner, NEXT)) is None


def test_what_was_done_before_the_item_was_an_event_cannot_be_chosen(partner: Partner) -> None:
    day = date(2021, 5, 1)
    show = PROGRAM.items | {"SHOW": ((date.min, Item(points=20)), (day, Item(points=20, event=True)))}
    partner.program = replace(PROGRAM, items=show)
    before = day - ONE_DAY
    view(partner, "SHOW", before)
    with pytest.raises(Refused) as refused:
        attend(partner, before, day, item="SHOW")
    assert refused.value.rule == "points-listed"
    assert refused.value.detail == (
        "SHOW on 2021-04-30 was recorded before SHOW was an event: it is one activity, which counts for the"
        " specializations whose library lists it, and for no other."
    )
    assert rule(partner, attend(partner, day, item="SHOW")) is None


@SETTINGS
@given(histories())
def test_what_is_said_to_count_is_what_the_report_lists(events: list[Event]) -> None:
    partner = Partner(PROGRAM)
    taken = [take(partner, event) for event in events if event.concerns("p1")]
    for fact in taken:
        if isinstance(fact, facts.ActivityRecorded) and fact.partner and fact.mode != facts.DOWNLOADED:
            listed = {
                (line["individual"], line["item"], line["completed_on"])
                for line in views.report(partner, fact.specialization or "")
            }
            counts = (partner.person(fact.individual), fact.item, fact.completed_on) in listed
            known = partner.individuals[partner.person(fact.individual)].activities[fact.item, fact.completed_on]
            assert (rule(partner, fact) is None) == (counts and known.specialization == fact.specialization)

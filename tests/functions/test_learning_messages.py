"""Providers' messages of continuous learning: what counts for partners, what is put aside and why."""

import json
from datetime import date
from typing import Any

import ledger
import pytest
from policy.partners import facts
from policy.partners.program import Item

from tests.functions.events import journal
from tests.functions.learning import APPROVED, approve, shown
from tests.functions.learning import small_program as small_program
from tests.functions.test_validate_claim import EXAM, deliver, exam, message, without
from tests.ledger import world

TODAY = date(2021, 2, 25)
ACTIVITY = {
    "provider": "acme",
    "individual": "ann",
    "item": "LAB",
    "completed_on": "2021-02-20",
    "mode": "completed",
}
BADGE = {"provider": "acme", "individual": "ann", "badge": "am-badge", "kind": "specialist", "expires_on": "2021-12-31"}
SPECIALIST = {**EXAM, "exam": "700-1", "kind": "specialist"}
NEW = "new@example.com"

pytestmark = pytest.mark.usefixtures("small_program")


def activity(data: Any = ACTIVITY, **attributes: Any) -> dict[str, Any]:
    return message(data, "activity.recorded.v1", **attributes)


def badge(data: Any = BADGE, **attributes: Any) -> dict[str, Any]:
    return message(data, "badge.earned.v1", **attributes)


def of_account(data: dict[str, Any], account: str = "ann@example.com") -> dict[str, Any]:
    return {**{name: value for name, value in data.items() if name not in ("individual", "holder")}, "account": account}


@pytest.fixture
def ann(cloud, today):
    world.enroll("ann")
    approve()
    return cloud


def points(day: date = TODAY) -> int:
    return shown(day)["points"]


def am(day: date = TODAY) -> list[str]:
    """Who could fill the role of the other specialization, which asks for an exam or a badge."""
    (role,) = shown(day, name="security")["roles"]
    return role["candidates"]


POISON: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown item": (activity({**ACTIVITY, "item": "NONE"}), "unknown-item"),
    "a course that is no item": (activity({**ACTIVITY, "item": "CORE"}), "unknown-item"),
    "an event": (activity({**ACTIVITY, "item": "SHOW", "mode": "attended"}), "event-item"),
    "an event downloaded": (activity({**ACTIVITY, "item": "SHOW", "mode": "downloaded"}), "event-item"),
    "an unknown individual": (activity({**ACTIVITY, "individual": "nobody"}), "unknown-holder"),
    "a key for an individual": (activity({**ACTIVITY, "individual": "ann#J#00000001"}), "unknown-holder"),
    "an account for an individual": (activity({**ACTIVITY, "individual": "ann@example.com"}), "unknown-holder"),
    "a holder for an individual": (activity({**without(ACTIVITY, "individual"), "holder": "ann"}), "bad-data"),
    "an activity of both": (activity({**ACTIVITY, "account": "ann@example.com"}), "bad-data"),
    "an activity of nobody": (activity(without(ACTIVITY, "individual")), "bad-data"),
    "an unknown mode": (activity({**ACTIVITY, "mode": "slept"}), "bad-data"),
    "no mode": (activity(without(ACTIVITY, "mode")), "bad-data"),
    "an activity tomorrow": (activity({**ACTIVITY, "completed_on": "2021-02-26"}), "bad-data"),
    "an activity tomorrow of an account of nobody": (
        activity({**of_account(ACTIVITY, NEW), "completed_on": "2021-02-26"}),
        "bad-data",
    ),
    "an activity on a day that never was": (activity({**ACTIVITY, "completed_on": "2021-02-29"}), "bad-data"),
    "points of the sender's choice": (activity({**ACTIVITY, "points": 1000}), "bad-data"),
    "a day of becoming known of the sender's choice": (activity({**ACTIVITY, "recorded_on": "2021-02-01"}), "bad-data"),
    "a choice for a partner": (activity({**ACTIVITY, "item": "SHOW", "partner": "p1", "proof": True}), "bad-data"),
    "an item without end": (activity({**ACTIVITY, "item": "L" * 1000}), "bad-data"),
    "an item of another kind": (activity({**ACTIVITY, "item": ["LAB"]}), "bad-data"),
    "an activity of an unknown provider": (activity({**ACTIVITY, "provider": "nobody"}), "unknown-provider"),
    "a badge of an unknown kind": (badge({**BADGE, "kind": "gold"}), "bad-data"),
    "a badge for ever": (badge({**BADGE, "expires_on": "9999-12-31"}), "bad-data"),
    "a badge without an end": (badge(without(BADGE, "expires_on")), "bad-data"),
    "a badge of an unknown individual": (badge({**BADGE, "individual": "nobody"}), "unknown-holder"),
    "an exam of a specialist tomorrow": (exam({**SPECIALIST, "passed_on": "2021-02-26"}), "bad-data"),
    "an exam of a specialist who is unknown": (exam({**SPECIALIST, "holder": "nobody"}), "unknown-holder"),
}


@pytest.mark.parametrize("names", [list(POISON)[start : start + 9] for start in range(0, len(POISON), 9)])
def test_bad_messages_go_to_the_dead_letter_queue_and_hold_up_none_of_their_batch(ann, names):
    bad = {json.dumps(POISON[name][0]): POISON[name][1] for name in names}
    good = [activity({**ACTIVITY, "completed_on": f"2021-02-{day}"}, id=f"good {day}") for day in range(10, 19)]
    assert deliver(*(body for pair in zip(bad, good, strict=False) for body in pair)) == []
    dead = ann.take("dead-letter")
    assert {letter["body"]: letter["reason"] for letter in dead} == bad
    assert all(letter["detail"].isprintable() for letter in dead)
    assert sum(len(entry.learning) for entry in ledger.load("ann").entries[2:]) == len(bad)


def test_what_is_wrong_is_named(ann):
    no_one, unknown, event = (POISON[name][0] for name in ("an activity of nobody", "an unknown item", "an event"))
    deliver(no_one, unknown, event)
    neither, none, show = ann.take("dead-letter")
    assert neither["detail"] == "either individual or account must be given"
    assert (none["detail"], "rule" in none) == ("NONE is no item of continuous learning", False)
    assert show["detail"] == "SHOW is an event: its partner's administrators record who attended, with proof"
    assert show["rule"] == "points-listed"


def test_an_activity_counts_for_every_partner_of_the_individual(ann):
    approve("p2")
    assert deliver(activity(), activity({**of_account(ACTIVITY), "item": "WEB", "mode": "viewed"}, id="2")) == []
    assert points() == 35
    assert shown(TODAY, "p2")["points"] == 35
    (entry,) = [entry for entry in ledger.load("ann").entries if entry.sources and entry.sources[0]["id"] == "1"]
    assert (entry.facts, entry.decisions) == ((), ())


def test_a_download_is_recorded_and_worth_nothing(ann):
    assert deliver(activity({**ACTIVITY, "mode": "downloaded"})) == []
    assert ledger.load("ann").entries[-1].learning[0]["mode"] == facts.DOWNLOADED
    assert points() == 0


def test_an_item_that_operators_keep_is_known(ann):
    ledger.put_item("NEW-LAB", Item(points=3))
    ledger.record_program([facts.LibraryChanged("collaboration", ("NEW-LAB",))], APPROVED)
    deliver(activity({**ACTIVITY, "item": "NEW-LAB"}))
    assert points() == 3


def test_an_activity_waits_for_the_holder_of_its_account_and_counts_once(ann):
    waits = activity(of_account(ACTIVITY, NEW.upper()))
    assert deliver(waits, waits) == []
    assert points() == 0
    ledger.link_accounts("ann", ["ann@example.com", NEW], "Ann", TODAY)
    assert points() == 20
    before = journal()
    assert deliver(waits) == []
    assert journal() == before


def test_an_exam_of_continuous_learning_qualifies_for_a_role_and_is_none_of_continuing_education(ann):
    assert am() == []
    assert deliver(exam(of_account(SPECIALIST)), exam(SPECIALIST, id="2")) == []
    assert am() == ["ann"]
    assert ledger.load("ann").standing.exams == []


def test_an_exam_of_continuing_education_counts_in_both_programs(ann):
    deliver(exam({**EXAM, "exam": "700-1"}))
    assert (am(), [taken.exam for taken in ledger.load("ann").standing.exams]) == (["ann"], ["700-1"])


@pytest.mark.parametrize("data", [BADGE, of_account(BADGE)], ids=["by individual", "by account"])
def test_a_badge_qualifies_through_its_last_day(ann, data):
    assert deliver(badge(data)) == []
    assert (am(date(2021, 12, 31)), am(date(2022, 1, 1))) == (["ann"], [])


def test_a_representative_badge_keeps_its_kind(ann):
    """Recorded when it had expired, so that it was active on the day that the rule names."""
    deliver(badge({**BADGE, "kind": "representative", "expires_on": "2016-06-30"}))
    assert (am(date(2021, 6, 30)), am(date(2021, 7, 1))) == (["ann"], [])


def test_the_same_message_again_changes_nothing_and_other_content_is_refused(ann):
    deliver(activity(), badge(id="2"))
    before = journal()
    assert deliver(activity(time="2021-02-21T09:00:00Z"), badge(id="2", extension="resent")) == []
    deliver(activity({**ACTIVITY, "item": "WEB"}), badge(id="1"), exam(SPECIALIST, id="2"))
    assert journal() == before
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["id-reused"] * 3


def test_one_day_s_activity_counts_once_however_many_messages_tell_it(ann):
    deliver(activity(), activity(of_account(ACTIVITY), id="2"), activity({**ACTIVITY, "mode": "viewed"}, id="3"))
    assert points() == 20


@pytest.mark.parametrize("told", [activity(), badge(), exam(SPECIALIST)], ids=lambda told: told["type"])
def test_what_another_provider_sends_is_not_recorded(ann, told):
    before = journal()
    assert deliver(told, sender="AROASOMEBODYELSE:session") == []
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["wrong-sender"]
    assert journal() == before

"""What administrators see of a specialization and of those who belong to the partner."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from policy.dates import ONE_DAY, add_months
from policy.partners import Partner, facts, views

from tests.policy.histories import SETTINGS
from tests.policy.partners.approved import ANNIVERSARY, LAST_DAY, START, approved, view
from tests.policy.partners.histories import PROGRAM, Event, histories, play
from tests.policy.partners.test_properties import RULE_IDS

OPENS = ANNIVERSARY - timedelta(days=90)


@pytest.fixture
def partner() -> Partner:
    return approved()


def at(partner: Partner, day: date, *keys: str) -> list[Any]:
    partner.advance(day)
    detail = views.detail(partner, "cloud")
    return [detail[key] for key in keys]


def test_the_window_and_the_days_for_a_renewal_stay_until_it_is_renewed(partner: Partner) -> None:
    window, renewal = {"start": START, "end": ANNIVERSARY}, {"from": OPENS, "through": LAST_DAY}
    for day in (START, OPENS, ANNIVERSARY, LAST_DAY):
        assert at(partner, day, "window", "renewal", "points_missing") == [window, renewal, 5]


def test_once_renewed_the_next_renewal_is_shown(partner: Partner) -> None:
    view(partner, "DELTA", OPENS)
    partner.record(facts.RenewalSubmitted("p1", "cloud"), OPENS)
    following = {"from": date(2023, 2, 1) - timedelta(days=90), "through": date(2023, 2, 11)}
    window = {"start": START, "end": ANNIVERSARY}
    assert at(partner, OPENS, "window", "renewal", "points_missing") == [window, following, 0]
    window = {"start": ANNIVERSARY, "end": date(2023, 2, 1)}
    assert at(partner, ANNIVERSARY + ONE_DAY, "window", "renewal", "points_missing") == [window, following, 40]


def test_what_is_lost_has_a_window_without_an_end_and_no_day_for_a_renewal(partner: Partner) -> None:
    shown = at(partner, LAST_DAY + ONE_DAY, "window", "renewal", "points_missing", "blocked_by")
    assert shown == [{"start": START, "end": None}, None, 5, ["points-short", "mandatory-item-missing"]]


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2021, 8, 1), ["renewal-window", "indicator"]),
        (ANNIVERSARY, ["renewal-window", "indicator"]),
        (ANNIVERSARY + ONE_DAY, ["grace", "renewal-at-the-end-of-grace", "indicator"]),
        (LAST_DAY + ONE_DAY, ["lost", "reactivation", "eighteen-months"]),
        (date(2023, 8, 12), ["lost", "reactivation", "eighteen-months"]),
        (date(2023, 8, 13), ["lost", "reactivation"]),
    ],
)
def test_the_rules_that_speak_of_a_status_come_with_it(partner: Partner, day: date, rules: list[str]) -> None:
    assert at(partner, day, "because") == [rules]


def test_a_role_lost_during_the_year_is_a_warning(partner: Partner) -> None:
    partner.record(facts.IndividualLeft("p1", "ann"), OPENS)
    because, roles, blocks = at(partner, OPENS, "because", "roles", "blocks")
    assert because == ["renewal-window", "indicator", "core-kept"]
    assert (roles[0]["individual"], roles[0]["associated"], roles[0]["qualifies"]) == ("ann", False, True)
    assert roles[0]["candidates"] == []
    assert [block["rule"] for block in blocks] == ["points-short", "core-not-met", "mandatory-item-missing"]
    assert blocks[0] == {
        "rule": "points-short",
        "detail": "35 of 40 points are reached; 5 more are needed.",
        "facts": {"points": 35, "required": 40},
    }


def test_a_role_shows_the_present_exam_and_everyone_who_could_fill_it(partner: Partner) -> None:
    for individual in ("bob", "cat", "dan"):
        partner.record(facts.IndividualAssociated("p1", individual), OPENS)
    partner.record(facts.ExamPassed("bob", "700-001", OPENS), OPENS)
    partner.record(facts.ExamPassed("cat", "700-009", OPENS), OPENS)
    partner.record(facts.ExamPassed("dan", "700-009", OPENS), OPENS)
    partner.record(facts.IndividualLeft("p1", "dan"), OPENS)
    day = OPENS + ONE_DAY
    partner.record(facts.ExamReplaced("700-001", "700-009", retake=False), day)
    asks: dict[str, Any] = {"exams": ["700-009"], "badge": None, "certification": None}
    role = {"role": "am", "asks": asks, "individual": "ann", "associated": True, "qualifies": True}
    assert at(partner, day, "roles") == [[role | {"candidates": ["ann", "bob", "cat"]}]]
    partner.record(facts.ExamReplaced("700-009", "700-010", retake=True), day)
    asks = asks | {"exams": ["700-010"]}
    assert at(partner, day, "roles") == [[role | {"asks": asks, "qualifies": False, "candidates": []}]]


def test_the_library_is_the_one_of_today_with_what_is_mandatory_and_taken(partner: Partner) -> None:
    change = facts.LibraryChanged("cloud", ("LAB-20", "DELTA", "CONFERENCE"), ("DELTA", "BOOT"))
    partner.record(change, OPENS)
    [library] = at(partner, OPENS, "library")
    assert [(row["item"], row["points"], row["mandatory"], row["taken"], row["event"]) for row in library] == [
        ("BOOT", 25, True, False, False),
        ("CONFERENCE", 20, False, False, True),
        ("DELTA", 5, True, False, False),
        ("LAB-20", 20, False, True, False),
    ]


def test_what_was_never_approved_shows_its_roles_and_library_alone() -> None:
    partner = Partner(PROGRAM)
    partner.advance(START)
    detail = views.detail(partner, "iot")
    assert detail["roles"][0]["individual"] is None
    assert not any(row["taken"] for row in detail["library"])
    none = {"window": None, "renewal": None, "points_missing": None, "because": ["first-approval"]}
    assert {key: detail[key] for key in none} == none


def test_what_an_application_would_fail_today_is_told(partner: Partner) -> None:
    [application] = at(partner, OPENS, "application")
    assert [block["rule"] for block in application] == ["already-held"]
    partner.record(facts.IndividualLeft("p1", "ann"), OPENS)
    [application] = at(partner, add_months(ANNIVERSARY, 17), "application")
    assert [block["rule"] for block in application] == ["eighteen-months", "core-not-met"]
    assert application[0]["facts"]["last_day"] > ANNIVERSARY
    [application] = at(partner, add_months(ANNIVERSARY, 19), "application")
    assert [block["rule"] for block in application] == ["core-not-met"]


def test_individuals_are_shown_with_their_stays_and_what_they_fill_while_they_are_there(partner: Partner) -> None:
    partner.record(facts.ExamPassed("bob", "700-001", START), OPENS)
    partner.record(facts.IndividualAssociated("p1", "cat"), OPENS)
    ann, cat = views.individuals(partner)
    assert ann == {
        "individual": "ann",
        "employee": "current",
        "stays": [{"first": START, "last": None}],
        "roles": [{"specialization": "cloud", "role": "am"}],
    }
    assert (cat["individual"], cat["roles"]) == ("cat", [])
    partner.record(facts.IndividualLeft("p1", "ann"), ANNIVERSARY)
    left = views.individuals(partner)[0]
    assert (left["employee"], left["roles"], left["stays"]) == (
        "previous",
        [],
        [{"first": START, "last": ANNIVERSARY}],
    )
    partner.record(facts.IndividualAssociated("p1", "ann"), LAST_DAY)
    back = views.individuals(partner)[0]
    assert (back["employee"], len(back["roles"]), len(back["stays"])) == ("current", 1, 2)


def test_a_merged_individual_is_shown_once_with_the_roles_of_both(partner: Partner) -> None:
    partner.record(facts.IndividualAssociated("p1", "ann2"), OPENS)
    partner.record(facts.IndividualsMerged("ann", "ann2"), OPENS)
    [shown] = views.individuals(partner)
    assert (shown["individual"], len(shown["stays"])) == ("ann2", 2)
    assert shown["roles"] == [{"specialization": "cloud", "role": "am"}]
    assert at(partner, OPENS, "roles")[0][0]["individual"] == "ann2"


@SETTINGS
@given(histories())
def test_the_detail_never_contradicts_the_line(events: list[Event]) -> None:
    partner = play(events)
    roles = {
        (who["individual"], role["specialization"], role["role"])
        for who in views.individuals(partner)
        for role in who["roles"]
    }
    for name in PROGRAM.specializations:
        line, detail = views.specialization(partner, name), views.detail(partner, name)
        assert line.items() <= detail.items()
        assert [block["rule"] for block in detail["blocks"]] == line["blocked_by"]
        assert set(detail["because"]) <= RULE_IDS
        if line["anniversary"]:
            assert detail["window"]["end"] == line["anniversary"]
            open_items = [row["item"] for row in detail["library"] if row["mandatory"] and not row["taken"]]
            assert open_items == sorted(line["mandatory_open"])
        for role in detail["roles"]:
            filled = role["associated"] and role["qualifies"]
            assert filled == (role["individual"] in role["candidates"])
            assert role["associated"] == ((role["individual"], name, role["role"]) in roles)

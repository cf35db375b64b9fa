"""Deadlines: the last day of each, as the engine has it when that day comes."""

from datetime import date, timedelta

import pytest
from policy import Standing, facts
from policy.dates import add_years
from policy.deadlines import Deadline, deadlines
from policy.program import load

from tests.policy.test_decisions import imported
from tests.policy.test_views import COMPLETED, SUBMITTED, certified, earn, submit

DAY = timedelta(days=1)
EXPIRES = date(2024, 3, 1)


def of(standing: Standing, kind: str) -> list[tuple[date, str, str]]:
    return [(item.day, item.subject, item.rule) for item in deadlines(standing) if item.kind == kind]


def test_a_certification_expires_on_its_last_day_and_not_again() -> None:
    standing = certified()
    standing.advance(EXPIRES)
    (item,) = deadlines(standing)
    assert (item.day, item.kind, item.subject, item.rule) == (EXPIRES, "certification-expires", "ccie", "status-2020")
    assert {"credits": 120} in item.facts["remaining"]
    standing.advance(EXPIRES + DAY)
    assert deadlines(standing) == []


def test_a_suspension_ends_a_year_later() -> None:
    standing = imported("ccie", "expert", date(2017, 6, 30), date(2019, 6, 30))
    ends = (date(2020, 6, 30), "ccie", "status-2017")
    assert of(standing, "certification-expires") == [(date(2019, 6, 30), "ccie", "status-2017")]
    assert of(standing, "suspension-ends") == [ends]
    standing.advance(date(2020, 6, 30))
    assert (of(standing, "certification-expires"), of(standing, "suspension-ends")) == ([], [ends])


def test_what_is_emeritus_has_no_end() -> None:
    standing = imported("ccie", "expert", date(2017, 6, 30), date(2019, 6, 30))
    standing.record(facts.EmeritusGranted("ccie", True, False), date(2019, 1, 1))
    assert deadlines(standing) == []


def test_a_retired_track_runs_on_to_its_end() -> None:
    standing = Standing(load({"ccie": date(2022, 1, 1)}))
    standing.record(facts.CertificationAwarded("ccie", "expert", date(2021, 3, 1)), date(2021, 3, 1))
    standing.advance(date(2022, 1, 1))
    (item,) = deadlines(standing)
    assert (item.day, item.facts["retired"], item.facts["remaining"]) == (EXPIRES, True, [])


@pytest.mark.parametrize(
    ("expires_on", "ends", "rule"),
    [
        (date(2024, 5, 6), date(2024, 5, 6), "expired-with-certification"),
        (date(2024, 5, 7), date(2024, 5, 7), "validity"),
        (date(2024, 5, 8), date(2024, 5, 7), "validity"),
    ],
)
def test_credits_end_with_the_window_or_with_their_validity(expires_on: date, ends: date, rule: str) -> None:
    standing = imported("ccie", "expert", date(2021, 3, 1), expires_on)
    earn(standing, "c1", "DESIGN")
    assert add_years(COMPLETED, 3) == date(2024, 5, 7)
    assert of(standing, "credits-end") == [(ends, "c1", rule)]
    standing.advance(ends)
    assert standing.claims["c1"].status == "earned"
    assert of(standing, "credits-end") == [(ends, "c1", rule)]
    standing.advance(ends + DAY)
    assert standing.claims["c1"].status == "expired"
    assert of(standing, "credits-end") == []


def test_credits_that_a_recertification_will_use_by_itself_have_no_end() -> None:
    standing = imported("ccna", "associate", date(2021, 3, 1), date(2025, 3, 1))
    earn(standing, "c1", "DESIGN")
    assert of(standing, "credits-end") == []
    (item,) = deadlines(standing)
    assert item.facts["remaining"] == [{}]
    standing.advance(date(2024, 1, 1))
    assert standing.claims["c1"].status == "redeemed"


def test_a_case_may_be_opened_from_the_day_after_the_claim_is_overdue_for_as_long_as_it_is_pending() -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    possible = (SUBMITTED + timedelta(days=31), "c1", "late-decision")
    assert of(standing, "case-from") == [possible]
    standing.advance(SUBMITTED + timedelta(days=100))
    assert of(standing, "case-from") == [possible]
    standing.record(facts.ClaimDecided("c1", "earned"), SUBMITTED + timedelta(days=100))
    assert of(standing, "case-from") == []


def test_the_nearest_comes_first_and_looking_changes_nothing() -> None:
    standing = certified()
    earn(standing, "c1", "DESIGN")
    submit(standing, "c2", "CYBER")
    decisions = list(standing.decisions)
    found: list[Deadline] = deadlines(standing)
    assert [item.kind for item in found] == ["case-from", "certification-expires", "credits-end"]
    assert (standing.today, standing.decisions) == (SUBMITTED, decisions)

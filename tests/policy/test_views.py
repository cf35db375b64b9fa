"""What a holder is shown (A9), and when time alone will change it."""

from datetime import date, timedelta

import pytest
from policy import Standing, facts, views

from tests.policy.histories import COURSES, EXAMS, RULES

SUBMITTED = date(2021, 5, 10)
COMPLETED = date(2021, 5, 7)


def certified(track: str = "ccie", level: str = "expert", began: date = date(2021, 3, 1)) -> Standing:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), began)
    standing.record(facts.CertificationAwarded(track, level, began), began)
    return standing


def submit(standing: Standing, claim: str, course: str, day: date = SUBMITTED, completed: date = COMPLETED) -> None:
    values = ("ann@example.com", course, "1", "activity", "acme", completed, completed)
    standing.record(facts.ClaimSubmitted(claim, *values), day, COURSES[course])


def earn(standing: Standing, claim: str, course: str, day: date = SUBMITTED, completed: date = COMPLETED) -> None:
    submit(standing, claim, course, day, completed)
    standing.record(facts.ClaimDecided(claim, "earned"), day)


def pass_exam(standing: Standing, exam: str, day: date) -> None:
    standing.record(facts.ExamPassed(exam, EXAMS[exam], day), max(day, standing.today))


def test_my_items_shows_a_claim_whole() -> None:
    standing = certified()
    earn(standing, "c1", "DESIGN")
    assert views.claims(standing)["c1"] == {
        "claim_id": "c1",
        "account": "ann@example.com",
        "course": "DESIGN",
        "title": "Design",
        "version": "1",
        "item_type": "activity",
        "provider": "acme",
        "credits": 40,
        "status": "earned",
        "reason": None,
        "started_on": COMPLETED,
        "completed_on": COMPLETED,
        "submitted_on": SUBMITTED,
        "decided_on": SUBMITTED,
        "expires_on": date(2024, 5, 7),
        "overdue": False,
    }


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (29, False), (30, True), (400, True)])
def test_a_pending_claim_is_overdue_from_the_thirtieth_day(days: int, overdue: bool) -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    standing.advance(SUBMITTED + timedelta(days=days))
    assert views.claims(standing)["c1"]["overdue"] is overdue


def test_a_decided_claim_is_not_overdue() -> None:
    standing = certified()
    earn(standing, "c1", "DESIGN")
    standing.advance(SUBMITTED + timedelta(days=30))
    assert views.claims(standing)["c1"]["overdue"] is False


def test_the_dashboard_has_a_line_for_each_certification() -> None:
    standing = certified()
    standing.record(facts.CertificationImported("ccna", "associate", date(2020, 1, 1), date(2021, 5, 9)), SUBMITTED)
    assert views.certifications(standing) == {
        "ccie": {
            "certification": "ccie",
            "level": "expert",
            "cycle_started_on": date(2021, 3, 1),
            "expires_on": date(2024, 3, 1),
            "days_to_expire": 1026,
            "status": "active",
        },
        "ccna": {
            "certification": "ccna",
            "level": "associate",
            "cycle_started_on": date(2020, 1, 1),
            "expires_on": date(2021, 5, 9),
            "days_to_expire": -1,
            "status": "expired",
        },
    }


def test_the_tracker_shows_each_option_with_what_it_needs_and_what_is_left() -> None:
    standing = certified("ccnp", "professional")
    earn(standing, "c2", "SMALL", completed=date(2021, 5, 8))
    earn(standing, "c1", "CYBER")
    progress = views.progress(standing, "ccnp")
    assert (progress["certification"], progress["as_of"], progress["credits"]) == ("ccnp", SUBMITTED, 40)
    assert progress["expires_on"] == date(2024, 3, 1)
    assert [item["claim_id"] for item in progress["counted"]] == ["c1", "c2"]
    assert progress["counted"][0] == {"claim_id": "c1", "credits": 30, "completed_on": COMPLETED}
    assert progress["options"] == [
        {"needs": {"core": 1}, "remaining": {"core": 1}},
        {"needs": {"professional": 2}, "remaining": {"professional": 2}},
        {"needs": {"design_written": 1}, "remaining": {"design_written": 1}},
        {"needs": {"expert_lab": 1}, "remaining": {"expert_lab": 1}},
        {"needs": {"credits": 40, "professional": 1}, "remaining": {"professional": 1}},
        {"needs": {"credits": 80}, "remaining": {"credits": 40}},
    ]
    assert progress["remaining"] == [
        {"core": 1},
        {"design_written": 1},
        {"expert_lab": 1},
        {"professional": 1},
        {"credits": 40},
    ]
    assert progress["because"] == ["credits-count", "exams-count", "credits-shown", "remaining", "edition-2020"]


def test_the_tracker_of_a_track_that_is_not_held_is_an_error() -> None:
    with pytest.raises(KeyError):
        views.progress(certified(), "ccnp")


def test_the_tracker_says_that_a_track_is_retired() -> None:
    standing = certified("ccdp", "professional")
    standing.advance(date(2021, 5, 31))
    assert "retired-track" not in views.progress(standing, "ccdp")["because"]
    standing.advance(date(2021, 6, 1))
    assert "retired-track" in views.progress(standing, "ccdp")["because"]
    assert views.progress(standing, "ccdp")["options"] == []


def test_the_tracker_says_that_an_option_waits_for_its_gain_day() -> None:
    standing = Standing(RULES)
    standing.record(facts.CertificationImported("ccna", "associate", date(2021, 1, 1), date(2026, 1, 1)), SUBMITTED)
    assert "no-gain" not in views.progress(standing, "ccna")["because"]
    pass_exam(standing, "200-1", SUBMITTED)
    assert "no-gain" in views.progress(standing, "ccna")["because"]
    assert views.progress(standing, "ccna")["remaining"] == [{}]


def test_the_tracker_says_that_a_pending_claim_keeps_credits() -> None:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), SUBMITTED)
    standing.record(facts.CertificationImported("ccnp", "professional", date(2021, 1, 1), SUBMITTED), SUBMITTED)
    earn(standing, "c1", "DESIGN")
    submit(standing, "c2", "SMALL")
    assert "open-for-pending" not in views.progress(standing, "ccnp")["because"]
    standing.advance(SUBMITTED + timedelta(days=1))
    assert "open-for-pending" in views.progress(standing, "ccnp")["because"]
    assert views.progress(standing, "ccnp")["credits"] == 40


def test_the_tracker_says_that_a_certification_is_emeritus() -> None:
    standing = Standing(RULES)
    day = date(2019, 1, 1)
    standing.record(facts.CertificationImported("ccie", "expert", date(2013, 1, 1), date(2015, 1, 1)), day)
    assert "emeritus" not in views.progress(standing, "ccie")["because"]
    standing.record(facts.EmeritusGranted("ccie"), day)
    assert "emeritus" in views.progress(standing, "ccie")["because"]


def test_recertifications_show_the_option_that_was_met_and_an_award_none() -> None:
    standing = certified("ccna", "associate")
    earn(standing, "c1", "CYBER")
    standing.record(facts.CertificationAwarded("ccnp", "professional", SUBMITTED), SUBMITTED)
    assert views.recertifications(standing) == [
        {
            "certification": "ccna",
            "date": COMPLETED,
            "option": {"credits": 30},
            "used": ["c1"],
            "exams": [],
            "renewed": ["ccna"],
        },
        {
            "certification": "ccnp",
            "date": SUBMITTED,
            "option": None,
            "used": [],
            "exams": [],
            "renewed": ["ccna"],
        },
    ]


def test_what_falls_due_next_is_told_by_claim_and_certification() -> None:
    standing = certified()
    earn(standing, "c1", "SMALL")
    assert views.due(standing) == {("certification", "ccie"): date(2023, 12, 2), ("claim", "c1"): date(2024, 3, 2)}


def test_a_pending_claim_is_due_when_overdue_and_leaves_other_due_days_as_they_are() -> None:
    standing = certified()
    earn(standing, "c1", "SMALL")
    before = views.due(standing)
    submit(standing, "c2", "CYBER", SUBMITTED + timedelta(days=1))
    assert views.due(standing) == {**before, ("claim", "c2"): date(2021, 6, 10)}
    # It keeps the window open for them all the same, until their validity ends.
    lapses = {d.subject: d.day for d in views.to_come(standing) if d.kind == "credits.expired"}
    assert before["claim", "c1"] < lapses["c1"] == date(2024, 5, 8)


def test_a_gain_day_is_due() -> None:
    standing = Standing(RULES)
    standing.record(facts.CertificationImported("ccna", "associate", date(2021, 1, 1), date(2024, 6, 10)), SUBMITTED)
    pass_exam(standing, "200-1", SUBMITTED)
    assert views.due(standing) == {("certification", "ccna"): date(2021, 6, 11)}


def test_nothing_is_due_for_a_holder_of_nothing() -> None:
    assert views.due(Standing(RULES)) == {}

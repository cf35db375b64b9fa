"""Decisions explain themselves: which rule, on which day, about what and for which further reasons."""

from datetime import date, timedelta
from typing import Any

import pytest
from policy import Refused, Standing, facts

from tests.policy.histories import RULES
from tests.policy.test_views import COMPLETED, SUBMITTED, certified, earn, pass_exam, submit

DAY = timedelta(days=1)


def last(standing: Standing, kind: str) -> dict[str, Any]:
    """The last decision of a kind, as JSON holds it."""
    return [decision for decision in standing.decisions if decision.kind == kind][-1].to_dict()


def kinds_after(standing: Standing, number: int) -> list[tuple[date, str]]:
    return [(decision.day, decision.kind) for decision in standing.decisions[number:]]


def imported(track: str, level: str, began: date, expires: date, day: date | None = None) -> Standing:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), day or began)
    standing.record(facts.CertificationImported(track, level, began, expires), day or began)
    return standing


def test_a_decision_as_json_leaves_out_what_is_empty() -> None:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted("2021-1"), SUBMITTED)
    assert [decision.to_dict() for decision in standing.decisions] == [
        {"day": "2021-05-10", "kind": "terms.accepted", "rule": "terms-required", "subject": "2021-1"}
    ]


def test_a_recertification_tells_the_criteria_the_facts_and_the_edition() -> None:
    standing = certified("ccna", "associate")
    earn(standing, "c1", "CYBER")
    assert last(standing, "certification.recertified") == {
        "day": "2021-05-10",
        "kind": "certification.recertified",
        "rule": "automatic",
        "subject": "ccna",
        "facts": {
            "criteria_met_on": "2021-05-07",
            "option": {"credits": 30},
            "used": ["c1"],
            "exams": [],
            "renewed": ["ccna"],
            "expires_on": "2024-05-07",
        },
        "because": ["criteria-date", "same-and-lower", "edition-2020"],
    }


def test_an_award_tells_what_it_renewed() -> None:
    standing = certified("ccna", "associate")
    standing.record(facts.CertificationAwarded("ccnp", "professional", COMPLETED), SUBMITTED)
    awarded, recertified = last(standing, "certification.awarded"), last(standing, "certification.recertified")
    assert (awarded["rule"], awarded["subject"]) == ("term", "ccnp")
    assert awarded["facts"] == {
        "awarded_on": "2021-05-07",
        "cycle_started_on": "2021-05-07",
        "expires_on": "2024-05-07",
    }
    assert recertified["rule"] == "award-renews-lower"
    assert recertified["facts"] == {"criteria_met_on": "2021-05-07", "renewed": ["ccna"]}


def test_a_claim_that_reopened_its_window_is_told() -> None:
    standing = imported("ccna", "associate", date(2021, 1, 1), SUBMITTED)
    submit(standing, "c1", "CYBER")
    standing.record(facts.ClaimDecided("c1", "earned"), SUBMITTED + DAY)
    assert "open-for-pending" in last(standing, "certification.recertified")["because"]


def test_a_claim_decided_on_the_last_day_reopened_nothing() -> None:
    standing = imported("ccna", "associate", date(2021, 1, 1), SUBMITTED)
    earn(standing, "c1", "CYBER")
    assert "open-for-pending" not in last(standing, "certification.recertified")["because"]


def test_a_late_exam_is_told() -> None:
    standing = imported("ccna", "associate", date(2021, 1, 1), SUBMITTED)
    standing.record(facts.ExamPassed("200-1", "associate", SUBMITTED), SUBMITTED + DAY)
    assert "late-exam" in last(standing, "certification.recertified")["because"]


@pytest.mark.parametrize(("passed_on", "waited"), [(date(2021, 6, 10), True), (date(2021, 6, 11), False)])
def test_a_gain_day_that_was_waited_for_is_told(passed_on: date, waited: bool) -> None:
    standing = imported("ccna", "associate", date(2021, 1, 1), date(2024, 6, 10))
    pass_exam(standing, "200-1", passed_on)
    standing.advance(date(2021, 6, 11))
    assert ("no-gain" in last(standing, "certification.recertified")["because"]) is waited


def test_an_emeritus_brought_back_is_told() -> None:
    standing = imported("ccie", "expert", date(2013, 1, 1), date(2015, 1, 1), date(2019, 1, 1))
    standing.record(facts.EmeritusGranted("ccie"), date(2019, 1, 1))
    assert last(standing, "certification.emeritus")["rule"] == "emeritus"
    pass_exam(standing, "lab-1", date(2019, 6, 1))
    assert "emeritus" in last(standing, "certification.recertified")["because"]
    pass_exam(standing, "400-1", date(2019, 7, 1))
    assert "emeritus" not in last(standing, "certification.recertified")["because"]


def test_a_denial_tells_the_reason_and_what_was_reported_but_no_account() -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    report = facts.CompletionReported(
        "acme", "DESIGN", "1", "ann@work.example", COMPLETED, COMPLETED, "completed", "CDLL-1"
    )
    standing.record(report, SUBMITTED)
    denied = last(standing, "claim.denied")
    assert (denied["rule"], denied["subject"]) == ("mismatched-credentials", "c1")
    assert denied["facts"] == {
        "reason": "mismatched-credentials",
        "reported_provider": "acme",
        "reported_course": "DESIGN",
        "reported_version": "1",
        "reported_started_on": "2021-05-07",
        "reported_completed_on": "2021-05-07",
        "reported_outcome": "completed",
        "reported_certificate_id": "CDLL-1",
    }


def test_an_earned_claim_tells_its_validity() -> None:
    standing = certified()
    earn(standing, "c1", "DESIGN")
    assert last(standing, "claim.earned")["facts"] == {
        "credits": 40,
        "completed_on": "2021-05-07",
        "valid_through": "2024-05-07",
    }


def test_a_dispute_upheld_tells_the_denial() -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    standing.record(facts.ClaimDecided("c1", "denied", "policy-enforcement"), SUBMITTED)
    standing.record(facts.ClaimDecided("c1", "earned"), SUBMITTED)
    earned = last(standing, "claim.earned")
    assert (earned["rule"], earned["facts"]["denied"]) == ("upheld-dispute", "policy-enforcement")


def test_credits_that_expire_tell_why_and_what_they_were() -> None:
    standing = certified("ccnp", "professional")
    earn(standing, "c1", "DESIGN")
    pass_exam(standing, "350-1", SUBMITTED)
    expired = last(standing, "credits.expired")
    assert expired["rule"] == "surplus"
    assert expired["facts"] == {
        "from": "earned",
        "completed_on": "2021-05-07",
        "valid_through": "2024-05-07",
        "reason": "cycle-closed",
    }


@pytest.mark.parametrize(
    ("expires_on", "rule"), [(date(2024, 5, 6), "expired-with-certification"), (date(2024, 5, 7), "validity")]
)
def test_credits_that_expire_name_the_rule_of_the_reason(expires_on: date, rule: str) -> None:
    standing = imported("ccie", "expert", date(2021, 3, 1), expires_on)
    earn(standing, "c1", "DESIGN")
    standing.advance(date(2024, 5, 8))
    assert last(standing, "credits.expired")["rule"] == rule


def test_redeemed_credits_are_told_with_their_recertification() -> None:
    standing = certified("ccna", "associate")
    earn(standing, "c1", "CYBER")
    assert last(standing, "claim.redeemed")["rule"] == "redeemed"
    assert last(standing, "claim.redeemed")["day"] == "2021-05-10"


def test_credits_that_are_earned_again_are_told() -> None:
    standing = certified("ccnp", "professional")
    earn(standing, "c1", "DESIGN")
    standing.record(facts.CertificationAwarded("ccnp", "professional", SUBMITTED), SUBMITTED)
    again = facts.CertificationImported("ccnp", "professional", date(2021, 3, 1), date(2024, 3, 1))
    standing.record(again, SUBMITTED + DAY)
    assert last(standing, "claim.restored")["rule"] == "status-is-derived"


@pytest.mark.parametrize(("course", "kind"), [("CYBER", "claim.review"), ("SMALL", "claim.denied")])
def test_a_retraction_denies_earned_credits_and_has_redeemed_ones_reviewed(course: str, kind: str) -> None:
    standing = certified("ccna", "associate")
    submit(standing, "c1", course)
    report = facts.CompletionReported("acme", course, "1", "ann@example.com", COMPLETED, COMPLETED, "completed")
    standing.record(report, SUBMITTED)
    values = facts.to_dict(report)
    del values["outcome"]
    standing.record(facts.from_dict({**values, "event": "completion_retracted"}), SUBMITTED)
    assert standing.decisions[-1].kind == kind
    assert standing.decisions[-1].rule == "retraction"


def test_a_retraction_that_takes_back_nothing_decides_nothing_about_claims() -> None:
    standing = certified()
    earn(standing, "c1", "DESIGN")
    number = len(standing.decisions)
    standing.record(
        facts.CompletionRetracted("acme", "DESIGN", "1", "ann@example.com", COMPLETED, COMPLETED), SUBMITTED
    )
    assert kinds_after(standing, number) == [(SUBMITTED, "report.retracted")]


def test_a_holder_is_told_before_an_expiration_and_on_the_day_after_it() -> None:
    standing = certified()
    number = len(standing.decisions)
    standing.advance(date(2030, 1, 1))
    expires_on = date(2024, 3, 1)
    expiring = [(expires_on - timedelta(days=days), "certification.expiring") for days in (90, 60, 30, 7)]
    assert kinds_after(standing, number) == [*expiring, (expires_on + DAY, "certification.expired")]
    assert last(standing, "certification.expiring")["facts"] == {"expires_on": "2024-03-01", "days_to_expire": 7}
    assert last(standing, "certification.expired")["rule"] == "status-2020"
    assert last(standing, "certification.expired")["facts"] == {"expires_on": "2024-03-01", "status": "expired"}


def test_a_recertification_puts_the_notices_off() -> None:
    standing = certified()
    pass_exam(standing, "lab-1", date(2024, 2, 10))
    number = len(standing.decisions)
    standing.advance(date(2026, 11, 11))
    assert kinds_after(standing, number) == []
    standing.advance(date(2026, 11, 12))
    assert kinds_after(standing, number) == [(date(2026, 11, 12), "certification.expiring")]


def test_an_expert_of_2017_is_told_to_be_suspended() -> None:
    standing = imported("ccie", "expert", date(2017, 1, 1), date(2019, 1, 1), date(2018, 1, 1))
    standing.advance(date(2019, 1, 2))
    expired = last(standing, "certification.expired")
    assert (expired["rule"], expired["facts"]["status"]) == ("status-2017", "suspended")


def test_an_emeritus_is_told_of_no_expiration() -> None:
    standing = imported("ccie", "expert", date(2017, 1, 1), date(2019, 1, 1), date(2018, 1, 1))
    standing.record(facts.EmeritusGranted("ccie"), date(2018, 1, 2))
    number = len(standing.decisions)
    standing.advance(date(2019, 1, 2))
    assert kinds_after(standing, number) == []


def test_an_import_on_the_day_of_a_notice_is_told_that_day() -> None:
    standing = imported("ccna", "associate", date(2021, 1, 1), SUBMITTED + timedelta(days=90), SUBMITTED)
    assert standing.decisions[-1].kind == "certification.expiring"


def test_a_claim_is_told_to_be_overdue_once_on_the_thirtieth_day() -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    number = len(standing.decisions)
    standing.advance(SUBMITTED + timedelta(days=29))
    assert kinds_after(standing, number) == []
    standing.advance(SUBMITTED + timedelta(days=90))
    assert kinds_after(standing, number) == [(SUBMITTED + timedelta(days=30), "claim.overdue")]
    told = last(standing, "claim.overdue")
    assert (told["rule"], told["facts"]) == ("late-decision", {"submitted_on": "2021-05-10"})


def test_a_refusal_tells_the_facts_that_it_rests_on() -> None:
    standing = certified()
    with pytest.raises(Refused) as refused:
        submit(standing, "c1", "DESIGN", date(2022, 5, 8))
    assert refused.value.rule == "claim-window"
    assert refused.value.facts == {
        "completed_on": COMPLETED,
        "last_day": date(2022, 5, 7),
        "submitted_on": date(2022, 5, 8),
    }
    assert str(refused.value) == f"claim-window: {refused.value.detail}"


def test_a_refused_level_tells_the_levels_that_may_claim() -> None:
    standing = certified("cct", "entry")
    with pytest.raises(Refused) as refused:
        submit(standing, "c1", "DESIGN")
    assert refused.value.facts["eligible_levels"] == ["associate", "specialist", "professional", "expert"]


def test_a_duplicate_tells_the_other_claim() -> None:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    with pytest.raises(Refused) as refused:
        submit(standing, "c2", "DESIGN")
    assert (refused.value.facts["claim"], refused.value.facts["status"]) == ("c1", "pending")


def test_a_decision_about_no_claim_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        certified().record(facts.ClaimDecided("c9", "earned"), SUBMITTED)
    assert refused.value.rule == "operator-decision"


@pytest.mark.parametrize(("track", "due"), [("ccie", True), ("ccie-wireless", False), ("ccnp", False)])
def test_a_fee_paid_for_a_certification_is_due_by_its_credits(track: str, due: bool) -> None:
    standing = imported("ccie", "expert", date(2018, 1, 1), date(2020, 1, 1))
    earn(standing, "c1", "HUGE", date(2018, 5, 10), date(2018, 5, 7))
    standing.record(facts.CertificationAwarded("ccie-wireless", "expert", date(2018, 5, 7)), date(2018, 5, 10))
    fee = facts.FeePaid("300.00", track)
    if due:
        standing.record(fee, date(2018, 5, 11))
        assert last(standing, "fee.recorded")["subject"] == "ccie"
        assert standing.recertifications[-1].certification == "ccie"
    else:
        with pytest.raises(Refused) as refused:
            standing.record(fee, date(2018, 5, 11))
        assert refused.value.rule == "fee-not-due"


def test_a_course_that_the_catalog_does_not_have_is_refused() -> None:
    claim = facts.ClaimSubmitted("c1", "ann@example.com", "X", "1", "activity", "acme", COMPLETED, COMPLETED)
    with pytest.raises(Refused) as refused:
        certified().record(claim, SUBMITTED, None)
    assert refused.value.rule == "unknown-course"

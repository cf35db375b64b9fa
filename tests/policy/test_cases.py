"""Cases about claims and reviews of retractions: what may be said when, and what closes a case (A5, A9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from policy import FormError, Refused, Standing, cases, facts, views

from tests.policy.test_views import COMPLETED, SUBMITTED, certified, earn, submit

DAY = timedelta(days=1)
DAY_30, DAY_31 = SUBMITTED + 30 * DAY, SUBMITTED + 31 * DAY
REPORT = facts.CompletionReported("acme", "DESIGN", "1", "ann@example.com", COMPLETED, COMPLETED, "completed")
DENIED = facts.ClaimDecided("c1", "denied", "policy-enforcement")
EARNED = facts.ClaimDecided("c1", "earned")


def pending() -> Standing:
    standing = certified()
    submit(standing, "c1", "DESIGN")
    return standing


def open_case(standing: Standing, case: str = "k1", claim: str = "c1", day: date = DAY_31) -> None:
    standing.record(facts.CaseOpened(case, claim, "Where is my credit?"), day)


def write(standing: Standing, author: str = "operator", close: bool = False, day: date = DAY_31) -> None:
    standing.record(facts.CaseMessage("k1", author, "We look into it.", close), day)


def disputed(day: date = DAY_31) -> Standing:
    """A case about a pending claim."""
    standing = pending()
    open_case(standing, day=day)
    return standing


def retract(report: facts.CompletionReported) -> facts.CompletionRetracted:
    return facts.CompletionRetracted(**{n: getattr(report, n) for n in facts.CompletionRetracted.__slots__})


def redeemed_and_retracted() -> Standing:
    standing = certified("ccna", "associate")
    submit(standing, "c1", "CYBER")
    report = replace(REPORT, course="CYBER")
    standing.record(report, SUBMITTED)
    standing.record(retract(report), SUBMITTED + DAY)
    return standing


def told(standing: Standing, kind: str) -> list[dict[str, Any]]:
    return [decision.to_dict() for decision in standing.decisions if decision.kind == kind]


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


class TestOpening:
    def test_about_a_pending_claim_is_refused_through_the_day_on_which_it_is_overdue(self) -> None:
        standing = pending()
        refused = refusal(lambda: open_case(standing, day=DAY_30))
        assert refused.rule == "late-decision"
        assert refused.facts == {"submitted_on": SUBMITTED, "allowed_from": DAY_31}
        assert str(DAY_31) in refused.detail
        assert cases.overdue_claims(standing)
        assert standing.cases == {}

    def test_about_a_pending_claim_is_allowed_from_the_day_after_that(self) -> None:
        standing = disputed(DAY_31)
        (case,) = cases.open_cases(standing)
        assert (case.case, case.claim, case.opened_on, case.messages) == ("k1", "c1", DAY_31, 1)
        (opened,) = told(standing, "case.opened")
        assert (opened["rule"], opened["subject"]) == ("late-decision", "k1")
        assert opened["facts"] == {"claim": "c1", "status": "pending", "submitted_on": str(SUBMITTED)}

    @pytest.mark.parametrize("denial", [DENIED, replace(REPORT, outcome="incomplete")])
    def test_about_a_denied_claim_is_allowed_at_once(self, denial: facts.Fact) -> None:
        standing = pending()
        standing.record(denial, SUBMITTED)
        open_case(standing, day=SUBMITTED)
        assert cases.open_cases(standing)

    @pytest.mark.parametrize("day", [SUBMITTED, DAY_31, date(2024, 5, 8)])
    def test_about_an_earned_or_expired_claim_is_refused(self, day: date) -> None:
        standing = certified()
        earn(standing, "c1", "DESIGN")
        refused = refusal(lambda: open_case(standing, day=day))
        assert (refused.rule, refused.facts) == ("late-decision", {"status": views.claims(standing)["c1"]["status"]})

    def test_about_a_redeemed_claim_is_refused(self) -> None:
        standing = redeemed_and_retracted()
        assert refusal(lambda: open_case(standing)).facts == {"status": "redeemed"}

    def test_about_a_pending_claim_that_expired_is_refused(self) -> None:
        standing = pending()
        standing.record(facts.CertificationAwarded("ccie", "expert", SUBMITTED + DAY), SUBMITTED + DAY)
        assert refusal(lambda: open_case(standing)).facts == {"status": "expired"}

    def test_about_no_claim_is_refused(self) -> None:
        assert refusal(lambda: open_case(certified())).rule == "late-decision"

    def test_a_second_one_about_the_same_claim_is_refused_and_names_the_first(self) -> None:
        standing = disputed()
        refused = refusal(lambda: open_case(standing, "k2"))
        assert (refused.rule, refused.facts) == ("cases", {"case": "k1", "opened_on": DAY_31})
        assert "k1" in refused.detail

    def test_again_is_allowed_once_the_first_is_closed(self) -> None:
        standing = disputed()
        write(standing, close=True)
        open_case(standing, "k2")
        assert [case.case for case in cases.open_cases(standing)] == ["k2"]

    def test_one_about_each_claim_is_allowed(self) -> None:
        standing = pending()
        submit(standing, "c2", "CYBER")
        open_case(standing)
        open_case(standing, "k2", "c2")
        assert len(cases.open_cases(standing)) == 2

    def test_an_id_is_for_one_case(self) -> None:
        with pytest.raises(FormError):
            open_case(disputed(), "k1", "c1")


class TestClosing:
    @pytest.mark.parametrize(
        ("fact", "outcome", "rule"),
        [
            (EARNED, "earned", "operator-decision"),
            (DENIED, "denied", "operator-decision"),
            (REPORT, "earned", "training-record"),
        ],
    )
    def test_a_decision_on_the_claim_closes_its_case(self, fact: facts.Fact, outcome: str, rule: str) -> None:
        standing = disputed()
        standing.record(fact, DAY_31 + DAY)
        case = standing.cases["k1"]
        assert (case.closed_on, case.outcome) == (DAY_31 + DAY, outcome)
        (closed,) = told(standing, "case.closed")
        assert (closed["rule"], closed["because"]) == ("cases", [rule])
        assert closed["facts"] == {"claim": "c1", "outcome": outcome}

    def test_an_upheld_dispute_closes_the_case_and_keeps_the_first_submission_date(self) -> None:
        standing = pending()
        standing.record(DENIED, SUBMITTED)
        open_case(standing)
        standing.record(EARNED, DAY_31 + DAY)
        assert standing.cases["k1"].outcome == "earned"
        assert told(standing, "case.closed")[0]["because"] == ["upheld-dispute"]
        assert standing.claims["c1"].submitted_on == SUBMITTED

    def test_a_corrected_report_closes_the_case(self) -> None:
        standing = pending()
        standing.record(replace(REPORT, outcome="incomplete"), SUBMITTED)
        open_case(standing)
        standing.record(REPORT, DAY_31)
        assert standing.cases["k1"].outcome == "earned"

    def test_credits_that_are_redeemed_at_once_close_it_as_earned(self) -> None:
        standing = certified("ccna", "associate")
        submit(standing, "c1", "CYBER")
        open_case(standing)
        standing.record(replace(REPORT, course="CYBER"), DAY_31)
        assert (standing.claims["c1"].status, standing.cases["k1"].outcome) == ("redeemed", "earned")

    def test_a_report_that_denies_leaves_the_case_open(self) -> None:
        standing = disputed()
        standing.record(replace(REPORT, outcome="incomplete"), DAY_31)
        assert standing.claims["c1"].status == "denied"
        assert standing.cases["k1"].open

    def test_a_decision_on_another_claim_leaves_the_case_open(self) -> None:
        standing = disputed()
        submit(standing, "c2", "CYBER", DAY_31)
        standing.record(facts.ClaimDecided("c2", "earned"), DAY_31)
        assert standing.cases["k1"].open

    def test_time_alone_leaves_the_case_open(self) -> None:
        standing = disputed()
        standing.advance(date(2030, 1, 1))
        assert standing.cases["k1"].open

    def test_an_operator_closes_it_with_an_answer(self) -> None:
        standing = disputed()
        write(standing, close=True)
        assert standing.cases["k1"].outcome == "answered"
        assert [d.kind for d in standing.decisions[-2:]] == ["case.answered", "case.closed"]
        assert "because" not in told(standing, "case.closed")[0]

    def test_a_holder_closes_nothing(self) -> None:
        with pytest.raises(FormError) as refused:
            write(disputed(), "holder", close=True)
        assert refused.value.key == "close"


class TestMessages:
    def test_are_taken_from_both_sides_and_say_nothing_in_decisions(self) -> None:
        standing = disputed()
        write(standing, "operator")
        write(standing, "holder")
        assert standing.cases["k1"].messages == 3
        assert [d["facts"]["author"] for d in told(standing, "case.answered")] == ["operator", "holder"]
        assert not any("look into it" in str(decision) for decision in standing.decisions)

    @pytest.mark.parametrize("author", ["holder", "operator"])
    def test_of_a_closed_case_are_refused(self, author: str) -> None:
        standing = disputed()
        standing.record(EARNED, DAY_31)
        refused = refusal(lambda: write(standing, author))
        assert refused.rule == "cases"
        assert refused.facts == {"case": "k1", "closed_on": DAY_31, "outcome": "earned"}

    def test_of_no_case_are_refused(self) -> None:
        assert refusal(lambda: write(pending())).rule == "cases"

    def test_are_bounded_but_for_the_one_that_closes(self) -> None:
        standing = disputed()
        for _ in range(cases.MESSAGES_MAX - 1):
            write(standing, "holder")
        assert refusal(lambda: write(standing, "operator")).facts["messages"] == cases.MESSAGES_MAX
        write(standing, close=True)

    @pytest.mark.parametrize(
        ("fact", "key"),
        [
            (facts.CaseOpened("k2", "c1", " \n"), "message"),
            (facts.CaseOpened("k2", "c1", "x" * 4001), "message"),
            (facts.CaseMessage("k1", "holder", "x" * 4001), "message"),
            (facts.CaseMessage("k1", "provider", "x"), "author"),
            (facts.ClaimReviewed("c1", "\t"), "note"),
        ],
    )
    def test_that_cannot_be_one_are_form_errors(self, fact: facts.Fact, key: str) -> None:
        with pytest.raises(FormError) as refused:
            disputed().record(fact, DAY_31)
        assert refused.value.key == key

    def test_of_four_thousand_characters_are_taken(self) -> None:
        disputed().record(facts.CaseMessage("k1", "holder", "x" * 4000), DAY_31)


class TestReview:
    def test_a_retraction_of_redeemed_credits_waits_until_it_is_reviewed(self) -> None:
        standing = redeemed_and_retracted()
        claim = standing.claims["c1"]
        assert cases.to_review(claim)
        assert claim.retracted_on == SUBMITTED + DAY
        standing.record(facts.ClaimReviewed("c1", "Spoken to."), DAY_31)
        assert not cases.to_review(claim)
        (reviewed,) = told(standing, "claim.reviewed")
        assert (reviewed["rule"], reviewed["subject"]) == ("retraction", "c1")
        assert claim.status == "redeemed"

    def test_is_done_once(self) -> None:
        standing = redeemed_and_retracted()
        standing.record(facts.ClaimReviewed("c1", "Spoken to."), DAY_31)
        refused = refusal(lambda: standing.record(facts.ClaimReviewed("c1", "Again."), DAY_31))
        assert (refused.rule, refused.facts) == ("retraction", {"reviewed_on": DAY_31})

    @pytest.mark.parametrize("claim", ["c1", "c9"])
    def test_of_what_was_not_retracted_is_refused(self, claim: str) -> None:
        refused = refusal(lambda: pending().record(facts.ClaimReviewed(claim, "?"), DAY_31))
        assert refused.rule == "retraction"

    def test_of_an_earned_claim_that_a_retraction_denied_is_refused(self) -> None:
        standing = pending()
        standing.record(REPORT, SUBMITTED)
        standing.record(retract(REPORT), SUBMITTED)
        assert standing.claims["c1"].status == "denied"
        assert refusal(lambda: standing.record(facts.ClaimReviewed("c1", "?"), DAY_31)).rule == "retraction"


def test_an_evaluation_follows_no_fact_of_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = redeemed_and_retracted()
    standing.record(facts.CertificationAwarded("ccie", "expert", SUBMITTED), SUBMITTED + DAY)
    submit(standing, "c2", "DESIGN", SUBMITTED + DAY, SUBMITTED + DAY)
    standing.advance(SUBMITTED + 40 * DAY)
    monkeypatch.setattr("policy.standing.evaluate", None)
    monkeypatch.setattr("policy.standing.settle", None)
    open_case(standing, claim="c2", day=standing.today)
    write(standing, day=standing.today)
    standing.record(facts.ClaimReviewed("c1", "Spoken to."), standing.today)

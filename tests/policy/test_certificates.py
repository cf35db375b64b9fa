"""Certificate ids that earn for another holder's claim (certificate-used-once): the policy is told when they do."""

from dataclasses import replace
from datetime import date

import pytest
from policy import Standing, facts

from tests.policy.histories import COURSES, reported
from tests.policy.test_views import COMPLETED, SUBMITTED, certified

CLAIM = facts.ClaimSubmitted(
    "c1", "ann@example.com", "DESIGN", "1", "activity", "acme", COMPLETED, COMPLETED, certificate_id="CDLL-1"
)
TAKEN, FREED = facts.CertificateTaken("CDLL-1"), facts.CertificateFreed("CDLL-1")


@pytest.fixture
def standing() -> Standing:
    return certified()


def submit(standing: Standing, claim: facts.ClaimSubmitted = CLAIM, day: date = SUBMITTED) -> None:
    standing.record(claim, day, COURSES[claim.course])


def status(standing: Standing, claim: str = "c1") -> tuple[str, str | None]:
    return standing.claims[claim].status, standing.claims[claim].reason


def test_a_pending_claim_is_denied_when_its_certificate_earns_elsewhere(standing: Standing) -> None:
    submit(standing)
    standing.record(TAKEN, SUBMITTED)
    assert status(standing) == ("denied", "mismatched-credentials")
    assert standing.decisions[-1].rule == "certificate-used-once"


def test_a_pending_claim_with_another_certificate_is_not(standing: Standing) -> None:
    submit(standing, replace(CLAIM, certificate_id="CDLL-2"))
    submit(standing, replace(CLAIM, claim="c2", course="SMALL", certificate_id=None))
    standing.record(TAKEN, SUBMITTED)
    assert status(standing) == status(standing, "c2") == ("pending", None)


def test_a_claim_with_a_certificate_that_earned_elsewhere_is_denied_at_once(standing: Standing) -> None:
    standing.record(TAKEN, SUBMITTED)
    standing.record(reported(CLAIM), SUBMITTED)
    submit(standing)
    assert status(standing) == ("denied", "mismatched-credentials")


def test_such_a_denial_is_not_corrected_by_a_report(standing: Standing) -> None:
    standing.record(TAKEN, SUBMITTED)
    submit(standing)
    standing.record(FREED, SUBMITTED)
    standing.record(reported(CLAIM), SUBMITTED)
    assert status(standing) == ("denied", "mismatched-credentials")


def test_an_operator_may_uphold_a_dispute_about_it(standing: Standing) -> None:
    standing.record(TAKEN, SUBMITTED)
    submit(standing)
    standing.record(facts.ClaimDecided("c1", "earned"), SUBMITTED)
    assert status(standing) == ("earned", None)


def test_a_claim_that_has_earned_already_stays_earned(standing: Standing) -> None:
    submit(standing)
    standing.record(reported(CLAIM), SUBMITTED)
    standing.record(TAKEN, SUBMITTED)
    assert status(standing) == ("earned", None)


def test_a_claim_denied_for_a_report_is_not_corrected_while_its_certificate_earns_elsewhere(standing: Standing) -> None:
    submit(standing)
    standing.record(reported(CLAIM, "incomplete"), SUBMITTED)
    standing.record(TAKEN, SUBMITTED)
    standing.record(reported(CLAIM), SUBMITTED)
    assert status(standing) == ("denied", "inadequate-completion")


def test_a_certificate_that_was_freed_earns_again(standing: Standing) -> None:
    standing.record(TAKEN, SUBMITTED)
    standing.record(FREED, SUBMITTED)
    submit(standing)
    standing.record(reported(CLAIM), SUBMITTED)
    assert status(standing) == ("earned", None)

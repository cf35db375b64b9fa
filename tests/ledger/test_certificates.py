"""certificate-used-once, across holders."""

from datetime import timedelta

import ledger
import pytest
from policy import facts

from tests.ledger import world

ID = "CDLL-7"
DAY = world.COMPLETED + timedelta(days=7)


@pytest.fixture(autouse=True)
def _holders(table: str) -> None:
    world.enroll("ann")
    world.enroll("bo")


def report(holder: str) -> facts.CompletionReported:
    return world.completion(f"{holder}@example.com", certificate_id=ID)


def test_a_claim_with_an_id_that_has_earned_for_another_is_denied_at_once() -> None:
    world.submit("ann", certificate_id=ID)
    world.push(report("ann"))
    denied = world.submit("bo", certificate_id=ID)
    assert [fact["event"] for fact in denied.entry.facts] == ["certificate_taken", "claim_submitted"]
    assert denied.standing.claims["bo-0001"].rule == "certificate-used-once"
    assert world.claims("bo") == {"bo-0001": "denied"}


def test_a_report_earns_nothing_with_an_id_that_has_earned_for_another() -> None:
    for holder in ("ann", "bo"):
        world.submit(holder, certificate_id=ID)
        world.push(report(holder))
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert world.claims("bo") == {"bo-0001": "denied"}


def test_the_stream_tells_a_pending_claim_of_another_once() -> None:
    world.submit("ann", certificate_id=ID)
    world.submit("bo", certificate_id=ID)
    earned = world.push(report("ann"))
    assert earned.entry.certificates == (ID,)
    assert world.claims("bo") == {"bo-0001": "pending"}
    assert ledger.spread_certificates(earned.entry) == 1
    assert ledger.spread_certificates(earned.entry) == 0
    assert world.claims("bo") == {"bo-0001": "denied"}


def test_a_retraction_frees_the_id_for_all() -> None:
    world.submit("ann", certificate_id=ID)
    world.submit("bo", certificate_id=ID)
    world.push(report("ann"))
    world.deliver()
    retracted = world.push(world.retraction(report("ann")))
    assert retracted.entry.certificates == (ID,)
    # Said before the stream has told it:
    again = world.submit("bo", certificate_id=ID, day=DAY)
    assert [fact["event"] for fact in again.entry.facts] == ["certificate_freed", "claim_submitted"]
    world.push(report("bo"))
    assert world.claims("bo") == {"bo-0001": "denied", "bo-0002": "earned"}


def test_what_is_told_late_is_what_holds_now() -> None:
    world.submit("ann", certificate_id=ID)
    world.submit("bo", certificate_id=ID)
    earned = world.push(report("ann"))
    world.push(world.retraction(report("ann")))
    assert ledger.spread_certificates(earned.entry) == 0
    assert world.claims("bo") == {"bo-0001": "pending"}


def test_an_operator_may_uphold_a_dispute_about_it() -> None:
    world.submit("ann", certificate_id=ID)
    world.push(report("ann"))
    world.submit("bo", certificate_id=ID)
    ledger.record("bo", [facts.ClaimDecided("bo-0001", "earned")], DAY)
    assert world.claims("bo") == {"bo-0001": "earned"}
    assert world.claims("ann") == {"ann-0001": "earned"}
    world.push(world.retraction(report("ann")))
    assert world.deliver() > 0
    assert "CDLL-7" in ledger.load("ann").standing.certificates_taken


def test_claims_without_an_id_have_nothing_to_do_with_it() -> None:
    for holder in ("ann", "bo"):
        world.submit(holder)
        world.push(world.completion(f"{holder}@example.com"))
    assert not [pk for pk, _ in world.snapshot() if pk.startswith("CERTIFICATE#")]
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert world.claims("bo") == {"bo-0001": "earned"}

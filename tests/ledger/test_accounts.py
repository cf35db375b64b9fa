from datetime import timedelta

import ledger
import pytest
from ledger import Source, accounts
from policy import FormError, facts

from tests.ledger import world

DAY = world.COMPLETED + timedelta(days=7)
ANN, SECOND = "ann@example.com", "ann@work.example.com"


@pytest.fixture(autouse=True)
def _ann(table: str) -> None:
    world.enroll("ann")


def link(holder: str, *accounts: str, name: str | None = None) -> ledger.Linked:
    return ledger.link_accounts(holder, list(accounts), name, DAY)


def test_a_linked_account_is_its_holders() -> None:
    assert ledger.holder_of(ANN) == "ann"
    assert ledger.holder_of("bo@example.com") is None


def test_linking_says_whether_the_holder_is_new_and_whether_anything_changed() -> None:
    new = link("bo", "bo@example.com", name="Bo")
    assert (new.created, new.changed) == (True, True)
    same = link("bo", "bo@example.com", name="Bo")
    assert (same.created, same.changed, same.recorded) == (False, False, None)
    renamed = link("bo", "bo@example.com", name="Bob")
    assert (renamed.created, renamed.changed) == (False, True)
    assert ledger.load("bo").name == "Bob"


def test_a_holder_may_be_known_without_an_account() -> None:
    assert link("bo").created
    assert not link("bo").changed
    assert ledger.load("bo").version == 1


def test_accounts_are_added_and_taken_away_as_the_list_says() -> None:
    link("ann", ANN, SECOND)
    assert ledger.holder_of(SECOND) == "ann"
    link("ann", SECOND)
    assert ledger.holder_of(ANN) is None
    assert ledger.load("ann").accounts == (SECOND,)
    link("ann")
    assert ledger.load("ann").accounts == ()


def test_an_account_of_another_holder_is_not_taken() -> None:
    before = world.snapshot()
    with pytest.raises(ledger.AccountTaken) as taken:
        link("bo", "bo@example.com", ANN)
    assert (taken.value.account, taken.value.holder) == (ANN, "ann")
    assert world.snapshot() == before


def test_an_account_with_a_claim_or_a_report_stays() -> None:
    link("ann", ANN, SECOND)
    world.submit("ann")
    world.push(world.completion(SECOND, "DESIGN"))
    for kept in (ANN, SECOND):
        with pytest.raises(ledger.AccountInUse):
            link("ann", kept)


def test_a_report_for_an_account_that_nobody_has_waits_for_whoever_gets_it() -> None:
    waiting = world.push(world.completion(SECOND))
    assert (waiting.owner, waiting.entry, waiting.again) == (None, None, False)
    world.submit("ann")
    linked = link("ann", ANN, SECOND)
    assert [fact["event"] for fact in linked.recorded.entry.facts] == ["completion_reported"]
    assert [decision["kind"] for decision in linked.recorded.entry.decisions] == ["report.recorded", "claim.denied"]
    assert linked.recorded.standing.claims["ann-0001"].reason == "mismatched-credentials"


def test_what_waited_is_decided_in_the_order_in_which_it_came() -> None:
    outcomes = ["incomplete", "completed"]
    for account in (SECOND, "ann@home.example.com"):
        for outcome in outcomes:
            world.push(world.completion(account, outcome=outcome), message_id=f"{account} {outcome}")
    linked = link("ann", ANN, "ann@home.example.com", SECOND)
    recorded = [(fact["account"], fact["outcome"]) for fact in linked.recorded.entry.facts]
    assert recorded == [(account, outcome) for account in (SECOND, "ann@home.example.com") for outcome in outcomes]


def test_the_same_message_again_is_known_while_it_waits_and_when_it_has_moved() -> None:
    report = world.completion(SECOND)
    world.push(report, message_id="m")
    assert world.push(report, message_id="m").again
    with pytest.raises(ledger.FactConflict):
        world.push(world.completion(SECOND, "DESIGN"), message_id="m")
    linked = link("ann", ANN, SECOND)
    again = world.push(report, message_id="m")
    assert again.again
    assert again.entry == linked.recorded.entry


def test_a_fact_that_cannot_be_one_does_not_wait() -> None:
    before = world.snapshot()
    with pytest.raises(FormError):
        world.push(world.completion(SECOND), day=world.COMPLETED - timedelta(days=1))
    assert world.snapshot() == before


def test_a_waiting_fact_that_the_policy_refuses_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    exam = facts.ExamPassed("300-1", "core", DAY)
    ledger.record_for_account(SECOND, exam, DAY, source=Source("acme", "exam", {}))
    world.push(world.completion(SECOND))
    monkeypatch.setattr(facts, "EXAM_KINDS", ("expert_lab",))
    linked = link("ann", ANN, SECOND)
    (refused,) = linked.recorded.entry.refused
    assert refused["fact"]["exam"] == "300-1"
    assert "kind" in refused["detail"]
    assert len(linked.recorded.entry.facts) == 1
    assert ledger.record_for_account(SECOND, exam, DAY, source=Source("acme", "exam", {})).again


def test_no_more_waits_at_an_account_than_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "WAITING_MAX", 2)
    for number in range(2):
        world.push(world.completion(SECOND), message_id=str(number))
    with pytest.raises(ledger.WaitingFull):
        world.push(world.completion(SECOND), message_id="2")
    assert world.push(world.completion(SECOND), message_id="1").again


def test_a_message_for_an_account_that_moved_on_is_still_known() -> None:
    exam = facts.ExamPassed("300-1", "core", DAY)
    source = Source("acme", "exam", {})
    ledger.record_for_account(SECOND, exam, DAY, source=source)
    link("ann", ANN, SECOND)
    link("ann", ANN)
    link("bo", SECOND)
    again = ledger.record_for_account(SECOND, exam, DAY, source=source)
    assert (again.again, again.entry) == (True, None)
    assert ledger.load("bo").standing.exams == []

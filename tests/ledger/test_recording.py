from datetime import timedelta
from typing import Any

import ledger
import pytest
from ledger import Source
from policy import FormError, Refused, facts

from tests.ledger import world

DAY = world.COMPLETED + timedelta(days=5)


@pytest.fixture(autouse=True)
def _ann(table: str) -> None:
    world.enroll("ann")


def test_a_claim_is_a_journal_entry_and_an_item_of_its_own() -> None:
    recorded = world.submit("ann")
    assert recorded.entry is not None
    assert (recorded.entry.seq, recorded.entry.day) == (3, DAY)
    assert recorded.entry.facts[0]["claim"] == "ann-0001"
    assert [decision["kind"] for decision in recorded.entry.decisions] == ["claim.submitted"]
    assert world.claims("ann") == {"ann-0001": "pending"}


def test_what_is_recorded_is_what_is_loaded() -> None:
    recorded = world.submit("ann")
    loaded = ledger.load("ann", consistent=True)
    assert loaded.entries[-1] == recorded.entry
    assert (loaded.version, loaded.last_day) == (3, DAY)
    assert loaded.standing.claims == recorded.standing.claims
    assert (loaded.accounts, loaded.name) == (("ann@example.com",), "Ann")


def test_the_credits_kept_are_those_of_the_catalog_that_day() -> None:
    recorded = world.submit("ann")
    assert recorded.entry.facts[0]["credits"] == 64
    assert recorded.entry.facts[0]["title"] == "Course CORE"


def test_a_report_earns_and_the_same_entry_tells_it() -> None:
    world.submit("ann")
    recorded = world.push(world.completion("ann@example.com"))
    assert [decision["kind"] for decision in recorded.entry.decisions] == ["report.recorded", "claim.earned"]
    (event,) = recorded.entry.events
    assert (event["id"], event["type"], event["subject"]) == ("ann-4-1", "claim.earned", "ann-0001")
    assert event["data"]["holder"] == "ann"
    assert event["data"]["rule"] == "training-record"
    assert world.claims("ann") == {"ann-0001": "earned"}


def test_the_same_key_again_is_answered_with_what_was_recorded_then() -> None:
    first = world.submit("ann", key="k")
    world.push(world.completion("ann@example.com"))
    again = world.submit("ann", key="k", day=DAY + timedelta(days=30))
    assert again.again
    assert again.entry == first.entry
    assert again.standing.claims["ann-0001"].status == "pending"
    assert ledger.load("ann").version == 4


def test_the_same_key_with_another_body_is_a_conflict() -> None:
    world.submit("ann", key="k")
    with pytest.raises(ledger.FactConflict):
        world.submit("ann", "DESIGN", key="k")


def test_the_same_message_again_is_answered_with_what_was_recorded_then() -> None:
    first = world.push(world.completion("ann@example.com"), message_id="m")
    again = world.push(world.completion("ann@example.com"), message_id="m", day=DAY + timedelta(days=30))
    assert again.again
    assert again.entry == first.entry


def test_the_same_message_id_with_other_content_is_a_conflict_whoever_it_is_about() -> None:
    world.enroll("bo")
    world.push(world.completion("ann@example.com"), message_id="m")
    with pytest.raises(ledger.FactConflict):
        world.push(world.completion("bo@example.com"), message_id="m")
    with pytest.raises(ledger.FactConflict):
        world.push(world.completion("nobody@example.com"), message_id="m")
    assert ledger.load("bo").version == 2


def test_a_message_id_of_one_source_is_not_that_of_another() -> None:
    for source in ("acme", "globex"):
        exam = facts.ExamPassed("300-1", "core", DAY)
        recorded = ledger.record("ann", [exam], DAY, source=Source(source, "1", {}))
        assert not recorded.again


def test_a_refused_fact_leaves_no_trace() -> None:
    world.submit("ann")
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.submit("ann", completed=world.COMPLETED + timedelta(days=1))
    assert refused.value.rule == "duplicate-course"
    assert world.snapshot() == before


def test_a_fact_that_cannot_be_one_leaves_no_trace() -> None:
    before = world.snapshot()
    with pytest.raises(FormError):
        ledger.record("ann", [facts.ExamPassed("300-1", "core", DAY + timedelta(days=1))], DAY)
    assert world.snapshot() == before


def test_of_several_facts_all_are_recorded_or_none() -> None:
    before = world.snapshot()
    exam, future = (facts.ExamPassed("300-1", "core", DAY + timedelta(days=late)) for late in (0, 1))
    with pytest.raises(FormError):
        ledger.record("ann", [exam, future], DAY)
    assert world.snapshot() == before
    assert len(ledger.record("ann", [exam, exam], DAY).entry.facts) == 2


def test_a_fact_about_an_account_that_is_not_the_holders_is_not_recorded() -> None:
    with pytest.raises(ledger.AccountNotLinked):
        world.submit("ann", account="bo@example.com")
    exam = facts.ExamPassed("300-1", "core", DAY)
    with pytest.raises(ledger.AccountNotLinked):
        ledger.record("ann", [exam], DAY, account="bo@example.com")


def test_days_never_go_back() -> None:
    world.submit("ann", day=DAY + timedelta(days=10))
    recorded = world.push(world.completion("ann@example.com"), day=DAY)
    assert recorded.entry.day == DAY + timedelta(days=10)


def test_time_that_passed_before_a_fact_is_told_in_its_entry() -> None:
    recorded = ledger.record("ann", [facts.ExamPassed("100-1", "associate", DAY)], world.START + timedelta(days=1094))
    kinds = [decision["kind"] for decision in recorded.entry.decisions]
    assert kinds == ["certification.expiring"] * 4 + ["exam.recorded"]


def test_who_makes_the_facts_may_let_time_pass_in_what_it_looks_at() -> None:
    day = world.START + timedelta(days=1094)

    def exam(loaded: ledger.Loaded) -> list[facts.Fact]:
        loaded.standing.advance(day)
        return [facts.ExamPassed("100-1", "associate", DAY)]

    kinds = [decision["kind"] for decision in ledger.record("ann", exam, day).entry.decisions]
    assert kinds == ["certification.expiring"] * 4 + ["exam.recorded"]


def test_as_of_a_past_day_only_what_was_known_then() -> None:
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    then = ledger.load("ann", through_day=DAY + timedelta(days=1))
    assert then.standing.today == DAY + timedelta(days=1)
    assert then.standing.claims["ann-0001"].status == "pending"
    assert not ledger.load("ann", through_day=DAY - timedelta(days=1)).standing.claims


def test_right_after_an_entry() -> None:
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    assert ledger.load("ann", through_seq=3).standing.claims["ann-0001"].status == "pending"
    assert ledger.load("ann", through_seq=2).last_day == world.START


def test_a_holder_that_is_not_known_is_empty() -> None:
    loaded = ledger.load("nobody")
    assert (loaded.version, loaded.last_day, loaded.accounts) == (0, None, ())


def test_a_long_journal_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        ledger.record("ann", [facts.ExamPassed(f"300-{number}", "entry", DAY)], DAY)
    real = ledger.table._call

    def small_pages(operation: str, **arguments: object) -> object:
        return real(operation, **arguments, **({"Limit": 2} if operation == "query" else {}))

    monkeypatch.setattr(ledger.table, "_call", small_pages)
    assert ledger.load("ann").version == 7


def test_claim_ids_say_whose_claim_it_is_and_sort_as_submitted() -> None:
    ids = [world.submit("ann", name).entry.facts[0]["claim"] for name in ("CORE", "DESIGN", "CYBER")]
    assert ids == sorted(ids) == ["ann-0001", "ann-0002", "ann-0003"]
    assert {ledger.holder_by_id(claim) for claim in ids} == {"ann"}
    assert ledger.holder_by_id("") == ""


def test_few_items_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[str]] = []
    real = ledger.table.transact

    def noting(actions: list[dict[str, dict[str, Any]]]) -> None:
        places = [{**part.get("Item", {}), **part.get("Key", {})} for action in actions for part in action.values()]
        written.append([place["sk"]["S"].partition("#")[0] for place in places])
        real(actions)

    monkeypatch.setattr(ledger.table, "transact", noting)
    world.submit("ann")
    world.push(world.completion("ann@example.com", "DESIGN"))
    world.push(world.completion("ann@example.com"))
    assert written == [["J", "CLAIM"], ["J", "FACT"], ["J", "FACT", "CLAIM", "CERT"]]

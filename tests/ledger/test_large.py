"""More than one transaction or one item holds."""

import base64
import random
from datetime import date, timedelta

import ledger
import pytest
from ledger import commit, keys, table
from ledger.check import check
from ledger.errors import Contended
from policy import facts

from tests.ledger import world

CLAIMS = 150
EXPIRED = date(2024, 1, 30)
ANN = "ann@example.com"


@pytest.fixture(autouse=True)
def _ann(large_table: str) -> None:
    world.enroll("ann", level="expert", certification="ccie")


def many_claims() -> None:
    """Claims that are earned and will all expire on one day."""
    start = world.COMPLETED - timedelta(days=4)
    values = ("1.0", world.ACTIVITY, "acme", start, world.COMPLETED)
    claims = [facts.ClaimSubmitted(f"ann-{n + 1:04d}", ANN, f"C{n}", *values) for n in range(CLAIMS)]
    decided = [facts.ClaimDecided(claim.claim, "earned") for claim in claims]
    day = world.COMPLETED + timedelta(days=5)
    # The policy is asked about one course; these differ in their id alone, and are worth nothing.
    ledger.record("ann", [*claims, *decided], day, course=world.course("ANY", 0))


def unfinished() -> bool:
    return table.get(keys.unfinished("H#ann")) is not None


def fail_from(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let transactions fail from the so manieth on."""
    real, calls = table.transact, iter(range(1000))

    def failing(actions: list[dict[str, object]]) -> None:
        if next(calls) >= number:
            raise Contended("injected")
        real(actions)

    monkeypatch.setattr(table, "transact", failing)


def test_what_does_not_fit_into_one_transaction_follows_in_others() -> None:
    many_claims()
    settled = ledger.settle("ann", EXPIRED)
    assert settled.entry.unprojected > CLAIMS - 100
    assert set(world.claims("ann").values()) == {"expired"}
    assert not unfinished()


def test_who_loads_next_to_write_goes_on_where_a_crash_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    many_claims()
    with monkeypatch.context() as patch:
        fail_from(patch, 1)
        ledger.settle("ann", EXPIRED)
    assert set(world.claims("ann").values()) == {"expired", "earned"}
    assert {finding.invariant for finding in check()} == {1, 5}
    assert ledger.load("ann").standing.claims["ann-0150"].status == "expired"
    ledger.record("ann", [facts.ExamPassed("300-1", "core", EXPIRED)], EXPIRED)
    assert set(world.claims("ann").values()) == {"expired"}
    assert not unfinished()


def found_due(through_day: date) -> list[str]:
    return [
        holder for shard in range(ledger.SHARDS) for holder in ledger.due("certification", shard, through_day).items
    ]


def test_a_sweep_finds_what_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    many_claims()
    day = world.COMPLETED + timedelta(days=10)
    with monkeypatch.context() as patch:
        fail_from(patch, 1)
        # By this all claims are surplus; nothing of it falls due by itself.
        ledger.record("ann", [facts.ExamPassed("400-1", "expert_lab", day)], day)
    assert set(world.claims("ann").values()) == {"expired", "earned"}
    assert found_due(day) == ["ann"]
    assert ledger.settle("ann", day) is None
    assert not unfinished()
    assert found_due(day) == []


def test_what_is_written_late_never_overwrites_a_later_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    many_claims()
    with monkeypatch.context() as patch:
        fail_from(patch, 1)
        ledger.settle("ann", EXPIRED)
    stale = ledger.load("ann")
    ledger.link_accounts("ann", [ANN], "Another name", EXPIRED)
    items = list(stale.project().values())
    assert len(items) > commit.CHUNK
    with pytest.raises(Contended):
        commit._finish(stale, items)


def test_many_decisions_are_packed_into_one_entry() -> None:
    many_claims()
    assert isinstance(ledger.load("ann").entries[-1].packed_decisions, str)
    # 250 exams of long names, to make one entry of more than 64 KB.
    exams = [facts.ExamPassed(f"{'long' * 60}{number}", "entry", world.START) for number in range(250)]
    recorded = ledger.record("ann", exams, world.COMPLETED)
    assert isinstance(recorded.entry.packed_decisions, bytes)
    loaded = ledger.load("ann")
    assert loaded.entries[-1] == recorded.entry
    assert len(loaded.entries[-1].decisions) == 250
    assert len(loaded.standing.exams) == 250


def test_what_no_item_can_hold_is_refused_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.snapshot()
    monkeypatch.setattr(commit, "ENTRY_BYTES_MAX", 1000)
    with pytest.raises(ledger.EntryTooLarge) as too_large:
        ledger.record("ann", [facts.ExamPassed("x" * 1000, "entry", world.START)], world.START)
    assert too_large.value.size_bytes > 1000
    assert world.snapshot() == before


def test_as_many_facts_as_may_wait_are_moved_at_once() -> None:
    spare, names = "spare@example.com", random.Random(1)  # noqa: S311 - no secret
    waiting = 0
    with pytest.raises(ledger.WaitingFull):
        while True:
            # Text that packs badly, and that decisions repeat.
            name = base64.b64encode(names.randbytes(1200)).decode()
            world.push(world.completion(spare, name), message_id=str(waiting))
            waiting += 1
    assert waiting > 50
    linked = ledger.link_accounts("ann", [ANN, spare], "Ann", world.COMPLETED + timedelta(days=7))
    assert len(linked.recorded.entry.facts) == waiting
    assert len(ledger.load("ann").standing.reports) == waiting

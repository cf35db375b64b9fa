"""At every call of everything that writes: a crash, a lost reply, a throttle; then the same again; then the invariants."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import ledger
import pytest
from botocore.exceptions import ClientError
from ledger import Recorded
from ledger.check import check
from policy import Refused
from policy.facts import CertificationAwarded, ExamPassed
from policy.partners.facts import PointsRequiredSet, RoleFilled

from tests.aws import boundary, faults
from tests.aws.boundary import Call, Reply, calls
from tests.aws.faults import Crash, lost_replies, lost_reply, transaction_conflict
from tests.aws.memory import Memory
from tests.ledger import partner_world, world
from tests.ledger.conftest import new_table

ID = "CDLL-7"
DAY = world.COMPLETED + timedelta(days=7)
ANN = world.completion("ann@example.com", certificate_id=ID)
SECOND = "ann@work.example.com"


def claimed() -> None:
    world.enroll("ann")
    world.submit("ann", certificate_id=ID)


def earned() -> None:
    claimed()
    world.push(ANN)


def carried_by_another() -> None:
    world.enroll("bo")
    world.submit("bo", certificate_id=ID)
    earned()


def waiting() -> None:
    world.enroll("ann")
    world.push(world.completion(SECOND))


def recertify() -> None:
    exam = ExamPassed("300-1", "core", DAY)
    ledger.record("ann", [exam], DAY, source=ledger.Source("acme", "exam", {}))


def link(*accounts: str) -> ledger.Linked:
    return ledger.link_accounts("ann", list(accounts), "Ann", DAY)


def refused() -> None:
    with pytest.raises(Refused):
        world.submit("ann", key="another")


JOINED = partner_world.APPROVED + timedelta(days=5)
FILLED = RoleFilled("p1", partner_world.EXPRESS, "se", "bo")


def known_to_one() -> None:
    world.enroll("ann")
    world.enroll("bo")
    partner_world.approve()
    partner_world.do("ann", "WEB", partner_world.APPROVED)
    partner_world.do("bo", "LAB", partner_world.APPROVED)


def known_to_two() -> None:
    known_to_one()
    partner_world.join("p2", "ann", JOINED)
    partner_world.join("p2", "bo", JOINED)


def news() -> None:
    known_to_two()
    partner_world.do("ann", "CORE", JOINED)
    partner_world.do("ann", "700-1", JOINED)


SCENARIOS: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "a holder is made known": (lambda: None, lambda: link("ann@example.com")),
    "a claim": (lambda: world.enroll("ann"), lambda: world.submit("ann")),
    "a claim with a certificate id": (lambda: world.enroll("ann"), lambda: world.submit("ann", certificate_id=ID)),
    "a claim with an id that earned for another": (
        lambda: (earned(), world.enroll("bo")),
        lambda: world.submit("bo", certificate_id=ID),
    ),
    "a claim that is refused": (claimed, refused),
    "a report that earns": (claimed, lambda: world.push(ANN)),
    "a report for an account of nobody": (lambda: None, lambda: world.push(ANN)),
    "a retraction": (earned, lambda: world.push(world.retraction(ANN))),
    "an exam that recertifies": (earned, recertify),
    "an account to which a report was waiting": (waiting, lambda: link("ann@example.com", SECOND)),
    "an account taken away": (lambda: world.enroll("ann"), link),
    "a sweep": (earned, lambda: ledger.settle("ann", date(2024, 1, 30))),
    "a certificate id told to others": (carried_by_another, world.deliver),
    "an individual who joins a partner": (known_to_one, lambda: partner_world.join("p2", "ann", JOINED)),
    "an activity of an individual of two partners": (
        known_to_two,
        lambda: partner_world.do("ann", "LAB", JOINED),
    ),
    "news that a partner takes up with a role filled": (
        news,
        lambda: ledger.record_partner("p1", [FILLED], JOINED, source=partner_world.once("fill")),
    ),
    "a partner's sweep": (news, lambda: ledger.settle_partner("p1", partner_world.ANNIVERSARY + timedelta(days=11))),
    "two ids merged": (news, lambda: ledger.merge("ann", "bo", JOINED)),
    "a library changed": (
        known_to_one,
        lambda: ledger.record_program([PointsRequiredSet("express", 30)], JOINED, source=partner_world.once("set")),
    ),
    "a partner's account managers changed": (
        lambda: ledger.put_partner(ledger.PartnerRecord("p1", "One", ("max@example.com", "eva@example.com"))),
        lambda: ledger.put_partner(ledger.PartnerRecord("p1", "One", ("eva@example.com", "ida@example.com"))),
    ),
}


@pytest.fixture(autouse=True)
def empty(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """An empty table, kept aside so that every try begins with one."""
    partner_world.use(monkeypatch)
    new_table(monkeypatch)
    return memory.copy()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_fault_at_any_call_and_then_the_same_again(scenario: str, empty: Memory) -> None:
    try_all(*SCENARIOS[scenario], empty)


def try_all(prepare: Callable[[], object], act: Callable[[], object], empty: Memory) -> None:
    """With every fault at every call, and the same again, it comes to what it comes to without."""
    with empty.copy().serving() as aws:
        prepare()
        before = aws.copy()
        with calls() as made:
            act()
        world.deliver()
        expected = world.snapshot()
        assert check() == []
    assert made
    for number, call in enumerate(made):
        for fault in faults.that_may_meet(call):
            with before.copy().serving():
                with suppress(Crash, ledger.Busy), calls(boundary.at(number, fault)):
                    act()
                act()
                world.deliver()
                assert world.snapshot() == expected, (fault.__name__, number)
                assert check() == [], (fault.__name__, number)


def test_a_crash_between_the_transactions_of_a_large_commit(empty: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.table.TRANSACTION_ITEMS_MAX", 5)
    monkeypatch.setattr("ledger.commit.CHUNK", 2)
    names = ("CORE", "DESIGN", "CYBER", "HUGE")

    def prepare() -> None:
        world.enroll("ann", level="expert")
        for name in names:
            world.submit("ann", name)

    def act() -> None:
        ledger.settle("ann", world.COMPLETED + timedelta(days=40))

    try_all(prepare, act, empty)
    prepare()
    act()
    assert ledger.load("ann").entries[-1].unprojected > 0


def award() -> Recorded | None:
    day = world.START + timedelta(days=1)
    return ledger.record("ann", [CertificationAwarded("ccna", "associate", day)], day)


@pytest.mark.parametrize(
    "act", [award, lambda: ledger.settle("ann", date(2024, 1, 30)), lambda: link("ann@example.com", SECOND).recorded]
)
def test_a_commit_knows_itself_by_its_id_when_the_reply_is_lost(
    act: Callable[[], Recorded | None], memory: Memory
) -> None:
    # No id of the fact's own could tell that it is there already.
    world.enroll("ann")
    before = memory.copy()
    version = ledger.load("ann").version
    with memory.copy().serving(), calls() as made:
        act()
    (commit,) = (number for number, call in enumerate(made) if call.operation == "TransactWriteItems")
    for fault in (lost_reply, lost_replies, transaction_conflict):
        with before.copy().serving():
            with calls(boundary.at(commit, fault)):
                recorded = act()
            assert isinstance(recorded, Recorded)
            assert not recorded.again
            loaded = ledger.load("ann")
            assert loaded.version == version + 1
            assert loaded.entries[-1] == recorded.entry
            assert loaded.standing.certifications == recorded.standing.certifications
            assert check() == []


def test_what_stays_contended_is_given_up_with_nothing_stored() -> None:
    world.enroll("ann")
    before = world.snapshot()

    def always(call: Call) -> Reply:
        return transaction_conflict(call) if call.operation == "TransactWriteItems" else call.run()

    with pytest.raises(ledger.Busy), calls(always):
        world.submit("ann")
    assert world.snapshot() == before


def test_an_error_that_does_not_pass_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "there-is-none")
    with pytest.raises(ClientError, match="ResourceNotFoundException"), calls() as made:
        ledger.settle("ann", DAY)
    assert len(made) == 1

"""A second call inside the Nth of the first, for every N: it must come out as if one had been made after the other."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from ledger import table
from ledger.check import check
from policy import Refused, facts
from policy.partners.facts import RenewalSubmitted

from tests.ledger import partner_world, world
from tests.ledger.conftest import new_table
from tests.ledger.faults import Client

Act = Callable[[], object]
ID = "CDLL-7"
DAY = world.COMPLETED + timedelta(days=7)
SECOND = "ann@work.example.com"
EXPIRED = date(2024, 1, 30)


def two_accounts() -> None:
    world.enroll("ann", "ann@example.com", SECOND)


def claimed() -> None:
    two_accounts()
    world.submit("ann", certificate_id=ID)


def both_carry() -> None:
    claimed()
    world.enroll("bo")
    world.submit("bo", certificate_id=ID)


def one_has_earned() -> None:
    both_carry()
    report("ann")


def report(holder: str, message_id: str | None = None) -> None:
    world.push(world.completion(f"{holder}@example.com", certificate_id=ID), message_id=message_id)


def retract() -> None:
    world.push(world.retraction(world.completion("ann@example.com", certificate_id=ID)))


def exam() -> None:
    source = ledger.Source("acme", "exam", {})
    ledger.record("ann", [facts.ExamPassed("300-1", "core", DAY)], DAY, source=source)


def link(holder: str, *accounts: str) -> None:
    ledger.link_accounts(holder, list(accounts), None, DAY)


def sweep(day: date) -> None:
    ledger.settle("ann", day)


LATER = partner_world.APPROVED + timedelta(days=5)


def partners() -> None:
    for holder in ("ann", "bo", "cyd"):
        world.enroll(holder)
    partner_world.approve()


def joins() -> None:
    partner_world.join("p1", "cyd", LATER)


def works() -> None:
    partner_world.do("cyd", "LAB", LATER)


def renew(key: str) -> None:
    renewal = RenewalSubmitted("p1", partner_world.EXPRESS)
    ledger.record_partner("p1", [renewal], partner_world.ANNIVERSARY, source=partner_world.once(key))


# What is there, the first call, the second.
PAIRS: dict[str, tuple[Act, Act, Act]] = {
    "one course claimed from two accounts": (
        two_accounts,
        lambda: world.submit("ann"),
        lambda: world.submit("ann", account=SECOND),
    ),
    "two claims for two courses": (
        two_accounts,
        lambda: world.submit("ann", key="1"),
        lambda: world.submit("ann", "DESIGN", key="2"),
    ),
    "one claim sent twice": (
        two_accounts,
        lambda: world.submit("ann", key="k"),
        lambda: world.submit("ann", key="k"),
    ),
    "a claim and its report": (two_accounts, lambda: world.submit("ann"), lambda: report("ann")),
    "a report and its claim": (two_accounts, lambda: report("ann"), lambda: world.submit("ann")),
    "one report delivered twice": (claimed, lambda: report("ann", "m"), lambda: report("ann", "m")),
    "a report and an exam": (claimed, lambda: report("ann"), exam),
    "a report and a sweep": (claimed, lambda: report("ann"), lambda: sweep(EXPIRED)),
    "a sweep and a report": (claimed, lambda: sweep(EXPIRED), lambda: report("ann")),
    "two sweeps of a day": (claimed, lambda: sweep(EXPIRED), lambda: sweep(EXPIRED)),
    "two sweeps out of order": (claimed, lambda: sweep(EXPIRED), lambda: sweep(date(2023, 12, 1))),
    "one certificate id earning for two": (both_carry, lambda: report("ann"), lambda: report("bo")),
    "an id that earns and a claim with it": (
        lambda: (claimed(), world.enroll("bo")),
        lambda: report("ann"),
        lambda: world.submit("bo", certificate_id=ID),
    ),
    "a claim with an id and its earning elsewhere": (
        lambda: (claimed(), world.enroll("bo")),
        lambda: world.submit("bo", certificate_id=ID),
        lambda: report("ann"),
    ),
    "an id told to others and its retraction": (one_has_earned, world.deliver, retract),
    "a retraction and the id told to others": (one_has_earned, retract, world.deliver),
    "a claim with an id and its retraction": (
        lambda: (claimed(), report("ann"), world.enroll("bo")),
        lambda: world.submit("bo", certificate_id=ID),
        retract,
    ),
    "one account given to two": (lambda: None, lambda: link("ann", "x"), lambda: link("bo", "x")),
    "an account given and a report about it": (
        lambda: world.enroll("ann"),
        lambda: link("ann", "ann@example.com", SECOND),
        lambda: world.push(world.completion(SECOND)),
    ),
    "an account given where one report waits, and another": (
        lambda: (world.enroll("ann"), world.push(world.completion(SECOND))),
        lambda: link("ann", "ann@example.com", SECOND),
        lambda: world.push(world.completion(SECOND, "DESIGN")),
    ),
    "a report about an account and its giving": (
        lambda: world.enroll("ann"),
        lambda: world.push(world.completion(SECOND)),
        lambda: link("ann", "ann@example.com", SECOND),
    ),
    "a report about an account and its taking away": (
        two_accounts,
        lambda: world.push(world.completion(SECOND)),
        lambda: link("ann", "ann@example.com"),
    ),
    "two reports about an account of nobody": (
        lambda: None,
        lambda: world.push(world.completion(SECOND)),
        lambda: world.push(world.completion(SECOND, "DESIGN")),
    ),
    "one message id with two contents": (
        lambda: (world.enroll("ann"), world.enroll("bo")),
        lambda: report("ann", "m"),
        lambda: report("bo", "m"),
    ),
    "an individual who joins and an activity": (partners, joins, works),
    "an activity and its individual who joins": (partners, works, joins),
    "two individuals who join": (partners, joins, lambda: partner_world.join("p1", "bo", LATER)),
    "an individual who joins two partners": (partners, joins, lambda: partner_world.join("p2", "cyd", LATER)),
    "an activity and its partner's sweep": (
        lambda: (partners(), joins()),
        works,
        lambda: ledger.settle_partner("p1", LATER),
    ),
    "a partner's sweep and an activity": (
        lambda: (partners(), joins(), works()),
        lambda: ledger.settle_partner("p1", LATER),
        lambda: partner_world.do("cyd", "CORE", LATER),
    ),
    "one renewal submitted twice": (
        lambda: (partners(), partner_world.do("ann", "LAB", LATER), partner_world.do("ann", "WEB", LATER)),
        lambda: renew("1"),
        lambda: renew("2"),
    ),
    "two ids merged and an activity": (
        lambda: (partners(), joins()),
        lambda: ledger.merge("cyd", "bo", LATER),
        works,
    ),
    "an activity and two ids merged": (
        lambda: (partners(), joins()),
        works,
        lambda: ledger.merge("cyd", "bo", LATER),
    ),
    "two ids merged and one of them joining": (
        partners,
        lambda: ledger.merge("cyd", "bo", LATER),
        joins,
    ),
}


def outcome(*acts: Act) -> dict[Any, Any]:
    """The table after some acts, with how many of them were turned down."""
    turned_down = 0
    for act in acts:
        try:
            act()
        except ledger.Busy:
            raise
        except (Refused, ledger.LedgerError):
            turned_down += 1
    world.deliver()
    assert check() == []
    return {**world.snapshot(), "turned down": turned_down}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_second_call_inside_the_first(pair: str, moto: None, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, first, second = PAIRS[pair]
    partner_world.use(monkeypatch)
    new_table(monkeypatch)
    prepare()
    before = list(table.scan())

    def start() -> None:
        new_table(monkeypatch)
        world.put_back(before)

    serial = []
    for acts in ((first, second), (second, first)):
        start()
        serial.append(outcome(*acts))
    start()
    counting = Client()
    assert outcome(lambda: counting.act(first, monkeypatch), second) == serial[0]
    second_came_first = 0
    for at in range(counting.calls):
        start()
        inner: list[Exception] = []

        def meanwhile(call: Act, operation: str, inner: list[Exception] = inner) -> Any:
            with monkeypatch.context() as patch:
                patch.setattr("ledger.table.client", ledger.client)
                try:
                    second()
                except (Refused, ledger.LedgerError) as error:
                    inner.append(error)
            return call()

        client = Client(at, meanwhile)
        found = outcome(lambda client=client: client.act(first, monkeypatch))
        found["turned down"] += len(inner)
        assert found in serial, at
        second_came_first += found == serial[1]
    assert second_came_first

"""Many at once, against a store that serialises transactions as DynamoDB does; moto cannot judge these."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import ledger
import pytest
from ledger.check import check
from policy import Refused

from tests.ledger import world
from tests.ledger.conftest import new_table

ID = "CDLL-7"
DAY = world.COMPLETED + timedelta(days=7)
WORKERS = 8


@pytest.fixture(autouse=True)
def _table(local: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("ledger.commit.sleep", time.sleep)
    new_table(monkeypatch)
    yield
    world.deliver()
    assert check() == []


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of acts that all start together; one that was too busy is redelivered, as a queue does."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        together.wait(timeout=30)
        while True:
            try:
                return type(act()).__name__
            except ledger.Busy:
                continue
            except Refused as refused:
                return refused.rule
            except ledger.LedgerError as error:
                return type(error).__name__
            finally:
                ledger.client().connection.close()

    with ThreadPoolExecutor(len(acts)) as workers:
        return list(workers.map(run, acts))


def test_one_course_claimed_from_two_accounts_at_once() -> None:
    for number in range(10):
        holder = f"h{number}"
        first, second = f"{holder}@example.com", f"{holder}@work.example.com"
        world.enroll(holder, first, second)
        outcomes = at_once(*[lambda a=account: world.submit(holder, account=a) for account in (first, second)])  # noqa: B023
        assert sorted(outcomes) == ["Recorded", "duplicate-course"]


def test_one_report_delivered_three_times_by_eight_workers() -> None:
    names = [f"C{number}" for number in range(6)]
    world.enroll("ann", level="expert")
    for name in names:
        world.submit("ann", name)
    deliveries = [name for _ in range(3) for name in names]
    new: Counter[str] = Counter()

    def deliver(number: int) -> None:
        for name in deliveries[number::WORKERS]:
            while True:
                try:
                    recorded = world.push(world.completion("ann@example.com", name), message_id=name)
                except ledger.Busy:
                    continue
                new[name] += not recorded.again
                break

    at_once(*[lambda n=number: deliver(n) for number in range(WORKERS)])
    assert new == dict.fromkeys(names, 1)
    assert set(world.claims("ann").values()) == {"earned"}


def test_one_certificate_id_earning_for_many() -> None:
    holders = [f"h{number}" for number in range(WORKERS)]
    for holder in holders:
        world.enroll(holder)
        world.submit(holder, certificate_id=ID)
    reports = [world.completion(f"{holder}@example.com", certificate_id=ID) for holder in holders]
    at_once(*[lambda r=report: world.push(r) for report in reports])
    world.deliver()
    assert sorted(world.claims(holder)[f"{holder}-0001"] for holder in holders) == ["denied"] * 7 + ["earned"]


def test_one_account_given_to_many() -> None:
    outcomes = at_once(*[lambda h=f"h{n}": ledger.link_accounts(h, ["x"], None, DAY) for n in range(WORKERS)])
    assert sorted(outcomes) == ["AccountTaken"] * 7 + ["Linked"]


def test_an_account_given_while_reports_about_it_come_in() -> None:
    world.enroll("ann")
    accounts = ["ann@example.com", "spare@example.com"]
    pushes = [lambda n=n: world.push(world.completion(accounts[1], f"C{n}")) for n in range(WORKERS - 1)]
    at_once(*pushes, lambda: ledger.link_accounts("ann", accounts, None, DAY))
    assert len(ledger.load("ann", consistent=True).standing.reports) == WORKERS - 1


def test_sweeps_and_claims_at_once() -> None:
    world.enroll("ann")
    day = world.START + timedelta(days=1094)
    completed = day - timedelta(days=3)
    claims = [lambda n=n: world.submit("ann", f"C{n}", day=day, completed=completed) for n in range(4)]
    outcomes = at_once(*claims, *[lambda: ledger.settle("ann", day)] * 4)
    assert outcomes[:4] == ["Recorded"] * 4
    events = [event["id"] for entry in world.entries() for event in entry.events]
    assert len(set(events)) == len(events)
    notices = [event for entry in world.entries() for event in entry.events if "expiring" in event["type"]]
    assert len(notices) == 4


def test_courses_of_one_shard_put_at_once_are_all_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.catalog_shards.CATALOG_SHARDS", 1)
    courses = [world.course(f"C{number}", number) for number in range(WORKERS)]
    outcomes = at_once(*[lambda c=course: ledger.put_course(c) for course in courses])
    assert outcomes == ["bool"] * WORKERS
    assert ledger.all_courses() == {course.course: course for course in courses}

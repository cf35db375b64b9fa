"""How a day's sweep is spread over a queue; what it does is in test_expire_credits and test_recertify."""

import json
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from api import batches, clients
from ledger import Busy

from functions.recertify.handler import lambda_handler
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import log as log
from tests.functions.cloud import today as today
from tests.functions.events import Context, failures, from_queue, journal, scheduled
from tests.functions.sweeping import queued, sweep
from tests.ledger import world

EXPIRED = date(2024, 1, 30)
HOLDERS = [f"holder-{number:02d}" for number in range(24)]


@pytest.fixture
def two(cloud, today):
    """Two holders whose certification has ended, on the day after."""
    today(EXPIRED)
    world.enroll("ann")
    world.enroll("bob")
    return cloud


def settle(*holders: str, **given: Any) -> list[str]:
    message = {"day": EXPIRED.isoformat(), "kind": "certification", "owners": holders}
    return failures(lambda_handler(from_queue(message), Context(**given)))


def versions() -> list[int]:
    return [ledger.load(holder).version for holder in ("ann", "bob")]


def test_the_schedule_sends_a_message_for_each_shard(cloud, today):
    today(date(2024, 5, 2))
    assert lambda_handler(scheduled("2024-05-02T00:05:00Z"), Context()) == {"day": "2024-05-02", "shards": 32}
    messages = queued(cloud)
    kinds = ["certification", "specialization"]
    everywhere = [(kind, shard) for kind in kinds for shard in range(ledger.SHARDS)]
    assert sorted((message["kind"], message["shard"]) for message in messages) == everywhere
    assert {message["day"] for message in messages} == {"2024-05-02"}


@pytest.mark.parametrize(
    ("zone", "time", "day"),
    [
        ("UTC", "2024-05-01T23:59:59Z", "2024-05-01"),
        ("UTC", "2024-05-02T00:00:00Z", "2024-05-02"),
        ("UTC", "2024-05-02T01:00:00+02:00", "2024-05-01"),
        ("America/Los_Angeles", "2024-05-02T06:59:59Z", "2024-05-01"),
        ("America/Los_Angeles", "2024-05-02T07:00:00Z", "2024-05-02"),
        # Noon of the 2nd in UTC is the 3rd in Auckland.
        ("Pacific/Auckland", "2024-05-02T12:00:00Z", "2024-05-03"),
        ("UTC", "2024-05-03T00:00:00Z", "2024-05-02"),
        ("UTC", "2124-05-02T00:00:00Z", "2024-05-02"),
    ],
)
def test_the_day_is_that_of_the_event_in_the_program_s_time_zone_and_not_after_today(
    cloud, today, monkeypatch, zone, time, day
):
    today(date(2024, 5, 2))
    monkeypatch.setenv("PROGRAM_TIME_ZONE", zone)
    assert lambda_handler({"time": time}, Context())["day"] == day


@pytest.mark.parametrize("event", [{}, {"time": "2024-05-02"}, {"time": "2024-05-02T00:00:00"}, {"time": "tomorrow"}])
def test_an_event_that_names_no_instant_is_an_error(cloud, event):
    with pytest.raises((KeyError, ValueError)):
        lambda_handler(event, Context())
    assert queued(cloud) == []


def test_a_message_of_a_day_to_come_settles_no_further_than_today(two, today):
    today(EXPIRED - timedelta(days=2))
    assert settle("ann", "bob") == []
    assert {entry.day for entry in ledger.load("ann").entries[2:]} == {EXPIRED - timedelta(days=2)}


def test_a_page_of_a_shard_becomes_messages_of_some_holders_each_and_one_to_go_on(cloud, today, monkeypatch):
    monkeypatch.setattr("api.sweep.PAGE", 5)
    monkeypatch.setattr("api.sweep.OWNERS_PER_MESSAGE", 2)
    monkeypatch.setattr("ledger.keys.due_shard", lambda kind, holder: f"{kind}#07")
    today(EXPIRED)
    for holder in HOLDERS[:7]:
        world.enroll(holder)
    first = {"day": EXPIRED.isoformat(), "kind": "certification", "shard": 7, "cursor": None}
    lambda_handler(from_queue(first), Context())
    *parts, further = sorted(queued(cloud), key=lambda message: "cursor" in message)
    assert sorted(len(part["owners"]) for part in parts) == [1, 2, 2]
    lambda_handler(from_queue(further), Context())
    (rest,) = queued(cloud)
    assert sorted(holder for part in [*parts, rest] for holder in part["owners"]) == HOLDERS[:7]


def test_a_big_day_is_spread_over_many_invocations_and_leaves_nobody_out(cloud, today, monkeypatch):
    monkeypatch.setattr("api.sweep.PAGE", 4)
    monkeypatch.setattr("api.sweep.OWNERS_PER_MESSAGE", 1)
    monkeypatch.setattr("ledger.keys.due_shard", lambda kind, holder: f"{kind}#{int(holder[-2:]) % 2:02d}")
    today(EXPIRED)
    for holder in HOLDERS:
        world.enroll(holder)
    # Pages of thirty-two shards, then a message for each holder: ten to an invocation.
    assert sweep(lambda_handler, cloud, EXPIRED) >= 5
    assert {holder: ledger.load(holder).version for holder in HOLDERS} == dict.fromkeys(HOLDERS, 3)
    assert sweep(lambda_handler, cloud, EXPIRED) == 5


def test_of_several_holders_one_that_fails_is_tried_again_by_itself(two, monkeypatch, log):
    monkeypatch.setattr("api.sweep.settle", _fail_for("ann"))
    assert settle("ann", "bob") == []
    assert versions() == [2, 3]
    assert two.delayed("sweep") == 1
    assert "ann" in [line.get("owner") for line in log.lines() if line["level"] == "ERROR"]


def test_a_single_holder_that_fails_stays_on_the_queue(two, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("api.sweep.settle", _fail_for("ann"))
        assert len(settle("ann")) == 1
    assert settle("ann") == []
    assert versions() == [3, 2]


def _fail_for(failing: str) -> Any:
    def settle(holder: str, day: date, *, cause: str) -> Any:
        if holder == failing:
            raise Busy("throttled")
        return ledger.settle(holder, day, cause=cause)

    return settle


def test_what_time_does_not_suffice_for_goes_on_to_another_invocation(two):
    assert settle("ann", "bob", "carol", remaining=(9_999,)) == []
    assert versions() == [3, 2]
    assert queued(two) == [{"day": EXPIRED.isoformat(), "kind": "certification", "owners": ["bob", "carol"]}]


def test_messages_that_the_queue_does_not_take_are_sent_again(cloud, today, monkeypatch):
    queue = Reluctant(refusals=2)
    lambda_handler(scheduled("2024-05-02T00:05:00Z"), Context())
    assert [len(sent) for sent in queue.calls] == [10, 3, 3, 10, 10, 2]
    assert len({(message["kind"], message["shard"]) for message in queued(cloud)}) == 2 * ledger.SHARDS


def test_where_the_queue_does_not_take_a_message_at_all_the_whole_is_tried_again(two):
    Reluctant(refusals=100)
    with pytest.raises(batches.NotTaken):
        lambda_handler(scheduled("2024-05-02T00:05:00Z"), Context())
    page = next(shard for shard in range(16) if ledger.due("certification", shard, EXPIRED).items)
    batch = from_queue({"day": EXPIRED.isoformat(), "kind": "certification", "shard": page, "cursor": None})
    assert len(failures(lambda_handler(batch, Context()))) == 1


class Reluctant:
    """A queue that says of the first three messages of a call, so many times, that it has not taken them."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.calls: list[list[str]] = []
        events = clients.client("sqs").meta.events
        events.register("before-parameter-build.sqs.SendMessageBatch", self._sent)
        events.register("after-call.sqs.SendMessageBatch", self._answer)

    def _sent(self, params: dict[str, Any], **_: Any) -> None:
        self.calls.append([entry["Id"] for entry in params["Entries"]])

    def _answer(self, parsed: dict[str, Any], **_: Any) -> None:
        if self.refusals:
            self.refusals -= 1
            parsed["Failed"] = [
                {"Id": number, "Code": "Throttled", "SenderFault": False} for number in self.calls[-1][:3]
            ]


def test_metrics_tell_who_was_due_and_how_late_the_sweep_came(two, today, capsys):
    today(EXPIRED + timedelta(days=3))
    ledger.settle("ann", EXPIRED - timedelta(days=1))
    ledger.settle("bob", EXPIRED - timedelta(days=1))
    sweep(lambda_handler, two, EXPIRED)
    totals: dict[str, list[float]] = {}
    for line in map(json.loads, capsys.readouterr().out.splitlines()):
        for name in ("HoldersDue", "HoldersSettled", "SweepLagDays"):
            totals.setdefault(name, []).extend(line.get(name, []))
    assert (sum(totals["HoldersDue"]), sum(totals["HoldersSettled"]), totals["SweepLagDays"]) == (2, 2, [3, 3])


def test_the_log_names_holders_by_their_id_alone(two, log, capsys):
    sweep(lambda_handler, two, EXPIRED)
    settled = [line for line in log.lines() if line["message"] == "settled"]
    assert {line["owner"]: line["decisions"][-1] for line in settled} == dict.fromkeys(
        ("ann", "bob"), "certification.expired"
    )
    assert "@" not in log.getvalue() + capsys.readouterr().out


def test_holders_whom_nobody_knows_are_left_alone(two):
    before = journal()
    assert settle("nobody") == []
    assert journal() == before

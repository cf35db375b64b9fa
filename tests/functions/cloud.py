"""The services around the event-driven functions, in this process: a table, queues, a bus, a clock, a log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import StringIO
from typing import Any

import ledger
import pytest
from api import clients, clock
from api.observability import logger
from botocore.exceptions import EndpointConnectionError
from ledger import Provider
from ledger.check import check
from moto import mock_aws

from tests.functions.events import SENDER
from tests.ledger import world
from tests.ledger.tables import create_table

SERVICES = {"TABLE_NAME": "standing", "BUS_NAME": "standing", "PROGRAM_TIME_ZONE": "UTC", "CURSOR_SECRET": "secret"}
QUEUES = {"dead-letter": "DEAD_LETTER_QUEUE_URL", "sweep": "SWEEP_QUEUE_URL", "provider": "PROVIDER_QUEUE_URL"}


@dataclass
class Bus:
    """Keeps what is put on it. refuse: the ids of CloudEvents that it does not take, each so many times.

    down: it cannot be reached.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)
    down: bool = False

    def watch(self, client: Any) -> None:
        client.meta.events.register("before-parameter-build.events.PutEvents", self._put)
        client.meta.events.register("after-call.events.PutEvents", self._answer)

    def _put(self, params: dict[str, Any], **_: Any) -> None:
        if self.down:
            raise EndpointConnectionError(endpoint_url="https://events")
        self._entries = [{**entry, "Detail": json.loads(entry["Detail"])} for entry in params["Entries"]]
        self.calls.append(len(self._entries))

    def _answer(self, parsed: dict[str, Any], **_: Any) -> None:
        for number, entry in enumerate(self._entries):
            event_id = entry["Detail"]["id"]
            if self.refuse.get(event_id):
                self.refuse[event_id] -= 1
                parsed["Entries"][number] = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
            else:
                self.events.append(entry)


@dataclass
class Cloud:
    bus: Bus = field(default_factory=Bus)
    queues: dict[str, str] = field(default_factory=dict)

    def make_queue(self, name: str) -> str:
        self.queues[name] = clients.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        return self.queues[name]

    def take(self, queue: str, at_most: int | None = None) -> list[dict[str, Any]]:
        """Take messages from a queue, all that can be seen unless said otherwise: body, and attributes by name."""
        sqs, url = clients.client("sqs"), self.queues[queue]
        taken: list[dict[str, Any]] = []
        while at_most is None or len(taken) < at_most:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
            if not found.get("Messages"):
                break
            for message in found["Messages"]:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                attributes = message.get("MessageAttributes", {}).items()
                taken.append({"body": message["Body"], **{name: told["StringValue"] for name, told in attributes}})
        return taken

    def delayed(self, queue: str) -> int:
        """How many messages a queue keeps back for a while."""
        name = "ApproximateNumberOfMessagesDelayed"
        reply = clients.client("sqs").get_queue_attributes(QueueUrl=self.queues[queue], AttributeNames=[name])
        return int(reply["Attributes"][name])


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Everything that the event-driven functions call. Whatever a test did, the checker finds nothing at its end."""
    for name, value in {**world.ENVIRONMENT, **SERVICES}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ledger.commit.sleep", lambda seconds: None)
    monkeypatch.setattr("api.batches.sleep", lambda seconds: None)
    with mock_aws():
        ledger.client.cache_clear()
        clients.client.cache_clear()
        create_table(ledger.client(), SERVICES["TABLE_NAME"])
        for course in world.COURSES.values():
            ledger.put_course(course)
        ledger.put_provider(Provider("acme", "Acme", (SENDER,)))
        made = Cloud()
        for queue, variable in QUEUES.items():
            monkeypatch.setenv(variable, made.make_queue(queue))
        clients.client("events").create_event_bus(Name=SERVICES["BUS_NAME"])
        made.bus.watch(clients.client("events"))
        yield made
        world.deliver()
        assert check() == []
    ledger.client.cache_clear()
    clients.client.cache_clear()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """today(day) sets the clock to noon of a day, in UTC; it stands at the day after `world`'s claims first."""

    def set_clock(day: date) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime.combine(day, time(12), UTC))

    set_clock(date(2021, 2, 25))
    return set_clock


class Log(StringIO):
    """What the functions have written to their log."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@contextmanager
def logged() -> Iterator[Log]:
    handler: Any = logger.registered_handler
    lines = Log()
    before = handler.setStream(lines)
    try:
        yield lines
    finally:
        handler.setStream(before)


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as lines:
        yield lines

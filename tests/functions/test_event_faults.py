"""At every call that the event-driven functions make: a crash, a lost reply, a throttle; then whatever was not done again.

However it went, everything is recorded once, published at least once, and nothing is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ledger
import pytest
from botocore import xform_name
from botocore.client import BaseClient
from ledger.check import check

from functions.expire_credits.handler import lambda_handler as expire_credits
from functions.publish_events.handler import lambda_handler as publish_events
from functions.recertify.handler import lambda_handler as recertify
from functions.validate_claim.handler import lambda_handler as validate_claim
from tests.functions.cloud import Cloud
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import today as today
from tests.functions.events import Context, failures, from_queue, from_stream, journal
from tests.functions.sweeping import sweep
from tests.functions.test_validate_claim import REPORT, exam, message, without
from tests.ledger import world
from tests.ledger.faults import Crash, crash_after, crash_before, lost_replies, throttle
from tests.ledger.tables import create_table

FAULTS = (crash_before, crash_after, lost_replies, throttle)
CERTIFICATE = "CDLL-7"
EXPIRED = date(2024, 1, 30)
EXAM = {"provider": "acme", "account": "new@example.com", "exam": "1", "kind": "core", "passed_on": "2021-02-20"}
MESSAGES = from_queue(
    message({**REPORT, "certificate_id": CERTIFICATE}, id="earns"),
    message(without(REPORT, "outcome"), id="poison"),
    exam(EXAM, id="waits"),
)


@dataclass
class Calls:
    """Counts the calls of a handler, to any service, and does something else at one of them (from 0)."""

    at: int | None
    happens: Callable[..., dict[str, Any]]
    number: int = 0
    _real: Any = field(default=BaseClient._make_api_call, repr=False)

    def during(self, handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def run(event: Any, context: Any) -> Any:
            with self._counted():
                return handler(event, context)

        return run

    @contextmanager
    def _counted(self) -> Iterator[None]:
        def call(client: Any, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
            number, self.number = self.number, self.number + 1

            def really() -> dict[str, Any]:
                return self._real(client, operation, arguments)

            return self.happens(really, xform_name(operation)) if number == self.at else really()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", call)
            yield


def messages(cloud: Cloud, calls: Calls) -> Any:
    """A provider's messages; gives what lies on the dead-letter queue."""
    handler, batch = calls.during(validate_claim), MESSAGES
    while batch["Records"]:
        try:
            again = failures(handler(batch, Context()))
        except Crash:
            continue
        batch = {"Records": [record for record in batch["Records"] if record["messageId"] in again]}
    return {dead["body"] for dead in cloud.take("dead-letter")}


def sweeps(cloud: Cloud, calls: Calls) -> None:
    sweep(calls.during(expire_credits), cloud, EXPIRED)
    sweep(calls.during(recertify), cloud, EXPIRED)


def stream(cloud: Cloud, calls: Calls) -> Any:
    """The journal's way to the bus; gives the events on it."""
    validate_claim(MESSAGES, Context())
    cloud.bus.events.clear()
    handler, items = calls.during(publish_events), journal()
    while items:
        try:
            again = failures(handler(from_stream(*items), Context()))
        except Crash:
            continue
        items = items[int(again[0]) - 1 :] if again else []
    return {event["Detail"]["id"]: (event["DetailType"], event["Detail"]["subject"]) for event in cloud.bus.events}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("act", [messages, sweeps, stream])
def test_a_fault_at_any_call_makes_no_difference_in_the_end(cloud, today, monkeypatch, act, fault):
    monkeypatch.setattr("api.sweep.SHARDS", 1)
    monkeypatch.setattr("api.sweep.RETRY_SECONDS", 0)
    monkeypatch.setattr("ledger.keys.due_shard", lambda kind, holder: f"{kind}#00")
    if act is sweeps:
        today(EXPIRED)

    def run(at: int | None) -> tuple[int, Any, Any]:
        table = f"standing-{at}"
        create_table(ledger.client(), table)
        monkeypatch.setenv("TABLE_NAME", table)
        ledger.put_course(world.COURSES["CORE"])
        ledger.put_provider(ledger.Provider("acme", "Acme", ("AROAEXAMPLEACME",)))
        for holder in ("ann", "bob"):
            world.enroll(holder)
            world.submit(holder, certificate_id=CERTIFICATE)
        calls = Calls(at, fault)
        seen = act(cloud, calls)
        world.deliver()
        assert check() == []
        return calls.number, seen, world.snapshot()

    number, seen, snapshot = run(None)
    assert number
    for at in range(number):
        assert run(at)[1:] == (seen, snapshot), f"call {at} of {number}"

"""A table in DynamoDB Local with holders in it, and events about them."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ledger
from ledger import Provider, keys, table
from policy import facts
from policy.catalog import Course, Version

from local import cloud, scratch
from tests.functions.events import SENDER, from_queue
from tests.functions.http import signed_in
from tests.ledger import world
from tests.ledger.dynamodb_local import dynamodb_local
from tests.ledger.tables import create_table

TABLE = "standing"
# The course of the claim that waits.
WAITING = "C39"
EARLIER_CLAIMS = 3
# Of a copied holder: journal, projections and account.
ROWS_PER_HOLDER = 14
COMPLETED = world.COMPLETED
SUBMITTED = COMPLETED + timedelta(days=10)
# Late enough for a claim of SUBMITTED to be overdue.
OVERDUE = SUBMITTED + timedelta(days=120)


@contextmanager
def store() -> Iterator[dict[str, str]]:
    """An empty table in DynamoDB Local; gives the variables of a function that has it. The ledger has it, too."""
    with dynamodb_local() as endpoint, _table(endpoint) as variables:
        yield variables


@contextmanager
def emulated() -> Iterator[dict[str, str]]:
    """The same in the emulated cloud, which tells rightly what is written."""
    with cloud.running() as home, _table(home.endpoint) as variables:
        yield variables


@contextmanager
def _table(endpoint: str) -> Iterator[dict[str, str]]:
    variables = {
        **world.ENVIRONMENT,
        "AWS_REGION": world.ENVIRONMENT["AWS_DEFAULT_REGION"],
        "AWS_LAMBDA_FUNCTION_NAME": "standing",
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "TABLE_NAME": TABLE,
        "POWERTOOLS_SERVICE_NAME": "standing",
        "POWERTOOLS_METRICS_NAMESPACE": "Standing",
        "CURSOR_SECRET": "secret",
        "CERTIFICATES_BUCKET": "certificates",
        "DEAD_LETTER_QUEUE_URL": "queue",
        "SWEEP_QUEUE_URL": "queue",
    }
    with patch.dict(os.environ, variables):
        ledger.client.cache_clear()
        create_table(ledger.client(), TABLE)
        ledger.put_provider(Provider("acme", "Acme", (SENDER,)))
        ledger.put_courses(
            Course(
                f"C{n}",
                f"Implementing enterprise networks, part {n}",
                {"1.0": Version(16)},
                {world.ACTIVITY: ("acme",)},
            )
            for n in range(40)
        )
        yield variables
        ledger.client().connection.close()
        ledger.client.cache_clear()


def make_holder(number: int, *, earned: int = EARLIER_CLAIMS, waiting: bool = False) -> str:
    """A holder with so many earned claims, and one that waits for its report if wanted, made by the rules."""
    holder = f"holder-{number:05d}"
    world.enroll(holder, level="expert", certification="ccie-enterprise")
    for n in range(earned):
        world.submit(holder, f"C{n}", day=COMPLETED + timedelta(days=5))
        world.push(world.completion(_account(holder), f"C{n}"))
    if waiting:
        world.submit(holder, WAITING, day=SUBMITTED)
    return holder


def make_holders(number: int, *, first: int = 0, waiting: bool = False) -> list[str]:
    """Many holders, alike but for their ids: one is made by the rules, and the others are copies of it."""
    made = make_holder(first, waiting=waiting)
    holders = [made, *(f"holder-{n:05d}" for n in range(first + 1, first + number))]
    copy(made, holders[1:])
    return holders


def copy(made: str, holders: Sequence[str]) -> None:
    """Make holders who are alike but for their ids, and those of their accounts."""
    items = [*table.partition(keys.holder_pk(made)), table.get(keys.account(_account(made)))]
    text = json.dumps([table.item(item) for item in items if item])
    copies = (copied for holder in holders for copied in _copied(text.replace(made, holder), holder))
    while batch := list(islice(copies, 25)):
        ledger.client().batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}} for item in batch]})


def _copied(text: str, holder: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(text)
    for item in items:
        if "due_shard" in item:
            kind = item["due_shard"]["S"].partition("#")[0]
            item["due_shard"] = {"S": keys.due_shard(kind, holder)}
    return items


def claim_event(holder: str) -> dict[str, Any]:
    """POST /claims for a course that the holder has not claimed."""
    client = signed_in(_account(holder))
    event = client.event("POST", "/claims", SUBMITTED)
    body = {"course": WAITING, "version": "1.0", "item_type": world.ACTIVITY, "provider": "acme"}
    days = {"started_on": (COMPLETED - timedelta(days=4)).isoformat(), "completed_on": COMPLETED.isoformat()}
    event["headers"] |= {"idempotency-key": f"key of {holder}"}
    return {**event, "body": json.dumps({**body, **days})}


def report_event(holders: Sequence[str], course: str = WAITING) -> dict[str, Any]:
    """A batch of reports, each of which decides the claim of a holder that waits for it."""
    return from_queue(*(_report(holder, course) for holder in holders))


def sweep_event(holders: Sequence[str], day: date = OVERDUE, kind: str = keys.CLAIM) -> dict[str, Any]:
    """A sweep's message with holders of whom each has something due by then, such as a claim that is overdue."""
    return from_queue({"kind": kind, "day": day.isoformat(), "owners": list(holders)})


@contextmanager
def kept(events: list[dict[str, Any]]) -> Iterator[Path]:
    with scratch.folder() as folder:
        (folder / "events.json").write_text(json.dumps(events))
        yield folder / "events.json"


def _report(holder: str, course: str) -> dict[str, Any]:
    fact = facts.to_dict(world.completion(_account(holder), course))
    envelope = {"specversion": "1.0", "source": "acme", "type": "completion.reported.v1", "id": f"report of {holder}"}
    return {**envelope, "data": {name: value for name, value in fact.items() if name != "event"}}


def _account(holder: str) -> str:
    return f"{holder}@example.com"

"""Providers' messages in trials, and what became of each: recorded, waiting for a holder, or in the dead-letter queue."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.dead_letters import taken
from ledger import keys, table

from .participants import PROVIDER, VERSION
from .stack import Stack

SOURCE = "https://acme.example/trial"
LETTERS_MAX = 10_000
Message = dict[str, Any]


def about(course: str, today: date) -> dict[str, str]:
    """What a claim and the report of the same completion both say."""
    return {
        "course": course,
        "version": VERSION,
        "provider": PROVIDER,
        "started_on": str(today - timedelta(days=20)),
        "completed_on": str(today - timedelta(days=16)),
    }


def report(message_id: str, account: str, course: str, today: date) -> Message:
    return {
        "specversion": "1.0",
        "id": message_id,
        "source": SOURCE,
        "type": "completion.reported.v1",
        "time": datetime.now(UTC).isoformat(),
        "data": {**about(course, today), "account": account, "outcome": "completed"},
    }


def waiting(stack: Stack, queue: str = "queue") -> int:
    """How many messages a queue holds, those in somebody's hands included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    reply = stack.client("sqs").get_queue_attributes(QueueUrl=stack.description[queue], AttributeNames=names)
    return sum(int(number) for number in reply["Attributes"].values())


def come_back_after(stack: Stack, seconds: int) -> None:
    """How long a message that was not done with stays hidden, in place of what the template says."""
    attributes = {"VisibilityTimeout": str(seconds)}
    stack.client("sqs").set_queue_attributes(QueueUrl=stack.description["queue"], Attributes=attributes)


def hidden_seconds(stack: Stack) -> int:
    """How long it stays hidden now."""
    names = ["VisibilityTimeout"]
    reply = stack.client("sqs").get_queue_attributes(QueueUrl=stack.description["queue"], AttributeNames=names)
    return int(reply["Attributes"]["VisibilityTimeout"])


def fates(stack: Stack, messages: Iterable[Message]) -> dict[str, str]:
    """By a message's id: `recorded`, `waiting`, `dead: REASON`, `lost`, or `twice` for one that is in two places."""
    ids = {message["id"] for message in messages}
    marked = {keys.fact(SOURCE, message_id)["pk"]: message_id for message_id in ids}
    found = table.get_many([keys.fact(SOURCE, message_id) for message_id in ids])
    recorded = {marked[item["pk"]]: "recorded" if "holder" in item else "waiting" for item in found}
    dead = _dead(stack)
    return {message_id: _fate(recorded.get(message_id), dead.get(message_id)) for message_id in ids}


def dead_bodies(stack: Stack) -> Counter[str]:
    """The bodies in the dead-letter queue, and how often each is there."""
    with taken(stack.description["dead_letter_queue"], LETTERS_MAX) as letters:
        return Counter(letter.body for letter in letters)


def _dead(stack: Stack) -> dict[str, str]:
    with taken(stack.description["dead_letter_queue"], LETTERS_MAX) as letters:
        return {_id(letter.body): letter.reason for letter in letters}


def _fate(recorded: str | None, reason: str | None) -> str:
    if recorded and reason:
        return "twice"
    return recorded or (f"dead: {reason}" if reason else "lost")


def _id(body: str) -> str:
    """The id of a message that is one; of anything else the body itself."""
    try:
        message: Mapping[str, Any] = json.loads(body)
        return str(message["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return body

"""Sending many messages or events, ten to a call, where each of the ten may be taken or not."""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from api.clients import client

# What SendMessageBatch and PutEvents take at once.
BATCH = 10
ATTEMPTS = 4
PAUSE_SECONDS = 0.1

sleep = time.sleep


class NotTaken(Exception):
    """Some messages were not taken, however often they were sent. Others were."""


def enqueue(queue_url: str, bodies: Iterable[dict[str, Any]], *, delay_seconds: int = 0) -> None:
    """Send messages, as JSON. Raises NotTaken; those that were taken are then sent again with the next attempt."""

    def send(entries: Sequence[dict[str, Any]]) -> list[int]:
        numbered = [{**entry, "Id": str(number)} for number, entry in enumerate(entries)]
        reply = client("sqs").send_message_batch(QueueUrl=queue_url, Entries=numbered)
        return [int(failed["Id"]) for failed in reply.get("Failed", ())]

    entries = [{"MessageBody": json.dumps(body), "DelaySeconds": delay_seconds} for body in bodies]
    if send_all(entries, send) < len(entries):
        raise NotTaken


def send_all(entries: Sequence[Any], send: Callable[[Sequence[Any]], list[int]]) -> int:
    """Send entries in their order, those that are not taken again; how many, from the first on, all were.

    send: sends up to ten, and gives the indexes of those not taken.
    """
    for start in range(0, len(entries), BATCH):
        left = list(range(start, min(start + BATCH, len(entries))))
        for attempt in range(ATTEMPTS):
            if attempt:
                sleep(random.uniform(0, PAUSE_SECONDS * 2**attempt))  # noqa: S311 - no secret
            left = [left[index] for index in sorted(send([entries[number] for number in left]))]
            if not left:
                break
        else:
            return left[0]
    return len(entries)

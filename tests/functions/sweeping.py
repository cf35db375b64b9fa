"""A sweep from the schedule's event until its queue is empty, as the event source mapping drives it."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from api import clients
from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.faults import Crash
from tests.functions.cloud import Cloud
from tests.functions.events import Context, failures, from_queue, scheduled

Handler = Callable[[Any, Any], Any]
INVOCATIONS_MAX = 1000


def sweep(handler: Handler, cloud: Cloud, day: date | str) -> int:
    """Sweep a day (or an instant's); gives the number of invocations that it took.

    Whatever crashes or is left is delivered again, as the schedule and the queue do.
    """
    event = scheduled(f"{day}T00:05:00Z" if isinstance(day, date) else day)
    while True:
        try:
            handler(event, Context())
        except (Crash, BotoCoreError, ClientError):
            continue
        break
    for invocations in range(1, INVOCATIONS_MAX):
        taken = [message["body"] for message in cloud.take("sweep", at_most=10)]
        if not taken:
            return invocations
        for body in _left(handler, taken):
            clients.client("sqs").send_message(QueueUrl=cloud.queues["sweep"], MessageBody=body)
    raise AssertionError("the sweep does not come to an end")


def _left(handler: Handler, bodies: list[str]) -> list[str]:
    batch = from_queue(*bodies)
    try:
        again = failures(handler(batch, Context()))
    except Crash:
        return bodies
    return [record["body"] for record in batch["Records"] if record["messageId"] in again]


def queued(cloud: Cloud) -> list[Any]:
    """Take the messages of the sweep's queue."""
    return [json.loads(message["body"]) for message in cloud.take("sweep")]

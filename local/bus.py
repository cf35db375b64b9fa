"""Listens to the stack's event bus through a queue of its own, as another system would."""

import json
from collections import Counter
from collections.abc import Collection
from typing import Any

from .stack import Stack

QUEUE = "story-events"


class Tap:
    """Every event about some holders or partners published since it was made, by its id."""

    def __init__(self, stack: Stack, owners: Collection[str]) -> None:
        self._owners = owners
        self._sqs, bus = stack.client("sqs"), stack.description["bus"]
        self._queue = self._sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        events = stack.client("events")
        events.put_rule(Name=QUEUE, EventBusName=bus, EventPattern=json.dumps({"source": [{"prefix": ""}]}))
        events.put_targets(Rule=QUEUE, EventBusName=bus, Targets=[{"Id": "story", "Arn": arn}])
        self._events: dict[str, dict[str, Any]] = {}

    def seen(self, kind: str) -> bool:
        """Whether an event of a type has come by now."""
        return self.count()[kind] > 0

    def count(self) -> Counter[str]:
        """How many events of each type have come by now."""
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                event = json.loads(message["Body"])["detail"]
                if not {event["data"].get("holder"), event["data"].get("partner")}.isdisjoint(self._owners):
                    self._events[event["id"]] = event
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return Counter(event["type"] for event in self._events.values())

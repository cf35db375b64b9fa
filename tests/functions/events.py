"""Events as Lambda gets them from queues, schedules and the table's stream, and what a test sees of the functions."""

import json
from base64 import b64encode
from dataclasses import dataclass
from itertools import count
from typing import Any

from ledger import table, values

SENDER = "AROAEXAMPLEACME"
_numbers = count(1)


@dataclass
class Context:
    """A Lambda context; remaining: milliseconds left, one number for each time it is asked (the last for ever)."""

    remaining: tuple[int, ...] = (60_000,)
    function_name: str = "standing"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:standing"
    aws_request_id: str = "5f0e9b0c-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        first, *rest = self.remaining
        self.remaining = tuple(rest) or (first,)
        return first


def from_queue(*bodies: str | dict[str, Any], sender: str = f"{SENDER}:session") -> dict[str, Any]:
    """An event source mapping's batch; dicts are sent as JSON."""
    return {"Records": [_message(body if isinstance(body, str) else json.dumps(body), sender) for body in bodies]}


def _message(body: str, sender: str) -> dict[str, Any]:
    return {
        "messageId": f"message-{next(_numbers)}",
        "receiptHandle": "MessageReceiptHandle",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1614556800000",
            "SenderId": sender,
            "ApproximateFirstReceiveTimestamp": "1614556800001",
        },
        "messageAttributes": {},
        "md5OfBody": "7b270e59b47ff90a553787216d55d91d",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:facts",
        "awsRegion": "us-east-1",
    }


def scheduled(time: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": time,
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/hourly"],
        "detail": {},
    }


def from_stream(*items: dict[str, Any]) -> dict[str, Any]:
    """The stream's records of new items, numbered from 1."""
    return {"Records": [_change(number, _as_json(values.item(item))) for number, item in enumerate(items, 1)]}


def _as_json(image: dict[str, Any]) -> dict[str, Any]:
    """Lambda's events are JSON, in which bytes are written in base 64."""
    return json.loads(json.dumps(image, default=lambda data: b64encode(data).decode()))


def _change(number: int, image: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventID": f"change-{number}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1614556800,
            "Keys": {"pk": image["pk"], "sk": image["sk"]},
            "NewImage": image,
            "SequenceNumber": str(number),
            "SizeBytes": 500,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/standing/stream/2021-01-01T00:00:00.000",
    }


def journal(holder: str | None = None) -> list[dict[str, Any]]:
    """The journal's items, in order, as the table has them; of one holder or of all."""
    return _entries(f"H#{holder}" if holder else "H#")


def partner_journal(partner: str = "") -> list[dict[str, Any]]:
    """The same of a partner, or of all."""
    return _entries(f"P#{partner}")


def _entries(pk: str) -> list[dict[str, Any]]:
    return [item for item in table.scan() if item["pk"].startswith(pk) and item["sk"].startswith("J#")]


def failures(answer: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

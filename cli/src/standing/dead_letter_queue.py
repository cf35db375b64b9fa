"""The dead-letter queue: looking at what lies there without losing any of it, and another try."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
from api.clients import client
from botocore.config import Config

from standing.connection import place

# What a call takes; how long it waits for a message, so that all of the queue is asked; how long nobody else gets it.
BATCH = 10
WAIT_SECONDS = 2
HIDDEN_SECONDS = 300
# More than the function takes at its first call.
INVOKE_SECONDS = 60
# The reason of those that SQS itself moved there, after the deliveries that the provider queue allows.
UNEXPLAINED = "failed"


@dataclass(frozen=True)
class DeadLetter:
    """reason and about: why it lies there, as validate_claim says; sender: who sent it to the provider queue."""

    receipt: str
    message_id: str
    body: str
    sent_at: datetime
    sender: str
    reason: str
    about: dict[str, str]


@contextmanager
def taken(letters_max: int, wanted: Callable[[DeadLetter], bool]) -> Iterator[list[DeadLetter]]:
    """Dead letters that are wanted, which nobody else gets meanwhile; those still in the list at the end are put back.

    All are taken before any is sent back: one that comes here again at once is then not met again, and again.
    """
    letters: list[DeadLetter] = []
    others: list[DeadLetter] = []
    try:
        while len(letters) < letters_max and (batch := _receive(min(BATCH, letters_max - len(letters)))):
            for letter in batch:
                (letters if wanted(letter) else others).append(letter)
        yield letters
    finally:
        _put_back([*letters, *others])


class NotTaken(Exception):
    """The function could not deal with a dead letter now; it stays where it is."""


def try_again(letter: DeadLetter) -> None:
    """Hand a dead letter to validate_claim as the provider queue did, from its first sender; only then delete it here.

    Sent to the queue again it would come from whoever runs this, and vouch for a sender who was never checked. The
    function records it, or puts it back here with its reason of today. Raises NotTaken where it did neither.
    """
    record = {
        "messageId": letter.message_id,
        "body": letter.body,
        "attributes": {"SenderId": letter.sender, "ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }
    once = Config(read_timeout=INVOKE_SECONDS, retries={"total_max_attempts": 1})
    payload = json.dumps({"Records": [record]})
    reply = boto3.client("lambda", config=once).invoke(FunctionName=place("validate_claim"), Payload=payload)
    answer = json.load(reply["Payload"])
    if "FunctionError" in reply or answer["batchItemFailures"]:
        raise NotTaken(f"{place('validate_claim')} could not deal with it now; its log says why")
    client("sqs").delete_message(QueueUrl=place("dead_letter_queue"), ReceiptHandle=letter.receipt)


def _put_back(letters: list[DeadLetter]) -> None:
    for start in range(0, len(letters), BATCH):
        entries = [
            {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
            for number, letter in enumerate(letters[start : start + BATCH])
        ]
        client("sqs").change_message_visibility_batch(QueueUrl=place("dead_letter_queue"), Entries=entries)


def _receive(letters_max: int) -> list[DeadLetter]:
    reply = client("sqs").receive_message(
        QueueUrl=place("dead_letter_queue"),
        MaxNumberOfMessages=letters_max,
        VisibilityTimeout=HIDDEN_SECONDS,
        WaitTimeSeconds=WAIT_SECONDS,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["SentTimestamp", "SenderId", "DeadLetterQueueSourceArn"],
    )
    return [_letter(message) for message in reply.get("Messages", ())]


def _letter(message: dict[str, Any]) -> DeadLetter:
    known = message["Attributes"]
    given = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    # What SQS moved has the attributes that its sender gave it: they say nothing about why it lies there.
    about = {} if "DeadLetterQueueSourceArn" in known else given
    return DeadLetter(
        receipt=message["ReceiptHandle"],
        message_id=about.pop("message_id", message["MessageId"]),
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(known["SentTimestamp"]) / 1000, UTC),
        sender=about.pop("sender", known["SenderId"]),
        reason=about.pop("reason", UNEXPLAINED),
        about=about,
    )

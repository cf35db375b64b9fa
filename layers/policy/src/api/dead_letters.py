"""The dead-letter queue: looking at what lies there without losing any of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.clients import client

# What a call takes; how long it waits for a message, so that all of the queue is asked; how long nobody else gets it.
BATCH = 10
WAIT_SECONDS = 2
HIDDEN_SECONDS = 300
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
def taken(
    queue_url: str,
    letters_max: int,
    wanted: Callable[[DeadLetter], bool] = lambda letter: True,
    *,
    hidden_seconds: int = HIDDEN_SECONDS,
) -> Iterator[list[DeadLetter]]:
    """Dead letters that are wanted, which nobody else gets meanwhile; those still in the list at the end are put back.

    All are taken before any is sent back: one that comes here again at once is then not met again, and again.
    """
    letters: list[DeadLetter] = []
    others: list[DeadLetter] = []
    try:
        while len(letters) < letters_max:
            batch = _receive(queue_url, min(BATCH, letters_max - len(letters)), hidden_seconds)
            if not batch:
                break
            for letter in batch:
                (letters if wanted(letter) else others).append(letter)
        yield letters
    finally:
        _put_back(queue_url, [*letters, *others])


def number(queue_url: str) -> int:
    """About how many dead letters there are, also those that somebody is looking at."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    reply = client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
    return sum(int(reply["Attributes"][name]) for name in names)


def _put_back(queue_url: str, letters: list[DeadLetter]) -> None:
    for start in range(0, len(letters), BATCH):
        entries = [
            {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
            for number, letter in enumerate(letters[start : start + BATCH])
        ]
        client("sqs").change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)


def _receive(queue_url: str, letters_max: int, hidden_seconds: int) -> list[DeadLetter]:
    reply = client("sqs").receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=letters_max,
        VisibilityTimeout=hidden_seconds,
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

"""Messages that can never be processed, and where they go."""

import os

from api.clients import client
from api.observability import count_dead_lettered, logger
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import EntryTooLarge, FactConflict, WaitingFull
from policy import FormError, Refused

# An attribute is for whoever looks at the queue; a message may name ever so many unknown fields.
DETAIL_CHARS_MAX = 1000


class Unprocessable(Exception):
    """reason: one word of few, for counting; detail: for whoever mends the message; rule: where one decided."""

    def __init__(self, reason: str, detail: str, rule: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.rule = reason, detail, rule


def unprocessable(error: Exception) -> Unprocessable | None:
    """What an error says about a message that fails each time; None for an error that may pass."""
    match error:
        case Unprocessable():
            return error
        case FormError():
            return Unprocessable("bad-data", str(error))
        case Refused():
            return Unprocessable("refused", error.detail, error.rule)
        case FactConflict():
            return Unprocessable("id-reused", "its source and id were used before, with other content")
        case WaitingFull():
            return Unprocessable("waiting-full", "too many facts wait for somebody to have this account")
        case EntryTooLarge():
            return Unprocessable("too-large", "with it the holder's entry would not fit into the table")
    return None


def dead_letter(record: SQSRecord, why: Unprocessable) -> None:
    """Put a message on the dead-letter queue, its body as it came, with the reason and its first sender.

    Delivered twice, it lies there twice, which does no harm. Fails as the queue does; the message must then stay.
    """
    about = {
        "reason": why.reason,
        "detail": _printable(why.detail),
        "rule": why.rule,
        "sender": record.attributes.get("SenderId"),
        "message_id": record.message_id,
    }
    client("sqs").send_message(
        QueueUrl=os.environ["DEAD_LETTER_QUEUE_URL"],
        MessageBody=record.body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in about.items() if value
        },
    )
    logger.warning("dead-lettered", reason=why.reason, rule=why.rule)
    count_dead_lettered(why.reason)


def _printable(text: str) -> str:
    """Queues take no control characters, and a detail may name a field that holds some."""
    return text.encode("unicode_escape").decode()[:DETAIL_CHARS_MAX]

"""Another try for a message of the dead-letter queue."""

import json

import boto3
from api.clients import client
from api.dead_letters import DeadLetter
from botocore.config import Config

from standing.connection import place

# More than the function takes at its first call.
INVOKE_SECONDS = 60


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

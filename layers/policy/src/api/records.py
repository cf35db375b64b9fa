"""Messages of a queue, each on its own: one that fails stays on the queue and holds up no other."""

from collections.abc import Callable, Mapping
from typing import Any

# Before anything that imports pydantic, beside which this loads a model of every event of AWS.
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from api.observability import logger


def each_record(event: Mapping[str, Any], take: Callable[[SQSRecord], None]) -> Mapping[str, Any]:
    """Take each message of an SQS event; the answer names those to be delivered again."""

    def run(record: SQSRecord) -> None:
        with logger.append_context_keys(message_id=record.message_id):
            try:
                take(record)
            except Exception:
                logger.exception("left on the queue", receive_count=record.attributes.get("ApproximateReceiveCount"))
                raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(event["Records"], run):
        processor.process()
    return processor.response()

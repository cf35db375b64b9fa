"""Facts from providers: completions reported and retracted, exams passed; activities and badges of continuous learning.

They decide claims (A5), recertify (A7), and count for partners (B1, B3).
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from api import clock
from api.observability import logger, measure, observed, timed
from api.records import each_record
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import Loaded, Recorded, Source, get_course, get_item, get_provider, record, record_for_account

from functions.validate_claim import messages, models
from functions.validate_claim.senders import may_name, may_send, takes_rosters
from functions.validate_claim.unprocessable import Unprocessable, dead_letter, unprocessable


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return each_record(event, _take)


def _take(message: SQSRecord) -> None:
    """Record a message's fact. One that can never be goes to the dead-letter queue; one that may be later stays."""
    with ExitStack() as ids:
        try:
            event, data = messages.read(message.body)
            ids.enter_context(logger.append_context_keys(event_source=event.source, event_id=event.id))
            _check_sender(message, event.source, data.provider)
            _check_known(data)
            with timed("DecisionMilliseconds"):
                recorded = _record(message, event, data)
            _log(recorded)
            measure(recorded)
        except Exception as error:
            why = unprocessable(error)
            if why is None:
                raise
            dead_letter(message, why)


def _check_sender(message: SQSRecord, source: str, provider_id: str) -> None:
    provider = get_provider(provider_id)
    if provider is None:
        raise Unprocessable("unknown-provider", f"{provider_id} is not registered")
    sender_id = message.attributes.get("SenderId") or ""
    if not (may_send(sender_id, provider) or takes_rosters(sender_id)):
        raise Unprocessable("wrong-sender", f"{sender_id} may not send for {provider_id}")
    if not may_name(source, provider_id):
        raise Unprocessable("wrong-sender", f"{provider_id} may not send as {source}")


def _check_known(data: models.Data) -> None:
    match data:
        case models.CompletionReported() | models.CompletionRetracted():
            # A version that the catalog does not have may be a mistake about a claim, which the rules then name.
            if get_course(data.course) is None:
                raise Unprocessable("unknown-course", f"{data.course} is not in the catalog", "unknown-course")
        case models.ActivityRecorded():
            _check_item(data.item)


def _check_item(name: str) -> None:
    item = get_item(name, clock.day_of(clock.now()))
    if item is None:
        raise Unprocessable("unknown-item", f"{name} is no item of continuous learning")
    if item.event:
        detail = f"{name} is an event: its partner's administrators record who attended, with proof"
        raise Unprocessable("event-item", detail, "points-listed")


def _record(message: SQSRecord, event: models.CloudEvent, data: models.Data) -> Recorded:
    today = clock.day_of(clock.now())
    content = [event.type, data.model_dump(mode="json", exclude_none=True)]
    source = Source(event.source, event.id, content)
    cause = f"{event.type}, message {message.message_id}"
    if data.account is not None:
        return record_for_account(data.account, data.fact(), today, source=source, cause=cause)

    def of_known(loaded: Loaded) -> Sequence[Any]:
        if not loaded.version:
            raise Unprocessable("unknown-holder", f"there is no holder {loaded.holder}")
        return [data.fact()]

    return record(data.whom, of_known, today, source=source, cause=cause)


def _log(recorded: Recorded) -> None:
    entry = recorded.entry
    decisions = [f"{decision['kind']} {decision['subject']}" for decision in entry.decisions] if entry else []
    logger.info("recorded", holder=recorded.owner, again=recorded.again, decisions=decisions)

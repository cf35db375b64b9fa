"""The journal is the outbox: what each entry decided goes to the bus, and on to holders who share a certificate id."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from api.batches import send_all
from api.clients import client
from api.observability import count, logger, observed
from botocore.exceptions import BotoCoreError, ClientError
from ledger import Entry, entry_from_image, spread_certificates


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """The answer names the first record not done with: the stream delivers it and those after it again.

    So an event is published at least once, and each time with the same id.
    """
    numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    read = _read(event["Records"])
    published = _publish([events for _, events in read])
    done = _spread([entry for entry, _ in read[:published]])
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers[done : done + 1]]}


def _read(records: Sequence[Mapping[str, Any]]) -> list[tuple[Entry | None, list[dict[str, Any]]]]:
    """The entry of each record with its events, up to the first that cannot be read; none for anything else."""
    read: list[tuple[Entry | None, list[dict[str, Any]]]] = []
    for record in records:
        try:
            entry = entry_from_image(record["dynamodb"]["NewImage"])
            read.append((entry, entry.events if entry else []))
        except Exception:
            logger.exception("not read", sequence_number=record["dynamodb"]["SequenceNumber"])
            break
    return read


def _publish(events_by_entry: Sequence[Sequence[Mapping[str, Any]]]) -> int:
    """How many entries, from the first on, have all of their events on the bus."""
    events = [(number, event) for number, events in enumerate(events_by_entry) for event in events]
    sent = send_all([_for_bus(event) for _, event in events], _put)
    if sent:
        count("EventsPublished", sent)
    if sent == len(events):
        return len(events_by_entry)
    number, event = events[sent]
    logger.error("not published", event_id=event["id"])
    return number


def _for_bus(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as CloudEvents 1.0 in EventBridge's envelope. An entry's few dozen claim ids stay far below 256 KB."""
    bus = os.environ["BUS_NAME"]
    detail = {"specversion": "1.0", "source": bus, "datacontenttype": "application/json", **event}
    return {
        "EventBusName": bus,
        "Source": bus,
        "DetailType": event["type"],
        "Time": event["time"],
        "Detail": json.dumps(detail),
    }


def _put(events: Sequence[Mapping[str, Any]]) -> list[int]:
    try:
        reply = client("events").put_events(Entries=list(events))
    except (BotoCoreError, ClientError):
        logger.exception("not put on the bus")
        return list(range(len(events)))
    return [number for number, result in enumerate(reply["Entries"]) if "ErrorCode" in result]


def _spread(entries: Sequence[Entry | None]) -> int:
    """How many entries, from the first on, other holders know of as far as it concerns them (certificate-used-once)."""
    for number, entry in enumerate(entries):
        try:
            if entry:
                spread_certificates(entry)
        except Exception:
            logger.exception("not spread", holder=entry and entry.owner)
            return number
    return len(entries)

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
    entries = _read(event["Records"])
    entries = entries[: _publish(entries)]
    done = _spread(entries)
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers[done : done + 1]]}


def _read(records: Sequence[Mapping[str, Any]]) -> list[Entry | None]:
    """The entries of records, up to the first that cannot be read; None for a record of something else."""
    entries: list[Entry | None] = []
    for record in records:
        try:
            entries.append(entry_from_image(record["dynamodb"]["NewImage"]))
        except Exception:
            logger.exception("not an entry", sequence_number=record["dynamodb"]["SequenceNumber"])
            break
    return entries


def _publish(entries: Sequence[Entry | None]) -> int:
    """How many entries, from the first on, have all of their events on the bus."""
    events = [(number, event) for number, entry in enumerate(entries) if entry for event in entry.events]
    sent = send_all([_for_bus(event) for _, event in events], _put)
    if sent:
        count("EventsPublished", sent)
    if sent == len(events):
        return len(entries)
    logger.error("not published", event_id=events[sent][1]["id"])
    return events[sent][0]


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
            logger.exception("not spread", holder=entry and entry.holder)
            return number
    return len(entries)

"""A day's sweep: what time alone has changed is recorded and announced (rulebook, section 0: never decided by it).

The schedule starts it with a message for each shard of the due index, on the function's own queue. Such a message
reads a page, sends on the holders or partners found, some to a message, and itself with the place where to go on. Each step is
bounded, and any of them may happen twice: settling again changes nothing.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import ledger
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import SHARDS, Recorded, due, settle
from ledger.keys import SPECIALIZATION

from api import clock
from api.batches import enqueue
from api.observability import count, logger, measure
from api.records import each_record

# A page makes four messages of holders or partners and one to go on: a single call of the queue.
PAGE = 100
OWNERS_PER_MESSAGE = 25
# Kept at the end of an invocation, so that what is left is sent on rather than cut off.
SPARE_MILLISECONDS = 10_000
RETRY_SECONDS = 60


def sweep(kinds: Sequence[str], event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    """Start the sweep of an event's `time`, or take its messages; kinds: those of the due index that are swept.

    Gives the day swept and the number of shards on starting, the messages to be delivered again otherwise.
    """
    if "Records" in event:
        return each_record(event, lambda record: _take(record, context))
    day = _not_after_today(clock.day_of(_instant(event["time"])))
    starts = [{"kind": kind, "shard": shard, "cursor": None} for kind in kinds for shard in range(SHARDS)]
    _enqueue(day, starts)
    logger.info("sweep started", day=day)
    return {"day": day.isoformat(), "shards": len(starts)}


def _instant(time: str) -> datetime:
    instant = datetime.fromisoformat(time)
    if instant.tzinfo is None:
        raise ValueError(f"{time} names no instant without its offset from UTC")
    return instant


def _not_after_today(day: date) -> date:
    """Nothing is recorded or announced that has not happened."""
    return min(day, clock.day_of(clock.now()))


def _take(record: SQSRecord, context: Any) -> None:
    message = json.loads(record.body)
    kind, day = message["kind"], _not_after_today(date.fromisoformat(message["day"]))
    if "owners" in message:
        _settle_all(kind, message["owners"], day, context)
    else:
        _read_page(kind, message["shard"], day, message["cursor"])


def _read_page(kind: str, shard: int, day: date, cursor: dict[str, str] | None) -> None:
    page = due(kind, shard, day, limit=PAGE, cursor=cursor)
    messages: list[dict[str, Any]] = [{"kind": kind, "owners": part} for part in _parts(page.items)]
    if page.cursor:
        messages.append({"kind": kind, "shard": shard, "cursor": page.cursor})
    _enqueue(day, messages)
    count("PartnersDue" if kind == SPECIALIZATION else "HoldersDue", len(page.items))


def _settle_all(kind: str, owners: Sequence[str], day: date, context: Any) -> None:
    """Settle holders or partners; one that fails is tried again by itself, and what time does not suffice for goes on."""
    settle_one = ledger.settle_partner if kind == SPECIALIZATION else settle
    failed = []
    for number, owner in enumerate(owners):
        # The first always, so that each invocation gets on.
        if number and context.get_remaining_time_in_millis() < SPARE_MILLISECONDS:
            _enqueue(day, [{"kind": kind, "owners": owners[number:]}])
            break
        try:
            recorded = settle_one(owner, day, cause=f"sweep of {day}")
        except Exception:
            if len(owners) == 1:
                raise
            logger.exception("to be settled by itself", owner=owner)
            failed.append(owner)
        else:
            _observe(kind, recorded)
    _enqueue(day, [{"kind": kind, "owners": [owner]} for owner in failed], delay_seconds=RETRY_SECONDS)


def _observe(kind: str, recorded: Recorded | None) -> None:
    if recorded is None or recorded.entry is None:
        return
    kinds = [decision["kind"] for decision in recorded.entry.decisions]
    logger.info("settled", owner=recorded.owner, seq=recorded.entry.seq, decisions=kinds)
    count("PartnersSettled" if kind == SPECIALIZATION else "HoldersSettled")
    measure(recorded)
    if recorded.entry.decisions:
        first = date.fromisoformat(recorded.entry.decisions[0]["day"])
        count("SweepLagDays", (clock.day_of(clock.now()) - first).days)


def _parts(owners: Sequence[str]) -> Iterator[Sequence[str]]:
    return (owners[start : start + OWNERS_PER_MESSAGE] for start in range(0, len(owners), OWNERS_PER_MESSAGE))


def _enqueue(day: date, messages: Iterable[dict[str, Any]], delay_seconds: int = 0) -> None:
    dated = ({"day": day.isoformat(), **message} for message in messages)
    enqueue(os.environ["SWEEP_QUEUE_URL"], dated, delay_seconds=delay_seconds)

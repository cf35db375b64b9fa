"""A day's sweep: what time alone has changed is recorded and announced (rulebook, section 0: never decided by it).

The schedule starts it with a message for each shard of the due index, on the function's own queue. Such a message
reads a page, sends on the holders found, some to a message, and itself with the place where to go on. Each step is
bounded, and any of them may happen twice: settling a holder again changes nothing.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from ledger import SHARDS, Recorded, due, settle

from api import clock
from api.batches import enqueue
from api.observability import count, logger, measure
from api.records import each_record

# A page makes four messages of holders and one to go on: a single call of the queue.
PAGE = 100
HOLDERS_PER_MESSAGE = 25
# Kept at the end of an invocation, so that what is left is sent on rather than cut off.
SPARE_MILLISECONDS = 10_000
RETRY_SECONDS = 60


def sweep(kind: str, event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    """Start the sweep of an event's `time`, or take its messages; kind: of the due index, "claim" or "certification".

    Gives the day swept and the number of shards on starting, the messages to be delivered again otherwise.
    """
    if "Records" in event:
        return each_record(event, lambda record: _take(kind, record, context))
    day = _not_after_today(clock.day_of(_instant(event["time"])))
    _enqueue(day, [{"shard": shard, "cursor": None} for shard in range(SHARDS)])
    logger.info("sweep started", day=day)
    return {"day": day.isoformat(), "shards": SHARDS}


def _instant(time: str) -> datetime:
    instant = datetime.fromisoformat(time)
    if instant.tzinfo is None:
        raise ValueError(f"{time} names no instant without its offset from UTC")
    return instant


def _not_after_today(day: date) -> date:
    """Nothing is recorded or announced that has not happened."""
    return min(day, clock.day_of(clock.now()))


def _take(kind: str, record: SQSRecord, context: Any) -> None:
    message = json.loads(record.body)
    day = _not_after_today(date.fromisoformat(message["day"]))
    if "holders" in message:
        _settle_all(message["holders"], day, context)
    else:
        _read_page(kind, message["shard"], day, message["cursor"])


def _read_page(kind: str, shard: int, day: date, cursor: dict[str, str] | None) -> None:
    page = due(kind, shard, day, limit=PAGE, cursor=cursor)
    messages: list[dict[str, Any]] = [{"holders": part} for part in _parts(page.items)]
    if page.cursor:
        messages.append({"shard": shard, "cursor": page.cursor})
    _enqueue(day, messages)
    count("HoldersDue", len(page.items))


def _settle_all(holders: Sequence[str], day: date, context: Any) -> None:
    """Settle holders; one that fails is tried again by itself, and what time does not suffice for goes on to another."""
    failed = []
    for number, holder in enumerate(holders):
        # The first always, so that each invocation gets on.
        if number and context.get_remaining_time_in_millis() < SPARE_MILLISECONDS:
            _enqueue(day, [{"holders": holders[number:]}])
            break
        try:
            recorded = settle(holder, day, cause=f"sweep of {day}")
        except Exception:
            if len(holders) == 1:
                raise
            logger.exception("to be settled by itself", holder=holder)
            failed.append(holder)
        else:
            _observe(recorded)
    _enqueue(day, [{"holders": [holder]} for holder in failed], delay_seconds=RETRY_SECONDS)


def _observe(recorded: Recorded | None) -> None:
    if recorded is None or recorded.entry is None:
        return
    kinds = [decision["kind"] for decision in recorded.entry.decisions]
    logger.info("settled", holder=recorded.holder, seq=recorded.entry.seq, decisions=kinds)
    count("HoldersSettled")
    measure(recorded)
    if recorded.entry.decisions:
        first = date.fromisoformat(recorded.entry.decisions[0]["day"])
        count("SweepLagDays", (clock.day_of(clock.now()) - first).days)


def _parts(holders: Sequence[str]) -> Iterator[Sequence[str]]:
    return (holders[start : start + HOLDERS_PER_MESSAGE] for start in range(0, len(holders), HOLDERS_PER_MESSAGE))


def _enqueue(day: date, messages: Iterable[dict[str, Any]], delay_seconds: int = 0) -> None:
    dated = ({"day": day.isoformat(), **message} for message in messages)
    enqueue(os.environ["SWEEP_QUEUE_URL"], dated, delay_seconds=delay_seconds)

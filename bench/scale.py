"""python -m bench.scale [--holders N]: the sweeps as they are over many holders, and whether the model says the same."""

import argparse
import sys
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from io import StringIO
from math import ceil
from time import process_time
from typing import Any
from unittest.mock import patch

import ledger
from ledger import keys, table, values, worklists
from policy import facts

from bench import model, store
from functions.expire_credits import handler as expire_credits
from functions.recertify import handler as recertify
from functions.serve_holder import handler as serve_holder
from functions.submit_claim import handler as submit_claim
from functions.validate_claim import handler as validate_claim
from tests.functions.cloud import logged
from tests.functions.events import Context, failures, from_queue, scheduled
from tests.functions.http import signed_in
from tests.ledger import world
from tests.ledger.units import Counting

# Of all holders, so many are due on an ordinary day, and twenty times as many on the day of a deadline.
ORDINARY, DEADLINE = 1 / 200, 1 / 10
# So many with the emulated cloud, which alone tells rightly what is written.
EMULATED = 200
COPIES_AT_ONCE = 5_000
SWEEPS = {keys.CLAIM: expire_credits, keys.CERTIFICATION: recertify}
# What DynamoDB itself adds to an item, and a row of an index that is kept beside it.
ITEM_BYTES, ROW_BYTES = 100, 100 + model.ROW_BYTES


@dataclass
class Queue:
    """In place of SQS: what is sent waits here."""

    bodies: deque[str] = field(default_factory=deque)
    calls: int = 0
    messages: int = 0
    deepest: int = 0

    def send_message_batch(self, *, Entries: Sequence[Mapping[str, str]], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.bodies += [entry["MessageBody"] for entry in Entries]
        self.calls += 1
        self.messages += len(Entries)
        self.deepest = max(self.deepest, len(self.bodies))
        return {}


def sweep(kind: str, day: date) -> dict[str, float]:
    """Sweep a day, from the schedule's event until the queue is empty; what was counted."""
    handler, queue, counting, invocations = SWEEPS[kind].lambda_handler, Queue(), Counting(), 1

    def run() -> None:
        nonlocal invocations
        handler(scheduled(f"{day}T12:00:00Z"), Context())
        while queue.bodies:
            batch = [queue.bodies.popleft() for _ in range(min(model.BATCH, len(queue.bodies)))]
            assert not failures(handler(from_queue(*batch), Context()))
            invocations += 1

    started = process_time()
    with patch("api.batches.client", lambda service: queue), redirect_stdout(StringIO()) as metrics, logged() as log:
        counting.act(run)
    calls = Counter(counting.calls)
    return {
        "queries": calls["query"],
        "transactions": calls["transact_write_items"],
        "read units": counting.read.total(),
        "write units": counting.written.total(),
        "messages": queue.messages,
        "messages at once": queue.deepest,
        "calls of the queue": queue.calls,
        "invocations": invocations,
        "processor time: ms": (process_time() - started) * 1000,
        "log: KB": (len(metrics.getvalue()) + len(log.getvalue())) / 1000,
    }


def make(number: int, first: int, awarded: date, *, earned: int = 0) -> list[str]:
    """Holders with a certification, earned claims and one that waits, all of one day; copies of one made by the rules."""
    holders = [f"holder-{n:08d}" for n in range(first, first + number)]
    account = f"{holders[0]}@example.com"
    ledger.link_accounts(holders[0], [account], holders[0], awarded)
    award = facts.CertificationAwarded("ccie-enterprise", "expert", awarded)
    ledger.record(holders[0], [facts.TermsAccepted(), award], awarded)
    completed = awarded + (world.COMPLETED - world.START)
    for n in range(earned):
        world.submit(holders[0], f"C{n}", completed=completed, day=completed + timedelta(days=1))
        world.push(world.completion(account, f"C{n}", completed=completed), day=completed + timedelta(days=2))
    world.submit(holders[0], "HUGE", completed=completed, day=completed + timedelta(days=10))
    for start in range(1, number, COPIES_AT_ONCE):
        store.copy(holders[0], holders[start : start + COPIES_AT_ONCE])
        print(f"  {first + min(start + COPIES_AT_ONCE, number):,} holders", file=sys.stderr, flush=True)
    return holders


def simulate(holders: int, left_out: str) -> list[str]:
    """Sweep an ordinary day, that of a deadline, and that once more; what was counted otherwise than the model says.

    left_out: the units that the store does not tell rightly.
    """
    ordinary, deadline = ceil(holders * ORDINARY), ceil(holders * DEADLINE)
    days = {
        "an ordinary day": make(ordinary, 0, world.START, earned=model.EARNED),
        "a deadline": make(deadline, ordinary, world.START + timedelta(days=1), earned=model.EARNED),
        "the same again": [],
    }
    make(holders - ordinary - deadline, ordinary + deadline, world.START + timedelta(days=40))
    differing = []
    for kind in SWEEPS:
        day = world.START
        for words, due in days.items():
            day, row, journal = _sizes(kind, due[0]) if due else (day, 0, 0)
            by_shard = Counter(keys.due_shard(kind, holder) for holder in due)
            said = model.sweep(kind, [by_shard[keys.shard(kind, n)] for n in range(ledger.SHARDS)], row, journal)
            print(f"\n{kind}s due on {words}, {day}: {len(due):,} of {holders:,} holders")
            counted = sweep(kind, day)
            differing += [_compared(name, counted[name], said[name]) for name in said if name != left_out]
            if due:
                _measured("messages at once, at most", counted["messages at once"], model.queued_max(kind))
                _measured("processor time for each: ms", counted["processor time: ms"] / len(due), model.SETTLE_CPU_MS)
                _measured("log for each: KB", counted["log: KB"] / len(due), model.SETTLE_LOG_KB)
        if kind == keys.CLAIM:
            started = process_time()
            listed = len(worklists.overdue_numbers())
            _measured("listed as overdue, each: ms", (process_time() - started) * 1000 / listed, model.LISTED_CPU_MS)
    return [name for name in differing if name]


def _sizes(kind: str, holder: str) -> tuple[date, int, int]:
    """The day on which a holder is due, the bytes of the row that says so, and of the journal."""
    items = list(table.partition(keys.holder_pk(holder)))
    rows = [item for item in items if item.get("due_shard") == keys.due_shard(kind, holder)]
    row = min(rows, key=lambda item: item["due_on"])
    entries = [item for item in items if item["sk"].startswith(keys.JOURNAL)]
    in_row = sum(len(name + row[name]) for name in ("pk", "sk", "due_shard", "due_on"))
    return date.fromisoformat(row["due_on"]), in_row, values.size_bytes(entries)


def operations() -> dict[str, model.Operation]:
    """What is done, once each, by the names that the model has for it."""
    ledger.put_course(world.COURSES["HUGE"])
    counted = {}

    def count(name: str, holder: str, act: Callable[[], Any], on: date = store.SUBMITTED) -> None:
        counting, now, version = Counting(), datetime.combine(on, time(12), UTC), ledger.load(holder).version
        with patch("api.clock.now", lambda: now), redirect_stdout(StringIO()), logged():
            answer = counting.act(act)
        assert answer.get("statusCode", 200) < 300, answer
        assert not answer.get("batchItemFailures"), answer
        events = sum(len(entry.events) for entry in ledger.load(holder).entries[version:])
        written = counting.written.pop("table", 0), counting.written.total()
        counted[name] = model.Operation(len(counting.calls), counting.read.total(), *written, events)

    half, (whole,) = store.make_holder(0, earned=model.EARNED), make(1, 1, world.START, earned=model.EARNED * 2)
    count("claim", half, lambda: submit_claim.lambda_handler(store.claim_event(half), Context()))
    count("report", half, lambda: validate_claim.lambda_handler(store.report_event([half]), Context()))
    reading = signed_in(f"{whole}@example.com").event("GET", "/dashboard", store.SUBMITTED)
    count("reading", whole, lambda: serve_holder.lambda_handler(reading, Context()))
    report = store.report_event([whole], "HUGE")
    count("report that renews", whole, lambda: validate_claim.lambda_handler(report, Context()))
    (left,) = make(1, 2, world.START, earned=model.EARNED * 2)
    due = [("claim overdue", keys.CLAIM), *[("notice", keys.CERTIFICATION)] * model.NOTICES]
    for name, kind in [*due, ("expiration", keys.CERTIFICATION), ("credits that lapse", keys.CLAIM)]:
        event = store.sweep_event([left], _sizes(kind, left)[0], kind)
        count(name, left, partial(SWEEPS[kind].lambda_handler, event, Context()), date.max)
    return counted


def stored() -> tuple[float, float]:
    """Bytes of a holder without claims, and of each claim."""
    sizes = []
    for number, earned in enumerate((0, model.EARNED), 100):
        before = _stored_bytes()
        store.make_holder(number, earned=earned)
        sizes.append(_stored_bytes() - before)
    return sizes[0], (sizes[1] - sizes[0]) / model.EARNED


def _stored_bytes() -> int:
    return sum(values.size_bytes(item) + ITEM_BYTES + ROW_BYTES * ("due_on" in item) for item in table.scan())


def _compared(name: str, counted: float, said: float) -> str:
    """The name, if the model says something else."""
    differs = abs(counted - said) > ceil(model.TOLERANCE.get(name, 0) * said)
    print(f"  {name:40} {counted:12,.1f}   the model: {said:,.1f}{'   DIFFERS' if differs else ''}", flush=True)
    return name if differs else ""


def _measured(name: str, measured: float, said: float) -> None:
    print(f"  {name:40} {measured:12,.3f}   the model has {said:,g}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make scale", description="The sweeps over many holders, and the model.")
    parser.add_argument("--holders", type=int, default=100_000)
    holders = parser.parse_args().holders
    with store.emulated():
        writing = operations()
    with store.emulated():
        print("write units, with the emulated cloud")
        differing = simulate(EMULATED, left_out="read units")
    with store.store():
        reading = operations()
        print("\noperations: calls, read units, write units of the table and of indexes, events")
        for name, said in model.OPERATIONS.items():
            counted = writing[name]._replace(reads=reading[name].reads)
            differing += [_compared(name, *pair) for pair in zip(counted, said, strict=True)]
        names = ("bytes of a holder", "bytes of a claim")
        differing += map(_compared, names, stored(), (model.HOLDER_BYTES, model.CLAIM_BYTES))
    with store.store():
        print("\nread units, with DynamoDB Local")
        differing += simulate(holders, left_out="write units")
    if differing := [name for name in differing if name]:
        print(f"\nthe model says otherwise: {', '.join(differing)}", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

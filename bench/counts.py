"""Calls and units: the same on every machine, so the test suite holds them, too (tests/functions/test_counts.py)."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date, timedelta
from functools import partial
from io import StringIO

import ledger
from api.sweep import PAGE
from ledger import keys, table, values

from bench import store
from bench.figures import Figure
from functions.submit_claim import handler as submit_claim
from tests.functions.cloud import logged
from tests.functions.events import Context
from tests.ledger import world
from tests.ledger.units import Counting

ROWS = 1_000
LARGER = 16
CLAIMS = 30
DUE = 40
DEADLINE = 1_600


def claim() -> Counting:
    """A claim over HTTP, of a holder with three earlier ones."""
    with store.emulated():
        event = store.claim_event(store.make_holder(0))
        counting = Counting()
        with logged(), redirect_stdout(StringIO()):
            reply = counting.act(lambda: submit_claim.lambda_handler(event, Context()))
        assert reply["statusCode"] == 201
        return counting


def decision(claims: int) -> tuple[Counting, float]:
    """A report that decides the last of so many claims, and how many units of 4 KB the journal of their holder is."""
    with store.store():
        holder = store.make_holder(0, earned=claims - 1, waiting=True)
        journal = [item for item in table.partition(keys.holder_pk(holder)) if item["sk"].startswith(keys.JOURNAL)]
        counting = Counting()
        counting.act(lambda: world.push(world.completion(f"{holder}@example.com", store.WAITING)))
        return counting, values.size_bytes(journal) / 4096


def found(due: int, *rows: int) -> list[Counting]:
    """Finding so many holders who are due, each time in a table that has grown to so many rows, or a few less."""
    with store.store():
        store.make_holders(due, waiting=True)
        holders, countings = due, []
        for wanted in rows:
            more = max(1, wanted // store.ROWS_PER_HOLDER - holders)
            store.make_holders(more, first=holders)
            holders += more
            countings.append(Counting())
            assert len(countings[-1].act(partial(_find, store.OVERDUE))) == due
        return countings


def settled(due: int) -> tuple[Counting, Counting]:
    """Settling those who are due, and all of it once more."""
    with store.emulated():
        for holder in store.make_holders(due, waiting=True):
            assert not ledger.settle(holder, store.OVERDUE - timedelta(days=100))
        first, again = Counting(), Counting()
        assert first.act(partial(_sweep, store.OVERDUE)) == due
        assert again.act(partial(_sweep, store.OVERDUE)) == 0
        return first, again


def measure() -> Iterator[Figure]:
    claimed = claim()
    yield Figure("AWS calls of a claim", len(claimed.calls), 2, "load, commit")
    yield Figure("write units of a claim, indexes included", claimed.written.total(), 8, "2 for an item of 1 KB")
    decided, journal = decision(CLAIMS)
    name = f"read units of a decision, holder with {CLAIMS} claims"
    yield Figure(name, decided.read.total(), 5, f"journal / 4 KB = {journal:.1f}")
    small, large = found(DUE, ROWS, ROWS * LARGER)
    ratio = large.read.total() / small.read.total()
    yield Figure(f"sweep: read units at {LARGER} times the rows", ratio, 1.35, f"{ROWS} rows, {DUE} holders due")
    (deadline,) = found(DEADLINE, 0)
    yield Figure("sweep: read units per due holder", deadline.read.total() / DEADLINE, 0.01, f"{DEADLINE} holders due")
    first, again = settled(DUE)
    yield Figure("sweep: write units per due claim", first.written.total() / DUE, 2, "2 for an item of 1 KB")
    yield Figure("sweep: write units of a rerun", again.written.total(), 0, "none")


def _find(day: date) -> list[str]:
    holders: list[str] = []
    for shard in range(ledger.SHARDS):
        page = ledger.due(keys.CLAIM, shard, day, limit=PAGE)
        holders += page.items
        while page.cursor:
            page = ledger.due(keys.CLAIM, shard, day, limit=PAGE, cursor=page.cursor)
            holders += page.items
    return holders


def _sweep(day: date) -> int:
    """How many holders a sweep finds that have something to settle."""
    return sum(ledger.settle(holder, day) is not None for holder in _find(day))

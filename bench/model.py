"""What is done costs so many calls, units and messages: small sums, which bench.scale holds to what it counts."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from api.sweep import OWNERS_PER_MESSAGE, PAGE
from ledger import SHARDS, keys

# Messages that a function takes at once (template.yaml).
BATCH = 10
# Of a holder with EARNED claims, or with twice as many where a cycle ends; NOTICES come before its end.
EARNED, NOTICES = 7, 4
# Measured on one processor, and so never compared: a holder swept, with what it logs; one listed as overdue.
SETTLE_CPU_MS, SETTLE_LOG_KB, LISTED_CPU_MS = 4.0, 0.45, 0.02
# What is kept of a holder without claims, and of each claim, with indexes; a row of the due index.
HOLDER_BYTES, CLAIM_BYTES, ROW_BYTES = 1_900, 3_100, 80
# A journal at the end of a cycle, and of it a claim with its report.
JOURNAL_BYTES, ENTRIES_BYTES = 27_900, 1_900
# How far what is counted may be off, as a share of the model; all else not at all.
TOLERANCE = {"invocations": 0.05, "bytes of a holder": 0.1, "bytes of a claim": 0.1}


class Operation(NamedTuple):
    """Calls of DynamoDB, read units, write units of the table and of its indexes, events published."""

    calls: int
    reads: float
    writes: float
    indexed: float
    events: int


OPERATIONS = {
    "claim": Operation(4, 6, 4, 2, 1),
    "report": Operation(7, 8, 8, 3, 1),
    "report that renews": Operation(7, 11, 46, 18, 2),
    "claim overdue": Operation(2, 7, 6, 3, 1),
    "notice": Operation(2, 7, 4, 2, 1),
    "expiration": Operation(2, 7, 32, 29, 1),
    "credits that lapse": Operation(2, 8, 36, 14, 14),
    "reading": Operation(3, 8, 0, 0, 0),
}
# How many kinds of what falls due the function sweeps that sweeps a kind, and what one found comes to.
KINDS = {keys.CLAIM: 1, keys.CERTIFICATION: 2}
SETTLED = {keys.CLAIM: OPERATIONS["claim overdue"], keys.CERTIFICATION: OPERATIONS["notice"]}


def sweep(kind: str, due: Sequence[int], row_bytes: int, journal_bytes: int) -> dict[str, float]:
    """What a sweep comes to that finds so many holders in each shard, of whom each has something to settle.

    kind: that of the due index whose function sweeps; a page that is full may have another after it.
    """
    full = sum(number // PAGE for number in due)
    rests = [number % PAGE for number in due]
    settled = sum(due)
    starts = SHARDS * KINDS[kind]
    messages = starts + full * (PAGE // OWNERS_PER_MESSAGE + 1) + sum(ceil(n / OWNERS_PER_MESSAGE) for n in rests)
    return {
        "queries": starts + full + settled,
        "transactions": settled,
        "read units": full * _page_units(PAGE * row_bytes)
        + sum(_page_units(rest * row_bytes) for rest in rests if rest)
        + settled * ceil(journal_bytes / 4096),
        "write units": settled * (SETTLED[kind].writes + SETTLED[kind].indexed),
        "messages": messages,
        "calls of the queue": ceil(starts / BATCH) + full + sum(rest > 0 for rest in rests),
        "invocations": 1 + ceil(messages / BATCH),
    }


def _page_units(size: int) -> float:
    """A page of the index is read as it may be by now, at half the price."""
    return ceil(size / 4096) / 2


def queued_max(kind: str) -> int:
    """Each shard's chain waits for its page to be taken before it reads the next."""
    return SHARDS * KINDS[kind] * (PAGE // OWNERS_PER_MESSAGE + 1)

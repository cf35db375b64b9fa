"""What the system costs and bears, as sums: python -m bench.model prints the tables of docs/scale.md.

Operations and sweeps are as counted: bench.scale holds them to that, and docs/scale.md to these tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from api.sweep import OWNERS_PER_MESSAGE, PAGE
from ledger import SHARDS, keys
from ledger.catalog_shards import CATALOG_SHARDS

# ---- the program
HOLDERS, CLAIMS_PER_YEAR = 10_000_000, 50_000_000
DEADLINE_TIMES = 20
# Assumed. The busiest hour of a day beside its mean; what a claim comes with; how cycles end.
BUSIEST_HOUR_TIMES = 3
READS_PER_CLAIM = 5
CYCLE_YEARS, NOTICES, RENEWED, OVERDUE = 3, 4, 0.9, 0.05

# ---- as template.yaml has it
BATCH = 10
CONCURRENCY = {"ValidateClaim": 20, "ExpireCredits": 10, "Recertify": 10, "SendReminders": 2}
REQUESTS_PER_SECOND_MAX = 500
GB = 0.5

# ---- DynamoDB: units a second of a partition, and of a table by default and when it is new
WRITES_MAX, READS_MAX = 1_000, 3_000
TABLE_WRITES_MAX, NEW_TABLE_WRITES_MAX = 40_000, 4_000

# ---- measured by bench.scale, on one processor; Lambda gives one for 1,769 MB
SETTLE_CPU_MS, LISTED_CPU_MS = 4.0, 0.02
SETTLE_LOG_KB = 0.45
HOLDER_BYTES, CLAIM_BYTES = 1_900, 3_100
PROCESSOR = GB * 1024 / 1769
# ---- assumed: what is waited for, what a call logs, the share of calls that is traced, replays as docs/performance.md has them
QUERY_MS, TRANSACTION_MS, MAIL_MS, CALL_MS = 5, 10, 100, 60
CALL_LOG_KB, TRACED = 2, 0.05
REPLAYS_PER_SECOND = 500

SECONDS_PER_YEAR = 365 * 86_400
# How far what is counted may be from the model, as a share of it; all else not at all.
TOLERANCE = {"invocations": 0.05, "bytes of a holder": 0.1, "bytes of a claim": 0.1}


class Operation(NamedTuple):
    """Of one: calls of DynamoDB, read and write units with indexes, events published."""

    calls: int
    reads: float
    writes: float
    events: int


# Of a holder with EARNED claims, or with twice as many where a cycle ends.
EARNED = 7
OPERATIONS = {
    "claim": Operation(4, 6, 6, 1),
    "report": Operation(7, 8, 11, 1),
    "report that renews": Operation(7, 11, 64, 17),
    "claim overdue": Operation(2, 7, 9, 1),
    "notice": Operation(2, 7, 6, 1),
    "expiration": Operation(2, 7, 61, 15),
    "reading": Operation(3, 8, 0, 0),
}
PER_YEAR = {
    "claim": CLAIMS_PER_YEAR,
    "report": CLAIMS_PER_YEAR - HOLDERS * RENEWED / CYCLE_YEARS,
    "report that renews": HOLDERS * RENEWED / CYCLE_YEARS,
    "claim overdue": CLAIMS_PER_YEAR * OVERDUE,
    "notice": HOLDERS * NOTICES / CYCLE_YEARS,
    "expiration": HOLDERS * (1 - RENEWED) / CYCLE_YEARS,
    "reading": CLAIMS_PER_YEAR * READS_PER_CLAIM,
}
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
        "write units": settled * SETTLED[kind].writes,
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


# ---- what follows for the program

PER_SECOND = {name: number / SECONDS_PER_YEAR for name, number in PER_YEAR.items()}
BUSIEST = {name: mean * DEADLINE_TIMES * BUSIEST_HOUR_TIMES for name, mean in PER_SECOND.items()}
REPORTS = BUSIEST["report"] + BUSIEST["report that renews"]
REQUESTS = BUSIEST["claim"] + BUSIEST["reading"]
# One holder in a sweep; and how many batches there are to take at once, however many might be taken.
SETTLE_MS = SETTLE_CPU_MS / PROCESSOR + QUERY_MS + TRANSACTION_MS
WORKERS = min(CONCURRENCY["Recertify"], ceil(queued_max(keys.CLAIM) / BATCH))
SETTLED_PER_SECOND = WORKERS * 1000 / SETTLE_MS
# What a holder's journal and a row of the index are of, at the end of a cycle.
JOURNAL_BYTES, ROW_BYTES = 27_900, 80


def due_in_a_day(kind: str) -> float:
    names = {keys.CLAIM: ("claim overdue",), keys.CERTIFICATION: ("notice", "expiration")}[kind]
    return sum(PER_YEAR[name] for name in names) / 365


def mails_in_a_day() -> float:
    return (PER_YEAR["notice"] + PER_YEAR["claim overdue"]) / 365


Rows = Iterable[Sequence[str]]


def load() -> Rows:
    yield "what", "a year", "a second, mean", "on the day", "a second, busiest hour"
    asked = {
        "claims": ["claim"],
        "requests over HTTP": ["claim", "reading"],
        "reports": ["report", "report that renews"],
    }
    for words, names in asked.items():
        year = sum(PER_YEAR[name] for name in names)
        mean = year / SECONDS_PER_YEAR
        busiest = mean * DEADLINE_TIMES * BUSIEST_HOUR_TIMES
        yield words, f"{year:,.0f}", f"{mean:.1f}", f"{year / 365 * DEADLINE_TIMES:,.0f}", f"{busiest:,.0f}"
    days = {f"{kind}s due": due_in_a_day(kind) for kind in KINDS} | {"mails": mails_in_a_day()}
    for words, day in days.items():
        yield words, f"{day * 365:,.0f}", f"{day / 86_400:.1f}", f"{day * DEADLINE_TIMES:,.0f}", "as fast as it goes"


def operations() -> Rows:
    yield "operation", "calls", "read units", "write units", "events", "a million"
    for name, each in OPERATIONS.items():
        cost = each.reads * PRICES["reads"] + each.writes * PRICES["writes"]
        yield name, str(each.calls), f"{each.reads:g}", f"{each.writes:g}", str(each.events), f"${cost:.2f}"


def sweeps() -> Rows:
    yield "sweep", "due", "messages", "invocations", "read units", "write units", "minutes"
    for kind in KINDS:
        for words, times in (("mean day", 1), ("deadline", DEADLINE_TIMES), ("again", 0)):
            due = due_in_a_day(kind) * times
            of = sweep(kind, [round(due / SHARDS)] * SHARDS, ROW_BYTES, JOURNAL_BYTES)
            numbers = (due, of["messages"], of["invocations"], of["read units"], of["write units"])
            minutes = due / SETTLED_PER_SECOND / 60
            yield f"{kind}s, {words}", *(f"{number:,.0f}" for number in numbers), f"{minutes:,.0f}"


def partitions() -> Rows:
    yield "partition", "units", "bears a second", "busiest hour", "share"
    claims, searches = BUSIEST["claim"], BUSIEST["reading"]
    worst = [
        ("a shard of `due`: `claim#07`", "1 write a claim, 2 a report", WRITES_MAX, (claims + 2 * REPORTS) / SHARDS),
        ("`provider#ID`, one provider for all", "1 write a claim, 1 a report", WRITES_MAX, claims + REPORTS),
        ("`overdue-claims`", "1 write a holder swept", WRITES_MAX, SETTLED_PER_SECOND),
        ("`CATALOG`, whichever course", "1 read a claim, report or search", READS_MAX, claims + REPORTS + searches),
        ("`PROVIDERS`, `LIBRARY`", "1 read a report", READS_MAX, REPORTS),
    ]
    for name, units, most, of_hour in worst:
        yield name, units, f"{most:,}", f"{of_hour:,.0f}", f"{of_hour / most:.0%}"
    cold = CATALOG_SHARDS * 3
    yield "`CATALOG`, a process's first search", f"{cold} reads", f"{READS_MAX // cold} processes", "", ""
    yield "`L#PROGRAM`, a journal of 100 KB", "25 reads a partner's page", f"{READS_MAX // 25} pages", "", ""


def limits() -> Rows:
    """What each bears, as the size of the program at which it no longer does."""
    yield "what", "bears", "the day asks for", "enough for holders"
    mails = mails_in_a_day() * DEADLINE_TIMES
    due = due_in_a_day(keys.CERTIFICATION) * DEADLINE_TIMES
    listed = due_in_a_day(keys.CLAIM) * DEADLINE_TIMES
    in_15_s = 15_000 / (LISTED_CPU_MS / PROCESSOR)
    writes = sum(BUSIEST[name] * OPERATIONS[name].writes for name in ("claim", "report", "report that renews"))
    writes += SETTLED_PER_SECOND * OPERATIONS["claim overdue"].writes
    found = [
        ("mails within an hour", CONCURRENCY["SendReminders"] * 1000 / MAIL_MS * 3600, mails),
        ("requests a second", REQUESTS_PER_SECOND_MAX, REQUESTS),
        ("write units a second of a new table", NEW_TABLE_WRITES_MAX, writes),
        ("holders swept within the hour", SETTLED_PER_SECOND * 3600, due),
        ("overdue holders listed in 15 s", in_15_s, listed),
        ("journals replayed in a night of 8 h", REPLAYS_PER_SECOND * 8 * 3600, HOLDERS),
        ("reports a second", CONCURRENCY["ValidateClaim"] * 1000 / CALL_MS, REPORTS),
        ("claims a second, all of one provider", WRITES_MAX / 2, BUSIEST["claim"]),
        ("write units a second, by default", TABLE_WRITES_MAX, writes),
        ("functions at once, by default", 1000, REQUESTS * CALL_MS / 1000 + sum(CONCURRENCY.values())),
    ]
    for name, bears, asked in sorted(found, key=lambda row: row[1] / row[2]):
        yield name, f"{bears:,.0f}", f"{asked:,.0f}", f"{HOLDERS * bears / asked / 1e6:,.1f} million"


# ---- us-east-1, on demand, as published in November 2024: dollars a million, or a GB and month
PRICES = {
    "requests over HTTP": 1.00,
    "calls of functions": 0.20,
    "seconds of 1 GB": 13.3334,
    "writes": 0.625,
    "reads": 0.125,
    "requests of queues": 0.40,
    "events": 1.00,
    "mails": 100.00,
    "traces": 5.00,
}
GB_OF_LOG, GB_KEPT, GB_RESTORABLE, STANDING = 0.50, 0.25, 0.20, 12.0


def month() -> dict[str, tuple[float, float]]:
    """Number and dollars of each line, at the end of the first cycle."""
    of = {name: number / 12 for name, number in PER_YEAR.items()}
    asked, reports = of["claim"] + of["reading"], of["report"] + of["report that renews"]
    settled, mails = of["claim overdue"] + of["notice"] + of["expiration"], of["claim overdue"] + of["notice"]
    # Each entry of a journal is a call of the stream's function while there is not more than one at a time.
    entries = of["claim"] + reports + settled
    calls = asked + reports + entries + mails
    numbers = {
        "requests over HTTP": asked,
        "calls of functions": calls,
        "seconds of 1 GB": (calls * CALL_MS + settled * SETTLE_MS) / 1000 * GB,
        "writes": sum(of[name] * each.writes for name, each in OPERATIONS.items()),
        "reads": sum(of[name] * each.reads for name, each in OPERATIONS.items()),
        "requests of queues": 3 * (reports + mails),
        "events": sum(of[name] * each.events for name, each in OPERATIONS.items()),
        "mails": mails,
        "traces": calls * TRACED,
    }
    kept = (HOLDERS * HOLDER_BYTES + CLAIMS_PER_YEAR * CYCLE_YEARS * CLAIM_BYTES) / 1e9
    logged = (calls * CALL_LOG_KB + settled * SETTLE_LOG_KB) / 1e6
    lines = {name: (number, number / 1e6 * PRICES[name]) for name, number in numbers.items()}
    return lines | {
        "GB of logs": (logged, logged * GB_OF_LOG),
        "GB kept, and restorable": (kept, kept * (GB_KEPT + GB_RESTORABLE)),
        "alarms, metrics, a secret, polling": (1, STANDING),
    }


def cost() -> Rows:
    yield "line", "a month", "dollars"
    lines = month()
    for name, (number, dollars) in sorted(lines.items(), key=lambda line: -line[1][1]):
        yield name, f"{number:,.0f}", f"{dollars:,.0f}"
    yield "**together**", "", f"**{sum(dollars for _, dollars in lines.values()):,.0f}**"


def tables() -> Iterator[str]:
    """In Markdown."""
    for rows in (load(), operations(), sweeps(), partitions(), limits(), cost()):
        header, *lines = rows
        yield "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *lines))


if __name__ == "__main__":
    print("\n\n".join(tables()))

"""python -m bench.sizing: the tables of docs/scale.md, from the model of what is counted and from what is assumed here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil

from ledger import SHARDS, keys
from ledger.catalog_shards import CATALOG_SHARDS

from bench import model
from bench.model import NOTICES, OPERATIONS

# ---- the program
HOLDERS, CLAIMS_PER_YEAR, DEADLINE_TIMES = 10_000_000, 50_000_000, 20
# Assumed: the busiest hour of a day beside its mean, readings that come with a claim, how claims and cycles end.
BUSIEST_HOUR_TIMES, READINGS_PER_CLAIM = 3, 5
CYCLE_YEARS, RENEWED, OVERDUE = 3, 0.9, 0.05

# ---- as template.yaml has it
CONCURRENCY = {"ValidateClaim": 20, "ExpireCredits": 10, "Recertify": 10, "SendReminders": 2}
REQUESTS_PER_SECOND_MAX, GB, LIST_SECONDS_MAX = 500, 0.5, 15

# ---- limits of AWS: units a second of a partition, of a table by default and when it is new; processors; functions
WRITES_MAX, READS_MAX, TABLE_WRITES_MAX, NEW_TABLE_WRITES_MAX = 1_000, 3_000, 40_000, 4_000
PROCESSOR = GB * 1024 / 1769
FUNCTIONS_MAX = 1_000

# ---- assumed: what is waited for, what a call logs, the share that is traced; replays as docs/performance.md has them
QUERY_MS, TRANSACTION_MS, PUT_EVENTS_MS, MAIL_MS, CALL_MS = 5, 10, 20, 100, 60
CALL_LOG_KB, TRACED, REPLAYS_PER_SECOND = 2, 0.05, 500

SECONDS_PER_YEAR = 365 * 86_400
PER_YEAR = {
    "claim": CLAIMS_PER_YEAR,
    "report": CLAIMS_PER_YEAR - HOLDERS * RENEWED / CYCLE_YEARS,
    "report that renews": HOLDERS * RENEWED / CYCLE_YEARS,
    "claim overdue": CLAIMS_PER_YEAR * OVERDUE,
    "notice": HOLDERS * NOTICES / CYCLE_YEARS,
    "expiration": HOLDERS * (1 - RENEWED) / CYCLE_YEARS,
    "credits that lapse": HOLDERS * (1 - RENEWED) / CYCLE_YEARS,
    "reading": CLAIMS_PER_YEAR * READINGS_PER_CLAIM,
}
BUSIEST = {name: year / SECONDS_PER_YEAR * DEADLINE_TIMES * BUSIEST_HOUR_TIMES for name, year in PER_YEAR.items()}
REPORTS = BUSIEST["report"] + BUSIEST["report that renews"]
REQUESTS = BUSIEST["claim"] + BUSIEST["reading"]
# One holder in a sweep; and how many batches there are to take at once, however many might be taken.
SETTLE_MS = model.SETTLE_CPU_MS / PROCESSOR + QUERY_MS + TRANSACTION_MS
WORKERS = min(CONCURRENCY["Recertify"], ceil(model.queued_max(keys.CLAIM) / model.BATCH))
MAILS_PER_SECOND = CONCURRENCY["SendReminders"] * 1000 / MAIL_MS
SETTLED_PER_SECOND = WORKERS * 1000 / SETTLE_MS


DUE = {keys.CLAIM: ("claim overdue", "credits that lapse"), keys.CERTIFICATION: ("notice", "expiration")}


def written(times: Mapping[str, float]) -> float:
    """Units of so many times each operation, of the table and its indexes."""
    return sum(number * (OPERATIONS[name].writes + OPERATIONS[name].indexed) for name, number in times.items())


def due_in_a_day(kind: str) -> float:
    return sum(PER_YEAR[name] for name in DUE[kind]) / 365


def mails_in_a_day() -> float:
    return (PER_YEAR["notice"] + PER_YEAR["claim overdue"]) / 365


Rows = Iterable[Sequence[str]]


def gb_of_a_year() -> float:
    return CLAIMS_PER_YEAR * model.CLAIM_BYTES / 1e9


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
    days = {f"{kind}s due": due_in_a_day(kind) for kind in model.KINDS} | {"mails": mails_in_a_day()}
    for words, day in days.items():
        yield words, f"{day * 365:,.0f}", f"{day / 86_400:.1f}", f"{day * DEADLINE_TIMES:,.0f}", "as fast as it goes"


def operations() -> Rows:
    yield "operation", "calls", "read units", "write units", "... of indexes", "events", "a million"
    # The account and the course, as ever, and the journal.
    old = OPERATIONS["claim"]._replace(reads=2 + ceil(50 * model.ENTRIES_BYTES / 4096))
    for name, each in {**OPERATIONS, "claim, after 50 others": old}.items():
        cost = each.reads * PRICES["reads"] + (each.writes + each.indexed) * PRICES["writes"]
        yield name, *(f"{number:g}" for number in each), f"${cost:.2f}"


def sweeps() -> Rows:
    yield "sweep", "due", "messages", "invocations", "read units", "write units", "minutes"
    for kind in model.KINDS:
        for words, times in (("mean day", 1), ("deadline", DEADLINE_TIMES), ("again", 0)):
            due = due_in_a_day(kind) * times
            of = model.sweep(kind, [round(due / SHARDS)] * SHARDS, model.ROW_BYTES, model.JOURNAL_BYTES)
            writes = written({name: PER_YEAR[name] for name in DUE[kind]}) / 365 * times
            numbers = (due, of["messages"], of["invocations"], of["read units"], writes)
            minutes = due / SETTLED_PER_SECOND / 60
            yield f"{kind}s, {words}", *(f"{number:,.0f}" for number in numbers), f"{minutes:,.0f}"


def shards() -> Rows:
    yield "kind", "rows", "rows of a shard", "GB of a shard"
    for kind, rows in {keys.CERTIFICATION: HOLDERS, keys.CLAIM: CLAIMS_PER_YEAR * CYCLE_YEARS}.items():
        each = rows / SHARDS
        yield kind, f"{rows:,}", f"{each:,.0f}", f"{each * (100 + model.ROW_BYTES) / 1e9:.1f}"


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
    listed = PER_YEAR["claim overdue"] / 365 * DEADLINE_TIMES
    in_time = LIST_SECONDS_MAX * 1000 / (model.LISTED_CPU_MS / PROCESSOR)
    writes = sum(BUSIEST[name] * OPERATIONS[name].writes for name in ("claim", "report", "report that renews"))
    writes += SETTLED_PER_SECOND * OPERATIONS["claim overdue"].writes
    entries = BUSIEST["claim"] + REPORTS + SETTLED_PER_SECOND
    # A new table has a shard of its stream for each partition; an entry has about one event, and ten go at once.
    published = NEW_TABLE_WRITES_MAX / WRITES_MAX * 100_000 / (CALL_MS + 10 * PUT_EVENTS_MS)
    found = [
        ("mails within an hour", MAILS_PER_SECOND * 3600, mails),
        ("requests a second", REQUESTS_PER_SECOND_MAX, REQUESTS),
        ("write units a second of a new table", NEW_TABLE_WRITES_MAX, writes),
        ("holders swept within the hour", SETTLED_PER_SECOND * 3600, due),
        (f"overdue holders listed in {LIST_SECONDS_MAX} s", in_time, listed),
        ("journals replayed in a night of 8 h", REPLAYS_PER_SECOND * 8 * 3600, HOLDERS),
        ("journal entries published a second", published, entries),
        ("reports a second", CONCURRENCY["ValidateClaim"] * 1000 / CALL_MS, REPORTS),
        ("claims a second, all of one provider", WRITES_MAX / 2, BUSIEST["claim"]),
        ("write units a second, by default", TABLE_WRITES_MAX, writes),
        ("functions at once, by default", FUNCTIONS_MAX, REQUESTS * CALL_MS / 1000 + sum(CONCURRENCY.values())),
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
# Kept and restorable to the second; alarms and what else costs without any claim, as docs/operators.md has it.
GB_OF_LOG, GB_MONTH, STANDING = 0.50, 0.25 + 0.20, 12.0


def month() -> dict[str, tuple[float, float]]:
    """Number and dollars of each line, at the end of the first cycle."""
    of = {name: number / 12 for name, number in PER_YEAR.items()}
    asked, reports = of["claim"] + of["reading"], of["report"] + of["report that renews"]
    settled, mails = sum(of[name] for names in DUE.values() for name in names), of["claim overdue"] + of["notice"]
    # Each entry of a journal is a call of the stream's function while there is not more than one at a time.
    entries = of["claim"] + reports + settled
    calls = asked + reports + entries + mails
    numbers = {
        "requests over HTTP": asked,
        "calls of functions": calls,
        "seconds of 1 GB": (calls * CALL_MS + settled * SETTLE_MS) / 1000 * GB,
        "writes": written(of),
        "reads": sum(of[name] * each.reads for name, each in OPERATIONS.items()),
        "requests of queues": 3 * (reports + mails),
        "events": sum(of[name] * each.events for name, each in OPERATIONS.items()),
        "mails": mails,
        "traces": calls * TRACED,
    }
    kept = HOLDERS * model.HOLDER_BYTES / 1e9 + gb_of_a_year() * CYCLE_YEARS
    logged = (calls * CALL_LOG_KB + settled * model.SETTLE_LOG_KB) / 1e6
    lines = {name: (number, number / 1e6 * PRICES[name]) for name, number in numbers.items()}
    return lines | {
        "GB of logs": (logged, logged * GB_OF_LOG),
        "GB kept, and restorable": (kept, kept * GB_MONTH),
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
    for rows in (load(), operations(), sweeps(), shards(), partitions(), limits(), cost()):
        header, *lines = rows
        yield "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *lines))


if __name__ == "__main__":
    print("\n\n".join(tables()))

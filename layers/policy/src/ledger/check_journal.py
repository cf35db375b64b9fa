"""What holds for every journal, whosever it is."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ledger import keys, values
from ledger.entry import Entry, from_item
from ledger.journal import Journal
from ledger.projections import Item


@dataclass(frozen=True)
class Finding:
    """Something that should not be. invariant: its number, 1 to 8; key: the item or owner it was found at."""

    invariant: int
    key: str
    what: str
    expected: Any = None
    actual: Any = None


def take_entries(kept: dict[str, Item]) -> tuple[Entry, ...]:
    """The entries among the items of a partition, which keeps the others."""
    return tuple(from_item(kept.pop(sk)) for sk in sorted(kept) if sk.startswith(keys.JOURNAL))


def order(owner: str, entries: tuple[Entry, ...]) -> Iterator[Finding]:
    """Invariant 1: gapless, in order."""
    if not entries:
        yield Finding(1, owner, "items without a journal")
    for number, entry in enumerate(entries, 1):
        if entry.seq != number:
            yield Finding(1, owner, "a gap in the journal", number, entry.seq)
            return
    for before, entry in pairwise(entries):
        if entry.day < before.day:
            yield Finding(1, f"{owner} {entry.seq}", "a day before that of the entry before", before.day, entry.day)
    for commit, number in Counter(entry.commit for entry in entries).items():
        if number > 1:
            yield Finding(1, owner, f"commit {commit} has several entries", 1, number)


def projected(loaded: Journal, kept: dict[str, Item]) -> Iterator[Finding]:
    """Invariant 1: the items beside the journal are those of the replay."""
    if unfinished := kept.pop(keys.unfinished(loaded.pk)["sk"], None):
        yield Finding(5, loaded.owner, "projections of an entry are still to be written", None, unfinished["seq"])
    expected = {sk: values.plain(values.item(item)) for sk, item in loaded.project().items()}
    for sk in sorted(expected.keys() | kept.keys()):
        if expected.get(sk) != kept.get(sk):
            what = "an item differs from the replay"
            yield Finding(1, f"{loaded.owner} {sk}", what, expected.get(sk), kept.get(sk))


def event_ids(entries: tuple[Entry, ...]) -> Iterator[Finding]:
    """Invariant 8: every event has an id of its own."""
    for event_id, times in Counter(event["id"] for entry in entries for event in entry.events).items():
        if times > 1:
            yield Finding(8, f"{entries[0].owner} {event_id}", "an event id used more than once", 1, times)


def once(owner: str, told: Mapping[tuple[Any, ...], int]) -> Iterator[Finding]:
    """Invariant 8: what is told once is told once."""
    for what, times in told.items():
        if times > 1:
            yield Finding(8, owner, f"told more than once: {what}", 1, times)

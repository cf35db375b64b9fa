"""A journal, whosever it is, and the standing that follows from it; loading a holder."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, Self, cast

from policy import Standing, facts, program
from policy.program import Program
from policy.state import Decision

from ledger import keys, personal, projections, table
from ledger.entry import Entry, Source, from_item
from ledger.errors import FactConflict, JournalBroken
from ledger.projections import Item
from ledger.values import canonical


@dataclass(frozen=True)
class Journal:
    """The entries of one partition, none for one of which nothing is known, and what follows from them.

    standing stands at the day of the last entry (or the day asked for) and is the reader's own: let time pass in it
    with `advance`.
    """

    pk: str
    entries: tuple[Entry, ...]
    standing: Any

    @property
    def owner(self) -> str:
        return keys.owner(self.pk)

    @property
    def version(self) -> int:
        """The number of the last entry: what a commit is guarded by."""
        return len(self.entries)

    @property
    def last_day(self) -> date | None:
        return self.entries[-1].day if self.entries else None

    def day(self, today: date) -> date:
        """The day on which something that becomes known today is recorded: days never go back in a journal."""
        return max(today, self.last_day or today)

    def recorded(self, source: Source) -> Entry | None:
        """The entry in which a fact was recorded, by its source and id; FactConflict if it had other content."""
        for entry in self.entries:
            for known in entry.sources:
                if (known.get("source"), known.get("id")) == (source.source, source.id):
                    if known["digest"] != source.digest:
                        raise FactConflict(source.source, source.id)
                    return entry
        return None

    @property
    def decisions(self) -> list[Decision]:
        """Everything decided that entries record."""
        return self.standing.decisions

    def redecided(self) -> tuple[int, int]:
        """How many recorded decisions the replay does not make, and how many it makes that were not recorded.

        None of either, unless the program's data changed for days that were recorded already.
        """
        recorded = Counter(canonical(decision) for entry in self.entries for decision in entry.decisions)
        replayed = Counter(canonical(decision.to_dict()) for decision in self.decisions)
        return (recorded - replayed).total(), (replayed - recorded).total()

    def at(self, seq: int) -> Self:
        """As it was right after an entry."""
        raise NotImplementedError

    def project(self) -> dict[str, Item]:
        """Every item that lies beside the journal for others to read, by its sort key."""
        raise NotImplementedError


@dataclass(frozen=True)
class Loaded(Journal):
    """A holder. partners: all who take up what this means for continuous learning; same: all ids of the individual."""

    standing: Standing
    accounts: tuple[str, ...]
    name: str | None
    partners: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    @property
    def erased(self) -> bool:
        """Whether what was personal was erased: nobody has the holder's accounts, and none is added."""
        return any(entry.erased for entry in self.entries)

    @property
    def holder(self) -> str:
        return self.owner

    def at(self, seq: int) -> Self:
        return cast(Self, replay(self.holder, self.entries[:seq]))

    def project(self) -> dict[str, Item]:
        return projections.project(self)


def load(
    holder: str, *, consistent: bool = False, through_day: date | None = None, through_seq: int | None = None
) -> Loaded:
    """A holder as everything recorded says, or as it was known on a day, or right after an entry.

    through_day: what was recorded by that day, with time passed until it. consistent: after every write so far (a
    read that no decision rests on does without, at half the cost). Raises JournalBroken if entries are missing.
    """
    entries = _read(holder, consistent)
    if through_day:
        entries = tuple(found for found in entries if found.day <= through_day)
    loaded = replay(holder, entries[:through_seq])
    if through_day:
        loaded.standing.advance(through_day)
    return loaded


def to_write(holder: str) -> Callable[[], Loaded]:
    """What reads a holder for a commit."""
    return partial(load, holder, consistent=True)


def journals(holder: str | None = None) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Every holder with the journal, one after the other (this reads the whole table), or one holder alone."""
    if holder:
        entries = _read(holder, consistent=True)
        yield from [(holder, entries)] if entries else []
        return
    named = {"holders": keys.holder_pk(""), "journal": keys.JOURNAL}
    found = table.scan("begins_with(pk, :holders) AND begins_with(sk, :journal)", **named)
    for pk, items in groupby(found, key=lambda item: item["pk"]):
        yield keys.owner(pk), personal.seen(tuple(map(from_item, items)))


def replay(holder: str, entries: tuple[Entry, ...], rules: Program | None = None) -> Loaded:
    """The holder that a journal's first entries make; rules: by default the program as its files stand.

    Raises JournalBroken, and policy's Refused where other rules leave a recorded fact nothing to act on.
    """
    standing = Standing(rules or program.load())
    accounts: tuple[str, ...] = ()
    name = None
    partners: tuple[str, ...] = ()
    same: tuple[str, ...] = (holder,)
    for entry in gapless(holder, entries):
        apply(standing, entry)
        if entry.accounts is not None:
            accounts, name = entry.accounts, entry.name
        partners, same = entry.partners or partners, entry.same or same
    return Loaded(keys.holder_pk(holder), entries, standing, accounts, name, partners, same)


def gapless(owner: str, entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """The entries, each if it is the next. Raises JournalBroken at the first that is missing."""
    for number, entry in enumerate(entries, 1):
        if entry.seq != number:
            raise JournalBroken(owner, number)
        yield entry


def apply(standing: Standing, entry: Entry) -> None:
    """Let a standing take what an entry holds."""
    standing.advance(entry.day)
    for fact in entry.facts:
        standing.apply(facts.from_dict(fact), entry.day)


def _read(holder: str, consistent: bool) -> tuple[Entry, ...]:
    named = {"pk": keys.holder_pk(holder), "journal": keys.JOURNAL}
    found = table.query_all("pk = :pk AND begins_with(sk, :journal)", named, ConsistentRead=consistent)
    return personal.seen(tuple(map(from_item, found)))

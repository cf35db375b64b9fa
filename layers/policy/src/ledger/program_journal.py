"""The journal of the program of continuous learning: libraries, numbers and exams as operators change them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Self

from policy.partners import Partner, facts
from policy.partners.facts import Fact
from policy.partners.learning import in_force
from policy.partners.program import Program

from ledger import keys, library, table
from ledger.commit import Change, Recorded, committed, recorded_before
from ledger.entry import Entry, Source, from_item
from ledger.journal import Journal, gapless
from ledger.projections import Item


@dataclass(frozen=True)
class Offer(Journal):
    """standing: a partner that knows the program's facts and nothing else."""

    standing: Partner

    def on(self, day: date) -> Partner:
        """The program with time passed through a day; the reader's own."""
        standing = self.standing.copy()
        standing.advance(day)
        return standing

    def at(self, seq: int) -> Self:
        return replace(self, entries=self.entries[:seq], standing=_standing(self.standing.program, self.entries[:seq]))

    def project(self) -> dict[str, Item]:
        return {}


def offer(rules: Program | None = None) -> Offer:
    """The program as everything recorded says. Raises JournalBroken if entries are missing."""
    entries = program_entries()
    return Offer(keys.PROGRAM_PK, entries, _standing(rules or library.with_items(()), entries))


def program_entries() -> tuple[Entry, ...]:
    """All that operators changed, as it is after every write so far."""
    named = {"pk": keys.PROGRAM_PK, "journal": keys.JOURNAL}
    found = table.query_all("pk = :pk AND begins_with(sk, :journal)", named, ConsistentRead=True)
    return tuple(gapless(keys.owner(keys.PROGRAM_PK), tuple(map(from_item, found))))


def record_program(changes: Sequence[Fact], day: date, *, source: Source | None = None, cause: str = "") -> Recorded:
    """Record what operators change, from a day on. What they said last, said again while it holds, changes nothing.

    Raises policy's Refused and FormError, FactConflict, EntryTooLarge, Busy; nothing is stored then.
    """
    items = [item for fact in changes if isinstance(fact, facts.LibraryChanged) for item in fact.library]

    def plan(loaded: Offer) -> Change | Recorded:
        if source and (earlier := recorded_before(loaded, source)):
            return earlier
        last, known = _last(loaded.entries), loaded.day(day)
        standing = loaded.on(known)
        if all(fact == last.get(_about(fact), (None, None))[0] and in_force(standing, fact) for fact in changes):
            entry = max((last[_about(fact)][1] for fact in changes), key=lambda entry: entry.seq)
            return Recorded(loaded.owner, entry, loaded.standing, again=True)
        kept = [facts.to_dict(standing.record(fact, known)) for fact in changes]
        after = replace(loaded, standing=standing)
        sources = [source.to_dict()] if source else []
        return Change(after=after, day=known, cause=cause, facts=kept, sources=sources)

    recorded = committed(lambda: offer(library.with_items(items)), plan)
    assert recorded is not None  # noqa: S101 - there is always something to record
    return recorded


def _last(entries: Sequence[Entry]) -> dict[tuple[str, str], tuple[Fact, Entry]]:
    """What was said last about each thing, and where."""
    said = ((facts.from_dict(fact), entry) for entry in entries for fact in entry.facts)
    return {_about(fact): (fact, entry) for fact, entry in said}


def _about(fact: Fact) -> tuple[str, str]:
    """What a fact of the program is about, which is its first field."""
    return fact.event, str(getattr(fact, fields(fact)[0].name))


def _standing(rules: Program, entries: Sequence[Entry]) -> Partner:
    standing = Partner(rules)
    for day, fact in changes(entries):
        standing.apply(fact, day)
    return standing


def changes(entries: Sequence[Entry]) -> Iterator[tuple[date, Fact]]:
    """What entries of the program's journal changed, and from when."""
    return ((entry.day, facts.from_dict(fact)) for entry in entries for fact in entry.facts)

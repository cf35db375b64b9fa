"""Who is an individual of whom: associating one with a partner, and merging two ids of the same individual.

Each concerns several journals, and is one transaction over all of them, so that from then on whatever becomes known of
the individual reaches every partner that knows it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from policy.errors import FormError
from policy.partners import Partner, facts

from ledger import keys, learning, projections, table
from ledger.commit import Change, Recorded, committed, now, put_entry, read_to_write, recorded_before
from ledger.entry import Entry, Source
from ledger.errors import Contended, UnknownHolder
from ledger.journal import Loaded, to_write
from ledger.partners import (
    LoadedPartner,
    News,
    change,
    prepare,
    take_up,
    to_write_partner,
)
from ledger.recording import decide, settle
from ledger.values import pack


def names_of(holders: Iterable[str]) -> dict[str, str | None]:
    """The names of holders, by id; None for one without a name or not known."""
    ids = sorted(set(holders))
    found = {item["holder"]: item.get("name") for item in table.get_many([keys.profile(holder) for holder in ids])}
    return {holder: found.get(holder) for holder in ids}


def associate(
    partner: str,
    individual: str | Callable[[Partner], str],
    day: date,
    *,
    source: Source | None = None,
    cause: str = "",
) -> Recorded:
    """Associate an individual with a partner, who then knows all that ever became known of the individual.

    individual: the id, or a function that finds it, given the standing on that day (called anew on each retry, and not
    for what was recorded before).
    Raises UnknownHolder, also for who was erased, FactConflict, EntryTooLarge, Busy; nothing is stored then.
    """

    def plan(loaded: LoadedPartner) -> Change | Recorded:
        if source and (earlier := recorded_before(loaded, source)):
            return earlier
        prepare(loaded, day)
        known, at = loaded.day(day), now()
        standing = loaded.on(known)
        joining = individual(standing.copy()) if callable(individual) else individual
        first, *others = _members(joining)
        if first.erased:
            raise UnknownHolder(joining)
        strangers = [member for member in (first, *others) if partner not in member.partners]
        history = _history(strangers)
        told = [News(keys.news(partner, joining, 0), known, at, history)] if history else []
        take_up(standing, told, ())
        fact = standing.record(facts.IndividualAssociated(partner, joining), known)
        entries = [_beside(member, day, cause, partners=(*member.partners, partner)) for member in strangers]
        kept = [facts.to_dict(fact)]
        return change(loaded, standing, known, cause=cause, kept=kept, source=source, told=told, actions=entries)

    recorded = committed(to_write_partner(partner), plan)
    assert recorded is not None  # noqa: S101 - there is always something to record
    return recorded


def merge(individual: str, into: str, day: date, *, cause: str = "") -> Recorded | None:
    """Let two ids be one individual for every partner that knows either (one-person); None where they are already.

    Raises FormError for one id, UnknownHolder, Busy; nothing is stored then.
    """
    if individual == into:
        raise FormError("into", f"{into} cannot be merged into itself")

    def plan(loaded: Loaded) -> Change | None:
        members = {member.holder: member for member in (*_members(individual), *_members(into))}
        if into in loaded.same:
            return None
        partners = tuple(sorted({partner for member in members.values() for partner in member.partners}))
        same = tuple(sorted(members))
        known, at = _undecided(loaded, day), now()
        merged = facts.to_dict(facts.IndividualsMerged(individual, into))
        others = [member for member in members.values() if member.holder != individual]
        actions = [_beside(member, day, cause, partners=partners or None, same=same) for member in others]
        for partner in partners:
            strangers = [member for member in members.values() if partner not in member.partners]
            meant = [*_history(strangers), merged]
            actions += learning.tell([partner], individual, loaded.version + 1, meant, known, at)
        return Change(
            after=replace(loaded, partners=partners, same=same),
            day=known,
            cause=cause,
            attributes={"learning": (merged,), "partners": partners or None, "same": same},
            actions=actions,
            recorded_at=at,
        )

    return committed(to_write(individual), plan)


def _members(individual: str) -> list[Loaded]:
    """Every id of an individual, loaded. Raises UnknownHolder."""
    first = read_to_write(to_write(individual))
    if not first.entries:
        raise UnknownHolder(individual)
    return [first, *(read_to_write(to_write(holder)) for holder in first.same if holder != individual)]


def _history(members: Sequence[Loaded]) -> tuple[dict[str, Any], ...]:
    """All that holders' journals mean for continuous learning, in the order in which it was recorded."""
    entries = sorted(
        (entry for member in members for entry in member.entries), key=lambda entry: (entry.day, entry.recorded_at)
    )
    return tuple(fact for entry in entries for fact in entry.learning)


def _beside(member: Loaded, day: date, cause: str, **attributes: Any) -> dict[str, Any]:
    """The action that puts an entry into the journal of a holder about whom nothing else is recorded."""
    return put_entry(
        Entry(
            pk=member.pk,
            seq=member.version + 1,
            day=_undecided(member, day),
            recorded_at=now(),
            commit=uuid4().hex,
            cause=cause,
            facts=(),
            packed_decisions=pack([]),
            **attributes,
        )
    )


def _undecided(member: Loaded, day: date) -> date:
    """The day of a holder's next entry, through which time decides nothing. What it does is recorded first, and then
    Contended raised, so that all is read anew."""
    decided = decide(member, [], day)
    after = replace(member, standing=decided.standing)
    if len(after.decisions) > len(member.decisions) or projections.changed(member.project(), after.project()):
        settle(member.holder, day)
        raise Contended(f"time has passed for {member.holder}")
    return decided.day

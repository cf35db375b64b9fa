"""One commit: the journal entry, what it changes and the markers it needs, in one transaction or not at all."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import uuid4

from ledger import keys, projections, table
from ledger.entry import Entry, Source
from ledger.errors import Contended, EntryTooLarge
from ledger.journal import Journal
from ledger.values import pack, size_bytes

ATTEMPTS = 8
PAUSE_SECONDS_MAX = 1.0
# An item holds 400 KB with its names and numbers.
ENTRY_BYTES_MAX = 380_000
# Items of one transaction of a chunk of projections, leaving room for its guard.
CHUNK = table.TRANSACTION_ITEMS_MAX - 1

sleep = time.sleep

J = TypeVar("J", bound=Journal)


def now() -> str:
    """The instant, RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Recorded:
    """What came of a commit: the entry and the standing right after it.

    again: it had been recorded before, and nothing was written; entry and standing are those of then.
    owner: the holder or partner; None, as are entry and standing, for facts that wait at an account nobody has yet.
    """

    owner: str | None
    entry: Entry | None
    standing: Any
    again: bool = False


@dataclass(frozen=True)
class Change:
    """What is to be committed on top of a loaded state.

    attributes: of the entry, beside those that every entry has; actions: markers, as parts of the transaction.
    """

    after: Journal
    day: date
    cause: str
    facts: Sequence[dict[str, Any]] = ()
    sources: Sequence[dict[str, Any]] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    actions: Sequence[dict[str, Any]] = ()
    only_if_changed: bool = False
    recorded_at: str = field(default_factory=now)


def committed(read: Callable[[], J], plan: Callable[[J], Change | Recorded | None]) -> Recorded | None:
    """Commit what a plan makes of the present state, read consistently; do both anew when another commit came first.

    A plan may answer at once (it was recorded before; nothing to do). Raises Contended when it never came to be first.
    """
    commit = uuid4().hex
    for attempt in range(ATTEMPTS):
        pause(attempt)
        try:
            loaded = read_to_write(read)
            own = next((entry for entry in loaded.entries if entry.commit == commit), None)
            if own:
                # The reply to an earlier attempt was lost.
                return Recorded(loaded.owner, own, loaded.at(own.seq).standing)
            change = plan(loaded)
            return _write(loaded, change, commit) if isinstance(change, Change) else change
        except Contended:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def recorded_before(loaded: Journal, source: Source) -> Recorded | None:
    """What came of a fact that is in the journal already; FactConflict if its content was other."""
    entry = loaded.recorded(source)
    return Recorded(loaded.owner, entry, loaded.at(entry.seq).standing, again=True) if entry else None


def pause(attempt: int) -> None:
    """Before a retry: a random time, so that those who met do not meet again. None before the first attempt."""
    if attempt:
        sleep(random.uniform(0, min(PAUSE_SECONDS_MAX, 0.02 * 2**attempt)))  # noqa: S311 - no secret


def read_to_write(read: Callable[[], J]) -> J:
    """The present state, with the projections of the last entry all written."""
    loaded = read()
    if loaded.entries and loaded.entries[-1].unprojected and table.get(keys.unfinished(loaded.pk)):
        # Whoever wrote the entry died, or is slow: written twice, these are the same.
        _finish(loaded, list(loaded.project().values()))
    return loaded


def _write(loaded: Journal, change: Change, commit: str) -> Recorded | None:
    after = change.after
    decisions = [decision.to_dict() for decision in after.decisions[len(loaded.decisions) :]]
    before = loaded.project() if loaded.entries else {}
    items = projections.changed(before, after.project())
    if change.only_if_changed and not decisions and not items:
        return None
    room = table.TRANSACTION_ITEMS_MAX - 2 - len(change.actions)
    now, later = items[:room], items[room:]
    entry = Entry(
        pk=loaded.pk,
        seq=loaded.version + 1,
        day=change.day,
        recorded_at=change.recorded_at,
        commit=commit,
        cause=change.cause,
        facts=tuple(change.facts),
        packed_decisions=pack(decisions),
        sources=tuple(change.sources),
        unprojected=len(later),
        **change.attributes,
    )
    actions = [put_entry(entry), *change.actions, *map(table.put_action, now)]
    if later:
        actions.append(table.put_action(_unfinished(entry)))
    table.transact(actions)
    if later:
        # The entry stands in any case; whoever writes or sweeps next goes on from there.
        with suppress(Contended):
            _finish(replace(after, entries=(*loaded.entries, entry)), later)
    return Recorded(loaded.owner, entry, after.standing)


def put_entry(entry: Entry) -> dict[str, Any]:
    """The entry, guarded by the journal's version: only one commit can be the next."""
    values = entry.to_item()
    size = size_bytes(values)
    if size > ENTRY_BYTES_MAX:
        raise EntryTooLarge(entry.owner, size)
    return table.put_action(values, "attribute_not_exists(pk)")


def _unfinished(entry: Entry) -> dict[str, Any]:
    """Due at once, so that a sweep comes by and finishes."""
    kind = keys.SPECIALIZATION if entry.pk.startswith(keys.PARTNER) else keys.CERTIFICATION
    due = {"due_shard": keys.due_shard(kind, entry.owner), "due_on": entry.day}
    return {**keys.unfinished(entry.pk), "seq": entry.seq, **due}


def _finish(loaded: Journal, items: Sequence[dict[str, Any]]) -> None:
    """Write the projections that are left, and last of all that none is."""
    none_left = table.delete_action(keys.unfinished(loaded.pk), "seq = :seq", seq=loaded.version)
    write_projections(loaded, [*map(table.put_action, items), none_left])


def write_projections(loaded: Journal, actions: Sequence[dict[str, Any]]) -> None:
    """Change projections in transactions of their own, each only while the entry that they belong to is the last one."""
    guard = table.check_action(keys.entry(loaded.pk, loaded.version + 1), "attribute_not_exists(pk)")
    for start in range(0, len(actions), CHUNK):
        table.transact([*actions[start : start + CHUNK], guard])

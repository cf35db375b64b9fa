"""Partners: a journal each, and in it what the partner knows of individuals and the program.

What becomes known of an individual waits as news in the partner's partition until the partner's next commit takes it
up; a reader takes it up, too, without recording it. What changes in the program is read from the program's own
journal, and an entry tells how much of that was known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import accumulate
from typing import Any, Self, cast

from policy.partners import Partner, core, facts, views
from policy.partners import program as offered
from policy.partners.facts import ActivityRecorded, Fact
from policy.partners.program import Program

from ledger import keys, library, table
from ledger.commit import Change, Recorded, committed, now, recorded_before
from ledger.entry import Entry, Source, from_item
from ledger.errors import Contended
from ledger.journal import Journal, Loaded, gapless, load
from ledger.program_journal import program_entries
from ledger.projections import Item
from ledger.recording import Decided, decide, settle
from ledger.values import size_bytes, unpack

# Of one commit: the entry, with room for its decisions, and the transaction that deletes what it took up.
NEWS_MAX = 70
NEWS_BYTES_MAX = 200_000


@dataclass(frozen=True)
class News:
    """What an entry of an individual's journal means, and the instant at which it was recorded."""

    key: keys.Key
    day: date
    at: str
    facts: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As an entry of the partner holds it."""
        return {
            "from": self.key["sk"].removeprefix(keys.NEWS),
            "day": self.day.isoformat(),
            "at": self.at,
            "facts": list(self.facts),
        }


@dataclass(frozen=True)
class LoadedPartner(Journal):
    """A partner. standing is as the entries say; `on` gives it with everything known.

    news: not taken up yet, in order; program: all entries of the program's journal; known: how many the entries know.
    """

    standing: Partner
    news: tuple[News, ...]
    program: tuple[Entry, ...]
    known: int

    @property
    def partner(self) -> str:
        return self.owner

    def day(self, today: date) -> date:
        return max([super().day(today), *(news.day for news in self.news)])

    def changes(self, day: date) -> tuple[Entry, ...]:
        """What changed in the program by a day that the entries do not know of."""
        return tuple(entry for entry in self.program[self.known :] if entry.day <= day)

    def on(self, day: date) -> Partner:
        """The standing with everything known, and time passed through a day; the reader's own."""
        standing = self.standing.copy()
        take_up(standing, self.news, self.changes(day))
        standing.advance(day)
        return standing

    def at(self, seq: int) -> Self:
        return cast(Self, replay_partner(self.partner, self.entries[:seq], self.program, rules=self.standing.program))

    def project(self) -> dict[str, Item]:
        """Each specialization that is or was held, due when time alone decides something about it."""
        due = views.due(self.standing)
        shard = keys.due_shard(keys.SPECIALIZATION, self.partner)
        items: dict[str, Item] = {}
        for name, year in self.standing.years.items():
            item = {
                "specialization": name,
                "approved_on": year.approved_on,
                "ends_on": year.end,
                "lost_on": year.lost_on,
            }
            if name in due:
                item |= {"due_shard": shard, "due_on": due[name]}
            items[f"SPEC#{name}"] = {**keys.key(self.pk, f"SPEC#{name}"), **item}
        return items


def load_partner(
    partner: str,
    *,
    consistent: bool = False,
    rules: Program | None = None,
    through_day: date | None = None,
    program: tuple[Entry, ...] | None = None,
) -> LoadedPartner:
    """A partner as everything recorded says, or as it was known on a day. Raises JournalBroken if entries are missing.

    consistent: after every write so far, as a decision needs it. rules: by default the program's files. program: the
    program's entries, where they were read before, for one partner of many; read anew where the partner knows of more.
    """
    # News lie right after the journal.
    named = {"pk": keys.partner_pk(partner), "first": keys.JOURNAL, "last": keys.NEWS + "~"}
    found = list(table.query_all("pk = :pk AND sk BETWEEN :first AND :last", named, ConsistentRead=consistent))
    entries = tuple(from_item(item) for item in found if item["sk"].startswith(keys.JOURNAL))
    news = tuple(sorted(map(_news, (item for item in found if item["sk"].startswith(keys.NEWS))), key=_order))
    if program is None or (entries and entries[-1].program > len(program)):
        program = program_entries()
    if through_day:
        # What later entries took up was known, if not to them, by its own day.
        later = [item for entry in entries if entry.day > through_day for item in taken(entry)]
        entries = tuple(entry for entry in entries if entry.day <= through_day)
        news = tuple(item for item in sorted([*later, *news], key=_order) if item.day <= through_day)
    return replay_partner(partner, entries, program, news, rules)


def replay_partner(
    partner: str,
    entries: tuple[Entry, ...],
    program: tuple[Entry, ...],
    news: tuple[News, ...] = (),
    rules: Program | None = None,
) -> LoadedPartner:
    """The partner that a journal's first entries make."""
    standing = Partner(rules or offered.current())
    known = 0
    for entry in gapless(partner, entries):
        apply(standing, entry, program[known : entry.program])
        known = entry.program
    return LoadedPartner(keys.partner_pk(partner), entries, standing, news, program, known)


def apply(standing: Partner, entry: Entry, program: Sequence[Entry]) -> None:
    """Let a partner take what an entry holds, and what of the program came to be known with it."""
    take_up(standing, taken(entry), program)
    standing.advance(entry.day)
    for fact in entry.facts:
        standing.apply(facts.from_dict(fact), entry.day)


def partner_on(
    partner: str,
    day: date,
    *,
    through_day: date | None = None,
    consistent: bool = True,
    program: tuple[Entry, ...] | None = None,
) -> Partner:
    """A partner's standing on a day, whether or not a sweep has run for it or for those in its roles.

    through_day: as it was known on that day; consistent, program: as load_partner takes them.
    """
    loaded = load_partner(partner, consistent=consistent, through_day=through_day, program=program)
    return standing_on(loaded, day, through_day=through_day)


def standing_on(loaded: LoadedPartner, day: date, *, through_day: date | None = None) -> Partner:
    """The same of a partner that is loaded."""
    found = ((decided.day, decided.learning) for _, decided in _behind(loaded, day, through_day))
    at = now()
    ahead = tuple(News({}, known, at, tuple(map(facts.to_dict, meant))) for known, meant in found)
    return replace(loaded, news=(*loaded.news, *ahead)).on(day)


def record_partner(
    partner: str,
    given: Sequence[Fact] | Callable[[Partner], Sequence[Fact]],
    day: date,
    *,
    source: Source | None = None,
    cause: str = "",
) -> Recorded:
    """Record facts of the partner's own, all in one journal entry or none, after everything known.

    given: a list, or a function that makes one from the standing on that day (called anew on each retry).
    Raises policy's Refused and FormError, FactConflict, EntryTooLarge, Busy; nothing is stored then.
    """

    def plan(loaded: LoadedPartner) -> Change | Recorded:
        if source and (earlier := recorded_before(loaded, source)):
            return earlier
        prepare(loaded, day)
        known = loaded.day(day)
        standing = loaded.on(known)
        wanted = given(standing.copy()) if callable(given) else given
        standing.program = library.with_items([fact.item for fact in wanted if isinstance(fact, ActivityRecorded)])
        kept = [facts.to_dict(standing.record(fact, known)) for fact in wanted]
        return change(loaded, standing, known, cause=cause, kept=kept, source=source)

    recorded = committed(to_write_partner(partner), plan)
    assert recorded is not None  # noqa: S101 - there is always something to record
    return recorded


def settle_partner(partner: str, day: date, *, cause: str = "sweep") -> Recorded | None:
    """Take up the news and let time pass through a day, and record what that did; None where there was nothing.

    day: not after today, or what has not happened would be recorded. Gives the last of the entries.
    """
    recorded: Recorded | None = None
    more = True

    def plan(loaded: LoadedPartner) -> Change | None:
        nonlocal more
        part = of_one_entry(loaded.news)
        more = len(part) < len(loaded.news)
        if more:
            # Days never go back, so time passes no further than these.
            loaded = replace(loaded, news=part)
        elif loaded.entries or part:
            _catch_up(loaded, day)
        else:
            return None
        known = loaded.day(date.min if more else day)
        return replace(change(loaded, loaded.on(known), known, cause=cause), only_if_changed=not part)

    while more:
        recorded = committed(to_write_partner(partner), plan) or recorded
    return recorded


def prepare(loaded: LoadedPartner, day: date) -> None:
    """Where more news wait than one entry takes, take them up first, and let those in roles catch up with the day.

    Raises Contended where it did either, so that all is read anew.
    """
    if len(of_one_entry(loaded.news)) < len(loaded.news):
        settle_partner(loaded.partner, day)
        raise Contended(f"news of {loaded.partner}")
    _catch_up(loaded, day)


def _catch_up(loaded: LoadedPartner, day: date) -> None:
    behind = [holder.holder for holder, _ in _behind(loaded, loaded.day(day))]
    for holder in behind:
        settle(holder, day)
    if behind:
        raise Contended(f"time has passed for {', '.join(behind)}")


def _behind(loaded: LoadedPartner, day: date, through_day: date | None = None) -> Iterator[tuple[Loaded, Decided]]:
    """Those in roles whose certifications time alone has renewed by a day, though their journals do not say so yet.

    What a rule yields on a day never depends on whether a sweep has run. through_day: as it was known on that day.
    """
    standing = loaded.standing
    if loaded.news:
        standing = standing.copy()
        take_up(standing, loaded.news, loaded.changes(day))
    for individual in sorted(core.lapsed(standing, day)):
        for holder in load(individual, consistent=True).same:
            found = load(holder, consistent=True)
            if through_day:
                found = found.at(sum(entry.day <= through_day for entry in found.entries))
            decided = decide(found, [], day)
            if decided.learning:
                yield found, decided


def change(
    loaded: LoadedPartner,
    standing: Partner,
    day: date,
    *,
    cause: str = "",
    kept: Sequence[dict[str, Any]] = (),
    source: Source | None = None,
    told: Sequence[News] = (),
    actions: Iterable[dict[str, Any]] = (),
) -> Change:
    """The entry that takes up a partner's news, and after them facts of its own.

    told: what is taken up after them, without having waited.
    """
    deleted = (table.delete_action(news.key, "attribute_exists(pk)") for news in loaded.news)
    known = loaded.known + len(loaded.changes(day))
    return Change(
        after=replace(loaded, standing=standing, known=known, news=()),
        day=day,
        cause=cause,
        facts=kept,
        sources=[source.to_dict()] if source else [],
        attributes={"news": tuple(news.to_dict() for news in (*loaded.news, *told)), "program": known},
        actions=[*deleted, *actions],
    )


def to_write_partner(partner: str) -> Callable[[], LoadedPartner]:
    """What reads a partner for a commit."""
    return partial(load_partner, partner, consistent=True)


def take_up(standing: Partner, news: Iterable[News], program: Iterable[Entry]) -> None:
    """Apply what became known elsewhere, each on its day, in the order in which it was recorded."""
    first = standing.today
    told = [(entry.day, entry.recorded_at, facts.from_dict(fact)) for entry in program for fact in entry.facts]
    told += [(item.day, item.at, facts.from_dict(fact)) for item in news for fact in item.facts]
    dated = [(_since(fact, first, day), at, fact) for day, at, fact in told]
    for day, _, fact in sorted(dated, key=lambda item: item[:2]):
        standing.apply(fact, day)


def _since(fact: Fact, first: date, known: date) -> date:
    """The day from which on something counts: that on which it was so, though it became known later; but none before the
    first, since days never go back."""
    since = fact.since if isinstance(fact, facts.CertificationHeld) else None
    return known if since is None else min(known, max(since, first))


def _news(item: dict[str, Any]) -> News:
    key = keys.key(item["pk"], item["sk"])
    return News(key, date.fromisoformat(item["day"]), item["at"], tuple(unpack(item["facts"])))


def taken(entry: Entry) -> list[News]:
    """What an entry took up."""
    return [
        News({"sk": told["from"]}, date.fromisoformat(told["day"]), told["at"], tuple(told["facts"]))
        for told in entry.news
    ]


def _order(news: News) -> tuple[date, str, str]:
    return news.day, news.at, news.key["sk"]


def of_one_entry(news: Sequence[News]) -> tuple[News, ...]:
    """As many of the first as one commit takes; one at least."""
    sizes = accumulate(size_bytes(item.facts) for item in news)
    return tuple(
        item
        for number, (item, size) in enumerate(zip(news, sizes, strict=True))
        if not number or (number < NEWS_MAX and size <= NEWS_BYTES_MAX)
    )

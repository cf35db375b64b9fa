"""Does one holder's partition keep the invariants? What it says about others is gathered for the check of the whole."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy import Standing, facts, program
from policy.facts import CertificationAwarded, CertificationImported

from ledger import certificates, check_journal, journal, personal
from ledger.check_journal import Finding
from ledger.entry import Entry
from ledger.journal import Loaded


@dataclass
class Claimed:
    """What a holder's journal says about things that are unique across holders."""

    holder: str
    version: int = 0
    accounts: tuple[str, ...] = ()
    sources: list[dict[str, Any]] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    earned: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    partners: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def check_holder(holder: str, items: Iterable[Mapping[str, Any]]) -> tuple[list[Finding], Claimed]:
    """Findings in one holder's items (plain dicts, a whole partition), and what they say about others."""
    kept = {item["sk"]: dict(item) for item in items}
    stored = check_journal.take_entries(kept)
    entries = personal.seen(stored)
    found = list(check_journal.order(holder, entries))
    if found:
        # A replay of what is left would only say so once more.
        return found, Claimed(holder, len(entries))
    standing = Standing(program.load())
    accounts: tuple[str, ...] = ()
    for entry in entries:
        accounts = accounts if entry.accounts is None else entry.accounts
        found += _step(standing, entry, accounts)
    loaded = journal.replay(holder, entries)
    found += check_journal.projected(loaded, kept)
    found += _without_sweeps(loaded)
    found += _used(loaded)
    found += _erased(holder, stored)
    found += _told(loaded)
    return found, Claimed(
        holder=holder,
        version=loaded.version,
        accounts=loaded.accounts,
        sources=[source for entry in entries for source in entry.sources],
        carried={claim.certificate_id for claim in standing.claims.values() if claim.certificate_id},
        earned=certificates.earned(standing),
        taken=set(standing.certificates_taken),
        partners=loaded.partners,
        # Only those that partners are to know of.
        entries=tuple(entry for entry in entries if entry.learning),
    )


def _step(standing: Standing, entry: Entry, accounts: tuple[str, ...]) -> Iterator[Finding]:
    """One entry of the replay: invariants 3 (whose facts), 5 (decisions with their facts) and 7 (expirations)."""
    place = f"{entry.owner} {entry.seq}"
    for fact in entry.facts:
        if "account" in fact and fact["account"] not in accounts:
            yield Finding(3, place, "a fact about an account that is not the holder's", accounts, fact["account"])
    decided = len(standing.decisions)
    expirations = {track: cert.expires_on for track, cert in standing.certifications.items()}
    journal.apply(standing, entry)
    decisions = [decision.to_dict() for decision in standing.decisions[decided:]]
    if decisions != list(entry.decisions):
        yield Finding(5, place, "decisions differ from the replay", decisions, list(entry.decisions))
    for track, before in expirations.items():
        after = standing.certifications[track].expires_on
        if after < before:
            yield Finding(7, place, f"the expiration of {track} moved back", before, after)


def _without_sweeps(loaded: Loaded) -> Iterator[Finding]:
    """Invariant 6: the facts alone, whenever time was let pass between them, come to the same."""
    standing = Standing(program.load())
    for entry in loaded.entries:
        for fact in entry.facts:
            standing.apply(facts.from_dict(fact), entry.day)
    standing.advance(loaded.standing.today)
    with_sweeps = [decision.to_dict() for decision in loaded.standing.decisions]
    without = [decision.to_dict() for decision in standing.decisions]
    if with_sweeps != without:
        yield Finding(6, loaded.holder, "sweeps changed what was decided", without, with_sweeps)


def _used(loaded: Loaded) -> Iterator[Finding]:
    """Invariant 4: a course once in a cycle, credits once at a level or below, nothing after its validity."""
    standing = loaded.standing
    rank = standing.program.rank
    granted = _granted(loaded)
    spent: dict[str, list[tuple[int, int, date]]] = {}
    for number, done in enumerate(standing.recertifications, 1):
        place = f"{loaded.holder} RECERT#{number:04d}"
        claims = [standing.claims[claim] for claim in done.used]
        for course, times in Counter(claim.course for claim in claims).items():
            if times > 1:
                yield Finding(4, place, f"{course} counted more than once", 1, times)
        level = rank[standing.certifications[done.certification].level]
        for claim in claims:
            if done.date > claim.valid_through:
                yield Finding(4, place, f"{claim.claim} used after its validity", claim.valid_through, done.date)
            for earlier, level_before, day in spent.get(claim.claim, ()):
                # Rightly so where a late evaluation, of an earlier day, comes after that of a later one
                # (open-for-pending, late-exam), or where the cycle was given only then (import, award).
                given = any(after >= earlier for after in granted.get(done.certification, ()))
                if level <= level_before and done.date >= day and not given:
                    yield Finding(4, place, f"{claim.claim} used again at its level or below", level_before, level)
            spent.setdefault(claim.claim, []).append((number, level, done.date))


def _erased(holder: str, stored: tuple[Entry, ...]) -> Iterator[Finding]:
    """What was erased is stored nowhere in the journal (5: an erasure is whole)."""
    for entry in stored:
        if entry.erasing is not None:
            yield Finding(5, f"{holder} {entry.seq}", "an erasure that did not end: the same again ends it")
    for seq in personal.left(stored):
        yield Finding(5, f"{holder} {seq}", "personal data in an entry before an erasure")


def _granted(loaded: Loaded) -> dict[str, list[int]]:
    """How many recertifications there were when each track was awarded or imported."""
    standing = Standing(program.load())
    granted: dict[str, list[int]] = {}
    for entry in loaded.entries:
        for fact in map(facts.from_dict, entry.facts):
            if isinstance(fact, CertificationAwarded | CertificationImported):
                granted.setdefault(fact.certification, []).append(len(standing.recertifications))
            standing.apply(fact, entry.day)
    return granted


def _told(loaded: Loaded) -> Iterator[Finding]:
    """Invariant 8: every event has an id of its own, and what is told once is told once."""
    yield from check_journal.event_ids(loaded.entries)
    told = Counter(
        (event["type"], event["subject"], event["data"].get("expires_on"), event["data"].get("days_to_expire"))
        for entry in loaded.entries
        for event in entry.events
        if event["type"] in ("claim.submitted", "certification.expiring", "certification.expired")
    )
    yield from check_journal.once(loaded.holder, told)

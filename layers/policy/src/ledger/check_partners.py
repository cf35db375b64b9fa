"""Do partners' partitions keep the invariants, and does each partner know what it has to of individuals?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.partners import Partner, facts
from policy.partners import program as offered

from ledger import check_journal, keys
from ledger.check_journal import Finding
from ledger.entry import Entry
from ledger.partners import LoadedPartner, apply, replay_partner, take_up, taken
from ledger.program_journal import program_entries
from ledger.values import canonical, unpack


@dataclass
class Known:
    """What a partner knows. told: facts of individuals, taken up or not yet; associated: every individual it ever had."""

    partner: str
    version: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    associated: set[str] = field(default_factory=set)


def check_partner(partner: str, items: Iterable[Mapping[str, Any]]) -> tuple[list[Finding], Known]:
    """Findings in one partner's items (plain dicts, a whole partition), and what it knows of individuals."""
    kept = {item["sk"]: dict(item) for item in items}
    entries = check_journal.take_entries(kept)
    waiting = [kept.pop(sk) for sk in sorted(kept) if sk.startswith(keys.NEWS)]
    found = list(check_journal.order(partner, entries))
    if found:
        return found, Known(partner, len(entries))
    program = program_entries()
    standing, known = Partner(offered.current()), 0
    for entry in entries:
        if not known <= entry.program <= len(program):
            found.append(Finding(1, f"{partner} {entry.seq}", "knows another program", len(program), entry.program))
            return found, Known(partner, len(entries))
        found += _step(standing, entry, program[known : entry.program])
        known = entry.program
    loaded = replay_partner(partner, entries, program)
    found += check_journal.projected(loaded, kept)
    found += _without_sweeps(loaded)
    found += check_journal.event_ids(entries)
    found += check_journal.once(partner, _told_once(loaded))
    told = Counter(canonical(fact) for entry in entries for news in entry.news for fact in news["facts"])
    told += Counter(canonical(fact) for item in waiting for fact in unpack(item["facts"]))
    return found, Known(
        partner=partner,
        version=loaded.version,
        sources=[source for entry in entries for source in entry.sources],
        told=told,
        associated={
            fact["individual"]
            for entry in entries
            for fact in entry.facts
            if fact["event"] == facts.IndividualAssociated.event
        },
    )


def check_told(
    partners: Iterable[Known], holders: Mapping[str, tuple[tuple[str, ...], Iterable[Entry]]]
) -> Iterator[Finding]:
    """Every partner knows each fact about its individuals, once (2, 3). holders: partners and entries, by id."""
    for known in partners:
        expected: Counter[str] = Counter()
        for holder, (theirs, entries) in holders.items():
            if known.partner in theirs:
                expected += Counter(canonical(fact) for entry in entries for fact in entry.learning)
            elif holder in known.associated:
                yield Finding(5, f"H#{holder}", "does not tell a partner that associated the individual", known.partner)
        for fact in expected - known.told:
            yield Finding(3, f"P#{known.partner}", "was not told of an individual", fact)
        for fact in known.told - expected:
            yield Finding(2, f"P#{known.partner}", "was told what no journal says, or twice", None, fact)


def check_assignments(records: Iterable[Mapping[str, Any]], assigned: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Account managers are assigned to the partners whose records name them (5)."""
    named = {(account, record["partner"]) for record in records for account in record["account_managers"]}
    for account, partner in sorted(named ^ set(assigned)):
        yield Finding(5, f"M#{account}", "assigned otherwise than the partner's record says", partner)


def _step(standing: Partner, entry: Entry, program: tuple[Entry, ...]) -> Iterator[Finding]:
    """One entry of the replay: invariants 5 (decisions with their facts) and 7 (an anniversary never comes earlier)."""
    place = f"{entry.owner} {entry.seq}"
    decided, years = len(standing.decisions), dict(standing.years)
    apply(standing, entry, program)
    decisions = [decision.to_dict() for decision in standing.decisions[decided:]]
    if decisions != list(entry.decisions):
        yield Finding(5, place, "decisions differ from the replay", decisions, list(entry.decisions))
    for name, before in years.items():
        after = standing.years[name]
        if after.end < before.end:
            yield Finding(7, place, f"the anniversary of {name} moved back", before.end, after.end)


def _without_sweeps(loaded: LoadedPartner) -> Iterator[Finding]:
    """Invariant 6: the facts alone, whenever time was let pass between them, come to the same."""
    standing, known = Partner(offered.current()), 0
    for entry in loaded.entries:
        take_up(standing, taken(entry), loaded.program[known : entry.program])
        known = entry.program
        for fact in entry.facts:
            standing.apply(facts.from_dict(fact), entry.day)
    standing.advance(loaded.standing.today)
    with_sweeps = [decision.to_dict() for decision in loaded.decisions]
    without = [decision.to_dict() for decision in standing.decisions]
    if with_sweeps != without:
        yield Finding(6, loaded.partner, "sweeps changed what was decided", without, with_sweeps)


def _told_once(loaded: LoadedPartner) -> Counter[tuple[Any, ...]]:
    return Counter(
        (decision.kind, decision.subject, decision.day)
        for decision in loaded.decisions
        if decision.kind in ("specialization.expiring", "specialization.grace", "specialization.lost")
    )

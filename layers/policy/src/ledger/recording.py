"""Recording facts in a holder's journal, and letting time alone do its work."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policy import FormError, Refused, Standing
from policy.catalog import Course
from policy.facts import Fact, to_dict
from policy.partners import facts as learned

from ledger import certificates, keys, learning, table
from ledger.commit import Change, Recorded, committed, now, recorded_before
from ledger.entry import Source
from ledger.errors import AccountNotLinked, FactConflict
from ledger.journal import Loaded, load, to_write
from ledger.learning import About

# Those of continuous learning are about the holder as an individual.
Given = Sequence[Fact | About]
Facts = Given | Callable[[Loaded], Given]


def record(
    holder: str,
    facts: Facts,
    day: date,
    *,
    source: Source | None = None,
    course: Course | None = None,
    cause: str = "",
    account: str | None = None,
    keep: Callable[[], None] | None = None,
) -> Recorded:
    """Record facts that become known on a day, all in one journal entry or none.

    facts: a list, or a function that makes one from the present state (called anew on each retry). day: today; a
    journal's days never go back, so the last entry's day may take its place. source: by it the same again is found
    and answered with what was recorded. course: for a claim, what the catalog has (None: unknown). cause: what led to
    it, for the audit. account: must be the holder's at the commit, as must be the accounts that the facts name. keep:
    keeps what the facts point to; called once they are accepted, before they are stored, and again on each retry.

    Raises policy's Refused and FormError, FactConflict, AccountNotLinked, EntryTooLarge, Busy; nothing is stored then.
    """

    def plan(loaded: Loaded) -> Change | Recorded:
        if source and (earlier := recorded_before(loaded, source) or recorded_elsewhere(source)):
            return earlier
        # A copy, since a function may well let time pass in the standing that it looks at.
        new = facts(replace(loaded, standing=loaded.standing.copy())) if callable(facts) else facts
        _check_accounts(loaded, new, account)
        marker = [] if source is None or source.within_holder else [marker_action(source, holder=holder)]
        decided = decide(loaded, new, day, course=course)
        if keep:
            keep()
        return decided.change(loaded, cause, sources=[source.to_dict()] if source else [], actions=marker)

    recorded = committed(to_write(holder), plan)
    assert recorded is not None  # noqa: S101 - only settling may come to nothing
    return recorded


def settle(holder: str, day: date, *, cause: str = "sweep") -> Recorded | None:
    """Let time pass through a day and record what it did; None where there was nothing to record.

    day: not after today, or what has not happened would be recorded. A day before the last entry changes nothing.
    """

    def plan(loaded: Loaded) -> Change | None:
        if not loaded.entries:
            return None
        decided = decide(loaded, [], day)
        return replace(decided.change(loaded, cause), only_if_changed=True)

    return committed(to_write(holder), plan)


def informed(loaded: Loaded, day: date, certificate_ids: Collection[str]) -> Standing:
    """A holder's standing on a day, knowing what other holders' claims did with certificate ids. Nothing is recorded."""
    return decide(loaded, [], day, certificate_ids=certificate_ids).standing


@dataclass(frozen=True)
class Decided:
    """What facts come to on top of a loaded state, and the certificate markers that this rests on.

    learning: what they mean for continuous learning.
    """

    standing: Standing
    day: date
    kept: list[Fact]
    learning: list[learned.Fact]
    refused: list[dict[str, Any]]
    earners: certificates.Earners

    def change(self, loaded: Loaded, cause: str, *, actions: Sequence[dict[str, Any]] = (), **further: Any) -> Change:
        guards = certificates.guard(loaded.holder, loaded.standing, self.standing, self.earners)
        meant = [learned.to_dict(fact) for fact in self.learning]
        recorded_at = now()
        news = learning.tell(loaded.partners, loaded.holder, loaded.version + 1, meant, self.day, recorded_at)
        return Change(
            after=replace(loaded, standing=self.standing),
            day=self.day,
            cause=cause,
            facts=[to_dict(fact) for fact in self.kept],
            attributes={
                "refused": tuple(self.refused),
                "certificates": tuple(certificates.gained_or_lost(loaded.standing, self.standing)),
                "learning": tuple(meant),
            },
            actions=[*actions, *guards, *news],
            recorded_at=recorded_at,
            **further,
        )


def decide(
    loaded: Loaded,
    facts: Given,
    day: date,
    *,
    course: Course | None = None,
    keep_refused: bool = False,
    certificate_ids: Collection[str] = (),
) -> Decided:
    """Let the policy decide on facts, after what the holder does not know yet about the certificate ids concerned.

    certificate_ids: further ids that concern the holder. keep_refused: go on past facts that the policy refuses, and
    list them.
    """
    day = loaded.day(day)
    earners = certificates.read_earners(certificate_ids)
    while True:
        standing = loaded.standing.copy()
        standing.advance(day)
        kept: list[Fact] = []
        meant: list[learned.Fact] = []
        refused: list[dict[str, Any]] = []
        for fact in (*certificates.news(loaded.holder, loaded.standing, earners), *facts):
            try:
                if isinstance(fact, About):
                    meant.append(learning.checked(fact, day))
                else:
                    kept.append(standing.record(fact, day, course))
            except (Refused, FormError) as error:
                if not keep_refused:
                    raise
                told = learned.to_dict(fact) if isinstance(fact, About) else to_dict(fact)
                refused.append({"fact": told, "detail": str(error)})
        # Each id is read once: should it change meanwhile, the commit will find its guard broken.
        unread = certificates.touched(loaded.standing, standing, kept) - earners.keys()
        if not unread:
            meant += learning.derived(loaded.holder, kept, loaded.standing, standing)
            return Decided(standing, day, kept, meant, refused, earners)
        earners = {**earners, **certificates.read_earners(unread)}


def marker_action(source: Source, **place: str) -> dict[str, Any]:
    """The marker by which a fact is recorded once in the whole table; place: its holder, or the account it waits at."""
    values = {**keys.fact(source.source, source.id), **source.to_dict(), **place}
    return table.put_action(values, "attribute_not_exists(pk)")


def recorded_elsewhere(source: Source) -> Recorded | None:
    """What came of a fact whose marker stands, wherever that was; FactConflict if its content was other."""
    marker = None if source.within_holder else table.get(keys.fact(source.source, source.id))
    if marker is None:
        return None
    if marker["digest"] != source.digest:
        raise FactConflict(source.source, source.id)
    holder = marker.get("holder") or (table.get(keys.account(marker["account"])) or {}).get("holder")
    if holder is None:
        return Recorded(None, None, None, again=True)
    return recorded_before(load(holder, consistent=True), source) or Recorded(holder, None, None, again=True)


def _check_accounts(loaded: Loaded, facts: Given, account: str | None) -> None:
    named = {getattr(fact, "account", None) for fact in facts} | {account}
    for stranger in sorted(named - {None} - set(loaded.accounts)):  # type: ignore[type-var]
        raise AccountNotLinked(str(stranger))

"""What a holder's entry means for the program of continuous learning, in which the holder is an individual.

A fact is recorded once, in the holder's journal; what it means for the other program stands beside it, with its worth
as of that day, and goes to the partners that know the individual: nothing moves between the programs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from policy import Standing, facts
from policy.partners import facts as learned
from policy.partners.acceptance import accepted
from policy.state import Certification

from ledger import keys, library, table
from ledger.values import pack

About = learned.ActivityRecorded | learned.ExamPassed | learned.BadgeEarned


def checked(fact: About, day: date) -> learned.Fact:
    """A fact of continuous learning as it is to be kept. Raises FormError for what cannot be one."""
    return accepted(library.with_items(_items(fact)), fact, day)


def derived(individual: str, kept: Sequence[facts.Fact], before: Standing, after: Standing) -> list[learned.Fact]:
    """What facts of continuing education, and what they changed, are for continuous learning, as of the standing's day.

    A passed exam is one there; a completed course that is an item is an activity; and a certification may be asked of
    a role (career-certification).
    """
    meant: list[About] = []
    for fact in kept:
        match fact:
            # What lies in the future is no activity yet.
            case facts.ExamPassed() if fact.passed_on <= after.today:
                meant.append(learned.ExamPassed(individual, fact.exam, fact.passed_on))
            case facts.CompletionReported() if fact.outcome == facts.COMPLETED and fact.completed_on <= after.today:
                meant.append(learned.ActivityRecorded(individual, fact.course, fact.completed_on, "completed"))
    changed = _renewed(individual, before, after)
    if not meant:
        return changed
    rules = library.with_items([item for fact in meant for item in _items(fact)])
    counting = [
        fact
        for fact in meant
        if not isinstance(fact, learned.ActivityRecorded) or _counts(rules, fact.item, after.today)
    ]
    return [*(accepted(rules, fact, after.today) for fact in counting), *changed]


def _items(fact: About) -> tuple[str, ...]:
    """The items that a fact may be about: an exam is one if a library lists it (exam-as-item)."""
    match fact:
        case learned.ActivityRecorded():
            return (fact.item,)
        case learned.ExamPassed():
            return (fact.exam,)
    return ()


def _counts(rules: library.Program, course: str, day: date) -> bool:
    """An event counts where a partner chooses, with proof: a report of it is no such choice (points-listed)."""
    item = rules.item(course, day)
    return item is not None and not item.event


def _renewed(individual: str, before: Standing, after: Standing) -> list[learned.Fact]:
    """What became of certifications. What time alone did is told with its day, on which a role may have needed it."""
    if not _certifications(individual, before, after):
        return []
    changed: list[learned.Fact] = []
    standing = before.copy()
    while day := min((day for day in standing.turns() if standing.today < day < after.today), default=None):
        was = standing.copy()
        standing.advance(day)
        changed += (replace(fact, since=day) for fact in _held(individual, was, standing))
    return [*changed, *_certifications(individual, standing, after)]


def _certifications(individual: str, before: Standing, after: Standing) -> list[learned.Fact]:
    ended = [
        learned.CertificationEnded(individual, track)
        for track, cert in after.certifications.items()
        if _active_through(before.certifications.get(track)) and not _active_through(cert)
    ]
    return [*_held(individual, before, after), *ended]


def _held(individual: str, before: Standing, after: Standing) -> list[learned.CertificationHeld]:
    """The certifications that are active through another day than before."""
    held = ((track, _active_through(cert)) for track, cert in after.certifications.items())
    return [
        learned.CertificationHeld(individual, track, now)
        for track, now in held
        if now and now != _active_through(before.certifications.get(track))
    ]


def _active_through(cert: Certification | None) -> date | None:
    return None if cert is None or cert.emeritus else cert.expires_on


def news_item(
    partner: str, holder: str, seq: int, meant: Sequence[dict[str, Any]], day: date, recorded_at: str
) -> dict[str, Any]:
    """What a partner is told, due at once: it waits in the partner's partition until the next commit there."""
    due = {"due_shard": keys.due_shard(keys.SPECIALIZATION, partner), "due_on": day}
    return {**keys.news(partner, holder, seq), "day": day, "at": recorded_at, "facts": pack(meant), **due}


def tell(
    partners: Sequence[str], holder: str, seq: int, meant: Sequence[dict[str, Any]], day: date, recorded_at: str
) -> list[dict[str, Any]]:
    """The actions that tell partners what an entry means to them, as part of its transaction."""
    if not meant:
        return []
    items = (news_item(partner, holder, seq, meant, day, recorded_at) for partner in partners)
    return [table.put_action(item, "attribute_not_exists(pk)") for item in items]

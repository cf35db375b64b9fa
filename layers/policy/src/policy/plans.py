"""The ways to recertify a certification by a day: which courses of the catalog to complete, which exams to pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policy.catalog import Course
from policy.credits import kept_open, pending_claims
from policy.errors import FormError
from policy.outlook import Outlook, last_day, look_ahead
from policy.recertification import counting_claims, emeritus_eligible
from policy.standing import Standing
from policy.state import EARNED, PENDING, Certification
from policy.ways import Search, Way


@dataclass(frozen=True)
class Note:
    """What a rule has to do with it."""

    rule: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """The best ways, more of them if `more`; met_on: the day on which time alone recertifies, where nothing is left."""

    by: date
    met_on: date | None
    pending_credits: int
    notes: tuple[Note, ...]
    ways: tuple[Way, ...]
    more: bool


def plan(standing: Standing, track: str, courses: Iterable[Course], by: date | None = None) -> Plan:
    """The ways to recertify a certification from today through a day, at the latest the last of its window.

    Raises KeyError for a track that the holder does not have, FormError for a day that cannot be reached.
    """
    cert = standing.certifications[track]
    last = last_day(standing, cert)
    if last < standing.today:
        return Plan(by or last, None, 0, _closed(standing, cert), (), False)
    if by is not None and not standing.today <= by <= last:
        raise FormError("by", f"must be from {standing.today} through {last}, the last day that counts, not {by}")
    by = by or last
    outlook = look_ahead(standing, track, by)
    pending = _pending_credits(standing, cert)
    notes = _notes(standing, cert, outlook)
    if outlook.moved_on and outlook.expires_on > cert.expires_on:
        return Plan(by, outlook.moved_on, pending, notes, (), False)
    if not outlook.stretches:
        return Plan(by, None, pending, notes, (), False)
    ways, more = Search(standing, cert, courses, outlook.stretches).best()
    return Plan(by, None, pending, notes, ways, more)


def _pending_credits(standing: Standing, cert: Certification) -> int:
    """What would count beside what counts today if every pending claim were earned."""
    hoped = standing.copy()
    for claim in hoped.claims.values():
        if claim.status == PENDING:
            claim.decision = EARNED
    edition = standing.program.edition(standing.today)
    return sum(
        sign * claim.credits
        for sign, claims in ((1, hoped.claims), (-1, standing.claims))
        for claim in counting_claims(claims.values(), cert, edition, standing.today)
    )


def _closed(standing: Standing, cert: Certification) -> tuple[Note, ...]:
    """Why nothing recertifies a certification any more."""
    if standing.today >= cert.retired_on:
        return (Note("retired-track", f"The track is retired since {cert.retired_on}; nothing recertifies it."),)
    rule = "status-2017" if cert.window_end > cert.expires_on else "status-2020"
    notes = [Note(rule, f"Its window ended on {cert.window_end}; what is completed now does not count for it.")]
    if kept_open(cert, pending_claims(standing)):
        notes.append(Note("open-for-pending", "A claim that is still pending may recertify it once it is earned."))
    return tuple(notes)


def _notes(standing: Standing, cert: Certification, outlook: Outlook) -> tuple[Note, ...]:
    notes = []
    opens_on = next((stretch.first for stretch in outlook.stretches if stretch.left), None)
    if outlook.moved_on and outlook.expires_on > cert.expires_on:
        notes.append(Note("automatic", f"What counts already renews it on {outlook.moved_on}; nothing is left to do."))
    elif outlook.moved_on:
        detail = (
            f"It is renewed with another on {outlook.moved_on}; what is completed before counts for no cycle after."
        )
        notes.append(Note("same-and-lower", detail))
    elif opens_on is None:
        notes.append(Note("no-gain", f"By that day no new term would end later than {cert.expires_on}."))
    elif opens_on > standing.today:
        notes.append(Note("no-gain", f"Before {opens_on} a new term would not end later than {cert.expires_on}."))
    if standing.terms_accepted_on is None:
        notes.append(Note("terms-required", "Claims are accepted once the program's terms are."))
    if cert.emeritus and not emeritus_eligible(cert, standing.program.edition(standing.today)):
        notes.append(Note("emeritus", "No credits count toward it; only an expert lab recertifies it."))
    return tuple(notes)

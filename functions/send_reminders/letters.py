"""What holders are told, and at which accounts. What is no longer true is not written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.words import days_in_words, one_line, parts_in_words
from ledger import Loaded
from policy import Standing, views
from policy.state import PENDING, Certification, Claim

SUBJECT_CHARS_MAX = 150


@dataclass(frozen=True)
class Letter:
    """A subject on one line, and plain text."""

    subject: str
    text: str


def accounts(event: Mapping[str, Any], loaded: Loaded) -> Sequence[str]:
    """The account of a claim, all of the holder's about a certification."""
    if event["type"] == "claim.overdue":
        return [loaded.standing.claims[event["subject"]].account]
    return loaded.accounts


def letter(event: Mapping[str, Any], standing: Standing) -> Letter | None:
    """What an event has to tell on the day of a standing; None where that is no longer so."""
    if event["type"] == "claim.overdue":
        claim = standing.claims[event["subject"]]
        return _overdue(standing, claim) if claim.status == PENDING else None
    cert = standing.certifications[event["subject"]]
    expires_on = date.fromisoformat(event["data"]["expires_on"])
    if cert.emeritus or cert.expires_on != expires_on or not _newest(standing, cert, event["data"]["days_to_expire"]):
        return None
    return _expiring(standing, cert)


def _newest(standing: Standing, cert: Certification, told_days: int) -> bool:
    """Whether no later notice is due by now: after a pause of the sweep several come at once, and one is enough."""
    days = (cert.expires_on - standing.today).days
    return days >= 0 and not any(days <= notice < told_days for notice in standing.program.notice_days)


def _expiring(standing: Standing, cert: Certification) -> Letter:
    days = (cert.expires_on - standing.today).days
    when = f"on {cert.expires_on}, {f'in {days_in_words(days)}' if days else 'today'}"
    track = one_line(cert.track)
    return written(
        f"{track} expires {when}",
        [f"Your certification {track} ({cert.level}) expires {when}.", *_what_remains(standing, cert)],
    )


def _what_remains(standing: Standing, cert: Certification) -> Iterator[str]:
    remaining = views.remaining_for(standing, cert)
    if {} in remaining:
        yield "Nothing is left to do: it is renewed by itself, on the first day from which that makes it last longer."
    elif remaining:
        yield "To recertify it, complete one of the following by then:"
        yield "\n".join(f"- {parts_in_words(missing)}" for missing in remaining)
    else:
        yield "Its track is retired, so it cannot be recertified."


def _overdue(standing: Standing, claim: Claim) -> Letter:
    waited = days_in_words((standing.today - claim.submitted_on).days)
    case_from = standing.program.case_from(claim.submitted_on)
    course = one_line(f"{claim.title} {claim.version}")
    pending = f"Your claim {claim.claim} for {course}, submitted on {claim.submitted_on}, is pending for {waited}."
    return written(
        f"Your claim for {course} is still undecided",
        [
            f"{pending} It waits for the report of its provider, {one_line(claim.provider)}.",
            f"From {case_from} on you may open a case about it.",
        ],
    )


def written(subject: str, paragraphs: Sequence[str]) -> Letter:
    """A letter with the portal's address at its end, where there is a portal."""
    portal = os.environ.get("PORTAL_URL")
    where = [f"See {portal}"] if portal else []
    return Letter(subject[:SUBJECT_CHARS_MAX], "\n\n".join([*paragraphs, *where]) + "\n")

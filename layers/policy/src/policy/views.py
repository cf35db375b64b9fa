"""What a standing shows on the day it stands at (A9): claims, certifications, credits, what remains."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from policy.cases import is_overdue
from policy.credits import kept_open, pending_claims
from policy.dates import NEVER
from policy.recertification import counting_claims, counting_exams, counting_fees, match, options
from policy.standing import Standing
from policy.state import EARNED, PENDING, Certification, Claim, Decision


def claim(standing: Standing, claim: Claim) -> dict[str, Any]:
    """A claim as its holder sees it (my-items); `expires_on` is given for earned claims only (validity)."""
    return {
        "claim_id": claim.claim,
        "account": claim.account,
        "course": claim.course,
        "title": claim.title,
        "version": claim.version,
        "item_type": claim.item_type,
        "provider": claim.provider,
        "credits": claim.credits,
        "status": claim.status,
        "reason": claim.reason,
        "started_on": claim.started_on,
        "completed_on": claim.completed_on,
        "submitted_on": claim.submitted_on,
        "decided_on": claim.decided_on,
        "expires_on": claim.valid_through if claim.status == EARNED else None,
        "overdue": is_overdue(standing, claim),
    }


def claims(standing: Standing) -> dict[str, dict[str, Any]]:
    """Every claim by its id, in the order of submission."""
    return {claim_id: claim(standing, item) for claim_id, item in standing.claims.items()}


def status(standing: Standing, cert: Certification) -> str:
    """active, suspended, emeritus, inactive or expired (status-2017, status-2020, emeritus)."""
    if cert.emeritus:
        return "emeritus"
    if standing.today <= cert.expires_on:
        return "active"
    if standing.today <= cert.window_end:
        return "suspended"
    return "inactive" if cert.window_end > cert.expires_on else "expired"


def certification(standing: Standing, cert: Certification) -> dict[str, Any]:
    """A line of the certification table (dashboard); `days_to_expire` is negative once past."""
    return {
        "certification": cert.track,
        "level": cert.level,
        "cycle_started_on": cert.cycle_start,
        "expires_on": cert.expires_on,
        "days_to_expire": (cert.expires_on - standing.today).days,
        "status": status(standing, cert),
    }


def certifications(standing: Standing) -> dict[str, dict[str, Any]]:
    """Every certification by its track, in the order in which it was first recorded."""
    return {track: certification(standing, cert) for track, cert in standing.certifications.items()}


def _anything_counts(standing: Standing, cert: Certification) -> bool:
    """Whether a certification is one that something can count toward today (credits-shown)."""
    today = standing.today
    return today < cert.retired_on and (today <= cert.window_end or kept_open(cert, pending_claims(standing)))


def counted(standing: Standing, cert: Certification) -> list[Claim]:
    """The claims whose credits count toward a certification today, in the order of their use (credits-shown)."""
    if not _anything_counts(standing, cert):
        return []
    today = standing.today
    return counting_claims(standing.claims.values(), cert, standing.program.edition(today), today)


def credits(standing: Standing) -> dict[str, int]:
    """Credits that count today, by track (credits-shown)."""
    return {
        track: sum(item.credits for item in counted(standing, cert)) for track, cert in standing.certifications.items()
    }


def options_left(standing: Standing, cert: Certification) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Every option of a certification with what it still needs, both as number by part; none where none is open."""
    today = standing.today
    if today >= cert.retired_on or today > cert.window_end:
        return []
    edition = standing.program.edition(today)
    claims = counting_claims(standing.claims.values(), cert, edition, today)
    exams = counting_exams(standing.exams, cert, today)
    fees = counting_fees(standing.fees, cert, today)
    return [(dict(option.parts), match(option, claims, exams, fees).missing) for option in options(cert, edition)]


def uncovered(left: Sequence[tuple[dict[str, int], dict[str, int]]]) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Of options with what they still need, those that no easier one covers (remaining)."""
    kept = []
    for i, (needs, missing) in enumerate(left):
        easier = (other for j, (_, other) in enumerate(left) if other != missing or j < i)
        if not any(all(number <= missing.get(part, 0) for part, number in other.items()) for other in easier):
            kept.append((needs, missing))
    return kept


def remaining_for(standing: Standing, cert: Certification) -> list[dict[str, int]]:
    """What is left for a certification: one of these, none covered by an easier one (remaining)."""
    return [missing for _, missing in uncovered(options_left(standing, cert))]


def remaining(standing: Standing) -> dict[str, list[dict[str, int]]]:
    """What is left, by track (remaining)."""
    return {track: remaining_for(standing, cert) for track, cert in standing.certifications.items()}


def progress(standing: Standing, track: str) -> dict[str, Any]:
    """Progress toward one certification (tracker), with the ids of the rules that it rests on.

    Raises KeyError for a track that the holder does not have.
    """
    cert = standing.certifications[track]
    edition = standing.program.edition(standing.today)
    items = counted(standing, cert)
    exams = counting_exams(standing.exams, cert, standing.today) if _anything_counts(standing, cert) else []
    because = ["credits-count", "exams-count", "credits-shown", "remaining", edition.id]
    if standing.today >= cert.retired_on:
        because.append("retired-track")
    if cert.emeritus:
        because.append("emeritus")
    left = remaining_for(standing, cert)
    if {} in left:
        because.append("no-gain")
    if standing.today > cert.window_end and items:
        because.append("open-for-pending")
    return {
        "certification": track,
        "as_of": standing.today,
        "expires_on": cert.expires_on,
        "credits": sum(item.credits for item in items),
        "options": [{"needs": needs, "remaining": missing} for needs, missing in options_left(standing, cert)],
        "remaining": left,
        "counted": [
            {"claim_id": item.claim, "credits": item.credits, "completed_on": item.completed_on} for item in items
        ],
        "exams": [{"exam": exam.exam, "kind": exam.kind, "passed_on": exam.passed_on} for exam in exams],
        "because": because,
    }


def recertifications(standing: Standing) -> list[dict[str, Any]]:
    """Every recertification in the order recorded; an award that renewed something has no option."""
    return [
        {
            "certification": item.certification,
            "date": item.date,
            "option": None if item.option is None else dict(item.option),
            "used": list(item.used),
            "exams": list(item.exams),
            "renewed": list(item.renewed),
        }
        for item in standing.recertifications
    ]


CLAIM_KINDS = ("credits.expired", "claim.redeemed", "claim.restored", "claim.overdue")


def to_come(standing: Standing) -> list[Decision]:
    """What time alone will decide after today, as far as it is known on which days it decides anything.

    Found by letting time pass in a copy, so that it is what the rules will do and no second account of them.
    """
    future = standing.copy()
    future.decisions = []
    turns = (day for day in future.turns() if day < NEVER)
    future.advance(future.program.overdue_on(max(turns, default=future.today)))
    return future.decisions


def due(standing: Standing) -> dict[tuple[str, str], date]:
    """The next day after today on which time alone changes something, by ("claim", id) or ("certification", track).

    Never later than that day, and sooner where it would be sooner without the claims that are pending. These put off
    what becomes of others, and each of those would have to be written with every claim, and again once it is decided.
    """
    found = _first_days(standing)
    if pending_claims(standing):
        settled = standing.copy()
        settled.claims = {claim_id: item for claim_id, item in settled.claims.items() if item.status != PENDING}
        for subject, day in _first_days(settled).items():
            found[subject] = min(day, found.get(subject, day))
    return found


def _first_days(standing: Standing) -> dict[tuple[str, str], date]:
    found: dict[tuple[str, str], date] = {}
    for decision in to_come(standing):
        kind = "claim" if decision.kind in CLAIM_KINDS else "certification"
        found.setdefault((kind, decision.subject), decision.day)
    return found

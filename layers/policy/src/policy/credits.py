"""The life of credits: what is earned, redeemed or expired follows from the facts (A8)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from policy.program import Edition
from policy.recertification import emeritus_eligible
from policy.state import EARNED, EXPIRED, PENDING, REDEEMED, Certification, Claim, Decision

if TYPE_CHECKING:
    from policy.standing import Standing

OPEN, ENDED, SHUT = "open", "ended", "shut"  # a window: open, past its end, closed by retirement
RULE_OF_REASON = {
    "validity-ended": "validity",
    "cycle-closed": "surplus",
    "certification-expired": "expired-with-certification",
}


def pending_claims(standing: "Standing") -> list[Claim]:
    return [claim for claim in standing.claims.values() if claim.status == PENDING]


def kept_open(cert: Certification, pending: Sequence[Claim]) -> bool:
    """Whether a pending claim keeps a window open past its end (open-for-pending)."""
    return any(cert.holds(claim.completed_on) and claim.submitted_on <= cert.window_end for claim in pending)


def settle(standing: "Standing") -> None:
    """Bring every claim's status up to the present day; each change is a decision."""
    if not standing.claims:
        return
    today = standing.today
    edition = standing.program.edition(today)
    pending = pending_claims(standing)
    eligible = [cert for cert in standing.certifications.values() if cert.level in edition.eligible_levels]
    states = {cert.track: _state(standing, cert, edition, pending) for cert in eligible}
    for claim in standing.claims.values():
        if claim.final:
            continue
        windows = {cert.track: states[cert.track] for cert in eligible if _can_count(claim, cert)}
        if windows != claim.windows:
            _note_closing(claim, windows, today)
            claim.windows = windows
        opened = OPEN in windows.values()
        if claim.decision == PENDING:
            if not opened and not any(
                _may_have_met(standing, claim, standing.certifications[track]) for track in windows
            ):
                _change(standing, claim, EXPIRED, "cycle-closed")
        elif claim.decision == EARNED:
            lapsed = today > claim.valid_through
            if opened and not lapsed:
                _change(standing, claim, EARNED, None)
            elif claim.used:
                _change(standing, claim, REDEEMED, None)
            elif opened:
                _change(standing, claim, EXPIRED, "validity-ended")
            elif claim.status != EXPIRED:
                _change(standing, claim, EXPIRED, "validity-ended" if lapsed else claim.closed)


def _can_count(claim: Claim, cert: Certification) -> bool:
    return (
        cert.holds(claim.completed_on) and claim.submitted_on <= cert.window_end and not (cert.emeritus and claim.used)
    )


def _may_have_met(standing: "Standing", claim: Claim, cert: Certification) -> bool:
    """Whether a pending claim, once earned, may still meet the criteria on a day before the window was closed.

    Such a claim stays pending until decided, though the track is retired or the emeritus ineligible by now.
    """
    if claim.completed_on >= cert.retired_on:
        return False
    if cert.emeritus is None or emeritus_eligible(cert, standing.program.edition(claim.completed_on)):
        return True
    return claim.claim in cert.emeritus.claims_before


def _state(standing: "Standing", cert: Certification, edition: Edition, pending: Sequence[Claim]) -> str:
    if standing.today >= cert.retired_on or (cert.emeritus and not emeritus_eligible(cert, edition)):
        return SHUT
    return OPEN if standing.today <= cert.window_end or kept_open(cert, pending) else ENDED


def _note_closing(claim: Claim, windows: dict[str, str], today: date) -> None:
    """Keep with which reason a claim's windows closed; where some close on one day, expiration is named."""
    reasons = set()
    for track, before in claim.windows.items():
        after = windows.get(track)
        if before == OPEN and after == ENDED:
            reasons.add("certification-expired")
        elif (before == OPEN and after is None) or (before != SHUT and after == SHUT):
            reasons.add("cycle-closed")
    if not reasons:
        return
    if claim.closed_on == today:
        reasons.add(claim.closed)
    claim.closed_on = today
    claim.closed = "certification-expired" if "certification-expired" in reasons else "cycle-closed"


def _change(standing: "Standing", claim: Claim, status: str, reason: str | None) -> None:
    if claim.status == status:
        claim.reason = reason
        return
    before, claim.status, claim.reason = claim.status, status, reason
    if status == EXPIRED:
        rule, kind = RULE_OF_REASON[reason or ""], "credits.expired"
    elif status == REDEEMED:
        rule, kind = "redeemed", "claim.redeemed"
    else:
        rule, kind = "status-is-derived", "claim.restored"
    facts = {"from": before, "completed_on": claim.completed_on, "valid_through": claim.valid_through}
    standing.decisions.append(
        Decision(standing.today, kind, rule, claim.claim, {**facts, "reason": reason} if reason else facts)
    )

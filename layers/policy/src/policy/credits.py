"""The life of credits: what is earned, redeemed or expired follows from the facts (A8)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy.recertification import emeritus_eligible
from policy.state import EARNED, EXPIRED, PENDING, REDEEMED, Certification, Claim, Decision

if TYPE_CHECKING:
    from policy.standing import Standing

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
    shut = {c.track for c in eligible if today >= c.retired_on or (c.emeritus and not emeritus_eligible(c, edition))}
    open_certs = [c for c in eligible if c.track not in shut and (today <= c.window_end or kept_open(c, pending))]
    for claim in standing.claims.values():
        if claim.final:
            continue
        windows = tuple(cert.track for cert in open_certs if _can_count(claim, cert))
        if windows:
            claim.closed = None
        elif claim.windows:
            claim.closed = _why_closed(standing, claim, shut)
        claim.windows = windows
        if claim.decision == PENDING:
            # Retirement closes nothing for a pending claim: it may still meet the criteria on an earlier day.
            if not windows and not any(_can_count(claim, cert) for cert in eligible):
                _change(standing, claim, EXPIRED, "cycle-closed")
        elif claim.decision == EARNED:
            lapsed = today > claim.valid_through
            if windows and not lapsed:
                _change(standing, claim, EARNED, None)
            elif claim.used:
                _change(standing, claim, REDEEMED, None)
            elif claim.status != EXPIRED:
                _change(standing, claim, EXPIRED, "validity-ended" if lapsed else claim.closed or "cycle-closed")


def _can_count(claim: Claim, cert: Certification) -> bool:
    return cert.holds(claim.completed_on) and claim.submitted_on <= cert.window_end and not (cert.emeritus and claim.used)


def _why_closed(standing: "Standing", claim: Claim, shut: set[str]) -> str:
    """The reason with which a claim's last windows have closed; expiration is named before renewal."""
    for track in claim.windows:
        cert = standing.certifications[track]
        if track not in shut and cert.holds(claim.completed_on) and standing.today > cert.window_end:
            return "certification-expired"
    return "cycle-closed"


def _change(standing: "Standing", claim: Claim, status: str, reason: str | None) -> None:
    if claim.status == status:
        return
    before, claim.status, claim.reason = claim.status, status, reason
    if status == EXPIRED:
        rule, kind = RULE_OF_REASON[reason or ""], "credits.expired"
    elif status == REDEEMED:
        rule, kind = "redeemed", "claim.redeemed"
    else:
        rule, kind = "status-is-derived", "claim.restored"
    facts = {"from": before, "completed_on": claim.completed_on, "valid_through": claim.valid_through}
    standing.decisions.append(Decision(standing.today, kind, rule, claim.claim, {**facts, "reason": reason} if reason else facts))

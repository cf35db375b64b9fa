"""What lies beside the journal for others to read: items that follow from the replay, and when each falls due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy import Standing, cases, views
from policy.state import PENDING, Case, Claim

from ledger import keys

if TYPE_CHECKING:
    from ledger.journal import Loaded

Item = dict[str, Any]


def project(loaded: Loaded) -> dict[str, Item]:
    """Every projected item of a holder by its sort key, as of the day at which the standing stands."""
    standing = loaded.standing
    profile = {"holder": loaded.holder, "name": loaded.name, "accounts": loaded.accounts}
    items: dict[str, Item] = {"PROFILE": profile | _overdue(standing)}
    for claim_id, claim in views.claims(standing).items():
        items[f"CLAIM#{claim_id}"] = claim | _waiting(standing.claims[claim_id])
    for case in standing.cases.values():
        items[f"CASE#{case.case}"] = _case(case)
    counting = views.credits(standing)
    for track, line in views.certifications(standing).items():
        # Days to expire differ from day to day; a reader counts them.
        kept = {name: value for name, value in line.items() if name != "days_to_expire"}
        items[f"CERT#{track}"] = {**kept, "credits": counting[track]}
    for number, exam in enumerate(standing.exams, 1):
        items[f"EXAM#{number:04d}"] = {"exam": exam.exam, "kind": exam.kind, "passed_on": exam.passed_on}
    for number, fee in enumerate(standing.fees, 1):
        items[f"FEE#{number:04d}"] = {"amount": fee.amount, "paid_on": fee.paid_on}
    for number, recertification in enumerate(views.recertifications(standing), 1):
        items[f"RECERT#{number:04d}"] = recertification
    for (kind, subject), day in views.due(standing).items():
        # Only these two kinds of item fall due; the index holds what has both attributes.
        item = items[f"{'CLAIM' if kind == 'claim' else 'CERT'}#{subject}"]
        item |= {"due_shard": keys.due_shard(kind, loaded.holder), "due_on": day}
    return {sk: {**keys.key(loaded.pk, sk), **item} for sk, item in items.items()}


def _overdue(standing: Standing) -> Item:
    """What puts a holder into the operators' worklist of overdue claims, and how many there are of them."""
    overdue = cases.overdue_claims(standing)
    if not overdue:
        return {}
    since = standing.program.overdue_on(overdue[0].submitted_on)
    return {"worklist": keys.OVERDUE_CLAIMS, "since": since, "overdue": len(overdue)}


def _waiting(claim: Claim) -> Item:
    """What puts a claim into a worklist: its provider's while it is pending, the operators' while they have to review it."""
    if cases.to_review(claim):
        return {"worklist": keys.REVIEWS, "since": claim.retracted_on}
    if claim.status != PENDING:
        return {}
    worklist = {"worklist": keys.provider_worklist(claim.provider), "since": claim.submitted_on}
    return {**worklist, "certificate_id": claim.certificate_id}


def _case(case: Case) -> Item:
    """A case, in the operators' worklist as long as it is open."""
    kept = {"claim_id": case.claim, "opened_on": case.opened_on, "closed_on": case.closed_on, "outcome": case.outcome}
    waiting = {"worklist": keys.OPEN_CASES, "since": case.opened_on} if case.open else {}
    return {"case_id": case.case, **kept, **waiting}


def changed(before: dict[str, Item], after: dict[str, Item]) -> list[Item]:
    """The items that differ, in the order of the later state. None ever goes away."""
    return [item for sk, item in after.items() if before.get(sk) != item]

"""How a claim is decided: by reports of completion, by certificate ids, by an operator (A5)."""

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING

from policy.credits import pending_claims
from policy.errors import Refused
from policy.facts import COMPLETED, ClaimDecided, CompletionReported, CompletionRetracted
from policy.state import DENIED, EARNED, PENDING, Claim, Decision

if TYPE_CHECKING:
    from policy.standing import Standing


# What a retraction says of the report that it takes back.
_IDENTITY = attrgetter(*(field.name for field in fields(CompletionRetracted)))


def is_about(report: CompletionReported, claim: Claim) -> bool:
    """Whether a report concerns a claim: same provider and course, and a day or the certificate id in common."""
    if report.provider != claim.provider or report.course != claim.course:
        return False
    if claim.certificate_id and report.certificate_id == claim.certificate_id:
        return True
    return max(report.started_on, claim.started_on) <= min(report.completed_on, claim.completed_on)


def agrees(report: CompletionReported, claim: Claim) -> bool:
    """Whether version, account, dates and certificate id (where both have one) are the same."""
    return report.account == claim.account and _details_agree(report, claim)


def _details_agree(report: CompletionReported, claim: Claim) -> bool:
    return (
        report.version == claim.version
        and report.started_on == claim.started_on
        and report.completed_on == claim.completed_on
        and not (report.certificate_id and claim.certificate_id and report.certificate_id != claim.certificate_id)
    )


def matches(report: CompletionReported, claim: Claim) -> bool:
    return report.outcome == COMPLETED and is_about(report, claim) and agrees(report, claim)


def decide_by_reports(standing: "Standing", claim: Claim) -> None:
    """Decide a pending claim by everything reported so far; it stays pending if nothing is about it.

    Source: certificate-used-once, training-record, inadequate-completion, mismatched-credentials,
    invalid-course-certification-details, in this order.
    """
    if certificate_used(standing, claim):
        _deny_for_certificate(standing, claim)
        return
    about = [report for report in standing.reports if is_about(report, claim)]
    if not about:
        return
    for report in about:
        if matches(report, claim):
            _earn(standing, claim, "training-record", _facts(report), on_report=True)
            return
    verdicts = {_verdict(report, claim): report for report in reversed(about)}
    for rule in ("inadequate-completion", "mismatched-credentials", "invalid-course-certification-details"):
        if rule in verdicts:
            _deny(standing, claim, rule, rule, "report", _facts(verdicts[rule]))
            return


def _verdict(report: CompletionReported, claim: Claim) -> str:
    if agrees(report, claim):
        return "inadequate-completion"
    return "mismatched-credentials" if report.account != claim.account else "invalid-course-certification-details"


def _facts(report: CompletionReported) -> dict[str, object]:
    # The account is left out: decisions are published, and an e-mail address is personal.
    names = ("provider", "course", "version", "started_on", "completed_on", "outcome", "certificate_id")
    return {f"reported_{name}": getattr(report, name) for name in names if getattr(report, name)}


def certificate_used(standing: "Standing", claim: Claim) -> bool:
    """Whether a claim's own certificate id has earned for another, not retracted since (certificate-used-once)."""
    if not claim.certificate_id:
        return False
    return claim.certificate_id in standing.certificates_taken or any(
        other.validated and other.certificate_id == claim.certificate_id and other is not claim
        for other in standing.claims.values()
    )


def record_report(standing: "Standing", report: CompletionReported) -> None:
    """Keep a report, decide the pending claims that it is about, then those that it corrects (corrected-report)."""
    standing.reports.append(report)
    for claim in pending_claims(standing):
        # One that earns may just have denied the next for its certificate id.
        if claim.decision == PENDING and is_about(report, claim):
            decide_by_reports(standing, claim)
    for claim in standing.claims.values():
        if claim.denied_by == "report" and matches(report, claim) and not _blocked(standing, claim):
            _earn(standing, claim, "corrected-report", _facts(report), on_report=True)


def _blocked(standing: "Standing", claim: Claim) -> bool:
    if certificate_used(standing, claim):
        return True
    rivals = [
        other
        for other in standing.claims.values()
        if other is not claim and other.live and other.course == claim.course
    ]
    return any(
        cert.holds(rival.completed_on) and cert.holds(claim.completed_on)
        for rival in rivals
        for cert in standing.certifications.values()
    )


def record_retraction(standing: "Standing", fact: CompletionRetracted) -> None:
    """Take back identical reports: an earned claim that rested on them is denied, a spent one put to an operator."""
    taken_back = [report for report in standing.reports if _IDENTITY(report) == _IDENTITY(fact)]
    standing.reports = [report for report in standing.reports if _IDENTITY(report) != _IDENTITY(fact)]
    for claim in standing.claims.values():
        if not (claim.validated and claim.rests_on_report and any(matches(report, claim) for report in taken_back)):
            continue
        if any(matches(report, claim) for report in standing.reports):
            continue
        if claim.status == EARNED:
            _deny(standing, claim, "retraction", "policy-enforcement", "retraction", {"was": "earned"})
        else:
            claim.retracted_on = standing.today
            facts = {"status": claim.status, "completed_on": claim.completed_on}
            standing.decisions.append(Decision(standing.today, "claim.review", "retraction", claim.claim, facts))


def decide_by_operator(standing: "Standing", fact: ClaimDecided) -> None:
    """An operator's decision; raises Refused where the claim cannot be decided so (operator-decision)."""
    claim = check_decision(standing, fact)
    if claim.decision == DENIED:
        _earn(standing, claim, "upheld-dispute", {"denied": claim.reason})
    elif fact.outcome == "earned":
        _earn(standing, claim, "operator-decision", {})
    else:
        _deny(standing, claim, "operator-decision", fact.reason or "", "operator", {})


def check_decision(standing: "Standing", fact: ClaimDecided) -> Claim:
    """The claim that an operator may decide so; raises Refused otherwise (operator-decision, upheld-dispute)."""
    claim = standing.claims.get(fact.claim)
    if claim is None:
        raise Refused("operator-decision", f"There is no claim {fact.claim}.", claim=fact.claim)
    if claim.status != PENDING and not (claim.status == DENIED and fact.outcome == "earned"):
        detail = (
            f"The claim is {claim.status}; only a pending claim can be decided, and only a denied one upheld as earned."
        )
        raise Refused("operator-decision", detail, status=claim.status, outcome=fact.outcome)
    return claim


def take_certificate(standing: "Standing", certificate_id: str) -> None:
    """Another holder's claim has earned with a certificate id: pending claims that carry it are denied at once."""
    standing.certificates_taken.add(certificate_id)
    for claim in _pending_with(standing, certificate_id):
        _deny_for_certificate(standing, claim)


def _pending_with(standing: "Standing", certificate_id: str | None) -> Iterator[Claim]:
    return (c for c in pending_claims(standing) if c.certificate_id == certificate_id and c.decision == PENDING)


def _earn(standing: "Standing", claim: Claim, rule: str, facts: dict[str, object], on_report: bool = False) -> None:
    claim.decision = claim.status = EARNED
    claim.rests_on_report = on_report
    claim.reason, claim.denied_by = None, None
    claim.rule, claim.decided_on = rule, standing.today
    facts = {
        "credits": claim.credits,
        "completed_on": claim.completed_on,
        "valid_through": claim.valid_through,
        **facts,
    }
    standing.decisions.append(Decision(standing.today, "claim.earned", rule, claim.claim, facts))
    if claim.certificate_id:
        for other in list(_pending_with(standing, claim.certificate_id)):
            _deny_for_certificate(standing, other)


def _deny_for_certificate(standing: "Standing", claim: Claim) -> None:
    facts: dict[str, object] = {"certificate_id": claim.certificate_id}
    _deny(standing, claim, "certificate-used-once", "mismatched-credentials", "certificate", facts)


def _deny(standing: "Standing", claim: Claim, rule: str, reason: str, by: str, facts: dict[str, object]) -> None:
    claim.decision = claim.status = DENIED
    claim.reason, claim.denied_by = reason, by
    claim.rule, claim.decided_on = rule, standing.today
    standing.decisions.append(Decision(standing.today, "claim.denied", rule, claim.claim, {"reason": reason, **facts}))

"""Cases about claims, and reviews of retracted credits: what may be said when, and what it changes (A5, A9)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy.errors import FormError, Refused
from policy.facts import CaseMessage, CaseOpened, ClaimReviewed
from policy.state import DENIED, PENDING, Case, Claim, Decision

if TYPE_CHECKING:
    from policy.standing import Standing

FACTS = (CaseOpened, CaseMessage, ClaimReviewed)
AUTHORS = HOLDER, OPERATOR = "holder", "operator"
ANSWERED = "answered"
MESSAGE_CHARS_MAX = 4000
# Every reading of a holder reads all messages, so that no case may grow for ever.
MESSAGES_MAX = 100


def is_overdue(standing: "Standing", claim: Claim) -> bool:
    return claim.status == PENDING and standing.today >= standing.program.overdue_on(claim.submitted_on)


def open_cases(standing: "Standing") -> list[Case]:
    """The cases that wait for an operator or their holder, in the order in which they were opened."""
    return [case for case in standing.cases.values() if case.open]


def overdue_claims(standing: "Standing") -> list[Claim]:
    """The claims that are overdue today, the first submitted first."""
    return [claim for claim in standing.claims.values() if is_overdue(standing, claim)]


def to_review(claim: Claim) -> bool:
    """Whether a retraction is still to be looked at by an operator (retraction)."""
    return claim.retracted and claim.reviewed_on is None


def check(standing: "Standing", fact: CaseOpened | CaseMessage | ClaimReviewed) -> None:
    """Raises Refused (late-decision, cases, retraction) or FormError where a fact cannot be taken today."""
    match fact:
        case CaseOpened():
            _check_opened(standing, fact)
        case CaseMessage():
            _check_message(standing, fact)
        case ClaimReviewed():
            _check_text("note", fact.note)
            _check_review(standing, fact.claim)


def _check_opened(standing: "Standing", fact: CaseOpened) -> None:
    _check_text("message", fact.message)
    if fact.case in standing.cases:
        raise FormError("case", f"{fact.case} is the id of another case")
    claim = standing.claims.get(fact.claim)
    if claim is None:
        raise Refused("late-decision", f"There is no claim {fact.claim}.", claim=fact.claim)
    for case in open_cases(standing):
        if case.claim == claim.claim:
            detail = f"A case about this claim is open already: {case.case}. Add your message to it."
            raise Refused("cases", detail, case=case.case, opened_on=case.opened_on)
    if claim.status == PENDING:
        allowed_from = standing.program.case_from(claim.submitted_on)
        if standing.today < allowed_from:
            detail = (
                f"The claim is pending since {claim.submitted_on}. A case about it may be opened from {allowed_from} on,"
                f" or at once if it is denied."
            )
            raise Refused("late-decision", detail, submitted_on=claim.submitted_on, allowed_from=allowed_from)
    elif claim.status != DENIED:
        days = standing.program.overdue_days
        detail = f"The claim is {claim.status}. A case is about a denied claim, or one pending more than {days} days."
        raise Refused("late-decision", detail, status=claim.status)


def _check_message(standing: "Standing", fact: CaseMessage) -> None:
    _check_text("message", fact.message)
    if fact.author not in AUTHORS:
        raise FormError("author", f"{fact.author!r} is neither {HOLDER} nor {OPERATOR}")
    if fact.close and fact.author != OPERATOR:
        raise FormError("close", "is for operators only")
    case = standing.cases.get(fact.case)
    if case is None:
        raise Refused("cases", f"There is no case {fact.case}.", case=fact.case)
    if not case.open:
        detail = f"The case was closed on {case.closed_on}. If more is to be said about the claim, open a new one."
        raise Refused("cases", detail, case=case.case, closed_on=case.closed_on, outcome=case.outcome)
    if case.messages >= MESSAGES_MAX and not fact.close:
        detail = f"The case has {case.messages} messages, as many as a case takes. An operator will close it."
        raise Refused("cases", detail, case=case.case, messages=case.messages)


def _check_review(standing: "Standing", claim_id: str) -> None:
    claim = standing.claims.get(claim_id)
    if claim is None:
        raise Refused("retraction", f"There is no claim {claim_id}.", claim=claim_id)
    if claim.reviewed_on:
        detail = f"The retraction was reviewed on {claim.reviewed_on}."
        raise Refused("retraction", detail, reviewed_on=claim.reviewed_on)
    if not claim.retracted:
        detail = "There is nothing to review: no completion was retracted after its credits were redeemed or expired."
        raise Refused("retraction", detail, status=claim.status)


def _check_text(key: str, text: str) -> None:
    if not text.strip() or len(text) > MESSAGE_CHARS_MAX:
        raise FormError(key, f"must be a text of 1 to {MESSAGE_CHARS_MAX} characters")


def take(standing: "Standing", fact: CaseOpened | CaseMessage | ClaimReviewed) -> None:
    """Change what the fact changes, which is no claim's status and no certification."""
    match fact:
        case CaseOpened():
            claim = standing.claims[fact.claim]
            standing.cases[fact.case] = Case(fact.case, fact.claim, standing.today)
            facts = {"claim": fact.claim, "status": claim.status, "submitted_on": claim.submitted_on}
            _decide(standing, "case.opened", "late-decision", fact.case, facts)
        case CaseMessage():
            case = standing.cases[fact.case]
            case.messages += 1
            _decide(standing, "case.answered", "cases", fact.case, {"claim": case.claim, "author": fact.author})
            if fact.close:
                _close(standing, case, ANSWERED)
        case ClaimReviewed():
            claim = standing.claims[fact.claim]
            claim.reviewed_on = standing.today
            facts = {"status": claim.status, "retracted_on": claim.retracted_on}
            _decide(standing, "claim.reviewed", "retraction", fact.claim, facts)


def close_decided(standing: "Standing", decisions: Sequence[Decision]) -> None:
    """Close the open cases about claims that were just earned, or denied by an operator.

    A denial by a report leaves a case open: the holder may dispute it there.
    """
    outcomes = {
        decision.subject: (decision.kind.removeprefix("claim."), decision.rule)
        for decision in decisions
        if decision.kind == "claim.earned" or (decision.kind, decision.rule) == ("claim.denied", "operator-decision")
    }
    for case in open_cases(standing):
        if case.claim in outcomes:
            _close(standing, case, *outcomes[case.claim])


def _close(standing: "Standing", case: Case, outcome: str, *because: str) -> None:
    case.closed_on, case.outcome = standing.today, outcome
    _decide(standing, "case.closed", "cases", case.case, {"claim": case.claim, "outcome": outcome}, because)


def _decide(
    standing: "Standing", kind: str, rule: str, subject: str, facts: dict[str, object], because: tuple[str, ...] = ()
) -> None:
    standing.decisions.append(Decision(standing.today, kind, rule, subject, facts, because))

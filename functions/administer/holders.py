"""Holders as operators keep them, and what becomes known about them by operators."""

from typing import Any

import ledger
from api import answers
from api.problems import not_found
from api.requests import Request
from api.routes import Key, Reply, Who, route
from ledger import Loaded
from ledger.learning import About
from policy import Standing, facts
from policy.partners import facts as learning

from functions.administer.learning_models import Badge, BadgeEarned
from functions.administer.models import (
    CertificationGiven,
    ClaimDecision,
    Emeritus,
    Exam,
    ExamPassed,
    Holder,
    HolderKept,
    Import,
)


@route(
    "PUT /admin/holders/{holder}",
    who=Who.OPERATOR,
    given=HolderKept,
    gives={200: Holder, 201: Holder},
    refuses={
        409: "An account is another holder's, or has claims or reports and cannot be taken away.",
        422: "More is known of the accounts than can be recorded at once.",
    },
)
def keep_holder(request: Request[HolderKept]) -> Reply:
    """Keep a holder's accounts and name. What was reported for an account before it was anybody's counts from now on."""
    holder, given = request.new_id("holder"), request.given
    linked = ledger.link_accounts(holder, given.accounts, given.name, request.today, cause=request.cause)
    body = {"holder": holder, "accounts": list(dict.fromkeys(given.accounts)), "name": given.name}
    return Reply(body, 201 if linked.created else 200)


@route(
    "POST /admin/holders/{holder}/certifications",
    who=Who.OPERATOR,
    given=CertificationGiven,
    gives={201: answers.Certification},
    key=Key.MAY,
    refuses={422: "`emeritus`, or `idempotency-key-reused`."},
)
def record_certification(request: Request[Any]) -> Reply:
    """Award a certification, import one as it is, or grant one emeritus; the answer is its line as of the same day."""
    given = request.given
    fact: facts.Fact
    match given:
        case Import():
            fact = facts.CertificationImported(**given.model_dump())
        case Emeritus():
            fact = facts.EmeritusGranted(**given.model_dump(exclude={"emeritus"}))
        case _:
            awarded_on = given.awarded_on or request.today
            fact = facts.CertificationAwarded(given.certification, given.level, awarded_on)
    lines = answers.certifications(_record(request, fact))
    return Reply(next(line for line in lines if line["certification"] == given.certification), 201)


@route(
    "POST /admin/holders/{holder}/exams",
    who=Who.OPERATOR,
    given=ExamPassed,
    gives={201: Exam},
    key=Key.MAY,
    refuses={422: "`idempotency-key-reused`."},
)
def record_exam(request: Request[ExamPassed]) -> Reply:
    """Record an exam that a holder passed."""
    exam, given = request.given.model_dump(), request.given
    if given.kind == learning.SPECIALIST:
        _record(request, learning.ExamPassed(request.id("holder"), given.exam, given.passed_on))
    else:
        _record(request, facts.ExamPassed(**exam))
    return Reply(exam, 201)


@route(
    "POST /admin/holders/{holder}/badges",
    who=Who.OPERATOR,
    given=BadgeEarned,
    gives={201: Badge},
    key=Key.MAY,
    refuses={422: "`idempotency-key-reused`."},
)
def record_badge(request: Request[BadgeEarned]) -> Reply:
    """Record a badge that a holder earned: of continuous learning alone."""
    badge = request.given.model_dump()
    _record(request, learning.BadgeEarned(request.id("holder"), **badge))
    return Reply(badge, 201)


@route(
    "POST /admin/claims/{claim_id}/decision",
    who=Who.OPERATOR,
    given=ClaimDecision,
    gives={200: answers.Claim},
    key=Key.MAY,
    refuses={422: "`operator-decision`, or `idempotency-key-reused`."},
)
def decide_claim(request: Request[ClaimDecision]) -> Reply:
    """Decide a pending claim, or uphold a dispute about a denied one."""
    claim_id, given = request.id("claim_id"), request.given

    def decided(loaded: Loaded) -> list[facts.Fact]:
        if claim_id not in loaded.standing.claims:
            raise not_found("such claim")
        return [facts.ClaimDecided(claim_id, given.outcome, given.reason)]

    _, standing = request.record(decided, holder=ledger.holder_by_id(claim_id), source=request.source())
    return Reply(answers.claim(standing, claim_id))


def _record(request: Request[Any], fact: facts.Fact | About) -> Standing:
    """Record a fact about the holder in the path, and give the standing after it; 404 where there is no such holder."""

    def known(loaded: Loaded) -> list[facts.Fact | About]:
        if not loaded.entries:
            raise not_found("such holder")
        return [fact]

    _, standing = request.record(known, holder=request.id("holder"), source=request.source())
    return standing

"""What waits for operators: overdue claims, open cases, retractions of spent credits, dead letters."""

import os
from collections.abc import Callable
from typing import Any

import ledger
from api import answers, cases, dead_letters
from api.problems import not_found
from api.requests import Request
from api.routes import Key, Reply, Who, route
from ledger import Loaded, worklists
from ledger.keys import OPEN_CASES, OVERDUE_CLAIMS, REVIEWS
from policy import facts
from policy.cases import overdue_claims, to_review

from functions.administer.models import DeadLetter, Review, Worklist, WorklistNumbers, WorklistQuery

# Holders whom no sweep has visited yet; beyond these, as many claims are overdue as the last sweep found.
UNSWEPT_MAX = 200
LETTERS_MAX = 50
# As long as a letter is looked at, and so as long as it is hidden if that is cut off.
HIDDEN_SECONDS = 15
BODY_CHARS_MAX = 10_000


@route("GET /admin/worklists", who=Who.OPERATOR, gives={200: WorklistNumbers})
def count_worklists(request: Request[None]) -> Reply:
    """How much waits for operators today, dead letters about."""
    overdue = worklists.overdue_numbers()
    standing_of = cases.as_of(request.today)
    for holder in worklists.unswept_holders(request.today)[:UNSWEPT_MAX]:
        overdue[holder] = len(overdue_claims(standing_of(holder)))
    return Reply(
        {
            "overdue_claims": sum(overdue.values()),
            "open_cases": worklists.count_waiting(OPEN_CASES),
            "reviews": worklists.count_waiting(REVIEWS),
            "dead_letters": dead_letters.number(os.environ["DEAD_LETTER_QUEUE_URL"]),
        }
    )


@route("GET /admin/worklists/{worklist}", who=Who.OPERATOR, given=WorklistQuery, gives={200: Worklist})
def show_worklist(request: Request[WorklistQuery]) -> Reply:
    """A worklist, what has waited longest first: `overdue-claims`, `open-cases`, `reviews` or `dead-letters`.

    Overdue claims are listed by holder, who has waited longest first. A page may hold fewer than `limit` and yet not be
    the last: `next_cursor` tells. Of dead letters, whose bodies may be cut short, up to 50 are shown, in no order.
    """
    show = LISTS.get(request.id("worklist"))
    if show is None:
        raise not_found("such worklist")
    return Reply(show(request))


@route(
    "POST /admin/claims/{claim_id}/review",
    who=Who.OPERATOR,
    given=Review,
    gives={200: answers.Claim},
    key=Key.MAY,
    refuses={422: "`retraction`: there is nothing to review; or `idempotency-key-reused`."},
)
def review_claim(request: Request[Review]) -> Reply:
    """Be done with a retraction that came after the credits were redeemed or had expired."""
    claim_id = request.id("claim_id")

    def reviewed(loaded: Loaded) -> list[facts.Fact]:
        if claim_id not in loaded.standing.claims:
            raise not_found("such claim")
        return [facts.ClaimReviewed(claim_id, request.given.note)]

    _, standing = request.record(reviewed, holder=ledger.holder_by_id(claim_id), source=request.source())
    return Reply(answers.claim(standing, claim_id))


def _overdue(request: Request[WorklistQuery]) -> dict[str, Any]:
    """A position is where holders go on, and the last claim that was given of the first of these."""
    limit = request.given.limit
    cursor, after = request.position(request.given.cursor) or (None, "")
    page = worklists.overdue_holders(request.today, limit=limit, cursor=cursor)
    standing_of = cases.as_of(request.today)
    items: list[dict[str, Any]] = []
    for waiting in page.items:
        standing = standing_of(waiting.holder)
        for claim in overdue_claims(standing):
            if claim.claim <= after:
                continue
            if len(items) == limit:
                return {"items": items, "next_cursor": request.cursor([cursor, after])}
            view = answers.claim(standing, claim.claim)
            days = (request.today - standing.program.overdue_on(claim.submitted_on)).days
            items.append({"holder": waiting.holder, "claim": view, "days_overdue": days})
            after = claim.claim
        cursor, after = waiting.cursor, ""
    return {"items": items, "next_cursor": request.cursor([page.cursor, ""]) if page.cursor else None}


def _reviews(request: Request[WorklistQuery]) -> dict[str, Any]:
    page = worklists.reviews(limit=request.given.limit, cursor=request.position(request.given.cursor))
    standing_of = cases.as_of(request.today)
    items = []
    for waiting in page.items:
        standing = standing_of(waiting.holder)
        claim = standing.claims[waiting.id]
        # The index may lag behind a review.
        if to_review(claim):
            view = answers.claim(standing, waiting.id)
            items.append({"holder": waiting.holder, "claim": view, "retracted_on": claim.retracted_on})
    return {"items": items, "next_cursor": request.cursor(page.cursor) if page.cursor else None}


def _dead_letters(request: Request[WorklistQuery]) -> dict[str, Any]:
    request.position(request.given.cursor)
    limit, queue_url = min(request.given.limit, LETTERS_MAX), os.environ["DEAD_LETTER_QUEUE_URL"]
    with dead_letters.taken(queue_url, limit, hidden_seconds=HIDDEN_SECONDS) as letters:
        return {"items": [_letter(letter) for letter in letters], "next_cursor": None}


def _letter(letter: dead_letters.DeadLetter) -> DeadLetter:
    return {
        "message_id": letter.message_id,
        "sent_at": letter.sent_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reason": letter.reason,
        "detail": letter.about.get("detail"),
        "rule": letter.about.get("rule"),
        "sender": letter.sender,
        "body": letter.body[:BODY_CHARS_MAX],
    }


LISTS: dict[str, Callable[[Request[Any]], Any]] = {
    OVERDUE_CLAIMS: _overdue,
    OPEN_CASES: cases.open_cases,
    REVIEWS: _reviews,
    "dead-letters": _dead_letters,
}

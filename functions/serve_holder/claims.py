"""A holder's claims (my-items)."""

from typing import Any

from api import answers
from api.fields import AsOfQuery
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy.errors import plain

from functions.serve_holder.models import Claims, ClaimsQuery
from functions.serve_holder.reading import on, spelled


@route("GET /claims", given=ClaimsQuery, gives={200: Claims})
def list_claims(request: Request[ClaimsQuery]) -> Reply:
    """The claims of the account, not of the holder's other accounts. Those with nothing to sort by come last."""
    query = request.given
    position = request.position(query.cursor)
    field, backward = query.sort.removeprefix("-"), query.sort.startswith("-")
    standing = on(request, query.as_of)
    claims = [
        answers.claim(standing, claim.claim)
        for claim in standing.claims.values()
        if claim.account == request.caller.account
        and query.status in (None, claim.status)
        and spelled(query.q, claim.course, claim.title)
    ]
    placed = sorted(((_place(claim, field), claim) for claim in claims), key=lambda item: item[0][1:], reverse=backward)
    placed.sort(key=lambda item: item[0][0])
    left = [(place, claim) for place, claim in placed if position is None or _follows(place, position, backward)]
    page = left[: query.limit]
    cursor = request.cursor(page[-1][0]) if len(left) > len(page) else None
    return Reply({"items": [claim for _, claim in page], "next_cursor": cursor})


@route("GET /claims/{claim_id}", given=AsOfQuery, gives={200: answers.Claim})
def get_claim(request: Request[AsOfQuery]) -> Reply:
    """A claim of the holder's, from any of the holder's accounts: today or on another day; 404 before it was submitted."""
    claim_id, standing = request.id("claim_id"), on(request, request.given.as_of)
    if claim_id not in standing.claims:
        raise not_found("such claim")
    return Reply(answers.claim(standing, claim_id))


def _place(claim: answers.Claim, field: str) -> list[Any]:
    """Where a claim stands in the order: whether it has no value, the value, the id."""
    value: Any = plain(claim[field])  # type: ignore[literal-required]
    comparable = value.casefold() if isinstance(value, str) else value
    return [value is None, "" if value is None else comparable, claim["claim_id"]]


def _follows(place: list[Any], position: list[Any], backward: bool) -> bool:
    if place[0] != position[0]:
        return bool(place[0] > position[0])
    return bool(place[1:] < position[1:] if backward else place[1:] > position[1:])

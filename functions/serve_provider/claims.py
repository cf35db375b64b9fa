"""The claims that wait for a provider's report."""

from datetime import date
from typing import Any

import ledger
from api.problems import bad_input
from api.requests import Request
from api.routes import Reply, Who, route
from policy import program

from functions.serve_provider.acting import provider_of
from functions.serve_provider.models import WaitingClaim, WaitingClaims, WaitingQuery


@route("GET /provider/claims", who=Who.PROVIDER, given=WaitingQuery, gives={200: WaitingClaims})
def list_waiting_claims(request: Request[WaitingQuery]) -> Reply:
    """The claims that wait for a provider's report, the first submitted first.

    A claim that was submitted or decided a moment ago may not show, or still show.
    """
    given = request.given
    provider = provider_of(request.caller, given.provider)
    page = ledger.waiting_claims(provider, limit=given.limit, cursor=_position(request, provider))
    items = [_waiting(claim, request.today) for claim in page.items]
    return Reply({"items": items, "next_cursor": request.cursor([provider, page.cursor]) if page.cursor else None})


def _position(request: Request[WaitingQuery], provider: str) -> dict[str, str] | None:
    """Where the list goes on. That of another provider is of no use, even if the caller acted for it a page ago."""
    listed, position = request.position(request.given.cursor) or (provider, None)
    if listed != provider:
        raise bad_input([("cursor", "is not one of this provider's list")])
    return position


def _waiting(claim: dict[str, Any], today: date) -> WaitingClaim:
    shown = {name: claim.get(name) for name in WaitingClaim.__annotations__}
    shown["overdue"] = program.load().overdue_on(date.fromisoformat(claim["submitted_on"])) <= today
    return WaitingClaim(**shown)  # type: ignore[typeddict-item]

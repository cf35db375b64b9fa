"""A holder's certifications: the table, progress toward each, and how each came to last so long (dashboard, tracker)."""

from typing import Any

import ledger
from api import answers
from api.fields import AsOfQuery
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy import Standing, views

from functions.serve_holder.models import Certifications, Dashboard, History, Progress
from functions.serve_holder.reading import now, on


@route("GET /dashboard", given=AsOfQuery, gives={200: Dashboard})
def show_dashboard(request: Request[AsOfQuery]) -> Reply:
    """Announcements and the table of certifications: today or on another day."""
    as_of = request.given.as_of
    shown = ledger.announcements_on(as_of or request.today)
    certifications = answers.certifications(on(request, as_of))
    return Reply({"announcements": list(map(vars, shown)), "certifications": certifications})


@route("GET /certifications", given=AsOfQuery, gives={200: Certifications})
def list_certifications(request: Request[AsOfQuery]) -> Reply:
    """The table of certifications: today or on another day."""
    return Reply({"certifications": answers.certifications(on(request, request.given.as_of))})


@route("GET /certifications/{certification}/progress", given=AsOfQuery, gives={200: Progress})
def show_progress(request: Request[AsOfQuery]) -> Reply:
    """Credits that count toward a certification, and what is left: today or on another day."""
    track, standing = request.id("certification"), on(request, request.given.as_of)
    if track not in standing.certifications:
        raise not_found("such certification")
    return Reply(views.progress(standing, track))


@route("GET /certifications/{certification}/history", gives={200: History})
def show_history(request: Request[None]) -> Reply:
    """The recertifications that moved a certification's cycle, its own and others', in the order recorded."""
    track, standing = request.id("certification"), now(request)
    if track not in standing.certifications:
        raise not_found("such certification")
    entries = enumerate(views.recertifications(standing), 1)
    own = [
        {"number": number, **entry, "used": [_used(standing, claim_id) for claim_id in entry["used"]]}
        for number, entry in entries
        if track == entry["certification"] or track in entry["renewed"]
    ]
    return Reply({"certification": track, "recertifications": own})


def _used(standing: Standing, claim_id: str) -> dict[str, Any]:
    claim = standing.claims[claim_id]
    return {"claim_id": claim_id, "credits": claim.credits, "completed_on": claim.completed_on}

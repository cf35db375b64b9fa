"""A holder's certifications: the table, progress toward each, and how each came to last so long (dashboard, tracker)."""

from datetime import date
from typing import Any

import ledger
from api import answers
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy import Standing, views

from functions.serve_holder.models import Certifications, Dashboard, History, Progress, ProgressQuery
from functions.serve_holder.reading import now


@route("GET /dashboard", gives={200: Dashboard})
def show_dashboard(request: Request[None]) -> Reply:
    """Announcements and the table of certifications."""
    return Reply({"announcements": [], "certifications": answers.certifications(now(request))})


@route("GET /certifications", gives={200: Certifications})
def list_certifications(request: Request[None]) -> Reply:
    """The table of certifications."""
    return Reply({"certifications": answers.certifications(now(request))})


@route("GET /certifications/{certification}/progress", given=ProgressQuery, gives={200: Progress})
def show_progress(request: Request[ProgressQuery]) -> Reply:
    """Credits that count toward a certification, and what is left: today or on another day."""
    track, as_of = request.id("certification"), request.given.as_of
    standing = now(request) if as_of is None else _on(request, as_of)
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


def _on(request: Request[Any], day: date) -> Standing:
    if day < request.today:
        return ledger.load(request.holder, consistent=True, through_day=day).standing
    standing = now(request)
    standing.advance(day)
    return standing


def _used(standing: Standing, claim_id: str) -> dict[str, Any]:
    claim = standing.claims[claim_id]
    return {"claim_id": claim_id, "credits": claim.credits, "completed_on": claim.completed_on}

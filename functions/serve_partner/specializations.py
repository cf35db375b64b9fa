"""A partner's specializations: what they show, and what is decided about them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import ledger
from api.fields import AsOfQuery
from api.requests import Request
from api.routes import Key, Reply, Who, route
from ledger import PartnerRecord, library
from policy.partners import Partner, facts, views
from policy.partners.risk import risk

from functions.serve_partner.access import names_of, partner_of, record, specialization_of, standing_of
from functions.serve_partner.models import (
    Application,
    Event,
    Specialization,
    SpecializationDetail,
    SpecializationHistory,
    Specializations,
)

RENEWAL_NEEDS = "`points-required`, `points-short`, `core-not-met`, `mandatory-item-missing`"


@route("GET /partners/{partner}/specializations", who=Who.PARTNER, given=AsOfQuery, gives={200: Specializations})
def list_specializations(request: Request[AsOfQuery]) -> Reply:
    """Every specialization and designation on offer: what is held, what was lost, what was never approved."""
    partner = partner_of(request)
    standing = standing_of(request, partner.partner, request.given.as_of)
    lines = [line(standing, name) for name in sorted(standing.program.specializations)]
    lines.sort(key=lambda one: (one["status"] is None, one["status"] == views.LOST))
    about = {"partner": partner.partner, "name": partner.name, "as_of": standing.today}
    return Reply({**about, "specializations": lines, "events": _events(standing.today)})


@route(
    "GET /partners/{partner}/specializations/{specialization}",
    who=Who.PARTNER,
    given=AsOfQuery,
    gives={200: SpecializationDetail},
)
def show_specialization(request: Request[AsOfQuery]) -> Reply:
    """A specialization with its window, roles and library, what would block a renewal today, and what endangers the next."""
    partner, name = partner_of(request), specialization_of(request)
    return Reply(_detail(partner, standing_of(request, partner.partner, request.given.as_of), name))


@route(
    "GET /partners/{partner}/specializations/{specialization}/history",
    who=Who.PARTNER,
    gives={200: SpecializationHistory},
)
def show_specialization_history(request: Request[None]) -> Reply:
    """What was decided about a specialization, by its administrators' doing or by time alone, in order."""
    partner, name = partner_of(request).partner, specialization_of(request)
    items = [
        {"day": made.day, "kind": made.kind, "rule": made.rule, "because": made.because, "facts": made.facts}
        for made in standing_of(request, partner).decisions
        if made.subject == name
    ]
    return Reply({"items": items})


@route(
    "POST /partners/{partner}/applications",
    who=Who.PARTNER,
    given=Application,
    gives={201: SpecializationDetail},
    key=Key.MAY,
    refuses={422: "`already-held`, `eighteen-months`, `core-not-met`, or `idempotency-key-reused`."},
)
def apply_for_specialization(request: Request[Application]) -> Reply:
    """Apply for a specialization or designation as a new partner."""
    return _submit(request, request.given.specialization, facts.ApplicationSubmitted)


@route(
    "POST /partners/{partner}/specializations/{specialization}/renewals",
    who=Who.PARTNER,
    gives={201: SpecializationDetail},
    key=Key.MAY,
    refuses={
        422: f"`not-held`, `no-points-for-atp`, `renewal-too-early`, {RENEWAL_NEEDS}, or `idempotency-key-reused`."
    },
)
def renew_specialization(request: Request[None]) -> Reply:
    """Submit a renewal. It takes no body."""
    return _submit(request, specialization_of(request), facts.RenewalSubmitted)


@route(
    "POST /partners/{partner}/specializations/{specialization}/reactivations",
    who=Who.PARTNER,
    gives={201: SpecializationDetail},
    key=Key.MAY,
    refuses={422: f"`not-lost`, {RENEWAL_NEEDS}, or `idempotency-key-reused`."},
)
def reactivate_specialization(request: Request[None]) -> Reply:
    """Regain a specialization that was lost. It takes no body."""
    return _submit(request, specialization_of(request), facts.ReactivationSubmitted)


def line(standing: Partner, name: str) -> Specialization:
    """A specialization in a list."""
    kind = standing.program.specializations[name].type
    shown = {"window": views.window(standing, name), **views.specialization(standing, name)}
    return {"specialization": name, "type": kind, **shown}  # type: ignore[typeddict-item]


def _events(day: date) -> list[Event]:
    offered = ledger.with_all_items()
    events = sorted(name for name in offered.items if offered.is_event(name, day))
    return [{"item": name, "points": offered.worth(name, day) or 0} for name in events]


def _submit(request: Request[Any], name: str, submitted: Callable[[str, str], facts.Fact]) -> Reply:
    partner = partner_of(request, writes=True)
    _, standing = record(request, partner.partner, [submitted(partner.partner, name)])
    return Reply(_detail(partner, standing, name), 201)


def _detail(partner: PartnerRecord, standing: Partner, name: str) -> dict[str, Any]:
    # The worth of what operators added to the library is not in the program's files.
    standing.program = library.with_items(standing.library(name, standing.today).items)
    shown = views.detail(standing, name)
    names = names_of(standing, shown["roles"])
    roles = [{**role, "name": names.get(role["individual"])} for role in shown["roles"]]
    about = {"partner": partner.partner, "name": partner.name, "specialization": name, "as_of": standing.today}
    return {**about, **shown, "roles": roles, "risk": risk(standing, name)}

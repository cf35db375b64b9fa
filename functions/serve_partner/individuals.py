"""The individuals of a partner: who joins, who leaves, who fills which role."""

from typing import Any

import ledger
from api.problems import bad_input, not_found
from api.requests import Request
from api.routes import Key, Reply, Who, route
from ledger import UnknownHolder
from policy.partners import Partner, facts, views

from functions.serve_partner.access import (
    check_known,
    is_known,
    names_of,
    partner_of,
    record,
    specialization_of,
    standing_of,
    unknown_individual,
)
from functions.serve_partner.models import (
    ByAccount,
    Individual,
    Individuals,
    NewIndividual,
    RoleGiven,
    RoleLine,
)


@route("GET /partners/{partner}/individuals", who=Who.PARTNER, gives={200: Individuals})
def list_individuals(request: Request[None]) -> Reply:
    """Everybody who is or was associated with the partner, and the roles for which they are named."""
    return Reply({"individuals": _lines(standing_of(request, partner_of(request).partner))})


@route(
    "POST /partners/{partner}/individuals",
    who=Who.PARTNER,
    given=NewIndividual,
    gives={201: Individual},
    key=Key.MAY,
    refuses={422: "`idempotency-key-reused`."},
)
def associate_individual(request: Request[Any]) -> Reply:
    """Associate an individual, named by `account`, from today on.

    Who was associated before may be named by `individual`, too.
    """
    partner, given = partner_of(request, writes=True).partner, request.given

    def joining(standing: Partner) -> str:
        if isinstance(given, ByAccount):
            found = ledger.holder_of(given.account)
        else:
            found = given.individual if is_known(standing, given.individual) else None
        if found is None:
            raise UnknownHolder("")
        return found

    try:
        recorded = ledger.associate(partner, joining, request.today, source=request.source(), cause=request.cause)
    except UnknownHolder:
        if isinstance(given, ByAccount):
            fault = "is nobody's whom the program knows; an operator makes them known"
            raise bad_input([("account", fault)]) from None
        raise unknown_individual() from None
    assert recorded.entry is not None  # noqa: S101 - there is one of each association
    return Reply(_line(recorded.standing, recorded.entry.facts[-1]["individual"]), 201)


@route("DELETE /partners/{partner}/individuals/{individual}", who=Who.PARTNER, gives={200: Individual})
def end_association(request: Request[None]) -> Reply:
    """Say that an individual leaves today. Their points stay with the partner; who has left before stays as they are."""
    partner, individual = partner_of(request, writes=True).partner, request.id("individual")

    def left(standing: Partner) -> list[facts.Fact]:
        if not any(line["individual"] == standing.person(individual) for line in views.individuals(standing)):
            raise not_found("such individual")
        return [facts.IndividualLeft(partner, individual)]

    _, standing = record(request, partner, left)
    return Reply(_line(standing, individual))


@route(
    "PUT /partners/{partner}/specializations/{specialization}/roles/{role}",
    who=Who.PARTNER,
    given=RoleGiven,
    gives={200: RoleLine},
)
def fill_role(request: Request[RoleGiven]) -> Reply:
    """Name somebody who is or was associated for a role, in place of whoever was named.

    Whether they are still associated, and qualify, is judged when it matters, not now.
    """
    partner, name = partner_of(request, writes=True).partner, specialization_of(request)
    role, individual = request.id("role"), request.given.individual

    def filled(standing: Partner) -> list[facts.Fact]:
        if role not in standing.roles_of(name):
            raise not_found("such role")
        check_known(standing, individual)
        return [facts.RoleFilled(partner, name, role, individual)]

    _, standing = record(request, partner, filled)
    line = next(line for line in views.detail(standing, name)["roles"] if line["role"] == role)
    return Reply({**line, "name": names_of(standing, [line]).get(line["individual"])})


def _lines(standing: Partner) -> list[dict[str, Any]]:
    shown = views.individuals(standing)
    names = names_of(standing, shown)
    return [{**line, "name": names.get(line["individual"])} for line in shown]


def _line(standing: Partner, individual: str) -> dict[str, Any]:
    person = standing.person(individual)
    return next(line for line in _lines(standing) if line["individual"] == person)

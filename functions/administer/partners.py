"""Partner companies as operators keep them, and two ids of one person (one-person)."""

import ledger
from api.problems import Problem, bad_input, not_found
from api.requests import Request
from api.routes import Reply, Who, route
from ledger import UnknownHolder

from functions.administer.learning_models import Merge, Merged, Partner, PartnerKept, Partners


@route("GET /admin/partners", who=Who.OPERATOR, gives={200: Partners})
def list_partners_kept(request: Request[None]) -> Reply:
    """Every partner, by id. What partners hold and earn is for their administrators and account managers to see."""
    kept = sorted(ledger.list_partners(), key=lambda partner: partner.partner)
    return Reply({"partners": list(map(vars, kept))})


@route("PUT /admin/partners/{partner}", who=Who.OPERATOR, given=PartnerKept, gives={200: Partner, 201: Partner})
def keep_partner(request: Request[PartnerKept]) -> Reply:
    """Keep a partner, its account managers, and the addresses that are reminded, in place of what was kept of it."""
    given = request.given
    people = (tuple(dict.fromkeys(addresses)) for addresses in (given.account_managers, given.contacts))
    partner = ledger.PartnerRecord(request.new_id("partner"), given.name, *people)
    created = ledger.put_partner(partner)
    return Reply(vars(partner), 201 if created else 200)


@route(
    "POST /admin/holders/{holder}/merge",
    who=Who.OPERATOR,
    given=Merge,
    gives={200: Merged},
    refuses={409: "The two are one person already, known by the id that was to be given up; `facts` names it."},
)
def merge_individuals(request: Request[Merge]) -> Reply:
    """Say that a holder is the same person as another, for every partner that knows either. Decisions stand.

    `into` in the answer is the id under which the person is known: another than the one given, if that was merged before.
    """
    holder, into = request.id("holder"), request.given.into
    if not ledger.load(holder).entries:
        raise not_found("such holder")
    try:
        ledger.merge(holder, into, request.today, cause=request.cause)
    except UnknownHolder:
        raise bad_input([("into", "is no holder")]) from None
    known_as = ledger.known_as(holder)
    if known_as == holder:
        detail = f"{into} was merged into {holder} before: they are one person, who stays known as {holder}."
        raise Problem(409, "merged-already", detail, facts={"holder": into, "into": holder})
    return Reply({"holder": holder, "into": known_as})

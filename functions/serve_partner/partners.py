"""The partners that a caller may see, each with the status of what it holds: the account managers' list."""

import ledger
from api.requests import Request
from api.routes import Reply, Who, route
from ledger import Entry, PartnerRecord

from functions.serve_partner.access import may_see, standing_of
from functions.serve_partner.models import PartnerLine, PartnerLines, PartnersQuery
from functions.serve_partner.specializations import line


@route("GET /partners", who=Who.PARTNER, given=PartnersQuery, gives={200: PartnerLines})
def list_partners(request: Request[PartnersQuery]) -> Reply:
    """The partners that the caller administers or is assigned to, by id, with what they hold or once held."""
    caller, limit = request.caller, request.given.limit
    after = request.position(request.given.cursor) or ""
    assigned = ledger.partners_of(caller.account) if caller.account_manager else []
    left = sorted(partner for partner in caller.administers | set(assigned) if partner > after)
    page = left[:limit]
    found = filter(None, map(ledger.get_partner, page))
    program = ledger.program_entries() if page else ()
    items = [_line(request, partner, program) for partner in found if may_see(request, partner)]
    return Reply({"items": items, "next_cursor": request.cursor(page[-1]) if len(left) > limit else None})


def _line(request: Request[PartnersQuery], partner: PartnerRecord, program: tuple[Entry, ...]) -> PartnerLine:
    standing = standing_of(request, partner.partner, program=program)
    return {
        "partner": partner.partner,
        "name": partner.name,
        "administrator": partner.partner in request.caller.administers,
        "specializations": [line(standing, name) for name in sorted(standing.years)],
    }

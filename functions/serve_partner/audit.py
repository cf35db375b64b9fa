"""The audit of a partner: what its administrators did, and what was decided about its specializations."""

from api import audit
from api.audit import AuditQuery
from api.requests import Request
from api.routes import Reply, Who, route

from functions.serve_partner.access import loaded, partner_of
from functions.serve_partner.models import PartnerAudit


@route("GET /partners/{partner}/audit", who=Who.PARTNER, given=AuditQuery, gives={200: PartnerAudit})
def show_partner_audit(request: Request[AuditQuery]) -> Reply:
    """What the partner's administrators did and what was decided about its specializations, in order, each with its rules.

    What individuals did elsewhere is left out: of that, the points that it earned are the partner's.
    """
    partner = partner_of(request).partner
    entries = [entry for entry in loaded(request, partner).entries if entry.facts or entry.decisions]
    return Reply({"partner": partner, **audit.page(request, entries)})

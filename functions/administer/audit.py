"""The audit: the journal of a holder, and that of the program of continuous learning, for operators."""

from typing import Any

import ledger
from api import audit
from api.audit import AuditQuery
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, Who, route
from ledger import Entry

from functions.administer.models import Audit, LearningAudit


@route("GET /admin/holders/{holder}/audit", who=Who.OPERATOR, given=AuditQuery, gives={200: Audit})
def show_audit(request: Request[AuditQuery]) -> Reply:
    """Every fact and decision about a holder, in order: as many as fit into one answer, which is nearly always all."""
    entries = ledger.load(request.id("holder"), consistent=True).entries
    if not entries:
        raise not_found("such holder")
    return Reply({"holder": request.id("holder"), **audit.page(request, entries, _of_holder)})


@route("GET /admin/learning/audit", who=Who.OPERATOR, given=AuditQuery, gives={200: LearningAudit})
def show_learning_audit(request: Request[AuditQuery]) -> Reply:
    """Every change of a library, a number or an exam of continuous learning by operators, in order, and who made it."""
    return Reply(audit.page(request, ledger.offer().entries))


def _of_holder(entry: Entry) -> dict[str, Any]:
    return {
        **audit.line(entry),
        "accounts": entry.accounts,
        "name": entry.name,
        "refused": entry.refused,
        "learning": entry.learning,
        "partners": entry.partners,
        "same": entry.same,
    }

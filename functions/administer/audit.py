"""The audit: a holder's journal, for operators."""

import json
from typing import Any

import ledger
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, Who, route
from ledger import Entry
from policy.errors import plain

from functions.administer.models import Audit, AuditQuery

# An answer of a function holds 6 MB, in which every quotation mark is escaped.
ANSWER_BYTES_MAX = 3_500_000


@route("GET /admin/holders/{holder}/audit", who=Who.OPERATOR, given=AuditQuery, gives={200: Audit})
def show_audit(request: Request[AuditQuery]) -> Reply:
    """Every fact and decision about a holder, in order: as many as fit into one answer, which is nearly always all."""
    after = request.position(request.given.cursor) or 0
    entries = ledger.load(request.id("holder"), consistent=True).entries
    if not entries:
        raise not_found("such holder")
    items: list[Any] = []
    room = ANSWER_BYTES_MAX
    for entry in entries[after:]:
        item = plain(_item(entry))
        room -= len(json.dumps(item))
        if room < 0 and items:
            break
        items.append(item)
    seq = after + len(items)
    cursor = request.cursor(seq) if seq < len(entries) else None
    return Reply({"holder": request.id("holder"), "items": items, "next_cursor": cursor})


def _item(entry: Entry) -> dict[str, Any]:
    decisions = [{"facts": {}, "because": [], **decision} for decision in entry.decisions]
    rules = {rule for decision in decisions for rule in (decision["rule"], *decision["because"])}
    return {
        "seq": entry.seq,
        "day": entry.day,
        "recorded_at": entry.recorded_at,
        "cause": entry.cause,
        "facts": entry.facts,
        "decisions": decisions,
        "rules": sorted(rules),
        "accounts": entry.accounts,
        "name": entry.name,
        "refused": entry.refused,
        "learning": entry.learning,
        "partners": entry.partners,
        "same": entry.same,
    }

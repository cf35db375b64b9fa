"""The audit: journal entries as an answer tells them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ledger import Entry
from policy.errors import plain
from typing_extensions import TypedDict

from api.fields import Cursor, Given
from api.requests import Request

# An answer of a function holds 6 MB, in which every quotation mark is escaped.
ANSWER_BYTES_MAX = 3_500_000


class AuditQuery(Given):
    cursor: Cursor | None = None


class Decision(TypedDict):
    """kind: such as `claim.earned`; subject: the claim, track, specialization or other thing that it is about; because:
    further rules that bore on it."""

    day: date
    kind: str
    rule: str
    subject: str
    facts: dict[str, Any]
    because: list[str]


class AuditLine(TypedDict):
    """What was recorded at once: facts, and all that was decided since the entry before, by time or by these facts.

    rules: ids of the rules that decided.
    """

    seq: int
    day: date
    recorded_at: str
    cause: str
    facts: list[dict[str, Any]]
    decisions: list[Decision]
    rules: list[str]


def line(entry: Entry) -> dict[str, Any]:
    """What every entry has: an AuditLine."""
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
    }


def page(
    request: Request[AuditQuery],
    entries: Sequence[Entry],
    told: Callable[[Entry], Mapping[str, Any]] = line,
) -> dict[str, Any]:
    """`items`, as many as fit into one answer, which is nearly always all, each as `told`; and `next_cursor`."""
    after = request.position(request.given.cursor) or 0
    left = [entry for entry in entries if entry.seq > after]
    items: list[Any] = []
    room = ANSWER_BYTES_MAX
    for entry in left:
        item = plain(told(entry))
        room -= len(json.dumps(item))
        if room < 0 and items:
            break
        items.append(item)
    more = len(items) < len(left)
    return {"items": items, "next_cursor": request.cursor(items[-1]["seq"]) if more else None}

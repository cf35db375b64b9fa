"""Who waits for whom: what a provider or the operators have to deal with, found by an index and never by a scan.

The index may lag behind a commit by a moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger import keys, table
from ledger.due_index import due
from ledger.table import Page

INDEX = "worklist"
# Of a shard of the due index at a time; what is beyond comes once a sweep has been there.
DUE_MAX = 1000

Cursor = dict[str, str]


@dataclass(frozen=True)
class Waiting:
    """A holder for whom something waits, the id of the case or claim, and the cursor with which to go on after it."""

    holder: str
    id: str
    cursor: Cursor


def waiting_claims(provider: str, *, limit: int = 100, cursor: Cursor | None = None) -> Page[dict[str, Any]]:
    """Pending claims that wait for a provider's report, as projected, the first submitted first."""
    return _page(keys.provider_worklist(provider), limit, cursor)


def open_cases(*, limit: int = 100, cursor: Cursor | None = None) -> Page[Waiting]:
    """Open cases, the first opened first."""
    page = _page(keys.OPEN_CASES, limit, cursor)
    return Page([_waiting(found, found["case_id"]) for found in page.items], page.cursor)


def reviews(*, limit: int = 100, cursor: Cursor | None = None) -> Page[Waiting]:
    """Claims whose completion was retracted after their credits were spent or lost, the first retracted first."""
    page = _page(keys.REVIEWS, limit, cursor)
    return Page([_waiting(found, found["claim_id"]) for found in page.items], page.cursor)


def overdue_holders(day: date, *, limit: int = 100, cursor: Cursor | None = None) -> Page[Waiting]:
    """Holders who may have a claim that is overdue on a day: who has waited longest first, then those not yet swept.

    What a sweep found and when is as of that sweep; the standing says what is so on the day.
    """
    found: list[Waiting] = []
    if cursor is None or "unswept" not in cursor:
        page = _page(keys.OVERDUE_CLAIMS, limit, cursor)
        found = [_waiting(profile, "") for profile in page.items]
        if page.cursor:
            return Page(found, page.cursor)
        cursor = {"unswept": ""}
    left = [holder for holder in unswept_holders(day) if holder > cursor["unswept"]]
    here = left[: limit - len(found)]
    found += [Waiting(holder, "", {"unswept": holder}) for holder in here if not _listed(holder)]
    return Page(found, {"unswept": here[-1] if here else cursor["unswept"]} if len(left) > len(here) else None)


def overdue_numbers() -> dict[str, int]:
    """How many claims were overdue when last projected, by holder."""
    numbers: dict[str, int] = {}
    cursor = None
    while True:
        page = _page(keys.OVERDUE_CLAIMS, DUE_MAX, cursor)
        numbers.update((profile["holder"], profile["overdue"]) for profile in page.items)
        cursor = page.cursor
        if cursor is None:
            return numbers


def unswept_holders(day: date) -> list[str]:
    """Holders whose claims time may have changed by a day and whom no sweep has visited since, in order of their ids."""
    return sorted({holder for shard in range(keys.SHARDS) for holder in due("claim", shard, day, limit=DUE_MAX).items})


def count_waiting(worklist: str) -> int:
    """How many open cases (keys.OPEN_CASES) or reviews (keys.REVIEWS) there are."""
    return table.count("worklist = :list", {"list": worklist}, IndexName=INDEX)


def _listed(holder: str) -> bool:
    return "worklist" in (table.get(keys.profile(holder)) or {})


def _page(worklist: str, limit: int, cursor: Cursor | None) -> Page[dict[str, Any]]:
    return table.query("worklist = :list", {"list": worklist}, cursor, IndexName=INDEX, Limit=limit)


def _waiting(found: Mapping[str, Any], item_id: str) -> Waiting:
    holder = keys.owner(found["pk"])
    return Waiting(holder, item_id, {name: found[name] for name in ("worklist", "since", "pk", "sk")})

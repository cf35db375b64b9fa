"""Who waits for whom: items that a provider or the operators have to deal with, found by an index and never by a scan."""

from typing import Any

from ledger import keys, table
from ledger.table import Page

INDEX = "worklist"


def waiting_claims(provider: str, *, limit: int = 100, cursor: dict[str, str] | None = None) -> Page[dict[str, Any]]:
    """Pending claims that wait for a provider's report, as projected, the first submitted first.

    The index may lag behind a commit by a moment.
    """
    return table.query(
        "worklist = :list", {"list": keys.provider_worklist(provider)}, cursor, IndexName=INDEX, Limit=limit
    )

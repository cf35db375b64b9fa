"""What falls due: holders for whom time alone changes something by a day, found by an index and never by a scan."""

from datetime import date

from ledger import keys, table
from ledger.table import Page

INDEX = "due"


def due(
    kind: str, shard: int, through_day: date, *, limit: int = 100, cursor: dict[str, str] | None = None
) -> Page[str]:
    """Holders with a claim ("claim") or a certification ("certification") due by a day, in one of keys.SHARDS shards.

    Earliest first, each holder once in a page. The index may lag behind a commit: a holder found needlessly is
    settled to no effect, and one missed is found by the next sweep.
    """
    named = {"shard": keys.shard(kind, shard), "through": through_day}
    condition = "due_shard = :shard AND due_on <= :through"
    page = table.query(condition, named, cursor, IndexName=INDEX, Limit=limit)
    holders = dict.fromkeys(found["pk"].removeprefix(keys.holder_pk("")) for found in page.items)
    return Page(list(holders), page.cursor)

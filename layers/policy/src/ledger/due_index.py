"""What falls due: holders and partners for whom time alone changes something by a day, found by an index and never by a scan."""

from datetime import date

from ledger import keys, table
from ledger.table import Page

INDEX = "due"


def due(
    kind: str, shard: int, through_day: date, *, limit: int = 100, cursor: dict[str, str] | None = None
) -> Page[str]:
    """Whose claims or certifications (holders) or specializations (partners) are due by a day, in one of SHARDS shards.

    kind: one of those that keys names. Earliest first, each owner once in a page. The index may lag behind a commit:
    one found needlessly is settled to no effect, and one missed is found by the next sweep.
    """
    named = {"shard": keys.shard(kind, shard), "through": through_day}
    condition = "due_shard = :shard AND due_on <= :through"
    page = table.query(condition, named, cursor, IndexName=INDEX, Limit=limit)
    return Page(list(dict.fromkeys(keys.owner(found["pk"]) for found in page.items)), page.cursor)

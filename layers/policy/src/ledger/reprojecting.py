"""Writing anew what lies beside a journal, after the program's data changed what follows from it."""

from ledger import keys, table, values
from ledger.commit import committed, write_projections
from ledger.journal import Loaded, load, to_write
from ledger.projections import Item

# The one kind of item that a replay under other data may no longer make: all others follow from facts alone.
RECERTIFICATION = "RECERT#"


def reproject(holder: str, *, write: bool = True) -> list[str]:
    """Let a holder's projections be what the replay says; gives the sort keys of those that differed.

    The journal stays as it is. Raises JournalBroken, Contended.
    """
    differed: list[str] = []

    def plan(loaded: Loaded) -> None:
        wanted, stale = _differences(loaded)
        differed[:] = sorted([*wanted, *stale])
        gone = (table.delete_action(keys.key(keys.holder_pk(holder), sk), "attribute_exists(pk)") for sk in stale)
        write_projections(loaded, [*map(table.put_action, wanted.values()), *gone])

    if write:
        committed(to_write(holder), plan)
    else:
        wanted, stale = _differences(load(holder, consistent=True))
        differed = sorted([*wanted, *stale])
    return differed


def _differences(loaded: Loaded) -> tuple[dict[str, Item], list[str]]:
    """The items to be written, by sort key, and the sort keys of those that the replay does not make."""
    if not loaded.entries:
        return {}, []
    kept = {item["sk"]: item for item in table.partition(loaded.pk, ConsistentRead=True)}
    expected = loaded.project()
    wanted = {sk: item for sk, item in expected.items() if kept.get(sk) != values.plain(values.item(item))}
    return wanted, [sk for sk in kept if sk.startswith(RECERTIFICATION) and sk not in expected]

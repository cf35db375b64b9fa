"""Making anew what follows from the journals: projections, accounts, markers of facts and certificates, the catalog's shards.

For a table that was restored, and after the program's data changed what follows. Journals stay as they are. What stands
where something else ought to is never taken from another: the checker tells of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger import catalog_shards, certificates, keys, projections, table, values
from ledger.accounts import waiting_at
from ledger.commit import committed, write_projections
from ledger.journal import Loaded, load
from ledger.projections import Item

# The one kind of item that a replay under other data may no longer make: all others follow from facts alone.
RECERTIFICATION = "RECERT#"


@dataclass(frozen=True)
class Rebuilt:
    """What differed from the replay, by sort key or partition, and how many decisions on record do (Loaded.redecided)."""

    items: list[str]
    gone: int
    new: int


def rebuild(holder: str, *, write: bool = True) -> Rebuilt:
    """Let everything beside a holder's journal be what the replay says. Raises JournalBroken, Contended."""
    rebuilt = Rebuilt([], 0, 0)

    def plan(loaded: Loaded) -> None:
        nonlocal rebuilt
        actions = dict(_wanted(loaded)) if loaded.entries else {}
        rebuilt = Rebuilt(sorted(actions), *loaded.redecided())
        if write:
            write_projections(loaded, list(actions.values()))

    if write:
        committed(holder, plan)
    else:
        plan(load(holder, consistent=True))
    return rebuilt


def rebuild_others(*, write: bool = True) -> Iterator[str]:
    """The same for what belongs to no holder: markers of facts that wait, shards of the catalog; gives what differed."""
    for account in table.scan("attribute_exists(waiting)"):
        sources = [kept["source"] for kept in waiting_at(account)]
        for pk, action in _facts(sources, account=account["pk"].removeprefix(keys.account_pk(""))):
            yield pk
            if write:
                table.transact([action])
    yield from catalog_shards.rebuild(write=write)


def _wanted(loaded: Loaded) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is to be written or deleted, by what it is called."""
    yield from _projections(loaded)
    found = table.get_many([keys.account(account) for account in loaded.accounts])
    there = {item["pk"] for item in found}
    for account in loaded.accounts:
        key = keys.account(account)
        if key["pk"] not in there:
            yield key["pk"], table.put_action({**key, "holder": loaded.holder}, "attribute_not_exists(pk)")
    sources = [source for entry in loaded.entries for source in entry.sources if not source.get("within_holder")]
    yield from _facts(sources, holder=loaded.holder)
    for key, action in certificates.missing(loaded.holder, loaded.standing):
        yield key["pk"], action


def _projections(loaded: Loaded) -> Iterator[tuple[str, dict[str, Any]]]:
    kept: dict[str, Item] = {
        item["sk"]: item for item in table.partition(keys.holder_pk(loaded.holder), ConsistentRead=True)
    }
    expected = projections.project(loaded)
    for sk, item in expected.items():
        if kept.get(sk) != values.plain(values.item(item)):
            yield sk, table.put_action(item)
    for sk in kept:
        if sk.startswith(RECERTIFICATION) and sk not in expected:
            yield sk, table.delete_action(keys.key(keys.holder_pk(loaded.holder), sk), "attribute_exists(pk)")


def _facts(sources: list[dict[str, Any]], **place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The markers that are missing of facts recorded or waiting at a place."""
    by_pk = {key["pk"]: (key, source) for source in sources for key in [keys.fact(source["source"], source["id"])]}
    there = {item["pk"] for item in table.get_many([key for key, _ in by_pk.values()], "pk")}
    for pk, (key, source) in by_pk.items():
        if pk not in there:
            yield pk, table.put_action({**key, **source, **place}, "attribute_not_exists(pk)")

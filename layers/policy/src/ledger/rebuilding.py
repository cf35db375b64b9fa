"""Making anew what follows from the journals: projections, accounts, markers of facts and certificates, the catalog's shards.

For a table that was restored, and after the program's data changed what follows. Journals stay as they are. What stands
where something else ought to is never taken from another: the checker tells of it. News on their way to a partner do
not follow from the journals alone (whether they were taken up does): they are kept as the journals are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from ledger import catalog_shards, certificates, keys, table, values
from ledger.accounts import waiting_at
from ledger.commit import committed, write_projections
from ledger.journal import Journal, Loaded, to_write
from ledger.partner_records import list_partners
from ledger.partners import to_write_partner
from ledger.projections import Item

# The one kind of item that a replay under other data may no longer make: all others follow from facts alone.
RECERTIFICATION = "RECERT#"


@dataclass(frozen=True)
class Rebuilt:
    """What differed from the replay, by sort key or partition, and how many decisions on record do (Journal.redecided)."""

    items: list[str]
    gone: int
    new: int


def owners() -> Iterator[str]:
    """The partition of every holder and partner that has a journal (this reads the whole table)."""
    named = {":journal": values.encode(keys.JOURNAL), ":program": values.encode(keys.PROGRAM)}
    only = "begins_with(sk, :journal) AND NOT begins_with(pk, :program)"
    found = table.raw_items(FilterExpression=only, ExpressionAttributeValues=named, ProjectionExpression="pk")
    return (pk for pk, _ in groupby(item["pk"]["S"] for item in found))


def rebuild(pk: str, *, write: bool = True) -> Rebuilt:
    """Let everything beside a journal be what the replay says; pk: its partition. Raises JournalBroken, Contended."""
    rebuilt = Rebuilt([], 0, 0)

    def plan(loaded: Journal) -> None:
        nonlocal rebuilt
        actions = dict(_wanted(loaded)) if loaded.entries else {}
        rebuilt = Rebuilt(sorted(actions), *loaded.redecided())
        if write:
            write_projections(loaded, list(actions.values()))

    of_partner = pk.startswith(keys.PARTNER)
    read = cast(Callable[[], Journal], (to_write_partner if of_partner else to_write)(keys.owner(pk)))
    if write:
        committed(read, plan)
    else:
        plan(read())
    return rebuilt


def rebuild_others(*, write: bool = True) -> Iterator[str]:
    """The same for what is beside no journal: markers of facts that wait, assignments of account managers, the
    catalog's shards; gives what differed."""
    for item in table.scan("attribute_exists(waiting)"):
        sources = [kept["source"] for kept in waiting_at(item)]
        for pk, action in _facts(sources, account=item["pk"].removeprefix(keys.account_pk(""))):
            yield pk
            if write:
                table.transact([action])
    for record in list_partners():
        for account in record.account_managers:
            key = keys.assignment(account, record.partner)
            if table.get(key) is None:
                yield " ".join(key.values())
                if write:
                    table.put(key)
    yield from catalog_shards.rebuild(write=write)


def _wanted(loaded: Journal) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is to be written or deleted, by what it is called."""
    yield from _projections(loaded)
    if isinstance(loaded, Loaded):
        yield from _of_holder(loaded)


def _projections(loaded: Journal) -> Iterator[tuple[str, dict[str, Any]]]:
    kept: dict[str, Item] = {item["sk"]: item for item in table.partition(loaded.pk, ConsistentRead=True)}
    expected = loaded.project()
    for sk, item in expected.items():
        if kept.get(sk) != values.plain(values.item(item)):
            yield sk, table.put_action(item)
    for sk in kept:
        if sk.startswith(RECERTIFICATION) and sk not in expected:
            yield sk, table.delete_action(keys.key(loaded.pk, sk), "attribute_exists(pk)")


def _of_holder(loaded: Loaded) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is unique over all holders."""
    there = {item["pk"] for item in table.get_many([keys.account(account) for account in loaded.accounts])}
    for account in loaded.accounts:
        key = keys.account(account)
        if key["pk"] not in there:
            yield key["pk"], table.put_action({**key, "holder": loaded.holder}, "attribute_not_exists(pk)")
    sources = [source for entry in loaded.entries for source in entry.sources if not source.get("within_holder")]
    yield from _facts(sources, holder=loaded.holder)
    for key, action in certificates.missing(loaded.holder, loaded.standing):
        yield key["pk"], action


def _facts(sources: list[dict[str, Any]], **place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The markers that are missing of facts recorded or waiting at a place."""
    by_pk = {key["pk"]: (key, source) for source in sources for key in [keys.fact_of(source)]}
    there = {item["pk"] for item in table.get_many([key for key, _ in by_pk.values()], "pk")}
    for pk, (key, source) in by_pk.items():
        if pk not in there:
            yield pk, table.put_action({**key, **source, **place}, "attribute_not_exists(pk)")

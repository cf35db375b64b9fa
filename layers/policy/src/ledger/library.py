"""The items of the libraries of continuous learning: those of the program's files, and those that operators keep."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from policy.partners import program
from policy.partners.dated import always
from policy.partners.program import Item, Program

from ledger import keys, table

# Of the 1024 that a sort key holds.
ITEM_BYTES_MAX = 1000


def put_item(item: str, values: Item) -> bool:
    """Keep an item as given, in place of what was kept of it; whether it is new to the table.

    What was recorded before keeps the worth that it had.
    """
    return table.put({**keys.learning_item(item), **asdict(values)})


def get_item(item: str, day: date) -> Item | None:
    """An item by its id as it is on a day, if there is such a one."""
    return with_items([item]).item(item, day)


def with_all_items() -> Program:
    """The program with every item; what operators keep goes before what its files say."""
    return _with(program.current(), table.partition(keys.learning_item("")["pk"]))


def with_items(items: Collection[str]) -> Program:
    """The program as its files have it, with those of some items that operators keep."""
    rules = program.current()
    # An exam or course that is too long for a key is no item.
    asked = [keys.learning_item(item) for item in sorted(set(items)) if len(item.encode()) <= ITEM_BYTES_MAX]
    if not asked:
        return rules
    return _with(rules, table.get_many(asked))


def _with(rules: Program, kept: Iterable[dict[str, Any]]) -> Program:
    items = {found["sk"].partition("#")[2]: always(_item(found)) for found in kept}
    return replace(rules, items={**rules.items, **items}) if items else rules


def _item(found: dict[str, Any]) -> Item:
    return Item(**{name: found[name] for name in ("points", "minutes", "exceptional", "event") if name in found})

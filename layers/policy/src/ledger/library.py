"""The items of the libraries of continuous learning: those of the program's files, and those that operators keep."""

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any

from policy.partners import program
from policy.partners.program import Item, Program

from ledger import keys, table


def put_item(item: str, values: Item) -> bool:
    """Keep an item as given, in place of what was kept of it; whether it is new to the table.

    What was recorded before keeps the worth that it had.
    """
    return table.put({**keys.learning_item(item), **asdict(values)})


def get_item(item: str) -> Item | None:
    """An item by its id, if there is such a one."""
    return with_items([item]).items.get(item)


def list_items() -> dict[str, Item]:
    """Every item, by id; what operators keep goes before what the files say."""
    kept = {found["sk"].partition("#")[2]: _item(found) for found in table.partition(keys.learning_item("")["pk"])}
    return dict(sorted({**program.current().items, **kept}.items()))


def with_items(items: Collection[str]) -> Program:
    """The program as its files have it, with those of some items that operators keep."""
    rules = program.current()
    if not items:
        return rules
    found = table.get_many([keys.learning_item(item) for item in sorted(set(items))])
    kept = {item["sk"].partition("#")[2]: _item(item) for item in found}
    return replace(rules, items={**rules.items, **kept}) if kept else rules


def _item(found: dict[str, Any]) -> Item:
    return Item(**{name: found[name] for name in ("points", "minutes", "exceptional", "event") if name in found})

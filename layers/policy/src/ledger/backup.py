"""What of the table follows from nothing else, as lines of text; with it a table can be made again.

A line is JSON, `{"Item": {...}}`, the item as DynamoDB holds it: the form in which AWS itself exports a table. Items pass
through no model of ours, so nothing that one does not know is lost.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger import keys, table
from ledger.errors import TableNotEmpty

RawItem = dict[str, Any]


def truths() -> Iterator[RawItem]:
    """Every item that follows from no other, a partition's one after the other."""
    return filter(_is_truth, table.raw_items())


def to_line(item: RawItem) -> str:
    return json.dumps({"Item": item}, separators=(",", ":"), ensure_ascii=False, default=_text_of_bytes)


def from_line(line: str) -> RawItem:
    """The item of a line; ValueError where it holds none."""
    try:
        found = json.loads(line)["Item"]
        if not all(isinstance(found[name]["S"], str) for name in ("pk", "sk")):
            raise ValueError("its keys are no texts")
        return {name: _attribute(attribute) for name, attribute in found.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError('no {"Item": {...}} with pk and sk') from error


def put_back(items: Iterable[RawItem], digest: str) -> None:
    """Fill an empty table with what of some items follows from no other. digest: of the backup that they come from.

    The same again goes on with what an earlier call left. A marker stands until `finished` is called; the checker
    tells of it. Raises TableNotEmpty, Busy.
    """
    marker = keys.restoring()
    begun = table.get(marker)
    if begun is None and next(table.raw_items(Limit=1), None) is not None:
        raise TableNotEmpty(table.name())
    if begun is not None and begun["digest"] != digest:
        raise TableNotEmpty(table.name())
    table.put({**marker, "digest": digest})
    table.put_raw_items(item for item in items if _is_truth(item))


def finished() -> None:
    """All that follows has been made anew, too."""
    table.delete(keys.restoring())


def _is_truth(item: RawItem) -> bool:
    """What no other item has, also of kinds that are not known here: rather too much is kept than too little."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    match pk.partition("#")[0]:
        case "H":
            return sk.startswith(keys.JOURNAL)
        case "P":
            return sk.startswith((keys.JOURNAL, keys.NEWS))
        case "A":
            return "holder" not in item
        case "CATALOG":
            return sk.startswith(keys.COURSE)
        case "FACT" | "CERTIFICATE" | "M":
            return False
    return pk != keys.restoring()["pk"]


def _text_of_bytes(value: bytes) -> str:
    return b64encode(value).decode()


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """An attribute as the client takes it: bytes were text."""
    ((kind, value),) = attribute.items()
    match kind:
        case "B":
            return {kind: b64decode(value, validate=True)}
        case "BS":
            return {kind: [b64decode(each, validate=True) for each in value]}
        case "L":
            return {kind: [_attribute(each) for each in value]}
        case "M":
            return {kind: {name: _attribute(each) for name, each in value.items()}}
    return {kind: value}

"""Plain values to and from what DynamoDB and the journal hold."""

import gzip
import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

# Long lists of decisions (150 claims redeemed at once) shrink to a tenth; short text stays readable in the console.
PACKED_FROM_BYTES = 64 * 1024


def encode(value: Any) -> dict[str, Any]:
    """A value as a DynamoDB attribute: dates as ISO 8601 text, numbers whole. TypeError for anything else."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case date():
            return {"S": value.isoformat()}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": item(value)}
        case list() | tuple():
            return {"L": [encode(element) for element in value]}
        case set() | frozenset():
            return {"SS": sorted(value)}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def item(values: Mapping[str, Any]) -> dict[str, Any]:
    """A dict as a DynamoDB item or map; what is None is left out."""
    return {name: encode(value) for name, value in values.items() if value is not None}


def decode(attribute: Mapping[str, Any]) -> Any:
    """The value of a DynamoDB attribute."""
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value)
        case "M":
            return plain(value)
        case "L":
            return [decode(element) for element in value]
        case "SS":
            return set(value)
        case "B" if isinstance(value, str):
            # As a stream's records come to a function.
            return b64decode(value)
    return value


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """The dict that a DynamoDB item or map holds."""
    return {name: decode(attribute) for name, attribute in item.items()}


def canonical(value: Any) -> str:
    """JSON that is the same text for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """128 bits over a JSON-able value, as 32 hexadecimal digits: enough to tell the same content from other."""
    return sha256(canonical(value).encode()).hexdigest()[:32]


def pack(value: Any, from_bytes: int | None = None) -> str | bytes:
    """A JSON-able value as one attribute of an entry: text below so many bytes, else compressed."""
    text = _json(value)
    return text if len(text.encode()) < (from_bytes or PACKED_FROM_BYTES) else compress(value)


def compress(value: Any) -> bytes:
    """A JSON-able value as one attribute, compressed whatever its size."""
    return gzip.compress(_json(value).encode(), mtime=0)


def unpack(packed: str | bytes) -> Any:
    return json.loads(packed if isinstance(packed, str) else gzip.decompress(packed))


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def size_bytes(value: Any) -> int:
    """About what a value takes in an item, names included."""
    match value:
        case str():
            return len(value.encode()) + 1
        case bytes():
            return len(value) + 1
        case Mapping():
            return sum(size_bytes(name) + size_bytes(held) for name, held in value.items()) + 3
        case list() | tuple() | set() | frozenset():
            return sum(size_bytes(held) for held in value) + 3
    return 10

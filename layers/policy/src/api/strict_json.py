"""JSON as its standard has it: Python's own reader lets more pass."""

import json
from collections import Counter
from typing import Any, NoReturn


class GivenTwice(ValueError):
    """Keys that an object gives more than once; which of the values is meant, nobody knows."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(f"{', '.join(keys)}: given twice")
        self.keys = keys


def loads(text: str) -> Any:
    """What a JSON text says. ValueError where it is none, names a key twice, or holds what is no number or character."""
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
        # Half a surrogate pair, written as an escape, is no character; 1e999 is no number.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a surrogate pair") from None
    return value


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise GivenTwice([key for key, times in Counter(key for key, _ in pairs).items() if times > 1])
    return values

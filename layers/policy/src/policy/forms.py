"""Facts as data: frozen dataclasses to and from what JSON can hold."""

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, Generic, TypeVar

from policy.errors import FormError

F = TypeVar("F")


class Forms(Generic[F]):
    """The kinds of facts of a program: dataclasses, each with its name in `event`."""

    def __init__(self, kinds: Iterable[type[F]]) -> None:
        self.kinds: dict[str, type[F]] = {kind.event: kind for kind in kinds}  # type: ignore[attr-defined]
        # Of each field: what reads it, and whether it must be there. Looked up once, since journals are long.
        self._fields = {
            kind: {field.name: (_reader(field.type), field.default is MISSING) for field in fields(kind)}  # type: ignore[arg-type]
            for kind in self.kinds.values()
        }

    def to_dict(self, fact: F) -> dict[str, Any]:
        """A fact as JSON can hold it: `event` names its kind, dates are ISO 8601, what is None is left out."""
        values = {name: getattr(fact, name) for name in self._fields[type(fact)]}
        given = {name: _plain(value) for name, value in values.items() if value is not None}
        return {"event": fact.event, **given}  # type: ignore[attr-defined]

    def from_dict(self, values: dict[str, Any]) -> F:
        """The fact that a dict describes (dates as dates or ISO 8601 text).

        Raises FormError for an unknown event or key, a missing key, or a value of the wrong type.
        """
        event = values.get("event")
        kind = self.kinds.get(event) if isinstance(event, str) else None
        if kind is None:
            raise FormError("event", f"{event!r} is none of {', '.join(sorted(self.kinds))}")
        known = self._fields[kind]
        for key in values:
            if key != "event" and key not in known:
                raise FormError(key, f"unknown key of {event}")
        given = {}
        for name, (read, needed) in known.items():
            value = values.get(name)
            if value is not None:
                given[name] = read(name, value)
            elif needed:
                raise FormError(name, f"missing in {event}")
        return kind(**given)


def _plain(value: Any) -> Any:
    if type(value) is date:
        return value.isoformat()
    return list(value) if type(value) is tuple else value


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _reader(wanted: Any) -> Callable[[str, Any], Any]:
    """What reads a value of a type that a fact may have: FormError names the key of one that is of another."""
    readers = {
        date: as_date,
        date | None: as_date,
        tuple[str, ...]: _texts,
        bool: _flag,
        int: _number,
        int | None: _number,
    }
    return readers.get(wanted, _text)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise FormError(name, f"must be a list of texts that are not empty, not {value!r}")
    return tuple(value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise FormError(name, f"must be true or false, not {value!r}")
    return value


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FormError(name, f"must be a whole number, not {value!r}")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise FormError(name, f"must be text that is not empty, not {value!r}")
    return value


def as_date(name: str, value: Any) -> date:
    """A date from a date or its ISO 8601 text; FormError names the key otherwise."""
    if type(value) is date:
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FormError(name, f"must be a date such as 2024-02-29, not {value!r}")

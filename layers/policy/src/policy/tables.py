"""Policy data as TOML tables that are checked as they are read."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from policy.errors import EditionError


class Table:
    """A TOML table that says where it stands when a key is missing, mistyped or unknown."""

    def __init__(self, file: str, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise EditionError(file, where.rstrip("."), f"must be a table, not {values!r}")
        self.file, self.where, self._values = file, where, dict(values)

    @classmethod
    def read(cls, path: Path) -> "Table":
        try:
            return cls(path.name, "", tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise EditionError(path.name, "file", str(error)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def peek(self, key: str) -> dict[str, Any]:
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            raise EditionError(self.file, self.where + key, f"must be a table, not {values!r}")
        return values

    def take(self, key: str, kind: type) -> Any:
        if key not in self._values:
            raise EditionError(self.file, self.where + key, "missing")
        value = self._values.pop(key)
        # bool is an int and datetime a date to isinstance; policy data must say exactly what it means.
        if type(value) is not kind:
            raise EditionError(self.file, self.where + key, f"must be {kind.__name__}, not {value!r}")
        return value

    def table(self, key: str) -> "Table":
        return Table(self.file, f"{self.where}{key}.", self.take(key, dict))

    def texts(self, key: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        values = self.take(key, list)
        for value in values:
            if not isinstance(value, str) or (allowed and value not in allowed):
                raise EditionError(
                    self.file, self.where + key, f"{value!r} is not one of {', '.join(allowed) or 'the texts'}"
                )
        return tuple(values)

    def tables(self, key: str) -> "list[Table]":
        """The tables of an array."""
        return [Table(self.file, f"{self.where}{key}[{i}].", entry) for i, entry in enumerate(self.take(key, list))]

    def notes(self, *names: str) -> None:
        """Check what an entry says of itself."""
        for name in names:
            if not self.take(name, str):
                raise EditionError(self.file, self.where + name, "must not be empty")

    def changes(self) -> "Iterator[tuple[date, Table]]":
        """What is to be otherwise, with the day from which on; each day is later than the one before."""
        before = date.min
        for entry in self.tables("changes") if "changes" in self else ():
            day = entry.take("from", date)
            if day <= before:
                raise EditionError(self.file, f"{entry.where}from", f"{day} is not after {before}")
            entry.notes("description", "source")
            yield day, entry
            entry.finish()
            before = day

    def number(self, key: str, kind: type) -> Any:
        """The value of a number that carries its unit, description and source."""
        table = self.table(key)
        value = table.value(kind)
        table.notes("unit", "description", "source")
        table.finish()
        return value

    def dated(self, key: str, *, unset: bool = False) -> tuple[tuple[date, int], ...]:
        """A whole number from the first day on, and what it is from later days on; unset: it may have none at first."""
        table = self.table(key)
        first = [] if unset and "value" not in table else [(date.min, table.value(int))]
        table.notes("unit", "description", "source")
        values = (*first, *((day, change.value(int)) for day, change in table.changes()))
        table.finish()
        return values

    def value(self, kind: type) -> Any:
        """The `value` of a table, if it can be one."""
        value = self.take("value", kind)
        if kind is int and value < 1:
            raise EditionError(self.file, self.where + "value", f"must be at least 1, not {value}")
        if kind is list and not all(type(item) is int and item > 0 for item in value):
            raise EditionError(self.file, self.where + "value", f"must be whole numbers from 1, not {value}")
        if kind is str and not value.replace(".", "", 1).isdigit():
            raise EditionError(self.file, self.where + "value", f'must be an amount such as "300.00", not {value!r}')
        return value

    def numbers(self, key: str) -> dict[str, int]:
        if key not in self._values:
            return {}
        table = self.table(key)
        return {name: table.number(name, int) for name in table}

    def finish(self) -> None:
        for key in self._values:
            raise EditionError(self.file, self.where + key, "unknown key")

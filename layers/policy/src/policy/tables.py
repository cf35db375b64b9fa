"""Policy data as TOML tables that are checked as they are read."""

import tomllib
from collections.abc import Iterator
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

    def number(self, key: str, kind: type) -> Any:
        """The value of a number that carries its unit, description and source."""
        table = self.table(key)
        value = table.take("value", kind)
        for note in ("unit", "description", "source"):
            if not table.take(note, str):
                raise EditionError(self.file, f"{self.where}{key}.{note}", "must not be empty")
        table.finish()
        if kind is int and value < 1:
            raise EditionError(self.file, f"{self.where}{key}.value", f"must be at least 1, not {value}")
        if kind is list and not all(type(item) is int and item > 0 for item in value):
            raise EditionError(self.file, f"{self.where}{key}.value", f"must be whole numbers from 1, not {value}")
        if kind is str and not value.replace(".", "", 1).isdigit():
            raise EditionError(
                self.file, f"{self.where}{key}.value", f'must be an amount such as "300.00", not {value!r}'
            )
        return value

    def numbers(self, key: str) -> dict[str, int]:
        if key not in self._values:
            return {}
        table = self.table(key)
        return {name: table.number(name, int) for name in table}

    def finish(self) -> None:
        for key in self._values:
            raise EditionError(self.file, self.where + key, "unknown key")

"""Cases as a file writes them: their history event by event, whatever the program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from policy import FormError

from casefiles import checked
from casefiles.checked import CaseFileError


@dataclass(frozen=True)
class Event:
    """One event of a history: `name` is its id, or its place where it has none."""

    day: date
    name: str
    fact: Any
    where: str


@dataclass(frozen=True)
class Case:
    name: str
    history: tuple[Event, ...]
    as_of: date
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class CaseFile:
    """The cases of a file; a program adds what they share."""

    path: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Form:
    """How cases of a program are written.

    kinds: its facts by event; not_events: those that histories do not tell; not_written: fields that are filled in
    when a fact is taken; default_to_date: a field that is the event's date where it is left out; named: a field that is
    the event's id. expect: reads what a case expects.
    """

    kinds: Mapping[str, Any]
    from_dict: Callable[[dict[str, Any]], Any]
    expect: Callable[[str, Any], Mapping[str, Any]]
    not_events: frozenset[str] = frozenset()
    not_written: Mapping[str, frozenset[str]] = field(default_factory=dict)
    default_to_date: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    def cases(self, file: str, values: Any) -> tuple[Case, ...]:
        """The cases under the key `cases` of a file. Raises CaseFileError for what is not of the form."""
        cases: dict[str, Case] = {}
        for i, entry in enumerate(checked.items(f"{file}: cases", values)):
            case = self._case(f"{file}: cases[{i}]", file, entry)
            if case.name in cases:
                raise CaseFileError(f"{file}: {case.name}: name", "two cases have this name")
            cases[case.name] = case
        return tuple(cases.values())

    def _case(self, where: str, file: str, values: Any) -> Case:
        keys = {"name", "history", "as_of", "expect"}
        values = checked.mapping(where, values, keys, keys)
        name = checked.text(f"{where}.name", values["name"])
        where = f"{file}: {name}"
        history: list[Event] = []
        ids: set[str] = set()
        for i, entry in enumerate(checked.items(f"{where}: history", values["history"])):
            event = self._event(f"{where}: history[{i}]", i, entry)
            if history and event.day < history[-1].day:
                reason = f"{event.day} is before the event before it, {history[-1].day}"
                raise CaseFileError(f"{event.where}.date", reason)
            if event.name in ids:
                raise CaseFileError(f"{event.where}.id", f"{event.name!r} is the id of another event")
            ids.add(event.name)
            history.append(event)
        as_of = checked.day(f"{where}: as_of", values["as_of"])
        if history and as_of < history[-1].day:
            raise CaseFileError(f"{where}: as_of", f"{as_of} is before the last event, {history[-1].day}")
        return Case(name, tuple(history), as_of, self.expect(f"{where}: expect", values["expect"]))

    def _event(self, where: str, i: int, values: Any) -> Event:
        values = dict(checked.mapping(where, values))
        day = checked.day(f"{where}.date", values.pop("date", None))
        kind = values.get("event")
        if not isinstance(kind, str) or kind not in self.kinds or kind in self.not_events:
            known = ", ".join(sorted(set(self.kinds) - self.not_events))
            raise CaseFileError(f"{where}.event", f"{kind!r} is none of {known}")
        name = checked.text(f"{where}.id", values.pop("id")) if "id" in values else None
        for key in self.not_written.get(kind, ()):
            if key in values:
                raise CaseFileError(f"{where}.{key}", f"unknown key of {kind}")
        if kind in self.named:
            if name is None:
                raise CaseFileError(f"{where}.id", f"missing: a {self.named[kind]} needs an id")
            values[self.named[kind]] = name
        if kind in self.default_to_date:
            values.setdefault(self.default_to_date[kind], day)
        for known_field in fields(self.kinds[kind]):
            if known_field.name in values and values[known_field.name] is None:
                raise CaseFileError(f"{where}.{known_field.name}", "is empty; leave the key out instead")
        try:
            return Event(day, name or f"history[{i}]", self.from_dict(values), where)
        except FormError as error:
            raise CaseFileError(f"{where}.{error.key}", error.reason) from None

"""What the program of continuous learning offers: items, specializations and exams replaced, read from TOML."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, Self

from policy.errors import EditionError
from policy.partners.dated import Values, added, always
from policy.partners.facts import ExamReplaced
from policy.tables import Table


@dataclass(frozen=True, slots=True)
class Item:
    """Something to view, attend or complete, worth a stated value or as much as its duration gives (points-value)."""

    points: int | None = None
    minutes: int = 0
    exceptional: bool = False
    event: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What qualifies for a role: all of its exams or the badge, and the career certification, where it asks for them."""

    exams: tuple[str, ...] = ()
    badge: str | None = None
    certification: str | None = None


class Library(NamedTuple):
    """The items that count for a specialization, and those of them that somebody has to take."""

    items: frozenset[str]
    mandatory: tuple[str, ...]


Roles = Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Specialization:
    """A specialization or designation on offer: by date its library, and what its roles ask for."""

    type: str
    library: Values[Library]
    roles: Values[Roles]

    @classmethod
    def always(
        cls, kind: str, library: Collection[str] = (), mandatory: tuple[str, ...] = (), roles: Roles | None = None
    ) -> Self:
        """One that is the same from the first day on."""
        return cls(kind, always(Library(frozenset(library), mandatory)), always(roles or {}))


def read(
    data: Path, types: Collection[str], roles: Collection[str]
) -> tuple[dict[str, Values[Item]], dict[str, Specialization], Values[ExamReplaced]]:
    """Items, specializations, and replacements in order of date, as the file has them.

    types, roles: those that there are. Raises EditionError with file, key and reason for data that is broken.
    """
    table = Table.read(data / "learning.toml")
    items = {
        name: (*always(_item(entry)), *((day, _item(change)) for day, change in entry.changes()))
        for name, entry in _each(table, "items")
    }
    specializations = {
        name: _specialization(entry, items, types, roles) for name, entry in _each(table, "specializations")
    }
    replacements = {exam: _replacement(exam, entry) for exam, entry in _each(table, "replacements")}
    table.finish()
    asked = [roles for offered in specializations.values() for _, roles in offered.roles]
    named = {exam for roles in asked for role in roles.values() for exam in role.exams}
    named |= {replaced.by for _, replaced in replacements.values()}
    for exam, (on, replaced) in replacements.items():
        if exam not in named:
            raise EditionError(table.file, f"replacements.{exam}", "is no exam of any role")
        # So no chain of replacements comes back to where it began.
        if replaced.by in replacements and replacements[replaced.by][0] <= on:
            reason = f"{replaced.by} is itself replaced, and not after {on}"
            raise EditionError(table.file, f"replacements.{exam}.by", reason)
    return items, specializations, tuple(sorted(replacements.values(), key=lambda replacement: replacement[0]))


def _each(table: Table, key: str) -> Iterator[tuple[str, Table]]:
    """The entries under a key by name; each says what it is and where that comes from."""
    entries = table.table(key)
    for name in entries:
        entry = entries.table(name)
        entry.notes("description", "source")
        yield name, entry
        entry.finish()


def _item(entry: Table) -> Item:
    if ("points" in entry) == ("minutes" in entry):
        raise EditionError(entry.file, _name(entry), "needs exactly one of points and minutes")
    worth = {key: entry.take(key, int) for key in ("points", "minutes") if key in entry}
    for key, value in worth.items():
        if value < 0:
            raise EditionError(entry.file, entry.where + key, f"must be a whole number from 0, not {value}")
    marks = {key: entry.take(key, bool) for key in ("exceptional", "event") if key in entry}
    return Item(**worth, **marks)


def _specialization(
    entry: Table, items: Collection[str], types: Collection[str], roles: Collection[str]
) -> Specialization:
    kind = entry.take("type", str)
    _check_known(entry, "type", [kind], types)
    library, asked = always(_library(entry, items)), always(_roles(entry, roles))
    for day, change in entry.changes():
        if "roles" not in change or "library" in change:
            library = added(library, day, _library(change, items))
        if "roles" in change:
            asked = added(asked, day, _roles(change, roles))
    return Specialization(kind, library, asked)


def _library(entry: Table, items: Collection[str]) -> Library:
    library, mandatory = entry.texts("library"), entry.texts("mandatory")
    _check_known(entry, "library", library, items)
    _check_known(entry, "mandatory", mandatory, library)
    return Library(frozenset(library), mandatory)


def _roles(entry: Table, roles: Collection[str]) -> Roles:
    asked = {role: _role(asks) for role, asks in _each(entry, "roles")}
    _check_known(entry, "roles", asked, roles)
    return asked


def _role(entry: Table) -> Role:
    texts = {key: entry.take(key, str) for key in ("badge", "certification") if key in entry}
    exams = entry.texts("exams") if "exams" in entry else ()
    if not (exams or texts):
        raise EditionError(entry.file, _name(entry), "needs exams, a badge or a certification")
    return Role(exams, **texts)


def _replacement(exam: str, entry: Table) -> tuple[date, ExamReplaced]:
    return entry.take("from", date), ExamReplaced(exam, entry.take("by", str), entry.take("retake", bool))


def _name(entry: Table) -> str:
    return entry.where.rstrip(".")


def _check_known(entry: Table, key: str, values: Collection[str], known: Collection[str]) -> None:
    for value in values:
        if value not in known:
            raise EditionError(entry.file, entry.where + key, f"{value!r} is none of {', '.join(sorted(known))}")

"""What the program of continuous learning offers: items, specializations and exams replaced, read from TOML."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from policy.errors import EditionError
from policy.partners.facts import ExamReplaced
from policy.tables import Table

Replacement = tuple[date, ExamReplaced]


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


@dataclass(frozen=True, slots=True)
class Specialization:
    """A specialization or designation on offer; library and mandatory items as they are before any change."""

    type: str
    library: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)


def read(
    data: Path, types: Collection[str], roles: Collection[str]
) -> tuple[dict[str, Item], dict[str, Specialization], tuple[Replacement, ...]]:
    """Items, specializations, and replacements in order of date, as the file has them.

    types, roles: those that there are. Raises EditionError with file, key and reason for data that is broken.
    """
    table = Table.read(data / "learning.toml")
    items = {name: _item(entry) for name, entry in _each(table, "items")}
    specializations = {
        name: _specialization(entry, items, types, roles) for name, entry in _each(table, "specializations")
    }
    replacements = {exam: _replacement(exam, entry) for exam, entry in _each(table, "replacements")}
    table.finish()
    named = {exam for offered in specializations.values() for role in offered.roles.values() for exam in role.exams}
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
        for note in ("description", "source"):
            if not entry.take(note, str):
                raise EditionError(entry.file, entry.where + note, "must not be empty")
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
    entry: Table, items: Mapping[str, Item], types: Collection[str], roles: Collection[str]
) -> Specialization:
    kind = entry.take("type", str)
    _check_known(entry, "type", [kind], types)
    library, mandatory = entry.texts("library"), entry.texts("mandatory")
    _check_known(entry, "library", library, items)
    _check_known(entry, "mandatory", mandatory, library)
    asked = {role: _role(asks) for role, asks in _each(entry, "roles")}
    _check_known(entry, "roles", asked, roles)
    return Specialization(kind, library, mandatory, asked)


def _role(entry: Table) -> Role:
    texts = {key: entry.take(key, str) for key in ("badge", "certification") if key in entry}
    exams = entry.texts("exams") if "exams" in entry else ()
    if not (exams or texts):
        raise EditionError(entry.file, _name(entry), "needs exams, a badge or a certification")
    return Role(exams, **texts)


def _replacement(exam: str, entry: Table) -> Replacement:
    return entry.take("from", date), ExamReplaced(exam, entry.take("by", str), entry.take("retake", bool))


def _name(entry: Table) -> str:
    return entry.where.rstrip(".")


def _check_known(entry: Table, key: str, values: Collection[str], known: Collection[str]) -> None:
    for value in values:
        if value not in known:
            raise EditionError(entry.file, entry.where + key, f"{value!r} is none of {', '.join(sorted(known))}")

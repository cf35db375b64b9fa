"""The program of continuous learning: its numbers, read from TOML, and what it offers (items, specializations)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from policy.dates import add_months
from policy.errors import EditionError
from policy.partners import offer
from policy.partners.dated import Values, latest, on
from policy.partners.facts import ExamReplaced
from policy.partners.offer import Item, Role, Specialization
from policy.program import DATA
from policy.tables import Table

__all__ = ["Item", "Program", "Role", "Rules", "Specialization", "current", "load"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The program's numbers, each by date. Days, months and years as their names say; points are whole."""

    types: tuple[str, ...]
    designations: tuple[str, ...]
    roles: tuple[str, ...]
    points_required: Mapping[str, Values[int]]
    minutes_per_point: Values[int]
    points_max: Values[int]
    points_max_exceptional: Values[int]
    renewal_days: Values[int]
    grace_days: Values[int]
    inactive_months: Values[int]
    barred_months: Values[int]
    representative_badges_active_on: date
    representative_badges_years: int

    def renewal_from(self, anniversary: date) -> date:
        """The first day for a renewal, by the number of the anniversary (renewal-window)."""
        return anniversary - timedelta(days=on(self.renewal_days, anniversary))

    def renewal_through(self, anniversary: date) -> date:
        """The last day for a renewal, which is the last of grace, by the number of the anniversary (renewal-window)."""
        return anniversary + timedelta(days=on(self.grace_days, anniversary))

    def inactive_through(self, start: date) -> date:
        """The last day on which a year that starts on a day is not judged, by the number of that day (indicator)."""
        return add_months(start, on(self.inactive_months, start))

    def barred_through(self, lost_on: date) -> date:
        """The last day on which a lost specialization cannot be applied for, by the number of the first lost day
        (eighteen-months)."""
        return add_months(lost_on, on(self.barred_months, lost_on))

    def worth(self, item: Item, day: date) -> int:
        """What an item is worth in points on a day (points-value)."""
        points = item.minutes // on(self.minutes_per_point, day) if item.points is None else item.points
        return min(points, on(self.points_max_exceptional if item.exceptional else self.points_max, day))


@dataclass(frozen=True, slots=True)
class Program:
    """The numbers and the offer, each by date.

    replacements: of exams, each from its day on.
    """

    rules: Rules
    items: Mapping[str, Values[Item]]
    specializations: Mapping[str, Specialization]
    replacements: Values[ExamReplaced] = ()

    def has_points(self, specialization: str) -> bool:
        """False for a designation (no-points-for-atp)."""
        return self.specializations[specialization].type in self.rules.types

    def item(self, item: str, day: date) -> Item | None:
        """An item as it is on a day, if it is one."""
        return latest(self.items.get(item, ()), day)

    def worth(self, item: str, day: date) -> int | None:
        """What an item is worth in points on a day (points-value); None for what is no item."""
        known = self.item(item, day)
        return None if known is None else self.rules.worth(known, day)

    def is_event(self, item: str, day: date) -> bool:
        """Whether an item is an event on a day; not for what is no item (points-listed)."""
        known = self.item(item, day)
        return known is not None and known.event


@cache
def current(data: Path = DATA) -> Program:
    """The numbers and the offer as the files have them. Raises EditionError with file, key and reason."""
    rules = load(data)
    kinds = (*rules.types, *rules.designations)
    items, specializations, replacements = offer.read(data, kinds, rules.roles)
    return Program(rules, items, specializations, replacements=replacements)


@cache
def load(data: Path = DATA) -> Rules:
    """The numbers as the file has them. Raises EditionError with file, key and reason for data that is broken."""
    table = Table.read(data / "partners.toml")
    types = table.texts("types")
    required = table.table("points_required")
    for name in required:
        if name not in types:
            raise EditionError(table.file, f"points_required.{name}", f"is no type; types are {', '.join(types)}")
    rules = Rules(
        types=types,
        designations=table.texts("designations"),
        roles=table.texts("roles"),
        points_required={name: required.dated(name, unset=True) for name in required},
        minutes_per_point=table.dated("minutes_per_point"),
        points_max=table.dated("points_max"),
        points_max_exceptional=table.dated("points_max_exceptional"),
        renewal_days=table.dated("renewal_window"),
        grace_days=table.dated("grace"),
        inactive_months=table.dated("inactive_indicator"),
        barred_months=table.dated("barred"),
        representative_badges_active_on=table.number("representative_badges_active_on", date),
        representative_badges_years=table.number("representative_badges_extension", int),
    )
    table.finish()
    return rules

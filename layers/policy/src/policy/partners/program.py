"""The program of continuous learning: its numbers, read from TOML, and what it offers (items, specializations)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from policy.dates import add_months
from policy.errors import EditionError
from policy.partners import offer
from policy.partners.offer import Item, Replacement, Role, Specialization
from policy.program import DATA
from policy.tables import Table

__all__ = ["Item", "Program", "Role", "Rules", "Specialization", "current", "load"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The program's numbers. Days, months and years as their names say; points are whole."""

    types: tuple[str, ...]
    designations: tuple[str, ...]
    roles: tuple[str, ...]
    points_required: Mapping[str, int]
    minutes_per_point: int
    points_max: int
    points_max_exceptional: int
    renewal_days: int
    grace_days: int
    inactive_months: int
    barred_months: int
    representative_badges_active_on: date
    representative_badges_years: int

    def renewal_from(self, anniversary: date) -> date:
        """The first day for a renewal (renewal-window)."""
        return anniversary - timedelta(days=self.renewal_days)

    def renewal_through(self, anniversary: date) -> date:
        """The last day for a renewal, which is the last of grace (renewal-window)."""
        return anniversary + timedelta(days=self.grace_days)

    def barred_through(self, lost_on: date) -> date:
        """The last day on which a lost specialization cannot be applied for (eighteen-months)."""
        return add_months(lost_on, self.barred_months)

    def worth(self, item: Item) -> int:
        """What an item is worth in points (points-value)."""
        points = item.minutes // self.minutes_per_point if item.points is None else item.points
        return min(points, self.points_max_exceptional if item.exceptional else self.points_max)


@dataclass(frozen=True, slots=True)
class Program:
    """The numbers and the offer.

    points_required: by type, the numbers set before the first fact; replacements: of exams, each from its day on.
    """

    rules: Rules
    items: Mapping[str, Item]
    specializations: Mapping[str, Specialization]
    points_required: Mapping[str, int] = field(default_factory=dict)
    replacements: tuple[Replacement, ...] = ()

    def has_points(self, specialization: str) -> bool:
        """False for a designation (no-points-for-atp)."""
        return self.specializations[specialization].type in self.rules.types

    def worth(self, item: str) -> int | None:
        """What an item is worth in points (points-value); None for what is no item."""
        known = self.items.get(item)
        return None if known is None else self.rules.worth(known)


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
        points_required={name: required.number(name, int) for name in required},
        minutes_per_point=table.number("minutes_per_point", int),
        points_max=table.number("points_max", int),
        points_max_exceptional=table.number("points_max_exceptional", int),
        renewal_days=table.number("renewal_window", int),
        grace_days=table.number("grace", int),
        inactive_months=table.number("inactive_indicator", int),
        barred_months=table.number("barred", int),
        representative_badges_active_on=table.number("representative_badges_active_on", date),
        representative_badges_years=table.number("representative_badges_extension", int),
    )
    table.finish()
    return rules

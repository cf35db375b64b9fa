"""A course as the catalog offers it on the day a claim is submitted (A4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Version:
    """Credits that a version is worth, and the completion dates for which it is available (both ends included)."""

    credits: int
    available_from: date | None = None
    available_until: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A course: its versions by number, and the providers that offer it by item type."""

    course: str
    title: str
    versions: Mapping[str, Version]
    item_types: Mapping[str, tuple[str, ...]]

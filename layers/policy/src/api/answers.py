"""What more than one function answers, in the contract's words."""

import re
from datetime import date
from typing import Literal

from policy import Standing, catalog, views
from typing_extensions import TypedDict


class Claim(TypedDict):
    """A claim. It has an expiration date while it is earned, and a reason once it is denied or expired."""

    claim_id: str
    course: str
    title: str
    version: str
    item_type: str
    provider: str
    credits: int
    status: Literal["pending", "earned", "denied", "redeemed", "expired"]
    reason: str | None
    started_on: date
    completed_on: date
    submitted_on: date
    decided_on: date | None
    expires_on: date | None
    overdue: bool


class Certification(TypedDict):
    """A line of the dashboard's table. The last extension is the day on which the present cycle began."""

    certification: str
    name: str
    level: str
    last_extension: date
    expires_on: date
    days_to_expire: int
    status: Literal["active", "suspended", "emeritus", "inactive", "expired"]


class Announcement(TypedDict):
    """What the dashboard says to every holder, on these days and those between; without a last day, until it is removed."""

    announcement: str
    text: str
    shown_from: date
    shown_until: date | None


class Version(TypedDict):
    """Credits, and the completion dates for which a version is available, both included."""

    version: str
    credits: int
    available_from: date | None
    available_until: date | None


class Course(TypedDict):
    """A course: who offers it as what, and its versions."""

    course: str
    title: str
    item_types: dict[str, list[str]]
    versions: list[Version]


class Asks(TypedDict):
    """What qualifies for a role: all of the exams or the badge, and the career certification, where they are asked for."""

    exams: list[str]
    badge: str | None
    certification: str | None


def claim(standing: Standing, claim_id: str) -> Claim:
    """A claim as it is on the standing's day; KeyError where the holder has none of this id."""
    view = views.claim(standing, standing.claims[claim_id])
    return Claim(**{name: view[name] for name in Claim.__annotations__})  # type: ignore[typeddict-item]


def certifications(standing: Standing) -> list[Certification]:
    """The certification table, in the order in which the certifications became known (dashboard)."""
    return [
        {
            "certification": view["certification"],
            # Tracks have no names of their own in the program's data.
            "name": view["certification"],
            "level": view["level"],
            "last_extension": view["cycle_started_on"],
            "expires_on": view["expires_on"],
            "days_to_expire": view["days_to_expire"],
            "status": view["status"],
        }
        for view in views.certifications(standing).values()
    ]


def course(course: catalog.Course) -> Course:
    """A course of the catalog."""
    return {
        "course": course.course,
        "title": course.title,
        "item_types": {item_type: list(providers) for item_type, providers in sorted(course.item_types.items())},
        "versions": [
            {
                "version": number,
                "credits": version.credits,
                "available_from": version.available_from,
                "available_until": version.available_until,
            }
            for number, version in sorted(course.versions.items(), key=_natural)
        ],
    }


def _natural(entry: tuple[str, object]) -> list[str | int]:
    """1.9 before 1.10: texts and numbers take turns."""
    parts = re.split("([0-9]+)", entry[0])
    return [int(part) if i % 2 else part for i, part in enumerate(parts)]

"""The course catalog and the providers, as operators keep them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.catalog import Course, Version

from ledger import keys, table
from ledger.table import Page


@dataclass(frozen=True)
class Provider:
    """A provider, and the principal ids, ARNs or account ids that may send for it."""

    provider: str
    name: str
    senders: tuple[str, ...]


def put_course(course: Course) -> bool:
    """Keep a course as given, in place of what was kept of it; whether it is new."""
    versions = {
        number: {
            "credits": version.credits,
            "available_from": version.available_from,
            "available_until": version.available_until,
        }
        for number, version in course.versions.items()
    }
    values = {"course": course.course, "title": course.title, "versions": versions, "item_types": course.item_types}
    return table.put({**keys.course(course.course), **values})


def get_course(course: str) -> Course | None:
    """A course by its id, if the catalog has it."""
    found = table.get(keys.course(course))
    return _course(found) if found else None


def known_courses(courses: Iterable[str]) -> set[str]:
    """Those of some course ids that the catalog has, without reading the courses themselves."""
    found = table.get_many([keys.course(course) for course in set(courses)], "course")
    return {item["course"] for item in found}


def list_courses(*, limit: int = 25, cursor: dict[str, str] | None = None) -> Page[Course]:
    """Courses by id, a page at a time."""
    page = table.query("pk = :pk", {"pk": keys.course("")["pk"]}, cursor, Limit=limit)
    return Page([_course(found) for found in page.items], page.cursor)


def put_provider(provider: Provider) -> bool:
    """Keep a provider as given, in place of what was kept of it; whether it is new."""
    return table.put({**keys.provider(provider.provider), **vars(provider)})


def get_provider(provider: str) -> Provider | None:
    """A provider by its id, if it is registered."""
    found = table.get(keys.provider(provider))
    return Provider(found["provider"], found["name"], tuple(found["senders"])) if found else None


def _course(found: Mapping[str, Any]) -> Course:
    return Course(
        course=found["course"],
        title=found["title"],
        versions={number: _version(values) for number, values in found["versions"].items()},
        item_types={item_type: tuple(providers) for item_type, providers in found["item_types"].items()},
    )


def _version(values: Mapping[str, Any]) -> Version:
    first, last = values.get("available_from"), values.get("available_until")
    return Version(values["credits"], first and date.fromisoformat(first), last and date.fromisoformat(last))

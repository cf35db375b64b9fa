"""What operators announce to all holders, kept in one partition."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger import keys, table


@dataclass(frozen=True)
class Announcement:
    """A text, and the days on which holders are shown it, both included; without the last, until it is removed."""

    announcement: str
    text: str
    shown_from: date
    shown_until: date | None = None


def put_announcement(announcement: Announcement) -> bool:
    """Keep an announcement as given, in place of what was kept of it; whether it is new."""
    return table.put({**keys.announcement(announcement.announcement), **vars(announcement)})


def delete_announcement(announcement: str) -> Announcement | None:
    """Remove an announcement; gives it, if there was one."""
    found = table.delete(keys.announcement(announcement))
    return _announcement(found) if found else None


def list_announcements() -> list[Announcement]:
    """Every announcement, the one shown last first; those of one day by id."""
    found = map(_announcement, table.partition(keys.announcement("")["pk"]))
    return sorted(found, key=lambda each: each.shown_from, reverse=True)


def announcements_on(day: date) -> list[Announcement]:
    """The announcements that are shown on a day, in the same order."""
    return [each for each in list_announcements() if each.shown_from <= day <= (each.shown_until or day)]


def _announcement(found: dict[str, Any]) -> Announcement:
    until = found.get("shown_until")
    return Announcement(
        found["announcement"],
        found["text"],
        date.fromisoformat(found["shown_from"]),
        date.fromisoformat(until) if until else None,
    )

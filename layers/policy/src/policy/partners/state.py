"""What is known of a partner: its individuals and what they did, its specializations and their years."""

from dataclasses import dataclass, field, replace
from datetime import date

from policy.dates import NEVER, add_years

# An activity: individual, item, day. However often it is recorded, it is one (points-once).
Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that counts: viewed, attended or completed, never only downloaded (points-viewed).

    specialization: the one that the partner chose, for an event; order: by which activities of one day are taken.
    """

    individual: str
    item: str
    completed_on: date
    points: int
    specialization: str | None
    order: tuple[date, int]

    @property
    def key(self) -> Key:
        return self.individual, self.item, self.completed_on


@dataclass(slots=True)
class Individual:
    """What is known of one person.

    stays: first and last day of each association with the partner (None: it lasts); activities by item and day;
    passed: days on which an exam was passed; badges and certifications with their latest expiration.
    """

    stays: list[tuple[date, date | None]] = field(default_factory=list)
    activities: dict[tuple[str, date], Activity] = field(default_factory=dict)
    passed: dict[str, frozenset[date]] = field(default_factory=dict)
    badges: dict[str, date] = field(default_factory=dict)
    certifications: dict[str, date] = field(default_factory=dict)

    def copy(self) -> "Individual":
        return Individual(
            list(self.stays), dict(self.activities), dict(self.passed), dict(self.badges), dict(self.certifications)
        )

    @property
    def associated(self) -> bool:
        return any(last is None for _, last in self.stays)

    def associated_on(self, day: date) -> bool:
        """The days of joining and leaving included (points-associated)."""
        return any(first <= day and (last is None or day <= last) for first, last in self.stays)

    @property
    def brings_through(self) -> date:
        """Through which day what is done counts: associated then, or joined since (points-associated, points-follow).

        That it lies in the window that was present on joining needs no look: whoever joined after a day of a window
        did so in that window or in the grace days of the year before, which reach into it.
        """
        return max((NEVER if last is None else last for _, last in self.stays), default=date.min)

    def add(self, activity: Activity) -> None:
        """Keep the one recorded first."""
        at = activity.item, activity.completed_on
        known = self.activities.get(at)
        if known is None or activity.order < known.order:
            self.activities[at] = activity

    def join(self, day: date) -> None:
        if not self.associated:
            self.stays.append((day, None))

    def leave(self, day: date) -> None:
        self.stays = [(first, day if last is None else last) for first, last in self.stays]

    def absorb(self, other: "Individual", name: str) -> None:
        """Take over what is known of another id of the same person (one-person)."""
        self.stays += other.stays
        for activity in other.activities.values():
            self.add(replace(activity, individual=name))
        for exam, days in other.passed.items():
            self.passed[exam] = self.passed.get(exam, frozenset()) | days
        for mine, theirs in ((self.badges, other.badges), (self.certifications, other.certifications)):
            for held, expires_on in theirs.items():
                mine[held] = max(expires_on, mine.get(held, expires_on))


@dataclass(frozen=True, slots=True)
class Year:
    """A specialization that is or was held, in the year that is to be renewed next.

    Its window holds the dates after `start` and through `end`, the anniversary; for a designation neither matters.
    used: activities that the year before counted in its grace days; served: the first takings of mandatory items
    that were missing then (grace); lost_on: the first day on which it is lost.
    """

    approved_on: date
    number: int = 0
    renewed: bool = False
    lost_on: date | None = None
    used: frozenset[Key] = frozenset()
    served: frozenset[Key] = frozenset()

    @property
    def start(self) -> date:
        return add_years(self.approved_on, self.number)

    @property
    def end(self) -> date:
        """The anniversary, computed from the approval each time (B2)."""
        return add_years(self.approved_on, self.number + 1)

    def next(self, used: frozenset[Key] = frozenset(), served: frozenset[Key] = frozenset()) -> "Year":
        return Year(self.approved_on, self.number + 1, used=used, served=served)

"""Taking courses: which of them, by which day, so that they count."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from policy.catalog import Course
from policy.dates import ONE_DAY
from policy.offers import Catalog, longest
from policy.outlook import Stretch
from policy.sums import Values

# As many courses of a value as are listed.
LISTED_MAX = 10


class Taken(NamedTuple):
    """A course as one that is chosen, completed as late as may be."""

    credits: int
    course: Course
    completed_on: date


class Offers:
    """What a catalog offers on the days of a stretch, the last of these."""

    def __init__(self, catalog: Catalog, stretches: Sequence[Stretch]) -> None:
        self.stretch = stretch = stretches[-1]
        self._stretches = stretches
        self._by_value = dict(catalog.by_value)
        own = [
            of_value
            for course, spans in catalog.own
            if course.course not in stretch.counted
            for of_value in catalog.offers(course.course, spans, [course], len(stretches))
        ]
        for value, offer in own:
            self._by_value[value] = sorted([*self._by_value.get(value, ()), offer], key=longest)
        counts = {value: catalog.count(value, stretch.last) for value in catalog.by_value}
        for value, offer in own:
            counts[value] = counts.get(value, 0) + (offer.first <= stretch.last)
        self.counts = {value: number for value, number in counts.items() if number}
        self.mixed = catalog.mixed & self.counts.keys()

    def possible(self, values: Values) -> bool:
        """Whether so many courses of these values could be taken, each on some day of the stretch."""
        return _distinct(values, lambda value: self._courses(value, None, len(values))) is not None

    def first_day(self, values: Values) -> date | None:
        """The first day of the stretch on which courses of these values count, and none before recertified anything."""
        nth_firsts = (self._nth_first(value, number) for value, number in Counter(values).items())
        earliest = max([self.stretch.first, *nth_firsts])
        later = (o.first for value in set(values) for o in self._by_value.get(value, ()) if o.first > earliest)
        days = chain([earliest], _sorted(later))
        return next((day for day in days if day <= self.stretch.last and self.taken(values, day) is not None), None)

    def last_day(self, values: Values, *, free: bool) -> date | None:
        """The last day of the stretch on which courses of these values count.

        free: an exam or a fee may be left to that day; otherwise one of the courses is completed on it.
        """
        offers = (offer for value in set(values) for offer in self._by_value.get(value, ()))
        first, last = self.stretch.first, self.stretch.last
        ends = (day for offer in offers for day in (offer.last, *(until for _, _, until in offer.spans)))
        for day in chain([last], _sorted((day for day in ends if first < day < last), last_first=True), [first]):
            taken = self.taken(values, day)
            if taken is not None and (free or day == first or any(one.completed_on == day for one in taken)):
                return day
        return None

    def taken(self, values: Values, day: date) -> list[Taken] | None:
        """Distinct courses of these values, each completed by a day as late as may be; None where that cannot be.

        Nor can it where those completed before that day would have recertified something by themselves.
        """
        taken = _distinct(values, lambda value: self._courses(value, day, len(values)))
        return None if taken is None or self._too_soon(taken, day) else taken

    def offered(self, value: int, day: date) -> tuple[int, list[Taken]]:
        """How many courses of a value count on a day, and the first of them, those available longest first."""
        number = sum(len(o.courses) for o in self._by_value[value] if o.first <= day <= o.last)
        return number, self._courses(value, day, LISTED_MAX)

    def _too_soon(self, taken: Sequence[Taken], day: date) -> bool:
        early = [one for one in taken if one.completed_on < day]
        return any(
            stretch.enough is not None
            and stretch.first < day
            and sum(one.credits for one in early if one.completed_on <= stretch.last) >= stretch.enough
            for stretch in (self._stretches if early else ())
        )

    def _nth_first(self, value: int, number: int) -> date:
        """A day before which there are not so many courses of a value; past the stretch if there never are."""
        if len(self._courses(value, self.stretch.first, number)) == number:
            return self.stretch.first
        for day, courses in sorted((o.first, len(o.courses)) for o in self._by_value.get(value, ())):
            number -= courses
            if number <= 0:
                return day
        return self.stretch.last + ONE_DAY

    def _courses(self, value: int, day: date | None, number: int) -> list[Taken]:
        """So many courses of a value that count on a day, or on some day of the stretch."""
        first, last = (day, day) if day else (self.stretch.last, self.stretch.first)
        found: list[Taken] = []
        for offer in self._by_value.get(value, ()):
            if offer.first <= first and offer.last >= last:
                completed_on = offer.completed_on(first)
                found += [Taken(value, course, completed_on) for course in offer.courses[: number - len(found)]]
                if len(found) == number:
                    break
        return found


def _sorted(days: Iterable[date], *, last_first: bool = False) -> Iterator[date]:
    # Only once the first is asked for, which is seldom.
    yield from sorted(set(days), reverse=last_first)


def _distinct(values: Values, courses: Callable[[int], list[Taken]]) -> list[Taken] | None:
    """A course of its own for each value, the first of its courses where possible; None if they do not go round.

    A value's place goes to the first course that is free, or can be freed by giving its place another.
    """
    offered = {value: courses(value) for value in set(values)}
    placed: dict[str, tuple[int, Taken]] = {}

    def place(i: int, tried: set[str]) -> bool:
        for one in offered[values[i]]:
            course = one.course.course
            if course not in tried:
                tried.add(course)
                if course not in placed or place(placed[course][0], tried):
                    placed[course] = i, one
                    return True
        return False

    return [one for _, one in placed.values()] if all(place(i, set()) for i in range(len(values))) else None

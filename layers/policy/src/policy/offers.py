"""Which courses of the catalog can still be completed, claimed and counted by a day."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policy.catalog import Course
from policy.dates import ONE_DAY, add_years
from policy.outlook import Stretch
from policy.sums import Values

# As many courses of a value as are listed.
LISTED_MAX = 10
# Credits of a version, and the first and last day of those planned for on which it can be completed.
Span = tuple[int, date, date]


@dataclass(frozen=True, slots=True)
class Taken:
    """A course as one that is chosen, completed as late as may be."""

    credits: int
    course: Course
    completed_on: date


@dataclass(frozen=True, slots=True)
class _Offer:
    """Courses alike: worth so much on days from `first` through `last`."""

    spans: tuple[Span, ...]
    courses: Sequence[Course]
    first: date
    last: date

    def completed_on(self, day: date) -> date:
        return max(min(day, until) for _, start, until in self.spans if start <= day)


class Catalog:
    """Courses as far as they can be completed in a time, those alike together."""

    def __init__(self, courses: Iterable[Course], claimed: Iterable[str], first: date, last: date) -> None:
        """claimed: courses for which the holder has a claim of whatever status, each looked at by itself."""
        own = frozenset(claimed)
        self.kinds: dict[tuple[str, tuple[Span, ...]], list[Course]] = {}
        for course in courses:
            spans = _spans(course, first, last)
            if spans and any(course.item_types.values()):
                key = course.course if course.course in own else "", spans
                self.kinds.setdefault(key, []).append(course)


def _spans(course: Course, first: date, last: date) -> tuple[Span, ...]:
    spans = {
        (version.credits, max(first, version.available_from or first), min(last, version.available_until or last))
        for version in course.versions.values()
        if version.credits > 0
    }
    return tuple(sorted(span for span in spans if span[1] <= span[2]))


class Offers:
    """What a catalog offers on the days of a stretch; `stretches` are all up to it."""

    def __init__(self, catalog: Catalog, stretches: Sequence[Stretch], validity_years: int) -> None:
        self.stretch = stretches[-1]
        self._stretches, self._validity_years = stretches, validity_years
        self._by_value: dict[int, list[_Offer]] = {}
        several: set[int] = set()
        submitted: dict[date, date | None] = {}
        for (course, spans), courses in catalog.kinds.items():
            if course in self.stretch.counted:
                continue
            values = {span[0] for span in spans}
            if len(values) > 1:
                several |= values
            for value in values:
                offer = self._offer(course, tuple(span for span in spans if span[0] == value), courses, submitted)
                if offer:
                    self._by_value.setdefault(value, []).append(offer)
        for offers in self._by_value.values():
            # Those available longest first.
            offers.sort(key=lambda offer: (-offer.spans[-1][2].toordinal(), offer.first))
        self.counts = {value: sum(len(o.courses) for o in offers) for value, offers in self._by_value.items()}
        self.mixed = frozenset(several & self.counts.keys())
        self._firsts = {value: sorted(offers, key=lambda o: o.first) for value, offers in self._by_value.items()}

    def _offer(
        self, course: str, spans: tuple[Span, ...], courses: Sequence[Course], submitted: dict[date, date | None]
    ) -> _Offer | None:
        days = []
        for _, start, until in spans:
            if until >= self.stretch.first:
                claimable = self.stretch.claiming and course not in self.stretch.claimed
                first = max(self.stretch.first, start) if claimable else None
            else:
                first = self._submitted(course, until, submitted)
            last = min(self.stretch.last, add_years(until, self._validity_years))
            if first and first <= last:
                days.append((max(first, self.stretch.first), last))
        if not days:
            return None
        return _Offer(spans, courses, min(first for first, _ in days), max(last for _, last in days))

    def _submitted(self, course: str, completed_on: date, known: dict[date, date | None]) -> date | None:
        """The first day on which a course completed before this stretch can be claimed."""
        if not course and completed_on in known:
            return known[completed_on]
        days = (
            s.submitted_by(completed_on) for s in self._stretches if s.last >= completed_on and course not in s.claimed
        )
        day = next((day for day in days if day), None)
        if not course:
            known[completed_on] = day
        return day

    def possible(self, values: Values) -> bool:
        """Whether so many courses of these values could be taken, each on some day of the stretch."""
        return _distinct(values, lambda value: self._courses(value, None, len(values))) is not None

    def first_day(self, values: Values) -> date | None:
        """The first day of the stretch on which courses of these values count, and none before recertified anything."""
        nth_firsts = (self._nth_first(value, number) for value, number in Counter(values).items())
        earliest = max(nth_firsts, default=self.stretch.first)

        def days() -> Iterator[date]:
            yield earliest
            yield from sorted({o.first for v in values for o in self._by_value.get(v, ()) if o.first > earliest})

        return next((day for day in days() if self.taken(values, day) is not None), None)

    def last_day(self, values: Values, *, free: bool) -> date | None:
        """The last day of the stretch on which courses of these values count.

        free: an exam or a fee may be left to that day; otherwise one of the courses is completed on it.
        """

        def days() -> Iterator[date]:
            yield self.stretch.last
            offers = [offer for value in set(values) for offer in self._by_value.get(value, ())]
            ends = {offer.last for offer in offers}.union(until for offer in offers for _, _, until in offer.spans)
            inside = (day for day in ends if self.stretch.first < day < self.stretch.last)
            yield from sorted(inside, reverse=True)
            yield self.stretch.first

        for day in days():
            taken = self.taken(values, day)
            waits = free or day == self.stretch.first
            if taken is not None and (waits or any(one.completed_on == day for one in taken)):
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
            and sum(one.credits for one in early if one.completed_on <= stretch.last) >= stretch.enough
            for stretch in (self._stretches if early else ())
        )

    def _nth_first(self, value: int, number: int) -> date:
        """The first day on which there are so many courses of a value; past the stretch if there never are."""
        for offer in self._firsts.get(value, ()):
            number -= len(offer.courses)
            if number <= 0:
                return offer.first
        return self.stretch.last + ONE_DAY

    def _courses(self, value: int, day: date | None, number: int) -> list[Taken]:
        found: list[Taken] = []
        for offer in self._by_value.get(value, ()):
            if day is None or offer.first <= day <= offer.last:
                completed_on = offer.completed_on(day) if day else offer.first
                found += [Taken(value, course, completed_on) for course in offer.courses[: number - len(found)]]
                if len(found) == number:
                    break
        return found


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

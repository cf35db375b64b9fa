"""What a catalog offers a holder for a time: which courses can be completed, claimed and counted, and when."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from policy.catalog import Course
from policy.dates import NEVER, add_years
from policy.outlook import Stretch


class Span(NamedTuple):
    """Credits of a version, and the first and last of the days planned for on which it can be completed."""

    credits: int
    start: date
    until: date


class Offer(NamedTuple):
    """Courses alike: completed in one of these spans, the last of which ends with `until`, and claimed, they count on
    days from `first` through `last`."""

    spans: tuple[Span, ...]
    courses: Sequence[Course]
    first: date
    until: date
    last: date

    def completed_on(self, day: date) -> date:
        return max(min(day, until) for _, start, until in self.spans if start <= day)


class Catalog:
    """The courses that can be completed on days planned for, by the credits of their versions, those alike together."""

    def __init__(
        self, courses: Iterable[Course], own: frozenset[str], first: date, stretches: Sequence[Stretch], years: int
    ) -> None:
        """own: courses for which the holder has a claim of whatever status: kept apart, since claims may refuse them.

        first: the first day that counts; years: of the validity of credits.
        """
        self.own: list[tuple[Course, tuple[Span, ...]]] = []
        self.by_value: dict[int, list[Offer]] = {}
        self.mixed: set[int] = set()
        self._stretches, self._validity_years = stretches, years
        last = stretches[-1].last
        # Mostly every day is one to claim on, and nothing lapses that soon: thousands of courses need no closer look.
        self._plain = all(s.claiming for s in stretches if s.last >= first) and add_years(first, years) >= last
        alike: dict[tuple[Span, ...], list[Course]] = {}
        for course in courses:
            spans = _spans(course, first, last)
            if not spans or not any(course.item_types.values()):
                continue
            if course.course in own:
                self.own.append((course, spans))
            else:
                alike.setdefault(spans, []).append(course)
        for spans, same in alike.items():
            for value, offer in self.offers("", spans, same, len(stretches)):
                self.by_value.setdefault(value, []).append(offer)
        for offers in self.by_value.values():
            offers.sort(key=longest)
        self._firsts = {value: sorted((o.first, len(o.courses)) for o in of) for value, of in self.by_value.items()}

    def count(self, value: int, day: date) -> int:
        """How many courses of a value can be completed and claimed by a day; some of them may have lapsed since."""
        firsts = self._firsts[value]
        return sum(number for _, number in firsts[: bisect_right(firsts, (day, sys.maxsize))])

    def offers(
        self, course: str, spans: tuple[Span, ...], courses: Sequence[Course], number: int
    ) -> Iterator[tuple[int, Offer]]:
        """What courses of these spans offer in the first stretches, by value; course: one that may be claimed already."""
        if len(spans) == 1 and self._plain and not course:
            value, start, until = spans[0]
            yield value, Offer(spans, courses, start, until, NEVER)
            return
        values = {span.credits for span in spans}
        if len(values) > 1:
            self.mixed |= values
        for value in values:
            worth = spans if len(values) == 1 else tuple(span for span in spans if span.credits == value)
            start, until = min(span.start for span in worth), max(span.until for span in worth)
            if self._plain and not course:
                yield value, Offer(worth, courses, start, until, NEVER)
                continue
            firsts = [day for day in (self._claimed_on(course, span, number) for span in worth) if day]
            if firsts:
                yield value, Offer(worth, courses, min(firsts), until, add_years(until, self._validity_years))

    def _claimed_on(self, course: str, span: Span, number: int) -> date | None:
        """The first day on which a course completed in a span can be claimed."""
        for stretch in self._stretches[:number]:
            day = None if course in stretch.claimed else stretch.claimed_on(span.start, span.until)
            if day:
                return day
        return None


def longest(offer: Offer) -> int:
    """Orders offers by the last day on which they can be completed, the last first."""
    return -offer.until.toordinal()


def _spans(course: Course, first: date, last: date) -> tuple[Span, ...]:
    spans = []
    for version in course.versions.values():
        start, until = version.available_from, version.available_until
        start = first if start is None or start < first else start
        until = last if until is None or until > last else until
        if version.credits > 0 and start <= until:
            spans.append(Span(version.credits, start, until))
    return tuple(spans if len(spans) < 2 else sorted(set(spans)))

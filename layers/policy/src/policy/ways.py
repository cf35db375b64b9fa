"""The search for ways to recertify: every choice of courses, exams and days that leaves nothing out and nothing over."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby, islice

from policy.catalog import Course
from policy.dates import ONE_DAY, add_years
from policy.offers import Catalog
from policy.outlook import Parts, Stretch
from policy.standing import Standing
from policy.state import Certification
from policy.sums import Sums, Values
from policy.taking import Offers, Taken

MEASURE = (
    "Fewest credits to spare first, then fewest courses, then fewest exams, then the order of the program's options; "
    "ways that are equal in all of these have the same rank."
)
WAYS_MAX = 20


@dataclass(frozen=True)
class Listed:
    """A course in the version that is worth the credits asked for."""

    course: str
    title: str
    version: str
    available_until: date | None


@dataclass(frozen=True)
class Choice:
    """So many courses of so many credits each, out of so many (`of`); `courses` are the first, available longest."""

    credits: int
    number: int
    of: int
    courses: tuple[Listed, ...]


@dataclass(frozen=True)
class Way:
    """What to do to recertify: complete courses, pass exams (numbers by part), pay the fee.

    rank: equal for ways that are equally good; option: numbers by part as the edition has them; needs: what is left of
    them; from_day, through: the first and the last day on which the last thing can be done. The term counts from that day:
    recertified_on and expires_on are for the first.
    """

    rank: int
    option: Mapping[str, int]
    needs: Mapping[str, int]
    credits: int
    credits_to_spare: int
    courses: int
    choose: tuple[Choice, ...]
    exams: Mapping[str, int]
    fee: bool
    from_day: date
    through: date
    recertified_on: date
    expires_on: date


@dataclass(frozen=True)
class _Found:
    """A way as it is found: an option's place and parts, what it needs, the values of the courses."""

    place: int
    option: Parts
    needs: Mapping[str, int]
    values: Values
    stretch: int

    @property
    def measure(self) -> tuple[int, int, int, int]:
        exams = sum(number for part, number in self.needs.items() if part not in ("credits", "fee"))
        return sum(self.values) - self.needs.get("credits", 0), len(self.values), exams, self.place


class Search:
    """Ways by their measure, each in the first stretch of days in which it is one."""

    def __init__(
        self, standing: Standing, cert: Certification, courses: Iterable[Course], stretches: Sequence[Stretch]
    ) -> None:
        self._cert, self._stretches = cert, stretches
        first = max(standing.today, cert.cycle_start + ONE_DAY, standing.program.program_start)
        own = frozenset(claim.course for claim in standing.claims.values())
        need_max = max((needs.get("credits", 0) for stretch in stretches for _, _, needs in stretch.left), default=0)
        catalog = Catalog(courses if need_max else (), own, first, stretches, standing.program.validity_years)
        self._offers = [Offers(catalog, stretches[: i + 1]) for i in range(len(stretches))]
        self._sums = [
            Sums(offers.counts, need_max, sum(offers.counts.values()), offers.mixed, offers.possible)
            for offers in self._offers
        ]

    def best(self) -> tuple[tuple[Way, ...], bool]:
        """The best way of each option and the best of all others, as many as are listed; whether there are more."""
        options = dict.fromkeys(option for stretch in self._stretches for _, option, _ in stretch.left)
        each = [self._of(option) for option in options]
        found = [way for ways in each for way in islice(ways, 1)]
        found += islice(merge(*each, key=_measure), max(0, WAYS_MAX + 1 - len(found)))
        listed = sorted(found[:WAYS_MAX], key=lambda item: (_measure(item), item[1]))
        ranked = enumerate(groupby(listed, key=_measure), 1)
        ways = tuple(self._way(rank, *item) for rank, (_, equals) in ranked for item in equals)
        return ways, len(found) > WAYS_MAX

    def _of(self, option: Parts) -> Iterator[tuple[_Found, date]]:
        """The ways of an option by their measure, with the first day of each."""
        in_order = merge(*(self._in(i, option) for i in range(len(self._stretches))), key=lambda found: found.measure)
        for found in in_order:
            first = self._offers[found.stretch].first_day(found.values)
            if first and not any(self._is_way(found, i) for i in range(found.stretch)):
                yield found, first

    def _in(self, i: int, option: Parts) -> Iterator[_Found]:
        """What may be a way in a stretch, by measure."""
        for place, parts, needs in self._stretches[i].left:
            if parts == option:
                need = needs.get("credits", 0)
                choices = self._sums[i].minimal(need, self._enough_for_less(i, needs)) if need else iter([()])
                for values in choices:
                    yield _Found(place, option, needs, values, i)

    def _enough_for_less(self, i: int, needs: Mapping[str, int]) -> int | None:
        """Credits that meet an option with less beside them: with so many, an exam or the fee could be left out."""
        return min(
            (
                other["credits"]
                for _, _, other in self._stretches[i].left
                if other.get("credits", 0) > needs.get("credits", 0)
                and all(number <= needs.get(part, 0) for part, number in other.items() if part != "credits")
            ),
            default=None,
        )

    def _is_way(self, found: _Found, i: int) -> bool:
        """Whether the same is a way in an earlier stretch, with nothing in it that could be left out."""
        needs = self._needs(found, i)
        if needs is None:
            return False
        total = sum(found.values)
        spare, enough = total - needs.get("credits", 0), self._enough_for_less(i, needs)
        minimal = all(value > spare for value in found.values) and (enough is None or total < enough)
        return spare >= 0 and minimal and self._offers[i].first_day(found.values) is not None

    def _needs(self, found: _Found, i: int) -> Mapping[str, int] | None:
        return next((needs for _, option, needs in self._stretches[i].left if option == found.option), None)

    def _way(self, rank: int, found: _Found, first: date) -> Way:
        offers, counts = self._offers[found.stretch], Counter(found.values)
        exams = {part: number for part, number in found.needs.items() if part not in ("credits", "fee")}
        term_years = offers.stretch.edition.term_years[self._cert.level]
        return Way(
            rank=rank,
            option=dict(found.option),
            needs=found.needs,
            credits=sum(found.values),
            credits_to_spare=found.measure[0],
            courses=len(found.values),
            choose=tuple(_choice(offers, value, counts[value], first) for value in sorted(counts, reverse=True)),
            exams=exams,
            fee="fee" in found.needs,
            from_day=first,
            through=self._through(found, free=found.needs.keys() != {"credits"}) or first,
            recertified_on=first,
            expires_on=max(self._cert.expires_on, add_years(first, term_years)),
        )

    def _through(self, found: _Found, *, free: bool) -> date | None:
        """The last day for a way, without a break."""
        last = None
        for i in range(found.stretch, len(self._stretches)):
            needs = self._needs(found, i)
            if needs is None or sum(found.values) < needs.get("credits", 0):
                break
            day = self._offers[i].last_day(found.values, free=free)
            if day is None:
                break
            last = day
        return last


def _choice(offers: Offers, value: int, number: int, day: date) -> Choice:
    of, taken = offers.offered(value, day)
    return Choice(value, number, of, tuple(_listed(one) for one in taken))


def _listed(taken: Taken) -> Listed:
    """The version that is worth the credits on the day of completion, the one available longest."""
    number, version = max(
        (
            (number, version)
            for number, version in taken.course.versions.items()
            if version.credits == taken.credits
            and (version.available_from or date.min) <= taken.completed_on <= (version.available_until or date.max)
        ),
        key=lambda item: (item[1].available_until or date.max, item[0]),
    )
    return Listed(taken.course.course, taken.course.title, number, version.available_until)


def _measure(item: tuple[_Found, date]) -> tuple[int, int, int, int]:
    return item[0].measure

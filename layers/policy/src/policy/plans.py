"""The ways to recertify a certification by a day: which courses of the catalog to complete, which exams to pass."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby, islice

from policy.catalog import Course
from policy.credits import kept_open, pending_claims
from policy.dates import ONE_DAY, add_years
from policy.errors import FormError
from policy.offers import Catalog, Offers, Taken
from policy.outlook import Outlook, Parts, Stretch, last_day, look_ahead
from policy.recertification import counting_claims, emeritus_eligible
from policy.standing import Standing
from policy.state import EARNED, PENDING, Certification
from policy.sums import Sums, Values

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
class Note:
    """What a rule has to do with it."""

    rule: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """The best ways, more of them if `more`; met_on: the day on which time alone recertifies, where nothing is left."""

    by: date
    met_on: date | None
    pending_credits: int
    notes: tuple[Note, ...]
    ways: tuple[Way, ...]
    more: bool


def plan(standing: Standing, track: str, courses: Iterable[Course], by: date | None = None) -> Plan:
    """The ways to recertify a certification from today through a day, at the latest the last of its window.

    Raises KeyError for a track that the holder does not have, FormError for a day that cannot be reached.
    """
    cert = standing.certifications[track]
    last = last_day(standing, cert)
    if last < standing.today:
        return Plan(by or last, None, 0, _closed(standing, cert), (), False)
    if by is not None and not standing.today <= by <= last:
        raise FormError("by", f"must be from {standing.today} through {last}, the last day that counts, not {by}")
    by = by or last
    outlook = look_ahead(standing, track, by)
    pending = _pending_credits(standing, cert)
    notes = _notes(standing, cert, outlook)
    if outlook.moved_on and outlook.expires_on > cert.expires_on:
        return Plan(by, outlook.moved_on, pending, notes, (), False)
    if not outlook.stretches:
        return Plan(by, None, pending, notes, (), False)
    ways, more = _Search(standing, cert, courses, outlook.stretches).best()
    return Plan(by, None, pending, notes, ways, more)


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


class _Search:
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


def _pending_credits(standing: Standing, cert: Certification) -> int:
    """What would count beside what counts today if every pending claim were earned."""
    hoped = standing.copy()
    for claim in hoped.claims.values():
        if claim.status == PENDING:
            claim.decision = EARNED
    edition = standing.program.edition(standing.today)
    return sum(
        sign * claim.credits
        for sign, claims in ((1, hoped.claims), (-1, standing.claims))
        for claim in counting_claims(claims.values(), cert, edition, standing.today)
    )


def _closed(standing: Standing, cert: Certification) -> tuple[Note, ...]:
    """Why nothing recertifies a certification any more."""
    if standing.today >= cert.retired_on:
        return (Note("retired-track", f"The track is retired since {cert.retired_on}; nothing recertifies it."),)
    rule = "status-2017" if cert.window_end > cert.expires_on else "status-2020"
    notes = [Note(rule, f"Its window ended on {cert.window_end}; what is completed now does not count for it.")]
    if kept_open(cert, pending_claims(standing)):
        notes.append(Note("open-for-pending", "A claim that is still pending may recertify it once it is earned."))
    return tuple(notes)


def _notes(standing: Standing, cert: Certification, outlook: Outlook) -> tuple[Note, ...]:
    notes = []
    opens_on = next((stretch.first for stretch in outlook.stretches if stretch.left), None)
    if outlook.moved_on and outlook.expires_on > cert.expires_on:
        notes.append(Note("automatic", f"What counts already renews it on {outlook.moved_on}; nothing is left to do."))
    elif outlook.moved_on:
        detail = (
            f"It is renewed with another on {outlook.moved_on}; what is completed before counts for no cycle after."
        )
        notes.append(Note("same-and-lower", detail))
    elif opens_on is None:
        notes.append(Note("no-gain", f"By that day no new term would end later than {cert.expires_on}."))
    elif opens_on > standing.today:
        notes.append(Note("no-gain", f"Before {opens_on} a new term would not end later than {cert.expires_on}."))
    if standing.terms_accepted_on is None:
        notes.append(Note("terms-required", "Claims are accepted once the program's terms are."))
    if cert.emeritus and not emeritus_eligible(cert, standing.program.edition(standing.today)):
        notes.append(Note("emeritus", "No credits count toward it; only an expert lab recertifies it."))
    return tuple(notes)

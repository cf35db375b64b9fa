"""Plans by another way: every choice of courses tried on every day that matters, and ways played through the engine."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from policy import Refused, Standing, facts, views
from policy.acceptance import check_claim
from policy.catalog import Course, Version
from policy.dates import add_years, gain_day
from policy.recertification import counting_claims, gain_days
from policy.state import EARNED
from policy.ways import Way

ONE_DAY = timedelta(days=1)
ACCOUNT = "ann@example.com"
KINDS = {"professional": "concentration"}
Key = tuple[tuple[tuple[str, int], ...], tuple[int, ...]]
# A course in a version: its credits, and the days on which it is completed and claimed.
Taken = tuple[Course, str, int, date, date]


def key_of(way: Way) -> Key:
    values = [choice.credits for choice in way.choose for _ in range(choice.number)]
    return tuple(way.option.items()), tuple(sorted(values))


def ways(standing: Standing, track: str, courses: Sequence[Course], by: date) -> dict[Key, tuple[Any, date]]:
    """Every way with its measure and first day."""
    found: dict[Key, tuple[Any, date]] = {}
    began = standing.certifications[track].cycle_start
    future = standing.copy()
    for day in _days(standing, courses, by):
        future.advance(day)
        cert = future.certifications[track]
        if cert.cycle_start != began:
            break
        edition = future.program.edition(day)
        if not cert.holds(day) or day < gain_day(cert.expires_on, edition.term_years[cert.level]):
            continue
        order = [dict(option) for option, _ in views.options_left(future, cert)]
        left = views.uncovered(views.options_left(future, cert))
        usable = [[None, *_usable(standing, track, course, day)] for course in courses]
        for chosen in product(*usable):
            taken = [one for one in chosen if one]
            total = sum(credits for _, _, credits, _, _ in taken)
            early = [one for one in taken if one[3] < day]
            if early and _moves(standing, track, early, day):
                continue
            for option, needs in left:
                need = needs.get("credits", 0)
                enough = [
                    other["credits"]
                    for _, other in left
                    if other.get("credits", 0) > need
                    and all(number <= needs.get(part, 0) for part, number in other.items() if part != "credits")
                ]
                if total < need or total >= min(enough, default=10**9):
                    continue
                if all(total - credits < need for _, _, credits, _, _ in taken):
                    exams = sum(number for part, number in needs.items() if part not in ("credits", "fee"))
                    measure = (total - need, len(taken), exams, order.index(option))
                    key = tuple(option.items()), tuple(sorted(one[2] for one in taken))
                    found.setdefault(key, (measure, day))
    return found


def _days(standing: Standing, courses: Sequence[Course], by: date) -> list[date]:
    days = {standing.today, *standing.turns()}
    for cert in standing.certifications.values():
        days |= {cert.cycle_start + ONE_DAY, *gain_days(standing, cert)}
    for course in courses:
        days |= {version.available_from for version in course.versions.values() if version.available_from}
    return sorted(day for day in days if standing.today <= day <= by)


def _usable(standing: Standing, track: str, course: Course, day: date) -> Iterator[Taken]:
    """A course in each version in which it could be completed and claimed by a day, and would count on it."""
    first = max(standing.today, standing.certifications[track].cycle_start + ONE_DAY)
    for number, version in course.versions.items():
        completed = min(day, version.available_until or day)
        if version.credits and max(first, version.available_from or first) <= completed:
            claimed = claim_day(standing, course, number, completed, day)
            if claimed and _counts(standing, track, course, version, completed, day):
                yield course, number, version.credits, completed, claimed


def claim_day(standing: Standing, course: Course, number: str, completed: date, through: date) -> date | None:
    """The first day through another on which the rules accept a claim for a course completed on a day."""
    future = standing.copy()
    for day in sorted({completed, *(day for day in standing.turns() if completed < day <= through)}):
        future.advance(day)
        try:
            check_claim(future, fact(course, number, completed), course)
        except Refused:
            continue
        return day
    return None


def _counts(standing: Standing, track: str, course: Course, version: Version, completed: date, day: date) -> bool:
    """Whether it would count, also if every pending claim were earned on the same day."""
    future = standing.copy()
    future.advance(day)
    cert = future.certifications[track]
    others = [
        replace(c, decision=EARNED) for c in future.claims.values() if c.status in ("pending", "earned") or c.validated
    ]
    lapses = add_years(completed, future.program.validity_years)
    counting = counting_claims(others, cert, future.program.edition(day), day)
    pending = [c.course for c in future.claims.values() if c.status == "pending" and cert.holds(c.completed_on)]
    return day <= lapses and course.course not in [*pending, *(claim.course for claim in counting)]


def fact(course: Course, number: str, completed: date, claim: str = "planned") -> facts.ClaimSubmitted:
    offered = [(item_type, providers) for item_type, providers in course.item_types.items() if providers]
    item_type, providers = next(iter(offered), ("activity", ("acme",)))
    values = (ACCOUNT, course.course, number, item_type, providers[0], completed, completed)
    return facts.ClaimSubmitted(claim, *values, certificate=True)


def take(standing: Standing, taken: Sequence[Taken]) -> None:
    """Claim courses, each earned on the day it is claimed."""
    for i, (course, number, _, completed, claimed) in enumerate(sorted(taken, key=lambda one: one[4])):
        standing.record(fact(course, number, completed, f"planned-{i}"), claimed, course)
        standing.record(facts.ClaimDecided(f"planned-{i}", "earned"), claimed)


def _moves(standing: Standing, track: str, early: Sequence[Taken], day: date) -> bool:
    """Whether courses completed early would move the certification's cycle before a day."""
    played = standing.copy()
    began = played.certifications[track].cycle_start
    take(played, early)
    played.advance(day - ONE_DAY)
    return played.certifications[track].cycle_start not in (began, day)


def play(standing: Standing, way: Way, courses: Sequence[Course]) -> Standing:
    """What comes of doing a way by its first day with the first of the courses that it names."""
    by_id, played, day = {course.course: course for course in courses}, standing.copy(), way.from_day
    taken: list[Taken] = []
    for course, number in next(_distinct([(choice, choice.number) for choice in way.choose], ())):
        version = by_id[course].versions[number]
        completed = min(day, version.available_until or day)
        claimed = claim_day(standing, by_id[course], number, completed, day)
        assert claimed, f"{course} is refused"
        taken.append((by_id[course], number, version.credits, completed, claimed))
    take(played, taken)
    for part, number in way.exams.items():
        for i in range(number):
            played.record(facts.ExamPassed(f"{part}-{i}", KINDS.get(part, part), day), day)
    if way.fee:
        played.record(facts.FeePaid("300.00"), day)
    played.advance(day)
    return played


def _distinct(left: Sequence[Any], chosen: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Courses and versions, none twice, so many of each choice; those named first are preferred."""
    if not left:
        yield chosen
        return
    (choice, number), *rest = left
    for listed in choice.courses:
        if listed.course not in [course for course, _ in chosen]:
            more = [(choice, number - 1), *rest] if number > 1 else rest
            yield from _distinct(more, (*chosen, (listed.course, listed.version)))

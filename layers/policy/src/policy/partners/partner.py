"""A partner's standing in continuous learning: facts go in as they become known, day by day; decisions come out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from policy.dates import ONE_DAY
from policy.errors import Refused
from policy.partners import facts as f
from policy.partners import needs, turns
from policy.partners.acceptance import accepted
from policy.partners.attendance import already_listed
from policy.partners.dated import latest, on
from policy.partners.learning import learn
from policy.partners.offer import Library, Roles
from policy.partners.points import closed
from policy.partners.program import Program
from policy.partners.state import Activity, Individual, Year
from policy.state import Decision


class Partner:
    """One partner. `record` takes a new fact, `apply` one taken before, `advance` lets time pass.

    It is given the facts that name it, those of every individual that it ever knew, from before the joining too, and
    the program's; no other partner matters. `today` is the day it stands at; `decisions` is everything decided of its
    specializations so far; `found`, what counts in a year, as long as nothing more is learnt.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.today = date.min
        self.points_required = dict(program.rules.points_required)
        self.libraries = {name: offered.library for name, offered in program.specializations.items()}
        self.replacements = program.replacements
        self.individuals: dict[str, Individual] = {}
        self.merged: dict[str, str] = {}
        self.roles: dict[tuple[str, str], str] = {}
        self.years: dict[str, Year] = {}
        self.activities = 0
        self.decisions: list[Decision] = []
        self.found: dict[tuple[str, str, Year, int | None], tuple[Activity, ...]] = {}

    def copy(self) -> "Partner":
        """An independent copy, to see what would happen."""
        twin = Partner(self.program)
        twin.today, twin.activities = self.today, self.activities
        twin.points_required, twin.libraries = dict(self.points_required), dict(self.libraries)
        twin.replacements = self.replacements
        twin.individuals = {name: individual.copy() for name, individual in self.individuals.items()}
        twin.merged, twin.roles, twin.years = dict(self.merged), dict(self.roles), dict(self.years)
        twin.decisions = list(self.decisions)
        return twin

    def record(self, fact: f.Fact, day: date) -> f.Fact:
        """Take a fact that becomes known on a day; gives it as it is to be kept.

        Raises Refused where a rule rejects the fact, FormError where it cannot be one; it then leaves no trace.
        """
        self.advance(day)
        fact = accepted(self.program, fact, self.today)
        for refusal in self._refusals(fact):
            raise refusal
        self.apply(fact, day)
        return fact

    def apply(self, fact: f.Fact, day: date) -> None:
        """Take a fact that was accepted before: what `record` does, without its checks."""
        self.advance(day)
        self._take(fact)

    def advance(self, day: date) -> None:
        """Let time pass through a day: years end, grace begins, is used or runs out, and what is to be renewed is told.

        A day already past changes nothing.
        """
        if self.today == date.min:
            self.today = day
        while self.today < day:
            due = {name: turns.next_turn(self, name) for name in self.years}
            turn = min((on for on in due.values() if on and on <= day), default=None)
            if turn is None:
                self.today = day
                return
            names = [name for name, on in due.items() if on == turn]
            self.today = turn - ONE_DAY
            decided = len(self.decisions)
            for name in names:
                turns.end_day(self, name)
            self.decisions[decided:] = sorted(self.decisions[decided:], key=lambda decision: decision.day)
            self.today = turn
            for name in names:
                turns.begin_day(self, name)

    def points_of(self, kind: str, day: date) -> int | None:
        """The points that a type of specialization needs on a day; None where no number is set (points-required)."""
        return latest(self.points_required.get(kind, ()), day)

    def required(self, name: str, day: date | None = None) -> int | None:
        """The points that a specialization needs on a day, by default today."""
        return self.points_of(self.program.specializations[name].type, day or self.today)

    def library(self, name: str, day: date) -> Library:
        """The library of a specialization on a day (points-listed)."""
        return on(self.libraries[name], day)

    def mandatory(self, name: str) -> tuple[str, ...]:
        return self.library(name, self.today).mandatory

    def roles_of(self, name: str) -> Roles:
        """The roles that a specialization asks for today, and what each of them does (roles)."""
        return on(self.program.specializations[name].roles, self.today)

    def person(self, individual: str) -> str:
        """The id under which an individual is known since any merge (one-person)."""
        while individual in self.merged:
            individual = self.merged[individual]
        return individual

    def year(self, name: str) -> Year | None:
        """The year that a specialization shows today.

        On the last day of grace it is already the next, if the program will renew (renewal-at-the-end-of-grace).
        """
        year = self.years.get(name)
        if year and self.in_grace(name, year) and self.today == self.program.rules.renewal_through(year.end):
            return turns.renewed_in_grace(self, name, year) or year
        return year

    def in_grace(self, name: str, year: Year) -> bool:
        """Whether the anniversary has passed and the year is neither renewed nor lost (grace)."""
        return self.program.has_points(name) and not year.lost_on and self.today > year.end

    def _refusals(self, fact: f.Fact) -> Iterator[Refused]:
        match fact:
            case f.ApplicationSubmitted():
                yield from needs.application(self, fact.specialization)
            case f.RenewalSubmitted():
                yield from needs.renewal(self, fact.specialization, self.years.get(fact.specialization))
            case f.ReactivationSubmitted():
                yield from needs.reactivation(self, fact.specialization, self.years.get(fact.specialization))
            case f.ActivityRecorded() if fact.specialization and fact.mode != f.DOWNLOADED:
                yield from self._event_refusals(fact)

    def _event_refusals(self, fact: f.ActivityRecorded) -> Iterator[Refused]:
        if not fact.proof:
            detail = f"{fact.item} counts with proof of attendance only."
            yield Refused("proof-required", detail, item=fact.item, completed_on=fact.completed_on)
        known = self.individuals.get(self.person(fact.individual), Individual())
        if refusal := already_listed(known, fact):
            yield refusal

    def _take(self, fact: f.Fact) -> None:
        self.found.clear()
        match fact:
            case f.ApplicationSubmitted():
                self._approve(fact.specialization, "specialization.approved", "first-approval")
            case f.ReactivationSubmitted():
                self._approve(fact.specialization, "specialization.reactivated", "reactivation")
            case f.RenewalSubmitted():
                name = fact.specialization
                year = self.years[name]
                following = replace(year, renewed=True) if self.today <= year.end else closed(self, name, year)
                turns.renew(self, name, following, "renewal-needs")
            case _:
                learn(self, fact)

    def _approve(self, name: str, kind: str, rule: str) -> None:
        self.years[name] = Year(self.today)
        self.decide(self.today, kind, rule, name, approved_on=self.today)

    def decide(self, day: date, kind: str, rule: str, subject: str, /, *because: str, **facts: object) -> None:
        self.decisions.append(Decision(day, kind, rule, subject, facts, because))

"""What becomes known of individuals and the program, as a partner takes it up; it decides nothing by itself."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from policy.partners import facts as f
from policy.partners.core import badge_expiration, exams_asked
from policy.partners.dated import added
from policy.partners.offer import Library
from policy.partners.state import Activity, Individual

if TYPE_CHECKING:
    from policy.partners.partner import Partner


def learn(partner: "Partner", fact: f.Fact) -> None:
    """Take up a fact about individuals, roles or the program."""
    match fact:
        case f.IndividualAssociated():
            _individual(partner, fact.individual).join(partner.today)
        case f.IndividualLeft():
            _individual(partner, fact.individual).leave(partner.today)
        case f.RoleFilled():
            partner.roles[fact.specialization, fact.role] = fact.individual
        case f.ActivityRecorded() if fact.mode != f.DOWNLOADED:
            _do(partner, fact, fact.item, fact.completed_on, fact.specialization)
        case f.ExamPassed():
            _pass(partner, fact)
        case f.BadgeEarned():
            expires_on = badge_expiration(partner.program.rules, fact)
            _extend(_individual(partner, fact.individual).badges, fact.badge, expires_on)
        case f.CertificationHeld():
            _extend(_individual(partner, fact.individual).certifications, fact.certification, fact.expires_on)
        case f.CertificationEnded():
            _individual(partner, fact.individual).certifications.pop(fact.certification, None)
        case f.IndividualsMerged():
            _merge(partner, partner.person(fact.individual), partner.person(fact.into))
        case f.ExamReplaced():
            partner.replacements = added(partner.replacements, partner.today, fact)
        case f.PointsRequiredSet():
            numbers = partner.points_required.get(fact.type, ())
            partner.points_required[fact.type] = added(numbers, partner.today, fact.points)
        case f.LibraryChanged():
            libraries = partner.libraries[fact.specialization]
            partner.libraries[fact.specialization] = added(libraries, partner.today, _library(fact))


def in_force(partner: "Partner", fact: f.Fact) -> bool:
    """Whether what operators said is so today, whatever came after it by the data."""
    match fact:
        case f.ExamReplaced():
            return fact.exam not in exams_asked(partner)
        case f.PointsRequiredSet():
            return partner.points_of(fact.type, partner.today) == fact.points
        case f.LibraryChanged():
            return partner.library(fact.specialization, partner.today) == _library(fact)
    return True


def _library(fact: f.LibraryChanged) -> Library:
    return Library(frozenset(fact.library), fact.mandatory)


def _individual(partner: "Partner", name: str) -> Individual:
    return partner.individuals.setdefault(partner.person(name), Individual())


def _pass(partner: "Partner", fact: f.ExamPassed) -> None:
    passed = _individual(partner, fact.individual).passed
    passed[fact.exam] = passed.get(fact.exam, frozenset()) | {fact.passed_on}
    if fact.points is not None:
        _do(partner, fact, fact.exam, fact.passed_on)


def _do(
    partner: "Partner",
    fact: f.ActivityRecorded | f.ExamPassed,
    item: str,
    day: date,
    specialization: str | None = None,
) -> None:
    partner.activities += 1
    person, order = partner.person(fact.individual), (fact.recorded_on or partner.today, partner.activities)
    _individual(partner, person).add(Activity(person, item, day, fact.points or 0, specialization, order))


def _merge(partner: "Partner", individual: str, into: str) -> None:
    if individual == into:
        return
    _individual(partner, into).absorb(partner.individuals.pop(individual, Individual()), into)
    partner.merged[individual] = into
    for name, year in partner.years.items():
        used, served = (
            frozenset((partner.person(who), item, day) for who, item, day in keys) for keys in (year.used, year.served)
        )
        partner.years[name] = replace(year, used=used, served=served)


def _extend(held: dict[str, date], name: str, expires_on: date) -> None:
    held[name] = max(expires_on, held.get(name, expires_on))

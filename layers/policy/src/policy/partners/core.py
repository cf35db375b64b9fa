"""Core requirements: who fills the roles, and what qualifies for one (B3)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from policy.dates import add_years
from policy.partners.facts import REPRESENTATIVE, BadgeEarned, ExamReplaced
from policy.partners.program import Role, Rules
from policy.partners.state import Individual

if TYPE_CHECKING:
    from policy.partners.partner import Partner


def open_roles(partner: "Partner", name: str) -> list[str]:
    """The roles that nobody fills today who is associated and qualifies (roles)."""
    asked = partner.roles_of(name)
    return [role for role, asks in asked.items() if not _filled(partner, filler(partner, name, role), asks)]


def filler(partner: "Partner", name: str, role: str) -> str | None:
    """Who was named for a role last, associated or not."""
    individual = partner.roles.get((name, role))
    return None if individual is None else partner.person(individual)


def _filled(partner: "Partner", individual: str | None, asks: Role) -> bool:
    known = partner.individuals.get(individual or "")
    return known is not None and known.associated and qualifies(partner, known, asks)


def lapsed(partner: "Partner", day: date) -> set[str]:
    """Who was named for a role and held the certification that it asks for, but not through a day, as far as is known."""
    found = set()
    for (name, role), named in partner.roles.items():
        asks, individual = partner.roles_of(name).get(role), partner.person(named)
        if asks and asks.certification and individual in partner.individuals:
            expires_on = partner.individuals[individual].certifications.get(asks.certification)
            if expires_on and expires_on < day:
                found.add(individual)
    return found


def candidates(partner: "Partner", asks: Role) -> list[str]:
    """Everyone who could fill a role today."""
    return [name for name in partner.individuals if _filled(partner, name, asks)]


def role(partner: "Partner", name: str, role: str) -> dict[str, Any]:
    """A role: what it asks for, by the exams' present numbers, who was named for it, and who could be."""
    asks, individual = partner.roles_of(name)[role], filler(partner, name, role)
    known = partner.individuals.get(individual or "", Individual())
    return {
        "role": role,
        "asks": {
            "exams": present_numbers(partner, asks),
            "badge": asks.badge,
            "certification": asks.certification,
        },
        "individual": individual,
        "associated": known.associated,
        "qualifies": individual is not None and qualifies(partner, known, asks),
        "candidates": candidates(partner, asks),
    }


def present_numbers(partner: "Partner", asks: Role) -> list[str]:
    """The exams of a role by the numbers that they have today (no-retest)."""
    return [_replacements(partner, exam)[0] for exam in asks.exams]


def exams_asked(partner: "Partner") -> list[str]:
    """Every exam that some role asks for today, by its present number: those that can be replaced."""
    roles = [asks for name in partner.program.specializations for asks in partner.roles_of(name).values()]
    return sorted({exam for asks in roles for exam in present_numbers(partner, asks)})


def replaced(partner: "Partner", exam: str) -> tuple[date, ExamReplaced] | None:
    """By what an exam was replaced last, and from which day on, up to today."""
    of_exam = [said for said in partner.replacements if said[1].exam == exam and said[0] <= partner.today]
    return of_exam[-1] if of_exam else None


def qualifies(partner: "Partner", individual: Individual, asks: Role) -> bool:
    """Whether somebody qualifies for a role today (no-retest, specialist-badge, career-certification)."""
    today = partner.today
    if asks.certification and individual.certifications.get(asks.certification, date.min) < today:
        return False
    if asks.badge and individual.badges.get(asks.badge, date.min) >= today:
        return True
    return passed(partner, individual, asks)


def passed(partner: "Partner", individual: Individual, asks: Role) -> bool:
    """Whether the exams alone are enough; not where a badge is asked for and no exam would do for it."""
    return bool(asks.exams or not asks.badge) and all(_stands(partner, individual, exam) for exam in asks.exams)


def _stands(partner: "Partner", individual: Individual, exam: str) -> bool:
    """Whether a pass stands for an exam of a requirement: of the number that it names now, or of one that it named
    before, dated while it did, if no replacement since asks for a retake (no-retest)."""
    exam, replacements = _replacements(partner, exam)
    if exam in individual.passed:
        return True
    for replaced_on, replaced in reversed(replacements):
        if replaced.retake:
            return False
        if any(day < replaced_on for day in individual.passed.get(replaced.exam, ())):
            return True
    return False


def _replacements(partner: "Partner", exam: str) -> tuple[str, list[tuple[date, ExamReplaced]]]:
    """The present number of an exam of a requirement, and the replacements that led to it up to today."""
    replacements = []
    for replaced_on, replaced in partner.replacements:
        if replaced.exam == exam and replaced_on <= partner.today:
            replacements.append((replaced_on, replaced))
            exam = replaced.by
    return exam, replacements


def badge_expiration(rules: Rules, fact: BadgeEarned) -> date:
    """Through which day a badge is valid (representative-badge).

    A badge that became known only after it had expired was earned before that; it is taken to have been active on the
    day that matters unless it had expired by then.
    """
    active_on, recorded_on = rules.representative_badges_active_on, fact.recorded_on or date.min
    earned = recorded_on <= active_on or fact.expires_on < recorded_on
    if fact.kind == REPRESENTATIVE and earned and active_on <= fact.expires_on:
        return add_years(fact.expires_on, rules.representative_badges_years)
    return fact.expires_on

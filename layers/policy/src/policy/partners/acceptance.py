"""What a fact of the partner program must be to be one, and as what it is kept."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from policy.errors import FormError, Refused
from policy.partners import facts as f
from policy.partners.dated import on
from policy.partners.program import Program


def accepted(program: Program, fact: f.Fact, day: date) -> f.Fact:
    """A fact that becomes known on a day, as it is to be kept, whichever partners it concerns.

    Raises FormError where it cannot be one (it names what is not on offer, or lies in the future), Refused where a rule
    rejects it for every partner.
    """
    for name in ("completed_on", "passed_on"):
        value = getattr(fact, name, None)
        if value and value > day:
            raise FormError(name, f"{value} is after the day on which it is recorded, {day}")
    specialization = getattr(fact, "specialization", None)
    if specialization is not None:
        _check_known("specialization", specialization, program.specializations)
    match fact:
        case f.ActivityRecorded():
            _check_activity(program, fact, day)
            return replace(fact, points=program.worth(fact.item, day), recorded_on=day)
        case f.ExamPassed():
            # An event is attended: passing an exam is no attendance (exam-as-item). What is no item is worth nothing,
            # but may become one that is mandatory, and is taken then (grace).
            points = None if program.is_event(fact.exam, day) else program.worth(fact.exam, day) or 0
            return replace(fact, points=points, recorded_on=day)
        case f.BadgeEarned():
            _check_known("kind", fact.kind, f.BADGE_KINDS)
            return replace(fact, recorded_on=day)
        case f.RoleFilled():
            _check_known("role", fact.role, on(program.specializations[fact.specialization].roles, day))
        case f.LibraryChanged():
            for key, items in (("library", fact.library), ("mandatory", fact.mandatory)):
                for item in items:
                    _check_known(key, item, program.items)
        case f.PointsRequiredSet():
            _check_number(program, fact)
        case f.ExamReplaced() if fact.exam == fact.by:
            raise FormError("by", f"{fact.by} cannot replace itself")
        case f.IndividualsMerged() if fact.individual == fact.into:
            raise FormError("into", f"{fact.into} cannot be merged into itself")
    return fact


def _check_activity(program: Program, fact: f.ActivityRecorded, day: date) -> None:
    _check_known("item", fact.item, program.items)
    _check_known("mode", fact.mode, f.MODES)
    for key, value in (("partner", fact.partner), ("specialization", fact.specialization), ("proof", fact.proof)):
        if not program.is_event(fact.item, day):
            if value:
                raise FormError(key, f"is for events only, and {fact.item} is none")
        elif value is None:
            raise FormError(key, f"missing: {fact.item} is an event, which counts where its partner chooses")


def _check_number(program: Program, fact: f.PointsRequiredSet) -> None:
    _check_known("type", fact.type, (*program.rules.types, *program.rules.designations))
    if fact.points < 0:
        raise FormError("points", f"must be a whole number from 0, not {fact.points}")
    if fact.type in program.rules.designations:
        detail = f"{fact.type} is held without points: there is no number to set."
        raise Refused("no-points-for-atp", detail, type=fact.type)


def _check_known(key: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise FormError(key, f"{value!r} is none of {', '.join(sorted(known))}")

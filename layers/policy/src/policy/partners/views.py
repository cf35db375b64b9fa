"""What a partner's specializations show on the day it stands at: status, points, what is open, who earned what (B4)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from policy.errors import Refused
from policy.partners import core, needs, turns
from policy.partners.points import counting, library, mandatory_open, total
from policy.partners.state import Individual, Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner

APPROVED, GRACE, LOST = "approved", "grace", "lost"
INACTIVE, ON_TARGET, BEHIND = "inactive", "on-target", "behind"
CURRENT, PREVIOUS = "current", "previous"


def specialization(partner: "Partner", name: str) -> dict[str, Any]:
    """A specialization or designation as the partner's administrators see it, held or not."""
    year = partner.year(name)
    return {
        "status": status(partner, name, year),
        "anniversary": _anniversary(partner, name, year),
        "points": total(partner, name, year) if year else 0,
        "required": partner.required(name),
        "indicator": indicator(partner, name, year) if year else None,
        "renewed": bool(year and year.renewed),
        "lost_on": year.lost_on if year else None,
        "mandatory_open": mandatory_open(partner, name, year) if year else [],
        "blocked_by": [refusal.rule for refusal in _blocks(partner, name, year)],
    }


def detail(partner: "Partner", name: str) -> dict[str, Any]:
    """The same with its window, when it can be renewed, its roles and its library, and the rules that speak of it.

    points_missing: None where there is nothing to reach; application: every check that an application would fail today.
    """
    year, line = partner.year(name), specialization(partner, name)
    return line | {
        "type": partner.program.specializations[name].type,
        "window": window(partner, name),
        "renewal": _renewal(partner, year) if year and line["anniversary"] else None,
        "points_missing": max(0, line["required"] - line["points"]) if year and line["required"] is not None else None,
        "roles": [core.role(partner, name, role) for role in partner.roles_of(name)],
        "blocks": _in_words(_blocks(partner, name, year)),
        "application": _in_words(needs.application(partner, name)),
        "library": library(partner, name, year),
        "because": _because(partner, name, year),
    }


def window(partner: "Partner", name: str) -> dict[str, date | None] | None:
    """The present window: the dates after its start and through its end, which it has not when lost (B2)."""
    year = partner.year(name)
    if year is None or not partner.program.has_points(name):
        return None
    return {"start": year.start, "end": _anniversary(partner, name, year)}


def _renewal(partner: "Partner", year: Year) -> dict[str, date]:
    """From when and through when the next renewal may be submitted (renewal-window)."""
    rules, anniversary = partner.program.rules, year.next().end if year.renewed else year.end
    return {"from": rules.renewal_from(anniversary), "through": rules.renewal_through(anniversary)}


def _because(partner: "Partner", name: str, year: Year | None) -> list[str]:
    """The rules that speak of what is shown."""
    if year is None:
        return ["first-approval"]
    if year.lost_on:
        barred = partner.today <= partner.program.rules.barred_through(year.lost_on)
        return ["lost", "reactivation", *(["eighteen-months"] if barred else [])]
    if not partner.program.has_points(name):
        rules = ["no-points-for-atp"]
    elif year.renewed:
        rules = ["anniversary-fixed", "no-rollover"]
    elif partner.required(name) is None:
        rules = ["points-required"]
    else:
        rules = ["grace", "renewal-at-the-end-of-grace"] if partner.in_grace(name, year) else ["renewal-window"]
    if indicator(partner, name, year):
        rules.append("indicator")
    return [*rules, "core-kept"] if core.open_roles(partner, name) else rules


def status(partner: "Partner", name: str, year: Year | None) -> str | None:
    """approved, grace or lost; None where it was never approved (grace, lost)."""
    if year is None:
        return None
    if year.lost_on:
        return LOST
    return GRACE if partner.in_grace(name, year) else APPROVED


def _anniversary(partner: "Partner", name: str, year: Year | None) -> date | None:
    if year is None or year.lost_on or not partner.program.has_points(name):
        return None
    return year.end


def indicator(partner: "Partner", name: str, year: Year) -> str | None:
    """inactive, on-target or behind; None when lost, without a number, or without points (indicator)."""
    required = partner.required(name)
    if required is None or year.lost_on:
        return None
    if partner.today <= partner.program.rules.inactive_through(year.start):
        return INACTIVE
    days = (year.end - year.start).days
    # In grace the year is judged whole.
    elapsed = min((partner.today - year.start).days, days)
    return ON_TARGET if total(partner, name, year) * days >= required * elapsed else BEHIND


def _blocks(partner: "Partner", name: str, year: Year | None) -> list[Refused]:
    """Every check that a renewal, or a reactivation of what is lost, would fail today."""
    check = needs.reactivation if year and year.lost_on else needs.renewal
    return list(check(partner, name, year))


def _in_words(refusals: Iterable[Refused]) -> list[dict[str, Any]]:
    return [{"rule": refusal.rule, "detail": refusal.detail, "facts": refusal.facts} for refusal in refusals]


def report(partner: "Partner", name: str) -> list[dict[str, Any]]:
    """The activities that count in the present window, in order of completion (report)."""
    year = partner.year(name)
    return [
        {
            "individual": activity.individual,
            "item": activity.item,
            "completed_on": activity.completed_on,
            "points": activity.points,
            "employee": _employee(partner.individuals[activity.individual]),
        }
        for activity in (counting(partner, name, year) if year else ())
    ]


def individuals(partner: "Partner") -> list[dict[str, Any]]:
    """Everyone ever associated, with the roles that they fill; whoever left fills none (roles)."""
    filled: dict[str, list[dict[str, str]]] = {}
    for (name, role), individual in partner.roles.items():
        if role in partner.roles_of(name):
            filled.setdefault(partner.person(individual), []).append({"specialization": name, "role": role})
    return [
        {
            "individual": name,
            "employee": _employee(known),
            "stays": [{"first": first, "last": last} for first, last in sorted(known.stays, key=lambda stay: stay[0])],
            "roles": filled.get(name, []) if known.associated else [],
        }
        for name, known in partner.individuals.items()
        if known.stays
    ]


def _employee(individual: Individual) -> str:
    return CURRENT if individual.associated else PREVIOUS


def due(partner: "Partner") -> dict[str, date]:
    """For each specialization the next day on which time alone decides something, where there is one."""
    days = {name: turns.next_turn(partner, name) for name in partner.years}
    return {name: day for name, day in days.items() if day}

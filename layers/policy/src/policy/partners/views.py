"""What a partner's specializations show on the day it stands at: status, points, what is open, who earned what (B4)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from policy.dates import add_months
from policy.partners import needs, turns
from policy.partners.points import counting, mandatory_open, total
from policy.partners.state import Year

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
        "blocked_by": blocked_by(partner, name, year),
    }


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
    if partner.today <= add_months(year.start, partner.program.rules.inactive_months):
        return INACTIVE
    days = (year.end - year.start).days
    # In grace the year is judged whole.
    elapsed = min((partner.today - year.start).days, days)
    return ON_TARGET if total(partner, name, year) * days >= required * elapsed else BEHIND


def blocked_by(partner: "Partner", name: str, year: Year | None) -> list[str]:
    """Every check that a renewal, or a reactivation of what is lost, would fail today."""
    check = needs.reactivation if year and year.lost_on else needs.renewal
    return [refusal.rule for refusal in check(partner, name, year)]


def report(partner: "Partner", name: str) -> list[dict[str, Any]]:
    """The activities that count in the present window, in order of completion (report)."""
    year = partner.year(name)
    return [
        {
            "individual": activity.individual,
            "item": activity.item,
            "completed_on": activity.completed_on,
            "points": activity.points,
            "employee": CURRENT if partner.individuals[activity.individual].associated else PREVIOUS,
        }
        for activity in (counting(partner, name, year) if year else ())
    ]


def due(partner: "Partner") -> dict[str, date]:
    """For each specialization the next day on which time alone decides something, where there is one."""
    days = {name: turns.next_turn(partner, name) for name in partner.years}
    return {name: day for name, day in days.items() if day}

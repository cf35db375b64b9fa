"""What puts the next renewal at risk: the pace of points, roles that hang on one person, what lapses behind them."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from policy.partners import core
from policy.partners.points import total
from policy.partners.state import Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner

ANNIVERSARY, GRACE = "anniversary", "grace"
# The span of days for which the points needed are told.
SPAN_DAYS = 30


def risk(partner: "Partner", name: str) -> dict[str, Any]:
    """Whether at the present pace the requirement will be met, and what may be missing of the core by then.

    Nothing where the specialization was never approved; no pace where it is lost or has no number of points.
    """
    year = partner.year(name)
    if year is None:
        return {"pace": None, "hangs_on_one": [], "lapsing": [], "rules": []}
    pace, filled = _pace(partner, name, year), dict(_filled(partner, name))
    hanging = [
        {"role": role, "individual": individual}
        for role, individual in filled.items()
        if core.candidates(partner, partner.roles_of(name)[role]) == [individual]
    ]
    lapsing = [line for role, individual in filled.items() for line in _lapsing(partner, name, year, role, individual)]
    kinds = {line["kind"] for line in lapsing}
    rules = {
        "points-required": pace is not None and not year.renewed,
        "indicator": pace is not None and not year.renewed,
        "roles": bool(hanging),
        "career-certification": "certification" in kinds,
        "specialist-badge": "badge" in kinds,
    }
    return {"pace": pace, "hangs_on_one": hanging, "lapsing": lapsing, "rules": [rule for rule in rules if rules[rule]]}


def _pace(partner: "Partner", name: str, year: Year) -> dict[str, Any] | None:
    """The points by the anniversary, in grace by its last day, if they go on coming as they have since the year began."""
    last_day = _last_day(partner, name, year)
    # By the number of the day of judging (points-required).
    required = partner.required(name, last_day)
    if required is None or last_day is None:
        return None
    points, days_left = total(partner, name, year), (last_day - partner.today).days
    elapsed = (partner.today - year.start).days
    projected = points + (points * days_left // elapsed if elapsed else 0)
    missing = 0 if year.renewed else max(0, required - points)
    return {
        "points": points,
        "projected": projected,
        "required": required,
        "meets": year.renewed or projected >= required,
        "days_left": days_left,
        # Rounded up; on the last day all is needed within that day.
        "points_per_30_days_needed": -(-missing * SPAN_DAYS // max(1, days_left)),
    }


def _last_day(partner: "Partner", name: str, year: Year) -> date | None:
    """The day by which the needs are to be met; None where no such day comes."""
    if year.lost_on or not partner.program.has_points(name):
        return None
    return partner.program.rules.renewal_through(year.end) if partner.in_grace(name, year) else year.end


def _filled(partner: "Partner", name: str) -> Iterator[tuple[str, str]]:
    """The roles that somebody fills today, who is associated and qualifies, with that individual."""
    missing = core.open_roles(partner, name)
    for role in partner.roles_of(name):
        individual = core.filler(partner, name, role)
        if individual is not None and role not in missing:
            yield role, individual


def _lapsing(partner: "Partner", name: str, year: Year, role: str, individual: str) -> Iterator[dict[str, Any]]:
    """What lets an individual qualify for a role today, and will no more on the day by which the next renewal needs it."""
    # Once renewed, the core is judged for the next year alone (anniversary-fixed).
    last_day = year.next().end if year.renewed else _last_day(partner, name, year)
    if last_day is None:
        return
    asks, known = partner.roles_of(name)[role], partner.individuals[individual]
    line = {"role": role, "individual": individual}
    before = GRACE if partner.in_grace(name, year) else ANNIVERSARY
    if asks.certification and (expires_on := known.certifications[asks.certification]) < last_day:
        certification = {"kind": "certification", "name": asks.certification, "expires_on": expires_on}
        yield line | certification | {"before": before}
    if asks.badge and not core.passed(partner, known, asks):
        expires_on = known.badges[asks.badge]
        if expires_on < last_day:
            yield line | {"kind": "badge", "name": asks.badge, "expires_on": expires_on, "before": before}

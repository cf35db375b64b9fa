"""What applications, renewals and reactivations need, and what is said when it is not there (B2)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy.errors import Refused
from policy.partners.core import open_roles
from policy.partners.points import mandatory_open, total
from policy.partners.state import Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner


def needs(partner: "Partner", name: str, year: Year) -> Iterator[Refused]:
    """Every need of a renewal or reactivation that is not met today, in the order of the rulebook (renewal-needs)."""
    required = partner.required(name)
    if required is None:
        kind = partner.program.specializations[name].type
        yield Refused("points-required", f"No number of points is set for {kind} yet.", type=kind)
    elif (points := total(partner, name, year)) < required:
        detail = f"{points} of {required} points are reached; {required - points} more are needed."
        yield Refused("points-short", detail, points=points, required=required)
    yield from core(partner, name)
    if items := mandatory_open(partner, name, year):
        detail = f"Somebody has yet to take what is mandatory: {', '.join(items)}."
        yield Refused("mandatory-item-missing", detail, items=items)


def core(partner: "Partner", name: str) -> Iterator[Refused]:
    """The core requirements, if they are not met today (core-not-met)."""
    if roles := open_roles(partner, name):
        detail = f"Each of these roles needs an associated individual who qualifies: {', '.join(roles)}."
        yield Refused("core-not-met", detail, roles=roles)


def application(partner: "Partner", name: str) -> Iterator[Refused]:
    """What stands in the way of an application as a new partner today (first-approval, eighteen-months)."""
    year = partner.years.get(name)
    if year is not None:
        if year.lost_on is None:
            yield Refused("already-held", f"{name} is held since {year.approved_on}.", approved_on=year.approved_on)
        elif partner.today <= (last_day := partner.program.rules.barred_through(year.lost_on)):
            detail = f"{name} was lost on {year.lost_on}. Until {last_day} it can be reactivated only."
            yield Refused("eighteen-months", detail, lost_on=year.lost_on, last_day=last_day)
    yield from core(partner, name)


def renewal(partner: "Partner", name: str, year: Year | None) -> Iterator[Refused]:
    """What stands in the way of a renewal today (renewal-window, renewal-needs)."""
    if year is None or year.lost_on:
        yield Refused("not-held", f"{name} is not held.")
        return
    if not partner.program.has_points(name):
        yield Refused("no-points-for-atp", f"{name} is held without points and needs no renewal.")
        return
    first_day = partner.program.rules.renewal_from(year.end)
    if year.renewed:
        detail = f"The year that ends on {year.end} is renewed."
        yield Refused("renewal-too-early", detail, anniversary=year.end)
    elif partner.today < first_day:
        detail = f"The anniversary is on {year.end}: a renewal may be submitted from {first_day} on."
        yield Refused("renewal-too-early", detail, anniversary=year.end, first_day=first_day)
    yield from needs(partner, name, year)


def reactivation(partner: "Partner", name: str, year: Year | None) -> Iterator[Refused]:
    """What stands in the way of a reactivation today (reactivation)."""
    if year is None or not year.lost_on:
        yield Refused("not-lost", f"{name} is not lost.")
        return
    yield from needs(partner, name, year)

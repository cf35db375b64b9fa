"""Which activities count for a specialization in the year to be renewed, and which mandatory items are open (B1, B2)."""

from collections.abc import Callable
from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from policy.partners.state import Activity, Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner


_Found = tuple[Activity, ...]


def _kept(find: Callable[["Partner", str, Year], _Found]) -> Callable[["Partner", str, Year], _Found]:
    """Found once for as long as the partner learns nothing: every view and check asks for it again.

    Of what the days bring, only the number of points matters.
    """

    @wraps(find)
    def known(partner: "Partner", name: str, year: Year) -> _Found:
        at = find.__name__, name, year, partner.required(name)
        if at not in partner.found:
            partner.found[at] = find(partner, name, year)
        return partner.found[at]

    return known


@_kept
def done(partner: "Partner", name: str, year: Year) -> _Found:
    """What individuals did for a specialization since the year began, listed or not, in order of completion."""
    found = []
    start = year.start
    for individual in partner.individuals.values():
        through = individual.brings_through
        for activity in individual.activities.values():
            day = activity.completed_on
            if day <= start:
                continue
            if activity.specialization is None:
                mine = day <= through
            else:
                mine = activity.specialization == name and individual.associated_on(day)
            if mine:
                found.append(activity)
    return tuple(sorted(found, key=attrgetter("completed_on", "order")))


@_kept
def counting(partner: "Partner", name: str, year: Year) -> _Found:
    """The activities that count in the year, each item once per individual, in order of completion.

    Those of the days of grace count until the required points are reached, and no longer; once the specialization is
    lost, all do (points-once, points-listed, grace, reactivation).
    """
    if not partner.program.has_points(name):
        return ()
    required = partner.required(name)
    counted: dict[tuple[str, str], Activity] = {}
    points, end = 0, year.end
    for activity in done(partner, name, year):
        in_grace = activity.completed_on > end and year.lost_on is None
        if in_grace and required is not None and points >= required:
            break
        once = activity.individual, activity.item
        if once in counted or activity.key in year.used:
            continue
        if activity.specialization or activity.item in partner.library(name, activity.completed_on).items:
            counted[once] = activity
            points += activity.points
    return tuple(counted.values())


def total(partner: "Partner", name: str, year: Year) -> int:
    return sum(activity.points for activity in counting(partner, name, year))


def mandatory_open(partner: "Partner", name: str, year: Year) -> list[str]:
    """The mandatory items, as they are today, that nobody has taken in the year or its days of grace."""
    if not partner.program.has_points(name):
        return []
    items = _taken(partner, name, year)
    return [item for item in partner.mandatory(name) if item not in items]


def _taken(partner: "Partner", name: str, year: Year) -> set[str]:
    return {activity.item for activity in _takings(partner, name, year)}


def library(partner: "Partner", name: str, year: Year | None) -> list[dict[str, Any]]:
    """The items listed today; taken: by anybody in the present window or its days of grace."""
    today, program = partner.today, partner.program
    listed, mandatory = partner.library(name, today)
    done = _taken(partner, name, year) if year else ()
    return [
        {
            "item": item,
            "points": program.worth(item, today),
            "mandatory": item in mandatory,
            "taken": item in done,
            "event": program.is_event(item, today),
        }
        for item in sorted(listed.union(mandatory))
    ]


def closed(partner: "Partner", name: str, year: Year) -> Year:
    """The year that follows one which is renewed in grace today.

    What grace gave to the old year is settled here: neither later facts nor a later number change it (grace).
    """
    used = {activity.key for activity in counting(partner, name, year) if activity.completed_on > year.end}
    first: dict[str, Activity] = {}
    for activity in _takings(partner, name, year):
        first.setdefault(activity.item, activity)
    served = {
        first[item].key for item in partner.mandatory(name) if item in first and first[item].completed_on > year.end
    }
    return year.next(frozenset(used), frozenset(served))


@_kept
def _takings(partner: "Partner", name: str, year: Year) -> _Found:
    return tuple(activity for activity in done(partner, name, year) if activity.key not in year.served)

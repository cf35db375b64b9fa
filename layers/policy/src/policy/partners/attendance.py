"""What keeps an event that was attended from counting for the specialization that its partner chose."""

from typing import TYPE_CHECKING

from policy.errors import Refused
from policy.partners import facts as f
from policy.partners.points import counting
from policy.partners.state import Activity, Individual, Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner


def kept_out(partner: "Partner", fact: f.ActivityRecorded) -> Refused | None:
    """Why a recorded attendance does not count in the present window of the chosen specialization; None where it does."""
    name = fact.specialization or ""
    year = partner.year(name)
    if fact.mode == f.DOWNLOADED:
        return Refused("points-viewed", f"{fact.item} was only downloaded, which is recorded and worth nothing.")
    if not partner.program.has_points(name):
        return Refused("no-points-for-atp", f"{name} is held without points: nothing counts for it.")
    if year is None:
        return Refused("not-held", f"{name} is not held, so that it has no window in which anything counts.")
    individual = partner.individuals[partner.person(fact.individual)]
    return _of_individual(individual, fact) or _of_window(partner, individual, fact, name, year)


def _of_individual(individual: Individual, fact: f.ActivityRecorded) -> Refused | None:
    if individual.associated_on(fact.completed_on):
        return already_listed(individual, fact)
    detail = f"{fact.individual} was not associated with the partner on {fact.completed_on}."
    return Refused("points-associated", detail, individual=fact.individual, completed_on=fact.completed_on)


def already_listed(individual: Individual, fact: f.ActivityRecorded) -> Refused | None:
    """Whether the same individual, item and day was recorded before otherwise: it is one activity (points-once)."""
    known = individual.activities.get((fact.item, fact.completed_on))
    if known is None or known.specialization == fact.specialization:
        return None
    if known.specialization:
        detail = f"This attendance of {fact.item} counts for {known.specialization} already."
        return Refused("points-listed", detail, item=fact.item, specialization=known.specialization)
    detail = (
        f"{fact.item} on {fact.completed_on} was recorded before {fact.item} was an event: it is one activity, which"
        " counts for the specializations whose library lists it, and for no other."
    )
    return Refused("points-listed", detail, item=fact.item, completed_on=fact.completed_on)


def _of_window(
    partner: "Partner", individual: Individual, fact: f.ActivityRecorded, name: str, year: Year
) -> Refused | None:
    activity = individual.activities[fact.item, fact.completed_on]
    counted = counting(partner, name, year)
    if activity in counted:
        return None
    if activity.completed_on <= year.start:
        detail = f"The present window of {name} holds what is dated after {year.start}."
        return Refused("late-activity", detail, completed_on=activity.completed_on, start=year.start)
    if activity.key in year.used:
        detail = f"It counted in the days of grace after {year.start}, for the window that ended then."
        return Refused("grace", detail, completed_on=activity.completed_on, anniversary=year.start)
    if first := _same_item(counted, activity):
        detail = f"{fact.item} counts once in a window, and that of {first.completed_on} does already."
        return Refused("points-once", detail, item=fact.item, completed_on=first.completed_on)
    detail = f"The points for the window that ended on {year.end} are reached: this counts for the next."
    return Refused("grace", detail, completed_on=activity.completed_on, anniversary=year.end)


def _same_item(counted: tuple[Activity, ...], activity: Activity) -> Activity | None:
    mine = activity.individual, activity.item
    return next((other for other in counted if (other.individual, other.item) == mine), None)

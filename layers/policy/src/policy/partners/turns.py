"""What time alone decides about a specialization: reminders, and what becomes of a year when it or its grace ends (B2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from policy.dates import ONE_DAY
from policy.partners import needs
from policy.partners.points import closed, total
from policy.partners.program import Rules
from policy.partners.state import Year

if TYPE_CHECKING:
    from policy.partners.partner import Partner


def next_turn(partner: "Partner", name: str) -> date | None:
    """The next day on which time alone decides something, if there is one.

    Days of reminders are such days whether or not a number is set: it may be set until then.
    """
    year = partner.years[name]
    if year.lost_on or not partner.program.has_points(name):
        return None
    rules = partner.program.rules
    days = (*reminders(rules, year), year.end + ONE_DAY, rules.renewal_through(year.end) + ONE_DAY)
    return min(day for day in days if day > partner.today)


def reminders(rules: Rules, year: Year) -> Iterator[date]:
    """The days on which a year that is not renewed is told of: the first for a renewal, the anniversary, each of grace."""
    if not year.renewed:
        yield rules.renewal_from(year.end)
        for days in range((rules.renewal_through(year.end) - year.end).days + 1):
            yield year.end + timedelta(days=days)


def begin_day(partner: "Partner", name: str) -> None:
    """Remind of a year that is not renewed, before the facts of the day.

    Not on the last day of grace where the program is about to renew by itself: that day already shows it.
    """
    year, required = partner.years[name], partner.required(name)
    rules = partner.program.rules
    if partner.today not in reminders(rules, year) or required is None or year != partner.year(name):
        return
    partner.decide(
        partner.today,
        "specialization.expiring",
        "renewal-window",
        name,
        *(refusal.rule for refusal in needs.needs(partner, name, year)),
        anniversary=year.end,
        last_day=rules.renewal_through(year.end),
        days_to_anniversary=(year.end - partner.today).days,
        points=total(partner, name, year),
        required=required,
    )


def end_day(partner: "Partner", name: str) -> None:
    """What becomes of a year when its anniversary or its last day of grace ends, after all facts of that day."""
    year = partner.years[name]
    if partner.today == year.end:
        _end_year(partner, name, year)
    elif partner.today == partner.program.rules.renewal_through(year.end):
        if following := renewed_in_grace(partner, name, year):
            renew(partner, name, following, "renewal-at-the-end-of-grace")
        else:
            _lose(partner, name, year)


def _end_year(partner: "Partner", name: str, year: Year) -> None:
    tomorrow, required = partner.today + ONE_DAY, partner.required(name)
    if year.renewed or required is None:
        partner.years[name] = year.next()
        rule = "anniversary-fixed" if year.renewed else "points-required"
        partner.decide(tomorrow, "specialization.year-began", rule, name, anniversary=partner.years[name].end)
    else:
        points, last_day = total(partner, name, year), partner.program.rules.renewal_through(year.end)
        facts = {"anniversary": year.end, "points": points, "required": required, "last_day": last_day}
        partner.decide(tomorrow, "specialization.grace", "grace", name, **facts)


def _lose(partner: "Partner", name: str, year: Year) -> None:
    tomorrow, missing = partner.today + ONE_DAY, [refusal.rule for refusal in needs.needs(partner, name, year)]
    partner.years[name] = replace(year, lost_on=tomorrow)
    partner.decide(tomorrow, "specialization.lost", "lost", name, *missing, anniversary=year.end)


def renewed_in_grace(partner: "Partner", name: str, year: Year) -> Year | None:
    """The year that the program lets follow on the last day of grace (renewal-at-the-end-of-grace)."""
    return None if any(needs.needs(partner, name, year)) else closed(partner, name, year)


def renew(partner: "Partner", name: str, following: Year, rule: str) -> None:
    """Renew the year; following: what it is followed by, or itself as it is once renewed."""
    year = partner.years[name]
    required, points = partner.required(name), total(partner, name, year)
    partner.years[name] = following
    partner.decide(
        partner.today, "specialization.renewed", rule, name, anniversary=year.end, points=points, required=required
    )

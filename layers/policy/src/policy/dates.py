"""Calendar arithmetic of the rulebook (section 0)."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
NEVER = date.max


@lru_cache(maxsize=4096)
def add_years(day: date, years: int) -> date:
    """The same day of the month so many years on, or that month's last day (29 Feb + 3 years = 28 Feb)."""
    return add_months(day, 12 * years)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def gain_day(expires_on: date, years: int) -> date:
    """The first day from which a term of so many years ends later than an expiration date (`no-gain`)."""
    day = add_years(expires_on, -years)
    while add_years(day, years) <= expires_on:
        day += ONE_DAY
    return day

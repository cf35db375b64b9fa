"""Values that hold from a day on, as the program's data and operators give them."""

from bisect import bisect_right
from datetime import date
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T")
# In order of day; of several from one day the last holds.
Values = tuple[tuple[date, T], ...]

_DAY = itemgetter(0)


def always(value: T) -> Values[T]:
    """A value that holds from the first day on."""
    return ((date.min, value),)


def on(values: Values[T], day: date) -> T:
    """The value that holds on a day, of those whose first holds from the first day on."""
    return values[bisect_right(values, day, key=_DAY) - 1][1]


def latest(values: Values[T], day: date) -> T | None:
    """The value that holds on a day; None before the first."""
    return on(values, day) if values and values[0][0] <= day else None


def added(values: Values[T], day: date, value: T) -> Values[T]:
    """With another from a day on: in place of those of that day, and until one that is to come."""
    number = bisect_right(values, day, key=_DAY)
    return (*values[:number], (day, value), *values[number:])
